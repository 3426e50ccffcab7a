"""Why personal data is forgotten, of whomever it is."""

from enum import Enum


class ErasureGround(Enum):
    """Why personal data is forgotten (PIPL art. 47)."""

    PURPOSE_ACHIEVED = "PURPOSE_ACHIEVED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    RESIDENT_ASKED = "RESIDENT_ASKED"
    RETENTION_ENDED = "RETENTION_ENDED"
