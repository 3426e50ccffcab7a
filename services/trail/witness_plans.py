"""What is done about witnesses: a policy is adopted, a cosignature that came by hand is taken in."""

from dataclasses import dataclass

from domain.trail.witnessing import WITNESSING, WITNESSING_STREAM, AdoptWitnessPolicy, TakeCosignature
from services.commands.ask import Answer
from services.commands.plan import Attempt, PlanFor, PlannedAs, Reach
from services.product import Product
from services.trail.publishing import Publisher
from services.trail.witness_lines import HandedIn, handed_in
from services.trail.witness_policy import adopted


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned(Answer):
    """A checkpoint of ``size`` entries carries one more cosignature, by what the policy calls ``witness``."""

    size: int
    witness: str


def on_policy(product: Product, estate: str, text: str) -> PlanFor[Answer]:
    """From now on this policy says who has to vouch; an empty one takes it back."""

    def make(attempt: Attempt) -> PlannedAs[Answer]:
        attempt.check_power(AdoptWitnessPolicy, estate)
        lines = tuple(adopted(product, text).text().splitlines()) if text.strip() else ()
        loaded = attempt.at(WITNESSING, WITNESSING_STREAM)
        return attempt.decided(WITNESSING, WITNESSING_STREAM, loaded, AdoptWitnessPolicy(lines), WITNESSING_STREAM)

    return PlanFor(make)


def on_cosignature(product: Product, estate: str, text: str) -> PlanFor[Cosigned]:
    """Take in what somebody signed by hand. It is on record before it counts; what is handed in again counts, too."""

    def make(attempt: Attempt) -> PlannedAs[Cosigned]:
        attempt.check_power(TakeCosignature, estate)
        found = _read(product, text)
        command = TakeCosignature(found.size, found.witness.verifier.name, found.line)
        loaded = attempt.at(WITNESSING, WITNESSING_STREAM)
        planned = attempt.decided(WITNESSING, WITNESSING_STREAM, loaded, command, WITNESSING_STREAM)
        answer = Cosigned(WITNESSING_STREAM, planned.answer.version, size=found.size, witness=found.witness.name)
        return PlannedAs(planned.changes, answer)

    def keep(reach: Reach) -> None:
        found = _read(product, text)
        with product.database.lend_by_id() as conn:
            product.part(Publisher).keep_cosignatures(conn, found.note, [found.witness.verifier])

    return PlanFor(make, keep, Cosigned)


def _read(product: Product, text: str) -> HandedIn:
    with product.database.lend_by_id() as conn:
        return handed_in(product, conn, text)
