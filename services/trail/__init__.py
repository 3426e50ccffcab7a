"""The audit trail (留痕): a public log of all that happens, which residents can check without trusting anybody."""

from services.capability import Capability
from services.trail import serving
from services.trail.following import TRAIL, bound
from services.trail.publishing import Publisher

CAPABILITY = Capability(api=(serving.router,), parts=(Publisher,), followings=(TRAIL,), takes={TRAIL.name: bound})
