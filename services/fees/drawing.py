"""What is held pays what is due before anything else becomes of an account, and after whatever an act leaves due.

So no account ever has money of a payer and a bill of the same payer that is due side by side, whoever looks when. The
product does it by itself, in the transaction of the act that comes to it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.calendar import local_date
from domain.contracts.fee_basis import FEE_BASIS, fee_basis_stream
from domain.fees.fee_account import FEE_ACCOUNT, DrawPrepayment, Event, FeeAccount
from domain.recorded import Act
from domain.register.dwelling import DWELLING
from services.commands.ask import Answer, by_itself
from services.commands.plan import Attempt, Planned
from services.log.event_log import Change
from services.log.known_states import Loaded


def due_draws(attempt: Attempt, account: FeeAccount, leaving: UUID | None = None) -> Sequence[Event]:
    """What is drawn now on an account as it stands; of whoever is ``leaving`` for all that was served."""
    day = local_date(attempt.act.recorded_at)
    held = {each.payer for each in account.payments.values() if each.held}
    if not any(bill.payer in held and (bill.due <= day or leaving) for bill in account.open_bills().values()):
        return ()
    assert account.estate is not None and account.dwelling is not None
    if attempt.at(DWELLING, account.dwelling).state.withdrawn:  # nothing is put on it, only taken back
        return ()
    order = attempt.at(FEE_BASIS, fee_basis_stream(account.estate)).state.order_on(day)
    return FEE_ACCOUNT.consider(DrawPrepayment(day, order, leaving), account, _by_itself(attempt, account.estate))


def after(attempt: Attempt, account: FeeAccount, events: Sequence[Event], draws: bool = False) -> FeeAccount:
    """An account after these events of the act, or after draws."""
    act = _by_itself(attempt, account.estate or "") if draws else attempt.act
    return FEE_ACCOUNT.fold([(event, act) for event in events], account) if events else account


def drawn(attempt: Attempt, account: FeeAccount) -> FeeAccount:
    """The account as an act finds it: what is due is paid with what is held."""
    return after(attempt, account, due_draws(attempt, account), draws=True)


def decided(
    attempt: Attempt,
    stream: UUID,
    loaded: Loaded[FeeAccount],
    command: Any,
    correlation: UUID,
    leaving: UUID | None = None,
) -> Planned:
    """What a command makes of an account, with what is drawn before and after it."""
    attempt.check_version(loaded.version, stream)
    before = due_draws(attempt, loaded.state, leaving)
    state = after(attempt, loaded.state, before, draws=True)
    events = FEE_ACCOUNT.consider(command, state, attempt.act)
    if not events:
        return Planned([], Answer(stream, loaded.version))
    later = due_draws(attempt, after(attempt, state, events))
    changes = changed_in_turn(attempt, stream, loaded, before, events, later, correlation)
    return Planned(changes, Answer(stream, loaded.version + len(before) + len(events) + len(later)))


def changed_in_turn(
    attempt: Attempt,
    stream: UUID,
    loaded: Loaded[FeeAccount],
    before: Sequence[Event],
    events: Sequence[Event],
    later: Sequence[Event],
    correlation: UUID,
) -> list[Change]:
    """The draws before an act, the act, and the draws after it, one after another on the account."""
    estate = loaded.state.estate or ""
    by_itself_now, version, found = _by_itself(attempt, estate), loaded.version, []
    for some, act, about in (
        (before, by_itself_now, stream),
        (events, attempt.act, correlation),
        (later, by_itself_now, stream),
    ):
        if some:
            found.append(Change(stream, FEE_ACCOUNT.name, version, some, act, estate, about))
            version += len(some)
    return found


def _by_itself(attempt: Attempt, estate: str) -> Act:
    nobody, now = by_itself(estate).caller, attempt.act.recorded_at
    return Act(nobody.person, nobody.capacity, now, now)
