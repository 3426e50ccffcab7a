# 发票：税率、申请、开具、红冲、导出；收据验真

refused-tax_rate = { $day } 没有这个税率，请从当天有效的税率里选。
refused-invoice_number_digits = 数电发票号码是 20 位数字，请照票面抄全。
refused-invoice_number_year = 号码前两位是开票年份，{ $year } 年开的票对不上，请核对号码和开票日期。
refused-invoice_number_province = 号码第 3、4 位（{ $province }）不是省份代码，请照票面核对。
