"""The levels of the forecast on series made up with a known truth, and the series that lists of issues give."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from statistics import fmean

import pytest

from app.domain.forecast import LEVELS
from app.domain.known import Method
from scripts.measure.levels import Issue, Judgement, issues_in, judged, made_up, series_of

PACES = ("2", "5", "12")
CHANGING, HOLDING = ("walk", "regimes", "seasons"), ("steady", "clumped")


@cache
def tellings(kinds: tuple[str, ...], method: Method) -> list[Judgement]:
    chosen = [series for series in made_up() if series.kind in kinds and series.name.split()[1] in PACES]
    # Where nothing changes a level's own noise is most of what is off.
    trials = 400 if kinds == HOLDING else 200
    judgements = [judged(series, method, every=24, trials=trials) for series in chosen]
    return [each for each in judgements if each is not None]


def rates(kinds: tuple[str, ...], method: Method, of: str) -> dict[int, float]:
    numbers: list[dict[str, float]] = [getattr(each, of) for each in tellings(kinds, method)]
    return {level: fmean(each[str(level)] for each in numbers) for level in LEVELS}


@pytest.mark.slow
@pytest.mark.parametrize("of", ["dates", "amounts"])
def test_every_level_holds_as_often_as_it_says_where_the_pace_changes_and_the_usual_ones_do_not(of: str) -> None:
    # 27 series with 24 forecasts or more each: 55 74 87 95 of dates, 53 74 88 96 of amounts.
    ours, usual = (rates(CHANGING, method, of) for method in (Method.CALIBRATED, Method.PLAIN))
    assert all(abs(rate - level / 100) < 0.07 for level, rate in ours.items())
    assert usual[85] < 0.75
    assert usual[95] < 0.82


@pytest.mark.slow
@pytest.mark.parametrize("of", ["dates", "amounts"])
def test_where_the_pace_holds_levels_are_hardly_more_cautious_than_they_say(of: str) -> None:
    # 18 series: 51 76 92 98 and 51 74 89 96.
    assert all(abs(rate - level / 100) < 0.08 for level, rate in rates(HOLDING, Method.CALIBRATED, of).items())


@pytest.mark.slow
def test_calibrated_loses_less_than_the_usual_method_where_the_pace_changes_and_as_much_where_it_holds() -> None:
    def losses(kinds: tuple[str, ...], method: Method) -> tuple[float, float]:
        judgements = tellings(kinds, method)
        return fmean(each.dates_loss for each in judgements), fmean(each.amounts_loss for each in judgements)

    for ours, usual in zip(losses(CHANGING, Method.CALIBRATED), losses(CHANGING, Method.PLAIN), strict=True):
        assert ours < 0.85 * usual
    for ours, usual in zip(losses(HOLDING, Method.CALIBRATED), losses(HOLDING, Method.PLAIN), strict=True):
        assert ours < 1.05 * usual


def test_series_of_one_part_are_all_in_one_half() -> None:
    start = date(2024, 1, 1)
    issues = [
        Issue(f"A-{at}", start + timedelta(days=3 * at), start + timedelta(days=3 * at + 9), {"type": ["Bug"]})
        for at in range(300)
    ]
    result = list(series_of("list", issues))
    assert {series.kind for series in result} == {"whole", "type", "created", "points", "piece"}
    halves = {
        base: {series.is_chosen_on for series in result if series.base == base} for base in {s.base for s in result}
    }
    assert all(len(half) == 1 for half in halves.values())
    whole = next(series for series in result if series.kind == "whole")
    # The last week is not over, and its issues count in none.
    assert 295 <= sum(whole.done) < 300
    assert len(whole.done) == (issues[-1].done - start).days // 7  # type: ignore[operator]


def test_a_part_of_few_weeks_or_items_is_no_series() -> None:
    start = date(2024, 1, 1)
    few = [Issue(str(at), start, start + timedelta(weeks=31 * at)) for at in range(3)]
    short = [Issue(str(at), start, start + timedelta(days=at)) for at in range(100)]
    assert list(series_of("few", few)) == list(series_of("short", short)) == []


def test_issues_are_read_from_exports_answers_and_tables(tmp_path: Path) -> None:
    export = tmp_path / "A-export.csv"
    export.write_text(
        "Issue key,Created,Resolved,Issue Type,Component/s,Component/s\n"
        "A-1,24/Apr/15 12:04 PM,1/May/15 1:00 AM,Bug,Core,Web\nA-2,25/Apr/15 9:00 AM,,Story,,\n",
        encoding="utf-8",
    )
    answers = tmp_path / "b.jsonl"
    fields = {"created": "2015-04-24T12:04:00.000+0000", "resolutiondate": None, "issuetype": {"name": "Bug"}}
    answers.write_text(json.dumps({"key": "B-1", "fields": fields}) + "\n", encoding="utf-8")
    table = tmp_path / "tasks.csv"
    table.write_text("id,created_date,finished_date\n7,,2015-05-01\n8,2015-05-02,\n9,,\n", encoding="utf-8")
    first, second = issues_in(export)
    assert (first.created, first.done) == (date(2015, 4, 24), date(2015, 5, 1))
    assert first.parts == {"type": ["Bug"], "component": ["Core", "Web"]}
    assert second.done is None
    assert [(issue.created, issue.done) for issue in issues_in(answers)] == [(date(2015, 4, 24), None)]
    assert [issue.key for issue in issues_in(table)] == ["7", "8"]
