# Handing over
told-WorkOrderHandedOver = { $steward ->
    [none] { $desk } answers for it at the desk
   *[other] Handed over to { $steward }
}
told-IssueHandedOver = { $successor } answers for it

# Why something is refused
refused-in_hand = Still in hand: { $orders } { $orders ->
    [one] order
   *[other] orders
}, { $lines } { $lines ->
    [one] line
   *[other] lines
} of the notebook; name who takes over
refused-in_hand_elsewhere = Still in hand in other estates: orders { $orders }, lines { $lines }; whoever is in charge there hands them over
refused-successor_same = Nobody takes over from themselves
refused-successor_away = Whoever takes over is disabled or away
refused-successor_no_steward = Whoever takes over is no Red Steward of this estate
refused-successor_not_at_desk = Whoever takes over is not on the staff of this station
refused-steward_disabled = This person is disabled; nothing is dispatched
refused-steward_absent = This person is away until { $until }
refused-steward_leaving = This person is leaving the estate; nothing more is dispatched
field-successor = Taken over by
