"""What the dashboard says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.actions.track_record import Held, TrackRecord
from app.domain.burndown import Burndown
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.formats import formats_for
from app.pages import dashboard
from app.web.explain import explain
from app.web.page import visit_of
from store.records import Profile, Query
from tests.charts.made import forecast
from tests.pages.reading import components, texts
from tests.pages.sample import empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def headline(**changes: Any) -> str:
    said = dashboard.headline(replace(forecast(), **changes), FORMATS)
    return " ".join("".join(texts(said)).split())


def test_the_answer_is_a_range_from_half_to_85_in_100() -> None:
    assert headline() == "Done between 13 March and 20 March 2026."


def test_a_range_over_new_year_names_both_years() -> None:
    dates = {50: date(2026, 12, 28), 85: date(2027, 1, 4)}
    assert headline(dates=dates) == "Done between 28 December 2026 and 4 January 2027."


def test_one_day_is_not_called_a_range() -> None:
    assert headline(dates={50: date(2026, 5, 4), 85: date(2026, 5, 4)}) == "Done by 4 May 2026."


def test_no_date_is_given_where_most_futures_never_end() -> None:
    assert headline(dates={50: None, 85: None}).startswith("No date can be given")
    assert headline(dates={50: date(2026, 5, 4), 85: None}).startswith("Done after 4 May 2026, but")


def test_nothing_remaining_is_done() -> None:
    assert headline(remaining=0.0) == "Everything is done."


def test_the_page_shows_answer_chance_remaining_pace_and_the_last_week() -> None:
    visit = visit_of(sample_context(deadline="2026-06-30"), "", FORMATS)
    said = " ".join(texts(dashboard.layout(visit)))
    for part in ("Done between", "30 June 2026", "10 items", "2 a week", "2 finished", "Track record"):
        assert part in said


def test_a_query_without_data_says_what_to_do() -> None:
    ctx = empty_context()
    ctx.backend.save_profile(Profile("p", "P", ctx.clock(), ctx.clock()))
    ctx.backend.save_query(Query("p", "q", "Q", ctx.clock(), ctx.clock()))
    visit = visit_of(ctx, "", FORMATS)
    result = visit.analysis.forecast
    said = " ".join(texts(dashboard.layout(visit)))
    assert isinstance(result, NotEnoughData)
    assert result.reason in said
    assert "Add data" in said


def test_the_track_record_names_rate_number_and_the_usual_method() -> None:
    found = TrackRecord("", Held(0.83, 41, 0.7, 0.9, "honest"), Held(0.68, 41, 0.5, 0.8, "overconfident"))
    said = " ".join(texts(dashboard.record_text(found, FORMATS)))
    assert "held 83\u202f% of the time, in 41 replayed forecasts" in said
    assert "The usual method's held 68\u202f%." in said


def test_with_few_replays_no_share_and_no_verdict_is_given() -> None:
    found = TrackRecord("", Held(1.0, 17, 0.8, 1.0, "cautious"), Held(1.0, 17, 0.8, 1.0, "cautious"))
    said = " ".join(texts(dashboard.record_text(found, FORMATS)))
    assert said.startswith("Too few past forecasts to judge: 17 of 17 replayed 85\u202f% dates held.")
    assert "100" not in said
    assert "promise" not in said


def test_without_any_replay_no_count_is_given() -> None:
    said = texts(dashboard.record_text(TrackRecord("", Held(0.0, 0, 0.0, 1.0, "honest"), None), FORMATS))
    assert said == ["No past forecast can be judged yet: nothing was finished for long enough after any of them."]


def ways_said(deadline: str) -> str:
    # Two a week and ten open: five weeks from Monday 30 March are 4 May.
    page = dashboard.layout(visit_of(sample_context(deadline=deadline, method="plain"), "", FORMATS))
    return "".join(text for one in components(page) if getattr(one, "id", "") == "ways" for text in texts(one))


def test_an_unsure_deadline_says_what_it_would_take() -> None:
    assert ways_said("2026-04-20") == (
        "To be 85\u202f% sure of 20 April 2026: leave out 4 items, or finish 3.4 a week instead of 2, "
        "or move the deadline to 4 May 2026."
    )


def test_a_deadline_that_is_past_can_only_be_moved() -> None:
    assert ways_said("2026-03-02") == "The deadline of 2 March 2026 is past: move the deadline to 4 May 2026."


def test_a_sure_deadline_takes_nothing_more() -> None:
    assert ways_said("2026-05-04") == ""


NUMBERS = (
    "answer ways:6 chance remaining unestimated pace required finished added removed week:2026-03-23 week:gone change:0"
)


@pytest.mark.parametrize("what", [*NUMBERS.split(), "change:0", "change:99", "change:x"])
def test_every_number_explains_itself(what: str) -> None:
    visit = visit_of(sample_context(deadline="2026-06-30"), "", FORMATS)
    found = explain(visit.analysis, what, FORMATS)
    assert found.title
    assert all(found.how)


def test_behind_remaining_are_exactly_the_open_issues() -> None:
    visit = visit_of(sample_context(), "", FORMATS)
    keys = explain(visit.analysis, "remaining", FORMATS).keys
    assert keys is not None
    assert set(keys) == {f"S-{100 + at}" for at in range(10)}


def test_the_answer_tells_which_weeks_it_draws_from_and_how_far_it_widens_the_range() -> None:
    visit = visit_of(sample_context(), "", FORMATS)
    said = " ".join(explain(visit.analysis, "answer", FORMATS).how)
    assert "The 3 weeks before those listed below have a say too" in said
    assert "13\u202f% of the draws are theirs" in said
    assert "it expects a drift of 23 in 100" in said


def test_a_week_explains_itself_with_its_two_issues() -> None:
    visit = visit_of(sample_context(), "", FORMATS)
    found = explain(visit.analysis, "week:2026-03-23", FORMATS)
    assert set(found.keys or ()) == {"S-0", "S-1"}


def test_the_progress_chart_speaks_of_dots_only_when_it_has_some() -> None:
    burndown = visit_of(sample_context(), "", FORMATS).analysis.burndown
    assert isinstance(burndown, Burndown)
    assert "dots" in dashboard.progress_sentence(burndown, FORMATS, Unit.ITEMS, has_dates=True)
    assert "dots" not in dashboard.progress_sentence(burndown, FORMATS, Unit.ITEMS, has_dates=False)
