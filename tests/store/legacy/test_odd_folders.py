"""Folders that nobody made on purpose: eras mixed, types wrong throughout, odd encodings, sizes and names.

Each is a whole folder first, whose counts are known from writing it; then it is spoiled, and what is left of it
must be there afterwards, and what is not must be in the report.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.errors import BadLegacyFolder, Refused
from store.legacy import find
from store.legacy.migrate import migrate_folder
from store.legacy.report import MigrationReport
from store.memory import MemoryBackend
from store.opening import Mode, open_store
from store.records import QueryRef
from tests.store.legacy.old_folder import Written, write_folder

PROFILE, QUERY = "p_0123456789ab", "q_0123456789ab"
REF = QueryRef(PROFILE, QUERY)
POINTS = "customfield_10016"
ISSUES, WEEKS = 20, 100


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return write_folder(tmp_path / "old", ISSUES)


def place(root: Path, name: str) -> Path:
    return root / "profiles" / PROFILE / "queries" / QUERY / name


def edit(path: Path, change: Callable[[Any], None]) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def put(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")


def taken_over(root: Path) -> tuple[MemoryBackend, MigrationReport]:
    """Copied into a store; a second time adds nothing, and a takeover in place gives the same."""
    backend = MemoryBackend()
    report = migrate_folder(backend, root)
    assert report.outcome == "migrated"
    assert migrate_folder(backend, root).outcome == "nothing to do"
    before = {path.name for path in root.rglob("*")}
    opened = open_store(root / "profiles", mode="serve")
    assert opened.backend.counts() == backend.counts()
    assert opened.notices == ()
    opened.backend.close()
    assert before <= {path.name for path in root.rglob("*")}
    return backend, report


def found_in(report: MigrationReport, file: str) -> list[str]:
    """What the report says of the file of that name."""
    return [
        f"{finding.where}: {finding.problem}"
        for each in report.files
        if each.path.endswith(file)
        for finding in each.findings
    ]


def test_three_eras_in_one_folder_stand_side_by_side(written: Written) -> None:
    root = written.root
    put(root / "project_data.json", {
        "statistics": [{"date": "2025-01-06", "completed_items": 1, "completed_points": 2}],
        "metadata": {"version": "2.0", "jira_query": "project = OTHER"},
    })  # fmt: skip
    done = {"created": "2025-01-01T00:00:00.000+0000", "status": {"name": "Done", "statusCategory": {"key": "done"}}}
    put(root / "jira_cache.json", {
        "jql_query": "project = OTHER", "issues": [{"key": "OTHER-1", "fields": done}], "total_issues": 1,
    })  # fmt: skip
    (root / "forecast_statistics.csv").write_text("date;no_items;no_points\n2025-01-01;1;2\n", encoding="cp1252")
    put(root / "app_settings.json", {"jql_query": "project = OTHER", "deadline": "2026-01-01"})
    put(root / "jira_query_profiles.json", [{"id": "x", "name": "Saved", "jql": "project = S"}])
    shutil.copytree(place(root, "."), root / "profiles" / "default" / "queries" / "main")
    (root / "profiles" / "default" / "queries" / "main" / "query.json").unlink()
    (root / "profiles" / "profiles.json.tmp").write_text("{", encoding="utf-8")
    backend, report = taken_over(root)
    counts = backend.counts()
    assert (counts.profiles, counts.queries, counts.issues) == (3, 3, 2 * ISSUES + 1)
    assert (counts.issue_changes, counts.statistics) == (2 * written.changes, 2 * WEEKS + 1)
    assert found_in(report, "forecast_statistics.csv")


def test_wrong_types_everywhere_cost_what_has_them_and_nothing_else(written: Written) -> None:
    root = written.root
    put(root / "profiles" / "profiles.json", [PROFILE])
    put(root / "profiles" / PROFILE / "profile.json", {
        "id": 5, "name": ["a"], "created_at": {}, "jira_config": "x", "field_mappings": [1], "forecast_settings": 7,
        "project_classification": 7, "flow_type_mappings": [[]], "show_milestone": {"a": 1}, "queries": "no",
    })  # fmt: skip
    put(place(root, "query.json"), 5)
    edit(place(root, "jira_cache.json"), _mistype_issues)
    edit(place(root, "jira_changelog_cache.json"), lambda document: document.update({"MADE-1": 5, "MADE-2": {"a": []}}))
    edit(place(root, "metrics_snapshots.json"), lambda document: document.update({"2024-W05": [1], "5": {"x": {}}}))
    edit(place(root, "project_data.json"), _mistype_numbers)
    backend, report = taken_over(root)
    assert {issue.key for issue in backend.list_issues(REF)} == {f"MADE-{number}" for number in range(1, ISSUES + 1)}
    assert len(backend.list_weeks(REF)) == WEEKS
    assert backend.counts().snapshot_weeks == WEEKS - 1
    for file in ("profile.json", "query.json", "jira_cache.json", "jira_changelog_cache.json", "project_data.json"):
        assert found_in(report, file), file
    assert any(line.startswith("2024-W05") for line in found_in(report, "metrics_snapshots.json"))


def _mistype_issues(document: Any) -> None:
    issues = document["issues"]
    issues[0]["fields"] = []
    issues[1]["fields"]["created"] = 5
    issues[2]["fields"]["status"] = "Done"
    issues[3]["key"] = 9
    issues[4] = None
    issues[5] = [1]
    issues[6]["fields"][POINTS] = {"value": {"value": "x"}}
    issues[7]["fields"]["fixVersions"] = {"name": "x"}
    issues[8]["fields"]["project"] = 3


def _mistype_numbers(document: Any) -> None:
    document["statistics"] = {str(number): row for number, row in enumerate(document["statistics"])}
    document["project_scope"] = [1]
    document["metadata"] = "x"


def test_issues_by_key_in_place_of_a_list_are_read(written: Written) -> None:
    def by_key(document: Any) -> None:
        document["issues"] = {issue.pop("key"): issue for issue in document["issues"]}

    edit(place(written.root, "jira_cache.json"), by_key)
    backend, report = taken_over(written.root)
    assert len(backend.list_issues(REF)) == ISSUES
    assert any(issue.points for issue in backend.list_issues(REF))
    assert "issues: an object instead of a list" in found_in(report, "jira_cache.json")


def test_every_file_in_another_encoding_loses_nothing(written: Written) -> None:
    root = written.root
    encodings = {
        root / "profiles" / "profiles.json": "utf-8-sig",
        root / "profiles" / PROFILE / "profile.json": "utf-16",
        place(root, "query.json"): "utf-16-be",
        place(root, "jira_cache.json"): "utf-16",
        place(root, "jira_changelog_cache.json"): "utf-32",
        place(root, "project_data.json"): "utf-8-sig",
        place(root, "metrics_snapshots.json"): "utf-16-le",
    }
    for path, encoding in encodings.items():
        path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    backend, report = taken_over(root)
    counts = backend.counts()
    assert (counts.issues, counts.issue_changes, counts.statistics) == (ISSUES, written.changes, WEEKS)
    assert backend.list_profiles()[0].name == "Team – Größe 小"
    assert all(file.skipped == 0 for file in report.files)


@pytest.mark.slow
def test_monstrous_values_are_kept_or_named_and_the_rest_is_whole(written: Written) -> None:
    """Ten million letters, a hundred thousand brackets, NaN, numbers of 400 digits, times at both ends of the calendar,
    the same issue twice, and issues that are each other's parents."""

    def spoil(document: Any) -> None:
        issues = document["issues"]
        issues[0]["fields"]["summary"] = "x" * 10_000_000
        issues[1]["fields"]["deep"] = "DEEP"
        for number, odd in ((2, float("nan")), (3, float("inf")), (4, 10**400), (6, "1e999")):
            issues[number]["fields"][POINTS] = odd
        issues[7]["fields"]["parent"] = {"key": "MADE-8"}
        issues[8]["fields"]["parent"] = {"key": "MADE-10"}
        issues[9]["fields"]["parent"] = {"key": "MADE-9"}
        issues[10]["fields"]["created"] = "0001-01-01T00:00:00.000+1400"
        issues[11]["fields"]["created"] = "9999-12-31T23:59:59.999-1200"
        issues.append(issues[5])

    path = place(written.root, "jira_cache.json")
    edit(path, spoil)
    path.write_text(path.read_text(encoding="utf-8").replace('"DEEP"', "[" * 100_000 + "]" * 100_000), encoding="utf-8")
    edit(place(written.root, "project_data.json"), _spoil_numbers)
    backend, report = taken_over(written.root)
    issues = {issue.key: issue for issue in backend.list_issues(REF)}
    assert len(issues) == ISSUES
    assert len(issues["MADE-1"].summary) == 10_000_000
    assert [issues[f"MADE-{number}"].points for number in (3, 4, 5, 7)] == [None] * 4
    assert issues["MADE-11"].created is not None  # from the changelog
    assert len(backend.list_changes(REF)) == written.changes
    weeks = backend.list_weeks(REF)
    assert len(weeks) == WEEKS + 1
    assert [week.completed_items for week in weeks[:3]] == [None, None, None]
    assert weeks[5].day is None
    assert len(found_in(report, "jira_cache.json")) >= 7
    assert len(found_in(report, "project_data.json")) >= 4


