"""Stored facts as CSV files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.actions.export import export_csv
from app.errors import BadInput
from store.memory import MemoryBackend
from store.records import Category, Change, Correction, ForecastMade, Issue, Profile, Query, QueryRef, Snapshot, Week

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
REF = QueryRef("p", "q")


@pytest.fixture
def backend() -> MemoryBackend:
    result = MemoryBackend()
    result.save_profile(Profile("p", "Team: A/B", NOW, NOW))
    result.save_query(Query("p", "q", "con", NOW, NOW))
    result.upsert_issues(
        REF,
        [
            Issue("T-1", '=HYPERLINK("x")', "Bug", "Done", Category.DONE, NOW, points=-2.5, labels=("a", "b")),
            Issue("T-2", "Größe – 小\nsecond line", in_query=False),
        ],
        [Change("T-1", NOW, "status", None, "Done")],
    )
    result.replace_weeks(REF, [Week(date(2026, 2, 23), 4, 2.5, None, None, "manual")])
    result.replace_corrections(REF, [Correction(date(2026, 2, 23), completed_items=12)])
    result.save_snapshots(REF, [Snapshot("2026-W09", "wip", {"count": 3}, NOW)])
    result.save_forecast(REF, ForecastMade(NOW, date(2026, 3, 2), "items", "plain", 2, {50: 1, 85: None}, 12, 9, 1))
    return result


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_each_query_gets_its_files_in_a_folder_that_every_system_takes(backend: MemoryBackend, tmp_path: Path) -> None:
    result = export_csv(backend, tmp_path / "out")
    names = ("changes.csv", "corrections.csv", "forecasts.csv", "issues.csv", "snapshots.csv", "weeks.csv")
    assert result.files == tuple(f"Team_ A_B/_con/{name}" for name in names)
    assert sorted(path.relative_to(tmp_path / "out").as_posix() for path in tmp_path.rglob("*.csv")) == [*result.files]
    assert result.counts == backend.counts()


def test_cells_say_what_is_stored_and_run_nothing(backend: MemoryBackend, tmp_path: Path) -> None:
    export_csv(backend, tmp_path)
    folder = tmp_path / "Team_ A_B" / "_con"
    first, second = _read(folder / "issues.csv")
    assert (first["summary"], first["points"], first["labels"]) == ('\'=HYPERLINK("x")', "-2.5", "a; b")
    assert (first["category"], first["created"], first["in_query"]) == ("done", "2026-03-02T09:00:00Z", "yes")
    assert (second["summary"], second["created"], second["in_query"]) == ("Größe – 小\nsecond line", "", "no")
    assert _read(folder / "changes.csv") == [
        {"issue_key": "T-1", "at": "2026-03-02T09:00:00Z", "field": "status", "from_value": "", "to_value": "Done"}
    ]
    (week,) = _read(folder / "weeks.csv")
    assert (week["day"], week["completed_items"], week["created_items"]) == ("2026-02-23", "4", "")
    (correction,) = _read(folder / "corrections.csv")
    assert (correction["day"], correction["completed_items"], correction["created_items"]) == ("2026-02-23", "12", "")
    (snapshot,) = _read(folder / "snapshots.csv")
    assert (snapshot["week"], snapshot["values"]) == ("2026-W09", '{"count": 3}')
    (forecast,) = _read(folder / "forecasts.csv")
    assert (forecast["as_of"], forecast["weeks"]) == ("2026-03-02", '{"50": 1, "85": null}')


def test_queries_of_the_same_name_but_for_case_get_folders_of_their_own(tmp_path: Path) -> None:
    backend = MemoryBackend()
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    for name in ("All", "ALL", "A?l", "A*l"):
        backend.save_query(Query("p", name, name, NOW, NOW))
    export_csv(backend, tmp_path)
    assert len({path.name.casefold() for path in (tmp_path / "Team").iterdir()}) == 4


def test_a_folder_with_something_in_it_is_refused(backend: MemoryBackend, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(BadInput, match="not empty"):
        export_csv(backend, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_what_is_recorded_of_a_work_list_is_a_table_too() -> None:
    from app.actions.export import RECORDS, records_of
    from app.actions.files import import_file
    from tests.pages.sample import empty_context

    ctx = empty_context()
    data = b"Key,Created,Finished\nA-1,2026-03-02,2026-03-10\nA-2,2026-03-02,\n"
    ref = import_file(ctx, data, "team.csv", query_name="Team").ref
    tables = {name: records_of(ctx.backend, ref, name) for name in RECORDS}
    head, (row,) = tables["imports"]
    document = dict(zip(head, row, strict=True))
    assert (document["file"], document["rows"], document["kept"], document["new"]) == ("team.csv", 2, 2, 2)
    assert len(tables["record"][1]) == len(ctx.backend.list_snapshots(ref)) > 0
