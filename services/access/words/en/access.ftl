# sign-ins
rail-journal = Sign-ins
journal-title = Sign-ins
journal-what = Who signed in and from where, what was refused, and what was done to accounts; kept for a year
journal-when = When
journal-act = What
journal-account = Account
journal-by = By whom
journal-from = From where
journal-nobody = no such account
journal-elsewhere = many other addresses
journal-times = counted { $n }, until { $until }
journal-all-accounts = All accounts
journal-all-acts = Everything
journal-show = Show
journal-older = Earlier
journal-newest = Back to the newest
journal-none = Nothing of the kind
journal-product = At set-up
accountact-SIGNED_IN = Signed in
accountact-REFUSED = Refused
accountact-SIGNED_OUT = Signed out
accountact-CAPACITY_CHANGED = Changed capacity
accountact-SESSION_ENDED = Ended one device
accountact-SESSIONS_ENDED = Ended all sessions
accountact-RAN_OUT = Session ran out
accountact-PASSWORD_CHANGED = Changed own password
accountact-PASSWORD_RESET = Password reset
accountact-MADE = Account made
accountact-DISABLED = Account disabled
accountact-ENABLED = Account enabled
accountact-ADMITTED = Admitted from the machine

follows-reset =
    The old password ends at once, and all places signed in ({ $n }) are signed out
    The new one is shown once, on the next page: hand it over in person
follows-end-sessions =
    All places signed in ({ $n }) are signed out; what was typed and not sent stays on each device
    The password stays the same, and signing in again is possible at any time
refused-last_administrator = This is the last administrator who can sign in; appoint another one first
