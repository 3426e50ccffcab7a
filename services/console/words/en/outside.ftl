## What readers outside the station see instead of texts, names and photos

text-withheld = Shown inside the station only
person-withheld = Station staff
photos-withheld = Photos are shown inside the station only
