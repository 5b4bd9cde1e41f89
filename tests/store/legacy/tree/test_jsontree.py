"""The old app's folder layout as a store: exact on the way out and back, and open to the hand."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.pages import settings as pages_settings
from app.web import shell
from store.backend import PersistenceBackend
from store.errors import NotWritable, Refused
from store.legacy import migrate
from store.legacy.tree.jsontree import COMMIT, JSONBackend, export_tree
from store.memory import MemoryBackend
from store.records import (
    CachedPage,
    Category,
    Change,
    Correction,
    ForecastMade,
    Issue,
    Milestone,
    Profile,
    ProjectData,
    Query,
    QueryRef,
    Snapshot,
    Sprint,
    Task,
    Week,
)
from store.sqlite.backend import SQLiteBackend
from store.state import CHOICES
from tests.examples import examples
from tests.filled_stores import stores
from tests.store.legacy.old_folder import write_folder

LEGACY = Path(__file__).parents[4] / ".." / "shared" / "legacy"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
REF = QueryRef("p", "q")
PLACE = Path("profiles/p/queries/q")


def _fill(backend: PersistenceBackend) -> None:
    """One profile and query with something of everything."""
    backend.save_profile(Profile("p", "Team – Größe 小", NOW, NOW, jira_config={"points_field": "customfield_10002"}))
    backend.save_query(Query("p", "q", "All", NOW, NOW, jql="project = T", description="Everything"))
    issues = [
        Issue("T-1", "First", "Story", "Done", Category.DONE, NOW, NOW, None, NOW, 2.5, "1", "T", sprints=("One",)),
        Issue("T-2", "Second", "Bug", "To Do", created=NOW, source_id="2", project="T", parent="T-1", url="x"),
        Issue("T-3", status="Done", category=Category.DONE, created=NOW, project="T", in_query=False),
    ]
    changes = [
        Change("T-1", NOW, "status", "To Do", "Done"),
        Change("T-1", NOW, "points", "1", "2.5"),
        Change("T-3", NOW, "status", None, "Done"),
    ]
    backend.upsert_issues(REF, issues, changes)
    backend.save_sprints(REF, [Sprint("One", "7", "closed", NOW, NOW, None, "Ship it")])
    weeks = [Week(date(2026, 2, 23), 1, 2.5, 3, None, "manual"), Week(None, 4, extras={"date": "soon"})]
    backend.replace_weeks(REF, weeks)
    backend.replace_corrections(REF, [Correction(date(2026, 2, 23), completed_items=12, created_points=0.5)])
    backend.save_project_data(REF, ProjectData({"project_scope": {"total_items": 9}}, NOW))
    backend.replace_milestones("p", [Milestone("Beta", date(2026, 5, 1)), Milestone("Launch", date(2026, 9, 1))])
    backend.save_snapshots(REF, [Snapshot("2026-W09", "flow_load", {"wip_count": 3}, NOW, {"forecast": {"a": 1}})])
    backend.save_forecast(REF, ForecastMade(NOW, date(2026, 3, 2), "items", "plain", 2, {50: 1, 85: None}, 12, 9, 1))
    backend.save_pages(REF, [CachedPage("1", b'{"issues": [{"key": "T-2", "id": "2"}]}', NOW, NOW)])
    backend.save_task(Task("sync", "completed", 100.0, NOW))
    backend.switch_query(REF, NOW)


def _all_of(backend: PersistenceBackend) -> list[Any]:
    """Everything that the repository can tell, less the revisions, which are each store's own."""
    result: list[Any] = [backend.active_query(), backend.list_tasks(), backend.list_migrations()]
    for profile in backend.list_profiles():
        result += [profile, backend.list_milestones(profile.id)]
        for query in backend.list_queries(profile.id):
            ref = query.ref
            result += [replace(query, revision=0), backend.list_issues(ref), backend.list_changes(ref)]
            result += [backend.list_sprints(ref), backend.list_weeks(ref), backend.list_corrections(ref)]
            result += [backend.get_project_data(ref)]
            result += [backend.list_corrections(ref)]
            result += [backend.list_snapshots(ref), backend.list_forecasts(ref)]
            result += [backend.list_pages(ref), backend.list_changelogs(ref)]
    return result


