# Reconciliation

# Why something is refused
refused-reference_booked = Money under this number was booked from a statement already: { $day }, { $where }, { $method } ¥{ $amount }, receipt { $receipt }. If this is other money, say so and take it again
