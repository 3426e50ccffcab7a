# Sheets: what may happen while one is read
sheet-totals = total/grand total/sub total/subtotal/sum
refused-sheet_bomb = This sheet would unpack to far too much, so it was not opened; delete empty rows and columns and save it anew
refused-sheet_empty = There is nothing in this sheet
refused-sheet_encoding = The letters of this file cannot be told; save it as CSV in UTF-8 or as .xlsx
refused-sheet_older = This workbook has a password, or is of a very old kind; save it as .xlsx without a password
refused-sheet_quotes = A quotation mark near line { $line } is not closed, so the rest cannot be told apart; mend it and send it again
refused-sheet_too_large = The file is larger than { $megabytes } MB; split it
refused-sheet_too_long = More than { $most } rows; split it
refused-sheet_too_wide = More than { $most } columns; leave only those that matter
refused-sheet_unreadable = This file cannot be opened, it is not a sound sheet; save it as .xlsx or CSV
refused-phone_unreadable = Nobody can be called by this: a mobile has 11 digits, a landline its area code and as many digits as that asks for (7 behind 0593, 8 behind 0591); one number to a field, and in a sheet make the column text
aside-title = What else the file holds
aside-sheets = { $n ->
    [one] Read { $n } sheet: { $names }
   *[other] Read { $n } sheets: { $names }
 }
aside-sheet = { $name } ({ $n ->
    [one] { $n } line
   *[other] { $n } lines
 })
aside-unread = Without the heading or hidden, and not read: { $names }
aside-hidden = { $n ->
    [one] { $n } row is hidden or filtered away in the sheet and counts all the same; delete it there if it shall not
   *[other] { $n } rows are hidden or filtered away in the sheet and count all the same; delete there what shall not
 }
refused-two_readings = "{ $said }" may be { $one } or { $other }; write the one that is meant
dayorder-YMD = Year, month, day
dayorder-DMY = Day, month, year
dayorder-MDY = Month, day, year
