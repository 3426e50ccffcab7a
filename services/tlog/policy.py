"""Trust policies (C2SP tlog-policy): whose checkpoints are believed, and which witnesses must have cosigned them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from services.tlog.checkpoint import Checkpoint
from services.tlog.cosignature import cosigned
from services.tlog.note import COSIGNATURE, Note, Verifier, opened
from services.tlog.refusals import Malformed, Unproven

MOST_POLICY = 100_000  # bytes
MOST_LINES = 1_000
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Witness:
    """``name`` is what the policy calls the witness; the key has a name of its own."""

    name: str
    verifier: Verifier
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Log:
    verifier: Verifier
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Has witnessed what at least ``wanted`` of its members have."""

    name: str
    wanted: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether enough of the right witnesses cosigned; ``times`` has those who did, by the policy's names for them.

    ``needs_none`` tells of a policy that asks for no witness at all: then ``met`` says nothing to be proud of.
    """

    met: bool
    times: Mapping[str, int]
    needs_none: bool = False

    @property
    def who(self) -> tuple[str, ...]:
        return tuple(self.times)

    @property
    def latest(self) -> int | None:
        """The time of the last cosignature, in seconds since 1970."""
        return max(self.times.values(), default=None)

    @property
    def witnessed(self) -> bool:
        """Whether one may say so: the quorum is met, and it asks for somebody."""
        return self.met and not self.needs_none


@dataclass(frozen=True, slots=True)
class Believed:
    """A checkpoint that one of the policy's logs signed, and how far its witnesses agree."""

    checkpoint: Checkpoint
    quorum: Quorum


@dataclass(frozen=True, slots=True)
class Policy:
    """``quorum`` is the name of a witness or a group, or ``none``."""

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str

    @classmethod
    def parse(cls, raw: bytes | str) -> Self:
        """Raises ``Malformed``, naming the line."""
        reading = _Reading()
        for at, line in enumerate(_lines(raw), 1):
            words = [word for word in re.split("[ \t]+", line) if word]
            if not words or words[0].startswith("#"):
                continue
            try:
                reading.line(words)
            except Malformed as refusal:
                raise Malformed(refusal.code, f"Line {at} of the policy: {refusal}") from None
        if reading.quorum is None:
            raise Malformed("no_quorum", "The policy does not say which witnesses are wanted: its quorum is missing.")
        return cls(tuple(reading.logs), tuple(reading.witnesses), tuple(reading.groups), reading.quorum)

    def text(self) -> str:
        """A file that reads back as this policy."""
        lines = [_joined("log", log.verifier.vkey(), log.url) for log in self.logs]
        lines += [_joined("witness", it.name, it.verifier.vkey(), it.url) for it in self.witnesses]
        lines += [_joined("group", group.name, str(group.wanted), *group.members) for group in self.groups]
        return "".join(f"{line}\n" for line in [*lines, f"quorum {self.quorum}"])

    def believed(self, note: Note) -> Believed:
        """Reads the checkpoint in the note. Raises ``Unproven`` unless a log of the policy signed it under its name.

        A bad signature of a known log or witness is refused too, however many good ones there are beside it.
        """
        checkpoint = Checkpoint.parse(note.text)
        ours = [log.verifier for log in self.logs if log.verifier.name == checkpoint.origin]
        if not ours:
            raise Unproven("other_log", f"This is of another log: {checkpoint.origin[:80]}.")
        opened(note, ours)
        return Believed(checkpoint, self._quorum_of(note))

    def met(self, note: Note) -> Quorum:
        return self.believed(note).quorum

    def _quorum_of(self, note: Note) -> Quorum:
        times = cosigned(note, (witness.verifier for witness in self.witnesses))
        named = {it.name: times[it.verifier] for it in self.witnesses if it.verifier in times}
        return Quorum(self.is_met_by(named), named, needs_none=self.quorum == _NONE)

    def is_met_by(self, names: Iterable[str]) -> bool:
        """Whether these witnesses, by the policy's names for them, are enough."""
        met = {_NONE, *names}
        for group in self.groups:  # members stand before their groups
            if sum(member in met for member in group.members) >= group.wanted:
                met.add(group.name)
        return self.quorum in met


class _Reading:
    """What was read so far of a policy."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self._free: set[str] = set()  # defined, and in no group yet
        self._names: set[str] = {_NONE}

    def line(self, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) < 2:
                self.logs.append(Log(self._new_key(vkey, [it.verifier for it in self.logs]), *url))
            case ["witness", name, vkey, *url] if len(url) < 2:
                key = self._new_key(vkey, [it.verifier for it in self.witnesses], COSIGNATURE)
                self.witnesses.append(Witness(self._new_name(name), key, *url))
            case ["group", name, wanted, *members]:
                self._group(name, wanted, members)
            case ["quorum", name]:
                if self.quorum is not None:
                    raise Malformed("two_quorums", "There is a second quorum.")
                if name not in self._names:
                    raise Malformed("unknown_name", f"Nothing before it is called {name[:60]!r}.")
                self.quorum = name
            case _:
                raise Malformed("bad_policy_line", f"{' '.join(words)[:60]!r} says nothing that a policy can say.")

    def _group(self, name: str, wanted: str, members: list[str]) -> None:
        if not members:
            raise Malformed("empty_group", f"The group {name[:60]!r} has no members.")
        for member in members:
            if member not in self._names or member == _NONE:
                raise Malformed("unknown_name", f"Nothing before it is called {member[:60]!r}.")
            if member not in self._free:
                raise Malformed("counted_twice", f"{member[:60]!r} is a member of a group already.")
            self._free.discard(member)
        most = len(members)
        counted = {"any": 1, "all": most}.get(wanted) or (int(wanted) if re.fullmatch("[1-9][0-9]{0,3}", wanted) else 0)
        if not 1 <= counted <= most:
            raise Malformed("bad_threshold", f"The group {name[:60]!r} has {most} members, so {wanted[:20]} cannot be.")
        self.groups.append(Group(self._new_name(name), counted, tuple(members)))

    def _new_name(self, name: str) -> str:
        if name in self._names:
            raise Malformed("name_twice", f"Two things are called {name[:60]!r}.")
        self._names.add(name)
        self._free.add(name)
        return name

    @staticmethod
    def _new_key(vkey: str, known: list[Verifier], *kind: int) -> Verifier:
        key = Verifier.parse(vkey, *kind)
        if key.public_key in {other.public_key for other in known}:
            raise Malformed("key_twice", f"The key of {key.name} stands there a second time.")
        return key


def _lines(raw: bytes | str) -> list[str]:
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "surrogateescape")  # signs beyond ASCII mean nothing
    if len(text) > MOST_POLICY:
        raise Malformed("too_long", "The policy is too long to be read.")
    if any((sign < " " and sign not in "\t\n") or sign == "\x7f" for sign in text):
        raise Malformed(
            "control_character", "The policy has control characters in it; its lines end in a plain newline."
        )
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise Malformed("too_long", "The policy has too many lines.")
    return lines


def _joined(*words: str | None) -> str:
    return " ".join(word for word in words if word)
