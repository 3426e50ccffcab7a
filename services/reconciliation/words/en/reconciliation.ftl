# Reconciliation

# Why something is refused
refused-reference_booked = The money under this number was booked from a statement already
