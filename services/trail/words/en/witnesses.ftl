# Witnesses: who signs, how far, who is missing
fee-tab-trail-witnesses = Witnesses
field-witness = witness
field-line = signed line
witness-title = Witnesses
witness-verdict-witnessed = Witnessed to entry { $size }
witness-verdict-nobody = Not witnessed yet
witness-verdict-none = Nobody has been named as witness yet
witness-what-none = The record goes on, but only the firm itself vouches for it. Ask an administrator to settle it below.
witness-what-nobody = Not enough of the right people have signed one and the same checkpoint: it cannot be called witnessed.
witness-what-witnessed = What was written before that can be changed or taken out by nobody, not by the firm either.
witness-tail = { $n ->
    [one] One entry after that is not witnessed; it has waited { $span }.
   *[other] { $n } entries after that are not witnessed; the oldest has waited { $span }.
}
witness-tail-all = None of it is witnessed, up to entry { $n }; the oldest has waited { $span }.
witness-tail-none = All of it is witnessed.
witness-tail-old = That is too long: { $minutes ->
    [one] more than a minute.
   *[other] more than { $minutes } minutes.
}
witness-broken = The file with the policy cannot be used: { $why }
witness-source-FILE = The policy stands in a file on the server; it can only be read here.
witness-source-ACT = The policy was entered here by an administrator.
witness-lanes = Witnesses and how far they have signed
witness-who = Who
witness-how = How
witness-signed-to = Signed to
witness-signed-at = Signed at
witness-state = State
witness-by-hand = by hand
witness-by-itself = by itself
witness-never = never signed
witness-entries = to entry { $n }
witnesswent-COSIGNED = signed
witnesswent-AWAY = cannot be reached, will be tried again
witnesswent-PRIVATE = its address is in our own network, which the settings do not allow
witnesswent-UNKNOWN_LOG = it does not know this log; it has to be named there
witnesswent-UNKNOWN_KEY = it does not trust our present key; the new key has to be named there
witnesswent-MISREAD = its answer cannot be understood
witnesswent-WRONG_KEY = what came back is not signed by the key in the policy
witnesswent-AHEAD = it signed more entries than the log has: the log is shorter, or was exchanged
witnesswent-REFUSED = it refuses: what it signed does not go with what the log shows
witness-failing-since = since { $since }
witness-give = To sign
witness-give-what = Scan this code with the phone, or hand over the file. The signing page works offline; the key is on the member's own phone alone.
witness-give-signed = This checkpoint is signed already.
witness-give-file = File to sign
witness-give-code = Scan to sign
witness-give-code-none = No public address is set, so no phone could open a code. Use the file.
witness-page = Signing page
witness-take = Hand in the signed line
witness-take-what = The signing page ends with one line that begins with a dash. Paste the whole line here; the whole signed file will do as well.
witness-take-field = Signed line
witness-take-do = Take it
witness-done-take = Taken: { $who } signed to entry { $size }
witness-done-policy = The policy is settled
witness-done-withdraw = The policy is taken back
witness-policy = Who must vouch
witness-policy-now = Policy now
witness-policy-usual = The usual way
witness-policy-usual-what = Two of three committee members and one of sub-district or municipal platform. Let each tell you the public key in person or by telephone, sign by sign.
witness-policy-member = Public key of member { $n }
witness-policy-government = { $n ->
    [1] Public key of the sub-district
   *[other] Public key of the municipal platform
}
witness-policy-url = { $n ->
    [1] Address of the sub-district's witness
   *[other] Address of the platform's witness
}
witness-policy-url-how = leave it empty for signing by hand
witness-policy-text = Whole policy
witness-policy-text-what = As C2SP tlog-policy writes it. An empty text takes it back.
witness-policy-do = Settle it
witness-log-key = Name and public key of this log
witness-log-key-what = For every witness to copy. They recognise this line, and no other log can pose as it.
witness-evidence = What does not go together
witness-evidence-what = Each file holds two checkpoints that the log signed. Together they are proof. Take them to the committee and the sub-district.
witness-evidence-file = Evidence { $number }
witness-evidence-line = { $at }, { $who }
refused-no_witness_policy = Nobody has been named as witness, so no signature can be taken. An administrator has to settle the policy first
refused-cosignature_older = All up to entry { $known } is signed already; this is an old signature up to { $size }, which adds nothing
refused-cosignature_missing = Paste the signed line
refused-cosignature_none = There is no signature in this. The signed line begins with a dash; copy the whole line from the signing page
refused-cosignature_question = This is what is to be signed, and is not signed yet. Open it on the signing page and paste the line that comes of it
refused-cosignature_link = This is an address, not a signature. Open it on the phone and paste the line that comes of it
refused-cosignature_receipt = This is a receipt, not a witness's signature
refused-cosignature_key = This is a public key, not a signature. Public keys go into the policy
refused-cosignature_long = Too long: more than { $most } signs. Only the signed line is wanted
refused-cosignature_damaged = This line is damaged or not whole; copy the whole line from the signing page
refused-cosignature_of_log = This is the log's own signature, not a witness's. The witness's line is the last one
refused-cosignature_stranger = The policy has no witness called { $name }, so the signature does not count. Name it in the policy first
refused-cosignature_other_key = { $name } signed with another key than the policy's: after a new phone or key the policy has to be changed first
refused-cosignature_other_log = This was signed over another log, { $name }, and says nothing here
refused-cosignature_fits_none = This line goes with no checkpoint of the log: it is not whole, or was signed over another log. Open the file to sign once more
refused-cosignature_other_history = What was signed there up to entry { $size } is not what the log has now, and the log signed both. This is serious: the evidence is kept, tell the committee and the sub-district at once
refused-policy_malformed = { $line ->
    [0] This policy cannot be used:
   *[other] Line { $line } cannot be used:
}{ " " }{ $why ->
    [no_quorum] the quorum is missing, so nobody knows whose signatures are enough
    [two_quorums] there may be only one quorum
    [bad_policy_line] it cannot be understood
    [unknown_name] it uses a name that was not defined before
    [empty_group] the group has no members
    [counted_twice] somebody cannot be in two groups
    [bad_threshold] more are wanted than the group has
    [name_twice] a name stands there twice
    [key_twice] a public key stands there twice
    [wrong_kind] a key of the wrong kind: a log's where a witness's is wanted, or the other way round
    [key_id_differs] the public key was copied wrongly, its number does not go with it
    [too_long] it is too long
    [control_character] it has invisible characters
   *[other] the public key is damaged; ask for it once more
}
refused-policy_other_log = The policy does not name this log's own public key, so no checkpoint here could be verified by it
refused-policy_own_key = The log's own key cannot be a witness
refused-policy_too_many = More witnesses than { $most } cannot be
refused-policy_no_members = At least one member's public key is needed
refused-policy_no_government = The public key of the sub-district or the platform is needed

