"""One act given on several chosen orders or lines: each keeps its own event, version and refusal, and is named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.cases.issue import PromoteToWorkOrder
from domain.cases.work_order import ALLOWED, ReassignSteward, Stage
from domain.catalogue import may
from domain.refusal import Refusal, Rejection
from projections.cases import notebook, orders
from projections.cases.orders import OrderCard
from projections.projection import Connection
from services.cases import guess
from services.cases import plans as case_plans
from services.cases.acts import ISSUE_ACTS, ORDER_ACTS, filled
from services.cases.plans import Promotion
from services.commands.ask import Answer, Ask, Forbidden, KeyReused, Stale
from services.commands.plan import PlanFor
from services.console.visit import Visit
from services.log.not_found import NotFound

MOST = 40  # chosen at once: what a page shows
_OFFERED = ("dispatch", "reassign", "accept")
_OFFERED_ON_LINES = ("promote", "drop")
UNDONE_BY = {
    "dispatch": "recall",
    "accept": "undo-accept",
    "promote": "undo-promote",
    "drop": "undo-drop",
}  # an act, and the one that takes it back as long as nothing has come of it
TURNED_AWAY = (Refusal, Stale, Forbidden, KeyReused, NotFound)
ACTS = (*_OFFERED, "recall", "undo-accept")
ACTS_ON_LINES = (*_OFFERED_ON_LINES, "undo-promote", "undo-drop")


@dataclass(frozen=True, slots=True)
class Chosen:
    """An order or a line that was chosen, as it was seen."""

    key: UUID
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: ``answer`` where it was done, else ``wrong``. ``number`` and ``text`` say which it is."""

    chosen: Chosen
    number: str
    text: str | None
    answer: Answer | None = None
    wrong: Exception | None = None
    steward: UUID | None = None  # who had the order before


Doing = Callable[[Chosen, PlanFor[Any]], Answer]


def offered(here: Visit, cards: Sequence[OrderCard]) -> tuple[str, ...]:
    """Acts that the visitor may give on several of these orders."""
    waits = any(card.state.stage is Stage.ACCEPTED for card in cards)
    reported = any(card.state.stage is Stage.REPORTED for card in cards)
    handed = any(card.state.stage in ALLOWED[ReassignSteward] for card in cards)
    there = {"accept": reported, "reassign": handed, "dispatch": not handed or waits}
    return tuple(act for act in _may(here, _OFFERED, ORDER_ACTS) if there[act])


def offered_on_lines(here: Visit) -> tuple[str, ...]:
    """Acts that the visitor may give on several lines."""
    return _may(here, _OFFERED_ON_LINES, ISSUE_ACTS)


def _may(here: Visit, names: Sequence[str], acts: Mapping[str, type[Any]]) -> tuple[str, ...]:
    capacity = here.viewer.capacity
    if capacity is None or not here.viewer.acts:
        return ()
    kinds = {name: PromoteToWorkOrder if acts[name] is Promotion else acts[name] for name in names}
    return tuple(name for name in names if may(capacity, kinds[name]))


def chosen_of(said: Sequence[str]) -> list[Chosen]:
    """What was ticked: ``id.version`` each. Refuses none, too many, and what is none."""
    found: dict[UUID, Chosen] = {}
    for each in said:
        key, _, version = each.partition(".")
        try:
            found[UUID(key)] = Chosen(UUID(key), int(version) if version else None)
        except ValueError:
            raise Rejection("body", field="of") from None
    return checked(list(found.values()))


def checked(chosen: list[Chosen]) -> list[Chosen]:
    """As many as may be chosen at once. Refuses none and too many."""
    if not chosen:
        raise Rejection("nothing_chosen", field="of")
    if len(chosen) > MOST:
        raise Rejection("too_many_chosen", most=MOST, field="of")
    return chosen


def on_orders(
    conn: Connection,
    estate: str,
    chosen: Sequence[Chosen],
    command: Any,
    do: Doing,
) -> list[Outcome]:
    """Give the command on each of these orders of the estate, one after the other."""
    cards = orders.of_orders(conn, [each.key for each in chosen])

    def plan(each: Chosen) -> PlanFor[Any]:
        return case_plans.on_work_order(each.key, command)

    return [_one(each, cards.get(each.key), estate, plan, do) for each in chosen]


def on_lines(
    conn: Connection,
    estate: str,
    chosen: Sequence[Chosen],
    command: Any,
    do: Doing,
) -> list[Outcome]:
    """The same on lines of the notebook; what is made an order of becomes what it looks like, as on the board."""
    lines = notebook.of_issues(conn, [each.key for each in chosen])

    def plan(each: Chosen) -> PlanFor[Any]:
        if isinstance(command, Promotion):
            line = lines[each.key]
            category = command.category or (guess.of_line(line)[0] if line.state.triage is None else None)
            return case_plans.promote(each.key, Promotion(category=category))
        return case_plans.on_issue(each.key, command)

    return [_one(each, lines.get(each.key), estate, plan, do) for each in chosen]


def _one(
    chosen: Chosen,
    row: Any,
    estate: str,
    plan: Callable[[Chosen], PlanFor[Any]],
    do: Doing,
) -> Outcome:
    if row is None or row.estate != estate:
        return Outcome(chosen, str(chosen.key)[:8], None, wrong=NotFound())
    try:
        before = row.state.steward if isinstance(row, OrderCard) else None
        return Outcome(chosen, row.number, row.text, answer=do(chosen, plan(chosen)), steward=before)
    except TURNED_AWAY as wrong:
        return Outcome(chosen, row.number, row.text, wrong=wrong)


def goes_back_to(act: str, done: Sequence[Outcome]) -> UUID | None:
    """Who had all of these before they were given to somebody else, if it was one."""
    before = {each.steward for each in done} if act == "reassign" else set()
    return next(iter(before)) if len(before) == 1 else None


def command_of(act: str, form: Mapping[str, str], *, of_lines: bool) -> Any:
    """The command of an act that may be given on several. Raises ``NotFound`` for any other."""
    if act not in (ACTS_ON_LINES if of_lines else ACTS):
        raise NotFound
    return filled((ISSUE_ACTS if of_lines else ORDER_ACTS)[act], form)


def asked_for(ask: Ask, each: Chosen) -> Ask:
    """What comes with one of them: a key of its own, so that a repeated form does nothing twice."""
    key = f"{ask.key[:90]}-{each.key.hex}" if ask.key else None
    return Ask(ask.caller, ask.occurred_at, each.version, key, ask.fingerprint)
