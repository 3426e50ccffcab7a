refused-mode_before = The mode cannot change before the last change ({ $since })
refused-contract_missing = No service contract is in force on that day
refused-contract_expired = The contract has run out or ended
refused-contract_not_expired = The contract has not run out; there is nothing to hand over
refused-schedule_bills = This price list bills already; it cannot be taken back
refused-prepayment_months = At most { $most } months may be prepaid
refused-payment_days = The term of payment is 0 to 366 days
refused-penalty_rate = The penalty is too high; at most 0.3 % a day
refused-clause_missing = Name the clause of the contract
refused-vacancy_factor = The vacancy factor is between 0 and 1
refused-contract_number = This contract number was used before
refused-contract_overlaps = It overlaps the term of contract { $number }
refused-notice_given = Notice was given already; withdraw that one first
refused-decision_missing = Name the joint decision of the owners
refused-firm_before_term = The firm may leave at the end of the term only, { $until }
refused-notice_short = { $days } days of written notice: it ends on { $earliest } at the earliest
refused-no_price = Name at least one price
refused-unit_price = A price is above zero, to 0.0001 yuan
refused-no_use = Name the uses it applies to
refused-price_twice = One price only for an item and a use
refused-shown_after_billing = A list is displayed no later than the day from which it bills
refused-shown_in_the_past = It cannot be displayed before today
refused-before_contract = It cannot bill before the contract begins, { $since }
refused-schedule_order = It must begin after the list before it, { $since }
refused-shown_too_short = A change is displayed for { $days } days: it bills from { $earliest } at the earliest
refused-unknown_contract = There is no such contract
servicemode-NONE = No service
servicemode-BASELINE_PUBLIC_INTEREST = Public-interest baseline
servicemode-LOW_PAID = Low-paid service
servicemode-CONTRACTED = Service by contract
servicemode-SELF_MANAGED = Managed by the owners
modeground-LEAD_ORGANISATION = Decision of the lead organisation
modeground-OWNERS_DECISION = Joint decision of the owners
modeground-CONTRACT = Service contract
feemode-LUMP_SUM = Lump sum
feemode-COMMISSION = Commission
party-OWNERS = Owners
party-FIRM = Firm
charged-PER_AREA = yuan/m²·month
charged-PER_UNIT = yuan/piece·month
charged-PER_PIECE = yuan each
call-TERM_ENDS = The contract runs out soon
call-NOTICE_RUNS = The contract is ending
call-INDEFINITE = The contract is indefinite
call-HOLDING_OVER = The contract awaits its handover
contractstage-COMING = Not begun
contractstage-IN_TERM = In term
contractstage-INDEFINITE = Indefinite
contractstage-HOLDING_OVER = Until handover
contractstage-ENDED = Ended
fee-tab-contracts = Contract
contract-title = Contract and prices
contract-now = What is charged on now
contract-bills = Charges
contract-bills-not = Charges nothing
contract-mode = Service mode
contract-number = Contract number
contract-stage = State
contract-fee-mode = Fee mode
contract-term = Term
contract-order = Order of settlement
contract-prepaid = Prepaid at most (months)
contract-months = { $n -> 
    [one] { $n } month
   *[other] { $n } months
 }
contract-payment = Due after the period (days)
contract-days = { $n -> 
    [one] { $n } day
   *[other] { $n } days
 }
contract-penalty = Late penalty
contract-penalty-is = { $rate }% a day, clause { $clause }
contract-penalty-hint = Per cent a day; leave empty for none
contract-penalty-clause = Clause on the penalty
contract-vacancy = Vacancy factor
contract-vacancy-is = { $factor }, clause { $clause }
contract-vacancy-hint = Such as 0.6; leave empty for none
contract-vacancy-clause = Clause on vacancy
contract-none = Not agreed
contract-commission = Commission: the funds are held for the owners, kept apart and published every year.
contract-call-TERM_ENDS = Contract { $number } runs out in { $n -> 
    [one] { $n } day
   *[other] { $n } days
 }: there is none from { $day }. Let the owners decide on what follows; a firm that will not renew gives notice 90 days before.
contract-call-NOTICE_RUNS = { $party } gave notice: contract { $number } ends on { $day }, in { $n -> 
    [one] { $n } day
   *[other] { $n } days
 }. Prepare the handover.
contract-call-INDEFINITE = Contract { $number } ran out on { $day } with no decision and goes on indefinitely; services and charges do too. Either side may end it with 60 days' notice: agree on what follows.
contract-call-HOLDING_OVER = Contract { $number } ended on { $day } and nobody has taken over. Services and charges go on until then: hand over soon.
contract-call-look = See the contract
contract-unserved = { $n ->
    [one] { $n } bill charges
   *[other] { $n } bills charge
 } for days after the contract ended
contract-unserved-what = The contract ended on { $day }; nothing is charged for days not served. Void these bills in their accounts (reason: not served), bill the month again, and pay back what was paid too much.
contract-missing = There is no service contract; nothing is billed.
contract-display = See the price display
contract-display-print = Print { $size }
contract-prices = Price lists
contract-prices-from = Bills from { $day }
contract-prices-now = In force
contract-prices-coming = Displayed since { $day }
contract-prices-none = No price list yet
contract-act-withdraw-prices = Take this list back
contract-act-prices = Display new prices
contract-prices-what = The whole list is replaced. A change is displayed for 30 days; it bills from { $day } at the earliest.
contract-shown-from = Displayed from
contract-valid-from = Bills from
contract-price-n = Price { $n }
contract-item = Item
contract-charged = Charged by
contract-use = For
contract-use-all = All
contract-price = Price
contract-clause = Clause
contract-content = Service
contract-act-handover = Hand over
contract-handover-what = The contract has run out. Until the handover services and charges go on; from that day nothing is charged.
contract-handover-day = Day of handover
contract-act-withdraw-notice = Withdraw the notice
contract-act-notice = Give notice
contract-notice-what = Owners: 60 days and their decision. A firm that will not renew: 90 days before the end of the term. Indefinite: either side, 60 days.
contract-notice-by = By
contract-served-on = Served on
contract-ends = Ends on
contract-decision = Decision of the owners
contract-act-sign = Sign a contract
contract-since = From
contract-until = To (included)
contract-act-mode = Change the service mode
contract-mode-what = No service and the public-interest baseline bill nothing.
contract-mode-coming = { $mode } from { $day }
contract-ground = Rests on
contract-reference = Reference
contract-all = All contracts and service modes
contract-done-mode = The service mode is changed
contract-done-sign = The contract is signed
contract-done-notice = Notice is recorded
contract-done-withdraw-notice = Notice is withdrawn
contract-done-handover = The handover is recorded
contract-done-prices = The prices are displayed
contract-done-withdraw-prices = The list is taken back
prices-title = Prices of services
prices-title-of = Prices of services in { $name }
prices-mode = Service mode: { $mode }
prices-contract = Contract { $number }
prices-none = Nothing is charged in this estate at present.
prices-promise = Nothing is charged beyond what stands here. Ask at the service station.
