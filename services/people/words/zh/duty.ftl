# 请假、值班
absencekind-LEAVE = 请假
absencekind-TRAINING = 学习
absencekind-OUTSIDE = 外出
absencekind-OTHER = 其他

# 为什么办不了
refused-absence_backwards = 结束要晚于开始
refused-absence_too_long = 一次最长{ $days }天
refused-absence_past = 这段时间已经过去
refused-absence_overlaps = 与已登记的时间重叠
refused-unknown_absence = 没有这条登记
refused-absence_over = 这段时间已经过去，不用撤销
refused-shift_weekday = 星期写 1 到 7
refused-shift_too_many = 一天最多{ $most }班
refused-shift_hours = 时间写成 08:00-20:00，夜班 20:00-08:00
refused-shift_overlaps = 两班时间重叠
refused-shift_day = 只能排今天起一年内的
refused-not_in_post = 此人在这个小区没有职务
refused-person_known = 这个人可能已经登记过，看看下面是不是同一人
field-shifts = 班次
why-off-duty = 现在不当班，手上 { $n } 件

# 值班页
duty-title = 值班请假
duty-now = 现在当班
duty-now-n = { $n } 人
duty-unplanned-all = 没排班，按全天在岗算
duty-unplanned = 没排班
duty-nobody = 现在没有人当班
duty-on = 当班
duty-off = 不当班
duty-disabled = 已停用
duty-back = { $time } 回来
duty-rest = 休
duty-cancel = 撤销
duty-plan = 登记请假
duty-plan-go = 登记
duty-kind = 什么事
duty-since = 从
duty-until = 到
duty-week = 每周班次
duty-week-what = 写成 08:00-20:00，一天几班用空格隔开，夜班 20:00-08:00 写在开始那天；空着是休息。全空着是不排班
duty-weekday-1 = 周一
duty-weekday-2 = 周二
duty-weekday-3 = 周三
duty-weekday-4 = 周四
duty-weekday-5 = 周五
duty-weekday-6 = 周六
duty-weekday-7 = 周日
duty-day = 单排一天
duty-shifts = 班次，空着是休息
duty-as-week = 还按每周的班次
