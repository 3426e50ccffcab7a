# Statements of banks, WeChat Pay and Alipay: how files are read, what is wrong, whose each line is.
provider-WECHAT = WeChat Pay
provider-ALIPAY = Alipay
provider-CCB = China Construction Bank
provider-ICBC = ICBC
provider-BANK = Bank
linestage-UNKNOWN = Not taken in
linestage-QUEUED = In the queue
linestage-MATCHED = Booked
linestage-SET_ASIDE = Set aside
waiting-NO_TRACE = Nothing says whose it is
waiting-SEVERAL = Fits several dwellings
waiting-OTHER_AMOUNT = Dwelling known, amount does not fit
waiting-AT_DESK = The desk took a payment like this; it may be the same
waiting-EXCESS = More than may be prepaid
waiting-REFUND = Money given back to a resident
waiting-MONEY_OUT = Money paid out
waiting-PERIOD_CLOSED = Its month is closed
waiting-NOT_TAKEN = The account cannot take it
waiting-RETURNED = Put back into the queue
waiting-TWIN = Perhaps the same as an earlier one
waiting-APART = Told apart from an earlier one
waiting-OTHER_ESTATE = Names another estate
waiting-OTHER_HOME = Names another building or home
waiting-OTHER_PERSON = Names somebody else
waiting-REFUNDED_PARTLY = Some of it was given back
waiting-STATE = By its state in the file the money may not have come
waiting-PERSONAL = Came to a person's own account
waiting-REFUND_BACK = Looks like money we sent that came back
setasidereason-NOT_FEES = Not our charges
setasidereason-OTHER_ESTATE = Money of another estate
setasidereason-REFUND_RECORDED = Refund booked elsewhere
setasidereason-RECORDED_BEFORE = Taken at the desk before
setasidereason-SENT_BACK = Sent back to the payer
setasidereason-SAME_LINE = The same as an earlier one
setasidereason-OTHER = Other
refused-line_matched = This line is booked; reverse its payment, and it comes back into the queue
refused-line_money_out = Money that went out cannot be booked as a payment
refused-line_not_queued = This line is not in the queue
refused-line_waits = This line waits in the queue already
refused-line_maybe_twice = It may be the same as an earlier payment; say first whether it is, or is another one
refused-line_not_alike = That line does not fit this one: day and amount must agree
refused-line_never_alike = This line was not told apart from any other
refused-line_same_taken = Another line of this file is that one already; if this money came too, it is another payment
refused-statement_started = This statement is being taken over already, and says otherwise
refused-mapping_column = A chosen column is not in the table
refused-mapping_money = Choose the amount one way: one column with a sign, or money in and money out apart
refused-mapping_twice = One column was chosen twice
refused-statement_amount = The amount in line { $line } cannot be read
refused-statement_archive = No statement was found in the archive; unpack it and send the file with the details
refused-statement_bomb = Unpacked, this file would be too large, so it was not opened; download it month by month
refused-statement_both = Line { $line } has money in and money out, so its side is unclear
refused-statement_column = The column with the amounts is missing; download the whole statement again
refused-statement_count = It does not add up: the file says { $stated } lines, counted are { $counted }; download it again
refused-statement_cut = The file was not downloaded whole, it ends at line { $line }; download it again
refused-statement_date = The date in line { $line } cannot be read
refused-statement_empty = There is no line in this statement
refused-statement_encoding = The text in line { $line } is broken; download the file again and send it unchanged
refused-statement_locked = The archive has a password; unpack it first
refused-statement_not_started = This statement has not been started
refused-statement_row = Line { $line } has another number of columns than the heading
refused-statement_serial = Line { $line } has no serial number
refused-statement_serial_rounded = A spreadsheet spoilt the serial number in line { $line } ({ $said }); download the file again and do not save it with Excel
refused-statement_archive_cut = The archive does not open; most likely it was not downloaded whole. Download it again
refused-statement_serial_twice = Lines { $line } and { $other } have the same serial number but differ
refused-statement_several = There are { $found } statements in the archive; send them one by one
refused-statement_sign = In line { $line } the sign contradicts the kind of transaction
refused-statement_sum = It does not add up: the file says { $stated } yuan, its lines come to { $counted }; download it again
refused-statement_too_large = The file is larger than { $megabytes } MB; send it in parts
refused-statement_too_long = More than { $most } lines; download it month by month
refused-statement_no_file = Choose a statement first
refused-line_payment_stands = This line brought a payment that stands; reverse that, and the line comes back by itself
refused-statement_begun = It has been started and cannot be changed
refused-statement_read = This file has been read; no columns need to be chosen
refused-statement_unread = Its columns are not known yet; choose them first
refused-line_nowhere = Neither a dwelling nor a bill is called so
refused-line_several = Several dwellings fit; write it in full, such as 3-2-501
fee-tab-statements = Statements
statement-title = Statements
statement-choose = Send a statement
statement-choose-what = First see what would happen; nothing is booked before you say so
statement-file = Statement file
statement-file-what = Details from WeChat Pay, Alipay or a bank: CSV, Excel, zip, gz, at most { $megabytes } MB
statement-check = Look at it
statement-lines = Every payment
statement-stages = By state
statement-payment = Payment
statement-refund-of = The payment it gives back
statement-no-remark = No remark
statement-maybe-same = A payment much like it came before; if it is the same, it is not booked again
statement-same-as = It is the same as this one
statement-same = It is this one
statement-same-gone = Another line of this file is that one
statement-apart = It is another payment
statement-doubles = { $n ->
    [one] { $n } line of one statement may be known already
   *[other] { $n } lines of one statement may be known already
}
statement-doubles-file = See the file
statement-doubles-same = { $n ->
    [one] It is known; book nothing
   *[other] All { $n } are known; book nothing
}
statement-doubles-apart = { $n ->
    [one] It is other money
   *[other] All { $n } are other money
}
statement-done-all-same = { $n ->
    [one] { $n } line was known; nothing was booked
   *[other] { $n } lines were known; nothing was booked
}
statement-done-all-apart = { $n ->
    [one] { $n } line is other money and may be matched
   *[other] { $n } lines are other money and may be matched
}
statement-done-all-undo = { $n ->
    [one] { $n } line waits as before
   *[other] { $n } lines wait as before
}
refused-doubles_moved = { $n ->
    [one] { $n } line waits now, not as many as were seen; look again
   *[other] { $n } lines wait now, not as many as were seen; look again
}
statement-in-file = Line { $line } of its file
statement-named = It says “{ $words }”
statement-state = The file calls its state “{ $words }”
statement-refunded = { $came } came, { $back } went back, { $left } are left
statement-desk-took = The payment of the desk, receipt { $no }
statement-refund-back = The refund of { $day } came back
refused-line_other_refund = That refund does not fit: amount and method must agree, and no other line may have brought it back
refused-payment_on_statement = Another line of a statement is matched to that payment of the desk already
refused-line_other_payment = That payment of the desk does not fit: amount and method must agree, and it must stand
statement-lead-OWN_REFERENCE = Our reference
statement-lead-BILL_NUMBER = Bill number
statement-lead-DWELLING_AND_AMOUNT = Dwelling named
statement-lead-PAYER_AND_AMOUNT = Paid for it before
statement-today-instead = That month is closed: it is booked today; the line keeps its day
statement-same-amount = Same amount only
statement-owes = { $amount } open
statement-whose = Whose is it
statement-where-other = For another estate, its name first
statement-where = Dwelling, or bill number
statement-keep-excess = Keep what is over for the resident
statement-match = Book it
statement-aside = Set aside
statement-why = Why
statement-more = More about it
statement-return = Back to the queue
statement-empty = Nothing here
statement-earlier = Earlier statements
statement-count = { $n ->
    [one] { $n } line
   *[other] { $n } lines
}
statement-standing-UNREAD = Columns to choose
statement-standing-CHECKED = Not started
statement-standing-RUNNING = Booking
statement-standing-STOPPED = Stopped half way
statement-standing-DONE = Booked
statement-columns = Which column is what
statement-columns-what = A layout not seen before. Choose once; files with this heading are read by themselves from then on. Choose the amount one way: one column with a sign, or money in and out apart
statement-column-at = Day
statement-column-money_in = Money in
statement-column-money_out = Money out
statement-column-amount = Amount with a sign
statement-column-direction = Debit or credit
statement-column-balance = Balance
statement-column-payer = Payer
statement-column-account = Payer's account
statement-column-remark = Remark
statement-column-serial = Serial number
statement-column-none = None
statement-columns-go = Read it so
statement-discard = Forget this file
statement-foots = Sums agree
statement-in = Money in
statement-out = Money out
statement-fees = Provider's fees (our cost)
statement-will-match = Booked by itself
statement-will-wait = Left to a person
statement-known = Booked before
statement-doubled = Lines twice in the file
statement-void = Lines that move no money
statement-breaks = The balance of some lines does not follow; lines may be missing
statement-break = Line { $line }
statement-break-what = should be { $expected }, says { $found }
statement-confirm = Start booking
statement-shown = What would happen
statement-shown-what = { $n ->
    [one] { $n } line
   *[other] { $n } lines
}, those for a person first
statement-amount = Amount
statement-becomes = Whose
statement-remark = Remark
statement-payer = Payer
statement-day = When
statement-done = { $n ->
    [one] { $n } line is dealt with
   *[other] All { $n } lines are dealt with
}
statement-done-when = { $time }
statement-to-queue = To the queue
statement-progress = { $done } of { $all } lines
statement-done-match = Booked, with its receipt
statement-done-found = Matched; no second payment was made
statement-done-aside = Set aside
statement-done-same = The same payment; nothing was booked again
statement-done-apart = Another payment; it may be matched now
statement-done-doubt = It may be the same one again, and waits
statement-done-return = Back in the queue
statement-rows = First rows of the file
refused-line_elsewhere = Another estate took this line up first and has not set it aside as money of another estate
statement-waits-at = Waits at { $estate }
statement-settled-at = Settled at { $estate }
statement-elsewhere = Another estate shares this account, and some lines wait there. If they are yours, have them set aside there as “Money of another estate”, then upload this file again and they come here
statement-known-or-elsewhere = Booked before, at another estate, or no money moved
statement-personal-WECHAT = This is a person's own WeChat bill and not the firm's; nothing of it is booked by itself. Download the firm's trade bill from the WeChat Pay merchant platform (Trade centre, trade bill); what really came to a person's account is matched line by line
statement-personal-ALIPAY = This is a person's own Alipay bill and not the firm's; nothing of it is booked by itself. Download the firm's business detail from the Alipay merchant platform (Reconciliation, business detail); what really came to a person's account is matched line by line
statement-given-up = Whichever estate it belongs to gets it by uploading the same statement again
refused-statement_sheets = Several sheets of this file say something ({ $names }); save the one with the statement as a file of its own
refused-statement_readings = "{ $said }" in line { $line } may be { $one } or { $other }; write the one that is meant and send it again
refused-mapping_day = Choose the column of days
refused-statement_direction = Line { $line } does not say whether money came or went; choose the column that does
refused-statement_foreign = None of the { $lines } lines is in yuan, so there is nothing to book
refused-statement_differs = Sums that the file states are not those of its lines; look at them, then tick that you have
statedsum-MONEY_IN = Money in
statedsum-MONEY_OUT = Money out
statedsum-LINES = Lines
statedsum-LINES_IN = Lines of money in
statedsum-LINES_OUT = Lines of money out
statedsum-CLOSING = Closing balance
statement-column-state = State
statement-column-currency = Currency
statement-column-order = How days are written
statement-order-clear = As it is plain
statement-column-several = several may be chosen
statement-column-nth = Column { $n } ({ $first })
statement-heading = Row of the heading
statement-heading-row = Row { $line }: { $said }
statement-heading-none = No heading
statement-heading-go = Use this row
statement-columns-anew = Wrong columns? Choose again
statement-columns-leave = Leave it
statement-differs = Sums that the file states are not those of its lines. Lines may be missing, or the sums are of something else; check before booking
statement-differs-money = stated { $stated }, lines come to { $counted }
statement-differs-lines = stated { $stated }, counted { $counted }
statement-differs-seen = I have checked, book it anyway
statement-foreign = { $n ->
    [one] { $n } line in another currency was left out
   *[other] { $n } lines in another currency were left out
}
refused-statement_sides = No amount has a sign, so money in and money out look alike; choose the column that tells them apart, or one for each
refused-statement_paper = This is a PDF or a picture, which has no lines to read; download the details from the bank as Excel or CSV
refused-statement_archive_kind = This kind of archive cannot be opened; unpack it and send the file with the details
statement-order-hint = If the whole file writes them so, choose “How days are written” below.
refused-statement_unit = Amounts are in thousands or tens of thousands of yuan; download the details in yuan
