"""The old app's own SQLite database: recognised, read row by row, and joined with JSON files beside it."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

from store.legacy import find, migrate
from store.legacy.report import MigrationReport
from store.memory import MemoryBackend
from store.opening import open_store
from store.records import Category, Change, Counts, Milestone, QueryRef, Week
from store.sql import schema
from tests.store.legacy.old_database import (
    PROFILE,
    QUERY,
    STAMP,
    create,
    insert,
    insert_change,
    insert_issue,
    insert_of_query,
    write_database,
)
from tests.store.legacy.old_folder import write_folder

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
REF = QueryRef(PROFILE, QUERY)


def _clock() -> datetime:
    return NOW


def _migrated(folder: Path) -> tuple[MemoryBackend, MigrationReport]:
    backend = MemoryBackend()
    return backend, migrate.migrate_folder(backend, folder, clock=_clock)


def _place(root: Path) -> Path:
    (root / "profiles").mkdir(exist_ok=True)
    return root / "profiles" / "burndown.db"


def test_every_row_becomes_a_record(tmp_path: Path) -> None:
    write_database(_place(tmp_path))
    backend, report = _migrated(tmp_path)
    assert report.layouts == ("database",)
    assert backend.counts() == Counts(1, 1, 2, 3, 2, 1, 3)
    assert backend.active_query() == REF
    first, second = backend.list_issues(REF)
    assert (first.key, first.summary, first.type, first.status) == ("T-1", "First", "Story", "Closed")
    assert (first.created, first.resolved) == (
        datetime(2025, 12, 1, 9, tzinfo=UTC),
        datetime(2025, 12, 9, 9, tzinfo=UTC),
    )
    assert (first.points, first.assignee, first.labels, first.fix_versions) == (2.5, "Jo", ("a",), ("R1",))
    assert (first.category, second.category) == (Category.DONE, Category.IN_PROGRESS)
    assert backend.list_changes(REF) == [
        Change("T-1", datetime(2025, 12, 3, 9, tzinfo=UTC), "status", None, "Doing"),
        Change("T-1", datetime(2025, 12, 9, 9, tzinfo=UTC), "status", None, "Closed"),
        Change("T-2", datetime(2025, 12, 5, 10, tzinfo=UTC), "status", None, "Doing"),
    ]
    assert backend.list_weeks(REF) == [Week(date(2025, 12, 1), 0, 2.5, 2), Week(date(2025, 12, 8), 1, 2.5, 2)]
    data = backend.get_project_data(REF)
    assert data is not None
    assert data.data["project_scope"] == {"total_items": 2, "remaining_items": 1}


def test_a_metric_is_the_whole_entry_wherever_the_old_app_put_it(tmp_path: Path) -> None:
    write_database(_place(tmp_path))
    backend, _ = _migrated(tmp_path)
    mttr, load, time = backend.list_snapshots(REF)
    assert (time.week, time.metric, time.values["median_days"]) == ("2025-W50", "flow_time", 8.0)
    assert load.values["wip_count"] == 1
    assert (mttr.values["value"], mttr.values["unit"]) == (4.5, "hours")
    assert mttr.forecast == {"forecast": {"forecast_value": 5.0, "forecast_range": {"lower": 4.0, "upper": 6.0}}}


def test_settings_milestone_and_budget_come_along_and_the_token_does_not(tmp_path: Path) -> None:
    write_database(_place(tmp_path))
    backend, report = _migrated(tmp_path)
    profile = backend.get_profile(PROFILE)
    assert profile is not None
    assert (profile.name, profile.show_points) == ("Team – Größe 小", True)
    assert profile.forecast_settings["deadline"] == "2026-03-31"
    assert profile.extras["budget_settings"][0]["time_allocated_weeks"] == 12
    assert backend.list_milestones(PROFILE) == [Milestone("Milestone", date(2026, 2, 1))]
    assert "planted" not in repr(profile)
    assert any("token" in finding.where for file in report.files for finding in file.findings)


def test_migrating_from_a_folder_leaves_its_database_as_it_was(tmp_path: Path) -> None:
    write_database(_place(tmp_path))
    before = _place(tmp_path).read_bytes()
    backend, _ = _migrated(tmp_path)
    assert [path.name for path in (tmp_path / "profiles").iterdir()] == ["burndown.db"]
    assert _place(tmp_path).read_bytes() == before
    assert migrate.migrate_folder(backend, tmp_path, merge=True).outcome == "nothing to do"


def test_the_folder_of_the_database_itself_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    write_database(tmp_path / "stick" / "burndown.db")
    backend, _ = _migrated(tmp_path / "stick")
    assert backend.counts().issues == 2


def test_the_first_start_takes_it_over_and_sets_it_aside_with_its_log(tmp_path: Path) -> None:
    path = _place(tmp_path)
    write_database(path)
    # A copy made while the old app ran: the last change lies in the log only.
    live = sqlite3.connect(path)
    live.execute("PRAGMA journal_mode = WAL")
    live.execute("PRAGMA wal_autocheckpoint = 0")
    insert_issue(live, "T-3", status="Doing")
    live.commit()
    kept = {name: path.with_name(name).read_bytes() for name in ("burndown.db", "burndown.db-wal")}
    live.close()
    for name, content in kept.items():
        path.with_name(name).write_bytes(content)
    opened = open_store(tmp_path / "profiles", mode="serve", clock=_clock)
    try:
        assert [issue.key for issue in opened.backend.list_issues(REF)] == ["T-1", "T-2", "T-3"]
        aside = tmp_path / "profiles/legacy/20260105T120000Z/profiles"
        assert (aside / "old-app.db").read_bytes() == kept["burndown.db"]
        assert (aside / "old-app.db-wal").read_bytes() == kept["burndown.db-wal"]
    finally:
        opened.backend.close()


def test_json_beside_it_wins_and_gets_the_rows_it_lacks(tmp_path: Path) -> None:
    write_folder(tmp_path, 3, profile=PROFILE, query=QUERY, name="From JSON")
    cache = json.loads((tmp_path / f"profiles/{PROFILE}/queries/{QUERY}/jira_cache.json").read_text())
    key = cache["issues"][0]["key"]
    connection = create(_place(tmp_path))
    insert(connection, "profiles", id=PROFILE, name="From the database", created_at=STAMP, last_used=STAMP)
    insert(connection, "queries", id=QUERY, profile_id=PROFILE, name="Other", jql="", created_at=STAMP, last_used=STAMP)
    insert(connection, "queries", id="q2", profile_id=PROFILE, name="Two", jql="", created_at=STAMP, last_used=STAMP)
    insert_issue(connection, key, summary="stale", status="Gone")
    insert_issue(connection, "MADE-9", status="Done", summary="only here")
    insert_change(connection, key, "2026-01-02T10:00:00.000+0000", "Done")
    insert_of_query(connection, "project_statistics", stat_date="2024-01-29", completed_items=99, recorded_at=STAMP)
    insert_of_query(connection, "project_statistics", stat_date="2026-01-05", completed_items=4, recorded_at=STAMP)
    connection.commit()
    connection.close()
    alone, _ = _migrated_without_database(tmp_path)
    backend, report = _migrated(tmp_path)
    assert set(report.layouts) == {"profiles", "database"}
    profile = backend.get_profile(PROFILE)
    assert profile is not None
    assert profile.name == "From JSON"
    assert {query.id for query in backend.list_queries(PROFILE)} == {QUERY, "q2"}
    *same, new = backend.list_issues(REF)
    assert same == alone.list_issues(REF)
    # The category of its status is known from the issues in JSON.
    assert (new.key, new.category) == ("MADE-9", Category.DONE)
    added = Change(key, datetime(2026, 1, 2, 10, tzinfo=UTC), "status", None, "Done")
    assert [change for change in backend.list_changes(REF) if change not in alone.list_changes(REF)] == [added]
    assert [week for week in backend.list_weeks(REF) if week not in alone.list_weeks(REF)] == [
        Week(date(2026, 1, 5), 4, 0.0, 0, 0.0, "jira_calculated")
    ]


def _migrated_without_database(root: Path) -> tuple[MemoryBackend, MigrationReport]:
    _place(root).rename(root / "away")
    result = _migrated(root)
    (root / "away").rename(_place(root))
    return result


def test_one_bad_row_costs_one_row(tmp_path: Path) -> None:
    path = _place(tmp_path)
    write_database(path)
    connection = sqlite3.connect(path)
    insert_issue(connection, " ", status="Doing")
    insert_issue(connection, "T-4", status="Doing", created="yesterday", points="many", custom_fields="{cut")
    insert_change(connection, "T-4", "no time", "Doing")
    insert_change(connection, "T-8", "2025-12-05T10:00:00.000+0000", "Doing")
    insert_of_query(connection, "project_statistics", stat_date="soon", completed_items=3, recorded_at=STAMP)
    insert_of_query(connection, "metrics_data_points", snapshot_date="some week", metric_category="x", metric_name="y",
                    metric_value=1, calculated_at=STAMP)  # fmt: skip
    connection.execute("UPDATE profiles SET flow_type_mappings = '{cut'")
    connection.commit()
    connection.close()
    backend, report = _migrated(tmp_path)
    assert [(issue.key, issue.points, issue.in_query) for issue in backend.list_issues(REF)] == [
        ("T-1", 2.5, True),
        ("T-2", None, True),
        ("T-4", None, True),
        ("T-8", None, False),
    ]
    assert backend.counts() == Counts(1, 1, 4, 4, 3, 1, 3)
    (file,) = [file_report for file_report in report.files if file_report.kind == "old database"]
    assert file.skipped == 3
    assert {finding.problem for finding in file.findings} >= {"has no usable key", "no week of a year"}


def test_a_row_whose_text_is_no_utf_8_is_read_all_the_same(tmp_path: Path) -> None:
    path = _place(tmp_path)
    write_database(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE jira_issues SET summary = CAST(x'4772f6df65' AS TEXT) WHERE issue_key = 'T-1'")
    connection.commit()
    connection.close()
    backend, _ = _migrated(tmp_path)
    assert backend.list_issues(REF)[0].summary == "Gr\ufffd\ufffde"


def test_a_database_whose_pages_are_damaged_gives_what_can_be_read(tmp_path: Path) -> None:
    path = _place(tmp_path)
    write_database(path)
    connection = sqlite3.connect(path)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'project_statistics'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    backend, report = _migrated(tmp_path)
    assert (backend.counts().issues, backend.counts().statistics) == (2, 0)
    assert any("cannot be read" in finding.problem for file_report in report.files for finding in file_report.findings)


def test_only_a_database_with_its_tables_and_a_profile_is_taken_for_the_old_apps(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    create(empty).close()
    assert not find.recognised(empty)
    ours = tmp_path / "ours.db"
    write_database(ours)
    assert find.recognised(ours)
    connection = sqlite3.connect(ours)
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.commit()
    connection.close()
    assert not find.recognised(ours)
    (tmp_path / "garbage.db").write_bytes(b"no database at all, but long enough to have a header" * 4)
    assert not find.recognised(tmp_path / "garbage.db")


def test_a_view_in_place_of_a_table_is_not_read(tmp_path: Path) -> None:
    path = _place(tmp_path)
    write_database(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE project_statistics")
    connection.execute("CREATE VIEW project_statistics AS SELECT 1 AS stat_date")
    connection.commit()
    connection.close()
    assert not find.recognised(path)
