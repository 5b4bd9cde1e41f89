"""Every example folder of the old app gives at least what its manifest says is recoverable."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from store.legacy.migrate import migrate_folder
from store.records import Category, Counts, QueryRef
from tests.memory_backend import MemoryBackend

LEGACY = Path(__file__).parents[3] / ".." / "shared" / "legacy"
MANIFESTS = sorted(LEGACY.resolve().glob("**/manifest.json"))
TINY = Counts(1, 1, 48, 135, 14, 14, 112)
# What each damaged folder must still give, by its manifest's words "recoverable".
RECOVERABLE = {
    "bad-dates": Counts(1, 1, 48, 134, 14, 14, 112),
    "duplicate-profile-names": Counts(3, 3, 144, 405, 42, 42, 336),
    "wrong-types": Counts(1, 1, 43, 120, 12, 13, 100),
}
# Root-level files are not in a manifest's totals, which count folders under profiles/.
ROOT_LEVEL = {"root-2025-11": Counts(1, 1, 220, 721, 67, 52, 364), "csv-2025-07": Counts(1, 1, 0, 0, 111, 0, 0)}

pytestmark = pytest.mark.skipif(not MANIFESTS, reason="the example folders are not here")


def _expected(manifest: Path) -> Counts:
    folder = manifest.parent
    if folder.name in ROOT_LEVEL:
        return ROOT_LEVEL[folder.name]
    if folder.parent.name == "damaged":
        return RECOVERABLE.get(folder.name, TINY)
    totals = json.loads(manifest.read_text(encoding="utf-8"))["totals"]
    return Counts(
        totals["profile_dirs"],
        totals["query_dirs"],
        totals["issues"],
        totals["changelog_status_items"],
        totals["statistics_rows"],
        totals["snapshot_weeks"],
        totals["snapshot_records_without_trends"],
    )


def _taken_over(name: str) -> MemoryBackend:
    backend = MemoryBackend()
    migrate_folder(backend, LEGACY / name)
    return backend


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_everything_recoverable_is_recovered_once(manifest: Path) -> None:
    backend = MemoryBackend()
    report = migrate_folder(backend, manifest.parent)
    expected = _expected(manifest)
    for name in Counts.__slots__:
        assert getattr(report.counts, name) >= getattr(expected, name), name
    assert report.outcome == "migrated"
    assert backend.counts() == report.counts
    assert migrate_folder(backend, manifest.parent).outcome == "nothing to do"
    assert backend.counts() == report.counts


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.name)
def test_every_count_of_the_report_adds_up(manifest: Path) -> None:
    report = migrate_folder(MemoryBackend(), manifest.parent)
    for file in report.to_json()["files"]:
        assert file["read"] == file["kept"] + file["skipped"]
        assert file["skipped"] <= len(file["findings"]) or not file["skipped"], file["path"]
        assert not Path(file["path"]).is_absolute()


def test_tiny_is_whole() -> None:
    backend = _taken_over("tiny")
    assert backend.counts() == TINY
    ref = backend.active_query()
    assert ref == QueryRef("p_9e08ed00cc76", "q_0d3bd01ea9cd")
    facts = backend.load_facts(ref)
    assert facts.profile.name == "Tiny – Größe 小"
    assert facts.query.jql == "project = TINY ORDER BY created DESC"
    assert facts.profile.forecast_settings["deadline"] == "2026-03-31"
    assert facts.profile.forecast_settings["time_zone"]
    assert sum(issue.points or 0 for issue in facts.issues) == 101.5
    assert sum(issue.in_query for issue in facts.issues) == 40
    assert sum(issue.category is Category.DONE for issue in facts.issues if issue.in_query) == 26
    assert facts.weeks[4].day == date(2025, 10, 27)
    assert facts.weeks[4].completed_points == 12.0
    assert facts.project_data is not None
    assert facts.project_data.data["project_scope"]["total_points"] == 110


def test_no_token_is_stored_but_its_finding_is() -> None:
    backend = MemoryBackend()
    report = migrate_folder(backend, LEGACY / "tiny")
    profile = backend.list_profiles()[0]
    assert "token" not in profile.jira_config
    assert profile.jira_config["token_in_legacy"] is True
    assert "dummy-personal-access-token" not in repr(backend.list_profiles())
    assert any("clear text" in finding.problem for file in report.files for finding in file.findings)


def test_the_raw_issues_and_their_header_are_kept() -> None:
    backend = _taken_over("tiny")
    pages = [json.loads(page.response) for page in backend.list_pages(QueryRef("p_9e08ed00cc76", "q_0d3bd01ea9cd"))]
    source = LEGACY / "tiny/profiles/p_9e08ed00cc76/queries/q_0d3bd01ea9cd/jira_cache.json"
    document = json.loads(source.read_text(encoding="utf-8"))
    assert [issue for page in pages for issue in page["issues"]] == document.pop("issues")
    assert [page["header"] for page in pages if "header" in page] == [document]


def test_a_snapshots_forecast_is_apart_from_its_values() -> None:
    ref = QueryRef("p_9e08ed00cc76", "q_0d3bd01ea9cd")
    snapshots = _taken_over("tiny").list_snapshots(ref)
    with_forecast = [snapshot for snapshot in snapshots if snapshot.forecast]
    assert len(with_forecast) == 7
    assert not any("forecast" in each.values or "trend_vs_forecast" in each.values for each in snapshots)


def test_the_milestone_becomes_a_record_and_a_checklist_a_flag() -> None:
    backend = _taken_over("variants/settings-form")
    profile = backend.list_profiles()[0]
    assert [(milestone.name, milestone.day) for milestone in backend.list_milestones(profile.id)] == [
        ("Milestone", date(2026, 1, 15))
    ]
    assert "milestone" not in profile.forecast_settings
    assert (profile.show_milestone, profile.show_points) == (True, False)


def test_a_flat_profile_gets_its_name_from_the_registry_and_its_settings_back() -> None:
    profile = _taken_over("variants/flat-profile").list_profiles()[0]
    assert profile.name == "Will be flattened"
    assert profile.forecast_settings["deadline"] == "2026-03-31"
    assert profile.project_classification["flow_end_statuses"] == ["Done", "Closed", "Won't Fix"]
    assert profile.jira_config["points_field"] == "customfield_10016"


def test_totals_of_the_first_version_count_what_remains() -> None:
    data = _taken_over("variants/v1-project-data").get_project_data(QueryRef("p_9e08ed00cc76", "q_eb454a0da3c9"))
    assert data is not None
    assert data.data["project_scope"]["remaining_items"] == 321
    assert data.data["project_scope"]["remaining_points"] == 1234.5


def test_old_setting_names_are_translated() -> None:
    profile = _taken_over("rootlevel/root-2025-11").list_profiles()[0]
    assert profile.project_classification["flow_end_statuses"] == ["Done", "Closed", "Won't Fix"]
    assert profile.field_mappings["flow"]["estimate"] == "customfield_10016"
    assert profile.field_mappings["dora"]["deployment_date"] == "fixVersions"


def test_the_csv_age_gives_rows_totals_and_settings() -> None:
    backend = _taken_over("rootlevel/csv-2025-07")
    ref = backend.active_query()
    assert ref is not None
    facts = backend.load_facts(ref)
    assert sum(week.completed_items or 0 for week in facts.weeks) == 249
    assert sum(week.created_points or 0 for week in facts.weeks) == 550.0
    assert facts.profile.forecast_settings["deadline"] == "2025-12-31"
    assert facts.project_data is not None
    assert facts.project_data.data["project_scope"]["remaining_items"] == 210
    assert [milestone.day for milestone in facts.milestones] == [date(2025, 10, 15)]


def test_issues_behind_the_cut_come_back_from_the_changelog() -> None:
    backend = _taken_over("damaged/truncated-jira-cache")
    issues = {issue.key: issue for issue in backend.list_issues(QueryRef("p_9e08ed00cc76", "q_0d3bd01ea9cd"))}
    whole = {
        issue.key: issue for issue in _taken_over("tiny").list_issues(QueryRef("p_9e08ed00cc76", "q_0d3bd01ea9cd"))
    }
    assert issues.keys() == whole.keys()
    for key, issue in issues.items():
        assert (issue.status, issue.type, issue.created, issue.resolved, issue.category, issue.in_query) == (
            whole[key].status, whole[key].type, whole[key].created, whole[key].resolved, whole[key].category,
            whole[key].in_query,
        )  # fmt: skip


def test_a_temporary_copy_gives_back_the_points_that_a_cut_lost(tmp_path: Path) -> None:
    shutil.copytree(LEGACY / "damaged/truncated-jira-cache", tmp_path / "old", copy_function=shutil.copyfile)
    (tmp_path / "old").chmod(0o755)
    shutil.copytree(LEGACY / "tiny/cache", tmp_path / "old/cache", copy_function=shutil.copyfile)
    backend = MemoryBackend()
    migrate_folder(backend, tmp_path / "old")
    ref = QueryRef("p_9e08ed00cc76", "q_0d3bd01ea9cd")
    points = [issue.points for issue in backend.list_issues(ref) if issue.key.startswith("TINY")]
    assert sum(value or 0 for value in points) == sum(
        issue.points or 0 for issue in _taken_over("tiny").list_issues(ref) if issue.key.startswith("TINY")
    )


def test_bad_dates_of_the_issue_file_are_repaired_from_the_history() -> None:
    ref = QueryRef("p_9e08ed00cc76", "q_0d3bd01ea9cd")
    mended = {issue.key: issue for issue in _taken_over("damaged/bad-dates").list_issues(ref)}
    whole = {issue.key: issue for issue in _taken_over("tiny").list_issues(ref)}
    for key in ("TINY-1", "TINY-2", "TINY-4", "TINY-5", "TINY-9"):
        assert (mended[key].created, mended[key].resolved) == (whole[key].created, whole[key].resolved)


def test_issues_without_a_key_get_it_from_what_else_names_them() -> None:
    keys = [
        issue.key
        for issue in _taken_over("damaged/wrong-types").list_issues(QueryRef("p_9e08ed00cc76", "q_0d3bd01ea9cd"))
    ]
    assert {"TINY-2", "TINY-3", "TINY-9", "TINY-10"} <= set(keys)


def test_data_there_already_are_refused_without_a_flag_and_nothing_changes() -> None:
    backend = _taken_over("tiny")
    before = backend.counts()
    report = migrate_folder(backend, LEGACY / "variants/imported")
    assert report.outcome == "refused"
    assert "--merge" in report.message
    assert backend.counts() == before


def test_a_merge_adds_and_never_overwrites() -> None:
    backend = _taken_over("damaged/truncated-jira-cache")
    profile = backend.list_profiles()[0]
    report = migrate_folder(backend, LEGACY / "tiny", merge=True)
    assert report.outcome == "migrated"
    assert backend.counts() == TINY
    assert backend.get_profile(profile.id) == profile


def test_as_a_new_profile_the_same_ids_and_names_stand_beside_each_other() -> None:
    backend = _taken_over("damaged/truncated-jira-cache")
    migrate_folder(backend, LEGACY / "tiny", as_new_profile=True)
    assert backend.counts() == Counts(2, 2, 96, 270, 28, 28, 224)
    assert {profile.name for profile in backend.list_profiles()} == {"Tiny – Größe 小", "Tiny – Größe 小 (2)"}


def test_the_profiles_folder_itself_may_be_named_too() -> None:
    assert _taken_over("tiny/profiles").counts() == TINY
