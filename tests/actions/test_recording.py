"""The record of an import that is put off: the same as one made at once, whoever looks or changes something next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from app.actions.files import import_file
from app.actions.recording import catch_up, with_what_is_due
from app.context import Context
from app.errors import AppError
from app.jobs import Jobs
from store.backend import PersistenceBackend
from store.opening import open_store
from store.paths import DATABASE
from store.records import Profile, Query, QueryFacts, QueryRef

MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
HEAD = "Issue key,Summary,Status,Status Category,Created,Resolved\n"


def export(done: int) -> bytes:
    """Of 80 items, as it is on that Monday: one a day was finished, the last one the day before."""
    rows = [
        f"A-{n},Item {n},{'Done,Done' if n < done else 'Open,To Do'},2026-01-10T08:00:00Z,"
        f"{(MONDAY - timedelta(days=done - n)).isoformat() if n < done else ''}"
        for n in range(80)
    ]
    return (HEAD + "\n".join(rows)).encode()


def context(folder: Path, now: datetime, backend: PersistenceBackend) -> Context:
    return Context(backend, Jobs(backend), folder, clock=lambda: now)


@contextmanager
def opened(folder: Path, now: datetime, mode: str = "write") -> Iterator[Context]:
    opened_folder = open_store(folder, mode=mode)  # type: ignore[arg-type]
    try:
        with with_what_is_due(opened_folder, partial(context, folder, now)) as ctx:
            yield ctx
    finally:
        opened_folder.backend.close()


def imported(folder: Path, *, later: bool, done: int = 60, now: datetime = MONDAY) -> QueryRef:
    with opened(folder, now) as ctx:
        # The seed of a forecast is made of these names.
        ctx.backend.save_profile(Profile("p", "Team", now, now))
        ctx.backend.save_query(Query("p", "q", "export", now, now))
        return import_file(ctx, export(done), "export.csv", record_later=later).ref


def recorded(ctx: Context) -> tuple[list[object], list[object]]:
    ref = ctx.backend.active_query()
    assert ref is not None
    return list(ctx.backend.list_snapshots(ref)), list(ctx.backend.list_forecasts(ref))


def at_once(folder: Path) -> tuple[list[object], list[object]]:
    imported(folder, later=False)
    with opened(folder, MONDAY, "read") as ctx:
        return recorded(ctx)


def rename_the_project(ctx: Context) -> None:
    ref = ctx.backend.active_query()
    assert ref is not None
    ctx.change_profile(ref, lambda profile: replace(profile, name="Another name"))


def test_whoever_reads_later_finds_what_would_have_been_recorded_at_once(tmp_path: Path) -> None:
    imported(tmp_path / "later", later=True)
    with opened(tmp_path / "later", MONDAY + timedelta(days=20), "read") as ctx:
        assert recorded(ctx) == at_once(tmp_path / "at once")
        assert recorded(ctx)[1]


def test_reading_changes_nothing_in_the_file(tmp_path: Path) -> None:
    imported(tmp_path, later=True)
    before = (tmp_path / DATABASE).read_bytes()
    with opened(tmp_path, MONDAY, "read") as ctx:
        assert ctx.backend.counts().forecasts == 1
    assert (tmp_path / DATABASE).read_bytes() == before


def test_a_writer_that_changes_nothing_records_nothing(tmp_path: Path) -> None:
    imported(tmp_path, later=True)
    with opened(tmp_path, MONDAY) as ctx:
        assert recorded(ctx) == ([], [])
    with opened(tmp_path, MONDAY, "read") as ctx:
        assert len(recorded(ctx)[1]) == 1


def test_the_next_change_comes_after_the_record_of_what_was_before(tmp_path: Path) -> None:
    imported(tmp_path / "later", later=True)
    with opened(tmp_path / "later", MONDAY + timedelta(days=9)) as ctx:
        # More work is done then: the record of the first week must not know of it.
        import_file(ctx, export(75), "export.csv", record_later=True)
        snapshots, forecasts = recorded(ctx)
    assert (snapshots, forecasts) == at_once(tmp_path / "at once")


def test_a_changed_setting_comes_after_it_too(tmp_path: Path) -> None:
    imported(tmp_path / "later", later=True)
    with opened(tmp_path / "later", MONDAY + timedelta(days=9)) as ctx:
        rename_the_project(ctx)
        snapshots, forecasts = recorded(ctx)
    expected = at_once(tmp_path / "at once")
    assert snapshots[: len(expected[0])] == expected[0]
    assert forecasts[0] == expected[1][0]


def test_it_is_recorded_once(tmp_path: Path) -> None:
    imported(tmp_path, later=True)
    with opened(tmp_path, MONDAY + timedelta(days=1)) as ctx:
        catch_up(ctx)
        result = recorded(ctx)
        catch_up(ctx)
        assert recorded(ctx) == result


def test_data_that_changed_behind_its_back_are_not_recorded_as_those_of_before(tmp_path: Path) -> None:
    """As an older version of the program does, which knows nothing of what is due."""
    ref = imported(tmp_path, later=True)
    unaware = open_store(tmp_path, mode="write").backend
    unaware.delete_issues(ref, ["A-1"])
    unaware.close()
    with opened(tmp_path, MONDAY, "read") as ctx:
        assert recorded(ctx) == ([], [])


def test_what_is_due_and_cannot_be_read_keeps_nobody_from_the_data(tmp_path: Path) -> None:
    imported(tmp_path, later=True)
    unaware = open_store(tmp_path, mode="write").backend
    unaware.set_state("record_due", '{"query": 7}')
    unaware.close()
    with opened(tmp_path, MONDAY) as ctx:
        ctx.backend.save_profile(Profile("p2", "More", MONDAY, MONDAY))
        assert ctx.backend.counts().profiles == 2


def test_an_error_while_recording_keeps_nobody_from_the_data(tmp_path: Path) -> None:
    class Broken(Context):
        def record(self, ref: QueryRef, facts: QueryFacts | None = None, at: datetime | None = None) -> str:
            raise ZeroDivisionError

    imported(tmp_path, later=True)
    backend = open_store(tmp_path, mode="write").backend
    catch_up(Broken(backend, Jobs(backend), tmp_path))
    backend.close()
    with opened(tmp_path, MONDAY) as ctx:
        rename_the_project(ctx)
        assert len(recorded(ctx)[1]) == 1


def imported_twice(folder: Path, *, later: bool, apart: timedelta = timedelta(hours=3), done: int = 60) -> None:
    """`done`: in the second file."""
    ref = imported(folder, later=later)
    backend = open_store(folder, mode="write").backend
    now = MONDAY + apart
    assert import_file(context(folder, now, backend), export(done), "export.csv", record_later=later).ref == ref
    backend.close()


def kept(folder: Path) -> tuple[list[object], list[object]]:
    """What lies in the file, without what is due."""
    backend = open_store(folder, mode="read").backend
    try:
        return recorded(context(folder, MONDAY, backend))
    finally:
        backend.close()


def test_the_same_file_again_on_that_day_puts_it_off_once_more(tmp_path: Path) -> None:
    imported_twice(tmp_path / "later", later=True)
    imported_twice(tmp_path / "at once", later=False)
    assert kept(tmp_path / "later") == ([], [])
    with opened(tmp_path / "later", MONDAY + timedelta(days=9), "read") as ctx:
        assert recorded(ctx) == kept(tmp_path / "at once")
        assert len(recorded(ctx)[1]) == 1


def test_the_same_file_on_another_day_comes_after_the_record(tmp_path: Path) -> None:
    imported_twice(tmp_path / "later", later=True, apart=timedelta(days=1))
    assert kept(tmp_path / "later") == at_once(tmp_path / "at once")
    with opened(tmp_path / "later", MONDAY + timedelta(days=1), "read") as ctx:
        assert len(recorded(ctx)[1]) == 2


def test_another_file_on_that_day_comes_after_the_record(tmp_path: Path) -> None:
    imported_twice(tmp_path / "later", later=True, done=61)
    assert kept(tmp_path / "later") == at_once(tmp_path / "at once")


def test_an_import_into_another_work_list_comes_after_the_record(tmp_path: Path) -> None:
    ref = imported(tmp_path / "later", later=True)
    backend = open_store(tmp_path / "later", mode="write").backend
    ctx = context(tmp_path / "later", MONDAY, backend)
    other = import_file(ctx, export(60), "export.csv", query_name="Another", record_later=True).ref
    snapshots, forecasts = list(backend.list_snapshots(ref)), list(backend.list_forecasts(ref))
    assert other != ref
    assert not backend.list_forecasts(other)
    backend.close()
    assert (snapshots, forecasts) == at_once(tmp_path / "at once")


def test_an_import_that_is_refused_leaves_what_is_due(tmp_path: Path) -> None:
    imported(tmp_path, later=True)
    backend = open_store(tmp_path, mode="write").backend
    with pytest.raises(AppError):
        import_file(context(tmp_path, MONDAY, backend), b"Key,Colour\nA-1,red\n", "export.csv", record_later=True)
    backend.close()
    with opened(tmp_path, MONDAY, "read") as ctx:
        assert len(recorded(ctx)[1]) == 1
