"""How often a page of a team's data goes to the server and back: each journey may take 20 ms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.context import Context
from app.jobs import Jobs
from scripts.road import Road
from tests import postgres
from tests.store.postgres.member import NOW, REF, Plain, begin, step, store

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow

MOST = 6


@pytest.fixture
def road() -> Iterator[Road]:
    result = Road(postgres.shared_server("15").port)
    yield result
    result.close()


@pytest.fixture
def backend(road: Road, tmp_path: Path) -> Iterator[Plain]:
    server = postgres.shared_server("15")
    with (
        postgres.own_schema(server) as schema,
        store(replace(server.address, port=road.port), schema, tmp_path) as backend,
    ):
        begin(backend)
        for number in range(3):
            step(backend, "a", number)
        yield backend


def test_all_facts_of_a_work_list_come_in_one_journey_and_the_end_of_the_view(backend: Plain, road: Road) -> None:
    backend.load_facts(REF)
    before = road.journeys
    assert len(backend.load_facts(REF).issues) == 6
    assert road.journeys - before <= 2


def test_a_page_after_a_change_takes_at_most_six_journeys(backend: Plain, road: Road, tmp_path: Path) -> None:
    jobs = Jobs(backend)
    ctx = Context(backend, jobs, tmp_path, lambda: NOW)
    backend.load_facts(REF)
    before = road.journeys
    # What the frame of a page asks, and then its numbers.
    profiles = backend.list_profiles()
    backend.list_queries(profiles[0].id)
    analysis = ctx.analysis(REF)
    assert len(analysis.facts.issues) == 6
    assert road.journeys - before <= MOST
    jobs.close()


def test_a_page_of_what_is_known_already_takes_fewer(backend: Plain, road: Road, tmp_path: Path) -> None:
    jobs = Jobs(backend)
    ctx = Context(backend, jobs, tmp_path, lambda: NOW)
    ctx.analysis(REF)
    before = road.journeys
    ctx.analysis(REF)
    assert road.journeys - before <= 2
    jobs.close()
