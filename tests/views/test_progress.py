"""Burnup and burndown, and how far back they go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.actions import sample
from app.context import Context
from app.domain.track_record import Outlook
from app.settings import Overrides
from app.views.days import default_days
from app.views.progress import PROGRESS
from app.web.page import visit_of
from app.words.formats import formats_for
from store.records import Issue, Profile, Query
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def figure(ctx: Context, search: str = "") -> dict[str, Any]:
    assert PROGRESS.figure is not None
    document = PROGRESS.figure(visit_of(ctx, search, FORMATS).scene())
    assert document is not None
    return document


def names(figure: dict[str, Any]) -> list[str]:
    return [trace.get("name", "") for trace in figure["data"]]


def test_burnup_is_shown_unless_burndown_is_chosen() -> None:
    assert {"Scope", "Done"} <= set(names(figure(sample_context())))
    assert "Left" in names(figure(sample_context(), "?chart=burndown"))


def test_points_are_shown_when_chosen() -> None:
    # 28 finished issues of 3 points; the open ones have no estimate.
    document = figure(sample_context(), "?unit=points")
    done = next(trace for trace in document["data"] if trace["name"] == "Done")
    assert done["y"][-1] == 84
    assert document["layout"]["yaxis"]["title"]["text"] == "points"


def test_a_sprint_that_is_over_has_no_fan() -> None:
    ctx = empty_context()
    ref = sample.load_sample(ctx)
    name = ctx.backend.list_sprints(ref)[0].name
    assert PROGRESS.figure is not None
    scene = visit_of(ctx, "", FORMATS).scene()
    over = type(scene)(ctx.analysis(ref, Overrides(sprint=name)), FORMATS)
    assert names(PROGRESS.figure(over) or {}) == ["Scope", "Done", "Days off"]


def test_hostile_names_of_milestones_stay_text() -> None:
    annotations = figure(sample_context())["layout"]["annotations"]
    assert annotations
    assert all("<" not in annotation["text"] for annotation in annotations)


def chosen_days(last_finish: date) -> str:
    """What is drawn of a project that began six years ago and finished its last item that day."""
    ctx = empty_context()
    ctx.backend.save_profile(Profile("p", "Team", NOW, NOW, forecast_settings={"time_zone": "UTC"}))
    ctx.backend.save_query(Query("p", "q", "All", NOW, NOW))
    begun = NOW - timedelta(days=6 * 365)
    done = datetime.combine(last_finish, time(12), UTC)
    ctx.backend.upsert_issues(REF, [Issue("A-1", created=begun, resolved=done), Issue("A-2", created=begun)])
    return default_days(ctx.analysis(REF))


def test_of_a_long_history_the_recent_past_is_drawn_unless_nothing_happened_in_it() -> None:
    assert chosen_days(NOW.date() - timedelta(days=30)) == "6m"
    assert chosen_days(NOW.date() - timedelta(days=300)) == "1y"
    assert chosen_days(NOW.date() - timedelta(days=800)) == "all"


def test_a_short_history_is_drawn_whole() -> None:
    assert default_days(sample_context().analysis(REF)) == "all"


def test_days_that_were_chosen_bound_the_chart_and_its_rows() -> None:
    scene = visit_of(sample_context(), "?days=2026-03-02..2026-03-15", FORMATS).scene()
    assert PROGRESS.rows is not None
    days = [cells[0] for cells in PROGRESS.rows(scene).cells]
    assert (days[0], days[-1]) == (date(2026, 3, 2), date(2026, 3, 15))
    assert PROGRESS.numbers["finished"](scene, "").number == 4


def test_forecasts_that_were_written_down_are_faint_wedges_behind_the_line() -> None:
    scene, draw = visit_of(sample_context(), "", FORMATS).scene(), PROGRESS.figure
    assert draw is not None
    days = [NOW.date() - timedelta(weeks=weeks) for weeks in (8, 6, 4, 1)]
    outlooks = tuple(
        Outlook(day, day + timedelta(weeks=6), day + timedelta(weeks=9), 10.0, is_stored=True) for day in days
    )
    for chart, end in (("burndown", 0.0), ("burnup", None)):
        drawn = draw(replace(scene, outlooks=lambda: outlooks, options={"chart": chart}))
        assert drawn is not None
        wedges = [trace for trace in drawn["data"] if trace.get("fill") == "toself"]
        # The last two weeks would only hide the fan of today.
        assert [wedge["x"][0] for wedge in wedges] == [day.isoformat() for day in days[:3]]
        assert [wedge["showlegend"] for wedge in wedges] == [True, False, False]
        assert end is None or wedges[0]["y"] == [10.0, end, end, 10.0]
