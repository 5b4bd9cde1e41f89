"""The life of a stored answer: valid until the second it expires, in whatever zone anybody counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.backend import PersistenceBackend
from store.legacy.tree.jsontree import JSONBackend
from store.records import CachedChangelog, CachedPage, Change, Issue, Profile, Query, QueryRef
from store.sqlite.backend import SQLiteBackend
from tests.memory_backend import MemoryBackend

FETCHED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)
REF = QueryRef("p", "q")
BERLIN = ZoneInfo("Europe/Berlin")


def ready(backend: PersistenceBackend) -> PersistenceBackend:
    backend.save_profile(Profile("p", "Team", FETCHED, FETCHED))
    backend.save_query(Query("p", "q", "All", FETCHED, FETCHED))
    return backend


MAKINGS: dict[str, Callable[[Path], PersistenceBackend]] = {
    "memory": lambda folder: MemoryBackend(),
    "sqlite": lambda folder: SQLiteBackend(folder / "burndown.db"),
    "json-tree": JSONBackend,
}


@pytest.fixture(params=MAKINGS)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PersistenceBackend]:
    result = ready(MAKINGS[request.param](tmp_path))
    yield result
    result.close()


def keep(backend: PersistenceBackend, moment: datetime, expires: datetime) -> None:
    backend.save_pages(REF, [CachedPage("page", b"answer", moment, expires)])
    backend.save_changelogs(REF, [CachedChangelog("T-1", b"answer", moment, expires)])


def is_fresh(backend: PersistenceBackend, now: datetime) -> bool:
    return backend.get_page(REF, "page", now) is not None


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Niue"])
def test_an_answer_is_fresh_until_the_second_it_expires_in_any_zone(backend: PersistenceBackend, zone: str) -> None:
    """Texts like 09:00+02:00 or with a T would sort wrongly against others: an hour, or until midnight, too long."""
    here = ZoneInfo(zone)
    keep(backend, FETCHED.astimezone(here), (FETCHED + DAY).astimezone(here))
    for elsewhere in (UTC, BERLIN, timezone(timedelta(hours=-11))):
        assert is_fresh(backend, (FETCHED + DAY - SECOND).astimezone(elsewhere))
        assert not is_fresh(backend, (FETCHED + DAY).astimezone(elsewhere))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "Pacific/Niue"])
def test_cleaning_up_takes_an_answer_at_that_second_and_not_before(backend: PersistenceBackend, zone: str) -> None:
    keep(backend, FETCHED, FETCHED + DAY)
    assert backend.cleanup_expired((FETCHED + DAY - SECOND).astimezone(ZoneInfo(zone))) == 0
    assert backend.cleanup_expired((FETCHED + DAY).astimezone(ZoneInfo(zone))) == 2
    assert backend.list_pages(REF) == []
    assert backend.list_changelogs(REF) == []


def test_an_answer_that_expires_today_is_not_fresh_until_midnight(backend: PersistenceBackend) -> None:
    keep(backend, FETCHED - DAY, FETCHED)
    assert not is_fresh(backend, FETCHED + timedelta(hours=1))


def test_the_night_the_clock_goes_back_lasts_an_hour_longer(backend: PersistenceBackend) -> None:
    """02:30 comes twice: what was made at the first one, for an hour, is fresh until the second and no longer."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    second = first.replace(fold=1)
    keep(backend, first, first.astimezone(UTC) + timedelta(hours=1))
    assert is_fresh(backend, first)
    assert is_fresh(backend, second.astimezone(UTC) - SECOND)
    assert not is_fresh(backend, second)


def test_twenty_four_hours_are_not_a_day_on_the_wall_when_the_clock_goes_forward(backend: PersistenceBackend) -> None:
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN)
    keep(backend, evening, evening.astimezone(UTC) + DAY)
    assert is_fresh(backend, datetime(2026, 3, 29, 20, 59, 59, tzinfo=BERLIN))
    assert not is_fresh(backend, datetime(2026, 3, 29, 21, 0, tzinfo=BERLIN))


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_around_every_change_of_the_clocks_the_second_of_expiry_is_the_same(
    backend: PersistenceBackend, zone: str
) -> None:
    """Clocks that move by an hour, by half of one, and by an hour during one month of the year."""
    here = ZoneInfo(zone)
    for hour in (*range(1_050, 2_300, 11), *range(6_500, 7_400, 11)):
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
        keep(backend, moment.astimezone(here), (moment + DAY).astimezone(here))
        assert is_fresh(backend, (moment + DAY - SECOND).astimezone(here))
        assert not is_fresh(backend, (moment + DAY).astimezone(here))


def test_a_part_of_a_second_never_makes_an_answer_last_longer(backend: PersistenceBackend) -> None:
    keep(backend, FETCHED, FETCHED + DAY)
    assert not is_fresh(backend, FETCHED + DAY + timedelta(microseconds=500_000))
    assert is_fresh(backend, FETCHED + DAY - timedelta(microseconds=1))


def test_history_made_of_an_expired_answer_stays(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1")], [Change("T-1", FETCHED, "status", "To Do", "Done")])
    keep(backend, FETCHED, FETCHED + DAY)
    backend.cleanup_expired(FETCHED + timedelta(days=4000))
    assert [issue.key for issue in backend.list_issues(REF)] == ["T-1"]
    assert len(backend.list_changes(REF)) == 1


def test_what_is_named_outlives_its_expiry_and_is_still_not_fresh(backend: PersistenceBackend) -> None:
    keep(backend, FETCHED, FETCHED + DAY)
    backend.save_pages(REF, [CachedPage("other", b"answer", FETCHED, FETCHED + DAY)])
    assert backend.cleanup_expired(FETCHED + DAY, {REF: frozenset({"page"})}) == 1
    assert [page.cache_key for page in backend.list_pages(REF)] == ["page"]
    assert [log.issue_key for log in backend.list_changelogs(REF)] == ["T-1"]
    assert not is_fresh(backend, FETCHED + DAY)
    assert backend.cleanup_expired(FETCHED + DAY, {QueryRef("p", "another"): frozenset({"page"})}) == 2


def test_a_clock_set_back_deletes_nothing(backend: PersistenceBackend) -> None:
    keep(backend, FETCHED, FETCHED + DAY)
    assert backend.cleanup_expired(FETCHED - timedelta(days=3650)) == 0
    assert is_fresh(backend, FETCHED)


moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.timezones())  # noqa: DTZ001 with zones


@given(moments, moments)
def test_fresh_means_before_the_end_whatever_the_zones(end: datetime, now: datetime) -> None:
    end, now = end.replace(microsecond=0), now.replace(microsecond=0)
    backend = ready(MemoryBackend())
    keep(backend, FETCHED, end)
    # Compared in UTC: Python compares two times of one zone by the wall, wrong in the hour that comes twice.
    assert is_fresh(backend, now) == (now.astimezone(UTC) < end.astimezone(UTC))
