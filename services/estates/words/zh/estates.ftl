# 小区
part-COMMON = 共有部分
part-PRIVATE = 户内

responsibility-ESTATE_COMMON = 小区共有
responsibility-PRIVATE_PART = 住户自己
responsibility-MUNICIPAL = 市政
responsibility-UTILITY = 水电气单位
responsibility-THIRD_PARTY = 第三方
responsibility-DISPUTED = 有争议

# 为什么办不了
refused-estate_code = 小区代码 { $estate } 不对：十二位社区代码、连字符、三位数
field-code = 小区代码
field-community = 社区
field-centre = 服务中心
refused-station_hours = 服务时间不对：开门要早于关门，都在一天之内
refused-station_week = 星期一到星期日的服务时间要写全七天
refused-station_shifts = 每天最多 { $most } 段，前后不能重叠；一段从当天开始，最长到第二天同一时刻
refused-station_never_open = 一周至少开 { $least } 分钟
refused-station_days = 例外的日子重复、太多（最多 { $most } 天）或者年份不对
refused-unknown_building = 没有 { $building } 栋
refused-unknown_dwelling = { $building } 栋没有这一户
refused-unknown_estate = 没有这个小区
refused-unknown_stairwell = { $building } 栋没有 { $stairwell } 单元
refused-place_code = 楼号、单元和房号用数字、字母或汉字，不超过 16 个字，中间可带横杠，比如 12-1、1#、A座
refused-place_twice = 单元或房号写重了
refused-building_rooms = 写明这一栋的房号，最多 { $most } 个
refused-hours_unreadable = 时间没看懂，写成 08:00-12:00 这样，日子写成 2027-02-15 这样
refused-span_unreadable = 写成 30 分钟、4 小时这样
refused-station_since = 最远排到一年以后
