"""Beside a setting stands what its other values would come to, and so it is once one of them is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from app.actions.files import import_file
from app.actions.outcomes import COMPARED, outcomes
from app.context import Context
from app.domain.forecast import Forecast
from app.domain.scope import Scope
from app.pages import settings
from app.settings import with_value
from app.web.effects import id_of
from app.web.page import visit_of
from app.web.parts import outcomes as beside
from app.words.formats import formats_for
from store.records import QueryRef
from tests.pages.reading import components, texts
from tests.pages.sample import empty_context

FORMATS = formats_for(["en-GB"])


@pytest.fixture(autouse=True)
def request_of_a_browser() -> Iterator[None]:
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


def work() -> tuple[Context, QueryRef]:
    """Three finished a week, six open of which four are parts of two epics, and two that were given up."""
    ctx = empty_context()
    today = ctx.clock().date()
    rows = ["Key,Type,Parent,Status,Created,Finished"]
    born, last = today - timedelta(days=120), today - timedelta(days=3)
    rows += [f"A-{at},Story,,Done,{born},{last - timedelta(days=7 * (at // 3))}" for at in range(36)]
    rows += [f"A-{at},Epic,,To Do,{today - timedelta(days=50)}," for at in (40, 41)]
    rows += [f"A-{at},Story,A-{40 + at % 2},To Do,{today - timedelta(days=40)}," for at in range(50, 54)]
    rows += [f"A-{at},Story,,Cancelled,{today - timedelta(days=40)},{today - timedelta(days=30)}" for at in (60, 61)]
    return ctx, import_file(ctx, "\n".join(rows).encode(), "work.csv").ref


def sentences(ctx: Context, ref: QueryRef, name: str) -> list[str]:
    return [" ".join(texts(line)) for line in beside.lines(name, outcomes(ctx, ref, name), FORMATS)]


def test_counting_epics_says_beside_its_setting_how_many_they_are_and_what_is_left_then() -> None:
    ctx, ref = work()
    everything, *_others = sentences(ctx, ref, "counting")
    assert "Everything" in everything
    assert "counts 2 epics more: 6 items left instead of 4" in everything


def test_what_was_given_up_says_how_many_would_count_as_finished() -> None:
    ctx, ref = work()
    (line,) = sentences(ctx, ref, "given_up")
    assert "38 finished instead of 36" in line


def test_other_weeks_say_the_pace_and_what_makes_no_difference_says_so() -> None:
    ctx, ref = work()
    six, half, *_more = sentences(ctx, ref, "window")
    assert "6 weeks" in six
    assert "a week instead of 3" in half
    (sweeps,) = sentences(ctx, ref, "sweeps")
    assert sweeps.endswith("changes nothing as things are")


@pytest.mark.parametrize("name", COMPARED)
def test_what_is_told_beforehand_is_what_comes_of_it(name: str) -> None:
    ctx, ref = work()
    for outcome in outcomes(ctx, ref, name)[1:]:
        ctx.change_profile(ref, partial(with_value, name=name, value=outcome.value), name)
        then = ctx.analysis(ref)
        assert (then.scope.remaining if isinstance(then.scope, Scope) else None) == outcome.left
        assert (then.forecast.dates.get(85) if isinstance(then.forecast, Forecast) else None) == outcome.sure


def test_every_setting_that_changes_numbers_has_room_for_it_and_it_is_filled_after_the_page() -> None:
    ctx, ref = work()
    search = f"?profile={ref.profile_id}&query={ref.query_id}"
    page = settings.layout(visit_of(ctx, search, FORMATS))
    rooms = [part.id for part in components(page) if (getattr(part, "id", None) or {}) and is_room(part)]
    assert {room["name"] for room in rooms} == set(COMPARED)
    filled = beside.show(ctx, {}, rooms, search).put
    assert all(filled[id_of(room)]["children"] for room in rooms)


def is_room(part: Any) -> bool:
    return isinstance(part.id, dict) and part.id["type"] == "outcomes"


def test_a_second_visit_works_out_nothing_and_what_has_changed_since_is_worked_out_anew() -> None:
    ctx, ref = work()
    first = {name: outcomes(ctx, ref, name) for name in COMPARED}
    assert all(outcomes(ctx, ref, name) is first[name] for name in COMPARED)
    assert not any(outcome.open_keys for compared in first.values() for outcome in compared)
    ctx.change_profile(ref, lambda profile: with_value(profile, "window", 26))
    present, *_others = outcomes(ctx, ref, "window")
    assert present.value == 26
    import_file(
        ctx,
        b"Key,Status,Created,Finished\nB-1,To Do,2026-01-05,",
        "more.csv",
        profile_id=ref.profile_id,
        query_name="Other",
    )
    other = next(query.ref for query in ctx.backend.list_queries(ref.profile_id) if query.ref != ref)
    assert outcomes(ctx, other, "window") is not outcomes(ctx, ref, "window")
    assert outcomes(ctx, other, "window")[0].left == 1
