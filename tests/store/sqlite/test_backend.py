"""What is particular to SQLite: the schema's promises, threads, kills, sidecar files, journals."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from store import files
from store.errors import Damaged, NotWritable, Refused
from store.records import CachedChangelog, CachedPage, Change, Issue, Profile, Query, QueryRef, Snapshot
from store.sql import schema
from store.sqlite import connections
from store.sqlite.backend import SQLiteBackend, create_database
from store.sqlite.connections import Connections, Journal, Source, choose_journal
from store.sqlite.reading import reading, sidecar, source_for_reading

REPOSITORY = Path(__file__).parents[3]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")
SEED_TABLES = {
    "profiles": "id name description created_at last_used jira_config field_mappings forecast_settings "
    "project_classification flow_type_mappings show_milestone show_points",
    "queries": "id profile_id name jql description created_at last_used",
    "app_state": "key value",
    "jira_cache": "id profile_id query_id cache_key response expires_at created_at",
    "jira_changelog_cache": "id profile_id query_id issue_key changelog expires_at created_at",
    "project_data": "id profile_id query_id data updated_at",
    "metrics_snapshots": "id profile_id query_id snapshot_date metric_type metrics forecast created_at",
    "task_progress": "task_name progress_percent status message updated_at",
}


def with_one_query(path: Path, journal: Journal | None = None) -> SQLiteBackend:
    backend = SQLiteBackend(path, journal=journal)
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    backend.save_query(Query("p", "q", "All", NOW, NOW))
    return backend


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "burndown.db"


@pytest.fixture
def backend(path: Path) -> Iterator[SQLiteBackend]:
    backend = with_one_query(path)
    yield backend
    backend.close()


@pytest.fixture
def raw(backend: SQLiteBackend) -> Iterator[sqlite3.Connection]:
    """A connection with everything that the backend sets."""
    with backend.connections.exclusive() as connection:
        yield connection


def listing(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


# -- schema ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", SEED_TABLES)
def test_the_eight_tables_have_their_columns_and_are_strict(raw: sqlite3.Connection, table: str) -> None:
    columns = {name for _, name, *_ in raw.execute(f"PRAGMA table_info({table})")}
    assert columns >= set(SEED_TABLES[table].split())
    (strict,) = raw.execute("SELECT strict FROM pragma_table_list WHERE name = ?", (table,)).fetchone()
    assert strict == 1


def test_foreign_keys_are_checked_on_every_connection(backend: SQLiteBackend) -> None:
    seen: list[int] = []

    def look() -> None:
        with backend.connections.reading() as connection:
            seen.append(connection.execute("PRAGMA foreign_keys").fetchone()[0])

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1, 1, 1]


def test_a_row_of_no_query_is_refused(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        raw.execute(
            "INSERT INTO project_data (profile_id, query_id, data, updated_at) "
            "VALUES ('p', 'nothing', '{}', '2026-03-02T09:00:00Z')"
        )


@pytest.mark.parametrize(
    "instant",
    [
        "2026-03-02 09:00:00",
        "2026-03-02T09:00:00",
        "2026-03-02T09:00:00+02:00",
        "2026-03-02T09:00:00.500Z",
        "2026-03-02T09:00Z",
        "",
    ],
)
def test_an_instant_in_another_format_is_refused(raw: sqlite3.Connection, instant: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        raw.execute("INSERT INTO task_progress VALUES ('t', 0, 'running', '', ?)", (instant,))


def test_an_instant_of_another_zone_is_stored_as_the_same_moment_in_utc(backend: SQLiteBackend) -> None:
    backend.switch_query(REF, datetime.fromisoformat("2026-03-02T11:30:00.500+02:00"))
    with backend.connections.reading() as connection:
        (text,) = connection.execute("SELECT last_used FROM queries").fetchone()
    assert text == "2026-03-02T09:30:00Z"


def test_a_naive_instant_is_refused(backend: SQLiteBackend) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        backend.switch_query(REF, datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001 the mistake under test


def test_no_statement_replaces_rows_or_asks_the_database_for_the_time() -> None:
    sources = [file.read_text(encoding="utf-8").upper() for file in (REPOSITORY / "store").glob("*.py")]
    assert len(sources) > 10
    for forbidden in ("OR " + "REPLACE", "DATETIME('" + "NOW", "CURRENT_" + "TIMESTAMP", "EXECUTE" + "SCRIPT("):
        assert not [text for text in sources if forbidden in text]


def test_a_killed_schema_migration_leaves_the_old_schema(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in schema.MIGRATIONS[0][:5]:
            connection.execute(statement)
        shutil.copytree(path.parent, path.parent / "after the kill")
        connection.execute("ROLLBACK")
    with closing(sqlite3.connect(path.parent / "after the kill" / path.name)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)


def test_a_fresh_database_carries_its_marks_in_the_file_itself(path: Path) -> None:
    create_database(path)
    start = path.read_bytes()[:72]
    assert int.from_bytes(start[68:72], "big") == schema.APPLICATION_ID
    assert int.from_bytes(start[60:64], "big") == schema.SCHEMA_VERSION
    assert listing(path.parent) == ["burndown.db"]


def test_the_queries_of_the_pages_use_indexes(raw: sqlite3.Connection) -> None:
    fill(raw)
    raw.execute("ANALYZE")
    for statement in (
        "SELECT * FROM issues WHERE query_no = 2 AND key IN ('T-1', 'T-2')",
        "SELECT * FROM issue_changes WHERE issue_no = 7 ORDER BY position",
        "SELECT * FROM jira_cache WHERE profile_id = 'p' AND query_id = 'q' AND cache_key = 'k'",
        "DELETE FROM jira_cache WHERE expires_at <= '2026-03-02T09:00:00Z'",
        "DELETE FROM jira_changelog_cache WHERE expires_at <= '2026-03-02T09:00:00Z'",
    ):
        plan = " ".join(detail for *_, detail in raw.execute(f"EXPLAIN QUERY PLAN {statement}"))
        assert "SEARCH" in plan, f"{statement}: {plan}"
        assert "TEMP B-TREE" not in plan


def fill(raw: sqlite3.Connection) -> None:
    raw.execute(
        "INSERT INTO queries (no, profile_id, id, name, jql, description, created_at, last_used, revision) "
        "SELECT no + 1, profile_id, 'other', 'Other', '', '', created_at, last_used, 0 FROM queries"
    )
    numbers = [number for (number,) in raw.execute("SELECT no FROM queries ORDER BY no")]
    empty = ", ".join(["''"] * 10)
    raw.executemany(
        "INSERT INTO issues (query_no, key, category, in_query, summary, type, status, source_id, project, priority, "
        f"resolution, parent, assignee, url) VALUES (?, ?, 'todo', 1, {empty})",
        [(numbers[number % 2], f"T-{number}") for number in range(200)],
    )


# -- size -----------------------------------------------------------------------------------------------


def test_a_thousand_issues_with_histories_caches_and_a_hundred_weeks_fit_in_one_and_a_half_megabytes(
    path: Path,
) -> None:
    rng = random.Random(1)
    backend = with_one_query(path)
    numbers = range(1, 1001)
    backend.upsert_issues(REF, [issue(number, rng) for number in numbers], [c for n in numbers for c in history(n)])
    backend.save_pages(REF, [page(start, rng) for start in range(0, 1000, 100)])
    backend.save_changelogs(
        REF, [CachedChangelog(f"TEAM-{number}", raw_history(number).encode(), NOW, NOW) for number in numbers]
    )
    metrics = ("velocity", "flow_time", "lead_time", "deployments", "mttr", "wip", "efficiency", "load")
    backend.save_snapshots(
        REF,
        [
            Snapshot(f"{2024 + week // 52}-W{week % 52 + 1:02}", metric, metric_values(rng), NOW)
            for week in range(100)
            for metric in metrics
        ],
    )
    backend.close()
    assert path.stat().st_size <= 1_500_000


def words(rng: random.Random, count: int) -> str:
    return " ".join("".join(rng.choices("aeinrstlo", k=rng.randint(2, 9))) for _ in range(count))


def issue(number: int, rng: random.Random) -> Issue:
    return Issue(
        f"TEAM-{number}",
        summary=words(rng, 8),
        type="Story",
        status="Done",
        created=NOW - timedelta(hours=number),
        updated=NOW,
        resolved=NOW - timedelta(hours=number // 2),
        points=3.0,
        source_id=str(10_000 + number),
        project="TEAM",
        priority="Medium",
        resolution="Fixed",
        assignee=f"Person {number % 12}",
        labels=("backend",),
        fix_versions=(f"1.{number % 20}",),
    )


def history(number: int) -> list[Change]:
    start = NOW - timedelta(hours=number)
    steps = ["To Do", "In Progress", "In Review", "In Progress", "Done"]
    return [
        Change(f"TEAM-{number}", start + timedelta(hours=hour), "status", before, after)
        for hour, (before, after) in enumerate(pairwise(steps))
    ]


def page(start: int, rng: random.Random) -> CachedPage:
    issues = ", ".join(
        f'{{"key": "TEAM-{number}", "id": "{10_000 + number}", "fields": {{"summary": "{words(rng, 8)}", "status": '
        '{"name": "Done", "statusCategory": {"key": "done"}}, "issuetype": {"name": "Story"}, "created": '
        f'"2026-02-0{rng.randint(1, 9)}T0{rng.randint(1, 9)}:12:13.000+0000", "customfield_10002": 3.0}}}}'
        for number in range(start, start + 100)
    )
    return CachedPage(f"page {start}", f'{{"issues": [{issues}]}}'.encode(), NOW, NOW)


def raw_history(number: int) -> str:
    entries = ", ".join(
        f'{{"id": "{number}{step}", "created": "2026-02-0{step + 1}T10:{number % 60:02}:00.000+0000", "items": '
        '[{"field": "status", "fromString": "In Progress", "toString": "Done"}]}'
        for step in range(4)
    )
    return f'{{"histories": [{entries}]}}'


def metric_values(rng: random.Random) -> dict[str, object]:
    return {"value": rng.random() * 10, "unit": "days", "count": rng.randint(0, 30), "parts": {"Feature": 3, "Bug": 2}}


# -- threads --------------------------------------------------------------------------------------------


def test_readers_do_not_wait_for_a_writer_and_see_the_state_before(backend: SQLiteBackend) -> None:
    seen: list[int] = []
    with backend.transaction():
        backend.upsert_issues(REF, [Issue("T-1")])
        reader = threading.Thread(target=lambda: seen.append(len(backend.list_issues(REF))))
        reader.start()
        reader.join(timeout=5)
    assert seen == [0]


def test_facts_are_of_one_moment_while_another_thread_writes(backend: SQLiteBackend) -> None:
    """Every write puts in one issue with one change more; a mixed view would show unequal numbers."""
    done = threading.Event()

    def write() -> None:
        for number in range(100):
            key = f"T-{number}"
            backend.upsert_issues(REF, [Issue(key)], [Change(key, NOW, "status", None, "Done")])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    views = []
    while not done.is_set():
        facts = backend.load_facts(REF)
        views.append((len(facts.issues), len(facts.changes)))
    writer.join()
    assert views
    assert all(issues == changes for issues, changes in views)


def test_connections_of_ended_threads_are_closed_when_new_ones_open(backend: SQLiteBackend) -> None:
    for _ in range(20):
        thread = threading.Thread(target=lambda: backend.list_profiles())
        thread.start()
        thread.join()
    assert len(backend.connections) <= 3


@pytest.mark.slow
def test_eight_threads_of_many_writes_lose_nothing(path: Path) -> None:
    backend = with_one_query(path)

    def write(worker: int) -> None:
        for number in range(1_000):
            backend.upsert_issues(REF, [Issue(f"W{worker}-{number}")])

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    backend.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM issues").fetchone() == (8_000,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# -- kills ----------------------------------------------------------------------------------------------

_WRITER = """
import sys
from pathlib import Path
from store.sqlite.backend import SQLiteBackend
from store.records import Issue, QueryRef
backend = SQLiteBackend(Path(sys.argv[1]))
number = len(backend.list_issues(QueryRef("p", "q"))) // 2
while True:
    with backend.transaction():
        backend.upsert_issues(QueryRef("p", "q"), [Issue(f"A-{number}")])
        backend.upsert_issues(QueryRef("p", "q"), [Issue(f"B-{number}")])
    number += 1
    print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_kill_in_the_middle_of_writes_keeps_every_acknowledged_one(path: Path) -> None:
    with_one_query(path).close()
    rng = random.Random(7)
    for _ in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        acknowledged = int(child.stdout.readline())
        time.sleep(rng.random() * 0.1)
        child.send_signal(signal.SIGKILL)
        acknowledged = max([acknowledged, *(int(line) for line in child.stdout.read().split())])
        child.stdout.close()
        child.wait()
        backend = SQLiteBackend(path)
        keys = {issue.key for issue in backend.list_issues(REF)}
        backend.close()
        firsts = {key[2:] for key in keys if key.startswith("A-")}
        assert {str(number) for number in range(acknowledged)} <= firsts
        assert firsts == {key[2:] for key in keys if key.startswith("B-")}


