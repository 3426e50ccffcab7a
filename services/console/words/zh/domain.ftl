# 领域里的词：阶段、级别、类别、身份

capacity-STATION_HEAD = 站长
capacity-DISPATCHER = 站务员
capacity-RED_STEWARD = 红管家
capacity-CENTRE_HEAD = 中心负责人
capacity-CASHIER = 收费员
capacity-ACCOUNTANT = 会计
capacity-RESIDENTS_COMMITTEE = 居委会
capacity-ADMINISTRATOR = 管理员
capacity-AUDITOR = 审计员
capacity-SYSTEM = 初始设置

erasureground-PURPOSE_ACHIEVED = 事情已了
erasureground-CONSENT_WITHDRAWN = 撤回同意
erasureground-RESIDENT_ASKED = 住户要求
erasureground-RETENTION_ENDED = 保存期满
