"""Figures on the witnesses for Prometheus, and what is said of them to those who run the product."""

from math import inf

from prometheus_client import Gauge

from domain.trail.going_on import Fork
from services.product import Product
from services.trail.witness_policy import PolicySource
from services.trail.witness_records import ALARMING
from services.trail.witness_standing import WitnessStanding

_WHY = {
    "shorter": "the audit trail is shorter than what witnesses cosigned",
    "different": "the audit trail is not the one that witnesses cosigned",
    "forgotten": "what witnesses cosigned last cannot be read",
    "unproven": "a backup was put back, and no witness has signed the audit trail since",
}


class WitnessGauges:
    """Kept up to date by each round; ages go on growing where the rounds have ended."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._stands: WitnessStanding | None = None
        self._fork: Fork | None = None
        registry = product.metrics.registry
        self._tail = Gauge(
            "jinlin_trail_tail_events", "Events that no quorum of witnesses vouches for", registry=registry
        )
        self._age = Gauge(
            "jinlin_trail_tail_seconds", "Age of the oldest event that no quorum vouches for", registry=registry
        )
        self._witnessed = Gauge("jinlin_trail_witnessed_events", "Events that a quorum vouches for", registry=registry)
        self._policy = Gauge("jinlin_trail_policy", "1 where a policy says who must vouch", registry=registry)
        self._evidence = Gauge(
            "jinlin_trail_evidence", "Refusals by witnesses that are kept as evidence", registry=registry
        )
        self._failures = Gauge(
            "jinlin_witness_failures", "Tries in a row that brought no cosignature", ["witness"], registry=registry
        )
        self._age.set_function(self._seconds)

    def show(self, stands: WitnessStanding) -> None:
        self._stands = stands
        self._tail.set(stands.tail)
        self._witnessed.set(stands.size)
        self._policy.set(stands.holds.policy is not None)
        self._evidence.set(len(stands.evidence))
        self._failures.clear()
        for lane in stands.lanes:
            if lane.last is not None:
                self._failures.labels(lane.name).set(lane.last.failures)

    def show_fork(self, fork: Fork | None) -> None:
        """Whether the log takes anything in."""
        self._fork = fork

    def notes(self) -> list[str]:
        """What somebody should look after, in the words of those who run it."""
        stands, found = self._stands, []
        if self._fork is not None:
            found.append(f"commands are refused: {_WHY[self._fork.code]}; see /audit/fork")
        if stands is None:
            return found
        if stands.holds.source is PolicySource.BROKEN:
            found.append(f"the witness policy cannot be used: {stands.holds.wrong}")
        if stands.evidence:
            found.append(f"a witness refused what the trail shows ({len(stands.evidence)} kept as evidence)")
        refusing = [lane.name for lane in stands.lanes if lane.last is not None and lane.last.went in ALARMING]
        found += [f"witness {name} refuses the trail" for name in refusing]
        most = self._product.settings.most_tail * 60
        if stands.holds.policy is not None and self._seconds() > most:
            found.append(f"no quorum of witnesses has vouched for the trail for {self._seconds() / 60:.0f} minutes")
        return found

    def _seconds(self) -> float:
        if self._stands is None:
            return inf
        return self._stands.tail_seconds(self._product.clock())
