"""What pages offer to take back: deleted projects and work lists, and the last import of a work list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.actions import deleted, projects, weeks
from app.actions.files import import_file
from app.context import Context
from app.errors import BadInput
from app.jobs import JobState
from app.pages import data
from app.pages import projects as all_projects
from app.web import shell, unknown
from app.web.page import visit_of
from app.web.parts import sources, taking_back
from app.words.formats import formats_for
from store.records import ProjectData, QueryRef
from tests.pages.reading import components, texts
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])
FIRST = b"Key,Created,Finished\nA-1,2026-03-02,2026-03-10\nA-2,2026-03-02,\n"
NEXT = b"Key,Created,Finished\nA-1,2026-03-02,2026-03-10\nA-2,2026-03-02,2026-03-12\nA-3,2026-03-12,\n"


@pytest.fixture
def request_of_a_browser() -> Iterator[None]:
    """Clicks ask which language the browser wants."""
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


def buttons(page: Any, what: str) -> list[str]:
    """The ids of what the buttons of this kind take back."""
    ids = [getattr(part, "id", None) for part in components(page)]
    return [each["which"] for each in ids if isinstance(each, dict) and each["type"] == what]


def imported(ctx: Context, content: bytes, name: str = "team.csv") -> QueryRef:
    """By the file's own name, so that the next export goes into the same work list."""
    return import_file(ctx, content, name, profile_name="Crew", query_name="Team").ref


def listed(ctx: Context, ref: QueryRef) -> Any:
    return sources.section(visit_of(ctx, f"?profile={ref.profile_id}&query={ref.query_id}", FORMATS, "/data/sources"))


# -- what was typed beside an import --------------------------------------------------------------------


def test_what_remains_by_hand_is_no_part_of_the_import_that_is_taken_back() -> None:
    ctx = empty_context()
    ref = imported(ctx, b"Week,Finished\n2026-03-02,3\n2026-03-09,4\n")
    imported(ctx, b"Week,Finished\n2026-03-02,3\n2026-03-09,4\n2026-03-16,900\n")
    weeks.save_totals(ctx, ref, ("40", ""), FORMATS)
    (waiting,) = deleted.undoable(ctx)
    deleted.take_back(ctx, waiting.id)
    assert [week.completed_items for week in ctx.backend.list_weeks(ref)] == [3, 4]
    assert weeks.typed_totals(ctx.analysis(ref)) == (40, None)


# -- what was deleted -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("request_of_a_browser")
def test_the_message_of_a_deletion_says_how_long_it_waits_and_its_undo_goes_to_what_is_back() -> None:
    ctx = sample_context()
    other = projects.new_work(ctx, "p", "Old")
    effects = all_projects.delete_work(ctx, f"?profile=p&query={other.query_id}")
    assert effects.toast == "Old was deleted. It waits 30 days under All projects › Deleted."
    assert effects.undo is not None
    assert effects.undo() == f"/?profile=p&query={other.query_id}"
    assert ctx.backend.get_query(other) is not None


@pytest.mark.usefixtures("request_of_a_browser")
def test_a_deleted_project_comes_back_with_one_click_and_its_work_is_opened() -> None:
    ctx = sample_context()
    effects = all_projects.delete_project(ctx, "?profile=p&query=q")
    assert ctx.backend.list_profiles() == []
    assert effects.undo is not None
    ctx.undo = effects.undo
    assert shell.take_back(ctx).go == "/?profile=p&query=q"
    assert len(ctx.analysis(REF).items) == 38


@pytest.mark.usefixtures("request_of_a_browser")
def test_of_two_deletions_each_undo_puts_back_its_own() -> None:
    ctx = sample_context()
    first, second = projects.new_work(ctx, "p", "First"), projects.new_work(ctx, "p", "Second")
    undo = all_projects.delete_work(ctx, f"?profile=p&query={first.query_id}").undo
    all_projects.delete_work(ctx, f"?profile=p&query={second.query_id}")
    assert undo is not None
    undo()
    assert ctx.backend.get_query(first) is not None
    assert ctx.backend.get_query(second) is None


def test_what_was_deleted_is_listed_with_its_day_and_until_when() -> None:
    ctx = sample_context()
    deleted.delete_work(ctx, projects.new_work(ctx, "p", "Old"))
    page = all_projects.layout(visit_of(ctx, "?profile=p&query=q", FORMATS, "/projects"))
    assert "deleted on 30 Mar 2026, can be put back until 29 Apr 2026" in texts(page)
    (which,) = buttons(page, "put-back")
    assert taking_back.put_back(ctx, {"which": which}).toast == "It is back."
    assert taking_back.deleted_card(visit_of(ctx, "", FORMATS)) == []


def test_where_the_last_project_was_deleted_the_welcome_offers_it() -> None:
    ctx = sample_context()
    deleted.delete_project(ctx, "p")
    page = data.layout(visit_of(ctx, "", FORMATS))
    assert "Welcome" in texts(page)
    assert len(buttons(page, "put-back")) == 1


