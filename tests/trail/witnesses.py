"""Witnesses of the demo's trail, for tests: keys, a policy, and what signs by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from services.runtime.outward import Errand, Said
from services.tlog.note import COSIGNATURE, Signer
from services.trail.publishing import Publisher
from services.witness.answering import Witness
from services.witness.state import State
from tests.clock import PATIENCE
from tests.conftest import Demo

MEMBERS = tuple(Signer(f"witness.donghuyuan.example/{name}", bytes([n]) * 32, COSIGNATURE)
                for n, name in enumerate(("xu", "jia", "yi"), 41))  # fmt: skip
STREET, CITY = (Signer(f"witness.{name}.example", bytes([n]) * 32, COSIGNATURE)
                for n, name in enumerate(("jiaobei", "shi"), 51))  # fmt: skip


def followed(demo: Demo) -> int:
    """Wait until the trail has a leaf of every event; how many there are."""
    last = demo.product.log.last_position()
    assert demo.product.positions.wait("trail", last, PATIENCE)
    return last


def policy(
    demo: Demo, street: str = "https://witness.jiaobei.example/", city: str = "https://witness.shi.example"
) -> str:
    """Two of three members who sign by hand, and one of two who answer."""
    log = demo.product.part(Publisher).keys.verifiers()[-1]
    lines = [f"log {log.vkey()}"]
    lines += [f"witness m{n} {each.verifier.vkey()}" for n, each in enumerate(MEMBERS, 1)]
    lines += [f"witness jiedao {STREET.verifier.vkey()} {street}", f"witness shi {CITY.verifier.vkey()} {city}"]
    lines += ["group owners 2 m1 m2 m3", "group gov any jiedao shi", "group Q all owners gov", "quorum Q"]
    return "".join(f"{line}\n" for line in lines)


@dataclass
class Outside:
    """What answers at the addresses of the policy; ``before`` may answer in a witness's place."""

    folder: Path
    demo: Demo
    asked: list[str] = field(default_factory=list)
    before: Callable[[Errand], Said | None] = lambda errand: None
    now: int = 1_790_000_000

    def __post_init__(self) -> None:
        self.known = {"witness.jiaobei.example": self.of(STREET, "jiedao"), "witness.shi.example": self.of(CITY, "shi")}

    def of(self, signer: Signer, name: str) -> Witness:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        state = State(folder, make=True)
        keys = self.demo.product.part(Publisher).keys
        with state.turn() as turn:
            for each in keys.verifiers():
                turn.trust(keys.origin, each.vkey())
        return Witness(state, signer, lambda: self.now)

    def __call__(self, errand: Errand) -> Said:
        parts = urlsplit(errand.url)
        self.asked.append(f"{parts.hostname}{parts.path}")
        instead = self.before(errand)
        if instead is not None:
            return instead
        witness = self.known[parts.hostname or ""]
        if errand.body is not None:
            answer = witness.add_checkpoint(errand.body)
        else:
            answer = witness.checkpoint(parts.path.split("/")[1])
        return Said(answer.status, answer.kind, answer.body.encode()[: errand.most])
