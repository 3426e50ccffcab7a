"""How to read the console: its keys, its clocks, the way of an order, and what is usually how urgent."""

from fastapi import APIRouter
from fastapi.responses import Response

from domain.cases.category import USUAL, Priority
from domain.cases.work_order import Stage
from projections.cases.orders import LANES
from services.console.visit import Visiting

router = APIRouter(include_in_schema=False)

KEYS = (
    ("C", "capture"), ("/", "find"), ("Ctrl+K", "palette"), ("J K", "up-down"), ("H L", "left-right"),
    ("Enter", "open"), ("A", "accept"), ("D", "dispatch"), ("V", "main-act"), ("U", "undo"), ("G B", "go-board"),
    ("G N", "go-notebook"), ("G O", "go-orders"), ("[", "fold"), ("?", "help"),
)  # fmt: skip
FEE_KEYS = (
    ("G M", "go-fees"), ("M", "take-money"), ("Enter 1 - 5", "methods"), ("P T", "print-receipt"),
    ("N", "next-dwelling"),
)  # fmt: skip
_USUAL_BY_PRIORITY = {
    priority: [category for category, usual in USUAL.items() if usual.priority is priority] for priority in Priority
}
_WAY = {lane: [stage for stage in Stage if stage in stages] for lane, stages in LANES.items()}


@router.get("/help")
def page(visit: Visiting) -> Response:
    return visit.html(
        "help.html",
        here="help",
        keys=KEYS + (FEE_KEYS if visit.viewer.takes_money else ()),
        usual=_USUAL_BY_PRIORITY,
        way=_WAY,
    )
