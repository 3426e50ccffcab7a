"""Whatever file somebody uploads: it is read, or refused in one sentence. Damage is no error of ours."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.estates.estate import ESTATE, RegisterBuilding, RegisterEstate, Stairwell
from domain.recorded import Act
from domain.refusal import Refusal
from services.cases import paper_notebook, photo_keeping
from services.commands.findings import MOST_TOLD
from services.log.pseudonyms import Pseudonyms
from services.reconciliation.formats import reading as statements
from services.register import sheet as register
from services.register.sheet import Ground
from services.sheets import reading as sheets
from services.sheets.damaged import Damaged, judged
from services.sheets.writing import Sheet, SheetColumn, workbook
from tests.conftest import FIRST, Demo
from tests.scenario import MONDAY

BILL = "交易时间,交易单号,收入金额\n2026-10-05 08:30:00,4200002468,643.46\n"
TABLE = "<html><body><table><tr><td>交易时间</td></tr><tr><td>2026-10-05</td></tr></table></body></html>"


def zipped(content: bytes = BILL.encode("gb18030")) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("账单.csv", content)
    return out.getvalue()


def a_workbook() -> bytes:
    return workbook([Sheet("台账", tuple(map(SheetColumn, ("楼栋", "房号", "面积"))), (("3", "101", "89.37"),))])


def a_photo(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind, **({"exif": Image.Exif()} if kind == "JPEG" else {}))
    return out.getvalue()


SOUND: dict[str, bytes] = {
    "workbook": a_workbook(),
    "archive": zipped(),
    "gzip": gzip.compress(BILL.encode()),
    "gb18030": BILL.encode("gb18030"),
    "utf-16": BILL.encode("utf-16"),
    "page": TABLE.encode(),
    "jpeg": a_photo("JPEG"),
    "png": a_photo("PNG"),
    "webp": a_photo("WEBP"),
}
READERS: tuple[Callable[[bytes], Any], ...] = (
    sheets.read,
    lambda file: statements.read(file, lambda prints: {}),
    paper_notebook.rows_of,
    photo_keeping.read,
)
WORDS = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"PK\5\6", b"<![x", b"\xed\xa0\x80")


def damaged(file: bytes, chance: random.Random) -> bytes:
    """Bytes changed, cut out, put in; where there is an archive's directory, mostly there."""
    found = bytearray(file)
    for _ in range(chance.choice((1, 1, 2, 8))):
        end = found.rfind(b"PK\5\6")
        first = max(end, 0) if chance.random() < 0.5 else max(found.find(b"PK\1\2"), 0)
        at = chance.randrange(first, len(found)) if found else 0
        match chance.randrange(5):
            case 0:
                found[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                word = chance.choice(WORDS)
                found[at : at + len(word)] = word
            case 2:
                del found[at : at + chance.randrange(60)]
            case 3:
                found[at:at] = chance.randbytes(chance.randrange(40))
            case 4:
                del found[at:]
    return bytes(found)


def read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    for name, file in SOUND.items():
        broken = damaged(file, chance)
        for reader in READERS:
            try:
                reader(broken)
            except Refusal:
                pass
            except BaseException as error:
                raise AssertionError(f"{name} of seed {seed}: {type(error).__name__}") from error


@pytest.mark.parametrize("part", range(4))
def test_a_damaged_file_is_read_or_refused(part: int) -> None:
    for seed in range(part * 50, part * 50 + 50):
        read_or_refused(seed)


@pytest.mark.drill
@pytest.mark.slow
@pytest.mark.parametrize("part", range(50))
def test_many_damaged_files_are_read_or_refused(part: int) -> None:
    for seed in range(1000 + part * 500, 1000 + part * 500 + 500):
        read_or_refused(seed)


def test_every_byte_of_the_end_of_a_directory_may_be_wrong() -> None:
    """The last 22 bytes of an archive say where all the rest is."""
    for sound in (SOUND["workbook"], SOUND["archive"]):
        end = sound.rfind(b"PK\5\6")
        for at in range(end, len(sound)):
            for value in (0, 1, 0x7F, 0xFF):
                broken = sound[:at] + bytes([value]) + sound[at + 1 :]
                for reader in READERS[:2]:
                    with suppress(Refusal):
                        reader(broken)


def test_refusals_pass_and_what_ends_the_process_too() -> None:
    for error in (Refusal("sheet_empty"), KeyboardInterrupt(), SystemExit()):
        with pytest.raises(type(error)), judged():
            raise error
    with pytest.raises(Damaged), judged():
        raise ZeroDivisionError


# -- over HTTP -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "address", "field"),
    [
        ("accountant", f"/api/v1/estates/{FIRST}/statements", "statement"),
        ("accountant", f"/api/v1/estates/{FIRST}/register-imports", "file"),
        ("head", f"/api/v1/stations/{FIRST}/imports", "notebook"),
        ("head", f"/api/v1/photos?estate={FIRST}", "photo"),
    ],
)
def test_every_upload_refuses_what_is_damaged(demo: Demo, who: str, address: str, field: str) -> None:
    client, chance = demo.sign_in(who), random.Random(7)
    for name, file in SOUND.items():
        end = file.rfind(b"PK\5\6")
        cut = file[:end] + b"PK\5\6" + b"\xff" * 18 if end > 0 else file[: len(file) // 2]
        for broken in (cut, damaged(file, chance)):
            answer = client.post(address, files={field: (name, broken)})
            assert answer.status_code < 500, (name, answer.text)
            if answer.status_code >= 400:
                assert answer.json()["detail"] and answer.json()["code"] != "broken"
    whole = client.post(address, files={field: ("x.csv", BILL.encode())}).request
    sound = whole.headers["content-type"]
    for kind in (sound + "; charset=nothing", "multipart/form-data", "multipart/form-data; boundary=", sound[:-4]):
        sent = client.post(address, content=whole.read(), headers={"content-type": kind})
        assert 400 <= sent.status_code < 500 or sent.is_success, (kind, sent.status_code, sent.text)


# -- many lines that are wrong -----------------------------------------------------------------------------------------


def test_of_many_wrong_lines_the_first_are_told_and_all_are_counted() -> None:
    heading = "楼栋,单元,房号,建筑面积,业主,电话,起日\n"
    file = heading + "".join(f"9,1,{room},许多,,无,二〇\n" for room in range(5_000))
    act = Act(UUID(int=1), Capacity.ACCOUNTANT, MONDAY, MONDAY)
    place = ESTATE.initial
    for command in (
        RegisterEstate(FIRST, "SC-001", "东湖苑", "荷塘"),
        RegisterBuilding("3", (Stairwell("1", ("1",)),)),
    ):
        place = ESTATE.fold([(event, act) for event in ESTATE.consider(command, place, act)], place)
    ground = Ground(FIRST, place, frozenset(), Pseudonyms(b"p" * 32), UUID(int=2), act, MONDAY.date())
    found = register.read(register.rows_of(sheets.read(file.encode())), ground)
    assert (found.wrongs.lines, len(found.wrongs.told), found.good) == (5_000, MOST_TOLD, 0)
    assert all(each.refusal.__traceback__ is None for each in found.wrongs)
    noted = "日期,内容,楼栋\n" + "".join(f"那天,,{line}\n" for line in range(5_000))
    rows = paper_notebook.rows_of(noted.encode())
    read = paper_notebook.read(rows, FIRST, place, act._replace(recorded_at=MONDAY.astimezone(SHANGHAI)))
    assert (read.wrongs.lines, len(read.wrongs.told), read.good) == (5_000, MOST_TOLD, 0)
