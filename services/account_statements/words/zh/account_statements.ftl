# 账单链接

# 为什么办不了
refused-link_days = 有效期 1 到 { $most } 天
refused-link_ended = 这个地址已经失效
refused-link_no_owner = 这一户现在没有登记业主，先登记再发
