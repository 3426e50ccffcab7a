# Ways to every place: the rail, the shelf of an area, the bar of a phone
nav-all = All
nav-all-label = All areas
nav-group-site = On site
nav-group-together = Together
nav-group-holdings = Holdings
nav-group-back = Team and office
nav-letters = then the letter goes there.
nav-elsewhere = { $areas }: ask the { $capacity }.
nav-swap = Hold one to put it in the bar
nav-swapped = { $area } is in the bar now
nav-waits = waiting for you
rhythm-today = Today
rhythm-month = This month
rhythm-watch = Watch
rhythm-look-up = Look up
shelf-label = Pages of { $area }
shelf-fold = Fold
shelf-unfold = Unfold
shelf-pages = { $n ->
    [one] { $n } page
   *[other] { $n } pages
}
shelf-menu = Other pages
no-area-title = No post yet
no-area-what = You can sign in, but no post was given to you yet. Ask the head of the centre for one.
state-drawer-open = open
state-drawer-shut = shut
state-drawer-holds = Drawer { $amount }
state-taken-today = { $n ->
    [one] { $n } payment today, { $amount }
   *[other] { $n } payments today, { $amount }
}
state-taken = { $amount } today
state-taken-n = { $n ->
    [one] in { $n } payment
   *[other] in { $n } payments
}
nav-swap-keys = Change the bar
nav-swap-how = Choose one for the bar
state-owing = { $n ->
    [one] { $n } home
   *[other] { $n } homes
}
state-closed = { $month } closed
state-contract-left = { $n ->
    [one] { $n } day left
   *[other] { $n } days left
}
state-contract-over = expired
keys-fold = Fold or unfold the pages of an area
account-size = Size of letters
account-size-what = on a computer, in this browser alone
account-size-usual = Usual
account-size-large = Large, 16 px
nav-offline = No network: this page stays. Try again once it is back
history-beside = { $n ->
    [one] and one entry beside it
   *[other] and { $n } entries beside it
}
failure-as = You act as { $capacity } now
sign-in-no-post = No post was given to you yet: ask the head of the centre
