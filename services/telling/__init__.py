"""Telling people (通知): the bell, e-mail, a group's robot, SMS."""

from datetime import date

from domain.capacity import Capacity
from services.capability import Capability, DailyWork
from services.console.navigation import Entry
from services.product import Product
from services.telling import api, pages
from services.telling.access import SENT
from services.telling.following import TELLING
from services.telling.post_room import PostRoom

_NOBODY: frozenset[Capacity] = frozenset()
_EVERYBODY = frozenset(Capacity) - {Capacity.SYSTEM}


def letters_pruned(product: Product, today: date) -> None:
    """What was told long ago is forgotten."""
    product.part(PostRoom).prune()


CAPABILITY = Capability(
    api=(api.router,),
    pages=(pages.router,),
    parts=(PostRoom,),
    followings=(TELLING,),
    daily=(DailyWork(95, letters_pruned),),
    entries=(
        Entry("bell", "/bell", "message-report", 97, _NOBODY, _EVERYBODY, "bell-title"),
        Entry("letters", "/letters", "mail-forward", 98, _NOBODY, SENT, "letters-title", letter="s"),
    ),
)
