refused-run_discarded = This preview was discarded
refused-nothing_to_bill = There is nothing to bill for this period
refused-preview_outdated = Contract, prices or register changed since the preview; look at a new one first
refused-run_not_confirmed = The run is not confirmed
refused-run_confirmed = The run is confirmed; it cannot be discarded
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
run-none = No run yet
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
