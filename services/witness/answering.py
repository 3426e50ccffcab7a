"""A witness's answers, as C2SP tlog-witness has them: to a log that hands in a checkpoint, to monitors that fetch."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from services.tlog.checkpoint import Checkpoint
from services.tlog.cosignature import cosign
from services.tlog.note import Note, Signer, Verifier, opened
from services.tlog.refusals import Malformed, Unproven
from services.tlog.tree import verify_consistency
from services.witness.state import UNPROVEN, Latest, State, Turn, TurnedDown
from services.witness.submission import Submission

PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` is what the specification wants, or a sentence for whoever looks into it."""

    status: int
    body: str
    kind: str = PLAIN


class _Refused(Exception):
    """The answer to what is not cosigned; ``evidence`` says why where it speaks against the log."""

    def __init__(self, answer: Answer, evidence: str = "") -> None:
        super().__init__(answer.body)
        self.answer = answer
        self.evidence = evidence


class Witness:
    """One key, one folder. ``now`` gives POSIX seconds. Safe for threads, and beside other processes of the folder."""

    def __init__(self, state: State, signer: Signer, now: Callable[[], int]) -> None:
        self._state = state
        self._signer = signer
        self._now = now

    def add_checkpoint(self, body: bytes) -> Answer:
        """Cosign what is handed in, or say exactly why not."""
        try:
            said = Submission.parse(body)
            checkpoint = said.checkpoint()
        except Malformed as wrong:
            return Answer(400, f"{wrong}\n")
        try:
            with self._state.look() as looking:  # nobody without a trusted key makes others wait
                _signed(looking, said.note, checkpoint)
            return self._in_turn(said, checkpoint)
        except _Refused as refused:
            return refused.answer

    def checkpoint(self, hash: str) -> Answer:
        """What was cosigned last for the origin with this SHA-256."""
        with self._state.look() as looking:
            found = looking.latest_of(hash)
        return Answer(404, "Nothing was cosigned for this origin.\n") if found is None else Answer(200, found.note)

    def _in_turn(self, said: Submission, checkpoint: Checkpoint) -> Answer:
        """Check and keep in one turn; only what is on the disk is answered."""
        origin = checkpoint.origin
        with self._state.turn() as turn:
            before = turn.latest(origin)
            try:
                signed = _signed(turn, said.note, checkpoint)
                _follows(said, checkpoint, before)
            except _Refused as refused:
                if refused.evidence:
                    latest = before.note if before else ""
                    turn.refused(TurnedDown(origin, self._now(), refused.evidence, said.note.written(), latest))
                return refused.answer
            line = cosign(self._signer, signed.text, self._now())
            note = Note(signed.text, (*signed.signatures, line)).written()
            turn.cosigned(Latest(origin, checkpoint.size, checkpoint.root, note), origin_hash(origin))
        return Answer(200, f"{line.line()}\n")


def origin_hash(origin: str) -> str:
    """As it stands in the address that monitors fetch."""
    return sha256(origin.encode()).hexdigest()


def _signed(turn: Turn, note: Note, checkpoint: Checkpoint) -> Note:
    """The note with those signatures alone that count for its origin."""
    keys = turn.keys(checkpoint.origin)
    if not keys:
        raise _Refused(Answer(404, "This witness knows no log of this name.\n"))
    try:
        who = opened(note, [Verifier.parse(key) for key in keys])
    except Unproven as wrong:
        raise _Refused(Answer(403, f"{wrong}\n")) from None
    return Note(note.text, tuple(each for each in note.signatures if any(key.made(each) for key in who)))


def _follows(said: Submission, new: Checkpoint, before: Latest | None) -> None:
    """Raises ``_Refused`` unless nothing that was cosigned is changed or gone."""
    size = before.size if before else 0
    if said.old > new.size:
        raise _Refused(Answer(400, f"The old size {said.old} is larger than the checkpoint's, {new.size}.\n"))
    forked = before is not None and size == new.size and (before.root != new.root or said.has_impossible_root())
    if said.old != size:
        raise _Refused(Answer(409, f"{size}\n", SIZE), "two_roots" if forked else "")
    if said.has_impossible_root():
        raise _Refused(Answer(422, "A tree of no entries has another root.\n"), "impossible_root")
    if forked:
        raise _Refused(Answer(422, f"Another tree of {size} entries was cosigned already.\n"), "two_roots")
    if before is None or size == 0:
        if said.proof:
            raise _Refused(Answer(422, "With no entries before there is nothing to prove: no hashes are wanted.\n"))
        return
    try:
        verify_consistency(size, new.size, said.proof, before.root, new.root)
    except Unproven as wrong:
        raise _Refused(Answer(422, f"{wrong}\n"), UNPROVEN) from None
