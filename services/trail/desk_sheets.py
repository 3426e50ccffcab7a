"""The report and the lines of a period, and the history of a case, as sheets, as JSON and on paper."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from domain.calendar import SHANGHAI
from projections.trail.lines import TrailLine
from services.console.render import Voice
from services.paper.reports import Column, ReportPaper, Table, reports
from services.sheets.writing import Kind, Sheet, SheetColumn
from services.tlog.tree import leaf_hash
from services.trail.desk_history import HistoryLine
from services.trail.desk_lines import said
from services.trail.desk_report import Report, ReportFigure
from services.trail.desk_standing import Standing
from services.trail.desk_texts import agreement, figure_text, period_title

MOST_ON_PAPER = 400  # lines


def figures_sheet(voice: Voice, made: Report) -> Sheet:
    """A row for each figure, as it is said and as a number of its unit."""
    columns = [
        SheetColumn(voice.say("trail-column-figure"), width=24),
        SheetColumn(period_title(voice, made.period), width=18),
        SheetColumn(period_title(voice, made.period.before), width=18),
        SheetColumn(voice.say("trail-column-number"), Kind.COUNT),
        SheetColumn(voice.say("trail-column-unit"), width=22),
        SheetColumn(voice.say("trail-column-entries"), Kind.COUNT),
        SheetColumn(voice.say("trail-column-first"), Kind.COUNT),
        SheetColumn(voice.say("trail-column-last"), Kind.COUNT),
        SheetColumn(voice.say("trail-column-again"), width=20),
    ]
    return Sheet(voice.say("trail-figures"), columns, [_figure_row(voice, each) for each in made.figures])


def _figure_row(voice: Voice, figure: ReportFigure) -> Sequence[str | int | None]:
    agrees = agreement(figure)
    return (
        voice.name(figure.key),
        figure_text(voice, figure, figure.value),
        figure_text(voice, figure, figure.before),
        figure.value,
        voice.name(figure.unit),
        figure.entries,
        index(figure.first),
        index(figure.last),
        voice.say(f"trail-agrees-{agrees}", n=figure.other or figure.waiting) if agrees != "none" else None,
    )


def index(position: int | None) -> int | None:
    """The number of a leaf."""
    return None if position is None else position - 1


def lines_sheet(voice: Voice, found: Sequence[TrailLine], leaves: Mapping[int, bytes]) -> Sheet:
    """A row for each line with its leaf: whoever has the tree finds it there and counts the figures anew."""
    columns = [
        SheetColumn(voice.say("trail-column-place"), Kind.COUNT),
        SheetColumn(voice.say("trail-column-recorded"), width=26),
        SheetColumn(voice.say("trail-column-happened"), width=26),
        SheetColumn(voice.say("trail-column-kind"), width=12),
        SheetColumn(voice.say("trail-column-what"), width=26),
        SheetColumn(voice.say("trail-column-as"), width=14),
        SheetColumn(voice.say("trail-column-said"), width=26),
        SheetColumn(voice.say("trail-column-late"), Kind.COUNT),
        SheetColumn(voice.say("trail-column-leaf"), width=48),
    ]
    rows = (
        (
            line.position - 1,
            line.recorded_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            line.occurred_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            voice.name(line.kind),
            voice.say(f"trailevent-{line.event}"),
            voice.name(line.acting_as),
            said(voice, line) or None,
            line.late,
            leaf_text(leaves.get(line.position)),
        )
        for line in found
    )
    return Sheet(voice.say("trail-lines-title"), columns, rows)


def leaf_text(entry: bytes | None) -> str | None:
    """The hash of a leaf in Base 64, as tools write it."""
    return None if entry is None else base64.b64encode(leaf_hash(entry)).decode()


def report_json(made: Report, stands: Standing) -> dict[str, Any]:
    """The report for programs. Amounts are in fen, rates in hundredths of a per cent."""
    return {
        "estate": made.estate,
        "period": made.period.name,
        "made_at": made.made_at,
        "leaves": {"first": index(made.first), "last": index(made.last)},
        "checkpoint": stands.signed.note.written() if stands.signed else None,
        "late": made.late,
        "cut": made.cut,
        "figures": [
            {
                "figure": each.key.value,
                "unit": each.unit.value,
                "value": each.value,
                "before": each.before,
                "part": each.part,
                "whole": each.whole,
                "entries": each.entries,
                "first": index(each.first),
                "last": index(each.last),
                "same": each.same,
                "other": each.other,
                "waiting": each.waiting,
            }
            for each in made.figures
        ],
    }


def lines_json(found: Sequence[TrailLine], leaves: Mapping[int, bytes]) -> list[dict[str, Any]]:
    return [
        {
            "index": line.position - 1,
            "event": line.event,
            "kind": line.kind.value,
            "case": line.case,
            "acting_as": line.acting_as.value,
            "occurred_at": line.occurred_at,
            "recorded_at": line.recorded_at,
            "late_minutes": line.late,
            "facts": line.facts,
            "leaf": leaf_text(leaves.get(line.position)),
        }
        for line in found
    ]


def as_bytes(body: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(body), indent=1)


def report_paper(voice: Voice, estate: str, made: Report, stands: Standing) -> bytes:
    """The report as PDF, with where each figure comes from and what the checkpoint is."""
    table = Table(
        voice.say("trail-figures"),
        (
            Column(voice.say("trail-column-figure")),
            Column(period_title(voice, made.period)),
            Column(period_title(voice, made.period.before)),
            Column(voice.say("trail-column-entries"), "count"),
            Column(voice.say("trail-column-range")),
            Column(voice.say("trail-column-again")),
        ),
        tuple(
            (
                voice.name(each.key),
                figure_text(voice, each, each.value),
                figure_text(voice, each, each.before),
                each.entries,
                f"{each.first - 1}–{each.last - 1}" if each.first is not None and each.last is not None else "–",
                voice.say(f"trail-agrees-{agreement(each)}", n=each.other or each.waiting),
            )
            for each in made.figures
        ),
    )
    title = voice.say("trail-report-title", period=period_title(voice, made.period))
    return _paper(voice, estate, title, stands, [table], made.first, made.last)


def history_paper(voice: Voice, estate: str, number: str, found: Sequence[HistoryLine], stands: Standing) -> bytes:
    """The history of a case as PDF, the newest first."""
    table = Table(
        voice.say("trail-column-what"),
        (
            Column(voice.say("trail-column-happened")),
            Column(voice.say("trail-column-what")),
            Column(voice.say("trail-column-as")),
            Column(voice.say("trail-column-place"), "count"),
            Column(voice.say("trail-column-proof")),
        ),
        tuple(
            (voice.when(each.told.entry.occurred_at), _told(voice, each), each.who, each.told.entry.position - 1,
             voice.name(each.tick))
            for each in found[:MOST_ON_PAPER]
        ),
    )  # fmt: skip
    places = [each.told.entry.position for each in found]
    title = voice.say("trail-case-title", number=number)
    return _paper(voice, estate, title, stands, [table], min(places, default=None), max(places, default=None))


def _told(voice: Voice, line: HistoryLine) -> str:
    parts = [line.told.sentence, line.told.said, line.told.why, line.told.late]
    if line.corrects:
        place = f"#{line.corrects.position - 1}"
        parts.append(voice.say("trail-corrects", what=voice.say(f"trailevent-{line.corrects.event}"), at=place))
    return " ".join(part for part in parts if part)


def history_sheet(voice: Voice, found: Sequence[HistoryLine], leaves: Mapping[int, bytes]) -> Sheet:
    columns = [
        SheetColumn(voice.say("trail-column-place"), Kind.COUNT),
        SheetColumn(voice.say("trail-column-recorded"), width=26),
        SheetColumn(voice.say("trail-column-happened"), width=26),
        SheetColumn(voice.say("trail-column-what"), width=40),
        SheetColumn(voice.say("trail-column-as"), width=20),
        SheetColumn(voice.say("trail-column-proof"), width=14),
        SheetColumn(voice.say("trail-column-leaf"), width=48),
    ]
    rows = [
        (
            each.told.entry.position - 1,
            each.told.entry.recorded_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            each.told.entry.occurred_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            _told(voice, each),
            each.who,
            voice.name(each.tick),
            leaf_text(leaves.get(each.told.entry.position)),
        )
        for each in found
    ]
    return Sheet(voice.say("trail-column-what"), columns, rows)


def history_json(found: Sequence[HistoryLine]) -> list[dict[str, Any]]:
    """The newest first."""
    return [
        {
            "index": each.told.entry.position - 1,
            "event": each.told.entry.event,
            "told": each.told.sentence,
            "acting_as": each.told.entry.acting_as.value,
            "occurred_at": each.told.entry.occurred_at,
            "recorded_at": each.told.entry.recorded_at,
            "facts": each.told.entry.facts,
            "tick": each.tick.value,
            "corrects": each.corrects.position - 1 if each.corrects else None,
            "corrected": each.struck,
        }
        for each in found
    ]


def _paper(
    voice: Voice,
    estate: str,
    title: str,
    stands: Standing,
    tables: Sequence[Table],
    first: int | None,
    last: int | None,
) -> bytes:
    place = voice.say("trail-range-is", first=first - 1, last=last - 1) if first and last else "–"
    vouched = (
        voice.say("trail-witnessed-to", size=f"{stands.witnessed.size:,}")
        if stands.witnessed
        else voice.say("trail-verdict-unwitnessed")
    )
    facts = [(voice.say("trail-range"), place), (voice.say("trail-paper-vouched"), vouched)]
    if stands.signed:
        facts += [
            (voice.say("trail-checkpoint"), f"{stands.signed.origin} {stands.signed.size:,}"),
            (voice.say("trail-root"), stands.root),
        ]
    paper = ReportPaper(
        firm=estate,
        title=title,
        subtitle=voice.say("trail-report-what"),
        facts=tuple(facts),
        tables=tuple(tables),
        signs=(),
        source=voice.say("trail-paper-source"),
        made_at=voice.now,
    )
    return reports([paper], voice.language)
