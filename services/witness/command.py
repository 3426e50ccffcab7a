"""``jinlin witness``: make a witness, say which logs it cosigns, run it, cosign a file by hand, show what it keeps."""

import argparse
import asyncio
import signal
import socket
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from services.tlog.note import Verifier
from services.tlog.refusals import Malformed
from services.witness.answering import Witness, origin_hash
from services.witness.keeping import kept, made
from services.witness.serving import Server
from services.witness.state import NoState, State

HOST, PORT = "127.0.0.1", 8009
_WHAT = """\
A witness cosigns the checkpoints of logs that it trusts to be logs, once it has seen by a consistency proof that
nothing it cosigned before was changed or taken out. It holds a key and a small file in FOLDER and nothing else: no
database, no account, nothing of the product. Whoever runs it keeps FOLDER to themselves, and never gives it to the
firm whose log it watches. An old copy of FOLDER must never be put back into use: make a new witness instead.
"""
_NAME = "how the witness is called under what it signs, such as witness.donghuyuan.example/wang; no spaces, no plus"


def main(arguments: Sequence[str]) -> int:
    """0 done, 1 not cosigned, 2 the call or the folder is wrong."""
    options = _parser().parse_args(arguments)
    folder: Path = options.folder
    try:
        match options.act:
            case "make":
                return _make(folder, options.name)
            case "trust" | "distrust":
                return _trust(folder, options.vkey, options.origin, taken_back=options.act == "distrust")
            case "run":
                return _run(folder, options.host, options.port)
            case "sign":
                return _sign(folder, options.file)
            case _:
                return _show(folder, evidence=options.evidence)
    except (NoState, Malformed, OSError) as wrong:
        print(f"jinlin witness: {wrong}", file=sys.stderr)
        return 2


def _make(folder: Path, name: str) -> int:
    signer = made(folder, name)
    State(folder, make=True)
    print(signer.verifier.vkey())
    print("this is the public key, for whoever writes the policy; the folder stays with you", file=sys.stderr)
    return 0


def _trust(folder: Path, vkey: str, origin: str | None, *, taken_back: bool) -> int:
    verifier = Verifier.parse(vkey)
    with State(folder).turn() as turn:
        if taken_back and not turn.distrust(origin or verifier.name, vkey):
            raise NoState(f"this key was not trusted for {origin or verifier.name}")
        if not taken_back:
            turn.trust(origin or verifier.name, vkey)
    return 0


def _sign(folder: Path, file: str) -> int:
    body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    answer = _witness(folder).add_checkpoint(body)
    if answer.status == 200:
        print(answer.body, end="")
        return 0
    said = f"this witness cosigned size {answer.body}" if answer.status == 409 else answer.body
    print(f"jinlin witness: not cosigned ({answer.status}): {said}", end="", file=sys.stderr)
    return 1


def _show(folder: Path, *, evidence: bool) -> int:
    print(_about(folder), end="")
    with State(folder).look() as looking:
        refusals = looking.refusals()
    for refusal in refusals:
        at = datetime.fromtimestamp(refusal.at, UTC).isoformat().removesuffix("+00:00")
        print(f"refused {at}Z {refusal.why} {refusal.origin}")
        if evidence:
            print(f"\n{refusal.note}\n{refusal.latest}")
    return 1 if refusals else 0


def _about(folder: Path) -> str:
    """What whoever opens the witness's address reads, too."""
    lines = [f"witness {kept(folder).verifier.vkey()}"]
    with State(folder).look() as looking:
        for origin, vkey in looking.logs():
            latest = looking.latest(origin)
            lines.append(f"log {vkey}" + ("" if vkey.startswith(f"{origin}+") else f" origin {origin}"))
            lines.append(f"  size {latest.size if latest else 0}  /{origin_hash(origin)}/checkpoint")
    return "".join(f"{line}\n" for line in lines)


def _witness(folder: Path) -> Witness:
    return Witness(State(folder), kept(folder), lambda: int(time.time()))


def _run(folder: Path, host: str, port: int) -> int:
    witness = _witness(folder)
    server = Server(witness, lambda: _about(folder), told=lambda line: print(line, file=sys.stderr, flush=True))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        shown = f"[{host}]" if ":" in host else host
        print(f"witness at http://{shown}:{listening.getsockname()[1]}/", flush=True)
        asyncio.run(_serve(server, listening))
    return 0


async def _serve(server: Server, listening: socket.socket) -> None:
    ending = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, ending.set)
    open_to_all = await asyncio.start_server(server.meet, sock=listening)
    await ending.wait()
    open_to_all.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="jinlin witness", description=_WHAT)
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    make = acts.add_parser("make", help="make a new witness with a key of its own; prints its public key")
    trust = acts.add_parser("trust", help="cosign what this key signs from now on")
    distrust = acts.add_parser("distrust", help="cosign it no more; what was cosigned stays remembered")
    run = acts.add_parser("run", help="answer by HTTP, behind a proxy that brings TLS")
    sign = acts.add_parser("sign", help="cosign a file with a checkpoint and its proof by hand; prints one line")
    show = acts.add_parser("show", help="key, logs, sizes, and what had to be refused; ends with 1 if anything was")
    for each in (make, trust, distrust, run, sign, show):
        each.add_argument("folder", metavar="FOLDER", type=Path)
    make.add_argument("name", metavar="NAME", help=_NAME)
    for each in (trust, distrust):
        each.add_argument("vkey", metavar="KEY", help="the log's public key, as its paper says it")
        each.add_argument("--origin", metavar="ORIGIN", help="of the log, where its key is called otherwise")
    run.add_argument("--host", default=HOST, help=f"address to listen on ({HOST})")
    run.add_argument("--port", type=int, default=PORT, help=f"port to listen on ({PORT})")
    sign.add_argument("file", metavar="FILE", help="as the log's pages give it; - reads standard input")
    show.add_argument("--evidence", action="store_true", help="with both signed checkpoints of each refusal")
    return parser
