"""The capacities in which people act (任职身份): one person may hold several, and every event names the one used."""

from enum import Enum


class Capacity(Enum):
    """``actingAs`` of the envelope."""

    STATION_HEAD = "STATION_HEAD"  # 站长
    DISPATCHER = "DISPATCHER"  # 站务员: the desk of a station
    RED_STEWARD = "RED_STEWARD"  # 红管家
    CENTRE_HEAD = "CENTRE_HEAD"  # 物业服务中心负责人
    CASHIER = "CASHIER"  # 收费员: takes money at the desk
    ACCOUNTANT = "ACCOUNTANT"  # 会计: bills, statements, corrections, closing
    RESIDENTS_COMMITTEE = "RESIDENTS_COMMITTEE"  # 居委会: reads, and hands in what its members signed
    ADMINISTRATOR = "ADMINISTRATOR"  # 系统管理: accounts and posts, sees no case
    AUDITOR = "AUDITOR"  # 审计员: reads who signed in and what was done to accounts, never acts
    SYSTEM = "SYSTEM"  # the product itself: set-up and reactions


STATION = frozenset({Capacity.STATION_HEAD, Capacity.DISPATCHER, Capacity.CENTRE_HEAD})
HEADS = frozenset({Capacity.STATION_HEAD, Capacity.CENTRE_HEAD})
MONEY = HEADS | {Capacity.CASHIER, Capacity.ACCOUNTANT}  # who may take money
ACCOUNTS = HEADS | {Capacity.ACCOUNTANT}  # who keeps the accounts
CASES = STATION | {Capacity.RED_STEWARD}  # who works on cases
OUTSIDE = frozenset({Capacity.RESIDENTS_COMMITTEE})  # reads without names, phones, dwellings or free texts (INV-64)
PRODUCT = frozenset({Capacity.SYSTEM})

APPOINTED = (  # posts that are given in an estate, as they are offered; the squad enrols, the product is no person
    Capacity.STATION_HEAD,
    Capacity.DISPATCHER,
    Capacity.CASHIER,
    Capacity.ACCOUNTANT,
    Capacity.CENTRE_HEAD,
    Capacity.RESIDENTS_COMMITTEE,
    Capacity.ADMINISTRATOR,
    Capacity.AUDITOR,
)
FOREMOST = (  # who holds several starts in the first of these
    Capacity.CENTRE_HEAD,
    Capacity.STATION_HEAD,
    Capacity.DISPATCHER,
    Capacity.CASHIER,
    Capacity.ACCOUNTANT,
    Capacity.RED_STEWARD,
    Capacity.RESIDENTS_COMMITTEE,
    Capacity.ADMINISTRATOR,
    Capacity.AUDITOR,
)