# -- files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("journal", Journal)
def test_closing_leaves_the_database_file_alone(path: Path, journal: Journal) -> None:
    backend = with_one_query(path, journal)
    reader = threading.Thread(target=lambda: backend.list_profiles())
    reader.start()
    reader.join()
    backend.close()
    assert listing(path.parent) == ["burndown.db"]


def test_a_plain_copy_of_the_folder_while_idle_is_whole(path: Path, tmp_path: Path) -> None:
    with_one_query(path).close()
    quick = Connections(Source(str(path), journal=Journal.WAL), idle_seconds=0.05)
    with quick.writing() as connection:
        connection.execute("INSERT INTO app_state VALUES ('written', 'yes')")
    log = path.with_name("burndown.db-wal")
    wait_until(lambda: log.stat().st_size == 0)
    copy = tmp_path / "copy.db"
    shutil.copyfile(path, copy)
    quick.close()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT value FROM app_state WHERE key = 'written'").fetchone() == ("yes",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def wait_until(condition: object, seconds: float = 20.0) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen"
        time.sleep(0.01)


def test_a_reader_in_the_middle_delays_folding_the_log_but_loses_nothing(backend: SQLiteBackend) -> None:
    with backend.connections.reading() as connection:
        connection.execute("SELECT * FROM profiles").fetchall()
        writer = threading.Thread(target=lambda: backend.set_state("a", "1"))
        writer.start()
        writer.join()
        folded: list[bool] = []
        folder = threading.Thread(target=lambda: folded.append(backend.connections.fold_log()))
        folder.start()
        folder.join()
        assert folded == [False]
    assert backend.connections.fold_log()
    assert backend.get_state("a") == "1"


