"""The budgets of the console: what is sent, and how fast it is on a weak machine."""

import json
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, RunningProduct, SitDown, a_running_product
from tests.browser.paces import HEAD, paces
from tests.browser.weights import FIRST_VISIT, ROLES, Scales, all_weights
from tests.forked import Nursery
from tests.templates import Templates

BEFORE: dict[str, int] = json.loads(Path(__file__).with_name("weights-0.6.0.json").read_text(encoding="utf-8"))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def test_every_first_page_is_light(nursery: Nursery, templates: Templates, tmp_path: Path) -> None:
    """With everything that it needs, on a line that takes gzip alone; of the demo as it is told."""
    with a_running_product(nursery, templates, tmp_path) as product:
        heavy = [each for each in all_weights(product) if each.first_visit > FIRST_VISIT]
    assert heavy == []


@pytest.mark.drill
@pytest.mark.timeout(900)
def test_the_table_of_budgets(sit_down: SitDown, product: RunningProduct) -> None:
    """Not judged here, since machines differ: what is over its budget is marked with ! in build/weights.md."""
    ways: dict[str, list[str]] = {}
    for role in ROLES:
        known = {path for paths in ways.values() for path in paths}
        ways[role] = [path for path in Scales(product, role).first_pages() if path not in known]
    found = list(paces(sit_down, ways))
    table = "\n".join([HEAD, *(each.row(BEFORE) for each in found)])
    print("\n" + table)
    (ROOT / "build" / "weights.md").write_text(table + "\n", encoding="utf-8")
    assert all(each.lcp > 0 and each.sent > 0 for each in found)
