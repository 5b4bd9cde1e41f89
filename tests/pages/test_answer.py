"""The page of the answer, and what it says in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from dash import ctx as call
from flask import Flask

from app.actions import deadline
from app.context import Context
from app.domain.analysis import Analysis
from app.domain.missing import NotEnoughData
from app.domain.throughput import WeekCount
from app.domain.track_record import HitRate, TrackRecord
from app.pages import answer
from app.views import behind
from app.views.answer import headline, short_answer
from app.views.track_record import record_text
from app.views.view import Scene
from app.web.effects import Effects
from app.web.page import visit_of
from app.web.parts import deadline_form, no_forecast
from app.words.formats import formats_for
from store.records import Profile, Query
from tests.charts.made import forecast
from tests.pages.reading import components, links, put, texts
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])
SEARCH = "?profile=p&query=q"


def said_of(**changes: Any) -> str:
    analysis = sample_context().analysis(REF)
    analysis.__dict__["forecast"] = replace(forecast(), **changes)
    return str(headline(Scene(analysis, FORMATS)))


def analysis_of(**settings: Any) -> Analysis:
    return sample_context(**settings).analysis(REF)


def explained(show: str, **settings: Any) -> str:
    explanation = behind(Scene(analysis_of(**settings), FORMATS), show)
    assert explanation is not None
    return " ".join(explanation.how)


def test_the_answer_is_the_day_that_is_85_percent_sure() -> None:
    assert said_of() == "85\u202f% sure by 20 Mar 2026."


def test_no_date_is_given_where_most_futures_never_end() -> None:
    words = "No date can be given: the chance that the work is not done within two years is 10\u202f%."
    assert said_of(dates={50: None, 85: None}) == words
    assert said_of(dates={50: date(2026, 5, 4), 85: None}) == "Even odds by 4 May 2026, but how much later is open."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "85\u202f% sure by 20 Mar 2026"),
        ({"dates": {50: date(2026, 5, 4), 85: None}}, "Even odds by 4 May 2026"),
        ({"dates": {50: None, 85: None}}, "No date within two years"),
        ({"remaining": 0.0}, "Everything is done"),
    ],
)
def test_the_title_says_what_is_known_where_no_deadline_has_a_chance(changes: dict[str, Any], words: str) -> None:
    analysis = sample_context().analysis(REF)
    analysis.__dict__["forecast"] = replace(forecast(), **changes)
    assert short_answer(Scene(analysis, FORMATS)) == words


def test_the_title_says_that_there_is_no_forecast_yet() -> None:
    ctx = sample_context()
    ctx.backend.delete_issues(REF, [issue.key for issue in ctx.backend.list_issues(REF)])
    assert answer.title(visit_of(ctx, SEARCH, FORMATS)) == "No forecast yet"


def test_the_title_is_the_chance_of_the_deadline_where_there_is_one() -> None:
    ctx = sample_context(deadline="2026-06-30")
    assert answer.title(visit_of(ctx, SEARCH, FORMATS)).endswith(" by 30 Jun 2026")
    assert answer.title(visit_of(sample_context(), SEARCH, FORMATS)).startswith("85\u202f% sure by ")


def test_nothing_left_is_done() -> None:
    assert said_of(remaining=0.0) == "Everything is done."


def test_the_page_shows_answer_deadline_what_moved_milestones_signals_and_the_track_record() -> None:
    page = answer.layout(visit_of(sample_context(deadline="2026-06-30"), "", FORMATS))
    text = " ".join(texts(page))
    for part in ("sure by", "Even odds:", "Deadline", "Moved since 24 Mar 2026", "Beta <script>", "Signals",
                 "10 left of", "2 a week", "being replayed"):  # fmt: skip
        assert part in " ".join(text.split()), part


def test_a_query_without_data_says_what_to_do() -> None:
    ctx = empty_context()
    ctx.backend.save_profile(Profile("p", "P", ctx.clock(), ctx.clock()))
    ctx.backend.save_query(Query("p", "q", "Q", ctx.clock(), ctx.clock()))
    visit = visit_of(ctx, "", FORMATS)
    result = visit.analysis.forecast
    text = " ".join(texts(answer.layout(visit)))
    assert isinstance(result, NotEnoughData)
    assert text.count(result.reason) == 1
    assert "Add data" in text


def test_why_there_is_no_forecast_is_told_once() -> None:
    ctx = sample_context()
    later = Context(ctx.backend, ctx.jobs, ctx.profiles_dir, lambda: ctx.clock().replace(year=2027))
    visit = visit_of(later, "", FORMATS)
    result, review = visit.analysis.forecast, visit.analysis.last_week
    assert isinstance(result, NotEnoughData)
    assert not isinstance(review, NotEnoughData)
    assert review.why.endswith(result.reason)
    text = " ".join(texts(answer.layout(visit)))
    assert text.count(result.reason) == 1
    assert "No date yet, for the reason above." in text


def test_where_only_points_are_lacking_items_are_offered() -> None:
    ctx = sample_context()
    ctx.backend.upsert_issues(REF, [replace(each, points=None) for each in ctx.backend.list_issues(REF)])
    in_points = answer.layout(visit_of(ctx, "?profile=p&query=q&unit=points", FORMATS))
    assert "/?profile=p&query=q&unit=items" in links(in_points)
    assert "Add data" not in texts(in_points)


def test_old_data_are_offered_as_they_were_at_their_last_finish() -> None:
    ctx = sample_context()
    later = Context(ctx.backend, ctx.jobs, ctx.profiles_dir, lambda: ctx.clock().replace(year=2027))
    assert "/?profile=p&query=q&as-of=2026-03-30" in links(answer.layout(visit_of(later, "", FORMATS)))


def test_of_old_data_the_week_is_offered_after_which_a_date_can_be_given() -> None:
    """Five weeks with a finish, a long rest, and a single straggler of which no forecast can be made."""
    monday = date(2026, 1, 5)
    done = [1.0] * 5 + [0.0] * 20 + [1.0]
    weeks = [WeekCount(monday + at * timedelta(weeks=1), each, 0.0) for at, each in enumerate(done)]
    assert no_forecast.last_told(weeks) is weeks[4]
    assert no_forecast.last_told(weeks[:4]) is None
    assert no_forecast.last_told(weeks[:5]) is weeks[4]


def test_the_chance_of_a_milestone_leads_where_its_name_does() -> None:
    hrefs = [href for href in links(answer.layout(visit_of(sample_context(), "", FORMATS))) if "show=milestone" in href]
    assert len(hrefs) == 2
    assert len(set(hrefs)) == 1


def test_with_new_work_as_in_the_past_the_answer_stands_beside_the_one_without() -> None:
    ctx = sample_context(deadline="2026-06-30")
    analysis = ctx.analysis(REF)
    throughput = analysis.throughput
    assert not isinstance(throughput, NotEnoughData)
    analysis.__dict__["throughput"] = replace(throughput, created_pace=4.9)
    page = answer.layout(visit_of(ctx, "", FORMATS))
    text = " ".join("".join(texts(page)).split())
    assert "If work keeps coming in (4.9 a week, 2 are finished)" in text
    assert "with new work as now: " in text
    for show in ("new", "growing"):
        assert any(f"show={show}" in href.split("&") or href.endswith(f"show={show}") for href in links(page)), show
        assert behind(visit_of(ctx, "", FORMATS).scene(), show) is not None
    opened = behind(visit_of(ctx, "", FORMATS).scene(), "growing")
    assert opened is not None
    assert "more are finished than come in" in opened.how[1]
    assert opened.inputs[0][0] == "Chance of the deadline"


def test_the_track_record_counts_the_dates_that_held() -> None:
    record = TrackRecord("", HitRate(0.8, 100, 0.7, 0.9, "honest"), None)
    assert record_text(record, FORMATS) == "Dates held: 80 of 100, promised 85\u202f%"
    few = TrackRecord("", HitRate(1.0, 17, 0.8, 1.0, "cautious"), None)
    assert record_text(few, FORMATS).endswith("(too few to judge)")
    none = TrackRecord("", HitRate(0.0, 0, 0.0, 1.0, "honest"), None)
    assert record_text(none, FORMATS) == "No past forecast can be judged yet."


def ways_said(day: str) -> str:
    # Two a week and ten open: five weeks from Monday 30 March are 4 May.
    page = answer.layout(visit_of(sample_context(deadline=day, method="plain"), "", FORMATS))
    return "".join(text for part in components(page) if getattr(part, "id", "") == "ways" for text in texts(part))


def test_an_unsure_deadline_says_what_it_would_take() -> None:
    expected = "To be 85\u202f% sure: leave out 4 items · or 3.4 a week instead of 2 · or 4 May 2026 Try it\xa0→"
    assert ways_said("2026-04-20") == expected


def test_a_deadline_that_is_past_can_only_be_moved() -> None:
    assert ways_said("2026-03-02") == "To be 85\u202f% sure: 4 May 2026 Try it\xa0→"


def test_a_sure_deadline_takes_nothing_more() -> None:
    assert ways_said("2026-05-04") == ""


SHOWS = "answer ways chance remaining unestimated pace week-finished week:2026-03-23 week:gone done:2026-03-23 done:x"


@pytest.mark.parametrize("show", SHOWS.split())
def test_every_number_explains_itself(show: str) -> None:
    assert explained(show, deadline="2026-06-30").strip()


def test_behind_what_is_left_are_exactly_the_open_issues() -> None:
    explanation = behind(Scene(analysis_of(), FORMATS), "remaining")
    assert explanation is not None
    assert set(explanation.keys or ()) == {f"S-{100 + at}" for at in range(10)}


@pytest.mark.parametrize(("show", "there"), [("drop", "/plan/how-much"), ("days-off", "/settings/project")])
def test_a_page_that_an_explanation_rests_on_is_a_click_away(show: str, there: str) -> None:
    explanation = behind(Scene(analysis_of(deadline="2026-04-20"), FORMATS), show)
    assert explanation is not None
    assert explanation.there[0] == there


def test_the_answer_tells_which_weeks_it_draws_from_and_how_far_it_widens_the_range() -> None:
    text = explained("answer")
    assert "The 3 weeks before those listed below have a say too" in text
    assert "8\u202f% of the draws are theirs" in text
    assert "it expects a drift of 24\u202f%" in text
    assert "the nearest number of them" in text


def test_a_deadline_of_a_work_list_holds_before_the_projects_and_can_be_taken_back() -> None:
    ctx = sample_context(deadline="2026-06-30")
    before = deadline.write(ctx, REF, (True, date(2026, 9, 1)))
    assert ctx.analysis(REF).params.deadline == date(2026, 9, 1)
    deadline.put_back(ctx, before)
    assert ctx.analysis(REF).params.deadline == date(2026, 6, 30)
    deadline.write(ctx, REF, (True, None))
    assert ctx.analysis(REF).params.deadline is None


def test_a_deadline_that_is_refused_says_so_at_the_field_and_goes_with_what_is_entered_next() -> None:
    ctx = sample_context(deadline="2026-06-30")
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        refused = deadline_form.set_deadline(ctx, "rubbish", SEARCH)
        error = put(refused, "deadline-day", "error")
        assert "'rubbish' is not understood as a day" in error
        assert "The deadline is still 30 Jun 2026." in error
        assert refused.toast == ""
        again = deadline_form.set_deadline(ctx, "30.6.2026", SEARCH)
        assert put(again, "deadline-day", "error") is None
        assert put(again, "deadline-day", "value") == "30 Jun 2026"
        # Else the page is built anew, without an error.
        assert deadline_form.set_deadline(ctx, "1.9.2026", SEARCH).changed
    assert ctx.analysis(REF).params.deadline == date(2026, 9, 1)


def test_a_question_about_the_deadline_goes_when_something_else_is_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    ctx, changes = sample_context(), dict[str, Any]()
    monkeypatch.setattr(type(call), "set_props", lambda self, part, values: changes.update({part: values}))
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        deadline_form.set_deadline(ctx, "5.1.2020", SEARCH).apply(ctx)
        assert "5 Jan 2020 is past. Is that the deadline?" in str(changes["undo-bar"])
        assert changes["deadline-day"] == {"error": "Still no deadline is set."}
        deadline_form.set_deadline(ctx, "rubbish", SEARCH).apply(ctx)
        assert changes["undo-bar"] == {"children": []}
        # The way back of what was saved is no question, and stays.
        deadline_form.set_deadline(ctx, "1.9.2026", SEARCH).apply(ctx)
        deadline_form.set_deadline(ctx, "rubbish", SEARCH).apply(ctx)
        assert "The deadline is 1 Sep 2026." in str(changes["undo-bar"])
        # An import that is begun afterwards is something else: what was offered goes.
        Effects(follow="Import").apply(ctx)
        assert changes["undo-bar"] == {"children": []}


@pytest.mark.parametrize("settings", [{}, {"deadline": "2026-06-30"}])
def test_undo_beside_the_deadline_brings_back_what_was(settings: dict[str, str]) -> None:
    ctx = sample_context(**settings)
    was = ctx.analysis(REF).params.deadline
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        done = deadline_form.set_deadline(ctx, "2026-09-01", "?profile=p&query=q")
        assert done is not None
        assert done.undo is not None
        assert ctx.analysis(REF).params.deadline == date(2026, 9, 1)
        done.undo()
    assert ctx.analysis(REF).params.deadline == was


def test_weeks_off_ahead_are_told_beside_the_date_with_a_link_to_where_they_are_set() -> None:
    off = [str(NOW.date() + timedelta(days=at)) for at in range(7, 28)]
    page = answer.layout(visit_of(sample_context(holidays=off), "", FORMATS))
    assert "weeks off ahead are in this date." in " ".join(texts(page))
    assert any(link.startswith("/settings/project") for link in links(page))
    assert "Working days that are off" in [name for name, _ in inputs_of("days-off", holidays=off)]


def test_without_days_off_ahead_nothing_is_said_of_them() -> None:
    page = answer.layout(visit_of(sample_context(), "", FORMATS))
    assert "off ahead" not in " ".join(texts(page))


def inputs_of(show: str, **settings: Any) -> tuple[tuple[str, str], ...]:
    explanation = behind(Scene(analysis_of(**settings), FORMATS), show)
    assert explanation is not None
    return explanation.inputs
