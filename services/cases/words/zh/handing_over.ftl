# 移交
told-WorkOrderHandedOver = { $steward ->
    [none] 站里交给{ $desk }负责
   *[other] 移交给{ $steward }
}
told-IssueHandedOver = 移交给{ $successor }负责

# 为什么办不了
refused-in_hand = { $lines ->
    [0] 手上还有{ $orders }张工单
   *[other] { $orders ->
        [0] 手上还有{ $lines }条问题
       *[other] 手上还有{ $orders }张工单、{ $lines }条问题
    }
}，先指定由谁接手
refused-in_hand_elsewhere = 手上还有别的小区的{ $orders }张工单、{ $lines }条问题，由那里的负责人移交
refused-successor_same = 不能移交给本人
refused-successor_away = 接手的人已停用或不在岗
refused-successor_no_steward = 接手的人不是这个小区的红管家
refused-successor_not_at_desk = 接手的人不是这个小区的站里人员
refused-steward_disabled = 此人已停用，不派单
refused-steward_absent = 此人请假，{ $until } 才回来
refused-steward_leaving = 此人就要退出这个小区，不再派单
field-successor = 由谁接手