def test_reading_one_record_sees_what_its_own_transaction_wrote(backend: SQLiteBackend) -> None:
    with backend.transaction():
        backend.set_state("a", "1")
        backend.save_profile(Profile("p", "Renamed", NOW, NOW))
        profile = backend.get_profile("p")
        assert profile is not None
        assert (backend.get_state("a"), profile.name) == ("1", "Renamed")


def test_reading_one_record_keeps_no_log_from_being_folded(backend: SQLiteBackend) -> None:
    backend.set_state("a", "1")
    assert backend.get_state("a") == "1"
    assert backend.get_query(REF) is not None
    folded: list[bool] = []
    thread = threading.Thread(target=lambda: folded.append(backend.connections.fold_log()))
    thread.start()
    thread.join()
    assert folded == [True]


def test_a_closed_store_says_so_when_one_record_is_asked_for(backend: SQLiteBackend) -> None:
    backend.close()
    with pytest.raises(Refused, match="closed"):
        backend.get_profile("p")


def test_bulk_work_leaves_no_long_log(backend: SQLiteBackend, path: Path) -> None:
    backend.set_state("a", "1")
    assert files.size(sidecar(path, "-wal")) > 0
    backend.upsert_issues(REF, [Issue(f"T-{number}") for number in range(1500)])
    assert files.size(sidecar(path, "-wal")) == 0
    assert backend.counts(REF).issues == 1500


