# 除了 119、110、120，还打给谁
ring-none = 没有登记维保单位电话：{ $what }
ring-enter = 去登记