@pytest.mark.parametrize("gone", ["project", "work list"])
def test_the_address_of_something_deleted_offers_to_put_it_back(gone: str) -> None:
    ctx = sample_context()
    if gone == "project":
        deleted.delete_project(ctx, "p")
    else:
        deleted.delete_work(ctx, REF)
    page = unknown.layout(visit_of(ctx, "?profile=p&query=q", FORMATS))
    assert f"This {gone} was deleted" in texts(page)
    (which,) = buttons(page, "put-back")
    assert taking_back.put_back(ctx, {"which": which}).go == "/?profile=p&query=q"
    assert not visit_of(ctx, "?profile=p&query=q", FORMATS).is_unknown


def test_after_30_days_the_address_offers_it_no_more() -> None:
    ctx = sample_context()
    deleted.delete_project(ctx, "p")
    ctx.clock = lambda: NOW + timedelta(days=30)
    page = unknown.layout(visit_of(ctx, "?profile=p&query=q", FORMATS))
    assert "This project is not here" in texts(page)
    assert buttons(page, "put-back") == []


# -- the last import ------------------------------------------------------------------------------------


def test_the_last_import_of_a_source_is_taken_back_and_the_list_is_as_before() -> None:
    ctx = empty_context()
    ref = imported(ctx, FIRST)
    before = ctx.backend.list_issues(ref)
    ctx.clock = lambda: NOW + timedelta(days=1)
    imported(ctx, NEXT, "next.csv")
    text = " ".join(texts(listed(ctx, ref)))
    assert "Takes away what it brought: 1 new issue, changes of 1 issue" in text
    assert "To have it again, import next.csv again." in text
    (which,) = buttons(listed(ctx, ref), "take-back-source")
    effects = taking_back.take_source_back(ctx, {"which": which})
    assert effects.go == f"/data/sources?profile={ref.profile_id}&query={ref.query_id}"
    assert ctx.backend.list_issues(ref) == before
    assert buttons(listed(ctx, ref), "take-back-source") == []
    assert "File · team.csv" in texts(listed(ctx, ref))


def test_an_import_that_made_the_project_goes_with_it_and_undo_brings_both_back() -> None:
    ctx = empty_context()
    ref = imported(ctx, FIRST)
    assert "The import made the project Crew: the project goes, and waits 30 days under Deleted." in texts(
        listed(ctx, ref)
    )
    (which,) = buttons(listed(ctx, ref), "take-back-source")
    effects = taking_back.take_source_back(ctx, {"which": which})
    assert ctx.backend.list_profiles() == []
    assert effects.toast.startswith("Crew was deleted. It waits 30 days")
    assert effects.undo is not None
    effects.undo()
    assert [issue.key for issue in ctx.backend.list_issues(ref)] == ["A-1", "A-2"]


def test_an_import_that_made_the_work_list_leaves_the_project() -> None:
    ctx = sample_context()
    ref = import_file(ctx, FIRST, "team.csv", profile_name="Team <b>", query_name="Team").ref
    assert ref.profile_id == "p"
    (which,) = buttons(listed(ctx, ref), "take-back-source")
    effects = taking_back.take_source_back(ctx, {"which": which})
    assert (effects.go, ctx.backend.get_query(ref)) == ("/data/sources?profile=p", None)
    assert ctx.backend.get_query(REF) is not None
    assert effects.undo is not None
    assert effects.undo() == f"/?profile=p&query={ref.query_id}"


def test_what_was_fetched_after_the_import_is_never_taken_with_it() -> None:
    ctx = empty_context()
    ref = imported(ctx, FIRST)
    kept = ctx.backend.get_project_data(ref)
    assert kept is not None
    later = {**kept.data, "jira_sync": {"synced_at": (NOW + timedelta(hours=1)).isoformat(), "jql": ""}}
    ctx.backend.save_project_data(ref, ProjectData(later, NOW))
    assert taking_back.last_import(ctx, ref) is None
    assert buttons(listed(ctx, ref), "take-back-source") == []


def test_the_outcome_of_an_import_offers_to_take_it_back_and_is_gone_afterwards() -> None:
    ctx = empty_context()
    ref = imported(ctx, FIRST)
    result = import_file(ctx, NEXT, "next.csv", profile_name="Crew", query_name="Team")
    ctx.jobs.states["Import"] = JobState("Import", "completed", 100.0, "", result)  # type: ignore[attr-defined]
    visit = visit_of(ctx, f"?profile={ref.profile_id}&query={ref.query_id}", FORMATS)
    assert "Imported" in texts(data.layout(visit))
    (which,) = buttons(data.layout(visit), "take-back-outcome")
    taking_back.take_outcome_back(ctx, {"which": which})
    assert "Imported" not in texts(data.layout(visit))
    with pytest.raises(BadInput, match="nothing called"):
        taking_back.take_outcome_back(ctx, {"which": which})


def test_warnings_of_an_import_stay_beside_it() -> None:
    ctx = empty_context()
    ref = imported(ctx, FIRST)
    kept = ctx.backend.get_project_data(ref)
    assert kept is not None
    first, second = ({**kept.data["imports"][0], "warnings": [words]} for words in ("Odd dates.", "Odd points."))
    ctx.backend.save_project_data(ref, replace(kept, data={**kept.data, "imports": [first, second]}))
    text = texts(listed(ctx, ref))
    assert text.index("Odd points.") < text.index("Earlier imports") < text.index("Odd dates.")
