"""Backups: taken by hand and by the day, kept for a while, copied elsewhere, and what each tells of itself."""

from services.backup.schedule import Backups, back_up_daily
from services.capability import Capability, DailyWork

CAPABILITY = Capability(parts=(Backups,), daily=(DailyWork(90, back_up_daily),))
