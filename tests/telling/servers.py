"""Real servers for letters to arrive at: one that speaks SMTP, one that speaks HTTP."""

import json
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Posted:
    """What came to an HTTP server: path, headers and the JSON of each; ``answers`` are given in turn, then the last."""

    port: int = 0
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=lambda: [(200, {}, {})])

    def body(self, number: int = -1) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.came[number][2])
        return found


@contextmanager
def http_server() -> Iterator[Posted]:
    posted = Posted()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            posted.came.append((self.path, dict(self.headers), raw))
            status, said, headers = posted.answers.pop(0) if len(posted.answers) > 1 else posted.answers[0]
            answer = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        posted.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield posted
        server.shutdown()


@dataclass
class Mailed:
    port: int = 0
    came: list[Message] = field(default_factory=list)
    refuses: bool = False


@contextmanager
def smtp_server() -> Iterator[Mailed]:
    mailed = Mailed()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                match line.split(" ")[0].upper():
                    case "DATA":
                        self.say("354 go on")
                        lines = []
                        while (raw := self.rfile.readline()) != b".\r\n":
                            lines.append(raw)
                        mailed.came.append(message_from_bytes(b"".join(lines)))
                        self.say("250 kept")
                    case "RCPT" if mailed.refuses:
                        self.say("451 later")
                    case "QUIT":
                        self.say("221 bye")
                        return
                    case _:
                        self.say("250 good")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        mailed.port = server.server_address[1]
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield mailed
        server.shutdown()
