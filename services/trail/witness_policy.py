"""Who has to vouch for the trail: a policy out of a file that a setting names, or one that was entered by an act."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from domain.refusal import Rejection, reject_if
from domain.trail.witnessing import WITNESSING, WITNESSING_STREAM
from services.product import Product
from services.tlog.note import COSIGNATURE, Verifier
from services.tlog.policy import MOST_POLICY, Policy
from services.tlog.refusals import Malformed
from services.trail.keys import TrailKeyMissing
from services.trail.publishing import Publisher

OWNERS, GOVERNMENT = "owners", "gov"
MOST_WITNESSES = 30


class PolicySource(Enum):
    """Where the policy that holds comes from."""

    NONE = "NONE"
    FILE = "FILE"
    ACT = "ACT"
    BROKEN = "BROKEN"  # there is a file, and it cannot be taken


@dataclass(frozen=True, slots=True)
class InForce:
    """The policy that holds, if there is one; ``wrong`` says why the file that is named cannot be one."""

    source: PolicySource
    policy: Policy | None = None
    wrong: str = ""

    def verifiers(self) -> list[Verifier]:
        return [each.verifier for each in self.policy.witnesses] if self.policy else []


def in_force(product: Product) -> InForce:
    """A file goes before what was entered: whoever has the machine settles it there."""
    path = product.settings.witness_policy
    if path is not None:
        return _of_file(path)
    lines = product.log.remembered(WITNESSING, WITNESSING_STREAM).state.lines
    return InForce(PolicySource.ACT, Policy.parse("\n".join(lines))) if lines else InForce(PolicySource.NONE)


def _of_file(path: Path) -> InForce:
    try:
        with path.open("rb") as file:
            return InForce(PolicySource.FILE, Policy.parse(file.read(MOST_POLICY + 1)))
    except OSError as wrong:
        return InForce(PolicySource.BROKEN, wrong=f"{path}: {wrong.strerror}")
    except Malformed as wrong:
        return InForce(PolicySource.BROKEN, wrong=f"{path}: {wrong}")


def adopted(product: Product, text: str) -> Policy:
    """A policy as somebody entered it. Rejects ``policy_malformed``, ``policy_other_log``, ``policy_too_many``."""
    try:
        policy = Policy.parse(text)
    except Malformed as wrong:
        raise malformed(wrong) from None
    reject_if(len(policy.witnesses) > MOST_WITNESSES, "policy_too_many", field="policy", most=MOST_WITNESSES)
    try:
        ours = {key.public_key for key in product.part(Publisher).keys.verifiers()}
    except TrailKeyMissing:
        return policy
    reject_if(not ours & {log.verifier.public_key for log in policy.logs}, "policy_other_log", field="policy")
    reject_if(bool(ours & {each.verifier.public_key for each in policy.witnesses}), "policy_own_key", field="policy")
    return policy


@dataclass(frozen=True, slots=True)
class Seat:
    """One who is to be a witness: the public key as it was handed over, and an address where it answers, if any."""

    key: str
    url: str = ""


def usual(product: Product, members: Sequence[Seat], government: Sequence[Seat]) -> str:
    """The usual policy: two of the committee's members (one, if there is one only) and one of sub-district or platform.

    Rejects ``policy_no_members``, ``policy_no_government`` and ``policy_malformed``.
    """
    reject_if(not members, "policy_no_members", field="member-1")
    reject_if(not government, "policy_no_government", field="government-1")
    lines = [f"log {key.vkey()}" for key in product.part(Publisher).keys.verifiers()]
    for prefix, seats in (("m", members), ("g", government)):
        lines += [f"witness {prefix}{n} {_key(seat)} {seat.url}".rstrip() for n, seat in enumerate(seats, 1)]
    lines += [
        f"group {OWNERS} {min(2, len(members))} " + " ".join(f"m{n}" for n, _ in enumerate(members, 1)),
        f"group {GOVERNMENT} any " + " ".join(f"g{n}" for n, _ in enumerate(government, 1)),
        f"group all-of-them all {OWNERS} {GOVERNMENT}",
        "quorum all-of-them",
    ]
    return "".join(f"{line}\n" for line in lines)


def malformed(wrong: Malformed) -> Rejection:
    """What is wrong by its code, and in which line; 0 where it is about the whole."""
    line = re.match(r"Line (\d+) of the policy", str(wrong))
    return Rejection("policy_malformed", field="policy", why=wrong.code, line=int(line[1]) if line else 0)


def _key(seat: Seat) -> str:
    try:
        return Verifier.parse(seat.key.strip(), COSIGNATURE).vkey()
    except Malformed as wrong:
        raise malformed(wrong) from None
