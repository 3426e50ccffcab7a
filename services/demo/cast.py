"""The demo's invented places and people, and the shape of a case.

Nobody here exists; the community code is not a real one.
"""

from dataclasses import dataclass

from domain.capacity import Capacity
from domain.cases.category import Category, Priority
from domain.cases.issue import Channel
from domain.estates.emergency_contacts import Maintainer
from domain.estates.place import Part
from domain.people.person import StewardRole

COMMUNITY = "荷塘社区"
CENTRE = "SC-001"
FIRST = "350902002999-001"  # 999: flagged as invented, no residents' committee has this code
SECOND = "350902002999-002"
ESTATES = {FIRST: "东湖苑", SECOND: "柳岸新村"}
SERVICE_HOURS = (8 * 60, 20 * 60)
BUILDINGS = {FIRST: (9, 3, 6), SECOND: (8, 3, 6)}  # buildings, stairwells each, floors; two dwellings a floor

FIRMS: dict[str, dict[Maintainer, tuple[str, str]]] = {  # rung in an emergency; nobody is given numbers of 400-000
    FIRST: {
        Maintainer.LIFT_MAINTENANCE: ("平升电梯维保公司", "400-000-0963"),
        Maintainer.FIRE_MAINTENANCE: ("安泰消防维保公司", "400-000-0119"),
        Maintainer.GAS_REPAIR: ("荷塘燃气公司", "400-000-0777"),
        Maintainer.WATER_REPAIR: ("荷塘自来水公司", "400-000-0968"),
        Maintainer.POWER_REPAIR: ("荷塘供电所", "400-000-0598"),
    },
    SECOND: {Maintainer.LIFT_MAINTENANCE: ("平升电梯维保公司", "400-000-0963")},
}


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the demo; ``account`` is the username where there is one."""

    key: str
    name: str
    phone: str
    posts: tuple[tuple[Capacity, str], ...] = ()
    roles: tuple[StewardRole, ...] = ()
    estate: str = FIRST
    buildings: tuple[str, ...] = ()
    account: str | None = None


_REPAIRER, _ADVISER, _MEDIATOR = StewardRole.REPAIRER, StewardRole.INFO_ADVISER, StewardRole.MEDIATOR
PEOPLE = (
    Someone("head", "林静怡", "13900000101", ((Capacity.STATION_HEAD, FIRST),), account="head"),
    Someone("clerk", "何婉清", "13900000102", ((Capacity.DISPATCHER, FIRST),), account="clerk"),
    Someone(
        "repairer",
        "陈志强",
        "13900000103",
        roles=(_REPAIRER,),
        buildings=("1", "2", "3"),
        account="repairer",
    ),
    Someone("zheng", "郑国栋", "13900000104", roles=(_REPAIRER,), buildings=("4", "5", "6")),
    Someone("zhou", "周文斌", "13900000105", roles=(_REPAIRER,), buildings=("7", "8", "9")),
    Someone("adviser", "黄丽萍", "13900000106", roles=(_ADVISER,), account="adviser"),
    Someone("mediator", "吴秀英", "13900000107", roles=(_MEDIATOR,), buildings=("1", "2", "3"), account="mediator"),
    Someone("ye", "叶晓岚", "13900000108", roles=(_MEDIATOR,), buildings=("6", "7", "8")),
    Someone(
        "committee",
        "许伯年",
        "13900000109",
        ((Capacity.RESIDENTS_COMMITTEE, FIRST), (Capacity.RESIDENTS_COMMITTEE, SECOND)),
        account="committee",
    ),
    Someone("cashier", "江小燕", "13900000110", ((Capacity.CASHIER, FIRST),), account="cashier"),
    Someone("accountant", "魏明珠", "13900000111", ((Capacity.ACCOUNTANT, FIRST),), account="accountant"),
    Someone("head2", "方志远", "13900000201", ((Capacity.STATION_HEAD, SECOND),), estate=SECOND, account="head2"),
    Someone("lin2", "林大山", "13900000202", roles=(_REPAIRER,), estate=SECOND, buildings=("1", "2", "3")),
    Someone("qiu2", "邱美兰", "13900000203", roles=(_ADVISER, _MEDIATOR), estate=SECOND),
    Someone(
        "centre",
        "苏明达",
        "13900000301",
        ((Capacity.CENTRE_HEAD, FIRST), (Capacity.CENTRE_HEAD, SECOND)),
        account="centre",
    ),
    Someone(
        "admin",
        "潘思齐",
        "13900000302",
        ((Capacity.ADMINISTRATOR, FIRST), (Capacity.ADMINISTRATOR, SECOND)),
        account="admin",
    ),
)


ROLE_WORDS = {
    "head": "STATION_HEAD",
    "clerk": "DISPATCHER",
    "repairer": "REPAIRER",
    "adviser": "INFO_ADVISER",
    "mediator": "MEDIATOR",
    "committee": "RESIDENTS_COMMITTEE",
    "cashier": "CASHIER",
    "accountant": "ACCOUNTANT",
    "head2": "STATION_HEAD",
    "centre": "CENTRE_HEAD",
    "admin": "ADMINISTRATOR",
}


@dataclass(frozen=True, slots=True)
class Story:
    """One case. ``until`` names the last act of its life; everything before happened at a natural pace.

    ``day`` counts back from today (0: today, and ``at`` is minutes before now; otherwise ``at`` is a time of day).
    """

    day: int
    at: str | int
    text: str
    category: Category
    until: str
    building: str | None = None
    stairwell: str | None = None
    dwelling: str | None = None
    priority: Priority | None = None
    part: Part = Part.COMMON
    channel: Channel = Channel.DESK
    steward: str = "repairer"
    reporter: tuple[str, str] | None = None
    summary: str = ""
    reason: str = ""
    score: int | None = None
    pace: int = 1  # how slowly things went: 1 brisk, 3 late
    estate: str = FIRST
