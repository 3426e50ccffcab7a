"""Ids of what there is in an estate, to put into the places of a route's path."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from domain.fees import fee_account as fees
from services.cases.notebook_imports import NotebookImports
from services.demo.cast import PEOPLE
from services.reconciliation.files import StatementImports
from services.register.imports import RegisterImports
from tests.capabilities import in_each_folder
from tests.conftest import Demo
from tests.fees.till import Till


@dataclass(frozen=True)
class Things:
    """Ids of one estate, to put into the places of a route's path; ``more`` by the names of the places.

    A capability adds its own: ``tests/<capability>/things.py`` names a function ``things``, which is given the demo and
    an estate.
    """

    estate: str
    issue: str
    order: str
    person: str
    photo: str
    username: str
    notebook: str
    dwelling: str
    owner: str
    payment: str = field(default_factory=lambda: str(uuid4()))
    refund: str = field(default_factory=lambda: str(uuid4()))
    file: str = field(default_factory=lambda: str(uuid4()))
    line: str = field(default_factory=lambda: str(uuid4()))
    register_import: str = field(default_factory=lambda: str(uuid4()))
    more: Mapping[str, str] = field(default_factory=dict)


def statement(said: str) -> bytes:
    """A bank's file with one line that leads nowhere."""
    return f"交易日期,摘要,金额\n2026-10-05,{said},1.00\n".encode()


def things(demo: Demo, username: str, estate: str) -> Things:
    client = demo.sign_in(username)
    noted = client.post("/api/v1/issues", json={"estate": estate, "text": "占位"}).json()
    other = client.post("/api/v1/issues", json={"estate": estate, "text": "占位二"}).json()
    order = client.post(f"/api/v1/issues/{other['issue']}/promote-to-work-order", json={"category": "GREENERY"}).json()
    signing_in = {each.name for each in PEOPLE if each.account}  # who is released or forgotten signs in no more
    stewards = client.get(f"/api/v1/stations/{estate}/stewards").json()
    steward = next(each["person"] for each in stewards if each["name"] not in signing_in)
    photo = demo.product.photos.store(b"jpeg", b"small", estate, uuid4())
    old = demo.product.part(NotebookImports).upload(estate, "日期,内容\n2024-03-05,旧事\n".encode(), uuid4())
    sheet = demo.product.part(RegisterImports).upload(estate, "房号,面积,业主\n1-2-101,89.35,某人\n".encode(), uuid4())
    till, payment, refund = Till(demo, estate=estate).opened(), uuid4(), uuid4()
    paid = {"payer": till.owner, "amount": 100, "method": fees.Method.CARD, "paid_on": till.today}
    till.given(
        fees.RecordPayment(payment, receipt="2026-000000", prepay_limit=100, **paid),
        fees.RequestRefund(refund, payment, 100, fees.RefundReason.MOVED_OUT),
    )
    demo.caught_up()
    owner = client.post("/api/v1/owners", json={"estate": estate, "kind": "PERSON", "name": "某业主"}).json()["id"]
    place = {"estate": estate, "building": "1", "stairwell": "1", "room": "101", "chargeable_area": 8935}
    dwelling = client.post("/api/v1/dwellings", json=place).json()["id"]
    client.post(f"/api/v1/dwellings/{dwelling}/begin-ownership", json={"owner": owner, "since": "2025-01-01"})
    demo.caught_up()
    known = client.post(f"/api/v1/estates/{estate}/statements", files={"statement": statement(f"{estate} 1")}).json()
    client.post(f"/api/v1/statements/{known['id']}/confirm")
    demo.product.part(StatementImports).until_idle()
    demo.caught_up()
    line = client.get(f"/api/v1/estates/{estate}/statement-lines").json()[0]["id"]
    file = client.post(f"/api/v1/estates/{estate}/statements", files={"statement": statement(f"{estate} 2")}).json()
    return Things(
        estate, noted["issue"], order["order"], steward, str(photo), username, str(old), dwelling, owner,
        str(payment), str(refund), file["id"], line, str(sheet), _more(demo, estate),
    )  # fmt: skip


def _more(demo: Demo, estate: str) -> dict[str, str]:
    made = [of_capability.things(demo, estate) for of_capability in in_each_folder("things")]
    return {name: id for things in made for name, id in things.items()}


def filled(path: str, thing: Things) -> str:
    known = {
        "estate": thing.estate,
        "issue": thing.issue,
        "order": thing.order,
        "person": thing.person,
        "photo": thing.photo,
        "session": str(uuid4()),
        "username": thing.username,
        "notebook": thing.notebook,
        "dwelling": thing.dwelling,
        "register_import": thing.register_import,
        "owner": thing.owner,
        "month": "2026-09",
        "link": str(uuid4()),
        "format": "xlsx",
        "payment": thing.payment,
        "refund": thing.refund,
        "file": thing.file,
        "line": thing.line,
        "invoice": str(uuid4()),
        "building": "1",
        "act": "verify",
        "language": "zh",
        "name": "x",
    } | thing.more
    return re.sub(r"{(\w+)}", lambda found: known.get(found[1]) or str(uuid4()), path)
