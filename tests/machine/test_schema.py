"""Several processes may prepare one database at the same time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from services.running import schema
from tests.clock import PATIENCE
from tests.postgres import new_database


def test_many_that_start_at_once_prepare_one_after_the_other(server: str, tmp_path: Path) -> None:
    url = new_database(server)
    together = Barrier(6)

    def start(_: int) -> None:
        together.wait(PATIENCE)
        for _ in range(3):
            schema.prepare(url, tmp_path)

    with ThreadPoolExecutor(6) as processes:
        list(processes.map(start, range(6)))
