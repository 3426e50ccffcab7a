"""Who owns what, for a command that must miss nothing: what the view shows, and what came after it.

That nothing has come after that either is checked when the command is appended, so that all of it holds then. A view
that lags, or is halted, costs a longer look and hides nothing.
"""

from collections.abc import Collection
from uuid import UUID

from domain.register.dwelling import DWELLING, OwnershipBegan
from projections.register import dwellings
from services.commands.plan import Attempt


def ever_owned(attempt: Attempt, owner: UUID, estate: str | None) -> set[UUID]:
    """Dwellings that are or were somebody's, withdrawn ones too."""
    with attempt.reach.database.lend([estate] if estate else []) as conn:
        shown = dwellings.shown_up_to(conn)
        owned = set(dwellings.ever_of_owner(conn, owner))
    return owned | {dwelling for dwelling, whose in _begun_since(attempt, shown) if whose == owner}


def still_owns(attempt: Attempt, owner: UUID, estate: str | None) -> bool:
    """Whether something in the register is somebody's now."""
    states = [attempt.at(DWELLING, each).state for each in ever_owned(attempt, owner, estate)]
    return any(state.owner == owner and not state.withdrawn for state in states)


def owning(attempt: Attempt, owners: Collection[UUID], estate: str) -> set[UUID]:
    """Which of these people own something that stands in the register, or owned it once."""
    with attempt.reach.database.lend([estate]) as conn:
        shown = dwellings.shown_up_to(conn)
        found = dwellings.ever_owning(conn, estate, sorted(owners))
    return found | {whose for _, whose in _begun_since(attempt, shown) if whose in owners}


def _begun_since(attempt: Attempt, shown: int) -> list[tuple[UUID, UUID]]:
    """Every ownership that began after a position, dwelling and owner; the append checks that there are no more."""
    log = attempt.reach.log
    end = max(shown, log.last_position())
    quiet, name = attempt.seen.quiet_since, OwnershipBegan.__name__
    quiet[name] = min(end, quiet.get(name, end))  # whoever looks twice rests on the first look too
    return [(dwelling, UUID(owner)) for dwelling, owner in log.told(OwnershipBegan, "owner", shown, end) if owner]
