"""The library's own published test cases, unchanged, over our persistence module; and our mapper in its event store."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest import TestCase
from uuid import uuid4

import pytest
from eventsourcing import postgres as library
from eventsourcing.persistence import AggregateRecorder, InfrastructureFactory
from eventsourcing.tests import application, persistence
from eventsourcing.utils import Environment, get_topic
from psycopg.conninfo import conninfo_to_dict

from domain.capacity import Capacity
from domain.cases.issue import ISSUE, IssueDropped, IssueNoted
from domain.recorded import Act
from services.log.envelope import Telling
from services.log.event_store import EnvelopeMapper, JinlinFactory, LogRecorder
from tests.postgres import drop, new_database

NOW = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
ACT = Act(uuid4(), Capacity.DISPATCHER, NOW, NOW)


def environment(url: str) -> dict[str, str]:
    """How the library is told of our module."""
    parts = conninfo_to_dict(url)
    return {
        "PERSISTENCE_MODULE": "services.log.event_store",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts["host"]),
        "POSTGRES_PORT": str(parts.get("port") or 5432),
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": str(parts.get("password") or ""),
    }


@contextmanager
def a_database(server: str) -> Iterator[str]:
    """The URL of a database that is gone afterwards."""
    url = new_database(server)
    yield url
    drop(server, url)


@pytest.fixture
def a_database_of_its_own(request: pytest.FixtureRequest, server: str) -> Iterator[None]:
    """The library drops its tables before each test; here each test has a database, as ``url`` of its class."""
    with a_database(server) as request.cls.url:
        yield


@pytest.fixture
def the_environment(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with a_database(server) as url:
        for name, value in environment(url).items():
            monkeypatch.setenv(name, value)
        yield


class OverOurModule(TestCase):
    """A test case whose recorders our factory makes."""

    url: str

    def factory(self) -> JinlinFactory:
        factory = InfrastructureFactory.construct(Environment("", environment(self.url)))
        assert isinstance(factory, JinlinFactory)
        self.addCleanup(factory.close)
        return factory


@pytest.mark.usefixtures("a_database_of_its_own")
class TestAggregateRecorder(OverOurModule, persistence.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return self.factory().aggregate_recorder()


class OverOurRecorder(OverOurModule):
    def create_recorder(self) -> LogRecorder:
        recorder = self.factory().application_recorder()
        assert isinstance(recorder, LogRecorder)
        return recorder


@pytest.mark.usefixtures("a_database_of_its_own")
class TestApplicationRecorder(OverOurRecorder, persistence.ApplicationRecorderTestCase[LogRecorder]):
    pass


@pytest.mark.usefixtures("a_database_of_its_own")
class TestNonInterleaving(OverOurRecorder, persistence.NonInterleavingNotificationIDsBaseCase):
    pass


class AnotherTrackingRecorder(library.PostgresTrackingRecorder):
    """One that an application brings along."""


@pytest.mark.usefixtures("a_database_of_its_own")
class TestFactory(persistence.InfrastructureFactoryTestCase[JinlinFactory]):
    url: str

    def setUp(self) -> None:
        self.env = Environment("", environment(self.url))
        super().setUp()

    def expected_factory_class(self) -> type[JinlinFactory]:
        return JinlinFactory

    def expected_aggregate_recorder_class(self) -> type[library.PostgresAggregateRecorder]:
        return library.PostgresAggregateRecorder

    def expected_application_recorder_class(self) -> type[LogRecorder]:
        return LogRecorder

    def expected_tracking_recorder_class(self) -> type[library.PostgresTrackingRecorder]:
        return library.PostgresTrackingRecorder

    def tracking_recorder_subclass(self) -> type[library.PostgresTrackingRecorder]:
        return AnotherTrackingRecorder

    def expected_process_recorder_class(self) -> type[library.PostgresProcessRecorder]:
        return library.PostgresProcessRecorder


@pytest.mark.usefixtures("the_environment")
class TestExampleApplication(application.ExampleApplicationTestCase):
    expected_factory_topic = "services.log.event_store:JinlinFactory"

    def test_the_environment_names_our_module(self) -> None:
        assert os.environ["PERSISTENCE_MODULE"] == JinlinFactory.__module__


def test_the_librarys_event_store_keeps_our_facts(server: str) -> None:
    """Given our mapper, chosen in the environment, facts of the domain come back as they went in."""
    stream = uuid4()
    noted = IssueNoted("IS-1", "350902002999-001", "路灯不亮", phone="13777770001")
    with (
        a_database(server) as url,
        InfrastructureFactory.construct(
            Environment("", environment(url) | {"MAPPER_TOPIC": get_topic(EnvelopeMapper)})
        ) as factory,
    ):
        store = factory.event_store()
        facts = [noted, IssueDropped("看错了")]
        events: list[Any] = [
            Telling(fact, uuid4(), stream, version, ISSUE.name, ACT, noted.estate, stream, None, None)
            for version, fact in enumerate(facts, 1)
        ]
        store.put(events)
        first, second = list[Any](store.get(stream))
        factory.close()
    kept_without_a_key = replace(noted, text=None, phone=None)
    assert (first.event, second.event) == (kept_without_a_key, IssueDropped(None))
    assert (first.stream, first.version, second.version, first.act) == (stream, 1, 2, ACT)
