# Signing in, lists, people, accounts, finding
product-what = Service stations of housing estates
sign-in-title = Sign in
sign-in-username = User name
sign-in-password = Password
sign-in-go = Sign in
sign-in-help = Forgotten? Ask your administrator
language-other-long = 中文
language-name-zh = 中文
language-name-en = English
pager-label = Pages
pager-before = Previous
pager-after = Next
notebook-title = Notebook
notebook-show-all = All
notebook-show-waiting = Waiting
notebook-empty = Nothing noted here yet
orders-title = Work orders
orders-empty = No orders here
lane-ended = Ended
column-number = Number
column-what = What
column-where = Where
column-when = When
column-status = Outcome
column-stage = Stage
column-steward = Steward
column-clock = Clock
column-device = Device
column-address = Address
column-last = Last used
search-title = Find
search-go = Find
search-nothing = Nothing found for “{ $q }”; try other words or a number
people-title = People
people-squad = Red Steward squad
people-squad-what = { $n ->
    [one] one person attached to the estate
   *[other] { $n } people attached to the estate
}
people-staff = Station staff and oversight
people-no-building = no building linked
people-link = Link
people-link-which = Which more building for { $name }
people-unlink = Unlink { $name } from building { $building }
people-release = Release from the estate
people-relieve = Relieve { $name } as { $capacity }
people-new-steward = New Red Steward
people-new-staff = New post
people-post = Post
people-roles = Roles, at least one
people-party-member = is a Party member
people-consents = agrees to stand on the notice board
people-register = Register
building-short = Bldg { $building }
field-name = Name
field-phone = Phone
field-text = Text
field-estate = Estate
field-building = Building
field-stairwell = Stairwell
field-dwelling = Dwelling
field-reporter = Reporter
field-username = User name
field-password = Password
field-capacity = Capacity
account-title = My account
account-acting = acting as this
account-switch = Act as { $capacity }
account-sign-out = Sign out
account-language = Language
account-password = Change password
account-old = Present password
account-new = New password, at least 8 characters
account-change = Change
account-sessions = Where I am signed in
account-revoke = Sign out there
account-this-one = this one
account-unknown-device = unknown device
account-done-password = Password changed; other devices are signed out
account-done-revoked = That device is signed out
account-done-language = Language changed
admin-title = Accounts
admin-accounts = { $n ->
    [one] One account
   *[other] { $n } accounts
}
admin-where = Posts are given on the people page:
admin-sessions = Signed in
admin-acts = Acts
admin-disabled = switched off
admin-disable = Switch off
admin-enable = Switch on
admin-reset = New password
admin-end-sessions = Sign out everywhere
admin-drawn = New password of { $username }, shown only once; hand it over in person:
admin-new = New account
admin-whose = For whom
admin-create = Create
admin-nobody = Everybody with a post has an account. Register people first.
notebook-fill = Note something
lane-all = All
narrow-label = Narrow the list
narrow-priority = Any priority
narrow-category = Any category
narrow-steward = Any steward
narrow-building = Any building
narrow-go = Filter
column-since = Signed in
search-hint = Number, some words, room, name or pinyin initials
search-how = Type a number, some words, a building, a room, a name or pinyin initials
search-home-page = Its page
search-homes = Dwellings
search-places = Estates and buildings
search-looked = Searched:{" "}
search-in-numbers = numbers of orders and notes
search-in-texts = texts of orders and notes
search-in-places = buildings, stairwells, rooms
search-in-reporters = names, pinyin and phones of reporters
search-in-homes = dwellings of the register
search-in-owners = names, pinyin and phones of owners
search-in-receipts = receipt numbers
search-in-people = staff
search-read-as = Read as a place:{" "}
search-receipts = Receipts
search-orders-there = Orders of this building
people-change = Change roles
people-save = Save
people-on-roster = On the notice board
people-release-what = Links to buildings end with it
people-staff-who = Posts are given and ended by an administrator
people-staff-empty = No station staff yet
people-appoint = Add post
people-appoint-which = Which post for { $name }
people-call = Call { $name }
people-join = Bring in somebody known
people-join-what = A former Red Steward, or a colleague of the station
people-join-go = Bring in
account-who = Who I am
account-capacities = My capacities
account-estates = { $n ->
    [one] one estate
   *[other] { $n } estates
}
account-sessions-what = Sign out what you do not know, then change the password
account-language-what = Kept with the account, on every computer
account-keys = Show keys, switch single keys
account-keys-what = They rest while you type
account-help = How to read and use it
admin-new-what = The password is drawn here and shown once
admin-no-post = no post at present
admin-signed-in = { $n ->
    [one] one device
   *[other] { $n } devices
}
palette-title = Quick find
palette-go = Go to
help-title = How to read and use it
help-way = The way of an order
help-usual = What is usually how urgent
help-keys-what = Single keys rest while you type; the window of keys switches them off.
help-more = How to read and use it
failure-may = May do this:
failure-typed = What you wrote is here; nothing is lost
failure-number = Tell this number to whoever looks after the product:
failure-again = Try again
failure-switch = Change capacity
keys-palette = Quick find, go elsewhere
views-title = How it runs
views-address = Public address
views-address-here-only = Only this computer opens this address: residents' phones open neither the codes on receipts nor the statement addresses given out, and price boards are printed without a code. Set JINLIN_PUBLIC_URL and start again.
views-address-open = JINLIN_PUBLIC_URL is not set: codes and statement addresses lead to the address on which the product listens.
views-address-fixed = Codes on receipts and price boards and the statement addresses given out lead here.
views-what = Boards and lists are folded from the log, event by event
views-log = { $n ->
    [one] One event in the log
   *[other] { $n } events in the log
}
views-nobody-follows = No follower is at work, so pages stand still. On the server, start jinlin follow, or jinlin run with JINLIN_FOLLOW=yes.
views-view = View
views-state = State
views-position = Position
views-current = up to date
views-lags = { $n ->
    [one] one event behind
   *[other] { $n } events behind
}
views-halted = halted at position { $position } ({ $because })
views-remedy = Repair the code and build it anew; or say why it may be left out:
views-remedy-other = Say why it may be left out:
views-nobody-leads = nobody follows the log for it
views-rebuild = Progress of the rebuild
views-rebuild-runs = being built anew, at position { $position }
views-rebuild-waits = the rebuild was interrupted at position { $position }; jinlin rebuild goes on from there
views-rebuild-halted = the rebuild is halted at position { $position } ({ $because }):
views-skips = Skipped events
views-skips-what = Reasons are written by those who run the machine, and hold nothing personal
views-skips-none = No event is skipped
views-because = Reason
views-by = By
views-since = Since
view-notebook = Notebook
view-orders = Orders
view-history = History
view-people = People
view-estates = Estates
script-draft-back = What you had typed is back; look at it before you send it
script-draft-away = Put it away
