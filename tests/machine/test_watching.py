"""Alert rules and dashboard: they can be read as their programs read them, and ask for what there is."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from services.running.watch import Watch
from tests.conftest import Demo

WATCHING = Path(__file__).resolve().parents[2] / "deploy" / "watching"
RULES = yaml.safe_load((WATCHING / "alerts.yaml").read_text(encoding="utf-8"))
DASHBOARD = json.loads((WATCHING / "dashboard.json").read_text(encoding="utf-8"))
OF_PROMETHEUS = {"up"}  # made by Prometheus itself
MOMENTS = re.compile(r"\d+[smhd]")

ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
PANELS = [(panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]]
EXPRESSIONS = [(rule["alert"], rule["expr"]) for rule in ALERTS] + PANELS


def asked_for(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Each series that an expression asks for: its name, and the labels by which it chooses."""
    parsed = promql_parser.parse(expression.replace("$__rate_interval", "5m"))
    for selector in _selectors(parsed):
        yield selector.name, {each.name for each in selector.matchers.matchers}


def _selectors(node: Any) -> Iterator[Any]:
    if isinstance(node, promql_parser.VectorSelector):
        yield node
        return
    for name in ("lhs", "rhs", "expr", "vector_selector"):
        inner = getattr(node, name, None)
        if inner is not None:
            yield from _selectors(inner)
    for inner in getattr(node, "args", None) or ():
        yield from _selectors(inner)


@pytest.fixture(scope="module")
def there(demo: Demo) -> dict[str, set[str]]:
    """Every series that the product tells, with its labels."""
    demo.client().get("/api/v1/session")
    head = demo.sign_in("head")
    head.post("/api/v1/issues", json={})
    watch = demo.product.part(Watch)
    watch.heard_of_daily(["let_contracts_live"])
    watch.figures()
    found: dict[str, set[str]] = {}
    for family in demo.product.metrics.registry.collect():
        names = {f"{family.name}_total"} if family.type == "counter" else {family.name}
        if family.type == "histogram":
            names = {f"{family.name}{ending}" for ending in ("_bucket", "_count", "_sum")}
        labels = {label for sample in family.samples for label in sample.labels}
        for name in names:
            found[name] = labels
    return found


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_what_is_asked_for_is_there(where: str, expression: str, there: dict[str, set[str]]) -> None:
    asked = list(asked_for(expression))
    assert asked
    for name, labels in asked:
        assert name in there.keys() | OF_PROMETHEUS
        assert labels - {"job"} <= there.get(name, set())


def test_a_name_that_is_not_there_would_be_seen() -> None:
    assert list(asked_for('max by (view) (rate(made_up{view="a"}[5m])) > 1 or absent(other)')) == [
        ("made_up", {"view"}),
        ("other", set()),
    ]


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_is_wrong_what_to_do_and_whom_to_wake(rule: dict[str, Any]) -> None:
    assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"].keys() == {"summary", "runbook"}
    assert MOMENTS.fullmatch(rule.get("for", "0s"))


def test_names_are_given_once() -> None:
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert all(panel["datasource"]["uid"] == "${source}" for panel in DASHBOARD["panels"])


def test_what_is_scraped_and_read_is_what_stands_beside_it() -> None:
    scraped = yaml.safe_load((WATCHING / "prometheus.yaml").read_text(encoding="utf-8"))
    assert [(WATCHING / name).is_file() for name in scraped["rule_files"]] == [True]
    assert [job["job_name"] for job in scraped["scrape_configs"]] == ["jinlin"]
