# 登录记录
rail-journal = 登录记录
journal-title = 登录记录
journal-what = 谁在哪里登录、哪些被拒、账号上做过什么；保存一年
journal-when = 时间
journal-act = 什么事
journal-account = 账号
journal-by = 由谁办
journal-from = 从哪里
journal-nobody = 没有这个账号
journal-elsewhere = 许多别的地址
journal-times = { $n } 次，到 { $until }
journal-all-accounts = 全部账号
journal-all-acts = 全部
journal-show = 查看
journal-older = 更早的
journal-newest = 回到最新
journal-none = 没有这样的记录
journal-product = 装机时
accountact-SIGNED_IN = 登录
accountact-REFUSED = 登录被拒
accountact-SIGNED_OUT = 退出登录
accountact-CAPACITY_CHANGED = 换身份
accountact-SESSION_ENDED = 退掉一台设备
accountact-SESSIONS_ENDED = 全部退出
accountact-RAN_OUT = 登录过期
accountact-PASSWORD_CHANGED = 自己换了密码
accountact-PASSWORD_RESET = 重设密码
accountact-MADE = 开账号
accountact-DISABLED = 停用账号
accountact-ENABLED = 启用账号
accountact-ADMITTED = 机房放行为管理员

follows-reset =
    原来的密码马上作废，正在用的 { $n } 处登录全部退出
    新密码只在下一页显示一次，请当面交给本人
follows-end-sessions =
    正在用的 { $n } 处登录全部退出，写了一半没提交的留在各自的电脑上
    密码不变，随时可以重新登录
refused-last_administrator = 这是最后一位能登录的管理员，先任命另一位
