"""What is done with the product itself: to accounts, with what is taken out of it, and by those who run the machine."""

from domain.access.account import ACCOUNT
from domain.access.installation import INSTALLATION
from domain.access.reading import READING

DECIDERS = (ACCOUNT, READING, INSTALLATION)
CLEAR = frozenset({"entry", "view", "value"})  # texts that are not personal; a value is a keyed digest
