"""The witness by HTTP, with real sockets: exact answers, bounds, and nobody who makes others wait."""

import http.client
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from services.tlog.cosignature import cosigned
from services.tlog.note import COSIGNATURE, Verifier, parse_note
from services.witness.answering import SIZE
from services.witness.command import main
from services.witness.serving import Bounds
from services.witness.submission import MOST_BYTES
from tests.clock import PATIENCE
from tests.witness.growing import ORIGIN, Log
from tests.witness.served import WITNESS, Listening, serving

QUICK = Bounds(seconds=0.3, idle_seconds=0.6, of_network=4)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Listening]:
    with serving(tmp_path) as listening:
        yield listening


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Listening]:
    with serving(tmp_path, QUICK) as listening:
        yield listening


def test_a_log_is_cosigned_and_monitored(here: Listening) -> None:
    log = Log().grow(9)
    address = f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    assert here.ask("GET", address)[0] == 404
    status, line, _ = here.ask("POST", "/add-checkpoint", log.body(0))
    assert status == 200
    assert cosigned(parse_note(log.checkpoint().written() + line), [WITNESS.verifier]) == {WITNESS.verifier: 7}
    assert here.ask("POST", "/add-checkpoint", log.body(0)) == (409, "9\n", SIZE)
    assert here.ask("GET", address)[:2] == (200, log.checkpoint().written() + line)
    assert here.ask("HEAD", address)[:2] == (200, "")
    assert here.ask("GET", "/")[:2] == (200, "about\n")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("PUT", "/add-checkpoint", 405),
        ("POST", "/", 404),
        ("GET", "/../etc/passwd", 404),
        ("GET", "/" + "A" * 64 + "/checkpoint", 404),
        ("GET", "/sign-subtree", 404),
        ("GET", "/" + "0" * 63 + "/checkpoint", 404),
    ],
)
def test_other_addresses(here: Listening, method: str, path: str, status: int) -> None:
    assert here.ask(method, path)[0] == status


def test_a_connection_is_used_again(here: Listening) -> None:
    way = http.client.HTTPConnection("127.0.0.1", here.port, timeout=20)
    log = Log().grow(9)
    for old, new in ((0, 3), (3, 7)):
        way.request("POST", "/add-checkpoint", log.body(old, new))
        answer = way.getresponse()
        assert (answer.status, answer.read()[:3]) == (200, "—".encode())
    way.close()


def test_too_large_a_body_is_said_before_it_is_read(here: Listening) -> None:
    said = here.raw(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: %d\r\n\r\n" % (MOST_BYTES + 1))
    assert said.startswith(b"HTTP/1.1 413 ")
    chunk = b"%x\r\n%s\r\n" % (60_000, b"x" * 60_000)
    head = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert here.raw(head, chunk, chunk, chunk).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: w\r\nX: " + b"x" * 40_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: -1\r\n\r\n",
        b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_is_said_and_ended(here: Listening, sent: bytes) -> None:
    assert here.raw(sent)[:10] in (b"HTTP/1.1 4", b"")
    assert here.ask("GET", "/")[0] == 200


def test_who_is_slow_is_sent_away(quick: Listening) -> None:
    assert quick.raw(b"POST /add-checkpoint HTTP/1.1\r\nHost").startswith(b"HTTP/1.1 408 ")
    head = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 100\r\n\r\n"
    assert quick.raw(head, b"old").startswith(b"HTTP/1.1 408 ")
    assert quick.raw(b"") == b"", "nothing is said to whoever asks nothing"


def test_one_network_holds_only_so_many(quick: Listening) -> None:
    held = [socket.create_connection(("127.0.0.1", quick.port), 20) for _ in range(QUICK.of_network)]
    try:
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            quick.ask("GET", "/")
    finally:
        for each in held:
            each.close()


def test_a_full_disk_is_no_cosignature(tmp_path: Path) -> None:
    with serving(tmp_path) as here:
        (tmp_path / "witness.sqlite").write_bytes(b"no database")
        assert here.ask("POST", "/add-checkpoint", Log().grow(3).body(0))[0] == 503


def test_the_command_makes_a_witness_that_signs_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, log = str(tmp_path / "w"), Log().grow(9)
    assert main(["make", folder, "two words"]) == 2
    assert main(["make", folder, "witness.example/wang"]) == 0
    vkey = capsys.readouterr().out.strip()
    assert main(["make", folder, "witness.example/wang"]) == 2
    assert main(["trust", folder, "nonsense"]) == 2
    assert main(["trust", folder, log.signer.verifier.vkey()]) == 0
    file = tmp_path / "to-sign"
    file.write_bytes(log.body(0, 5))
    capsys.readouterr()
    assert main(["sign", folder, str(file)]) == 0
    line = capsys.readouterr().out
    verifier = Verifier.parse(vkey, COSIGNATURE)
    assert verifier in cosigned(parse_note(log.checkpoint(5).written() + line), [verifier])
    file.write_bytes(log.other(2).body(5, 9))
    assert main(["sign", folder, str(file)]) == 1
    assert "422" in capsys.readouterr().err
    assert main(["show", folder, "--evidence"]) == 1
    shown = capsys.readouterr().out
    assert vkey in shown and "size 5" in shown and "unproven" in shown and log.other(2).checkpoint(9).text in shown
    assert main(["distrust", folder, log.signer.verifier.vkey()]) == 0
    assert main(["sign", folder, str(file)]) == 1
    (tmp_path / "w/witness.key").chmod(0o644)
    assert main(["sign", folder, str(file)]) == 2
    assert main(["show", str(tmp_path / "nowhere")]) == 2


def test_it_runs_without_the_product(tmp_path: Path) -> None:
    """No setting of the product is read, nothing of it is imported."""
    asked = "import sys, services.witness.command; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    ours = {name for name in said if name.partition(".")[0] in ("services", "domain", "projections")}
    assert {name for name in ours if not name.startswith(("services.witness", "services.tlog"))} == {"services"}


def test_it_is_a_process_that_answers_until_it_is_told_to_end(tmp_path: Path) -> None:
    folder = str(tmp_path / "w")
    assert main(["make", folder, "witness.example/wang"]) == 0
    assert main(["trust", folder, Log().signer.verifier.vkey()]) == 0
    command = [sys.executable, "-m", "services.witness", "run", folder, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.fullmatch(r"witness at http://127\.0\.0\.1:(\d+)/\n", process.stdout.readline())
        assert address is not None
        here = Listening(int(address[1]))
        assert here.ask("POST", "/add-checkpoint", Log().grow(4).body(0))[0] == 200
        assert "size 4" in here.ask("GET", "/")[1]
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert told.splitlines() == ["POST /add-checkpoint 200", "GET / 200"]
