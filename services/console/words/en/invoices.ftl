# Invoices: rates, requests, issuing, reversing, export; checking a receipt

refused-tax_rate = No such rate is in force on { $day }. Choose one that is.
refused-invoice_number_digits = The number of an all-digital invoice has 20 digits. Copy all of them.
refused-invoice_number_year = The number begins with the year of issue, which is not that of { $year }. Check number and date.
refused-invoice_number_province = Digits 3 and 4 ({ $province }) are no province. Check them with the invoice.
