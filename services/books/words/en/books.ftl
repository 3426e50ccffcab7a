# Books

# Why something is refused
refused-period_closed = { $month } and everything before it is closed; nothing more can be dated then
refused-month_not_over = { $month } is not over yet
refused-month_order = Close { $month } first
refused-month_not_closed = The month before is locked and not closed yet; finish that first
refused-month_closed = { $month } is closed already
refused-month_not_locked = This month is not locked yet
refused-figures_do_not_foot = The figures do not foot; nothing was closed. Tell whoever looks after the product
