"""Who may send a body where, and how long: asked before any of it is read."""

from collections.abc import Iterable, Mapping

from starlette.requests import Request

from services.http.problems import Unusable
from services.http.slots import Pool
from services.http.who import CSRF_HEADER, SAFE, Allowing, Asker, Permission, asker_of, check_origin
from services.product import Product
from services.threads.try_later import TryLater

Asked = Mapping[bytes, bytes]  # headers of a request, the first of each name

BODY_LIMIT = 1_000_000  # bytes
OF_STRANGERS = 20_000  # where nobody has to be signed in, unless a place says how much it takes
LARGEST_KEPT = 64_000  # of a form that is kept for its writer although nothing is done with it
_BEYOND = 10**15  # a length that is none


class Admission:
    """How much of a body may come: asked before any of it is read, when it is known where it leads and who sends it."""

    def __init__(self, request: Request, asked: Asked, product: Product, files: Pool, largest: int | None) -> None:
        self._request = request
        self._asked = asked
        self._product = product
        self._files = files
        self._largest = largest
        self._taken: tuple[str | None, int] | None = None

    async def __call__(self) -> int:
        """Bytes. Raises what the permission of the place raises, ``Unusable`` for more, ``TryLater`` for too much."""
        length = length_of(self._asked)
        place = self._request.scope.get("route")
        permissions: tuple[Permission, ...] | None = getattr(place, "permissions", None)
        asker = await asker_of(self._request)
        limit = self._largest or BODY_LIMIT
        if permissions == ():
            limit = self._largest or OF_STRANGERS
        elif not self._may_send(asker, permissions or ()):
            limit = LARGEST_KEPT
        if length is not None and length > limit:
            raise Unusable(413, "too_large")
        if self._largest and limit == self._largest:
            self._take_room(asker.token, limit if length is None else length)
        return limit

    def _may_send(self, asker: Asker, permissions: Iterable[Permission]) -> bool:
        """Raises, unless a small form shall be told that its session is over with all that was written in it."""
        request = self._request
        if asker.member is None and asker.broken is None and self._is_small_form() and self._was_signed_in(asker):
            return False
        who = asker.who
        if asker.by_cookie and request.method not in SAFE:
            check_origin(request)
            given = request.headers.get(CSRF_HEADER)
            if given is not None or request.scope["path"].startswith("/api/"):
                asker.check_csrf(given)
        for permission in permissions:
            if isinstance(permission, Allowing):
                permission.check(who)
        return True

    def _was_signed_in(self, asker: Asker) -> bool:
        return asker.token is not None and self._product.sessions.gave_out(asker.token)

    def _is_small_form(self) -> bool:
        kind, length = self._asked.get(b"content-type", b""), length_of(self._asked)
        return kind.startswith(b"application/x-www-form-urlencoded") and length is not None and length <= LARGEST_KEPT

    def _take_room(self, token: str | None, size: int) -> None:
        if not self._files.take(token, size):
            raise TryLater
        self._taken = token, size

    def over(self) -> None:
        """The request has ended."""
        if self._taken is not None:
            self._files.give_back(*self._taken)
            self._taken = None


def carries(asked: Asked) -> bool:
    """Whether a request brings a body."""
    return length_of(asked) != 0 or b"transfer-encoding" in asked


def length_of(asked: Asked) -> int | None:
    """Bytes that a body will have; ``None`` where it says so only as it comes."""
    said = asked.get(b"content-length")
    if said is None:
        return None if b"transfer-encoding" in asked else 0
    return int(said) if said.isdigit() and len(said) < 16 else _BEYOND
