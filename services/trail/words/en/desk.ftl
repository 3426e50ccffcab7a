# The audit desk: whether this record can be trusted
rail-trail = Trail
trail-title = Audit trail
fee-tab-trail-desk = The whole record
fee-tab-trail-report = Report
fee-tab-trail-lines = Line by line
fee-tab-trail-posts = Several posts
fee-tab-trail-cases = Case by case
fee-tab-trail-export = Export and verify
trail-masked = Read only; names and numbers of residents are not shown
trail-verdict-whole = The record is whole
trail-verdict-tail = The record is whole, its end waits for witnesses
trail-verdict-unwitnessed = Not witnessed
trail-verdict-forked = This is not the book that was signed
trail-verdict-filling = The book is being filled
trail-verdict-behind = Some of it is not in the book yet
trail-recorded = Entries: { $size }.
trail-no-gap = A leaf for each, and none missing.
trail-witnessed-to = Witnessed to { $size }.
trail-tail = Nobody has witnessed the last { $n }; the first of them has waited { $span }.
trail-root = Fingerprint
trail-check-yourself = Verify it yourself
trail-compare = Compare with the sheet on the wall
trail-lanes = How far the firm has written, and how far each witness has seen
trail-lane-writer = Written to
trail-no-witness = There is no witness yet. The book is kept, but only the firm says that nothing in it was changed.
trail-report-so-far = Report for { $period }, until today
trail-report-title = Report for { $period }
trail-report-what = Open a source to see the entries behind a figure
trail-figures = Figures
trail-month = { $month }/{ $year }
trail-quarter = Q{ $quarter } { $year }
trail-recent = The last entries
trail-nothing-yet = Nothing to look at this month
trail-column-figure = Figure
trail-column-source = Source
trail-column-again = Counted again
trail-column-recorded = Recorded
trail-column-happened = Happened
trail-column-what = What
trail-column-case = Which case
trail-column-place = Place
trail-column-proof = Witnessed
trail-column-number = Number
trail-column-unit = Unit
trail-column-entries = Entries
trail-column-first = First
trail-column-last = Last
trail-column-range = From and to
trail-column-kind = Kind
trail-column-as = Acting as
trail-column-said = Says
trail-column-late = Minutes late
trail-column-leaf = Hash of the leaf
trail-source = { $n ->
    [one] { $n } entry “{ $what }”
   *[other] { $n } entries “{ $what }”
}
trail-source-none = None
trail-agrees-same = The same
trail-agrees-waiting = { $n } not in the book yet
trail-agrees-other = { $n } not the same
trail-agrees-none = None
trail-range = Counted from
trail-range-is = leaves { $first } to { $last }
trail-checkpoint = Checkpoint
trail-no-checkpoint = No checkpoint was signed yet; look again in a while
trail-counted-at = Counted at
trail-cut = This period is too long: only its first 100,000 lines are counted
trail-rule-NOTED = Reports noted in this period
trail-rule-COMPLETED = How often work was said to be completed
trail-rule-ON_TIME = Of the orders completed with a promise, those completed in time
trail-rule-ARRIVAL = From the opening of an order to the first arrival: the one in the middle
trail-rule-RATED = What residents gave, five at most, on average
trail-rule-CHARGED = What repairs cost those who were charged
trail-rule-PAID = Payments recorded, less those reversed in this period
trail-rule-PAID_BACK = Money given back in this period
trail-rule-CORRECTED = What was corrected stays, and so does what it was
trail-rule-READ = Who looked at numbers of residents or staff
trail-rule-TAKEN = Who took files out
trail-strokes = A stroke for each case, the higher the closer to its limit; above the line it was late
trail-all-lines = { $n ->
    [one] All of it: { $n } entry
   *[other] All { $n } entries
}
trail-periods = Other periods
trail-period = Period
trail-period-how = A month as 2026-11, a quarter as 2026-Q4
trail-period-before = The one before
trail-period-after = The next one
trail-this-month = This month
trail-this-quarter = This quarter
trail-lines-title = Line by line
trail-lists = Which of them
trail-list-noted = Reports
trail-list-completed = Completed
trail-list-arrived = Arrivals
trail-list-rated = Ratings
trail-list-charged = Repairs charged
trail-list-paid = Payments
trail-list-paid-back = Refunds
trail-list-corrected = Corrections
trail-list-late = Late entries
trail-list-read = Numbers read
trail-list-taken = Files taken
trail-list-accounts = Accounts and posts
trail-list-machine = Machine and erasures
trail-list-empty = None in this period
trail-open-case = See the case
trail-corrects = Corrects “{ $what }” { $at }
trail-late = Entered { $span } later
trail-cases-title = Case by case
trail-find = By its number
trail-find-what = The whole number, or its end
trail-number = Number
trail-number-none = There is no such number; is something missing?
trail-number-several = There are several; write more of it
trail-newest = The newest reports
trail-case-title = History of { $number }
trail-several = Several posts
trail-several-what = With what each wrote in { $period }
trail-several-none = Nobody holds several posts
trail-acts = { $n ->
    [one] { $n } entry
   *[other] { $n } entries
}
trail-side-CORRECTED = What it was stays; the correction stands behind it
trail-side-READ = Each with who it was, and as what
trail-side-TAKEN = Exports and prints
trail-side-several = { $n ->
    [one] Of these { $n } person holds what is to be kept apart
   *[other] Of these { $n } hold what is to be kept apart
}
trail-side-late = Written down afterwards, with how much later
trail-side-open = Line by line
trail-alarm-FORKED = The book is not the one that was signed up to { $n }: somebody altered it, or an old backup was put back
trail-alarm-EVIDENCE = { $n ->
    [one] { $n } time a witness holds something else than the book; the evidence is kept
   *[other] { $n } times a witness holds something else than the book; the evidence is kept
}
trail-alarm-OTHER_LEAF = { $n ->
    [one] { $n } entry is not what its leaf says; look into it now
   *[other] { $n } entries are not what their leaves say; look into it now
}
trail-alarm-GAP = { $n ->
    [one] { $n } entry is missing in the book
   *[other] { $n } entries are missing in the book
}
trail-alarm-NO_POLICY = It is not settled yet who witnesses: nobody witnesses this record
trail-alarm-TAIL = { $n ->
    [one] Nobody has witnessed the end for { $n } minute
   *[other] Nobody has witnessed the end for { $n } minutes
}
trail-alarm-SKIPPED = { $n ->
    [one] { $n } entry is left out and not counted
   *[other] { $n } entries are left out and not counted
}
trail-alarm-RESTORED = { $n ->
    [one] A backup was put back { $n } time this month
   *[other] Backups were put back { $n } times this month
}
trail-said-people = { $n ->
    [one] number of { $n } person
   *[other] numbers of { $n } people
}
trail-said-things = { $what }, { $n }
trail-said-refused = { $n ->
    [one] { $n } time, from { $places }
   *[other] { $n } times, from { $places }
}
trail-said-known = With a browser known here
trail-said-new-browser = With a browser not known here
trail-said-more = and { $n } more
trail-said-skip = { $view } goes past { $at }
trail-said-restore = Of { $at }, up to { $position }
trail-said-score = { $score } points
trail-paper-vouched = Vouched for
trail-paper-source = Each figure names the leaves it was counted from. With the whole trail it can be counted again offline.
trail-export-title = Export and verify
trail-export-whole = Take the whole trail
trail-export-whole-what = The whole book and the report of this period in one file. There is no name, number or dwelling in it, and nothing that anybody wrote.
trail-export-size = Entries: { $size }.
trail-export-vouched = Witnesses have signed it.
trail-export-unvouched = Only the firm has signed it; nobody has witnessed it yet.
trail-export-how = Verify it on your own computer, with the network off:
trail-export-report = Report
trail-export-recorded = Who took what is an entry of the book itself.
trail-format-csv = Figures CSV
trail-format-xlsx = Sheets XLSX
trail-format-json = Data JSON
trail-format-pdf = Print PDF
trail-format-lines-csv = Lines CSV
tick-WITNESSED = Witnessed
tick-SIGNED = Waits
tick-KEPT = In the book
tick-WAITING = Not in yet
tick-WRONG = Not the same
proven-long-WITNESSED = In the book, cosigned by the witnesses, unchanged
proven-long-SIGNED = In the book, signed by the firm, not witnessed yet
proven-long-KEPT = In the book; waits for the next checkpoint
proven-long-WAITING = Not in the book yet; look again in a while
proven-long-WRONG = The book has something else in this place
figurekey-NOTED = Reports
figurekey-COMPLETED = Completed
figurekey-ON_TIME = In time
figurekey-ARRIVAL = Median arrival
figurekey-RATED = Rating
figurekey-CHARGED = Repairs charged
figurekey-PAID = Payments received
figurekey-PAID_BACK = Refunds
figurekey-CORRECTED = Corrections
figurekey-READ = Numbers read
figurekey-TAKEN = Files taken
unit-PIECES = entries
unit-RATE = hundredths of a per cent
unit-MINUTES = minutes
unit-MONEY = fen
unit-POINTS = hundredths of a point
linekind-NOTED = noted
linekind-OPENED = opened
linekind-ARRIVED = arrived
linekind-COMPLETED = completed
linekind-RATED = rated
linekind-CHARGED = charged
linekind-PAID = paid
linekind-PAID_BACK = paid back
linekind-CORRECTED = corrected
linekind-READ = number read
linekind-TAKEN = file taken
linekind-ACCOUNT = account
linekind-POST = post
linekind-MACHINE = machine
linekind-FORGOTTEN = erased
linekind-LATE = told late
apart-CASH_AND_BOOKS = Takes money and keeps the books
apart-WATCHES_ITSELF = Watches itself
apart-COMMITTEE_AND_FIRM = Of the committee, and with a post in the firm
apart-ACCOUNTS_AND_MONEY = Keeps accounts and handles money
apart-WORKS_AND_VERIFIES = Does the work and runs who verifies it
refused-trail_too_many = This period has more than { $most } lines; take a shorter one
refused-trail_no_checkpoint = No checkpoint was signed yet; come again in a while
