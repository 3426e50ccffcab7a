"""The commands of ``jinlin``, the application they start, and how it shows that it runs."""

from domain.capacity import Capacity
from services.capability import Capability
from services.console.navigation import Entry
from services.running import health, views_api, views_page
from services.running.watch import watch_of

_ADMINISTRATORS = frozenset({Capacity.ADMINISTRATOR})

CAPABILITY = Capability(
    api=(views_api.router, health.router),
    pages=(views_page.router,),
    parts=(watch_of,),
    entries=(
        Entry(
            "views",
            "/admin/views",
            "settings",
            80,
            _ADMINISTRATORS,
            _ADMINISTRATORS,
            "views-title",
            letter="u",
            keeper=Capacity.ADMINISTRATOR,
        ),
    ),
)
