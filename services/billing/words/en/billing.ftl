refused-run_discarded = This preview was discarded
refused-nothing_to_bill = There is nothing to bill for this period
refused-preview_outdated = Contract, prices or register changed since the preview; look at a new one first
refused-run_not_confirmed = The run is not confirmed
refused-run_confirmed = This run was confirmed already
refused-run_prepared = This preview was reckoned already, and says otherwise
refused-run_completed = This run is completed already
refused-run_months = A run covers 1 to { $most } months
refused-no_bills_here = Nothing is charged here for this period ({ $mode }), or no price list is shown
refused-quantity = A quantity is 1 to 10,000
refused-no_price_shown = No price is displayed for this; it cannot be charged
refused-correction_same = It is the same as the bill; there is nothing to correct
obstacle-NO_PAYER = No owner
obstacle-NO_PRICE = No price
obstacle-NO_AREA = No area
otherwise-NEW = New
otherwise-GONE = No longer charged
otherwise-PRICE = Price changed
otherwise-AREA = Area corrected
otherwise-PAYER = Owner changed
otherwise-VACANCY = Vacancy changed
otherwise-QUANTITY = Quantity changed
otherwise-PERIOD = Other days
runstanding-PREPARED = To be confirmed
runstanding-RUNNING = Under way
runstanding-STOPPED = Stopped
runstanding-DONE = Done
runstanding-DISCARDED = Discarded
fee-tab-bills = Bill runs
run-title = Bill runs
run-new = Bill a period
run-what = A preview first: what each dwelling owes, where it differs from the last run, what is missing. Nothing is billed until you confirm.
run-period = First month
run-months = How many months
run-prepare = Preview
run-prepared = The preview is ready
run-earlier = Earlier runs
run-of = { $period }, run { $number }
run-lines = { $n -> 
    [one] { $n } bill
   *[other] { $n } bills
 }
run-none = No run is recorded here yet
run-billed-until = The property fee is billed up to { $day } ({ $n ->
    [one] one dwelling
   *[other] { $n } dwellings
}).
run-billed-less = { $n ->
    [one] One more is
   *[other] { $n } more are
} billed up to an earlier day only.
run-billed-nothing = The property fee has not been billed yet.
run-lapsed = Not issued
run-progress = Progress
run-done = { $done } of { $lines }
run-issued = Done: { $n -> 
    [one] { $n } bill
   *[other] { $n } bills
 } issued
run-confirm = Issue the bills
run-go-on = Go on
run-nothing = Everything in this period is billed already.
run-discard = Discard
run-missing = { $n } cannot be billed
run-different = { $n } differ from the last run
run-bills = Bills ({ $n })
refused-repair_order_missing = Work in a home is charged by its order; choose the order first
refused-repair_elsewhere = This order is about another dwelling
refused-costs_elsewhere = Only work in a home is split into call-out, work and parts
refused-costs_needed = Correct a bill for work in a home by call-out, work and parts
refused-run_too_far = Bills can be issued { $most } months ahead at most
charge-title = Single charge
charge-one = At the displayed price
charge-one-what = The price is the one on the public price display.
charge-item = What for
charge-quantity = How many
charge-each = { $item }, { $price } yuan each, { $clause }
charge-no-price = No single charge is on the price display for this dwelling
charge-do = Issue the bill
charge-done = Bill { $no } issued
charge-repair = Work in the home
charge-repair-what = Finished orders whose quote the resident agreed to. Charge the quote or less.
charge-repair-none = No work in the home waits for its bill
charge-quoted = Quote { $amount }
charge-no-home = The order names no flat
run-repairs = Work in homes that waits for its bill
bill-title = Bill { $no }
bill-void = Void
bill-void-what = For a bill that should not be. What was paid on it stays on the account; the void bill and its reason stay, too.
bill-void-do = Void this bill
bill-correct = Correct
bill-correct-waived = { $amount } of this bill was waived. The waiver does not go over to the new bill; grant it there again where it still holds.
bill-correct-what = Voids this bill and issues another one; what was paid goes over to it. Wrong area or price: put the register or the price list right, void, and bill the period again.
bill-correct-amount = New amount
bill-correct-payer = Payer
bill-correct-do = Void it and issue another
bill-done-void = Bill void
bill-done-correct = Corrected, new bill { $no }
bill-replaced = Corrects another bill
bill-of-order = Order
run-same = The same as the last run: dwellings, prices, areas and owners have not changed.
run-first = The first run here: there is none to compare it with.
run-to-issue = Bills to issue ({ $n })
run-home = Dwelling
ledger-sold = Owner changed
bill-sold = For some of these days somebody else owned the dwelling. Void this bill and run the period again: each owner is billed for their own days, and the parts add up to the whole.
run-missing-what = Open one to put it right, then preview again. What is not sold is owned by the developer: register it so, and the developer is billed.

# Why something is refused
refused-bill_waived = Part of this bill was waived; the accountant settles it
run-way = Three steps of billing
run-step-choose = Choose the period
run-step-look = Look at the preview
run-step-issue = Confirm
bill-change = Change this bill
bill-next = Take this money
