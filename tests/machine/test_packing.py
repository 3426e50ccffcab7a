"""What is sent is packed for whoever takes it so, and no length of it tells of a secret."""

import gzip
import re
import zlib
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from services.console.drawn import CSRF_MARK, KEY_MARK, Drawn, apart
from services.http.packed import Packed, packed
from services.http.packing import AT_ONCE, SMALLEST, Packing, Takes, asked_from_here, takes
from tests.conftest import FIRST, Demo
from tests.loops import run_apart

BOARD = f"/board/{FIRST}"
TEXTS = st.lists(st.sampled_from(["<p>", "栋", "token=", "a1b2", "\n", "🏠"]), max_size=200).map("".join)


# -- what is packed ----------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=6), st.data())
def test_what_was_packed_is_read_as_it_was(texts: list[str], data: st.DataObject) -> None:
    pieces = [each.encode() for each in texts]
    gaps = data.draw(st.lists(st.integers(0, 70_000), min_size=len(pieces) - 1, max_size=len(pieces) - 1))
    once = Packed(pieces, gaps)
    for letter in (b"x", b"\xff"):
        fillings = [letter * gap for gap in gaps]
        whole = b"".join(piece + filling for piece, filling in zip(pieces, [*fillings, b""], strict=True))
        assert gzip.decompress(once.filled(fillings)) == whole


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.lists(st.sampled_from([b"a1b2", b"token=", b"<p>", b""]), max_size=3))
def test_secrets_are_left_out_of_the_packing_wherever_they_stand(text: str, secrets: list[bytes]) -> None:
    found = packed(text.encode(), secrets)
    assert found is not None and gzip.decompress(found) == text.encode()


SECRET = "4c0ffee91d7a35b28e6f00c1d2a3b4c5"


def _guessed(guess: str) -> str:
    """A page that says again what was looked for, beside the token of its forms."""
    return f'<input name="q" value="csrf={guess}">' + f"<form>csrf={SECRET}</form>" * 3 + "<p>路灯不亮</p>" * 40


GUESSES = [SECRET[:8] + letter for letter in "0123456789abcdef"]


def test_a_right_guess_beside_a_secret_makes_nothing_shorter() -> None:
    packer = Packed([b"a", b"b"], [32])
    assert packer.filled([b"0" * 32], 0) != packer.filled([SECRET.encode()], 0)
    lengths = {_length(_guessed(guess), [SECRET.encode()]) for guess in GUESSES}
    assert len(lengths) == 1
    plainly = {len(gzip.compress(_guessed(guess).encode())) for guess in [*GUESSES, SECRET]}
    assert len(plainly) > 1  # packed together they would tell


def _length(text: str, secrets: Sequence[bytes]) -> int:
    """How long it is, less the random part."""
    found = packed(text.encode(), secrets)
    assert found is not None
    return len(found) - found.index(b"\0", 10)


def test_lengths_are_blurred() -> None:
    assert len({len(packed(b"x" * 5000) or b"") for _ in range(60)}) > 5


def test_a_page_is_packed_once_and_answered_to_many() -> None:
    drawn = Drawn(f"<i>{CSRF_MARK}</i><b>{KEY_MARK}</b><a>{apart('/own?t=<7>')}</a>" + "<p>one</p>" * 99)
    first, second = (gzip.decompress(drawn.packed(token)).decode() for token in ("1" * 32, "2" * 32))
    assert first.startswith(f"<i>{'1' * 32}</i><b>") and second.startswith(f"<i>{'2' * 32}</i><b>")
    assert first[38:] != second[38:]  # a key of its own in each
    assert "<a>/own?t=&lt;7&gt;</a><p>" in first
    assert gzip.decompress(drawn.packed("")).startswith(b"<i></i><b>")  # nobody is signed in
    assert len(drawn.plain("1" * 32)) == len(first)


# -- who takes what ----------------------------------------------------------------------------------------------

WISHES: dict[str | None, Takes] = {
    None: Takes(),
    "": Takes(),
    "gzip, deflate, br, zstd": Takes(True, True),
    "gzip": Takes(True),
    "GZIP;Q=1": Takes(True),
    "x-gzip": Takes(True),
    "br;q=1.0, gzip;q=0.8, *;q=0.1": Takes(True, True),
    "gzip;q=0, br": Takes(False, True),
    "gzip;q=0.000": Takes(),
    "gzip;q=0.5, identity": Takes(),
    "gzip;q=0.5, identity;q=0.5": Takes(True),
    "identity": Takes(),
    "deflate": Takes(),
    "*": Takes(True, True),
    "*;q=0": Takes(plain=False),
    "identity;q=0": Takes(plain=False),
    "gzip, identity;q=0": Takes(True, plain=False),
    "gzip, *;q=0": Takes(True, plain=False),
    "identity, *;q=0": Takes(),
    "gzip;q=nonsense": Takes(),
    "gzip;q=nan": Takes(),
    " , ;;q=1,,": Takes(),
    "gzip" * 10_000: Takes(),
}


