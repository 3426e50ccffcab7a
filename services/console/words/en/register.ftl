# The register: dwellings, owners, imports
use-RESIDENCE = Residence
use-SHOP = Shop
use-PARKING = Parking space
use-STALL = Stall
use-STORAGE = Storage room
ownerkind-PERSON = Person
ownerkind-COMPANY = Company
ownerkind-DEVELOPER = Developer
field-chargeable_area = Built area
field-exclusive_area = Exclusive area
field-room = Room
field-owner = Owner
field-quantity = Quantity
field-item = Item
field-because = Reason of the correction
field-use = Use
field-kind = Kind of owner
refused-area = { $field }: more than 0 and less than 100,000 m²
refused-area_exclusive = The exclusive area cannot be larger than the built area
refused-register_day = { $field }: before 1980, perhaps the year is mistyped
refused-register_future = { $field }: still to come; register it when it has come
refused-until_not_later = { $field }: has to be after the beginning
refused-dwelling_registered = This dwelling is in the register already
refused-dwelling_unknown = The register has no such dwelling
refused-dwelling_withdrawn = This dwelling was taken out of the register; register it anew first
refused-ownership_same = This is the present owner, since { $since }
refused-ownership_not_later = Has to be after { $since }, when the present owner began
refused-ownership_unknown = This is not the last change of owner; look again
refused-vacancy_overlaps = This meets a vacancy that is noted already
refused-vacancy_none = No vacancy is noted now
refused-service_item = { $item } is not charged by period and is not registered here
refused-service_quantity = { $field }: 1 to { $most }
refused-service_overlaps = { $item } is registered for that time already; end it first
refused-service_not_taken = { $item } is not registered now
refused-owner_unknown = There is no such owner
refused-owner_forgotten = What was known of this owner has been erased as required
refused-import_taken_back = This import was taken back; upload the file anew
refused-import_not_done = Not finished yet; it can be taken back when it is
register-place-words = building/block/stairwell/unit/room/flat/apt/#
refused-stairwell_missing = Several stairwells of building { $building } have this room; name the stairwell
refused-owner_still_owns = This owner still owns something; hand it over first
refused-dwelling_billed = This dwelling has bills or payments and stays in the register
refused-ownership_billed = This owner was billed already; void the bills first

# Import of the register
field-owner_kind = Kind of owner
register-names-building = Building/Block
register-names-stairwell = Stairwell/Unit/Entrance
register-names-room = Room/Flat/Dwelling/Apartment
register-names-chargeable_area = Built area/Chargeable area/Area
register-names-exclusive_area = Exclusive area/Inner area
register-names-owner = Owner/Owner name/Name
register-names-phone = Phone/Mobile/Telephone
register-names-owner_kind = Kind of owner/Owner kind
register-names-since = Since/Owner since/Handover date
register-names-use = Use/Type
register-sample-1 = 3/2/501/89.35/71.20/Mei Lin/13900000000/Person/2024-03-15/Residence
register-sample-2 = 3/2/502/120.00//Donghu Homes Ltd//Developer//Residence
register-also-use-RESIDENCE = Home/Flat
register-also-use-SHOP = Store/Commercial
register-also-use-PARKING = Parking/Garage
register-also-use-STALL = Booth
register-also-use-STORAGE = Storage/Cellar
register-also-ownerkind-PERSON = Natural person/Private
register-also-ownerkind-COMPANY = Firm/Enterprise
register-also-ownerkind-DEVELOPER = Builder/Unsold
register-area-words = square metres/sqm/m²/m2
refused-area_unreadable = The area cannot be read; write it as 89.35
refused-area_decimals = An area has at most two decimals
refused-register_columns = No heading found: it needs room, built area and owner
refused-register_date = The day cannot be read; write it as 2024-03-15
refused-register_phone = The phone cannot be read; one number to a cell
refused-register_merged = This cell is merged with another line's; split it, so that each line says its own
refused-register_use = The use is residence, shop, parking space, stall or storage room
refused-register_owner_kind = The kind of owner is person, company or developer
refused-register_twice = The same dwelling as in line { $line }

# Pages of the register
fee-tab-register = Register
register-title = Register
register-find = Find a dwelling
register-find-what = Any fragment of a room, an owner's name or its initials, or a phone
register-find-go = Find
register-nothing = Nothing found
register-nothing-what = Try it another way, as 3-2-501 or an owner's initials
register-no-owner = No owner registered yet
register-chargeable = Built area (m²)
register-exclusive = Exclusive area (m²)
register-buildings = Buildings
register-count = Dwellings
register-earlier = Previous page
register-later = Next page
register-account = See the account
register-correct-areas = Correct areas
register-now = now
register-see-phone = See the phone in full
register-see-phone-why = Why you look; who looked is kept
register-hand-over = Change owner
register-hand-over-what = Old debts stay with the owner before; the new one pays from the first day on
register-new-owner = Name of the new owner
register-first-day = First day
register-withdraw-owner = Withdraw the last change of owner
register-taken = Taken besides
register-taken-none = No parking space or the like is taken besides
register-take = Take something
register-since = First day
register-until = Until (not included)
register-until-open = Until (not included); leave it empty if not known
register-end = End it
register-vacant = Vacancy
register-vacant-none = No vacancy noted
register-note-vacancy = Note a vacancy
register-withdraw = Take this dwelling out of the register
register-done = Noted
register-import-title = Import the register
register-import-choose-what = It is only looked at first; nothing is registered before you say go
register-import-file = XLSX or CSV sheet
register-import-file-what = At most { $most } dwellings and { $megabytes } MB; save an older .xls anew
register-import-columns-what = Columns in any order, others are not read; titles and totals are passed over
register-import-start-what = Every line becomes a dwelling with its owner and its fee account
register-import-start = Start registering
register-import-good = { $n ->
    [one] One dwelling can be registered
   *[other] All { $n } dwellings can be registered
}
register-import-bad = { $n ->
    [one] One line has to be put right first
   *[other] { $n } lines have to be put right first
}
register-import-bad-what = Nothing was registered. Put it right in your own sheet and choose the file again
register-import-progress = { $done } of { $all } registered
register-import-undoing = Being taken back
register-import-done = { $n ->
    [one] One dwelling is registered
   *[other] { $n } dwellings are registered
}
register-import-undo = Take this import back
register-import-undo-what = Only what has no bill, payment or change goes; the rest stays and is told
register-import-undone = { $withdrawn } taken back, { $kept } kept
register-import-kept = These have bills, payments or changes and stay
register-import-standing-CHECKED = Not started
register-import-standing-RUNNING = Under way
register-import-standing-STOPPED = Stopped half way
register-import-standing-DONE = Done
register-import-standing-UNDOING = Being taken back
register-import-standing-UNDONE = Taken back
