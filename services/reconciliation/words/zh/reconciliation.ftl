# 对账

# 为什么办不了
refused-reference_booked = 这个流水号的钱，对账时已经入账了
