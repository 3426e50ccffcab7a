# 表格文件：读进来时会遇到的事
sheet-totals = 合计/总计/小计/共计/累计/总额
refused-sheet_bomb = 这份表格展开后太大，没有打开；删去空白的行列，另存一份再传
refused-sheet_empty = 这份表格里没有内容
refused-sheet_encoding = 文件里的文字认不出来；请另存为 UTF-8 的 CSV 或 .xlsx 再传
refused-sheet_older = 这是旧版 .xls 或加了密码的表格；请另存为不加密码的 .xlsx 再传
refused-sheet_quotes = 第 { $line } 行附近有引号没有配对，后面的内容分不开；改好再传
refused-sheet_too_large = 文件超过 { $megabytes } MB，请分成几份再传
refused-sheet_too_long = 超过 { $most } 行，请分成几份再传
refused-sheet_too_wide = 超过 { $most } 列，请只留用得上的列再传
refused-sheet_unreadable = 这份文件打不开，不是完好的表格；请另存为 .xlsx 或 CSV 再传
refused-phone_unreadable = 这个号码打不通：手机 11 位，座机带区号；表格里请把这一栏设成文本，一格写一个
aside-title = 文件里还有
aside-sheets = 读了 { $n } 张工作表：{ $names }
aside-sheet = { $name } { $n } 行
aside-unread = 没有表头或已隐藏，没有读：{ $names }
aside-hidden = { $n } 行在表里是隐藏或筛掉的，也算在内；不要的请先在表里删掉
