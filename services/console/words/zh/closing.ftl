# 看板、结账和业主自己的账单
refused-period_closed = { $month } 及以前已经结账，不能再记到那时
refused-month = 请写月份，例如 2026-11
refused-month_not_over = { $month } 还没有过完
refused-month_order = 请先结 { $month }
refused-month_not_closed = 上一个月锁了账还没有结完，先把它结完
refused-month_not_locked = 这个月还没有锁账
refused-figures_do_not_foot = 账轧不平，没有结。请把这一条告诉维护的人
refused-link_days = 有效期 1 到 { $most } 天
refused-link_ended = 这个地址已经失效
field-month = 月份
field-days = 天数
told-MonthLocked = 锁账
told-MonthClosed = 结账
told-StatementLinkIssued = 发出账单地址
told-StatementLinkRevoked = 收回账单地址
told-StatementRead = 业主看过账单
