"""Who sees what was sent: heads of a station, and administrators, who see of whom and not about what."""

from typing import Annotated

from fastapi import Depends

from domain.capacity import HEADS, Capacity
from services.console.visit import Visit, visiting
from services.http.who import Allowing
from services.sessions.member import Member

SENT = HEADS | {Capacity.ADMINISTRATOR}
sent_reader = Allowing(SENT)

SentReader = Annotated[Member, Depends(sent_reader)]
SentVisit = Annotated[Visit, Depends(visiting(sent_reader))]
