"""The library's own published test cases, unchanged, over our persistence module."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import TestCase

import psycopg
import pytest
from eventsourcing import postgres as library
from eventsourcing.persistence import AggregateRecorder, InfrastructureFactory
from eventsourcing.tests import application, persistence
from eventsourcing.utils import Environment
from psycopg.conninfo import conninfo_to_dict

from services.event_store import JinlinFactory, LogRecorder
from tests.conftest import new_database


def environment(url: str) -> dict[str, str]:
    """How the library is told of our module."""
    parts = conninfo_to_dict(url)
    return {
        "PERSISTENCE_MODULE": "services.event_store",
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
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f'DROP DATABASE "{conninfo_to_dict(url)["dbname"]}" WITH (FORCE)'.encode())


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
    expected_factory_topic = "services.event_store:JinlinFactory"

    def test_the_environment_names_our_module(self) -> None:
        assert os.environ["PERSISTENCE_MODULE"] == JinlinFactory.__module__
