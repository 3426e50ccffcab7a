"""The house: every part that a request may need, put together once by ``wiring``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from projections.follow import Follower
from projections.positions import ViewPositions
from services.accounts import Accounts
from services.bill_runs import BillRuns
from services.database import Database
from services.event_log import EventLog
from services.handle import Handler
from services.metrics import Metrics
from services.notebook_imports import NotebookImports
from services.numbers import Numbers
from services.photo_store import PhotoStore
from services.pseudonyms import Pseudonyms
from services.register_imports import RegisterImports
from services.settings import Settings
from services.statement_imports import StatementImports
from services.vault import Vault


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
