# Taking over an old paper notebook: choose the file, look at it, start, watch, see what came of it.
import-title = Take over an old notebook
import-link = Take over an old notebook
import-choose = Choose a file
import-choose-what = It is only looked at first; nothing is noted before you have seen it and pressed start
import-file = XLSX or CSV sheet
import-file-what = At most { $most } lines and { $megabytes } MB
import-check = Look at it
import-sample = Download a sample
import-columns = What the columns are called
import-columns-what = The first line names the columns, in any order; date and text are needed
import-needed = needed
import-may-be-called = or
import-earlier = Taken over before
import-lines = { $n ->
    [one] one line
   *[other] { $n } lines
}
import-standing-CHECKED = not started
import-standing-RUNNING = under way
import-standing-STOPPED = stopped half-way
import-standing-DONE = done
import-good = { $n ->
    [one] One line, and it can be taken over
   *[other] All { $n } lines can be taken over
}
import-bad = { $n ->
    [one] One line has to be changed first
   *[other] { $n } lines have to be changed first
}
import-bad-what = Nothing was noted. Put it right in your own file, then choose it again
import-bad-more = { $n ->
    [one] Only the first one is listed
   *[other] Only the first { $n } are listed
}
import-line = Line { $line }
import-preview = What it will look like
import-preview-what = { $n ->
    [one] the first line
   *[other] the first { $n } lines
}
import-start = Start
import-start-what = Each line becomes a line of the notebook with a number given here as always; dates stay those of the paper
import-discard = Forget this file
import-running = Under way. You may do something else or close the page
import-stopped = Stopped half-way. What was taken over is there and will not be doubled
import-go-on = Go on
import-progress = { $done } of { $all } taken over
import-done = { $n ->
    [one] Done, one line is in the notebook
   *[other] Done, all { $n } lines are in the notebook
}
import-done-when = Done { $time }
import-done-again = Choosing the same notebook again doubles nothing
import-behind = The lines are on their way to this list
import-notebook = Go to the notebook
import-refresh = Refresh
import-column-line = Line
import-column-wrong = What has to be changed
import-column-column = Column

import-names-date = date / time / noted on
import-names-text = text / matter / issue / what
import-names-building = building
import-names-stairwell = stairwell / entrance
import-names-dwelling = dwelling / room / flat
import-names-reporter = reporter / name / resident
import-names-phone = phone / mobile
import-names-channel = channel / source
import-names-result = result / outcome
import-sample-1 = 2024-03-05 09:20 / Lamp at the entrance is out / 3 / 1 / 101 / Ms Zou / 13900000000 / phone / New lamp fitted
import-sample-2 = 2024-03-06 / Bin at the east gate is broken /  /  /  /  /  / patrol /
field-date = Date
field-result = Result

refused-import_begun = It has been started and cannot be forgotten
refused-import_channel = There is no such channel; write one as in the list when noting an issue
refused-import_column_twice = Column { $place } has the same heading as an earlier one; keep one of them
refused-import_columns = There is no column for date or for text; name the columns as in the sample
refused-import_date = The date cannot be read; write 2024-03-05 or 2024-03-05 09:20
refused-import_empty = There is no line in this notebook
refused-import_no_file = Choose a file first; an empty one will not do
refused-import_no_heading = There is text in a column that has no heading
refused-import_not_started = It has not been started
refused-import_started = This import has begun, and says otherwise
refused-import_quotes = Near line { $line } a quotation mark is not closed; put it right and choose the file again
refused-import_too_large = The file is too large, at most { $megabytes } MB; divide it
refused-import_too_long = Too many lines, at most { $most } at once; divide the file
refused-import_too_many_cells = Line { $line } has more cells than there are columns; put it right and choose the file again
refused-import_unknown_column = The heading of column { $place } is not known; name it as in the sample
refused-import_unreadable = This file cannot be read. Save it as CSV (UTF-8 or GB18030) in your spreadsheet program
refused-import_wrong_lines = Some lines have to be changed first
