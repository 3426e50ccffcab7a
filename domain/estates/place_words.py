"""How people write places down: the words and numerals of both languages, as data."""

DIGITS = {
    **{each: str(at) for at, each in enumerate("零一二三四五六七八九")},
    **{each: str(at) for at, each in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "○": "0",
    "两": "2",
    "兩": "2",
}
TENS = {"十": "", "拾": "", "廿": "2", "卅": "3"}  # and what stands before them where nothing is said
HUNDREDS = "百佰"
PAIR = "两兩"  # counts things more often than it numbers them

# how these words are written in Taiwan and Hong Kong, sign by sign
SIMPLER = str.maketrans(
    "東單號樓棟層門戶間區鋪線時點塊萬歲條臺輛張個週鐘禮後這幾貳參陸",
    "东单号楼栋层门户间区铺线时点块万岁条台辆张个周钟礼后这几贰叁陆",
)

# as they follow a code; the longest first where one begins like another
BUILDING = ("号楼栋", "号楼", "楼栋", "栋楼", "#楼", "栋", "幢", "棟", "座", "#")
STAIRWELL = ("号单元", "单元", "梯口", "梯", "门")
ROOM = ("号房", "号室", "室", "房", "户", "号")
FLOOR = ("楼", "层", "f")
MAYBE_BUILDING = ("号", "楼")  # where a stairwell or a room follows
NO_STAIRWELL = "口禁前外厅岗卫锁铃窗面框内后市诊店"  # after a word for stairwell that then means another thing
NO_ROOM = "屋间顶子产东管贷租型"  # likewise after one for room

# as they stand before a code
BEFORE_BUILDING = ("building", "bldg", "block", "tower", "blk")
BEFORE_STAIRWELL = ("stairwell", "entrance", "staircase", "unit", "stair")
BEFORE_ROOM = ("apartment", "room", "flat", "apt", "unit", "rm", "家住", "家在", "住在", "住")
BEFORE_FLOOR = ("floor",)

COUNTED_BEFORE = "有共这那整每另各某哪几"  # a number of buildings, none of them
COUNTED_AFTER = ("楼都", "楼全", "楼均", "楼之间")

# what makes a number before it an amount, a moment or a count
UNITS = (
    "元块圆万千角分天日月年点时秒米平度岁次张件人箱瓶多余个名位台辆条只斤公周折路期%‰℃°",
    "小时", "分钟", "块钱", "号线", "号早", "号晚", "号上", "号下", "号中", "号前", "号后", "号之", "号到", "号至",
    "kg", "km", "cm", "mm", "kw", "kwh", "yuan", "rmb", "pm", "am", "days", "day", "hours", "hour", "minutes", "m2",
)  # fmt: skip
WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天]"
LINK = "的"  # may stand between the parts of a place
LISTED = "、和与及跟或到至~"  # between several places
HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
