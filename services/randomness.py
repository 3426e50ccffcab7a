"""Random bytes and identities, of cryptographic strength, drawn from OpenSSL's generator.

The system's own generator releases the interpreter's lock at every call: under load each of the six draws of a command
then waits for every other busy thread. OpenSSL's is reseeded by itself and safe after a fork.
"""

import ssl
from uuid import UUID


def random_bytes(count: int) -> bytes:
    """``count`` bytes for keys and nonces."""
    return ssl.RAND_bytes(count)


def new_id() -> UUID:
    """A random identity (UUID version 4)."""
    return UUID(bytes=ssl.RAND_bytes(16), version=4)
