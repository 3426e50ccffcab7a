"""What commands and events of an order are told in: who takes over, whom to call, how somebody agreed, what counts."""

from enum import Enum


class ReferredTo(Enum):
    """Who takes over what is not ours (转办)."""

    UTILITY = "UTILITY"
    MUNICIPAL = "MUNICIPAL"
    WARRANTY = "WARRANTY"
    FUND = "FUND"


class EmergencyService(Enum):
    """Whom to call first when life is in danger."""

    FIRE_119 = "FIRE_119"
    POLICE_110 = "POLICE_110"
    AMBULANCE_120 = "AMBULANCE_120"
    LIFT_MAINTENANCE = "LIFT_MAINTENANCE"


class Consent(Enum):
    """How a resident agreed to a quote."""

    SIGNED = "SIGNED"
    MESSAGE = "MESSAGE"
    PHONE = "PHONE"


class Counts(Enum):
    """What of an order counts against a promise, so that it matters when it was."""

    ACCEPT = "ACCEPT"
    DISPATCH = "DISPATCH"
    ARRIVE = "ARRIVE"
    FIX = "FIX"
    PAUSE = "PAUSE"  # the clock stops
    FOLLOW_UP = "FOLLOW_UP"  # on which day the resident was asked
