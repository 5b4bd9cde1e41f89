"""All projects, and what can be done with them as a whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
import pytest
from flask import Flask

from app.actions import deleted, projects, target
from app.actions.files import import_file
from app.context import Context
from app.domain.missing import NotEnoughData
from app.errors import BadInput
from app.factory import build, create_app
from app.pages import PAGES
from app.pages import projects as page
from app.settings import Overrides
from app.turns import note_chosen
from app.web import bar, shell
from app.web.effects import Effects
from app.web.page import visit_of
from app.web.parts import taking_back
from app.words.formats import formats_for
from store.backend import PersistenceBackend
from store.bundle import read, write
from store.records import QueryRef
from tests.memory_backend import MemoryBackend
from tests.pages.reading import components, properties, texts
from tests.pages.sample import REF, sample_context

FORMATS = formats_for(["en-GB"])


def shown(ctx: Context) -> Any:
    return page.layout(visit_of(ctx, "?profile=p&query=q", FORMATS, "/projects"))


def lines(ctx: Context) -> list[list[Any]]:
    return [row for text in properties(shown(ctx), "data-table") for row in json.loads(text)["rows"]]


def test_each_work_list_has_a_line_and_the_least_sure_comes_first() -> None:
    ctx = sample_context(deadline="2026-04-20")
    copy = projects.copy_work(ctx, REF)
    ctx.backend.upsert_issues(copy, [])
    sure = [row[4] for row in lines(ctx)]
    assert len(sure) == 2
    assert lines(ctx)[0][1][1] in ("/?profile=p&query=q", f"/?profile=p&query={copy.query_id}")


def test_what_is_left_is_told_where_no_date_can_be() -> None:
    ctx = sample_context()
    (now,) = lines(ctx)
    (later,) = lines(Context(ctx.backend, ctx.jobs, ctx.profiles_dir, lambda: ctx.clock().replace(year=2027)))
    assert (later[2], later[6]) == ("–", now[6])
    assert now[6] != "–"


def test_a_day_that_is_past_holds_for_every_line() -> None:
    ctx = sample_context(deadline="2026-06-30")
    projects.copy_work(ctx, REF)
    then = "?profile=p&query=q&as-of=2026-03-02"
    table = page.layout(visit_of(ctx, then, FORMATS, "/projects"))
    (rows,) = [json.loads(text)["rows"] for text in properties(table, "data-table")]
    scope = ctx.analysis(REF, Overrides(as_of=date(2026, 3, 2))).scope
    assert not isinstance(scope, NotEnoughData)
    assert [row[6] for row in rows] == [FORMATS.number(scope.remaining)] * 2
    assert [row[6] for row in rows] != [row[6] for row in lines(ctx)]
    assert all("as-of=2026-03-02" in row[1][1] for row in rows)


def test_the_bar_says_that_a_filter_is_of_one_work_list() -> None:
    """The lines are of whole work lists; what is said elsewhere of a forecast of the filtered ones would be untrue."""
    ctx = sample_context()
    filtered = visit_of(ctx, "?profile=p&query=q&where=type%3DStory", FORMATS, "/projects")
    text = " ".join(texts(bar.build(filtered)))
    assert "Type: Story" in text
    assert "Seen through a filter" not in text
    assert "is of All & more alone: each line below is of a whole work list" in text
    unfiltered = visit_of(ctx, "?profile=p&query=q", FORMATS, "/projects")
    assert "alone" not in " ".join(texts(bar.build(unfiltered)))


def test_a_copy_has_the_same_issues_and_history() -> None:
    ctx = sample_context()
    copy = projects.copy_work(ctx, REF)
    assert ctx.analysis(copy).forecast == ctx.analysis(copy).forecast
    assert [item.issue.key for item in ctx.analysis(copy).items] == [item.issue.key for item in ctx.analysis(REF).items]
    assert ctx.backend.list_changes(copy) == ctx.backend.list_changes(REF)


def test_what_is_archived_is_listed_apart_and_can_be_taken_out() -> None:
    ctx = sample_context()
    other = projects.new_work(ctx, "p", "Old")
    projects.archive(ctx, other)
    assert [row[1][0] for row in lines(ctx)] == ["All & more"]
    assert "Archived" in texts(shown(ctx))
    projects.archive(ctx, other, put_away=False)
    assert len(lines(ctx)) == 2


def test_what_was_deleted_waits_and_is_put_back() -> None:
    ctx = sample_context()
    other = projects.new_work(ctx, "p", "Old")
    deleted.delete_work(ctx, other)
    assert "Deleted" in texts(shown(ctx))
    assert "Team <b> › Old" in texts(shown(ctx))
    deleted.take_back(ctx, deleted.undoable(ctx)[0].id)
    assert ctx.backend.get_query(other) is not None


def renamed(ctx: Context, project: str, work: str) -> Effects:
    with Flask("test").test_request_context():
        effects: Effects = page.rename(ctx, project, work, "?profile=p&query=q")
        return effects


def names_of(ctx: Context) -> tuple[str, str]:
    profile, query = ctx.backend.work(REF)
    return profile.name, query.name


def test_a_name_is_needed_and_renaming_tells_what_was_before() -> None:
    ctx = sample_context()
    with pytest.raises(BadInput, match="The work list needs a name"):
        renamed(ctx, "Team", " ")
    effects = renamed(ctx, "Crew", "Rest")
    assert names_of(ctx) == ("Crew", "Rest")
    assert effects.undo is not None
    with Flask("test").test_request_context():
        effects.undo()
    assert names_of(ctx) == ("Team <b>", "All & more")


def test_a_new_project_has_an_empty_work_list_and_the_time_zone_of_the_other() -> None:
    ctx = sample_context(time_zone="Europe/Berlin")
    ref = projects.new_project(ctx, like=ctx.backend.get_profile("p"))
    profile = ctx.backend.get_profile(ref.profile_id)
    assert profile is not None
    assert profile.forecast_settings["time_zone"] == "Europe/Berlin"
    assert ctx.backend.list_issues(ref) == []


@pytest.mark.parametrize(
    ("do", "words"),
    [
        ("new-project", "Make it"),
        ("new-work", "Where does it come from?"),
        ("rename-work", "Rename"),
        ("copy-project", "A second project with the settings"),
        ("archive-project", "no longer offered in the picker"),
        ("delete-work", "It can be put back for 30 days"),
    ],
)
def test_what_the_picker_offers_is_asked_on_this_page(do: str, words: str) -> None:
    built = page.layout(visit_of(sample_context(), f"?profile=p&query=q&do={do}", FORMATS, "/projects"))
    whole = " ".join([*texts(built), *map(str, properties(built, "label"))])
    assert words in whole


def test_a_filter_is_named_as_the_bar_names_it() -> None:
    """In the form, in the name of what is made of it, and on the page of that: never as it stands in an address."""
    ctx = sample_context()
    filtered = "?profile=p&query=q&where=type%3DStory&where=status%21%3DDone&do=new-work"
    built = page.layout(visit_of(ctx, filtered, FORMATS, "/projects"))
    assert "The filter in the bar: Type: Story; Status: not Done" in properties(built, "label")
    with Flask("test").test_request_context():
        made_of_it = page.make_work(ctx, "", "part", filtered)
    part = visit_of(ctx, made_of_it.go.partition("?")[2], FORMATS, "/")
    assert part.query is not None
    assert part.query.name == "All & more: Type: Story; Status: not Done"
    assert ": Type: Story; Status: not Done." in " ".join(texts(bar.build(part)))


def test_the_pickers_end_with_what_can_be_done() -> None:
    pickers = shell.pickers(visit_of(sample_context(), "?profile=p&query=q", FORMATS, "/"))
    groups = [group for data in properties(pickers, "data") for group in data]
    offered = [item["label"] for group in groups if group["group"] == "This work list" for item in group["items"]]
    assert offered == ["New …", "Rename", "Copy", "Archive", "Delete", "Deleted (30 days)"]
    first = next(data for data in properties(pickers, "data"))[0]["items"][0]
    assert first["label"] == "All projects"


def test_the_picker_leads_to_what_was_deleted_and_puts_it_back() -> None:
    ctx = sample_context()
    other = projects.new_work(ctx, "p", "Old")
    deleted.delete_work(ctx, other)
    pickers = shell.pickers(visit_of(ctx, "?profile=p&query=q", FORMATS, "/"))
    each = [item for data in properties(pickers, "data") for group in data for item in group["items"]]
    there = {item["value"] for item in each if item["label"] == "Deleted (30 days)"}
    assert there == {"/projects?profile=p&query=q&do=deleted#to-do"}
    path, _, search = there.pop().partition("#")[0].partition("?")
    assert path == page.PAGE.path
    shown_there = page.layout(visit_of(ctx, f"?{search}", FORMATS, path))
    (card,) = [part for part in components(shown_there) if "deleted" in str(getattr(part, "className", "")).split()]
    (button,) = [part for part in components(card) if texts(part) == ["Put back"] and hasattr(part, "n_clicks")]
    taking_back.put_back(ctx, button.id)
    assert ctx.backend.get_query(other) is not None
    assert "Put back" not in texts(shown(ctx))


def test_where_nothing_was_deleted_the_picker_leads_to_a_word_of_it() -> None:
    built = page.layout(visit_of(sample_context(), "?profile=p&query=q&do=deleted", FORMATS, "/projects"))
    (part,) = (each for each in components(built) if getattr(each, "id", "") == "to-do")
    assert "Nothing was deleted in the last 30 days." in texts(part)
    assert texts(built).count("Deleted") == 1


def test_what_asks_for_a_name_leads_to_its_field() -> None:
    visit = visit_of(sample_context(), "?profile=p&query=q", FORMATS, "/")
    places = {what: shell.to_do(visit, what, "work").partition("#")[2] for what, _text in shell.DOING}
    assert places == {"new": "to-do", "rename": "to-do", "copy": "", "archive": "", "delete": ""}
    for what in ("new", "rename"):
        form = page.layout(visit_of(sample_context(), f"?profile=p&query=q&do={what}-work", FORMATS, "/projects"))
        (part,) = (each for each in components(form) if getattr(each, "id", "") == "to-do")
        fields = [each.id for each in components(part) if isinstance(each, dmc.TextInput)]
        assert fields[0] in ("new-name", "project-name")


def test_an_archived_project_is_in_no_picker_and_can_be_taken_out_again() -> None:
    ctx = sample_context()
    projects.archive_project(ctx, "p")
    assert "Team <b>" in texts(shown(ctx))
    assert lines(ctx) == []
    page.take_out(ctx, {"which": "p/"})
    assert len(lines(ctx)) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "extras", [{"joined_into": "q", "earlier": ["q"]}, {"part_of": {"query": "q", "where": ["type=Story"]}}]
)
def test_pages_of_a_list_that_an_edited_file_says_to_be_in_itself_are_shown(extras: dict[str, Any]) -> None:
    ctx = sample_context()
    query = ctx.backend.get_query(REF)
    assert query is not None
    ctx.backend.save_query(replace(query, extras=extras))
    app = create_app(ctx)
    for path in (each.path for each in PAGES):
        with app.server.test_request_context(path, headers={"Accept-Language": "en-GB"}):
            built = build(ctx, path, "?profile=p&query=q")
        assert texts(built.page), path


def test_of_hundreds_of_work_lists_the_page_comes_at_once_and_their_lines_by_and_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ctx = sample_context(deadline="2026-04-20")
    for _ in range(3):
        projects.copy_work(ctx, REF)
    monkeypatch.setattr(page, "_AT_ONCE_SECONDS", 0.0)
    assert [row[4:] for row in lines(ctx)] == [["…"] * 4] * 4
    assert "0 of 4 work lists are worked out so far. The others follow." in texts(shown(ctx))
    monkeypatch.setattr(page, "_A_TURN_SECONDS", 60.0)
    with Flask(__name__).test_request_context():
        answer = page.work_out_more(ctx, 1, "?profile=p&query=q")
    assert answer.put["more-lines"] == {"max_intervals": 1}
    # What is known is there at once the next time.
    assert all("…" not in row for row in lines(ctx))
    assert not any("worked out so far" in text for text in texts(shown(ctx)))


def test_the_first_file_of_a_new_project_takes_the_place_of_its_empty_list() -> None:
    ctx = sample_context()
    ref = projects.new_project(ctx, "Team")
    data = b"Key,Created,Finished\nA-1,2026-03-02,2026-03-10\n"
    came = import_file(ctx, data, "team.csv", profile_id=ref.profile_id).ref
    assert came == ref
    assert [query.name for query in ctx.backend.list_queries(ref.profile_id)] == ["team"]


def test_an_empty_list_that_somebody_named_stays_beside_what_comes_in() -> None:
    ctx = sample_context()
    ref = target.begin_query(ctx.backend, "Team", "Ours", ctx.clock())
    data = b"Key,Created,Finished\nA-1,2026-03-02,2026-03-10\n"
    import_file(ctx, data, "team.csv", profile_id=ref.profile_id)
    assert {query.name for query in ctx.backend.list_queries(ref.profile_id)} == {"Ours", "team"}


FILE = b"Key,Created,Finished\nA-1,2026-03-02,2026-03-10\n"


def names_after_a_file(backend: PersistenceBackend, ctx: Context, profile_id: str) -> set[str]:
    there = Context(backend, ctx.jobs, ctx.profiles_dir, ctx.clock)
    import_file(there, FILE, "team.csv", profile_id=profile_id)
    return {query.name for query in backend.list_queries(profile_id)}


def a_named_empty_list(ctx: Context) -> QueryRef:
    ref = projects.new_project(ctx, "Team")
    ctx.backend.save_query(replace(ctx.backend.list_queries(ref.profile_id)[0], name="Release 2"))
    note_chosen(ctx.backend, ref, [projects.WORK_NAME], ctx.clock())
    return ref


def test_an_empty_list_that_came_in_a_bundle_is_somebodys(tmp_path: Path) -> None:
    ctx = sample_context()
    ref = a_named_empty_list(ctx)
    write(ctx.backend, tmp_path / "b.zip", [ref.profile_id])
    elsewhere = MemoryBackend()
    read(elsewhere, (tmp_path / "b.zip").read_bytes(), None, ctx.clock())
    assert names_after_a_file(elsewhere, ctx, ref.profile_id) == {"Release 2", "team"}


def test_an_empty_list_that_was_put_back_or_copied_is_somebodys() -> None:
    ctx = sample_context()
    ref = a_named_empty_list(ctx)
    copy = projects.copy_project(ctx, ref.profile_id)
    assert names_after_a_file(ctx.backend, ctx, copy.profile_id) == {"Release 2", "team"}
    deleted.delete_project(ctx, ref.profile_id)
    ctx.backend.undo(ctx.backend.list_undoable()[0].id, ctx.clock(), ctx.clock())
    assert names_after_a_file(ctx.backend, ctx, ref.profile_id) == {"Release 2", "team"}


def test_an_empty_list_whose_file_was_taken_back_is_that_files() -> None:
    ctx = sample_context()
    ref = projects.new_project(ctx, "Team")
    import_file(ctx, FILE, "alpha.csv", profile_id=ref.profile_id, query_name="Alpha")
    ctx.backend.undo(ctx.backend.list_undoable()[0].id, ctx.clock(), ctx.clock())
    assert names_after_a_file(ctx.backend, ctx, ref.profile_id) == {"Alpha", "team"}