def _without_journal(backend: PersistenceBackend) -> list[Any]:
    result = _all_of(backend)
    return [result[0], *result[3:]]


def _undated(backend: PersistenceBackend) -> list[Any]:
    """Less what a takeover stamps when it makes a query active."""
    result = _without_journal(backend)[1:]
    return [replace(each, last_used=NOW) if isinstance(each, Profile | Query) else each for each in result]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with the filled store in it."""
    _fill(JSONBackend(tmp_path / "tree"))
    return tmp_path / "tree"


def _edit(path: Path, change: Callable[[Any], None]) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


# -- out and back ---------------------------------------------------------------------------------------


def test_all_of_it_is_there_again_after_opening_the_folder_anew(tree: Path) -> None:
    kept = MemoryBackend()
    _fill(kept)
    assert _all_of(JSONBackend(tree)) == _all_of(kept)


def test_opening_a_folder_writes_nothing_and_leaves_its_revision(tree: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in tree.rglob("*")}
    first = JSONBackend(tree).revision(REF)
    assert JSONBackend(tree).revision(REF) == first
    assert {path: path.stat().st_mtime_ns for path in tree.rglob("*")} == before


few = settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.slow
@few
@given(fill=stores())
def test_any_records_survive_the_way_from_sqlite_to_a_tree_and_back(fill: Callable[[PersistenceBackend], None]) -> None:
    with TemporaryDirectory() as folder:
        source, target = SQLiteBackend(Path(folder) / "a.db"), SQLiteBackend(Path(folder) / "b.db")
        try:
            fill(source)
            export_tree(source, Path(folder) / "tree")
            assert _all_of(JSONBackend(Path(folder) / "tree")) == _all_of(source)
            migrate.migrate_folder(target, Path(folder) / "tree")
            assert _undated(target) == _undated(source)
        finally:
            source.close()
            target.close()


@few
@given(fill=stores(), name=st.text(min_size=1, max_size=5))
def test_a_name_edited_by_hand_changes_nothing_else(fill: Callable[[PersistenceBackend], None], name: str) -> None:
    with TemporaryDirectory() as folder:
        tree = JSONBackend(Path(folder))
        fill(tree)
        before = _all_of(tree)
        (path,) = Path(folder).glob("profiles/*/queries/*/query.json")
        _edit(path, lambda document: document.update(description=f"By hand {document['description']}"))
        after = _all_of(JSONBackend(Path(folder)))
        differing = [(each, other) for each, other in zip(before, after, strict=True) if each != other]
        assert [type(result) for result, _ in differing] == [Query]
        assert differing[0][1].description.startswith("By hand")


def test_an_exported_tree_taken_over_gives_the_same_counts_and_facts(tmp_path: Path) -> None:
    source, target = SQLiteBackend(tmp_path / "a.db"), SQLiteBackend(tmp_path / "b.db")
    _fill(source)
    result = export_tree(source, tmp_path / "tree")
    report = migrate.migrate_folder(target, tmp_path / "tree")
    assert result.counts == report.counts == source.counts()
    assert _without_journal(target) == _without_journal(source)
    source.close()
    target.close()


@pytest.mark.skipif(not LEGACY.is_dir(), reason="the example folders are not here")
def test_an_old_folder_goes_through_the_store_and_comes_out_with_the_same_facts(tmp_path: Path) -> None:
    first, second = MemoryBackend(), MemoryBackend()
    migrate.migrate_folder(first, LEGACY / "tiny")
    export_tree(first, tmp_path / "with")
    for extras in (tmp_path / "with").rglob("burndown_extras.json"):
        extras.unlink()
    migrate.migrate_folder(second, tmp_path / "with")
    (ref,) = [query.ref for profile in first.list_profiles() for query in first.list_queries(profile.id)]
    assert second.counts() == first.counts()
    assert second.list_issues(ref) == first.list_issues(ref)
    assert second.list_changes(ref) == first.list_changes(ref)
    assert second.list_snapshots(ref) == first.list_snapshots(ref)
    assert [replace(week, source="") for week in second.list_weeks(ref)] == [
        replace(each, source="") for each in first.list_weeks(ref)
    ]
    assert second.active_query() == first.active_query()


def test_what_the_user_chose_goes_along_and_what_is_about_one_computer_does_not(tmp_path: Path) -> None:
    source, target = SQLiteBackend(tmp_path / "a.db"), SQLiteBackend(tmp_path / "b.db")
    _fill(source)
    chosen = {"theme": "dark", "exit_when_idle": "off"}
    for key, value in {**chosen, "jira_token_place:p": "computer", "legacy_set_aside": "20260302T090000Z"}.items():
        source.set_state(key, value)
    export_tree(source, tmp_path / "tree")
    tree = JSONBackend(tmp_path / "tree")
    migrate.migrate_folder(target, tmp_path / "tree")
    for copy in (tree, target):
        assert {key: copy.get_state(key) for key in chosen} == chosen
        assert copy.get_state("jira_token_place:p") is None
        assert copy.get_state("legacy_set_aside") is None
    source.close()
    target.close()


def test_a_choice_made_here_is_not_replaced_by_one_from_a_tree(tmp_path: Path) -> None:
    source, target = MemoryBackend(), MemoryBackend()
    _fill(source)
    source.set_state("theme", "dark")
    target.set_state("theme", "light")
    export_tree(source, tmp_path)
    migrate.migrate_folder(target, tmp_path)
    assert target.get_state("theme") == "light"


def test_the_choices_are_those_that_the_pages_offer() -> None:
    assert set(CHOICES) == {shell.THEME_STATE, pages_settings.EXIT_STATE}


def test_only_an_empty_folder_is_exported_into(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Refused, match="not empty"):
        export_tree(MemoryBackend(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


# -- what the old app finds -----------------------------------------------------------------------------


def test_the_files_have_the_shapes_of_the_old_app(tree: Path) -> None:
    def read(name: str) -> Any:
        return json.loads((tree / PLACE / name).read_text(encoding="utf-8"))

    registry = json.loads((tree / "profiles/profiles.json").read_text(encoding="utf-8"))
    assert (registry["version"], registry["active_profile_id"], registry["active_query_id"]) == ("3.0", "p", "q")
    assert registry["profiles"]["p"]["queries"] == ["q"]
    profile = json.loads((tree / "profiles/p/profile.json").read_text(encoding="utf-8"))
    assert profile["forecast_settings"]["milestone"] == "2026-05-01"
    cache = read("jira_cache.json")
    assert [issue["key"] for issue in cache["issues"]] == ["T-1", "T-2"] == cache["changed_keys"]
    first = cache["issues"][0]["fields"]
    assert first["status"] == {"name": "Done", "statusCategory": {"key": "done"}}
    assert (first["created"], first["customfield_10002"]) == ("2026-03-02T09:00:00.000+0000", 2.5)
    changelog = read("jira_changelog_cache.json")
    assert changelog["T-1"]["changelog"]["total"] == 1
    assert changelog["T-1"]["changelog"]["histories"][0]["items"] == [
        {"field": "status", "fromString": "To Do", "toString": "Done"}
    ]
    data = read("project_data.json")
    assert data["statistics"][0] == {
        "date": "2026-02-23",
        "completed_items": 1,
        "completed_points": 2.5,
        "created_items": 3,
        "created_points": None,
    }
    assert (data["metadata"]["version"], data["project_scope"]["total_items"]) == ("2.0", 9)
    assert read("metrics_snapshots.json")["2026-W09"]["flow_load"]["wip_count"] == 3


def test_a_token_is_written_into_no_file(tmp_path: Path) -> None:
    tree = JSONBackend(tmp_path)
    tree.save_profile(Profile("p", "Team", NOW, NOW, jira_config={"token": "planted", "base_url": "https://x"}))
    tree.save_profile(Profile("q", "Other", NOW, NOW, extras={"old": [{"Password": "planted"}]}))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 6
    assert not [path for path in files if b"planted" in path.read_bytes()]


@pytest.mark.parametrize("odd", ["a/b", "..", "con", "backups", "ends.", "profiles.json", "e\u0301", "x" * 300, " "])
def test_an_id_that_is_no_folder_name_comes_back_all_the_same(tmp_path: Path, odd: str) -> None:
    tree = JSONBackend(tmp_path / "tree")
    tree.save_profile(Profile(odd, "Team", NOW, NOW))
    tree.save_query(Query(odd, odd, "All", NOW, NOW))
    again = JSONBackend(tmp_path / "tree")
    assert again.get_query(QueryRef(odd, odd)) is not None
    assert [path.name for path in tmp_path.iterdir()] == ["tree"]


def test_ids_that_differ_in_case_only_do_not_share_a_folder(tmp_path: Path) -> None:
    tree = JSONBackend(tmp_path)
    for profile_id in ("abc", "ABC"):
        tree.save_profile(Profile(profile_id, profile_id, NOW, NOW))
    folders = [path.name.casefold() for path in (tmp_path / "profiles").iterdir() if path.is_dir()]
    assert len(set(folders)) == 2
    assert {profile.id for profile in JSONBackend(tmp_path).list_profiles()} == {"abc", "ABC"}


# -- edited by hand -------------------------------------------------------------------------------------


def test_an_edited_issue_is_believed_and_keeps_what_the_file_has_no_place_for(tree: Path) -> None:
    before = JSONBackend(tree)

    def edit(document: Any) -> None:
        document["issues"][0]["fields"]["summary"] = "By hand"
        document["issues"][0]["fields"]["customfield_10002"] = 8

    _edit(tree / PLACE / "jira_cache.json", edit)
    after = JSONBackend(tree)
    first, *others = before.list_issues(REF)
    assert after.list_issues(REF) == [replace(first, summary="By hand", points=8.0), *others]
    assert after.list_changes(REF) == before.list_changes(REF)
    assert after.list_forecasts(REF) == before.list_forecasts(REF)
    assert after.revision(REF) > before.revision(REF)


def test_an_edited_tree_is_read_without_the_hosts_temporary_folder(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill would leave a user's data there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "there is none"))
    _edit(tree / PLACE / "jira_cache.json", lambda document: document["issues"].pop(0))
    _edit(tree / PLACE / "project_data.json", lambda document: document["statistics"].pop(0))
    backend = JSONBackend(tree)
    assert len(backend.list_weeks(REF)) == 1
    with pytest.raises(FileNotFoundError):
        tempfile.mkdtemp()


def test_an_issue_added_or_taken_out_by_hand_is_added_or_gone(tree: Path) -> None:
    def swap(document: Any) -> None:
        document["issues"] = [document["issues"][0], {"key": "T-9", "fields": {"status": {"name": "New"}}}]

    _edit(tree / PLACE / "jira_cache.json", swap)
    _edit(tree / PLACE / "jira_changelog_cache.json", lambda document: document.pop("T-2"))
    assert [issue.key for issue in JSONBackend(tree).list_issues(REF)] == ["T-1", "T-3", "T-9"]


def test_an_edited_history_keeps_the_changes_that_are_not_of_status(tree: Path) -> None:
    def edit(document: Any) -> None:
        document["T-1"]["changelog"]["histories"][0]["items"][0]["toString"] = "Closed"

    _edit(tree / PLACE / "jira_changelog_cache.json", edit)
    changes = [change for change in JSONBackend(tree).list_changes(REF) if change.issue_key == "T-1"]
    assert changes == [
        Change("T-1", NOW, "status", "To Do", "Closed"),
        Change("T-1", NOW, "points", "1", "2.5"),
    ]


def test_edited_weeks_and_settings_are_believed(tree: Path) -> None:
    def edit(document: Any) -> None:
        document["statistics"][0]["completed_items"] = 5
        document["statistics"].append({"date": "2026-03-02", "completed_items": 7})

    _edit(tree / PLACE / "project_data.json", edit)
    _edit(
        tree / "profiles/p/profile.json",
        lambda document: document["forecast_settings"].update(deadline="2026-12-24", milestone="2026-05-08"),
    )
    after = JSONBackend(tree)
    assert [(week.day, week.completed_items) for week in after.list_weeks(REF)] == [
        (date(2026, 2, 23), 5),
        (None, 4),
        (date(2026, 3, 2), 7),
    ]
    profile = after.get_profile("p")
    assert profile is not None
    assert profile.forecast_settings == {"deadline": "2026-12-24"}
    assert after.list_milestones("p") == [Milestone("Beta", date(2026, 5, 8)), Milestone("Launch", date(2026, 9, 1))]


def test_a_file_broken_by_hand_costs_nothing_and_is_kept_beside_the_mended_one(tree: Path) -> None:
    before = JSONBackend(tree).list_issues(REF)
    path = tree / PLACE / "jira_cache.json"
    broken = path.read_bytes()[:600]
    path.write_bytes(broken)
    again = JSONBackend(tree)
    assert again.list_issues(REF) == before
    assert any("broken" in finding.problem for file in again.findings for finding in file.findings)
    again.upsert_issues(REF, [Issue("T-4")])
    assert path.with_name("jira_cache.json.damaged").read_bytes() == broken
    assert [issue.key for issue in JSONBackend(tree).list_issues(REF)] == ["T-1", "T-2", "T-3", "T-4"]


def test_a_broken_extras_file_leaves_what_the_old_files_hold(tree: Path) -> None:
    (tree / PLACE / "burndown_extras.json").write_text("{")
    again = JSONBackend(tree)
    assert [issue.key for issue in again.list_issues(REF)] == ["T-1", "T-2", "T-3"]
    assert any(file.path.endswith("q/burndown_extras.json") and file.findings for file in again.findings)


def test_a_copied_query_folder_is_a_second_query(tree: Path) -> None:
    copy = tree / "profiles/p/queries/copy"
    copy.mkdir()
    for path in (tree / PLACE).iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    again = JSONBackend(tree)
    assert {(query.id, query.name) for query in again.list_queries("p")} == {("copy", "All"), ("q", "All (2)")}
    assert again.counts(QueryRef("p", "copy")).issues == 3


def test_a_folder_that_the_old_app_wrote_is_read_and_written_on(tmp_path: Path) -> None:
    old = write_folder(tmp_path, 30)
    ref = QueryRef("p_0123456789ab", "q_0123456789ab")
    tree = JSONBackend(tmp_path)
    assert (tree.counts().issues, tree.counts().issue_changes) == (old.issues, old.changes)
    tree.save_sprints(ref, [Sprint("One")])
    again = JSONBackend(tmp_path)
    assert _all_of(again) == _all_of(tree)
    assert again.active_query() == ref


# -- writing --------------------------------------------------------------------------------------------


def test_a_failed_transaction_writes_nothing(tree: Path) -> None:
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}

    class Stop(Exception):
        pass

    backend = JSONBackend(tree)

    def fail() -> None:
        with backend.transaction():
            backend.upsert_issues(REF, [Issue("T-9")])
            raise Stop

    with pytest.raises(Stop):
        fail()
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before


def test_an_interrupted_write_is_finished_at_the_next_opening(tree: Path) -> None:
    profile = (tree / "profiles/p/profile.json").read_bytes()
    (tree / "profiles/p/profile.json.burndown-new").write_bytes(profile.replace(b"Team", b"Crew"))
    (tree / "profiles/other.json").write_text("{}")
    steps = {"replace": ["profiles/p/profile.json", "../letter.json"], "remove": ["profiles/other.json"]}
    (tree / "profiles" / COMMIT).write_text(json.dumps(steps))
    (tree.parent / "letter.json.burndown-new").write_text("not ours")
    result = JSONBackend(tree).get_profile("p")
    assert result is not None
    assert result.name.startswith("Crew")
    assert not (tree / "profiles" / COMMIT).exists()
    assert not (tree / "profiles/other.json").exists()
    assert (tree.parent / "letter.json.burndown-new").exists()


def test_new_files_without_their_list_do_not_count(tree: Path) -> None:
    before = _all_of(JSONBackend(tree))
    (tree / PLACE / "jira_cache.json.burndown-new").write_text("{}")
    assert _all_of(JSONBackend(tree)) == before


def test_a_place_that_cannot_be_written_is_said_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("a file where the folder should be")
    tree = JSONBackend(tmp_path)
    with pytest.raises(NotWritable, match="Nothing was changed"):
        tree.save_profile(Profile("p", "Team", NOW, NOW))
    assert tree.list_profiles() == []


def test_what_is_deleted_leaves_no_file_but_those_of_others(tree: Path) -> None:
    backend = JSONBackend(tree)
    (tree / PLACE / "notes.txt").write_text("mine")
    backend.delete_profile("p")
    assert [path.name for path in (tree / "profiles/p").rglob("*") if path.is_file()] == ["notes.txt"]
    assert JSONBackend(tree).list_profiles() == []
