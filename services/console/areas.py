"""Which pages share a style sheet and a script beyond what every page uses: those of one area.

A room that is not named here is an area of its own: what lies in it as ``*.css`` and ``*.js`` goes to its pages alone.
"""

_ROOMS = {
    "money": (
        "account_statements",
        "arrears",
        "billing",
        "cash",
        "closing",
        "cockpit",
        "contracts",
        "desk",
        "fees",
        "reconciliation",
        "register",
    ),
}
_AREA = {room: area for area, rooms in _ROOMS.items() for room in rooms}
# of the console's own: what some areas show alike, before what each room adds
SHARED_STYLES = {"board": ("cards", "board"), "cases": ("cards", "facts", "cases"), "money": ("facts", "money")}


def area_of(room: str) -> str:
    return _AREA.get(room, room)
