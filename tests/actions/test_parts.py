"""A work list that is a part of another one: it changes with that one, and holds whatever else is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.actions import projects
from app.actions.files import import_file
from app.context import Context
from app.domain.scope import Scope
from app.domain.selection import selection
from app.errors import BadInput
from app.settings import Overrides
from store.documents import part_of, with_part_of
from store.records import Category, Issue, QueryRef
from store.settings import PartOf
from tests.pages.sample import NOW, REF, sample_context


def bugs(ctx: Context, count: int) -> None:
    """So many open bugs beside the stories, every other one with a label."""
    born = NOW - timedelta(days=30)
    ctx.backend.upsert_issues(REF, [
        Issue(f"B-{at}", "Bug", "Bug", "To Do", Category.TODO, born, born, labels=("ui",) if at % 2 else ())
        for at in range(count)
    ])  # fmt: skip


def remaining(ctx: Context, ref: QueryRef, *where: str) -> float:
    scope = ctx.analysis(ref, Overrides(work=selection(where))).scope
    assert isinstance(scope, Scope)
    return scope.remaining


@pytest.fixture
def ctx() -> Context:
    result = sample_context()
    bugs(result, 4)
    return result


def test_it_holds_what_the_filter_holds_and_is_forecast_as_the_filter_is(ctx: Context) -> None:
    part = projects.new_part(ctx, REF, "Bugs", ("type=Bug",))
    assert remaining(ctx, part) == remaining(ctx, REF, "type=Bug") == 4
    filtered = ctx.analysis(REF, Overrides(work=selection(("type=Bug",))))
    assert str(ctx.analysis(part).forecast) == str(filtered.forecast)


def test_it_changes_with_the_list_that_it_is_a_part_of(ctx: Context) -> None:
    part = projects.new_part(ctx, REF, "Bugs", ("type=Bug",))
    assert remaining(ctx, part) == 4
    before = ctx.work(part)[1].revision
    bugs(ctx, 6)
    assert remaining(ctx, part) == 6
    assert ctx.work(part)[1].revision > before


def test_a_filter_upon_it_narrows_it_also_where_it_is_about_the_same_field(ctx: Context) -> None:
    part = projects.new_part(ctx, REF, "Bugs", ("type=Bug",))
    assert remaining(ctx, part, "label=ui") == 2
    stories = ctx.analysis(part, Overrides(work=selection(("type=Story",))))
    assert not stories.known.items


def test_its_week_is_recorded_when_that_of_the_whole_is(ctx: Context) -> None:
    part = projects.new_part(ctx, REF, "Bugs", ("type=Bug",))
    ctx.backend.save_snapshots(part, [])
    ctx.clock = lambda: NOW + timedelta(weeks=1)
    before = {snapshot.week for snapshot in ctx.backend.list_snapshots(part)}
    ctx.record(REF)
    assert {each.week for each in ctx.backend.list_snapshots(part)} > before


def test_without_a_filter_there_is_no_part_and_no_part_of_a_part(ctx: Context) -> None:
    with pytest.raises(BadInput, match="Nothing is filtered"):
        projects.new_part(ctx, REF, "Nothing", ())
    part = projects.new_part(ctx, REF, "Bugs", ("type=Bug",))
    with pytest.raises(BadInput, match="is a part of another work list itself"):
        projects.new_part(ctx, part, "UI bugs", ("label=ui",))


def test_a_file_is_not_taken_into_a_part(ctx: Context) -> None:
    projects.new_part(ctx, REF, "Bugs", ("type=Bug",))
    profile = ctx.backend.get_profile("p")
    assert profile is not None
    with pytest.raises(BadInput, match="takes nothing in"):
        import_file(ctx, b"Key,Created,Finished\nA-1,2026-03-02,2026-03-10\n", "x.csv", profile_name=profile.name,
                    query_name="Bugs")  # fmt: skip


def test_a_copy_of_a_part_is_a_part_of_the_same(ctx: Context) -> None:
    part = projects.new_part(ctx, REF, "Bugs", ("type=Bug",))
    query = ctx.backend.get_query(projects.copy_work(ctx, part))
    assert query is not None
    assert part_of(query) == part_of(replace(query, name="Bugs"))
    assert remaining(ctx, query.ref) == 4


def test_a_copied_project_has_its_work_and_its_parts_and_no_connection(ctx: Context) -> None:
    profile = ctx.backend.get_profile("p")
    assert profile is not None
    ctx.backend.save_profile(replace(profile, jira_config={"base_url": "https://jira.example"}))
    projects.new_part(ctx, REF, "Bugs", ("type=Bug",))
    copy = projects.copy_project(ctx, "p")
    refs = {query.name: query.ref for query in ctx.backend.list_queries(copy.profile_id)}
    assert remaining(ctx, refs["Bugs"]) == 4
    copied = ctx.backend.get_profile(copy.profile_id)
    assert copied is not None
    assert copied.jira_config == {}
    assert len(ctx.backend.list_milestones(copy.profile_id)) == 1


def test_a_part_of_itself_or_of_a_part_has_its_own_work(ctx: Context) -> None:
    """As a file says it that somebody has edited."""
    own = len(ctx.analysis(REF).items)
    part = projects.new_part(ctx, REF, "Bugs", ("type=Bug",))
    for whole in (part, REF):
        query = ctx.backend.get_query(REF)
        assert query is not None
        ctx.backend.save_query(with_part_of(query, PartOf(whole.query_id, ())))
        ctx.forget_analyses()
        assert len(ctx.analysis(REF).items) == own
        assert ctx.record(REF) == ""
        assert ctx.record(part) == ""