@pytest.mark.parametrize(("wish", "meant"), WISHES.items(), ids=[str(each)[:40] for each in WISHES])
def test_a_wish_is_read_as_the_standard_says(wish: str | None, meant: Takes) -> None:
    assert takes(wish) == meant


@pytest.mark.parametrize(
    ("headers", "query", "own"),
    [
        ({"sec-fetch-site": "same-origin", "cookie": "jinlin=1"}, b"q=1", True),
        ({"sec-fetch-site": "none", "cookie": "jinlin=1"}, b"q=1", True),
        ({"sec-fetch-site": "cross-site"}, b"", False),
        ({"sec-fetch-site": "same-site", "referer": "https://here/"}, b"", False),
        ({"cookie": "jinlin=1"}, b"q=1", False),
        ({"cookie": "jinlin=1", "referer": "https://there/"}, b"q=1", False),
        ({"cookie": "jinlin=1", "referer": "https://here/board"}, b"q=1", True),
        ({"cookie": "jinlin=1"}, b"", True),
        ({}, b"q=1", True),
    ],
)
def test_what_another_site_asks_for_is_not_packed(headers: dict[str, str], query: bytes, own: bool) -> None:
    assert asked_from_here(headers, query, {"here"}) is own


# -- what comes of it on the way out -------------------------------------------------------------------------------


def sent(
    *bodies: bytes, wish: str = "gzip", own: bool = True, status: int = 200, **headers: str
) -> tuple[dict[str, str], list[bytes]]:
    """The headers and the pieces of an answer, as the server gets them."""
    heard: list[Any] = []

    async def send(message: Any) -> None:
        heard.append(message)

    async def answer() -> None:
        packing = Packing(send, takes(wish), own, lambda: [b"the-token"])
        said = {"content_type": "text/html; charset=utf-8", **headers}
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()]
        await packing({"type": "http.response.start", "status": status, "headers": raw})
        for at, body in enumerate(bodies, 1):
            await packing({"type": "http.response.body", "body": body, "more_body": at < len(bodies)})
            assert len(heard) == at + 1  # nothing waits for what comes later

    run_apart(answer())
    found = {name.decode(): value.decode() for name, value in heard[0]["headers"]}
    return found, [each["body"] for each in heard[1:]]


PAGE = "<p>路灯不亮</p>".encode() * 100


def test_a_page_is_packed_with_its_headers_right() -> None:
    headers, (body,) = sent(PAGE, vary="Cookie", etag='W/"1"', content_length=str(len(PAGE)))
    assert gzip.decompress(body) == PAGE
    assert headers == {
        "content-type": "text/html; charset=utf-8",
        "vary": "Cookie, Accept-Encoding",
        "etag": 'W/"1"',
        "content-encoding": "gzip",
        "content-length": str(len(body)),
    }


