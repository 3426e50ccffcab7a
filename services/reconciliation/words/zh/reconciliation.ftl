# 对账

# 为什么办不了
refused-reference_booked = 这个流水号的钱对账时已经入账：{ $day }，{ $where }，{ $method } ¥{ $amount }，收据 { $receipt }。真是另一笔，勾上“这是另一笔钱”再收
