"""Another mapping of a query: what it would change, and that saving it does exactly that, offline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.actions import mapping as remap
from app.actions.mapping import Effect, Proposal
from app.context import Context
from app.errors import BadInput
from app.jira.client import JiraClient
from app.jira.connect import Request, connect
from app.jira.sync.sync import sync
from app.settings import Overrides, changed, params_for
from scripts.fake_jira import OTHER_POINTS, POINTS, FakeJira, log, new_issue, status_json
from store.records import Category, Profile, QueryRef
from tests.jira.world import transport
from tests.memory_backend import MemoryBackend
from tests.pages.sample import NOW, REF, ImmediateJobs, sample_context

TODO, IN_PROGRESS, DONE = Category.TODO, Category.IN_PROGRESS, Category.DONE


def work(number: int, created: datetime) -> dict[str, Any]:
    """A story of 2 points and 5 days of estimate: a day until it is begun, two until its review, three until done."""
    issue = new_issue(10_000 + number, f"ABC-{number}", created, points=2.0)
    issue["fields"][OTHER_POINTS] = 5.0
    before, at = "To Do", created
    for status, days in (("In Progress", 1), ("In Review", 2), ("Done", 3)):
        at += timedelta(days=days)
        log(issue, at, "status", before, status)
        before = status
    issue["fields"]["status"] = status_json("Done")
    issue["fields"]["resolutiondate"] = issue["fields"]["updated"]
    return issue


@pytest.fixture
def synced(tmp_path: Path) -> Iterator[tuple[Context, QueryRef, FakeJira]]:
    """Fourteen weeks of one story a week, created on Mondays and done on Sundays, and two open ones."""
    begin = NOW - timedelta(weeks=14)
    documents = [work(number, begin + timedelta(weeks=number)) for number in range(14)]
    documents += [new_issue(10_000 + number, f"ABC-{number}", begin, kind="Bug") for number in (20, 21)]
    backend = MemoryBackend()
    with FakeJira("cloud", documents, clock=lambda: NOW) as jira, JiraClient(transport(jira), has_token=True) as client:
        ref = connect(client, backend, Request(jira.url, "Team", "All", "project = ABC"), now=NOW).ref
        sync(client, backend, ref, now=lambda: NOW)
        yield Context(backend, ImmediateJobs(), tmp_path, lambda: NOW), ref, jira


def present(ctx: Context, ref: QueryRef) -> Proposal:
    """What the pickers would say before anything is changed."""
    mapped = remap.mapped(ctx, ref)
    return Proposal(
        {row.noun: row.chosen for row in mapped.fields} or None,
        {row.name: row.category for row in mapped.statuses},
        {row.name: row.work_class for row in mapped.types},
    )


def with_field(proposal: Proposal, noun: str, field_id: str) -> Proposal:
    return replace(proposal, fields={**(proposal.fields or {}), noun: field_id})


def with_status(proposal: Proposal, **categories: Category) -> Proposal:
    named = {name.replace("_", " "): category for name, category in categories.items()}
    return replace(proposal, statuses={**proposal.statuses, **named})


# -- what is found --------------------------------------------------------------------------------------


def test_fields_are_told_with_evidence_from_what_is_stored(synced: tuple[Context, QueryRef, FakeJira]) -> None:
    ctx, ref, jira = synced
    count = jira.requests
    points = next(row for row in remap.mapped(ctx, ref).fields if row.noun == "points")
    assert (points.chosen, points.detected) == (POINTS, POINTS)
    assert [(option.name, option.evidence) for option in points.options] == [
        ("Story Points", "Story Points: in 100% of issues of type Story, always 2"),
        ("Estimate in days", "Estimate in days: in 100% of issues of type Story, always 5"),
        ("None", ""),
    ]
    assert jira.requests == count


def test_every_status_is_told_with_how_many_are_in_it_and_what_jira_makes_of_it(
    synced: tuple[Context, QueryRef, FakeJira],
) -> None:
    ctx, ref, _ = synced
    rows = [(row.name, row.issues, row.category, row.detected) for row in remap.mapped(ctx, ref).statuses]
    assert rows == [
        ("To Do", 2, TODO, TODO),
        ("In Progress", 0, IN_PROGRESS, IN_PROGRESS),
        ("In Review", 0, IN_PROGRESS, IN_PROGRESS),
        ("Done", 14, DONE, DONE),
    ]


def test_types_are_told_with_the_class_found_for_them(synced: tuple[Context, QueryRef, FakeJira]) -> None:
    ctx, ref, _ = synced
    rows = [(row.name, row.issues, row.work_class) for row in remap.mapped(ctx, ref).types]
    assert rows == [("Story", 14, "Feature"), ("Bug", 2, "Defect")]


def test_a_field_chosen_before_that_is_no_candidate_can_still_be_kept(
    synced: tuple[Context, QueryRef, FakeJira],
) -> None:
    ctx, ref, _ = synced
    profile = profile_of(ctx, ref)
    mapping = {**profile.field_mappings["jira"], "points": "customfield_99", "names": {"customfield_99": "Effort"}}
    ctx.backend.save_profile(replace(profile, field_mappings={"jira": mapping}))
    row = next(row for row in remap.mapped(ctx, ref).fields if row.noun == "points")
    assert row.chosen == "customfield_99"
    assert [option.name for option in row.options] == ["Story Points", "Estimate in days", "Effort", "None"]


# -- what another choice would change -------------------------------------------------------------------


def test_the_present_mapping_changes_nothing(synced: tuple[Context, QueryRef, FakeJira]) -> None:
    ctx, ref, _ = synced
    assert remap.effect(ctx, ref, present(ctx, ref)) == remap.effect(ctx, ref)


def test_another_field_of_points_changes_the_points_a_week_and_nothing_is_saved(
    synced: tuple[Context, QueryRef, FakeJira],
) -> None:
    ctx, ref, jira = synced
    now, count = remap.effect(ctx, ref), jira.requests
    then = remap.effect(ctx, ref, with_field(present(ctx, ref), "points", OTHER_POINTS))
    assert (now.pace_points, then.pace_points) == (2.0, 5.0)
    assert replace(then, pace_points=now.pace_points) == now
    assert remap.effect(ctx, ref) == now
    assert jira.requests == count


def test_counting_the_review_as_done_shortens_the_cycle_time(synced: tuple[Context, QueryRef, FakeJira]) -> None:
    ctx, ref, _ = synced
    now = remap.effect(ctx, ref)
    then = remap.effect(ctx, ref, with_status(present(ctx, ref), In_Review=DONE))
    # Begun on a Tuesday; in review on Thursday, done on Sunday, both days included.
    assert (now.cycle_days, then.cycle_days) == (6, 3)


def test_counting_work_as_not_begun_starts_the_cycle_later(synced: tuple[Context, QueryRef, FakeJira]) -> None:
    ctx, ref, _ = synced
    then = remap.effect(ctx, ref, with_status(present(ctx, ref), In_Progress=TODO))
    assert then.cycle_days == 4


def test_a_type_first_seen_after_connecting_goes_by_its_name_and_one_of_no_class_stays_so(
    synced: tuple[Context, QueryRef, FakeJira],
) -> None:
    ctx, ref, _ = synced
    profile = profile_of(ctx, ref)
    ctx.backend.save_profile(replace(profile, flow_type_mappings={"Feature": {"issue_types": ["Story"]}}))
    assert present(ctx, ref).types == {"Story": "Feature", "Bug": "Defect"}
    remap.save(ctx, ref, replace(present(ctx, ref), types={"Story": "Feature", "Bug": remap.NO_CLASS}))
    assert present(ctx, ref).types == {"Story": "Feature", "Bug": remap.NO_CLASS}


def test_another_class_moves_what_was_finished_from_one_class_to_the_other(
    synced: tuple[Context, QueryRef, FakeJira],
) -> None:
    ctx, ref, _ = synced
    proposal = present(ctx, ref)
    then = remap.effect(ctx, ref, replace(proposal, types={**proposal.types, "Story": "Risk"}))
    assert remap.effect(ctx, ref).by_class == (("Feature", 12),)
    assert then.by_class == (("Risk", 12),)


def test_without_any_done_status_nothing_is_previewed_or_saved(synced: tuple[Context, QueryRef, FakeJira]) -> None:
    ctx, ref, _ = synced
    proposal = with_status(present(ctx, ref), Done=IN_PROGRESS)
    before = profile_of(ctx, ref)
    for act in (remap.effect, remap.save):
        with pytest.raises(BadInput, match="At least one status must count as done"):
            act(ctx, ref, proposal)
    assert profile_of(ctx, ref) == before


# -- saving ---------------------------------------------------------------------------------------------


def profile_of(ctx: Context, ref: QueryRef) -> Profile:
    profile = ctx.backend.get_profile(ref.profile_id)
    assert profile is not None
    return profile


def test_what_is_saved_is_what_was_previewed_without_asking_jira(synced: tuple[Context, QueryRef, FakeJira]) -> None:
    ctx, ref, jira = synced
    proposal = with_status(with_field(present(ctx, ref), "points", OTHER_POINTS), In_Review=DONE, In_Progress=TODO)
    previewed, count = remap.effect(ctx, ref, proposal), jira.requests
    assert remap.save(ctx, ref, proposal) == 16
    assert remap.effect(ctx, ref) == previewed
    assert present(ctx, ref) == proposal
    assert {issue.points for issue in ctx.backend.list_issues(ref) if issue.type == "Story"} == {5.0}
    assert jira.requests == count


def test_a_sync_after_a_change_keeps_the_choice(synced: tuple[Context, QueryRef, FakeJira]) -> None:
    ctx, ref, jira = synced
    remap.save(ctx, ref, with_field(present(ctx, ref), "points", OTHER_POINTS))
    with JiraClient(transport(jira), has_token=True) as client:
        sync(client, ctx.backend, ref, now=lambda: NOW)
    assert {issue.points for issue in ctx.backend.list_issues(ref) if issue.type == "Story"} == {5.0}


def test_who_changed_something_stays_known_when_another_field_is_read(
    synced: tuple[Context, QueryRef, FakeJira],
) -> None:
    ctx, ref, jira = synced
    ctx.backend.save_profile(changed(profile_of(ctx, ref), {"authors": "keep"}))
    with JiraClient(transport(jira), has_token=True) as client:
        sync(client, ctx.backend, ref, authors=True, now=lambda: NOW)
    remap.save(ctx, ref, with_field(present(ctx, ref), "points", OTHER_POINTS))
    assert {change.author for change in ctx.backend.list_changes(ref)} == {"Ann Author"}


def test_statuses_of_a_file_are_mapped_too() -> None:
    ctx = sample_context()
    assert remap.mapped(ctx, REF).fields == ()
    proposal = present(ctx, REF)
    assert proposal.fields is None
    assert remap.save(ctx, REF, with_status(proposal, To_Do=DONE)) == 0
    assert params_for(profile_of(ctx, REF), Overrides(), NOW).done_statuses == frozenset({"to do", "done"})
    assert remap.effect(ctx, REF).remaining == 0


def saved_lists(profile: Profile, statuses: Mapping[str, Category], types: Mapping[str, str]) -> Profile:
    return remap.proposed_profile(profile, Proposal(None, statuses, types))


def test_names_that_are_not_chosen_about_stay_in_the_profiles_lists() -> None:
    lists = {
        "flow_end_statuses": ["Released", "Done"],
        "active_statuses": ["Doing"],
        "wip_statuses": ["Doing", "Review", "Other"],
        "bug_types": ["Incident"],
        "devops_projects": ["OPS"],
    }
    mappings = {"Feature": {"issue_types": ["Wish", "Story"], "effort_categories": ["New"]}}
    before = Profile("p", "Team", NOW, NOW, project_classification=lists, flow_type_mappings=mappings)
    after = saved_lists(before, {"done": DONE, "Review": TODO, "Doing": IN_PROGRESS}, {"Story": "Defect"})
    assert after.project_classification == {
        "flow_end_statuses": ["Released", "done"],
        "active_statuses": ["Doing"],
        "todo_statuses": ["Review"],
        "wip_statuses": ["Doing", "Other"],
        "bug_types": ["Incident", "Story"],
        "unclassed_types": [],
        "devops_projects": ["OPS"],
    }
    assert after.flow_type_mappings["Feature"] == {"issue_types": ["Wish"], "effort_categories": ["New"]}
    assert after.flow_type_mappings["Defect"] == {"issue_types": ["Story"], "effort_categories": []}


def test_an_effect_without_a_forecast_has_no_dates() -> None:
    ctx = sample_context()
    ctx.backend.delete_issues(REF, [f"S-{at}" for at in range(28)])
    effect: Effect = remap.effect(ctx, REF)
    assert (effect.date_50, effect.date_85, effect.remaining) == (None, None, 10)
