"""Identities: no two alike, from many threads and after a fork."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from services.log.randomness import new_id

FORKS = """
import os, sys
from services.log.randomness import new_id
new_id()  # more than one was drawn
if os.fork() == 0:
    print(new_id(), flush=True)
    os._exit(0)
os.wait()
print(new_id())
"""


def test_no_two_identities_are_alike() -> None:
    with ThreadPoolExecutor(8) as pool:
        drawn = [each for some in pool.map(lambda _: [new_id() for _ in range(1_000)], range(16)) for each in some]
    assert len(set(drawn)) == 16_000
    assert {each.version for each in drawn} == {4}


def test_a_forked_process_gives_out_others() -> None:
    told = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, check=True, timeout=60)
    one, other = map(UUID, told.stdout.split())
    assert one != other
