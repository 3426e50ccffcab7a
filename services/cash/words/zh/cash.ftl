# 钱箱

# 为什么办不了
refused-drawer_open = 钱箱已经开着
refused-drawer_closed = 钱箱还没有开
refused-drawer_earlier_day = 钱箱从 { $day } 开到现在没有关；先点钱关箱，再进出今天的现金
refused-drawer_float = 箱里的零钱和上次留下的不一样，请写明原因
refused-drawer_short = 箱里没有这么多现金；先开箱放入零钱，或换一种方式退
refused-drawer_not_counted = 点过以后又有进出，请重新点一遍再关
refused-drawer_left = 留下的零钱不能多于点到的
refused-drawer_difference = 点到的和应有的不一样，请写明原因
refused-drawer_denomination = 面额不对，每种面额只写一次
refused-drawer_pieces = 张数不对，一种面额最多 { $most } 张
refused-drawer_left_open = 此人的钱箱还没点清关上，先由会计点清关箱
