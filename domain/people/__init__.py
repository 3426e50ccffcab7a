"""People (人员): who holds which post, and who comes as a Red Steward (红管家)."""

from domain.people.person import PERSON

DECIDERS = (PERSON,)
