"""Accounts and sessions as lists show them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    person: UUID
    made_at: datetime
    disabled: bool
    sessions: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    session: UUID
    address: str
    agent: str
    made_at: datetime
    seen_at: datetime
