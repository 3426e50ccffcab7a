# 账簿

# 为什么办不了
refused-period_closed = { $month } 及以前已经结账，不能再记到那时
refused-month_not_over = { $month } 还没有过完
refused-month_order = 请先结 { $month }
refused-month_not_closed = 上一个月锁了账还没有结完，先把它结完
refused-month_closed = { $month } 已经结账
refused-month_not_locked = 这个月还没有锁账
refused-figures_do_not_foot = 账轧不平，没有结。请把这一条告诉维护的人
