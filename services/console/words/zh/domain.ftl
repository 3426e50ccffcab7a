# 领域里的词：阶段、级别、类别、身份

stage-UNOPENED = 未开单
stage-REPORTED = 待受理
stage-ACCEPTED = 已受理
stage-DISPATCHED = 已派单
stage-TAKEN = 已接单
stage-ON_SITE = 已到场
stage-IN_PROGRESS = 处理中
stage-SUSPENDED = 已停表
stage-COMPLETED = 已完工
stage-REWORK = 重做中
stage-VERIFIED = 已核验
stage-FOLLOWED_UP = 已回访
stage-CLOSED = 已办结
stage-REJECTED = 不予受理
stage-REFERRED = 已转办
stage-CANCELLED = 已撤回

status-UNNOTED = 未记
status-NOTED = 待分流
status-TRIAGED = 已分类
status-PROMOTED = 已转工单
status-ADVISED = 已答复
status-MERGED = 已并入
status-DROPPED = 不办

priority-P0 = P0 抢险
priority-P1 = P1 急修
priority-P2 = P2 加急
priority-P3 = P3 一般
priority-P4 = P4 计划

category-PUBLIC_LIGHTING = 公共照明
category-WASTE_BIN = 环卫设施
category-FITNESS_GEAR = 健身器材
category-PIPE_LEAK = 管道漏水
category-STAIR_CLUTTER = 楼道堆物
category-EBIKE_CHARGING = 飞线充电
category-WALL = 墙面
category-PARKING = 车位
category-APPLIANCE = 家电维修
category-FEE_QUERY = 物业费咨询
category-SERVICE_COMPLAINT = 服务质量
category-NEIGHBOUR_DISPUTE = 邻里矛盾
category-LIFT_TRAPPED = 电梯困人
category-LIFT_FAULT = 电梯故障
category-POWER_OUT = 停电
category-WATER_OUT = 停水
category-FIRE = 火情
category-GAS_SMELL = 燃气异味
category-SEWAGE = 污水溢流
category-GREENERY = 绿化

stewardrole-REPAIRER = 维修员
stewardrole-INFO_ADVISER = 信息咨询员
stewardrole-MEDIATOR = 矛盾调处员

capacity-STATION_HEAD = 站长
capacity-DISPATCHER = 站务员
capacity-RED_STEWARD = 红管家
capacity-CENTRE_HEAD = 中心负责人
capacity-CASHIER = 收费员
capacity-ACCOUNTANT = 会计
capacity-RESIDENTS_COMMITTEE = 居委会
capacity-ADMINISTRATOR = 管理员
capacity-SYSTEM = 初始设置

channel-DESK = 来访
channel-PHONE = 电话
channel-HOTLINE = 12345
channel-PATROL = 巡查
channel-QR = 扫码
channel-WECHAT = 微信

part-COMMON = 共有部分
part-PRIVATE = 户内

responsibility-ESTATE_COMMON = 小区共有
responsibility-PRIVATE_PART = 住户自己
responsibility-MUNICIPAL = 市政
responsibility-UTILITY = 水电气单位
responsibility-THIRD_PARTY = 第三方
responsibility-DISPUTED = 有争议

referredto-UTILITY = 水电气单位
referredto-MUNICIPAL = 市政部门
referredto-WARRANTY = 保修单位
referredto-FUND = 维修资金

emergencyservice-FIRE_119 = 119 消防
emergencyservice-POLICE_110 = 110 公安
emergencyservice-AMBULANCE_120 = 120 急救
emergencyservice-LIFT_MAINTENANCE = 电梯维保

erasureground-PURPOSE_ACHIEVED = 事情已了
erasureground-CONSENT_WITHDRAWN = 撤回同意
erasureground-RESIDENT_ASKED = 住户要求
erasureground-RETENTION_ENDED = 保存期满
