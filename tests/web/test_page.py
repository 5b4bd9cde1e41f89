"""What the address says, and callbacks that live on any number of apps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dash
import pytest
from dash import ALL, Input, Output, State, html
from hypothesis import given
from hypothesis import strategies as st

from app.context import Context
from app.domain.items import Unit
from app.domain.known import Pace
from app.errors import BadInput
from app.jobs import Jobs, JobState
from app.web.address import Choice, choice_of
from app.web.effects import Effects, id_of
from app.web.page import Page, job_news, visit_of
from app.words.formats import Formats
from store.records import Profile, Query
from tests.memory_backend import MemoryBackend
from tests.pages.sample import NOW, sample_context

TEXTS = st.text(min_size=1).filter(lambda text: text.strip() != "")


def context() -> Context:
    backend = MemoryBackend()
    return Context(backend, Jobs(backend), Path("nowhere"), lambda: NOW)


def put(ctx: Context, profile: str, *queries: str) -> None:
    ctx.backend.save_profile(Profile(profile, profile, NOW, NOW))
    for query in queries:
        ctx.backend.save_query(Query(profile, query, query, NOW, NOW))


@given(
    st.builds(
        Choice,
        profile=TEXTS,
        query=TEXTS,
        unit=st.sampled_from(Unit) | st.none(),
        window=st.integers(1, 104) | st.none(),
        where=st.lists(st.sampled_from(["type=Bug", "type=Story", "version!=1.4", "text~a & b"]), unique=True).map(
            tuple
        ),
        pace=st.sampled_from(Pace) | st.none(),
        as_of=st.dates(date(1900, 1, 1), date(2999, 12, 31)) | st.none(),
        days=st.sampled_from(["3m", "6m", "1y", "all", "2026-01-01..2026-02-01", None]),
        options=st.dictionaries(st.sampled_from(["chart", "list", "show", "q"]), TEXTS).map(
            lambda texts: tuple(texts.items())
        ),
    )
)
def test_choices_survive_the_address(choice: Choice) -> None:
    assert choice_of(choice.search()) == choice


def test_a_sprint_of_an_earlier_address_is_a_condition_now() -> None:
    assert choice_of("?sprint=Sprint+1").where == ("sprint=Sprint 1",)
    assert choice_of("?where=nonsense&where=Type%3DBug&where=issuetype%3DBug").where == ("type=Bug",)


def test_what_cannot_be_used_counts_as_not_chosen() -> None:
    assert choice_of("?unit=hours&window=0&days=9y&as-of=tomorrow&days=2026-02-01..2026-01-01") == Choice()
    assert choice_of("?window=twelve&unit=") == Choice()
    assert choice_of("?as-of=0001-01-01&days=0001-01-01..9999-12-31") == choice_of("?as-of=9999-12-31") == Choice()
    assert choice_of(None) == Choice()


@given(st.text())
def test_no_address_breaks_the_reading(search: str) -> None:
    choice_of(search)


def test_the_named_query_is_shown_even_when_another_is_active() -> None:
    ctx = context()
    put(ctx, "p", "one", "two")
    ctx.backend.switch_query(Query("p", "one", "one", NOW, NOW).ref, NOW)
    shown = visit_of(ctx, "?profile=p&query=two", Formats()).query
    assert shown is not None
    assert shown.id == "two"


@pytest.mark.parametrize("search", ["?profile=p&query=gone", "?profile=gone&query=gone", "?profile=gone"])
def test_an_address_of_what_is_gone_shows_no_other_work(search: str) -> None:
    ctx = context()
    put(ctx, "p", "one")
    put(ctx, "r", "other")
    ctx.backend.switch_query(Query("r", "other", "other", NOW, NOW).ref, NOW)
    result = visit_of(ctx, search, Formats())
    assert result.query is None
    assert result.is_unknown


def test_a_change_is_made_only_to_what_the_address_names() -> None:
    ctx = context()
    put(ctx, "p", "one")
    ctx.backend.switch_query(Query("p", "one", "one", NOW, NOW).ref, NOW)
    assert visit_of(ctx, "?profile=p&query=one", Formats()).for_writing().ref == ("p", "one")
    for search in ("", "?profile=p", "?profile=p&query=gone"):
        with pytest.raises(BadInput):
            visit_of(ctx, search, Formats()).for_writing()


def test_links_keep_the_work_and_the_bar_and_leave_a_pages_own_choices_behind() -> None:
    ctx = context()
    put(ctx, "p", "one")
    here = visit_of(ctx, "?profile=p&query=one&as-of=2026-01-05&chart=burndown&show=done", Formats(), "/plan/progress")
    assert here.href("/flow") == "/flow?profile=p&query=one&as-of=2026-01-05"
    assert here.here(show=None) == "/plan/progress?profile=p&query=one&as-of=2026-01-05&chart=burndown"


def test_an_empty_folder_has_no_query_to_show() -> None:
    assert visit_of(context(), "", Formats()).query is None


def test_recorded_callbacks_work_on_two_apps_with_their_own_contexts() -> None:
    page = Page("/", "Page", lambda visit: None)
    seen: list[Context] = []

    @page.fills(Output("out", "children"), Input("in", "value"))
    def show(ctx: Context, value: str) -> Effects:
        seen.append(ctx)
        return Effects(put={"out": {"children": value.upper()}})

    contexts = [context(), context()]
    answers = [_posted(page, ctx) for ctx in contexts]
    assert answers == ["ABC", "ABC"]
    assert [each is other for each, other in zip(seen, contexts, strict=True)] == [True, True]


def _posted(page: Page, ctx: Context) -> Any:
    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "in", "property": "value", "value": "abc"}],
        "changedPropIds": ["in.value"],
    }
    return _answer(page, ctx, body)["response"]["out"]["children"]


def _answer(page: Page, ctx: Context, body: dict[str, Any], on_error: Any = None) -> Any:
    app = dash.Dash("test", enable_mcp=False, add_log_handler=False, on_error=on_error)
    app.layout = html.Div([html.Div(id="in"), html.Div(id="out")])
    page.replay(app, ctx)
    (name,) = app.callback_map
    return app.server.test_client().post("/_dash-update-component", json={"output": name, **body}).get_json()


def test_an_output_that_nothing_is_put_into_stays_and_what_is_no_output_is_told_beside() -> None:
    page = Page("/", "Page", lambda visit: None)
    many = {"type": "part", "name": ALL}

    @page.fills(Output("out", "children"), Output("out", "title"), Output(many, "children"), Input("in", "value"))
    def show(ctx: Context, value: str) -> Effects:
        ours = {id_of({"type": "part", "name": "b"}): {"children": "B"}}
        return Effects(put={"out": {"title": value}, "elsewhere": {"hidden": True}, **ours})

    parts = [{"id": {"type": "part", "name": name}, "property": "children"} for name in "ab"]
    outputs = [{"id": "out", "property": "children"}, {"id": "out", "property": "title"}, parts]
    inputs = [{"id": "in", "property": "value", "value": "abc"}]
    answer = _answer(page, context(), {"outputs": outputs, "inputs": inputs, "changedPropIds": ["in.value"]})
    assert answer["response"] == {"out": {"title": "abc"}, '{"name":"b","type":"part"}': {"children": "B"}}
    assert answer["sideUpdate"] == {"elsewhere": {"hidden": True}}


@pytest.mark.parametrize("value", ["typed", "", None])
def test_a_field_of_many_that_was_changed_is_told_by_its_id_and_value(value: str | None) -> None:
    page, seen = Page("/", "Page", lambda visit: None), list[Any]()

    @page.changed(Input({"type": "field", "name": ALL}, "value"), State("in", "value"))
    def save(ctx: Context, which: dict[str, str], value: str | None, state: str) -> None:
        seen.append((which["name"], value, state))

    fields = [{"id": {"type": "field", "name": name}, "property": "value", "value": value} for name in "ab"]
    state = [{"id": "in", "property": "value", "value": "beside"}]
    changed = ['{"name":"b","type":"field"}.value']
    _answer(page, context(), {"outputs": [], "inputs": [fields], "state": state, "changedPropIds": changed})
    assert seen == [("b", value, "beside")]


def test_a_function_that_does_not_take_what_its_callback_sends_is_found_when_the_app_starts() -> None:
    page = Page("", "", lambda visit: None)
    with pytest.raises(TypeError, match="is handed the context and 1 values"):

        @page.on(Input("list", "data"), State("url", "search"))
        def drag(ctx: Context, moved: dict[str, int], search: str) -> Effects | None:
            return None

    page.changed(Input("list", "data"), State("url", "search"))(drag_rightly)


def drag_rightly(ctx: Context, moved: dict[str, int], search: str, way: str = "") -> Effects | None:
    return None


@pytest.mark.parametrize("is_refused", [False, True])
def test_a_file_that_was_chosen_can_be_chosen_again_whatever_became_of_it(is_refused: bool) -> None:
    page, seen = Page("/", "Page", lambda visit: None), list[str]()

    @page.on(Input("file", "contents"), State("file", "contents"))
    def take(ctx: Context, contents: str) -> Effects:
        seen.append(contents)
        if is_refused:
            raise BadInput("Not this one.")
        return Effects(toast="Taken.")

    chosen = {"id": "file", "property": "contents", "value": "data:,abc"}
    result = {"outputs": [], "inputs": [chosen], "state": [chosen], "changedPropIds": ["file.contents"]}
    answer = _answer(page, context(), result, on_error=lambda problem: None)
    assert seen == ["data:,abc"]
    # A field that still holds the file reports nothing when it is chosen once more.
    assert answer["sideUpdate"]["file"] == {"contents": None}


def job_news_in(profile_id: str, state: JobState, now: datetime) -> JobState | None:
    ctx = sample_context()
    ctx.jobs.states[state.name] = state  # type: ignore[attr-defined]
    ctx.clock = lambda: now
    profile = Profile(profile_id, "Any", now, now, forecast_settings={"time_zone": "UTC"})
    return job_news(ctx, state.name, profile)


def test_what_became_of_a_job_is_news_in_its_project_and_on_its_day() -> None:
    at = datetime(2026, 3, 30, 22, 30, tzinfo=UTC)
    failed = JobState("Sync", "failed", 10.0, "Jira does not answer.", about="p", at=at)
    assert job_news_in("p", failed, at + timedelta(hours=1)) == failed
    assert job_news_in("other", failed, at + timedelta(hours=1)) is None
    assert job_news_in("p", failed, at + timedelta(hours=2)) is None
    running = replace(failed, status="running")
    assert job_news_in("other", running, at) == running
