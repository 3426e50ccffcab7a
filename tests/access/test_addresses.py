"""Whose word counts about an address: where a request comes from, and where links lead."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from services.http.addresses import caller_of, own_path, subscriber_of
from services.running import surroundings
from services.running.run import _config
from services.runtime.settings import Settings
from services.sessions.accounts import Accounts
from tests.access.reached import Things, filled, things
from tests.conftest import FIRST, Demo
from tests.settled import settled

PROXIES = Settings.from_environment({"JINLIN_PROXIES": "10.0.0.7, 10.1.0.0/16 fd00::/8"}).proxies


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),  # nobody configured: his word does not count
        ("127.0.0.1", ["198.51.100.1"], "127.0.0.1"),
        ("10.0.0.7", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.7", [], "10.0.0.7"),
        ("10.0.0.8", ["198.51.100.1"], "10.0.0.8"),
        ("10.0.0.7", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # the first was made up by the second
        ("10.0.0.7", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.7", ["1.1.1.1, 198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        ("10.0.0.7", ["10.1.2.3"], "10.1.2.3"),
        ("10.0.0.7", ["198.51.100.1, nonsense"], "10.0.0.7"),
        ("10.0.0.7", ["198.51.100.1,"], "10.0.0.7"),
        ("10.0.0.7", ["127.0.0.1, 10.0.0.7" * 2000 + ",198.51.100.1"], "198.51.100.1"),
        ("10.0.0.7", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.7", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("fd00::7", ["2001:DB8:0::1"], "2001:db8::1"),
        ("::ffff:10.0.0.7", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("10.0.0.7", ["fe80::1%eth0"], "fe80::1"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_a_forwarded_address_is_believed_from_configured_proxies_only(
    peer: str, forwarded: list[str], caller: str
) -> None:
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    assert caller_of({"client": (peer, 4000) if peer else None, "headers": headers}, PROXIES) == caller


def test_the_server_itself_believes_nobody(demo: Demo) -> None:
    assert _config(demo.product).proxy_headers is False


def test_a_proxy_that_is_not_named_is_a_note_of_ready(demo: Demo) -> None:
    cases: list[tuple[dict[str, Any], bool]] = [
        ({"public_url": "https://station.test"}, True),
        ({"public_url": "https://station.test", "proxies": PROXIES}, False),
        ({}, False),
    ]
    for settings, noted in cases:
        product = replace(demo.product, settings=replace(demo.product.settings, **settings))
        assert (["JINLIN_PROXIES" in note for note in surroundings.notes(product)] == [True]) is noted


def test_a_session_says_from_where_as_far_as_that_is_known(demo: Demo) -> None:
    behind = settled(demo, proxies=PROXIES)
    for peer, said in (("10.0.0.7", "198.51.100.9"), ("203.0.113.5", "203.0.113.5")):
        client = behind.client()
        client._transport.client = (peer, 4000)  # type: ignore[attr-defined]
        body = {"username": "clerk", "password": demo.passwords["clerk"]}
        given = client.post("/api/v1/session", json=body, headers={"X-Forwarded-For": "198.51.100.9"})
        assert given.status_code == 200
        assert demo.product.part(Accounts).sessions("clerk")[0].address == said


def test_what_an_ipv6_subscriber_changes_at_will_tells_nobody_apart() -> None:
    assert subscriber_of("2001:db8:1:2::1") == subscriber_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert subscriber_of("2001:db8:1:3::1") != subscriber_of("2001:db8:1:2::1")
    assert subscriber_of("198.51.100.1") == "198.51.100.1" and subscriber_of("testclient") == "testclient"


# -- no link takes a host from a request -----------------------------------------------------------------------------

ELSEWHERE = "elsewhere.example"
_ASKS = {"X-Forwarded-Host": ELSEWHERE, "Forwarded": f"host={ELSEWHERE}", "X-Forwarded-Proto": "gopher"}


@pytest.fixture(scope="module")
def thing(demo: Demo) -> Things:
    return things(demo, "head", FIRST)


@pytest.fixture(scope="module")
def unset(demo: Demo) -> Demo:
    """As it is where no setting says how browsers reach it."""
    return settled(demo, public_url=None)


@pytest.mark.parametrize("username", ("", "head", "admin"))
def test_no_page_and_no_answer_repeats_the_host_of_a_request(unset: Demo, thing: Things, username: str) -> None:
    """Every address that can be read: pages, lists, files, what is public, what leads on."""
    client: TestClient = unset.sign_in(username) if username else unset.client()
    seen = 0
    for route in iter_route_contexts(client.app.routes):  # type: ignore[attr-defined]
        if isinstance(route.original_route, APIRoute) and "GET" in (route.methods or set()) and route.path != "/live":
            path = filled(route.path, thing)
            answer = client.get(path, headers={"Host": ELSEWHERE, **_ASKS}, follow_redirects=False)
            assert ELSEWHERE not in str(answer.headers) and ELSEWHERE.encode() not in answer.content, path
            assert "gopher" not in answer.headers.get("location", ""), path
            seen += answer.status_code == 200
    assert seen > (3 if not username else 15)


def test_an_address_given_out_leads_where_the_settings_say(demo: Demo, unset: Demo, thing: Things) -> None:
    body = {"days": 30}
    for there, leads in ((unset, "http://127.0.0.1:8000/s/"), (demo, "http://station.test/s/")):
        cashier = there.sign_in("cashier")
        path = f"/api/v1/dwellings/{thing.dwelling}/statement-links"
        answer = cashier.post(path, json=body, headers={"Host": ELSEWHERE, **_ASKS})
        assert answer.status_code == 200, answer.text
        assert answer.json()["url"].startswith(leads)


@pytest.mark.parametrize(
    ("given", "leads"),
    [
        ("/board/x?a=1", "/board/x?a=1"), ("", "/"), ("//elsewhere.example", "/"), ("/\\elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"), ("javascript:alert(1)", "/"), ("/a\nb", "/"), ("http://[", "/"),
        ("board", "/"), ("///elsewhere.example", "/"),
    ],
)  # fmt: skip
def test_nobody_is_led_to_another_site(given: str, leads: str) -> None:
    assert own_path(given) == leads


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://station.test/people/1?x=2", "/people/1?x=2"),
        ("http://station.test//elsewhere.example", "/"),
        ("http://elsewhere.example/people/1", "/"),
        ("http://station.test.elsewhere.example/people/1", "/"),
        ("", "/"),
    ],
)
def test_choosing_a_language_leads_back_to_a_page_of_ours(demo: Demo, referer: str, back: str) -> None:
    answer = demo.client().get("/language/en", headers={"Referer": referer}, follow_redirects=False)
    assert answer.headers["location"] == back
