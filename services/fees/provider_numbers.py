"""Providers' numbers at the desk: one that was taken before is asked about, with the payment that it was taken for."""

from uuid import UUID

from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, Payment, fee_account_stream
from domain.fees.provider_number import PROVIDER_NUMBER, TakeProviderNumber, plain_reference
from domain.money.amount import yuan
from domain.refusal import Refusal, refuse_if
from projections.register import dwellings
from services.commands.plan import Attempt
from services.log.event_log import Change
from services.log.pseudonyms import Pseudonyms


def number_mark(pseudonyms: Pseudonyms, reference: str | None) -> UUID | None:
    """The pseudonym of the number in a reference, which is its stream; ``None`` where there is no number."""
    plain = plain_reference(reference or "")
    return pseudonyms.of("provider-number", plain) if plain else None


def number_taken(
    attempt: Attempt, estate: str, dwelling: UUID, payment: UUID, reference: str | None, *, again: bool
) -> list[Change]:
    """That the number of a reference is this payment's. Refuses ``reference_taken``, ``reference_elsewhere``."""
    stream = number_mark(attempt.reach.pseudonyms, reference)
    if stream is None:
        return []
    number = attempt.at(PROVIDER_NUMBER, stream)
    standing = {id: home for id, home in number.state.payments.items() if standing_payment(attempt, home, id)}
    void = tuple(id for id in number.state.payments if id not in standing)
    command = TakeProviderNumber(estate, dwelling, payment, again, void)
    try:
        events = PROVIDER_NUMBER.consider(command, number.state, attempt.act)
    except Refusal:
        earlier, home = next(reversed(standing.items()))
        raise Refusal("reference_taken", **told_of(attempt, home, earlier)) from None
    return [Change(stream, PROVIDER_NUMBER.name, number.version, events, attempt.act, estate, payment)]


def standing_payment(attempt: Attempt, dwelling: UUID, payment: UUID) -> Payment | None:
    """An earlier payment; ``None`` where it was reversed. That it still stands so is checked when this is appended."""
    found = attempt.at(FEE_ACCOUNT, fee_account_stream(dwelling)).state.payments.get(payment)
    return None if found is None or found.reversed else found


def told_of(attempt: Attempt, dwelling: UUID, payment: UUID) -> dict[str, object]:
    """Facts that name an earlier payment of the caller's estates. Refuses ``reference_elsewhere`` for one of others."""
    account = attempt.at(FEE_ACCOUNT, fee_account_stream(dwelling)).state
    refuse_if(account.estate not in attempt.ask.caller.estates, "reference_elsewhere", field="reference")
    earlier, where = account.payments[payment], _where(attempt, account, dwelling)
    return {
        "field": "reference",
        "day": earlier.paid_on,
        "where": where,
        "amount": yuan(earlier.amount),
        "method": earlier.method,
        "receipt": earlier.receipt,
    }


def _where(attempt: Attempt, account: FeeAccount, dwelling: UUID) -> str:
    """The dwelling as people call it; where the register knows it no more, its building."""
    with attempt.reach.database.lend([account.estate or ""]) as conn:
        return dwellings.labels(conn, [dwelling]).get(dwelling) or account.building or ""
