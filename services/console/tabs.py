"""The pages about money, in the order in which their tabs stand, and who finds which among them."""

from typing import NamedTuple

from domain.capacity import ACCOUNTS, MONEY, STATION, Capacity


class Tab(NamedTuple):
    """One tab: ``path`` takes the estate; its word is ``fee-tab-`` and the key."""

    key: str
    path: str
    capacities: frozenset[Capacity]


TABS: tuple[Tab, ...] = (
    Tab("desk", "/fees/{estate}", STATION | MONEY),
    Tab("bills", "/bill-runs/{estate}", ACCOUNTS),
    Tab("contracts", "/contracts/{estate}", MONEY | {Capacity.DISPATCHER, Capacity.RESIDENTS_COMMITTEE}),
    Tab("arrears", "/arrears/{estate}", MONEY | {Capacity.DISPATCHER, Capacity.RESIDENTS_COMMITTEE}),
    Tab("statements", "/statements/{estate}", MONEY),
    Tab("register", "/register/{estate}", MONEY | {Capacity.DISPATCHER, Capacity.RESIDENTS_COMMITTEE}),
    Tab("invoices", "/invoices/{estate}", MONEY),
    Tab("refunds", "/refunds/{estate}", MONEY),
    Tab("drawer", "/drawer/{estate}", MONEY),
    Tab("cockpit", "/cockpit/{estate}", MONEY | {Capacity.RESIDENTS_COMMITTEE}),
    Tab("closing", "/closing/{estate}", MONEY | {Capacity.RESIDENTS_COMMITTEE}),
)


def fee_tabs(capacity: Capacity | None, estate: str | None) -> tuple[tuple[str, str], ...]:
    """Key and address of every tab that this capacity finds in the estate."""
    if estate is None:
        return ()
    return tuple((tab.key, tab.path.format(estate=estate)) for tab in TABS if capacity in tab.capacities)
