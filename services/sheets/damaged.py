"""What somebody sent and no library can read: damaged, cut short, or made to break it."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from domain.refusal import Refusal

log = structlog.get_logger()


class Damaged(Exception):
    """The bytes are none of what they should be; nothing of them is told."""


@contextmanager
def judged() -> Iterator[None]:
    """What a library raises over bytes from outside says something about the bytes. Raises ``Damaged``.

    No list of errors is whole: archives, pictures and tables are read by some twenty modules, each of which was
    written for files that are sound. Refusals are our own and pass. The kind of error is logged, in case it is ours.
    """
    try:
        yield
    except Refusal:
        raise
    except Exception as error:
        log.info("upload_damaged", error=type(error).__name__)
        raise Damaged from None
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":
            raise
        log.info("upload_damaged", error=type(error).__name__)  # a panic in native code, which is no Exception
        raise Damaged from None
