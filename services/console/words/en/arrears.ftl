# Arrears: reminder, demand, committee, mediation, suit, one after the other; told to the debtor alone, nothing cut off.
rung-NONE = Not reminded yet
rung-REMINDED = Reminded
rung-DEMANDED = Demand served
rung-COMMITTEE = Urged by the committee
rung-MEDIATION = Mediated
rung-SUIT = In court or arbitration
remindedby-PHONE = Phone call
remindedby-MESSAGE = Message
remindedby-VISIT = Visit
remindedby-SEALED_NOTE = Sealed note
deliveredby-BY_HAND = Handed over and signed for
deliveredby-REGISTERED_POST = Registered post or courier
deliveredby-LEFT_WITH_WITNESS = Left there before a witness
urgedby-OWNERS_COMMITTEE = Owners' committee
urgedby-RESIDENTS_COMMITTEE = Residents' committee
urgedby-NONE_ELECTED = No committee elected yet
mediator-RESIDENTS_COMMITTEE = Residents' committee
mediator-MEDIATOR_STEWARD = Mediator among the stewards
mediator-PEOPLES_MEDIATION = People's mediation committee
mediationoutcome-AGREED = Agreed
mediationoutcome-FAILED = Not agreed
mediationoutcome-NOT_ATTENDED = Did not attend
venue-COURT = Court
venue-ARBITRATION = Board of arbitration
interruptedby-DEMAND = Written demand
interruptedby-ACKNOWLEDGEMENT = Acknowledged by the debtor
interruptedby-SUIT = Court or arbitration
view-dunnings = Dunning
age-M0_3 = Up to 3 months
age-M3_12 = 3–12 months
age-M12_24 = 12–24 months
age-M24_36 = 24–36 months
age-OLDER = Over 36 months
dunningstep-REMIND = To remind
dunningstep-WRITE = To write a demand
dunningstep-SERVE = Demand to serve
dunningstep-COMMITTEE = To ask the committee
dunningstep-MEDIATE = To mediate
dunningstep-SUE = May sue
rest-HARDSHIP = Resting: hardship
rest-DISPUTED = Disputed, to be answered
rest-UPHELD = Dispute upheld
rest-INSTALMENTS = Paying instalments
refused-bill_not_open = Nothing of this bill is open any more
refused-bills_named = Choose the bills, each once, six hundred at most
refused-other_debtor = Another owner owes this bill; do it separately
refused-not_overdue_enough = Not overdue long enough; possible from { $earliest }
refused-ladder_paused = This household is in hardship; nothing is asked until { $until }
refused-ladder_skips = A step is missing: first “{ $needed }”
refused-debt_disputed = The owner disputes it; answer first, then go on
refused-dispute_upheld = The dispute was upheld; this bill is no longer asked for
refused-dispute_decided = This dispute has been answered
refused-unknown_dispute = There is no such dispute
refused-instalments_running = Instalments are agreed and being paid; nothing else is asked
refused-instalment_count = Between 1 and { $most } instalments
refused-instalment_days = Each instalment later than the one before, from today, within three years
refused-instalment_sum = The instalments do not add up to what is owed
refused-demand_period = A demand leaves fifteen days at least, until { $earliest } or later
refused-demand_period_long = A demand leaves one year at most
refused-demand_running = The period of the demand runs until { $until }; the next step comes after it
refused-demand_served = This demand was served on { $day }
refused-unknown_demand = There is no such demand
refused-served_before_written = It cannot have been served before it was written on { $day }
refused-acknowledged_before_due = Nothing was due yet; the earliest day is { $earliest }
refused-day_ahead = That day has not come yet
refused-hardship_day = Choose a coming day, { $latest } at the latest
refused-nothing_overdue = No bill is overdue
refused-debtors_chosen = Choose between 1 and { $most } households
refused-unknown_deliverer = Whoever delivered it has to be somebody of this station
refused-own_dwelling = Nobody lets go of fees for their own home; another head has to do it
refused-letters_too_many = At most { $most } letters at once; choose a building first.
refused-no_letters = No demand is waiting to be printed
letter-firm = Property service centre of { $community }
letter-station = Service station of { $estate }
letter-owner = Owner
letter-way-desk = At the desk of the station: cash, card, WeChat or Alipay
refused-choose = Choose one
refused-day_unreadable = Write the day as 2026-12-31
fee-tab-arrears = Arrears
arrears-title = Arrears
arrears-ages = How long it has been owed
arrears-as-of = Reckoned on { $day }
arrears-households = { $n ->
    [one] { $n } household
   *[other] { $n } households
}
arrears-bills = { $n ->
    [one] { $n } bill
   *[other] { $n } bills
}
arrears-lapsing = { $n ->
    [one] { $n } bill lapses within 90 days: write a demand and keep the proof that it was served
   *[other] { $n } bills lapse within 90 days: write demands and keep the proof that they were served
}
arrears-lapsed-bills = { $n ->
    [one] { $n } bill has lapsed: its owner may refuse to pay; what is paid freely is taken
   *[other] { $n } bills have lapsed: their owners may refuse to pay; what is paid freely is taken
}
arrears-lapsed = lapsed
arrears-none-lapsing = No bill lapses within 90 days
arrears-steps = Next step
arrears-all = All
arrears-resting = Resting
arrears-list = Who owes
arrears-order = What lapses first comes first
arrears-building = Building
arrears-buildings-all = All buildings
arrears-filter = Filter
arrears-pick = Pick
arrears-pick-one = Pick { $place }
arrears-dwelling = Dwelling
arrears-amount = Owed
arrears-since = Oldest due day
arrears-last-day = Last day of the claim
arrears-rung = Where it stands
arrears-next = Next step
arrears-coming = { $step } from { $day }
arrears-provisional = provisional
arrears-provisional-what = The holidays of that year are not published yet; the day may move
arrears-place-gone = Withdrawn dwelling
arrears-scope = For whom
arrears-scope-picked = Those picked
arrears-scope-all = Everybody at this step, { $n }
arrears-means = How they were reminded
arrears-do-remind = Record reminders
arrears-pay-by-field = To be paid by
arrears-do-write = Write demands
arrears-how = How it was served
arrears-served-on = Served on
arrears-served-by = Served by
arrears-evidence = Proof
arrears-evidence-what = Who signed, tracking number or witness; where they differ, in the rows above
arrears-do-serve = Record service
arrears-print-all = Print demands to serve
arrears-proof-one = Proof of { $place } alone
arrears-proof-own = Own proof
arrears-print = Print this demand
arrears-urged-by = Who is asked to urge
arrears-do-committee = Record the request
arrears-empty = Nothing is overdue here
arrears-by-building = By building
arrears-no-building = Other
arrears-never = What is owed is told to the debtor alone. No names or rooms are published; water, power, gas, heat and access have nothing to do with payment, and nothing here can take them away.
arrears-done-remind = { $n ->
    [one] { $n } household noted as reminded
   *[other] { $n } households noted as reminded
}
arrears-done-write = { $n ->
    [one] { $n } demand written; print and serve it next
   *[other] { $n } demands written; print and serve them next
}
arrears-done-serve = { $n ->
    [one] { $n } demand noted as served
   *[other] { $n } demands noted as served
}
arrears-done-committee = { $n ->
    [one] { $n } household noted, the committee is asked
   *[other] { $n } households noted, the committee is asked
}
arrears-done = Noted
arrears-case = Arrears of { $place }
arrears-back = Back to the list
arrears-account = See the account
arrears-paused = Hardship: nothing is asked until { $day }
arrears-bill = Bill
arrears-open = Open
arrears-due = Due
arrears-age = Age
arrears-interrupted = begun anew on { $day }
arrears-plan = Instalments agreed on { $day }; nothing else is asked while they are paid
arrears-serve = Demand { $number } is to be served
arrears-remark = Remark
arrears-mediator = Mediated by
arrears-outcome = Outcome
arrears-do-mediate = Record mediation
arrears-venue = Filed with
arrears-filed-on = Filed on
arrears-case-number = Case number
arrears-do-sue = Record the suit
arrears-nothing-to-do = No step is due right now
arrears-nothing-until = No step is due before { $day }: { $step }
arrears-only-heads = Suits are filed by the station head or the centre head
arrears-broken = Instalments were not paid as agreed; asking goes on since { $day }
arrears-upheld-what = Bills that were wrong are not asked for: void or correct them on the account
arrears-mediated-what = If they agreed, write down the instalments next; if they were not kept, go on from here
arrears-all-unless = Without a tick it is about all that is overdue
arrears-talk = Talking with the owner
arrears-answer-dispute = Answer the dispute of { $day }
arrears-because-right = Why the bill is right
arrears-because-wrong = What is wrong with it
arrears-do-reject = The bill is right, go on
arrears-do-uphold = The owner is right, ask no more
arrears-dispute = The owner disputes it
arrears-dispute-what = What the owner says
arrears-do-dispute = Record the dispute
arrears-agree = Agree on instalments
arrears-agree-what = All that is overdue and not disputed in equal monthly parts, odd fen in the first; the claims begin anew once it is signed
arrears-count = Number of instalments
arrears-first = First instalment
arrears-do-agree = Record instalments
arrears-acknowledge = The owner acknowledges the debt
arrears-acknowledge-what = A signed statement or a message, only with proof; the claims begin anew
arrears-acknowledged-on = Acknowledged on
arrears-do-acknowledge = Record it
arrears-hardship = Hardship
arrears-until-field = Ask nothing until
arrears-hardship-why = What hardship (kept sealed)
arrears-do-hardship = Let it rest
arrears-waive = Waive
arrears-rule = By which rule
arrears-do-waive = Waive
arrears-empty-case = Nothing is overdue here
arrears-history = What was said and done
arrears-no-history = Nothing was asked for yet
arrears-claims = { $n ->
    [one] { $n } bill, { $amount }
   *[other] { $n } bills, { $amount }
}
arrears-missing = { $amount } missing
arrears-pay-by = to be paid by { $day }
arrears-on = { $day }
arrears-runs-out = runs until { $day }
arrears-until = until { $day }
arrears-due-day = { $day }
dunning-told-ReminderSent = Reminder
dunning-told-DemandWritten = Demand written
dunning-told-DemandServed = Demand served
dunning-told-CommitteeAsked = Committee asked
dunning-told-MediationHeld = Mediation
dunning-told-SuitFiled = Suit or arbitration filed
dunning-told-DebtAcknowledged = Debt acknowledged
dunning-told-LimitationInterrupted = Claims begin anew
dunning-told-DebtDisputed = Disputed by the owner
dunning-told-DisputeUpheld = Dispute upheld
dunning-told-DisputeRejected = The bill is right
dunning-told-InstalmentPlanAgreed = Instalments agreed
dunning-told-InstalmentPlanBroken = Instalment missed
dunning-told-HardshipNoted = Hardship: nothing is asked
dunning-told-DebtSettled = Settled
suit-title = Suit file
suit-subtitle = Fees owed for property services
suit-debtor = Owner
suit-place = Dwelling
suit-claims = Claims and their limitation
suit-bill = Bill
suit-item = Item
suit-span = Period
suit-ground = Ground
suit-capital = In capitals
suit-open-total = Owed in all (yuan)
suit-provisional = * Provisional: the days off of that year are not published yet and may move it.
suit-day = Day
suit-step = Step
suit-said = What was said
suit-told-by = Told by
suit-record = Record
suit-due = Due
suit-interrupted = Begun anew
suit-last-day = Last day
suit-amount = Billed (yuan)
suit-open = Open (yuan)
suit-total = Total
suit-demands = Demands and proof of service
suit-demand = Demand
suit-served-on = Served on
suit-how = How
suit-by = By
suit-evidence = Proof
suit-runs-out = Runs until
suit-paid = Part paid
suit-paid-what = { $amount }, receipt { $receipt }
suit-sign = Prepared by
suit-source = From the log, up to record #{ $position }
refused-penalty_on_principal = A penalty is on principal only, never on a penalty or a cost
refused-penalty_no_clause = The contract has no clause for a penalty
refused-penalty_nothing = No penalty has accrued up to today
arrears-penalty = Penalty
arrears-penalty-what = By { $clause } of the contract, day by day on unpaid principal up to today; never where a dispute was upheld
arrears-do-penalty = Bill the penalty
