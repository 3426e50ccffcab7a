"""The bare web server: ``python -m tests.bench.echo PORT BYTES STATUS`` reads each body and answers so many bytes."""

import sys

import uvicorn
from starlette.types import Receive, Scope, Send


class Echo:
    """One asynchronous route without a framework."""

    def __init__(self, size: int, status: int) -> None:
        self._status = status
        self._body = b"x" * size
        self._headers = [(b"content-length", str(size).encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": self._status, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body})


if __name__ == "__main__":
    port, size, status = map(int, sys.argv[1:])
    uvicorn.run(Echo(size, status), host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off")