def _spoil_numbers(document: Any) -> None:
    rows = document["statistics"]
    for row, odd in zip(rows, (float("nan"), float("inf"), 10**30), strict=False):
        row["completed_items"] = odd
    rows[5]["date"] = "x" * 10_000_000
    rows.append(dict(rows[4]))


ODD_NAMES: tuple[str, ...] = ("legacy", "backups", "Logs", "a b#%&", "ü" * 60, "..hidden")
if os.name == "posix":  # where files may be called so
    ODD_NAMES += ("CON", "nul.json", "trailing. ", "x;rm -rf *")


def test_folders_of_any_name_are_profiles_and_ids_that_lead_elsewhere_are_none(written: Written) -> None:
    root = written.root
    for name in ODD_NAMES:
        folder = root / "profiles" / name
        shutil.copytree(place(root, "."), folder / "queries" / name)
        put(folder / "profile.json", {"name": "Team", "id": "../../elsewhere"})
        put(folder / "queries" / name / "query.json", {"name": "All", "id": "a/b\\c", "jql": "project = X"})
    edit(root / "profiles" / "profiles.json", _lead_elsewhere)
    if os.name == "posix":
        (root / "profiles" / "loop").symlink_to(root / "profiles")
        (root / "profiles" / PROFILE / "queries" / "loop").symlink_to(root / "profiles" / PROFILE)
    backend, report = taken_over(root)
    ids = {profile.id for profile in backend.list_profiles()}
    assert ids == {PROFILE, *ODD_NAMES}
    assert backend.counts().issues == ISSUES * len(ids)
    assert len({profile.name for profile in backend.list_profiles()}) == len(ids)
    assert len([line for line in found_in(report, "profiles.json") if "no folder name" in line]) == 2
    # Nothing is left where the next start would take it for a profile again.
    assert not list((root / "profiles").glob("*/profile.json"))
    assert not list((root / "profiles").glob("*/queries"))


