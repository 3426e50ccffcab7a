"""Signing in, the own account, and the administrator's pages."""

from domain.capacity import Capacity
from services.access import account_api, admin, api, me, sign_in
from services.access.entrance import Entrance
from services.capability import Capability
from services.console.navigation import Entry

_ADMINISTRATORS = frozenset({Capacity.ADMINISTRATOR})

CAPABILITY = Capability(
    api=(api.router, account_api.router),
    parts=(Entrance,),
    pages=(me.router, admin.router, sign_in.router),
    entries=(Entry("admin", "/admin/accounts", "id-badge-2", 45, _ADMINISTRATORS, _ADMINISTRATORS, "admin-title"),),
)
