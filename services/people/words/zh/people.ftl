# 人员
stewardrole-REPAIRER = 维修员
stewardrole-INFO_ADVISER = 信息咨询员
stewardrole-MEDIATOR = 矛盾调处员

# 为什么办不了
refused-no_role = 至少选一个岗位
refused-not_a_party_member = 红管家要是党员
refused-not_a_steward = 此人还不是红管家，先登记岗位
refused-not_attached = 此人没有包挂这个小区
refused-not_by_appointment = 这个身份不是任命来的
refused-person_forgotten = 此人的资料已按规定抹去
refused-still_in_post = 此人还在岗，先免去职务
