"""The import of a paper notebook in plans: its beginning and its end."""

from uuid import UUID

from domain.cases import notebook_import as imports
from domain.cases.notebook_import import NOTEBOOK_IMPORT
from services.commands.plan import Attempt, Plan, Planned


def on_import(stream: UUID, estate: str, command: imports.Command) -> Plan:
    """The beginning or the end of the import of a paper notebook."""

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(type(command), estate)
        loaded = attempt.at(NOTEBOOK_IMPORT, stream)
        return attempt.decided(NOTEBOOK_IMPORT, stream, loaded, command, correlation=stream, estate=estate)

    return Plan(make)
