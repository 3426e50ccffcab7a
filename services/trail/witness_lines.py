"""A cosignature that somebody hands in as text: what it is, by whom, over which checkpoint; refused exactly."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.refusal import Refusal, Rejection, reject_if
from projections.projection import Connection
from services.product import Product
from services.tlog.checkpoint import Checkpoint
from services.tlog.cosignature import verify
from services.tlog.note import COSIGNATURE, Note, Signature, Verifier, opened, parse_note
from services.tlog.policy import Policy, Witness
from services.tlog.refusals import Malformed, Unproven
from services.trail.publishing import Publisher
from services.trail.reading import KeptCheckpoint, checkpoint_of, latest
from services.trail.witness_policy import in_force
from services.trail.witness_records import WitnessWent, keep_evidence

LONGEST = 20_000  # characters; a whole note with many signatures is shorter
TRIED = 2_000  # checkpoints, the newest first and those first that somebody cosigned
DASH = "\u2014"
VALUE = 72  # bytes of a cosignature: a time and an Ed25519 signature


@dataclass(frozen=True, slots=True)
class HandedIn:
    """``note`` is the checkpoint with the log's signatures and this one alone."""

    witness: Witness
    note: Note
    size: int
    line: str


def handed_in(product: Product, conn: Connection, text: str) -> HandedIn:
    """Read a line, or a whole note with it.

    Refuses ``no_witness_policy``. Rejects ``cosignature_*``, each with what was handed in instead of one.
    """
    holds = in_force(product)
    if holds.policy is None:
        raise Refusal("no_witness_policy")
    said = text.replace("\r\n", "\n").strip().lstrip("\ufeff")
    reject_if(len(said) > LONGEST, "cosignature_long", field="line", most=LONGEST)
    if said.startswith("old "):  # with the log's own signature below
        raise _instead(said)
    signature, witness = _signature(holds.policy, said)
    publisher = product.part(Publisher)
    if "\n\n" in said:
        kept = _told(product, conn, witness, said)
        found = kept if _made(witness, kept.note.text, signature) else None
    else:
        found = next(
            (each for each in _likely(conn, publisher.origin) if _made(witness, each.note.text, signature)), None
        )
    if found is None:
        raise Rejection("cosignature_fits_none", field="line", witness=witness.name)
    log_alone = tuple(each for each in found.note.signatures if each.name == found.origin)
    return HandedIn(witness, Note(found.note.text, (*log_alone, signature)), found.size, signature.line())


def _signature(policy: Policy, said: str) -> tuple[Signature, Witness]:
    """The line by a witness of the policy."""
    lines = [line.strip() for line in said.split("\n") if line.strip().startswith(DASH)]
    if not lines:
        raise _instead(said)
    found: list[Signature] = []
    wrong = ""
    for line in lines:
        try:
            found.append(Signature.parse(" ".join(line.split())))
        except Malformed as malformed:
            wrong = malformed.code
    pairs = [(each, witness) for each in found for witness in policy.witnesses if witness.verifier.made(each)]
    if pairs:
        reject_if(len(pairs[-1][0].value) != VALUE, "cosignature_damaged", field="line", why="too_short")
        return pairs[-1]
    if not found:
        raise Rejection("cosignature_damaged", field="line", why=wrong)
    logs = {log.verifier.name for log in policy.logs}
    names = {each.verifier.name for each in policy.witnesses}
    stranger = found[-1].name
    if stranger in logs:
        raise Rejection("cosignature_of_log", field="line")
    raise Rejection(
        "cosignature_other_key" if stranger in names else "cosignature_stranger", field="line", name=stranger
    )


def _instead(said: str) -> Rejection:
    """What was handed in that is no cosignature at all."""
    first = said.split("\n", 1)[0]
    if not said:
        return Rejection("cosignature_missing", field="line")
    if first.startswith("old "):
        return Rejection("cosignature_question", field="line")
    if first.startswith(("http://", "https://", "weixin://")):
        return Rejection("cosignature_link", field="line")
    if first.startswith("c2sp.org/tlog-proof"):
        return Rejection("cosignature_receipt", field="line")
    try:
        Verifier.parse(first, COSIGNATURE)
    except Malformed:
        return Rejection("cosignature_none", field="line")
    return Rejection("cosignature_key", field="line")


def _told(product: Product, conn: Connection, witness: Witness, said: str) -> KeptCheckpoint:
    """The checkpoint of a whole note, which must be one of ours; another history that we signed is kept as evidence."""
    publisher = product.part(Publisher)
    try:
        note = parse_note(f"{said}\n")
        checkpoint = Checkpoint.parse(note.text)
    except Malformed as wrong:
        raise Rejection("cosignature_damaged", field="line", why=wrong.code) from None
    reject_if(checkpoint.origin != publisher.origin, "cosignature_other_log", field="line", name=checkpoint.origin[:80])
    kept = checkpoint_of(conn, checkpoint.origin, checkpoint.size)
    if kept is not None and kept.note.text == note.text:
        return kept
    try:
        opened(note, publisher.keys.verifiers())
    except Unproven:
        raise Rejection("cosignature_fits_none", field="line", witness="") from None
    newest = kept or latest(conn, publisher.origin)
    with product.database.lend_by_id() as own:  # stays, whatever becomes of what was asked
        ours = newest.note.written() if newest else ""
        keep_evidence(own, witness.verifier, WitnessWent.REFUSED, ours, note.written(), product.clock())
    raise Rejection("cosignature_other_history", field="line", size=checkpoint.size)


def _likely(conn: Connection, origin: str) -> Iterator[KeptCheckpoint]:
    """Checkpoints that somebody may have signed by hand."""
    rows = conn.execute(
        "SELECT size FROM trail.checkpoint AS c WHERE origin = %s ORDER BY EXISTS (SELECT FROM trail.cosignature AS s"
        " WHERE s.origin = c.origin AND s.size = c.size) DESC, size DESC LIMIT %s",
        (origin, TRIED),
    ).fetchall()
    for (size,) in rows:
        kept = checkpoint_of(conn, origin, size)
        if kept is not None:
            yield kept


def _made(witness: Witness, text: str, signature: Signature) -> bool:
    try:
        verify(witness.verifier, text, signature)
    except Unproven:
        return False
    return True
