# Whom to ring besides 119, 110 and 120
ring-none = No maintenance firm’s number registered: { $what }
ring-enter = Register it
