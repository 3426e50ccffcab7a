"""The register (台账): dwellings, who owns them, and sheets of both taken over."""

from domain.register.dwelling import DWELLING
from domain.register.owner import OWNER
from domain.register.register_import import REGISTER_IMPORT

DECIDERS = (DWELLING, OWNER, REGISTER_IMPORT)
