"""The house: every part that a request may need, put together once by ``wiring``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from projections.follow import Follower
from projections.positions import ViewPositions
from services.billing.runs import BillRuns
from services.cases.notebook_imports import NotebookImports
from services.commands.handle import Handler
from services.database.database import Database
from services.log.event_log import EventLog
from services.log.numbers import Numbers
from services.log.photo_store import PhotoStore
from services.log.pseudonyms import Pseudonyms
from services.log.vault import Vault
from services.reconciliation.files import StatementImports
from services.register.imports import RegisterImports
from services.runtime.metrics import Metrics
from services.runtime.settings import Settings
from services.sessions.accounts import Accounts


@dataclass(frozen=True, slots=True)
class House:
    settings: Settings
    database: Database
    vault: Vault
    log: EventLog
    numbers: Numbers
    photos: PhotoStore
    pseudonyms: Pseudonyms
    handler: Handler
    imports: NotebookImports
    statements: StatementImports
    bill_runs: BillRuns
    register_imports: RegisterImports
    follower: Follower
    positions: ViewPositions
    accounts: Accounts
    metrics: Metrics
    clock: Callable[[], datetime]
    secret: bytes  # 32 bytes of this product's own, for fingerprints and tokens
