"""What commands and events of an order are told in: who takes over, whom to call, what counts, why nobody goes on."""

from enum import Enum


class ReferredTo(Enum):
    """Who takes over what is not ours (转办)."""

    UTILITY = "UTILITY"
    MUNICIPAL = "MUNICIPAL"
    WARRANTY = "WARRANTY"
    FUND = "FUND"


class EmergencyService(Enum):
    """Whom to call first when life is in danger; those after the first three are firms of the estate's own."""

    FIRE_119 = "FIRE_119"
    POLICE_110 = "POLICE_110"
    AMBULANCE_120 = "AMBULANCE_120"
    LIFT_MAINTENANCE = "LIFT_MAINTENANCE"
    FIRE_MAINTENANCE = "FIRE_MAINTENANCE"
    GAS_REPAIR = "GAS_REPAIR"
    WATER_REPAIR = "WATER_REPAIR"
    POWER_REPAIR = "POWER_REPAIR"


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
    RESUME = "RESUME"  # the clock goes on


class PauseCause(Enum):
    """Why nobody can go on (停表原因)."""

    PARTS = "PARTS"
    CONTRACTOR = "CONTRACTOR"
    RESIDENT = "RESIDENT"
    WEATHER = "WEATHER"
    APPROVAL = "APPROVAL"
    OTHER = "OTHER"


class PauseTold(Enum):
    """Who is told when a pause has passed its end."""

    DESK = "DESK"  # who answers for it at the station
    STATION_HEAD = "STATION_HEAD"
    STEWARD = "STEWARD"