def test_a_log_that_a_reader_still_needs_stays_after_bulk_work(backend: SQLiteBackend, path: Path) -> None:
    issues = [Issue(f"T-{number}") for number in range(1500)]
    with backend.connections.reading() as connection:
        connection.execute("SELECT * FROM profiles").fetchall()
        writer = threading.Thread(target=lambda: backend.upsert_issues(REF, issues))
        writer.start()
        writer.join()
        assert files.size(sidecar(path, "-wal")) > 0
        assert connection.execute("SELECT count(*) FROM issues").fetchone() == (0,)
    assert backend.counts(REF).issues == 1500


# What no folder of Windows can be called stays away there.
_ODD_NAMES = ["with blanks", "50 % off?#1", "50 % off#1", "Übung ß 小", "q'uote \"", "q'uote", "x" * 200]


@pytest.mark.parametrize("name", [name for name in _ODD_NAMES if os.name != "nt" or not set('?"') & set(name)])
def test_odd_folder_names_are_ordinary(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    with_one_query(folder / "burndown.db").close()
    assert listing(folder) == ["burndown.db"]
    assert listing(tmp_path) == [name]


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.touch()
    with_one_query(path).close()
    assert path.read_bytes().startswith(b"SQLite format 3")


def test_what_is_no_database_is_called_damaged_and_left_alone(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to look at" * 50)
    before = path.read_bytes()
    with pytest.raises(Damaged):
        SQLiteBackend(path)
    assert path.read_bytes() == before


def test_a_closed_store_says_so(backend: SQLiteBackend) -> None:
    backend.close()
    with pytest.raises(Refused, match="closed"):
        backend.list_profiles()


def test_a_number_too_large_for_the_database_is_refused_in_words(backend: SQLiteBackend) -> None:
    with pytest.raises(Refused, match="number that is too large cannot be stored"):
        backend.upsert_issues(REF, [Issue("T-1"), Issue("T-2", points=2**70)])
    assert backend.list_issues(REF) == []


# As Python reads a byte of a command line that is no UTF-8, and as JSON can spell it.
_HALF = "half \udcff of it"


@pytest.mark.parametrize(
    "save",
    [
        lambda backend: backend.upsert_issues(REF, [Issue("T-1", summary=_HALF)]),
        lambda backend: backend.upsert_issues(REF, [Issue("T-1", labels=(_HALF,), extras={"a": _HALF})]),
        lambda backend: backend.save_profile(Profile("other", _HALF, NOW, NOW)),
        lambda backend: backend.save_query(Query("p", "other", _HALF, NOW, NOW)),
        lambda backend: backend.set_state("theme", _HALF),
    ],
)
def test_half_a_character_is_refused_in_words(backend: SQLiteBackend, save: Callable[[SQLiteBackend], None]) -> None:
    with pytest.raises(Refused, match=r"half a character cannot be stored: .*half \\+udcff of it") as refusal:
        save(backend)
    assert "codec" not in str(refusal.value)


def test_a_damaged_answer_of_the_tracker_is_told(backend: SQLiteBackend) -> None:
    backend.save_pages(REF, [CachedPage("k", b"{}" * 100, NOW, NOW + timedelta(days=1))])
    with backend.connections.writing() as connection:
        connection.execute("UPDATE jira_cache SET response = x'00112233'")
    with pytest.raises(Damaged, match="tracker"):
        backend.list_pages(REF)


def test_what_is_no_log_is_not_copied_to_be_read(path: Path) -> None:
    """It may be as large as the disk."""
    with_one_query(path).close()
    sidecar(path, "-wal").write_bytes(bytes(4096))
    source, clean_up = source_for_reading(path)
    try:
        assert not sidecar(Path(source.name), "-wal").exists()
    finally:
        clean_up()
    with reading(path) as connection:
        assert connection.execute("SELECT count(*) FROM queries").fetchone() == (1,)


# -- journals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", Journal)
def test_the_best_journal_that_works_is_chosen(path: Path, chosen: Journal) -> None:
    better = list(Journal)[: list(Journal).index(chosen)]

    def attempt(_: Path, journal: Journal, __: int) -> None:
        if journal in better:
            raise sqlite3.OperationalError("locking protocol")

    assert choose_journal(path, attempt) is chosen


def test_a_place_where_no_journal_works_is_refused_with_advice(path: Path) -> None:
    def attempt(_: Path, __: Journal, ___: int) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(NotWritable, match="another drive"):
        choose_journal(path, attempt)


def _lock(connection: sqlite3.Connection, how: str) -> None:
    """As other programs hold a database: for a change that they are at, or for as long as they have it open."""
    if how == "for as long as it is open":
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SELECT count(*) FROM profiles").fetchone()
        connection.execute("COMMIT")
    else:
        connection.execute("BEGIN EXCLUSIVE")


@pytest.mark.parametrize("how", ["for a change", "for as long as it is open"])
def test_a_database_that_another_program_keeps_locked_is_no_fault_of_the_drive(
    path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_one_query(path).close()
    monkeypatch.setattr(connections, "_BUSY_MS", 50)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        _lock(other, how)
        with pytest.raises(NotWritable, match="Close that program"):
            SQLiteBackend(path)
    SQLiteBackend(path).close()


def test_another_program_is_waited_for_once(path: Path) -> None:
    waits: list[int] = []

    def attempt(_: Path, __: Journal, busy_ms: int) -> None:
        waits.append(busy_ms)
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    with pytest.raises(NotWritable, match="Close that program"):
        choose_journal(path, attempt)
    assert waits[0] > 0
    assert waits[1:] == [0] * (len(Journal) - 1)


def test_a_folder_where_nothing_can_be_written_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(NotWritable):
        SQLiteBackend(tmp_path / "missing" / "burndown.db")


def test_writing_to_a_store_opened_for_reading_is_refused(path: Path) -> None:
    with_one_query(path).close()
    backend = SQLiteBackend(path, source=Source(str(path), read_only=True))
    with pytest.raises(NotWritable, match="reading only"):
        backend.set_state("a", "b")
    backend.close()


def test_the_words_for_a_full_disk_tell_what_to_do(backend: SQLiteBackend) -> None:
    with backend.connections.exclusive() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(NotWritable, match="disk is full"):
        backend.upsert_issues(REF, [Issue(f"T-{number}", summary="x" * 500) for number in range(500)])
    assert backend.list_issues(REF) == []
    backend.set_state("still", "works")


def test_what_follows_an_error_that_took_the_whole_change_is_not_kept_alone(backend: SQLiteBackend) -> None:
    """A full disk takes it, and somebody may get over that, such as who keeps the record of a forecast."""
    with pytest.raises(NotWritable, match="as a whole"), backend.transaction():  # noqa: PT012 all of it is the change
        backend.upsert_issues(REF, [Issue("A-1")])
        backend.connections.get().execute("ROLLBACK")
        backend.upsert_issues(REF, [Issue("A-2")])
    assert backend.list_issues(REF) == []
    backend.upsert_issues(REF, [Issue("A-3")])
    assert [issue.key for issue in backend.list_issues(REF)] == ["A-3"]


def test_a_mistake_of_the_caller_in_a_transaction_stays_the_callers(backend: SQLiteBackend) -> None:
    with pytest.raises(OverflowError), backend.transaction():
        int(float("inf"))


@pytest.mark.parametrize("journal", list(Journal))
def test_only_a_log_written_ahead_is_spared_the_wait_for_the_disk_and_only_where_it_need_not_last(
    path: Path, journal: Journal
) -> None:
    backend = with_one_query(path, journal)
    waits = []
    for lasting in (True, False, True):
        with backend.connections.transaction(lasting=lasting) as connection:
            waits += connection.execute("PRAGMA synchronous").fetchone()
    backend.close()
    full, normal = 2, 1
    assert waits == [full, full if journal is Journal.TRUNCATE else normal, full]


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be deleted there")
def test_a_log_that_was_tidied_away_is_begun_anew_and_nothing_is_lost(path: Path) -> None:
    backend = with_one_query(path)
    sidecar(path, "-wal").unlink()
    seen: list[str | None] = []

    def ask() -> None:
        backend.set_state("a", "b")
        seen.extend([backend.list_profiles()[0].id, backend.get_state("a")])

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert seen == [REF.profile_id, "b"]
    backend.close()
    again = SQLiteBackend(path)
    assert [profile.id for profile in again.list_profiles()] == [REF.profile_id]
    again.close()
