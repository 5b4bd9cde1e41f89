"""Typed records of what profiles and work lists keep as JSON: read as far as it goes, written without losing any."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import documents
from store.records import Profile, ProjectData, Query
from store.settings import (
    BudgetTerms,
    CycleTimeRule,
    FieldMapping,
    ImportEntry,
    IssueRule,
    JiraConnection,
    Meaning,
    TypedTotals,
)
from tests.record_strategies import profiles

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PROFILE = Profile("p", "Team", NOW, NOW)
QUERY = Query("p", "q", "All", NOW, NOW)
names = st.lists(st.text(max_size=8), max_size=3).map(tuple)


@given(profiles)
def test_whatever_a_profile_keeps_can_be_read(profile: Profile) -> None:
    assert isinstance(documents.connection_of(profile), JiraConnection)
    assert isinstance(documents.meaning_of(profile), Meaning)
    assert isinstance(documents.budget_of(profile), BudgetTerms)
    assert isinstance(documents.field_mapping_of(profile), FieldMapping | None)
    assert isinstance(documents.cycle_time_rules_of(profile), tuple)


@given(names, names, names, st.dictionaries(st.sampled_from(("Feature", "Defect")), names))
def test_a_meaning_is_the_same_after_being_saved(
    done: tuple[str, ...], wip: tuple[str, ...], types: tuple[str, ...], classes: dict[str, tuple[str, ...]]
) -> None:
    meaning = Meaning(done=done, wip=wip, defects=types, unclassed=types, classes=classes)
    assert documents.meaning_of(documents.with_meaning(PROFILE, meaning)) == meaning


def test_a_meaning_leaves_what_the_earlier_app_kept_beside_it() -> None:
    kept = replace(
        PROFILE,
        project_classification={"devops_projects": ["OPS"], "waiting_statuses": ["Queue"], "colour": 7},
        flow_type_mappings={"Feature": {"issue_types": ["Story"], "effort_categories": ["New"]}, "Odd": 3},
    )
    saved = documents.with_meaning(kept, replace(documents.meaning_of(kept), classes={"Feature": ("Wish",)}))
    assert saved.project_classification["colour"] == 7
    assert saved.flow_type_mappings == {"Feature": {"issue_types": ["Wish"], "effort_categories": ["New"]}, "Odd": 3}
    assert (documents.meaning_of(saved).operations, documents.meaning_of(saved).waiting) == (("OPS",), ("Queue",))


def test_a_connection_is_the_same_after_being_saved_and_its_token_is_not_kept() -> None:
    kept = replace(PROFILE, jira_config={"token": "old", "max_results": 50, "token_in_legacy": True})
    connection = JiraConnection("https://a.example", "cloud", "a@b.example", needs_token=True, points_field="cf_1")
    saved = documents.connected(kept, connection)
    assert documents.connection_of(saved) == connection
    assert (saved.jira_config["max_results"], saved.jira_config["api_version"]) == (50, "v3")
    assert "token" not in saved.jira_config
    marked = documents.connected(kept, replace(connection, token_in_old_files=True))
    assert documents.connection_of(marked).token_in_old_files
    assert not documents.connection_of(documents.without_old_token(marked)).token_in_old_files


def test_only_the_connection_is_taken_from_another_profile() -> None:
    here = documents.connected(PROFILE, JiraConnection("https://here.example", points_field="cf_1"))
    brought = replace(PROFILE, jira_config={"base_url": "https://there.example", "points_field": "cf_2", "board": 9})
    merged = documents.with_connection_of(brought, here)
    assert documents.connection_of(merged).base_url == "https://here.example"
    assert (merged.jira_config["points_field"], merged.jira_config["board"]) == ("cf_2", 9)


def test_a_setting_is_kept_under_the_name_of_the_earlier_app_where_it_had_one() -> None:
    saved = documents.with_settings(replace(PROFILE, forecast_settings={"pert_factor": 6}), {"window": 8, "unit": "x"})
    assert saved.forecast_settings == {"pert_factor": 6, "data_points_count": 8, "unit": "x"}
    assert documents.settings_of(saved) == {"pert_factor": 6, "window": 8, "unit": "x"}


@pytest.mark.parametrize("own", [(False, None), (True, None), (True, date(2026, 5, 1))])
def test_a_deadline_of_its_own_may_be_none(own: tuple[bool, date | None]) -> None:
    before = replace(QUERY, extras={"colour": 7, "deadline": "2026-01-01"})
    saved = documents.with_own_deadline(before, own)
    assert documents.own_deadline(saved) == own
    assert saved.extras["colour"] == 7


def test_a_list_is_put_away_and_taken_out_again() -> None:
    put_away = documents.archived(replace(QUERY, extras={"colour": 7}), put_away=True)
    assert documents.is_archived(put_away)
    assert documents.archived(put_away, put_away=False).extras == {"colour": 7}


@given(
    st.none() | st.integers(0, 10**6).map(float),
    st.none() | st.floats(0, 1e6),
    st.dates(),
)
def test_typed_totals_are_the_same_after_being_saved(items: float | None, points: float | None, day: date) -> None:
    before = ProjectData({"project_scope": {"total_items": 9, "remaining_items": 3}, "metadata": {"a": 1}}, NOW)
    saved = documents.with_typed_totals(before, TypedTotals(items, points, day), NOW)
    assert documents.typed_totals_of(saved) == TypedTotals(items, points, day)
    assert saved.data["project_scope"]["total_items"] == 9
    assert saved.data["metadata"] == {"a": 1}


def test_an_import_is_the_same_after_being_noted_and_the_oldest_of_many_are_forgotten() -> None:
    entries = [ImportEntry(NOW, f"{number}.csv", "Jira", rows=3, updated=NOW, warnings=("a",)) for number in range(202)]
    data: ProjectData | None = ProjectData({"metadata": {"jira_query": "x"}}, NOW)
    for entry in entries:
        data = documents.with_import(data, entry)
    assert data is not None
    assert documents.imports_of(data) == tuple(entries[2:])
    assert data.data["metadata"] | {"last_updated": ""} == {
        "jira_query": "x", "source": "csv_import", "last_updated": "", "file": "201.csv", "recognised_as": "Jira",
        "rows": 3, "kept": 0,
    }  # fmt: skip


@pytest.mark.parametrize("rule", [None, 7, "Deploy", []])
def test_a_rule_that_says_nothing_is_none(rule: Any) -> None:
    kept = replace(PROFILE, field_mappings={"delivery": {"deployments": rule}})
    assert documents.issue_rule_of(kept, "deployments") is None
    kept = replace(PROFILE, field_mappings={"delivery": {"deployments": {"labels": ["PROD"], "types": rule or 0}}})
    assert documents.issue_rule_of(kept, "deployments") == IssueRule(labels=("PROD",))


def test_cycle_time_rules_are_in_lower_case() -> None:
    kept = replace(PROFILE, forecast_settings={"cycle_times": [{"name": "Review", "start": ["In Review"]}, 3]})
    assert documents.cycle_time_rules_of(kept) == (CycleTimeRule("Review", frozenset({"in review"})),)