# The signing page: a member's own phone, without a network
trailsign-title = Sign as a witness
trailsign-lead = This page checks and signs on your own phone. It sends nothing anywhere and works offline.
trailsign-h-key = 1. My key
trailsign-key-what = The first time, make a key. It stays on this phone alone; nobody can take it, the firm included.
trailsign-name = My name as a witness (letters, no spaces, such as witness.donghuyuan/wang)
trailsign-key-make = Make a key that stays in this phone
trailsign-key-make-file = Make a key and keep it as a file
trailsign-key-from-file = Use the key file that I kept
trailsign-key-mine = My public key, for the administrator's policy:
trailsign-key-mine-what = With a new phone make a new key, and have the policy changed.
trailsign-h-log = 2. Know the log
trailsign-log-what = Compare the log's public key sign by sign with the printed one before you trust it.
trailsign-log-add = The log's public key
trailsign-log-trust = Compared; trust it
trailsign-h-sign = 3. Check and sign
trailsign-file = The file to sign, or a photo of the code
trailsign-paste = Or paste what is to be signed
trailsign-sign = Sign
trailsign-done = Signed. Give this line to the committee, or paste it where signed lines are handed in.
trailsign-line = Signed line
trailsign-copy = Copy
trailsign-save = Keep as a file
trailsign-bad-key = This is no public key, or not all of it
trailsign-wrong-kind = This is a key of another kind; the log's public key is wanted
trailsign-key-altered = The key was copied wrongly: its number does not belong to it
trailsign-no-question = There is nothing to sign in this. Open the file to sign that you were given, or scan the code
trailsign-bad-name = The name cannot be empty, and has no spaces and no plus
trailsign-unknown-log = The log “{ $name }” is not trusted here yet. Compare its public key in step 2 first
trailsign-bad-signature = The log's signature is bad: something was altered. Do not sign
trailsign-no-signature = The log “{ $name }” did not sign this with the key you trust. Do not sign
trailsign-smaller = You have signed up to entry { $last }; this one ends at { $size }, it is old and needs no signature
trailsign-fork = The same size as you signed last, and another record: the log was exchanged. Do not sign. The evidence was saved as a file; take it to the committee and the sub-district
trailsign-stale = They prove it from entry { $old } on, but you signed up to { $last } last. Ask them for a new one
trailsign-unproven = It is not shown that this goes on from what you signed last: it may have been altered. Do not sign. Both were saved as a file; take it to the committee and the sub-district
trailsign-entries = Up to entry { $n }
trailsign-goes-on = Checked: nothing up to entry { $last }, which you signed last, was changed; what follows is new
trailsign-first = You sign this log for the first time: from here on nobody can change what was before
trailsign-no-key = Checked, all is well. Make your key in step 1, then sign
trailsign-fits = Checked: it can be signed
trailsign-bad-key-file = This is no kept key file, or it is damaged
trailsign-no-camera = This browser reads no codes in photos. Scan it with the phone's camera, or use the file
trailsign-no-code = There is no code in the photo, or it is not sharp; take another
trailsign-old-browser = This browser is too old, or a private window, and cannot sign. Use a newer one
trailsign-broken = That did not work; try once more

