"""Who reads the journal of accounts: administrators, and auditors, who do nothing else."""

from typing import Annotated

from fastapi import Depends

from domain.capacity import Capacity
from services.console.visit import Visit, visiting
from services.http.who import Allowing
from services.sessions.member import Member

JOURNAL_READING = frozenset({Capacity.ADMINISTRATOR, Capacity.AUDITOR})

journal_reader = Allowing(JOURNAL_READING)

JournalReader = Annotated[Member, Depends(journal_reader)]
JournalVisit = Annotated[Visit, Depends(visiting(journal_reader))]
