# 出急事打给哪家单位
maintainer-LIFT_MAINTENANCE = 电梯维保
maintainer-FIRE_MAINTENANCE = 消防维保
maintainer-GAS_REPAIR = 燃气抢修
maintainer-WATER_REPAIR = 供水抢修
maintainer-POWER_REPAIR = 供电抢修
contacts-title = 维保和抢修电话
contacts-what = 出了急事，除了 119、110、120 还打给谁。写 24 小时有人接的号码，出急事时看板和工单上直接能打。
contacts-none = 还没登记
contacts-firm = 单位名称
field-firm = 单位名称
contacts-phone = 24 小时电话
contacts-save = 保存
contacts-withdraw = 撤销登记
station-done-contact = 电话已登记
station-done-withdraw = 已撤销登记
refused-firm_nameless = 写上单位名称，不能只有号码或符号
refused-hotline_unreadable = 这个号码打不通：手机 11 位，座机带区号，或者 95598、12345 这样的服务号；一格写一个
