# 发票：税率、申请、开具、红冲、导出；收据验真

refused-tax_rate = { $day } 没有这个税率，请从当天有效的税率里选。
refused-invoice_number_digits = 数电发票号码是 20 位数字，请照票面抄全。
refused-invoice_number_year = 号码前两位是开票年份，{ $year } 年开的票对不上，请核对号码和开票日期。
refused-invoice_number_province = 号码第 3、4 位（{ $province }）不是省份代码，请照票面核对。

refused-tax_number = 纳税人识别号是 15、17、18 或 20 位数字和字母，请照营业执照抄全；个人留空。
refused-email = 这个邮箱写得不全，请核对，或者留空。
refused-invoices_kept = 这位业主的发票要保存五年，到 { $until } 才能抹去资料。

refused-invoices_too_many = 一次最多导出 { $most } 张，请先选一个月。
view-invoices = 发票
view-invoice_payers = 发票抬头

verify-title = 收据验真
verify-stands = 这张收据有效
verify-void = 这张收据已作废
verify-unknown = 没有这张收据
verify-unknown-what = 链接可能抄错、改过，或者收据是伪造的。请拿收据到服务站当面核对。
verify-amount = 金额
verify-place = 小区
verify-refunded = 其中后来退还
verify-compare = 请与手里的收据核对：编号、金额、日期都一致，才是真的。
verify-void-what = 这笔收款已经冲回，收据不再作为付款凭证。有疑问请到服务站核对。
verify-private = 这里不显示姓名和房号

refused-invoice_number_used = 这个号码已经记在另一张发票上了，请核对票面。
refused-invoice_nothing_left = 这笔收款已经全部开过票，或已冲回。

fee-tab-invoices = 发票
taxpayer-GENERAL = 一般纳税人
taxpayer-SMALL_SCALE = 小规模纳税人

invoice-title = 发票
invoice-stages = 按状态看
invoice-of-receipt = 收据 { $receipt }
invoice-asked = { $time } 申请
invoice-elsewhere = 外省号码，请核对
invoice-split = { $rate }，不含税 { $net }，税 { $tax }
invoice-splits = 不含税 { $net }，税 { $tax }
invoice-record = 记发票号码
invoice-record-go = 已开，记下
invoice-number = 发票号码
invoice-number-what = 20 位，照票面
invoice-issued-on = 开票日期
invoice-withdraw = 撤回申请
invoice-reverse = 红冲
invoice-reverse-go = 已红冲，记下
invoice-red-number = 红字发票号码
invoice-red-on = 红字开票日期
invoice-because = 原因
invoice-month = 哪个月
invoice-month-go = 看这个月
invoice-export-xlsx = 导出 Excel
invoice-export-csv = 导出 CSV
invoice-empty = 这里没有发票
invoice-empty-what = 在房屋账页的收款记录里，可以替交款人申请。
invoice-done-request = 已申请开票
invoice-done-record = 发票号码已记下
invoice-done-reverse = 红冲已记下
invoice-done-withdraw = 申请已撤回
invoice-request-title = 申请开票
invoice-paid = 这笔收款
invoice-account = 房屋账页
invoice-left = 还可开票
invoice-nothing-left = 这笔收款没有可开票的金额了。
invoice-made-out = 抬头
invoice-tax-number = 纳税人识别号
invoice-tax-number-what = 单位必填，个人不填
invoice-email = 收票邮箱
invoice-optional = 可不填
invoice-amount = 开票金额（元，含税）
invoice-rate = 税率
invoice-unconfirmed = 政策原文未核实
invoice-request-go = 申请开票

invoice-kind = 数电普票
invoice-remark = 收据 { $receipt }
invoice-column-serial = 流水号
invoice-column-kind = 发票类型
invoice-column-title = 购买方名称
invoice-column-tax-number = 购买方纳税人识别号
invoice-column-email = 购买方邮箱
invoice-column-item = 项目名称
invoice-column-gross = 含税金额
invoice-column-rate = 税率
invoice-column-net = 不含税金额
invoice-column-tax = 税额
invoice-column-remark = 备注
invoice-column-number = 发票号码
invoice-column-issued-on = 开票日期
invoice-column-red-number = 红字发票号码
invoice-column-red-on = 红字日期

paper-firm = { $firm } · { $estate }服务站
paper-station = { $community }物业服务中心 · { $estate }服务站
reckoned-area = { $area } m²
reckoned-months = { $months } 个月
reckoned-pieces = { $number } 个
reckoned-price = { $price } 元
reckoned-share = ，按天 { $days }/{ $of }
refused-receipts_none = 这一天没有收款，没有收据可打。
refused-receipts_too_many = 一次最多打 { $most } 张收据，请分开打。
went-overpaid = 多收款
went-overpaid-what = 可退，也可抵以后的费用
went-part = 账单 { $amount } 的一部分
went-prepaid = 预收款
went-prepaid-what = 抵以后到期的费用

field-title = 抬头
field-tax_number = 纳税人识别号
field-email = 邮箱
field-number = 发票号码
field-red_number = 红字发票号码
field-issued_on = 开票日期
field-rate = 税率

movement-bill = 账单：{ $item } { $span }
movement-void = 账单作废：{ $item } { $span }
movement-waiver = 减免：{ $item } { $span }
movement-by-another = 他人代付：{ $item } { $span }
movement-payment = 收款：{ $method }，收据 { $receipt }
movement-reversal = 收款冲回：{ $method }，收据 { $receipt }
movement-reversal-rest = 收款冲回：{ $method }，收据 { $receipt }（已退出的部分另列为退款追回）
movement-refund = 退款：{ $method }，原收据 { $receipt }
movement-refund-returned = 退款被退回：{ $method }，原收据 { $receipt }
movement-for-another = 代他人付：{ $method }，收据 { $receipt }