@pytest.mark.parametrize(
    "told",
    [
        {"wish": "br"},
        {"own": False},
        {"etag": '"7"'},  # names the very bytes of what is not packed
        {"cache_control": "no-transform"},
        {"content_type": "application/pdf"},
        {"content_type": "image/jpeg"},
        {"content_type": "application/zip"},
        {"content_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"content_encoding": "gzip"},
        {"status": 206, "content_range": "bytes 0-9/100"},
    ],
    ids=str,
)
def test_the_rest_is_sent_as_it_is(told: dict[str, Any]) -> None:
    headers, (body,) = sent(PAGE, **told)
    assert body == PAGE
    assert headers.get("content-encoding") == told.get("content_encoding")
    assert headers.get("etag") == told.get("etag")


def test_what_fits_into_a_packet_is_sent_as_it_is() -> None:
    assert sent(b"x" * (SMALLEST - 1))[1] == [b"x" * (SMALLEST - 1)]
    assert "content-encoding" in sent(b"x" * SMALLEST)[0]


def test_a_large_answer_is_packed_in_turns() -> None:
    large = PAGE * (3 * AT_ONCE // len(PAGE))
    headers, (body,) = sent(large, content_type="application/json")
    assert gzip.decompress(body) == large and headers["content-length"] == str(len(body))
    assert sent(large + b"the-token")[1] == [large + b"the-token"]


def test_a_stream_goes_on_piece_by_piece() -> None:
    headers, pieces = sent(b"retry: 1\n\n", b"event: here\n\n", b"", content_type="text/event-stream")
    assert pieces == [b"retry: 1\n\n", b"event: here\n\n", b""] and "content-encoding" not in headers
    headers, pieces = sent(PAGE, PAGE)
    assert pieces == [PAGE, PAGE] and headers["vary"] == "Accept-Encoding"


def test_whoever_refuses_what_is_not_packed_gets_everything_packed() -> None:
    """A stream as well, each piece to be read as it comes."""
    for kind in ("text/event-stream", "application/pdf"):
        headers, pieces = sent(b"one\n\n", b"two\n\n", b"", wish="gzip, identity;q=0", content_type=kind, etag='"1"')
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        assert [reader.decompress(each) for each in pieces] == [b"one\n\n", b"two\n\n", b""] and reader.eof
        assert (headers["content-encoding"], headers["etag"]) == ("gzip", 'W/"1"')
    assert gzip.decompress(sent(b"x", wish="gzip, *;q=0", own=False)[1][0]) == b"x"


# -- the product ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in("head")


def raw(client: TestClient, path: str, method: str = "GET", **headers: str) -> tuple[Any, bytes]:
    """An answer and its body as it was sent."""
    said = {"Accept-Encoding": "gzip"} | {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream(method, path, headers=said) as answer:
        return answer, b"".join(answer.iter_raw())


def _without_keys(page: bytes) -> str:
    return re.sub(r'name="key" value="[0-9a-f]{32}"|data-at="\d+"|data-rest="-?\d+"', "", page.decode())


def test_the_board_is_packed_and_says_the_same(head: TestClient) -> None:
    plain, text = raw(head, BOARD, Accept_Encoding="identity")
    while True:  # until nothing happens and no minute ends between two looks
        answer, body = raw(head, BOARD)
        (before, said), (plain, text) = (plain, text), raw(head, BOARD, Accept_Encoding="identity")
        if before.headers["etag"] == plain.headers["etag"] and _without_keys(said) == _without_keys(text):
            break
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"] and "Cookie" in answer.headers["vary"]
    assert "content-encoding" not in plain.headers and "Accept-Encoding" in plain.headers["vary"]
    assert plain.headers["etag"] == answer.headers["etag"]
    assert _without_keys(gzip.decompress(body))[:2000] == _without_keys(text)[:2000]
    assert len(body) < len(text) / 4


def test_no_token_of_a_page_is_packed(head: TestClient) -> None:
    """Tokens of forms and the key that opens drafts stand in what is sent as they are, each time they are said."""
    for path in (BOARD, f"/notebook/{FIRST}", "/account", "/nowhere"):
        _, body = raw(head, path)
        page = gzip.decompress(body)
        for secret in re.findall(rb'name="csrf-token" content="([0-9a-f]{32})"|data-key="([^"]{40,})"', page):
            for each in filter(None, secret):
                assert body.count(each) == page.count(each) > 0


def test_the_head_of_an_answer_is_that_of_its_page(head: TestClient) -> None:
    answer, body = raw(head, BOARD, "HEAD")
    assert body == b"" and answer.headers["content-encoding"] == "gzip" and int(answer.headers["content-length"]) > 5000


def test_what_is_unchanged_is_not_sent_again(head: TestClient) -> None:
    tag = raw(head, BOARD)[0].headers["etag"]
    answer, body = raw(head, BOARD, If_None_Match=tag)
    assert (answer.status_code, body) == (304, b"")
    assert "content-encoding" not in answer.headers and "Accept-Encoding" in answer.headers["vary"]


def test_a_page_that_another_site_opens_is_not_packed(head: TestClient) -> None:
    for site in ("cross-site", "same-site"):
        answer, _ = raw(head, f"/search?q=csrf{site}", Sec_Fetch_Site=site)
        assert answer.status_code == 200 and "content-encoding" not in answer.headers
    assert "content-encoding" in raw(head, "/search?q=csrf", Sec_Fetch_Site="same-origin")[0].headers


def test_the_api_is_packed_and_failures_are(head: TestClient) -> None:
    answer, body = raw(head, "/api/v1/openapi.json")
    assert answer.headers["content-encoding"] == "gzip" and b'"openapi"' in gzip.decompress(body)
    answer, body = raw(head, "/nowhere")
    assert answer.status_code == 404 and b"</html>" in gzip.decompress(body)


@pytest.mark.parametrize("path", ["/api/v1/estates", BOARD, "/nowhere"])
@pytest.mark.parametrize("wish", ["identity;q=0", "*;q=0", "br, identity;q=0"])
def test_nobody_gets_what_he_refuses(head: TestClient, path: str, wish: str) -> None:
    answer, body = raw(head, path, Accept_Encoding=wish, Accept_Language="en")
    assert answer.status_code == 406 and b"gzip" in body
    assert "content-encoding" not in answer.headers


def test_a_file_of_the_console_comes_in_both_forms_under_tags_of_their_own(head: TestClient) -> None:
    path = re.findall(r'href="(/static/[^"]+\.css)"', head.get(BOARD).text)[0]
    packed_file, body = raw(head, path)
    plain, text = raw(head, path, Accept_Encoding="gzip;q=0")
    assert gzip.decompress(body) == text and "content-encoding" not in plain.headers
    assert packed_file.headers["etag"] != plain.headers["etag"]
    assert packed_file.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    part, piece = raw(head, path, Range="bytes=0-9", Accept_Encoding="identity")
    assert (part.status_code, piece) == (206, text[:10])
    answer, nothing = raw(head, path, If_None_Match=packed_file.headers["etag"])
    assert (answer.status_code, nothing) == (304, b"")


def test_a_packed_body_is_not_unpacked(head: TestClient) -> None:
    """Some bytes could become a great many; nobody here sends them so."""
    said = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    bomb = gzip.compress(b'{"estate": "' + b"x" * 5_000_000 + b'"}')
    assert head.post("/api/v1/issues", content=bomb, headers=said).status_code in (400, 415)
