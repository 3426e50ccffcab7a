# The fee desk and its cash drawer
refused-amount = The amount must be more than zero, down to the fen
refused-drawer_open = The drawer is open already
refused-drawer_closed = The drawer is not open yet
refused-drawer_float = The change is not what was left last time; say why
refused-drawer_short = There is not that much cash in the drawer
refused-drawer_not_counted = Something moved since the count; count once more, then close
refused-drawer_left = No more change can stay than was counted
refused-drawer_difference = What was counted is not what should be there; say why
refused-drawer_denomination = Unknown notes or coins, or the same ones twice
refused-drawer_pieces = At most { $most } pieces of one kind
field-amount = amount
field-left = change left
