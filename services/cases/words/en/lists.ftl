# Lists: narrowing, sorting, acting on several
figure-missed = Missed in 7 days
lane-in-hand = In hand
on-time-what = Of the orders whose promise fell due in the last seven days, the share done in time. Three kinds count as missed: done late; overdue and still open, however long since; withdrawn, rejected or referred after they were overdue.
on-time-of = Now { $kept } of { $promised } in time, { $missed } missed.
on-time-label = On time in 7 days { $rate }%, { $missed } of { $promised } missed; open the list
lane-opens = { $n }, open the list
hidden-board = Showing “{ $filter }” only; { $n } more hidden.
hidden-here = { $n } hidden by the filter
hidden-list = { $n } found, { $hidden } hidden by the filter.
hidden-clear = Show all
narrow-state = Any deadline
narrow-state-label = Deadline
narrow-age = Any age
narrow-age-label = How long since it was noted
narrow-nobody = Nobody sent yet
narrow-channel = Any channel
state-overdue = Overdue
state-soon = Soon late or overdue
state-due-today = Due today
state-urgent = Urgent
narrow-days = { $n } { $n ->
    [one] day
   *[other] days
 } or more
sort-urgent = Most urgent first
sort-latest = By deadline, overdue longest first
sort-oldest = Oldest first
sort-place = By building
sort-person = By person
bulk-label = Act on the ticked ones
bulk-all = Tick all on this page
bulk-one = Tick { $no }
bulk-how = Tick some to act on them together, { $most } at most
bulk-picked = { $n } ticked
bulk-whom = Send whom
bulk-reason = Why it is dropped
bulk-reassign-reason = Why another steward
bulk-undo-reassign = Taking the reassignment back
bulk-title = Several at once
bulk-back = Back to the list
bulk-done = { $act }: { $n } done
bulk-to = Sent to { $name }
bulk-undo = Undo { $n ->
    [one] this one
   *[other] these { $n }
 }
bulk-refused = { $n } not done
refused-nothing_chosen = Tick something first
refused-too_many_chosen = At most { $most } at once
figure-pause-over = Holds ended
notebook-show-late = Late
