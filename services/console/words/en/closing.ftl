# Cockpit, closing, and the owner's own statement
refused-period_closed = { $month } and everything before it is closed; nothing more can be dated then
refused-month = Write a month, as in 2026-11
refused-month_not_over = { $month } is not over yet
refused-month_order = Close { $month } first
refused-month_not_closed = The month before is locked and not closed yet; finish that first
refused-month_not_locked = This month is not locked yet
refused-figures_do_not_foot = The figures do not foot; nothing was closed. Tell whoever looks after the product
refused-link_days = It may last from 1 to { $most } days
refused-link_ended = This address opens nothing any more
field-month = Month
field-days = Days
told-MonthLocked = Locked the month
told-MonthClosed = Closed the month
told-StatementLinkIssued = Issued a statement address
told-StatementLinkRevoked = Revoked a statement address
told-StatementRead = The owner read the statement
