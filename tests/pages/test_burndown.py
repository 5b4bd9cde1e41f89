"""The burndown page."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from app.actions import sample
from app.context import Context
from app.formats import formats_for
from app.pages import burndown
from app.web.page import visit_of
from store.records import Issue, Profile, Query
from tests.pages.reading import components, properties, texts
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def page(search: str, **settings: Any) -> Any:
    return burndown.layout(visit_of(sample_context(**settings), search, FORMATS))


def later(search: str) -> Any:
    """The chart that is put in after the page is there."""
    return burndown.weeks_chart(visit_of(sample_context(), search, FORMATS))


def demo_context() -> Context:
    ctx = empty_context()
    sample.load_sample(ctx)
    return ctx


def names(part: Any) -> list[list[str]]:
    return [[trace.get("name", "") for trace in figure["data"]] for figure in properties(part, "figure")]


def test_burnup_is_shown_unless_burndown_is_chosen() -> None:
    assert {"Scope", "Done"} <= set(names(page(""))[0])
    assert "Remaining" in names(page("?chart=burndown"))[0]


def test_points_are_shown_when_chosen() -> None:
    # 28 finished issues of 3 points; the open ones have no estimate.
    figure = properties(page("?unit=points"), "figure")[0]
    done = next(trace for trace in figure["data"] if trace["name"] == "Done")
    assert done["y"][-1] == 84
    assert figure["layout"]["yaxis"]["title"]["text"] == "points"


def test_every_chart_says_in_words_what_it_shows() -> None:
    said = " ".join(texts([page(""), later("")]))
    assert "the scope went from" in said
    assert "The forecast learns from the 12 blue weeks: 2 finished" in said


def test_the_window_of_the_address_is_the_window_of_the_forecast() -> None:
    assert "The forecast learns from the 6 blue weeks" in " ".join(texts(later("?window=6")))


def test_the_first_chart_does_not_wait_for_the_second_and_the_table() -> None:
    visit = visit_of(demo_context(), "", FORMATS)
    first = burndown.layout(visit)
    assert len(properties(first, "figure")) == 1
    assert {"weeks-chart", "scope-changes"} <= {one for one in properties(first, "id") if isinstance(one, str)}
    assert names(burndown.weeks_chart(visit))[0][0] == "Finished in the week"
    assert [one["type"] for one in properties(burndown.scope_changes(visit), "id")] == ["explain"] * 25


def test_a_sprint_that_is_over_has_no_fan() -> None:
    ctx = demo_context()
    sprints = ctx.backend.list_sprints(ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)[0].ref)
    page = burndown.layout(visit_of(ctx, f"?sprint={quote(sprints[0].name)}", FORMATS))
    assert names(page)[0] == ["Scope", "Done"]


def test_hostile_names_of_milestones_stay_text() -> None:
    annotations = properties(page(""), "figure")[0]["layout"]["annotations"]
    assert all("<" not in one["text"] for one in annotations)


def chosen_span(last_finish: date) -> str:
    """What "how far back" says for a project that began six years ago and finished its last item that day."""
    ctx = empty_context()
    ctx.backend.save_profile(Profile("p", "Team", NOW, NOW, forecast_settings={"time_zone": "UTC"}))
    ctx.backend.save_query(Query("p", "q", "All", NOW, NOW))
    begun = NOW - timedelta(days=6 * 365)
    done = datetime.combine(last_finish, time(12), UTC)
    ctx.backend.upsert_issues(REF, [Issue("A-1", created=begun, resolved=done), Issue("A-2", created=begun)])
    page = burndown.layout(visit_of(ctx, "", FORMATS))
    found = [one for one in components(page) if getattr(one, "id", None) == {"type": "choice", "name": "span"}]
    return str(found[0].value)


def test_a_long_history_shows_its_last_year_unless_nothing_happened_in_it() -> None:
    assert chosen_span(NOW.date() - timedelta(days=30)) == "1y"
    assert chosen_span(NOW.date() - timedelta(days=800)) == "all"
