coarseness-exact = 不模糊
coarseness-kind = 只写事项大类和日期
coarseness-all = 只写月份
