"""What throws somebody out is asked on a page of its own first: it says what follows, and changes nothing."""

import pytest
from starlette.testclient import TestClient

from tests.conftest import Demo


@pytest.fixture(scope="module")
def admin(demo: Demo) -> TestClient:
    return demo.sign_in_patient("admin")


@pytest.mark.parametrize(("act", "said"), [("reset", "原来的密码马上作废"), ("end-sessions", "密码不变")])
def test_nobody_is_thrown_out_by_one_press(demo: Demo, admin: TestClient, act: str, said: str) -> None:
    clerk = demo.sign_in("clerk")
    listed = admin.get("/admin/accounts").text
    assert f'href="/admin/accounts/clerk/{act}"' in listed and f'action="/admin/accounts/clerk/{act}"' not in listed
    asked = admin.get(f"/admin/accounts/clerk/{act}")
    assert asked.status_code == 200 and said in asked.text and f'action="/admin/accounts/clerk/{act}"' in asked.text
    assert clerk.get("/api/v1/session").status_code == 200
    english = admin.get(f"/admin/accounts/clerk/{act}", headers={"Cookie": "language=en"})
    assert english.status_code == 200 and said not in english.text
    assert admin.get(f"/admin/accounts/nobody-such/{act}").status_code == 404
    assert clerk.get(f"/admin/accounts/clerk/{act}").status_code in (403, 404)