# Friday's sheet for the notice board
witness-sheet = Print the sheet for the board
wallsheet-title = This week's checkpoint
wallsheet-week = Week { $week } of { $year }
wallsheet-size = { $n }
wallsheet-scan = Scan it; the phone checks by itself
wallsheet-entries = Entries up to this moment
wallsheet-entries-short = Entries
wallsheet-root = Fingerprint
wallsheet-short = Short code, to be read aloud
wallsheet-state = Witnessed
wallsheet-unwitnessed = not yet
wallsheet-unwitnessed-means = Not enough witnesses have signed; only the firm itself signed this sheet. It cannot be called witnessed.
wallsheet-who = Who vouches
wallsheet-nobody = Nobody has been named as witness yet.
wallsheet-name = Witness
wallsheet-key = Name of the key
wallsheet-when = Signed at
wallsheet-done = State
wallsheet-signed = signed
wallsheet-waits = not yet
wallsheet-rule = It counts when enough committee members and one of sub-district or platform have signed. The firm's own signature does not count.
wallsheet-can = What this sheet proves
wallsheet-can-what = What was written up to entry { $n } can be changed or taken out by nobody, not by the firm either. If it were, next week's sheet would not agree.
wallsheet-cannot = And what not
wallsheet-cannot-what = What was never entered, and what was entered wrongly. Whoever has a receipt can compare it.
wallsheet-three = Three things anybody can do
wallsheet-first = Take a photo. Next week scan the new sheet: the phone says whether the two agree.
wallsheet-second = Scan the code on a receipt and see whether that entry is there, unchanged.
wallsheet-third = If they do not agree, ask the residents' committee. Two sheets that do not agree are proof.
wallsheet-earlier = Weeks before
wallsheet-day = Day
wallsheet-begins = Fingerprint begins
wallsheet-posted = Posted:
wallsheet-compared = Compared:
