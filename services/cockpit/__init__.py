"""The cockpit (看板): what is due, collected and open."""

from domain.capacity import MONEY, OUTSIDE
from services.capability import Capability
from services.cockpit import api, pages
from services.console.navigation import Rhythm, Tab

CAPABILITY = Capability(
    api=(api.router,),
    pages=(pages.router,),
    tabs=(Tab("cockpit", "/cockpit/{estate}", 100, MONEY | OUTSIDE, Rhythm.LOOK_UP),),
)
