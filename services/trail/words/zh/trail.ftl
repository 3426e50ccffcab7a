coarseness-exact = 不模糊
coarseness-kind = 只写事项大类和日期
coarseness-all = 只写月份

# 分叉：恢复以后，日志与见证人签过的不一样
fork-title = 审计日志的名称与接续
fork-stands = 日志与见证过的不一致，暂停一切登记
fork-none = 日志与见证过的一致
fork-none-what = 恢复备份以后，如果日志比见证人签过的短，或者内容不同，这里会写明，并要两个人确认才能继续。
fork-what = 见证过而这里没有的内容已经丢失。请先找更新的备份；确实没有，由一人提出、另一人确认后，日志换一个名称继续，两人做的事都记录在案。
fork-reason = 为什么这样继续
fork-propose = 提出继续
fork-confirm = 确认继续
fork-proposed = { $who } 于 { $time } 提出继续。
fork-somebody = 有人
fork-another = 要由另一个人确认。
fork-name = 日志的名称和公钥
fork-name-what = 请抄写或打印，交给居民委员会和见证人：他们用它核对日志。
fork-origin = 名称
fork-keys = 公钥
refused-trail_shorter = 日志与见证过的不一致：见证人签过 { $had } 条，这里只有 { $has } 条。在两个人确认继续以前，什么都不能登记。
refused-trail_different = 日志与见证过的不一致：见证人签过的 { $had } 条与这里的 { $has } 条内容不同。在两个人确认继续以前，什么都不能登记。
refused-trail_forgotten = 本机记下的见证文件已损坏，无法知道见证到哪里；这里有 { $has } 条。在两个人确认继续以前，什么都不能登记。
refused-trail_unproven = 刚从备份恢复：备份中见证到 { $had } 条，这里有 { $has } 条，还不知道之后有没有见证过更多。等一位见证人再次签名，或者两个人确认继续，才能登记。
refused-no_fork = 日志与见证过的一致，不用确认。
refused-nothing_proposed = 还没有人提出继续。
refused-fork_changed = 提出以后情况变了，请重新提出。
refused-same_person = 提出和确认要由两个人分别做。
refused-going_on_confirmed = 已经确认过了，日志已换名继续。

# 回执
trailreceipt-title = 入账回执
trailreceipt-entry = 审计日志第 { $index } 条
trailreceipt-code = 取回执的二维码
trailreceipt-what = 扫码或打开地址取回执文件，交给谁都能核对：这件事在日志里，之后没有改过。姓名、电话和文字不在文件里。
trailreceipt-cosigned = 回执上的日志状态已有见证人签名。
trailreceipt-not-cosigned = 还没有见证人签名；以后再取，会带上签名。
trailreceipt-checkpoint = 回执依据的日志状态
trailreceipt-fetch = 取回执文件
