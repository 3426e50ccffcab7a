"""Random bytes and identities, of cryptographic strength, drawn from OpenSSL's generator.

The system's own generator releases the interpreter's lock at every call: under load each of the six draws of a command
then waits for every other busy thread. OpenSSL's is reseeded by itself and safe after a fork.
"""

import os
import ssl
from collections import deque
from uuid import UUID

_AT_ONCE = 64
_drawn: deque[bytes] = deque()  # its ends are safe to use from many threads
os.register_at_fork(after_in_child=_drawn.clear)  # a child must not give out the same again


def random_bytes(count: int) -> bytes:
    """``count`` bytes for keys and nonces."""
    return ssl.RAND_bytes(count)


def new_id() -> UUID:
    """A random identity (UUID version 4). Identities are no secrets: many are drawn at once and given out in turn."""
    try:
        drawn = _drawn.popleft()
    except IndexError:
        many = ssl.RAND_bytes(16 * _AT_ONCE)
        _drawn.extend(many[at : at + 16] for at in range(16, len(many), 16))
        drawn = many[:16]
    return UUID(bytes=drawn, version=4)
