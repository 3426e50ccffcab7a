# Leave and shifts
absencekind-LEAVE = Leave
absencekind-TRAINING = Training
absencekind-OUTSIDE = Out on business
absencekind-OTHER = Other

# Why something is refused
refused-absence_backwards = The end must come after the beginning
refused-absence_too_long = At most { $days } days at a time
refused-absence_past = That time is over
refused-absence_overlaps = Overlaps with what is already planned
refused-unknown_absence = There is no such entry
refused-absence_over = That time is over; nothing to cancel
refused-shift_weekday = Days of the week are 1 to 7
refused-shift_too_many = At most { $most } shifts a day
refused-shift_hours = Write hours as 08:00-20:00, a night shift as 20:00-08:00
refused-shift_overlaps = Two shifts overlap
refused-shift_day = Only from today on, within a year
refused-not_in_post = Holds no post in this estate
refused-person_known = This may be somebody who is registered already; see below
field-shifts = Shifts
why-off-duty = Not on duty now; { $n } in hand

# The page of duty
duty-title = Duty and leave
duty-now = On duty now
duty-now-n = on duty: { $n }
duty-unplanned-all = No shifts planned: counted as there all day
duty-unplanned = no shifts planned
duty-nobody = Nobody is on duty now
duty-on = On duty
duty-off = Off duty
duty-disabled = Disabled
duty-back = back { $time }
duty-rest = off
duty-cancel = Cancel
duty-plan = Plan leave
duty-plan-go = Plan
duty-kind = What
duty-since = From
duty-until = Until
duty-week = Weekly shifts
duty-week-what = Written as 08:00-20:00, several a day with spaces between, a night shift 20:00-08:00 on the day on which it begins; an empty day is off. All empty: no shifts planned
duty-weekday-1 = Monday
duty-weekday-2 = Tuesday
duty-weekday-3 = Wednesday
duty-weekday-4 = Thursday
duty-weekday-5 = Friday
duty-weekday-6 = Saturday
duty-weekday-7 = Sunday
duty-day = One day
duty-shifts = Shifts; empty is off
duty-as-week = As in every week
