"""``jinlin audit verify``: an archive of the audit trail, verified with no network, no database and no data folder."""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from services.tlog.archive import Files, Verified, ZipFiles, verify
from services.tlog.leaf import Value
from services.tlog.policy import MOST_POLICY, Policy
from services.tlog.refusals import Malformed, Unproven
from services.tlog.spelling import base64_text

WHOLE, WRONG, CANNOT_LOOK = 0, 1, 2


def audit_verify(archive: Path, policy: Path) -> int:
    """Prints what holds. 0: whole and witnessed as the policy asks; 1: not so; 2: it could not be looked at."""
    try:
        trusted = Policy.parse(_start_of(policy, MOST_POLICY))
    except (OSError, Malformed) as wrong:
        print(f"jinlin: the policy {policy} cannot be used: {_said(wrong)}", file=sys.stderr)
        return CANNOT_LOOK
    try:
        if archive.is_dir():
            return _verified(lambda: FolderFiles(archive), trusted)
        with archive.open("rb") as data:
            return _verified(lambda: ZipFiles(data), trusted)
    except OSError as wrong:
        print(f"jinlin: {archive} cannot be read: {_said(wrong)}", file=sys.stderr)
        return CANNOT_LOOK


def _verified(opened: Callable[[], Files], policy: Policy) -> int:
    streams = _Streams()
    try:
        verified = verify(opened(), policy, streams.see)
        streams.refuse_gaps()
    except (Malformed, Unproven) as refusal:
        print(f"NOT VERIFIED: {refusal}")
        print(_MEANING[type(refusal)])
        return WRONG
    print("\n".join(_lines(verified, len(streams.next))))
    quorum = verified.believed.quorum
    if not quorum.met:
        print(
            "NOT WITNESSED: too few of the policy's witnesses cosigned this checkpoint. Its log alone vouches for it."
        )
        return WRONG
    return WHOLE


_MEANING: dict[type[ValueError], str] = {
    Malformed: "The file is no whole archive. Ask for it again; if it comes the same, tell the residents' committee.",
    Unproven: "What is in the file is not what was signed. Keep the file and show it to the residents' committee.",
}


def _lines(verified: Verified, streams: int) -> list[str]:
    checkpoint, quorum = verified.believed.checkpoint, verified.believed.quorum
    lines = [
        f"log: {checkpoint.origin}",
        f"checkpoint: {checkpoint.size} entries, root {base64_text(checkpoint.root)}",
        f"entries: all {checkpoint.size} are those that were signed, and none is missing in any of {streams} streams",
    ]
    if quorum.needs_none:
        lines.append("witnesses: your policy asks for none, so the log alone vouches for this")
    elif quorum.met and quorum.latest is not None:
        lines.append(f"witnesses: {', '.join(quorum.who)}; the last at {_time(quorum.latest)}")
    else:
        lines.append(f"witnesses: {', '.join(quorum.who) or 'none'}, which is not enough")
    if verified.disclosed:
        lines.append(f"fields shown: of {len(verified.disclosed)} entries, all as they were entered")
    if verified.figures:
        lines.append(f"figures: {len(verified.figures)} counted anew, all as the reports say")
    if verified.unproven:
        lines.append(f"papers that the log does not prove by itself: {', '.join(verified.unproven)}")
    if not verified.same_policy:
        lines.append("policy: the archive's own policy.txt says something else than yours; yours was used")
    return lines


def _time(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return f"{seconds} seconds after 1970"


class _Streams:
    """Whether the positions of every stream follow one another: an entry left out leaves a gap."""

    def __init__(self) -> None:
        self.next: dict[str, int] = {}
        self._gap: str | None = None

    def see(self, index: int, public: Mapping[str, Value]) -> None:
        match public:
            case {"stream": str(stream), "pos": int(position)}:
                wanted = self.next.get(stream, position)
                if position != wanted and self._gap is None:
                    self._gap = f"In a stream, entry {index} is number {position} where {wanted} comes next."
                self.next[stream] = position + 1

    def refuse_gaps(self) -> None:
        if self._gap:
            raise Unproven("gap", self._gap)


class FolderFiles:
    """An archive that somebody unpacked. Links lead nowhere: they are files that do not belong to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        there = [it for it in self._folder.rglob("*") if it.is_symlink() or not it.is_dir()]
        odd = next((it for it in there if it.is_symlink() or not it.is_file()), None)
        if odd:
            raise Malformed("extra_file", f"{odd.name[:80]!r} is no plain file.")
        return [it.relative_to(self._folder).as_posix() for it in there]

    def read(self, name: str, most: int) -> bytes:
        data = _start_of(self._folder / name, most)
        if len(data) > most:
            raise Malformed("too_long", f"{name[:80]!r} has more than the {most} bytes that it may have.")
        return data


def _start_of(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most + 1)


def _said(wrong: Exception) -> str:
    return (wrong.strerror or str(wrong)) if isinstance(wrong, OSError) else str(wrong)
