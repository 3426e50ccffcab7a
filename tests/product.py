"""``python -m tests.product BEGAN``: the product on the clock of the tests that started it, which BEGAN then.

BEGAN is a moment of the machine's monotonic clock, the same for all its processes.
"""

import sys

from services.http import showing
from services.running.run import run
from services.runtime.settings import Settings
from tests.clock import PATIENCE, RunningClock

if __name__ == "__main__":
    showing.WAIT_SECONDS = PATIENCE / 3  # however busy the machine is: what a page says of lag has tests of its own
    sys.exit(run(Settings.from_environment(), RunningClock(began=float(sys.argv[1]))))
