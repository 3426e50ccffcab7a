coarseness-exact = Nothing left open
coarseness-kind = Kind of stream and day alone
coarseness-all = The month alone

# A fork: after a restore the log is not the one that witnesses signed
fork-title = The audit log's name, and whether it goes on
fork-stands = The log is not the one that was witnessed: nothing is written
fork-none = The log is the one that was witnessed
fork-none-what = Where a restored log is shorter than what witnesses signed, or different, it is said here, and two people have to confirm before anything is written.
fork-what = What was witnessed and is not here is lost. Look for a newer backup first; where there is none, one person proposes to go on and another one confirms it. The log then has another name, and both acts are on record.
fork-reason = Why it goes on like this
fork-propose = Propose to go on
fork-confirm = Confirm going on
fork-proposed = { $who } proposed to go on, { $time }.
fork-somebody = Somebody
fork-another = Another person has to confirm it.
fork-name = The log's name and public key
fork-name-what = Copy or print this for the residents' committee and the witnesses: they check the log by it.
fork-origin = Name
fork-keys = Public keys
refused-trail_shorter = The log is not the one that was witnessed: { $had } entries were signed, and there are { $has }. Nothing can be written before two people confirm going on.
refused-trail_different = The log is not the one that was witnessed: the { $had } entries that were signed differ from the { $has } here. Nothing can be written before two people confirm going on.
refused-trail_forgotten = The file that says what was witnessed is damaged; there are { $has } entries here. Nothing can be written before two people confirm going on.
refused-trail_unproven = Restored from a backup: { $had } entries were witnessed in it, there are { $has } here, and nobody knows whether more were witnessed since. Nothing can be written before a witness signs again or two people confirm going on.
refused-no_fork = The log is the one that was witnessed: there is nothing to confirm.
refused-nothing_proposed = Nobody has proposed to go on.
refused-fork_changed = Things have changed since it was proposed: propose it anew.
refused-same_person = One person proposes and another one confirms.
refused-going_on_confirmed = It was confirmed already, and the log goes on under another name.

# Receipts
trailreceipt-title = Receipt of an entry
trailreceipt-entry = Entry { $index } of the audit log
trailreceipt-code = The code that leads to the receipt
trailreceipt-what = Scan the code or open the address to fetch the receipt. Whoever gets it can check that this stands in the log and was not changed since. No name, phone or text is in it.
trailreceipt-cosigned = A witness has signed the state of the log that it rests on.
trailreceipt-not-cosigned = No witness has signed yet; fetched later, it comes with signatures.
trailreceipt-checkpoint = The state of the log that it rests on
trailreceipt-fetch = Fetch the receipt
