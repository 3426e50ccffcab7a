"""Who is told of a debtor (INV-61), and that nothing takes anything from anybody's home (INV-48)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from tests.access.reached import Things, filled
from tests.access.test_access import routes
from tests.arrears.debts import Home
from tests.arrears.test_arrears_api import many
from tests.arrears.test_inv_48 import CUTS
from tests.conftest import FIRST, Demo
from tests.ids import without_ids

UNENDING = ("/live", "/events")


def read_all(demo: Demo, client: TestClient, home: Home) -> dict[str, str]:
    """What every page and every answer of the API says to somebody, of an estate with a debtor."""
    thing = Things(FIRST, *(str(uuid4()) for _ in range(4)), "head", str(uuid4()), str(home.dwelling), str(home.owner))
    paths = {filled(route.path, thing) for method, route in routes(demo) if method == "GET"}
    paths.add(f"/board/{FIRST}?wall=1")
    said = {}
    for path in sorted(paths):
        if not path.endswith(UNENDING):
            answer = client.get(path)
            assert answer.status_code < 500, path
            said[path] = without_ids(answer.content.decode("utf-8", "replace"))
    return said


@pytest.fixture(scope="module")
def known(demo: Demo) -> Home:
    """A debtor who was reminded and asked in writing."""
    accountant, home = demo.sign_in_patient("accountant"), Home(demo, "701", "欧阳雪见").owed(400, 60)
    assert many(accountant, "reminders", home, by="PHONE").json()["done"] == 1
    pay_by = str(home.today + timedelta(days=20))
    assert many(accountant, "demands", home, pay_by=pay_by).json()["done"] == 1
    demo.caught_up()
    return home


@pytest.mark.parametrize("username", (None, "committee", "mediator", "admin"))
def test_inv_61_nobody_outside_the_desk_is_told_who_owes(demo: Demo, known: Home, username: str | None) -> None:
    demo.client().app.state.slots.crowd.of_network.at_once = 10**6  # type: ignore[attr-defined]  # nobody waits here
    client = demo.sign_in(username) if username else demo.client()
    said = read_all(demo, client, known)
    assert len(said) > 60
    for path, text in said.items():
        assert "欧阳" not in text and "欧*" not in text and "1-701" not in text, (username, path)


def test_inv_61_what_is_shown_to_all_names_no_debtor_to_the_desk_either(demo: Demo, known: Home) -> None:
    """Walls, price displays, contracts, statistics and closings: who opens them on a screen shows them to others."""
    said = read_all(demo, demo.sign_in("head"), known)
    told_of = {path for path, text in said.items() if "欧阳" in text or "欧*" in text or "1-701" in text}
    assert f"/arrears/{FIRST}" in told_of  # the desk itself is told
    shared = ("/board", "/wall", "/prices", "/contracts", "/cockpit", "/closing", "/orders", "/notebook", "/people")
    assert not [path for path in told_of if any(part in path for part in shared)]


def test_inv_48_no_address_takes_anything_from_anybodys_home(demo: Demo) -> None:
    names = {part for _, route in routes(demo) for part in (*route.path.split("/"), route.name)}
    assert len(names) > 150
    assert not [name for name in names if CUTS.search(name)]
