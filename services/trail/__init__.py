"""The audit trail (留痕): a public log of all that happens, which residents can check without trusting anybody."""

from domain.trail.going_on import MAY
from services.capability import Capability
from services.console.navigation import Entry
from services.trail import (
    desk_api,
    desk_files,
    desk_pages,
    fork_api,
    fork_pages,
    receipt_pages,
    serving,
    sheet_pages,
    verify_pages,
    witness_api,
    witness_pages,
    witness_signing,
    witness_ways,
)
from services.trail.desk_ways import ENTRIES, TABS
from services.trail.following import TRAIL, bound
from services.trail.fork import ForkWatch, nothing_after_a_fork
from services.trail.publishing import Publisher
from services.trail.receipts import Receipts
from services.trail.witness_client import WitnessClient

CAPABILITY = Capability(
    api=(serving.router, fork_api.router, receipt_pages.router, witness_api.router, desk_api.router),
    pages=(
        fork_pages.router,
        receipt_pages.pages,
        verify_pages.router,
        witness_pages.router,
        sheet_pages.router,
        witness_signing.router,
        desk_files.router,
        desk_pages.router,
    ),
    uploads=(verify_pages.UPLOAD,),
    parts=(Publisher, ForkWatch, Receipts, WitnessClient),
    guards=(nothing_after_a_fork,),
    followings=(TRAIL,),
    takes={TRAIL.name: bound},
    tabs=(*TABS, *witness_ways.TABS),
    entries=(
        *ENTRIES,
        Entry("fork", "/audit/fork", "checks", 99, frozenset(), MAY, "fork-title"),
        *witness_ways.ENTRIES,
    ),
)
