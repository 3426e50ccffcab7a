"""Whoever has the machine lets an administrator in, on record; the running product knows at once."""

import pytest

from domain.capacity import Capacity
from domain.people.person import PERSON, PersonAdmitted
from services.demo.cast import ESTATES
from services.running.admit import NotAdmitted, admitted
from services.sessions.accounts import Accounts
from tests.conftest import Demo


def test_a_forgotten_password_is_no_end(demo: Demo) -> None:
    before = demo.sign_in("admin")
    person = demo.product.part(Accounts).account("admin")
    assert person is not None
    estates, password = admitted(demo.product, "admin", None)
    assert estates == sorted(ESTATES)
    assert before.get("/api/v1/session").status_code == 401
    demo.passwords["admin"] = password
    admin = demo.sign_in("admin")
    told = admin.get("/api/v1/sign-ins", params={"username": "admin"}).json()
    assert [each["what"] for each in told][:4] == ["SIGNED_IN", "ADMITTED", "PASSWORD_RESET", "ENABLED"]
    assert any(isinstance(each.event, PersonAdmitted) for each in demo.product.log.history(person.person))


def test_somebody_new_is_let_in_where_there_is_nobody_else(demo: Demo) -> None:
    estates, password = admitted(demo.product, "keeper", "新管理员")
    demo.passwords["keeper"] = password
    assert estates == sorted(ESTATES)
    assert demo.sign_in("keeper").get("/api/v1/session").json()["acting_as"] == Capacity.ADMINISTRATOR.value


def test_an_administrator_who_was_disabled_is_back(demo: Demo) -> None:
    keeper, admin = demo.sign_in_patient("keeper"), demo.product.part(Accounts).account("admin")
    assert admin is not None
    demo.caught_up()
    assert keeper.post("/api/v1/accounts/admin/disable").status_code == 204
    assert demo.product.log.load(PERSON, admin.person).state.disabled
    assert keeper.post("/api/v1/accounts/keeper/disable").json()["code"] == "last_administrator"
    _, demo.passwords["admin"] = admitted(demo.product, "admin", None)
    assert demo.sign_in("admin").get("/api/v1/accounts").status_code == 200


@pytest.mark.parametrize(
    ("username", "name", "says"),
    [
        ("nobody", None, "there is no account nobody; administrators have admin"),
        ("clerk", None, "clerk is no administrator, and every estate has one"),
        ("admin", "某人", "there is an account admin already"),
    ],
)
def test_nobody_is_let_in_by_mistake(demo: Demo, username: str, name: str | None, says: str) -> None:
    with pytest.raises(NotAdmitted, match=says):
        admitted(demo.product, username, name)
