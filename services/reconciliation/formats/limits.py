"""How large a statement may be, as it is sent and unpacked."""

from services.sheets.reading import Limits

LARGEST_FILE = 20_000_000
UNPACKED = 150_000_000
LIMITS = Limits(LARGEST_FILE, UNPACKED, 100_200, 100, 3_000_000)
