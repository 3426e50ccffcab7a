## Who reported it and under which number, read out of one sentence (alternatives apart by |, none is -)
contact-digits = -
contact-digits-other = -
contact-cue = phone number|phone|telephone|mobile|cell|tel|call|contact
contact-wechat = wechat id|wechat
contact-wechat-word = WeChat
contact-titles = -
contact-surnames = -
contact-surnames-two = -
contact-familiar = -
contact-before = from|by|resident|tenant|owner|name is|i am|room|flat|unit
contact-said = says that|says|said that|said|reports that|reports|reported|called to say|complains that|complains
contact-not = -
contact-or = or|and
contact-introduced = my name is|name is|i am|this is

## Merging, taking back, putting right
act-undo-merge = Undo the merge
act-undo-drop = Take it up after all
act-undo-promote = Take back the order
act-withdraw = Take back the order
act-place = Correct the place
act-reporter = Add or correct the reporter
act-remove-photo = Remove the photo
about-undo-merge = It was not the same thing: the line stands for itself again and waits.
about-undo-drop = The line goes back to those that wait.
about-undo-promote = Made an order by mistake: the line waits in the notebook again and the order's number is void, as long as nobody was sent.
about-withdraw = Opened by mistake: its line waits in the notebook again and this number is void, as long as nobody was sent.
about-place = Say where it is; the order's place changes with it, the former one stays in the history.
about-reporter = Add or correct name and phone; what is left empty stays as it was. The change is on record.
about-remove-photo = A wrong photo is destroyed for good; who removed it and when stays on record.
done-close-owed = { $n ->
    [one] Closed. { $n } reporter was not answered yet: { $numbers }
   *[other] Closed. { $n } reporters were not answered yet: { $numbers }
 }
told-MergeUndone = Merge undone
told-DropUndone = Taken up again
told-PromotionUndone = Order taken back; the line waits again
told-WorkOrderWithdrawn = Order taken back, its number is void
withdrawn-to-line = Opened by mistake and taken back. See its line
refused-order_touched = Somebody is at it already, so it cannot be taken back; cancel it, or pass it on
refused-deadline_extended = The deadline was moved to that time already
told-PlaceCorrected = Place corrected
told-ReporterCorrected = Reporter corrected
told-PhotoRemoved = Photo removed
refused-merge_order = The order of that one is { $stage }; note it anew instead
twin-waits = waiting
twin-merge = Same thing, merge
twin-reopens = Broken again, merge and reopen
twin-about = { $no } { $stage }: { $text }
twin-title = Perhaps reported already
capture-reporter = Reporter
capture-phone = Phone
capture-lifted = Name and phone are kept apart and do not stay in the text; correct them if they are wrong
owed-title = Not answered yet
owed-what = Everybody who reported gets an answer
field-photo-kind = It shows
photokind-BEFORE = Before
photokind-AFTER = After
photo-of = Photo of line { $no }
place-correct = Correct the place
reporter-correct = Correct
photo-remove = Remove
photo-camera = Take a photo
contact-home = -
contact-titles-before = mr|mrs|ms|miss|dr
