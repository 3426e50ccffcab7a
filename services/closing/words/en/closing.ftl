# Cockpit, closing, and the owner's own statement
refused-month = Write a month, as in 2026-11
field-month = Month
field-days = Days
told-MonthLocked = Locked the month
told-MonthClosed = Closed the month
told-StatementLinkIssued = Issued a statement address
told-StatementLinkRevoked = Revoked a statement address
told-StatementRead = The owner read the statement
refused-package_does_not_foot = The figures of { $month } are not what it was closed with, so nothing was handed out. Tell whoever looks after the product
closing-month = Month
closing-estate = Estate
closing-position = Log position
closing-receivable = Receivable
closing-held = Held for owners
closing-figure-receivable_begin = Receivable at the beginning
closing-figure-billed = Billed
closing-figure-voided = Voided
closing-figure-waived = Waived
closing-figure-unwaived = Waivers of voided bills taken back
closing-figure-settled = Settled by payments
closing-figure-unsettled = Settlements taken back
closing-figure-receivable_end = Receivable at the end
closing-figure-held_begin = Held at the beginning
closing-figure-received = Received
closing-figure-reversed = Payments reversed
closing-figure-refunded = Refunded
closing-figure-held_end = Held at the end
closing-share-by_method = Received by method
closing-share-reversed_by_method = Reversed by method
closing-share-refunded_by_method = Refunded by method
closing-share-billed_by_item = Billed by item
closing-share-settled_by_item = Settled by item
closing-column-part = Part
closing-column-what = What
closing-column-amount = Amount
closing-column-day = Day
closing-column-dwelling = Dwelling
closing-column-number = Bill
closing-column-item = Item
closing-column-since = From
closing-column-until = Until (excluded)
closing-column-due = Due
closing-column-receipt = Receipt
closing-column-method = Method
closing-column-reason = Reason
closing-column-rule = Rule
closing-column-not-due = Not due yet
closing-column-open = Total
closing-column-age = Age
closing-column-dwellings = Dwellings
closing-sheet-summary = Summary
closing-sheet-bills = Bills
closing-sheet-payments = Payments
closing-sheet-refunds = Refunds
closing-sheet-waivers = Waivers
closing-sheet-voids = Voided
closing-sheet-reversals = Reversed
closing-sheet-ageing = Ageing
closing-total = Total
closing-paper-title = Closing of { $month }
closing-paper-until = Up to and including { $day }
closing-paper-closed-by = Closed by
closing-paper-closed-on = Closed on
closing-paper-bills = Bills
closing-paper-payments = Payments
closing-paper-source = Every figure was counted again from the log up to event { $position }, and agrees
closing-sign-accountant = Accountant
closing-sign-head = Head of station
closing-column-month = Month
closing-title = Month-end closing
closing-next = Close { $month }
closing-locked = Locked, not closed yet
closing-what = Nothing can be dated in the month once it is closed. Figures are counted from the log, line by line, and must agree both ways
closing-go = The figures are right: close { $month }
closing-way = Three steps of closing
closing-step-before = See to what stands against it
closing-step-look = Look at the figures
closing-step-close = Close
closing-months = Closed months
closing-confirm = Close { $month } with these figures
closing-key-billed = { $n ->
    [one] 1 bill issued
   *[other] { $n } bills issued
}
closing-key-received = { $n ->
    [one] 1 payment taken
   *[other] { $n } payments taken
}
refused-closing_look_first = Look at the figures of the month first, then close it
refused-figures_moved = Something was recorded since you looked: the figures of { $month } have changed. Look at them below, then close
closing-done = { $month } is closed
closing-closed = Closed by { $name }, { $time }
closing-xlsx = Workbook
closing-pdf = Print
closing-foots = Counted from the log up to event { $position }
closing-none = No month has been closed yet; the package of each closed month stays here
closing-hinders = Cannot close
closing-look = Look first
closing-nothing-missing = Nothing stands against closing
closing-so-far-go = See the figures of { $month }, then close
closing-so-far = Counted up to event { $position }; not closed, so what is recorded later still counts
closing-missing-month_not_over = { $month } is not over yet
closing-missing-drawer_open = { $n ->
    [one] { $n } drawer was open then and is not closed yet
   *[other] { $n } drawers were open then and are not closed yet
}
closing-missing-refund_waits = { $n ->
    [one] { $n } refund is waiting
   *[other] { $n } refunds are waiting
}
fee-tab-cockpit = Cockpit
fee-tab-closing = Closing
cockpit-title = Fee cockpit
cockpit-firm = All estates
cockpit-figures = Six figures
cockpit-figure-rate = Collected this year
cockpit-figure-month = Received this month
cockpit-figure-today = Received today
cockpit-figure-overdue = Overdue
cockpit-figure-held = Held for owners
cockpit-figure-refunds = Refunds waiting
cockpit-months = Due and paid by month
cockpit-months-said = Due and paid in the last twelve months; { $rate } of this year's bills are paid
cockpit-month-said = { $month }: { $rate } paid, { $open } open
cockpit-only-due = Only bills that are due are counted
cockpit-rate-due = of what is due; all last year { $rate }
cockpit-before = Paid, same month last year
cockpit-rate-before = { $rate } last year
cockpit-yuan = yuan
cockpit-due = Due
cockpit-paid = Paid
cockpit-open = Open
cockpit-rate = Rate
cockpit-table = Show as a table
cockpit-ages = Ageing
cockpit-bills = Bills
cockpit-today = Money today
cockpit-payments = { $n ->
    [one] { $n } payment
   *[other] { $n } payments
}
cockpit-nothing-today = Nothing received yet today
cockpit-drawers = Drawers
cockpit-drawer-open = Open
cockpit-this-year = { $year }
cockpit-estates = Estates
cockpit-buildings = Buildings
cockpit-wall = Put on the wall
cockpit-account = Account
cockpit-case-open = Bills of this year that are not paid
cockpit-case-overdue = Overdue bills
cockpit-case-month = Payments of this month
cockpit-case-today = Payments of today
cockpit-case-held = Payments with something held
cockpit-case-refunds = Payments with a refund waiting
cockpit-cases-n = { $n ->
    [one] { $n } case
   *[other] { $n } cases
}
cockpit-cases-most = Only the { $n } largest are listed
cockpit-cases-none = There is nothing here at present
view-statement_links = Statement addresses
own-title = My statement
own-sum = Sum
own-owed = Owed now
own-later = Not due yet
own-overdue = { $amount } of it is past its due day
own-nothing-open = Everything is paid
own-held = Held for you
own-open-bills = Bills to pay
own-payments = Payments
own-settled = Bills that are paid
own-due = Due { $day }
own-reversed = Reversed
own-refunded = { $amount } refunded
own-reference = For a transfer, write into the remark
own-private = You alone have this address; it ends on { $day }. Ask at the station if anything is unclear
own-ended = This address opens no statement
own-ended-what = It may have expired or been taken back. Ask for a new one at the station
own-links-title = Statement links
own-scan = Let the owner of { $place } scan this
own-code = Code that leads to the owner's own statement
own-once = Shown this once and kept nowhere; if it is lost, make another
own-here-only = Only this computer opens the address as it is now; a phone cannot open it until the product is reached under a public address.
own-new = Give one to the owner
own-make = Make a code
own-days = Days it opens
own-days-most = at most { $most }
own-what = Opens without signing in, shows the owner's own bills alone, and ends by itself
own-given-none = None given yet. Make one and let the owner scan it here, or send the address
own-given = Given out
own-ends = Ends on { $day }
own-read = Read { $time }
own-revoke = Take back
own-revoked = Taken back
own-closed = Ended
