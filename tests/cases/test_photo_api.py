"""Photos over HTTP: made small and stripped, hostile files refused at once, shown to their estate alone."""

import struct
import zlib
from io import BytesIO
from time import process_time
from typing import Any
from uuid import uuid4

import pillow_heif
import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.conftest import FIRST, SECOND, Demo

MARK = b"GPS-of-somebody's-home"


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in("head")


def picture(kind: str, size: tuple[int, int] = (2000, 1500), **saved: Any) -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **saved)
    return out.getvalue()


def send(client: TestClient, content: bytes, estate: str = FIRST, name: str = "a.jpg") -> Any:
    return client.post("/api/v1/photos", params={"estate": estate}, files={"photo": (name, content)})


def shown(client: TestClient, photo: str, **params: str) -> Image.Image:
    answer = client.get(f"/api/v1/photos/{photo}", params=params)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    return Image.open(BytesIO(answer.content))


def a_heic() -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (800, 600), "teal")).save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_photo_becomes_a_small_jpeg(head: TestClient, kind: str) -> None:
    photo = send(head, picture(kind)).json()["photo"]
    assert (shown(head, photo).format, shown(head, photo).size) == ("JPEG", (1600, 1200))
    assert shown(head, photo, small="true").size == (320, 240)


def test_a_phones_own_format_is_read(head: TestClient) -> None:
    assert shown(head, send(head, a_heic(), name="IMG_1.HEIC").json()["photo"]).size == (800, 600)


def test_nothing_but_the_picture_is_kept(demo: Demo, head: TestClient) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = MARK.decode(), 6  # a description, and "turn me upright"
    sent = picture("JPEG", (400, 200), exif=exif.tobytes(), comment=MARK)
    assert MARK in sent
    photo = send(head, sent).json()["photo"]
    answer = head.get(f"/api/v1/photos/{photo}")
    assert MARK not in answer.content
    turned = Image.open(BytesIO(answer.content))
    assert (turned.size, dict(turned.getexif())) == ((200, 400), {})
    with demo.product.database.lend_by_id() as conn:
        row = conn.execute("SELECT sealed, sealed_small FROM log.photos WHERE photo = %s", (photo,)).fetchone()
    assert row is not None
    assert not [sealed for sealed in row if b"JFIF" in sealed or sealed.startswith(b"\xff\xd8")]


def test_a_photo_runs_nothing_in_a_browser(head: TestClient) -> None:
    headers = head.get(f"/api/v1/photos/{send(head, picture('PNG', (50, 50))).json()['photo']}").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in headers["Cache-Control"]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def a_bomb(side: int) -> bytes:
    """A PNG that claims to be far larger than what it holds."""
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return start + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000, 9)) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to far more than it weighs."""
    said = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 80_000_000, 9))
    whole = picture("PNG", (20, 20))
    return whole[:33] + said + whole[33:]


HOSTILE = {
    "nothing": b"",
    "text": b"this is no photo",
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "PDF": b"%PDF-1.7\n" + b"\0" * 500,
    "a cut JPEG": picture("JPEG")[:4000],
    "a cut PNG": picture("PNG")[:400],
    "a cut WebP": picture("WEBP")[:400],
    "a cut HEIC": a_heic()[:300],
    "a JPEG of zeros": b"\xff\xd8\xff\xe0" + b"\0" * 5000,
    "TIFF": picture("TIFF", (50, 50)),
    "BMP": picture("BMP", (50, 50)),
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "a text bomb": text_bomb(),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_photo_is_refused_at_once(head: TestClient, content: bytes) -> None:
    started = process_time()
    answer = send(head, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_photo"), answer.text
    assert process_time() - started < 1  # of our own: neighbours on the machine do not count


@pytest.mark.parametrize("side", [6400, 12_000, 40_000])
def test_a_picture_too_large_is_refused_before_it_is_unpacked(head: TestClient, side: int) -> None:
    started = process_time()
    answer = send(head, a_bomb(side))
    assert (answer.status_code, answer.json()["code"]) in ((422, "photo_too_large"), (422, "not_a_photo"))
    assert process_time() - started < 1  # of our own: neighbours on the machine do not count


def test_a_flipped_byte_anywhere_is_never_an_error_of_ours(head: TestClient) -> None:
    for whole in (picture("JPEG", (60, 40)), picture("PNG", (60, 40)), picture("WEBP", (60, 40)), a_heic()):
        for place in range(0, min(len(whole), 600), 23):
            spoilt = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
            assert send(head, spoilt).status_code in (201, 422), (whole[:12], place)


def test_a_form_without_a_photo(head: TestClient) -> None:
    for files in ({"photo": (None, "text")}, {"other": ("a.jpg", b"x")}):
        answer = head.post("/api/v1/photos", params={"estate": FIRST}, files=files)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    broken = head.post(
        "/api/v1/photos", params={"estate": FIRST}, content=b"x", headers={"Content-Type": "multipart/form-data"}
    )
    assert (broken.status_code, broken.json()["code"]) == (400, "body")


def test_photos_stay_in_their_estate(demo: Demo, head: TestClient) -> None:
    mine = send(head, picture("PNG", (50, 50))).json()["photo"]
    other = demo.sign_in("head2")
    assert send(other, picture("PNG", (50, 50))).json() == send(head, picture("PNG", (50, 50)), SECOND).json()
    foreign, missing = other.get(f"/api/v1/photos/{mine}"), other.get(f"/api/v1/photos/{uuid4()}")
    assert foreign.status_code == 404
    assert foreign.json() == missing.json()
    assert demo.sign_in("committee").get(f"/api/v1/photos/{mine}").status_code == 403  # it may be of a home
    assert send(demo.sign_in("committee"), picture("PNG", (50, 50))).status_code == 403
