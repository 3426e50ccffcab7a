# Cash drawers

# Why something is refused
refused-drawer_open = The drawer is open already
refused-drawer_closed = The drawer is not open yet
refused-drawer_earlier_day = The drawer has been open since { $day }; count and close it before today's cash goes in or out
refused-drawer_float = The change is not what was left last time; say why
refused-drawer_short = There is not so much cash in the drawer; open it with change first, or give the money back another way
refused-drawer_not_counted = Something moved since the count; count once more, then close
refused-drawer_left = No more change can stay than was counted
refused-drawer_difference = What was counted is not what should be there; say why
refused-drawer_denomination = Unknown notes or coins, or the same ones twice
refused-drawer_pieces = At most { $most } pieces of one kind
refused-drawer_left_open = The drawer is still open; count and close it first
