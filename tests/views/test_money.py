"""Money: what it will have cost, against what was planned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.factory import build, create_app
from app.views import behind, view
from app.views.view import Scene
from app.words import Reader, read_by
from app.words.formats import formats_for
from tests.pages.reading import links
from tests.pages.sample import NOW, REF, WEEKS, sample_context

FORMATS = formats_for(["en-GB"])
START = (NOW - timedelta(weeks=10)).date()
MONEY = {"total": 60_000, "rate_per_week": 3_500, "start": START.isoformat(), "end": "2026-06-28", "currency": "EUR"}


def scene(**terms: Any) -> Scene:
    ctx = sample_context(budget=MONEY | terms)
    return Scene(ctx.analysis(REF), FORMATS)


def test_the_sentence_tells_what_it_costs_and_what_was_planned() -> None:
    with read_by(Reader("en", FORMATS)):
        text = str(view("money").sentence(scene()))
    # Two finished a week and ten open: five weeks and a bit more, after ten weeks and a day.
    assert text.startswith("85\u202f% sure it costs at most ")
    assert text.endswith("; the budget is 60,000\u202fEUR.")


def test_without_a_budget_what_was_spent_is_told() -> None:
    text = str(view("money").sentence(scene(total=None)))
    # Ten weeks and a day at 500 a day.
    assert "35,500\u202fEUR are spent" in text


def test_money_within_the_budget_is_good_and_beyond_it_poor() -> None:
    tones = {fact.label: fact.tone for total in (120_000, 40_000) for fact in view("money").facts(scene(total=total))}
    assert tones["Within the budget by"] == "good"
    assert tones["Over the budget"] == "poor"


def test_the_lines_are_the_numbers_of_the_rows_and_every_point_opens() -> None:
    result = scene()
    figure, rows = view("money").figure, view("money").rows
    assert figure is not None
    assert rows is not None
    traces = {trace["name"]: trace for trace in (figure(result) or {})["data"] if "name" in trace}
    assert traces["Spent"]["y"] == [cells[3] for cells in rows(result).cells]
    assert traces["Spent"]["y"][:2] == [500.0, 4_000.0]
    shows = {show for trace in traces.values() for show in trace["customdata"]}
    assert shows == {"money"}
    assert behind(result, "money") is not None


def test_behind_the_finished_items_are_those_since_the_budget_began() -> None:
    result = behind(scene(), "money-done")
    assert result is not None
    assert result.keys is not None
    # Two a week; those of the weeks before the budget cost it nothing.
    assert 0 < len(result.keys) < 2 * WEEKS


@pytest.mark.slow
@pytest.mark.parametrize(("money", "is_tab"), [({}, False), ({"budget": MONEY}, True)])
def test_it_is_a_tab_once_there_is_a_rate_or_a_budget(money: dict[str, Any], is_tab: bool) -> None:
    ctx = sample_context(**money)
    with create_app(ctx).server.test_request_context("/"):
        tabs = links(build(ctx, "/plan/progress", "").page)
    assert any(link.startswith("/plan/money?") for link in tabs) == is_tab
    # Whatever moved the date is reached from the track record and the answer.
    assert not any(link.startswith("/plan/moved?") for link in tabs)
    with create_app(ctx).server.test_request_context("/"):
        assert any(link.startswith("/plan/moved?") for link in links(build(ctx, "/plan/track-record", "").page))


def test_what_was_finished_is_listed_the_newest_first() -> None:
    shown = scene()
    done = {item.issue.key: item.done for item in shown.analysis.items}
    result = behind(shown, "money-done")
    assert result is not None
    days = [done[key] for key in result.keys or ()]
    assert len(set(days)) > 1
    assert days == sorted(days, reverse=True)  # type: ignore[type-var]