def _lead_elsewhere(document: Any) -> None:
    document["profiles"] |= {"../../elsewhere": {"name": "evil", "queries": ["../x"]}, "/abs": {"name": "abs"}}
    document["active_profile_id"] = "../../elsewhere"


def root_of_weeks(folder: Path, weeks: int) -> None:
    """An installation before profiles: settings, weekly rows and issues beside each other."""
    rows = [
        {"date": f"2025-0{month}-01", "completed_items": month, "created_items": 1} for month in range(1, weeks + 1)
    ]
    put(folder / "app_settings.json", {"pert_factor": 3})
    put(folder / "project_data.json", {"statistics": rows})


def test_of_several_installations_side_by_side_one_is_to_be_named(tmp_path: Path) -> None:
    root_of_weeks(tmp_path / "disk" / "first", 3)
    root_of_weeks(tmp_path / "disk" / "second", 5)
    write_folder(tmp_path / "disk" / "third", ISSUES)
    (tmp_path / "disk" / "photos").mkdir()
    backend = MemoryBackend()
    with pytest.raises(BadLegacyFolder, match="holds 3 installations of the old app: first, second, third"):
        migrate_folder(backend, tmp_path / "disk")
    assert backend.counts().profiles == 0

    assert migrate_folder(backend, tmp_path / "disk" / "second").counts.statistics == 5
    assert migrate_folder(backend, tmp_path / "disk" / "third", merge=True).counts.issues == ISSUES


def test_the_only_installation_in_a_folder_is_the_one_that_was_named(tmp_path: Path) -> None:
    root_of_weeks(tmp_path / "disk" / "only", 4)
    assert migrate_folder(MemoryBackend(), tmp_path / "disk").counts.statistics == 4


def test_a_profile_or_its_queries_named_by_themselves_are_no_installations(tmp_path: Path, written: Written) -> None:
    inside = tmp_path / "old" / "profiles" / PROFILE
    for folder in (inside, inside / "queries"):
        assert find.installations_below(folder) == []
    put(tmp_path / "old" / "profiles" / "damaged" / "app_settings.json", {"pert_factor": 3})
    assert find.installations_below(tmp_path / "old" / "profiles") == []


# -- where nobody may look ------------------------------------------------------------------------------


@pytest.fixture
def closed(written: Written, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a profile that its user has no right to read. Root may look everywhere, so it is only acted."""
    profile = written.root / "profiles" / PROFILE
    really = find._is_profile

    def looked_at(path: Path) -> bool:
        if path == profile:
            raise PermissionError(13, "Permission denied", str(path / "queries"))
        return really(path)

    monkeypatch.setattr(find, "_is_profile", looked_at)
    return written.root


def test_what_nobody_may_look_into_is_refused_and_not_left_behind(closed: Path) -> None:
    backend = MemoryBackend()
    with pytest.raises(Refused, match="cannot be looked into"):
        migrate_folder(backend, closed)
    assert not backend.list_profiles()


def test_a_data_folder_with_what_nobody_may_look_into_opens_and_says_so(closed: Path) -> None:
    modes: tuple[Mode, ...] = ("read", "write", "serve")
    for mode in modes:
        opened = open_store(closed / "profiles", mode=mode)
        assert not opened.backend.list_profiles()
        opened.backend.close()
    assert any("cannot be looked into" in notice for notice in opened.notices)


def test_a_link_to_where_nobody_may_look_is_passed_over(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    (written.root / "profiles" / "elsewhere").symlink_to(written.root / "nowhere")
    really = Path.is_dir

    def is_dir(path: Path, **how: Any) -> bool:
        if path.name == "elsewhere":
            raise PermissionError(13, "Permission denied", str(path))
        return really(path, **how)

    monkeypatch.setattr(Path, "is_dir", is_dir)
    backend = MemoryBackend()
    migrate_folder(backend, written.root)
    assert backend.list_profiles()
