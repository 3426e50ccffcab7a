"""The demo's invented places, people and cases. Nobody here exists; the community code is not a real one."""

from dataclasses import dataclass

from domain.capacity import Capacity
from domain.cases.category import Category, Priority
from domain.cases.issue import Channel
from domain.estates.place import Part
from domain.people.person import StewardRole

COMMUNITY = "荷塘社区"
CENTRE = "SC-001"
FIRST = "350902002999-001"  # 999: flagged as invented, no residents' committee has this code
SECOND = "350902002999-002"
ESTATES = {FIRST: "东湖苑", SECOND: "柳岸新村"}
SERVICE_HOURS = (8 * 60, 20 * 60)
BUILDINGS = {FIRST: (9, 3, 6), SECOND: (8, 3, 6)}  # buildings, stairwells each, floors; two dwellings a floor


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


C, P = Category, Priority
_D, _T, _H, _W, _Q, _X = (
    Channel.DESK,
    Channel.PHONE,
    Channel.HOTLINE,
    Channel.PATROL,
    Channel.QR,
    Channel.WECHAT,
)

STORIES = (
    # a week behind: closed, each with its follow-up
    Story(
        6,
        "08:52",
        "3栋1单元门口路灯不亮，晚上看不清台阶",
        C.PUBLIC_LIGHTING,
        "close",
        "3",
        "1",
        reporter=("邹老师", "13800010011"),
        summary="换感应灯头一只，试亮正常。",
        score=5,
    ),
    Story(
        6,
        "09:40",
        "厨房下水慢，有点返味",
        C.PIPE_LEAK,
        "close",
        "4",
        "2",
        "402",
        part=Part.PRIVATE,
        channel=_T,
        steward="zheng",
        reporter=("黎女士", "13800010012"),
        summary="疏通支管，试水不返。",
        score=4,
    ),
    Story(
        6,
        "15:10",
        "南门垃圾桶破了，盖子也没了",
        C.WASTE_BIN,
        "close",
        channel=_W,
        steward="repairer",
        summary="换新桶一只，旧桶已收走。",
    ),
    Story(
        6,
        "19:20",
        "楼上晚上拖椅子，想请人说一声",
        C.NEIGHBOUR_DISPUTE,
        "close",
        "2",
        "3",
        channel=_T,
        steward="mediator",
        reporter=("钟先生", "13800010013"),
        summary="两家当面说开，楼上给椅脚包了垫。",
        score=5,
    ),
    Story(
        5,
        "08:31",
        "单元门关不上，闭门器漏油",
        C.APPLIANCE,
        "close",
        "1",
        "1",
        steward="repairer",
        channel=_Q,
        summary="换闭门器，调速两次。",
        score=5,
    ),
    Story(
        5,
        "10:05",
        "晨练区单杠松动，怕老人摔着",
        C.FITNESS_GEAR,
        "close",
        priority=P.P2,
        channel=_W,
        steward="zhou",
        summary="紧固底座螺栓四颗，拉警戒半天后拆除。",
    ),
    Story(
        5,
        "11:48",
        "问公共收益什么时候公布",
        C.FEE_QUERY,
        "close",
        channel=_X,
        steward="adviser",
        reporter=("余阿姨", "13800010014"),
        summary="季度报表在公示栏第三格，已拍照发给住户。",
        score=4,
    ),
    Story(
        5,
        "16:30",
        "8栋2单元一楼返水，卫生间进不去人",
        C.SEWAGE,
        "close",
        "8",
        "2",
        channel=_T,
        steward="zhou",
        priority=P.P1,
        reporter=("马先生", "13800010015"),
        summary="主管疏通，捞出抹布一块，连冲三次不返水。",
        score=5,
    ),
    Story(
        5,
        "20:40",
        "家里跳闸，合不上",
        C.APPLIANCE,
        "close",
        "5",
        "1",
        "501",
        part=Part.PRIVATE,
        channel=_T,
        steward="zheng",
        reporter=("丁阿婆", "13800010016"),
        summary="热水器漏电，已断开并请厂家来换。",
        score=5,
    ),
    Story(
        4,
        "09:15",
        "二楼拐角堆了纸箱和旧柜子",
        C.STAIR_CLUTTER,
        "close",
        "6",
        "2",
        channel=_W,
        steward="ye",
        summary="住户当天搬走，楼道已清扫。",
        pace=3,
    ),
    Story(
        4,
        "10:22",
        "花坛冬青枯了三株",
        C.GREENERY,
        "close",
        "7",
        channel=_D,
        steward="zhou",
        summary="补种三株，浇透水。",
        score=4,
    ),
    Story(
        4,
        "14:02",
        "物业电话打了三次没人接",
        C.SERVICE_COMPLAINT,
        "close",
        channel=_H,
        steward="adviser",
        reporter=("白女士", "13800010017"),
        summary="中午换班漏接，已改为站长手机轮值，并当面致歉。",
        score=3,
    ),
    Story(
        4,
        "18:44",
        "电梯开门慢，停二楼不平层，里面没有人",
        C.LIFT_FAULT,
        "close",
        "6",
        "1",
        channel=_T,
        steward="zheng",
        summary="维保换门机皮带，平层校正。",
        score=4,
    ),
    Story(
        3,
        "08:20",
        "一楼水表井盖翘起来了",
        C.PIPE_LEAK,
        "close",
        "9",
        "2",
        channel=_W,
        steward="zhou",
        summary="井盖换新并压实。",
        score=5,
    ),
    Story(
        3,
        "09:33",
        "楼顶公共晾晒架松动",
        C.FITNESS_GEAR,
        "close",
        "9",
        channel=_D,
        steward="zhou",
        summary="膨胀螺栓重打，承重试过。",
    ),
    Story(
        3,
        "13:15",
        "三楼窗口拉线给电动车充电",
        C.EBIKE_CHARGING,
        "close",
        "2",
        "3",
        channel=_W,
        priority=P.P2,
        steward="mediator",
        summary="住户收线，改到车棚充电，已教会扫码。",
    ),
    Story(
        2,
        "08:46",
        "热水器不打火，独居老人",
        C.APPLIANCE,
        "follow_up",
        "5",
        "3",
        "201",
        part=Part.PRIVATE,
        channel=_T,
        steward="zheng",
        reporter=("梁阿公", "13800010018"),
        summary="换电池、清火孔，点火正常。",
    ),
    Story(
        2,
        "11:20",
        "墙皮鼓包掉渣",
        C.WALL,
        "dispatch",
        "6",
        "1",
        channel=_D,
        steward="zheng",
        reporter=("施女士", "13800010019"),
    ),
    Story(
        2,
        "15:05",
        "分类亭顶棚漏雨",
        C.WASTE_BIN,
        "verify",
        channel=_Q,
        steward="repairer",
        summary="补防水卷材两处，泼水试过不漏。",
    ),
    Story(
        2,
        "16:28",
        "北门减速带掉了两块",
        C.PARKING,
        "advise",
        channel=_D,
        reason="市政道路部分，已拍照报街道，本周内修。",
    ),
    Story(
        2,
        "17:40",
        "路灯又不亮了，跟前天那盏是同一盏",
        C.PUBLIC_LIGHTING,
        "drop",
        "3",
        "1",
        reason="到场看过，灯亮着，住户确认看错了。",
    ),
    # yesterday
    Story(
        1,
        "08:35",
        "楼道灯三盏不亮",
        C.PUBLIC_LIGHTING,
        "start",
        "4",
        "1",
        channel=_D,
        steward="zheng",
        reporter=("孙师傅", "13800010020"),
    ),
    Story(
        1,
        "09:50",
        "清理消防通道堆物",
        C.STAIR_CLUTTER,
        "complete",
        "2",
        channel=_W,
        steward="mediator",
        summary="通道清空，拍照留底，两户签了承诺。",
    ),
    Story(
        1,
        "10:40",
        "楼上空调滴水，滴到雨棚睡不着",
        C.NEIGHBOUR_DISPUTE,
        "start",
        "1",
        "2",
        channel=_D,
        steward="mediator",
        reporter=("江女士", "13800010021"),
    ),
    Story(
        1,
        "14:12",
        "排水主管堵塞，一楼返水",
        C.SEWAGE,
        "complete",
        "8",
        "2",
        channel=_H,
        steward="zhou",
        reporter=("马先生", "13800010015"),
        summary="主管疏通，连冲三次，一楼不返水。",
    ),
    Story(
        1,
        "15:30",
        "水泵房有异响",
        C.WATER_OUT,
        "suspend",
        channel=_W,
        priority=P.P2,
        steward="repairer",
        reason="轴承要换，厂家明早送到。",
    ),
    Story(
        1,
        "17:05",
        "物业费账单有疑问",
        C.FEE_QUERY,
        "complete",
        channel=_X,
        steward="adviser",
        reporter=("罗先生", "13800010022"),
        summary="逐项解释，住户认可，账单没有错。",
    ),
    Story(1, "18:10", "架空层想改成活动室，问怎么申请", C.PARKING, "take", "6", channel=_D, steward="adviser"),
    # today, minutes before now
    Story(0, 250, "单元门闭门器失灵，关不严", C.APPLIANCE, "take", "1", "1", channel=_Q, steward="repairer"),
    Story(
        0,
        215,
        "三楼窗口飞线给电动车充电",
        C.EBIKE_CHARGING,
        "dispatch",
        "2",
        "3",
        channel=_W,
        priority=P.P2,
        steward="mediator",
    ),
    Story(
        0,
        22,
        "水管爆裂，漏到楼下501客厅，关不上阀门",
        C.PIPE_LEAK,
        "take",
        "3",
        "2",
        "601",
        priority=P.P1,
        part=Part.PRIVATE,
        channel=_T,
        steward="repairer",
        reporter=("黄女士", "13800015520"),
    ),
    Story(0, 140, "电梯异响，2楼停靠不平层，里面没人", C.LIFT_FAULT, "promote", "6", "1", channel=_D, steward="zheng"),
    Story(0, 118, "垃圾分类桶破损，桶盖缺失", C.WASTE_BIN, "promote", channel=_W),
    Story(0, 96, "花坛瓷砖脱落，有尖角", C.WALL, "promote", "8", channel=_Q, priority=P.P3, steward="zhou"),
    Story(
        0,
        83,
        "独居老人的热水器又不打火",
        C.APPLIANCE,
        "promote",
        "5",
        "3",
        "201",
        part=Part.PRIVATE,
        channel=_T,
        reporter=("梁阿公", "13800010018"),
    ),
    Story(0, 64, "2栋1单元一楼又堆了旧沙发，挡住消防栓", C.STAIR_CLUTTER, "triage", "2", "1", channel=_W),
    Story(0, 47, "反映地下车库入口夜间鸣笛扰民", C.NEIGHBOUR_DISPUTE, "note", channel=_H),
    Story(
        0,
        31,
        "晨练区单杠松动，昨天有小孩差点摔下来",
        C.FITNESS_GEAR,
        "note",
        channel=_D,
        reporter=("贺奶奶", "13800010023"),
    ),
    Story(
        0,
        16,
        "4栋2单元402 厨房下水慢，有点返味",
        C.PIPE_LEAK,
        "note",
        "4",
        "2",
        "402",
        channel=_T,
        reporter=("黎女士", "13800010012"),
    ),
    Story(0, 6, "7栋门口路灯一闪一闪，晚上老人看不清路", C.PUBLIC_LIGHTING, "note", "7", channel=_Q),
    # the second estate
    Story(
        4,
        "09:05",
        "楼道感应灯常亮",
        C.PUBLIC_LIGHTING,
        "close",
        "2",
        "1",
        steward="lin2",
        estate=SECOND,
        summary="换感应开关。",
        score=5,
    ),
    Story(
        3,
        "10:30",
        "下水井冒水",
        C.SEWAGE,
        "close",
        "1",
        "2",
        channel=_T,
        steward="lin2",
        estate=SECOND,
        reporter=("曾先生", "13800020011"),
        summary="疏通井道，冲洗路面。",
        score=4,
    ),
    Story(1, "09:10", "车位线磨没了，停车老吵架", C.PARKING, "take", channel=_D, steward="qiu2", estate=SECOND),
    Story(
        1,
        "16:20",
        "信报箱锁坏",
        C.APPLIANCE,
        "complete",
        "3",
        "1",
        steward="lin2",
        estate=SECOND,
        summary="换锁芯，钥匙交给住户。",
    ),
    Story(0, 120, "绿化带有人倒油", C.GREENERY, "promote", "4", channel=_W, steward="lin2", estate=SECOND),
    Story(
        0,
        20,
        "顶楼漏水渗到卧室",
        C.PIPE_LEAK,
        "note",
        "5",
        "2",
        "602",
        channel=_T,
        estate=SECOND,
        reporter=("温女士", "13800020012"),
    ),
)
