# Invoices: rates, requests, issuing, reversing, export; checking a receipt

refused-tax_rate = No such rate is in force on { $day }. Choose one that is.
refused-invoice_number_digits = The number of an all-digital invoice has 20 digits. Copy all of them.
refused-invoice_number_year = The number begins with the year of issue, which is not that of { $year }. Check number and date.
refused-invoice_number_province = Digits 3 and 4 ({ $province }) are no province. Check them with the invoice.

refused-tax_number = A taxpayer's number has 15, 17, 18 or 20 digits and letters; copy it in full, or leave it empty for a person.
refused-email = This e-mail address is not complete; check it, or leave it empty.
refused-invoices_kept = Invoices of this owner must be kept for five years; the data can be erased from { $until } on.

refused-invoices_too_many = At most { $most } are exported at once; choose a month first.
view-invoices = Invoices
view-invoice_payers = Whom invoices are made out to

verify-title = Check a receipt
verify-stands = This receipt stands
verify-void = This receipt is void
verify-unknown = There is no such receipt
verify-unknown-what = The address was copied wrongly or changed, or the receipt is not ours. Bring it to the service station.
verify-amount = Amount
verify-place = Estate
verify-refunded = Of which given back since
verify-compare = Compare it with your paper: only if number, amount and date agree is it genuine.
verify-void-what = The payment was reversed, so this receipt proves no payment any more. Questions: ask at the station.
verify-private = No names and no dwellings are shown here

refused-invoice_number_used = This number stands for another invoice already. Check it with the invoice.
refused-invoice_nothing_left = Invoices stand for all of this payment already, or it was reversed.

fee-tab-invoices = Invoices
taxpayer-GENERAL = general taxpayer
taxpayer-SMALL_SCALE = small-scale taxpayer

invoice-title = Invoices
invoice-stages = By standing
invoice-of-receipt = Receipt { $receipt }
invoice-asked = asked for { $time }
invoice-elsewhere = Other province, look twice
invoice-split = { $rate }, net { $net }, tax { $tax }
invoice-splits = net { $net }, tax { $tax }
invoice-record = Record its number
invoice-record-go = Issued, record it
invoice-number = Invoice number
invoice-number-what = 20 digits, as printed
invoice-issued-on = Issued on
invoice-withdraw = Take back
invoice-reverse = Reverse
invoice-reverse-go = Reversed, record it
invoice-red-number = Number of the red invoice
invoice-red-on = Red invoice issued on
invoice-because = Why
invoice-month = Which month
invoice-month-go = Show the month
invoice-export-xlsx = Excel
invoice-export-csv = CSV
invoice-empty = No invoices here
invoice-empty-what = Ask for one from a payment on the account of a dwelling.
invoice-done-request = Invoice asked for
invoice-done-record = Number recorded
invoice-done-reverse = Reversal recorded
invoice-done-withdraw = Request taken back
invoice-request-title = New invoice
invoice-paid = The payment
invoice-account = The account
invoice-left = Left to invoice
invoice-nothing-left = Nothing of this payment is left to invoice.
invoice-made-out = Made out to
invoice-tax-number = Taxpayer number
invoice-tax-number-what = for firms, not for persons
invoice-email = Send to
invoice-optional = optional
invoice-amount = Amount in yuan, with tax
invoice-rate = Rate of tax
invoice-unconfirmed = rule not confirmed
invoice-request-go = Ask for it

invoice-kind = Ordinary, all-digital
invoice-remark = Receipt { $receipt }
invoice-column-serial = Serial
invoice-column-kind = Kind
invoice-column-title = Buyer
invoice-column-tax-number = Buyer's taxpayer number
invoice-column-email = Buyer's mail
invoice-column-item = Item
invoice-column-gross = With tax
invoice-column-rate = Rate
invoice-column-net = Net
invoice-column-tax = Tax
invoice-column-remark = Remark
invoice-column-number = Number
invoice-column-issued-on = Issued on
invoice-column-red-number = Red number
invoice-column-red-on = Red on

paper-firm = { $firm } · Service station of { $estate }
paper-station = Property service centre of { $community } · Service station of { $estate }
reckoned-area = { $area } m²
reckoned-months = { $months } months
reckoned-pieces = { $number }
reckoned-price = { $price } yuan
reckoned-share = , by days { $days }/{ $of }
refused-receipts_none = No payment was taken on that day, so there is no receipt to print.
refused-receipts_too_many = At most { $most } receipts fit into one file. Print them in parts.
went-overpaid = Paid too much
went-overpaid-what = to be given back or set against charges to come
went-part = part of a bill of { $amount }
went-prepaid = Held in advance
went-prepaid-what = for charges to come

field-title = To whom
field-tax_number = Taxpayer number
field-email = Mail address
field-number = Invoice number
field-red_number = Number of the red invoice
field-issued_on = Day of issue
field-rate = Rate of tax

movement-bill = Bill: { $item } { $span }
movement-void = Bill voided: { $item } { $span }
movement-waiver = Waived: { $item } { $span }
movement-by-another = Paid by another: { $item } { $span }
movement-payment = Received: { $method }, receipt { $receipt }
movement-reversal = Reversed: { $method }, receipt { $receipt }
movement-reversal-rest = Reversed: { $method }, receipt { $receipt } (what was refunded of it is a line of its own)
movement-refund = Given back: { $method }, receipt { $receipt }
movement-refund-returned = Refund came back: { $method }, receipt { $receipt }
movement-for-another = Paid for another: { $method }, receipt { $receipt }
