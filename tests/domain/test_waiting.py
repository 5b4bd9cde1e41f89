"""Links that block: who waits for whom, circles, the wrong order, and the date with and without waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.analysis import Analysis
from app.domain.known import Method
from app.domain.milestones import Milestones
from app.domain.missing import NotEnoughData
from app.domain.waiting import Against, Waiting, Waits, chain_cdf, held_up_by, loops
from store.records import Issue, Milestone
from tests.domain.build import analysis, day, facts, finished_each_week, issue

# Two a week for nine weeks, each in one day; looked at on Monday 9 March.
STEADY = finished_each_week([2] * 9, date(2026, 1, 5))


def waits(key: str, *keys: str, **more: Any) -> Issue:
    return issue(key, "01-05", extras={"blocked_by": list(keys), **more.pop("extras", {})}, **more)


def analysis_of(*issues: Issue, **params: Any) -> Analysis:
    return analysis(
        facts([*STEADY, *issues], milestones=params.pop("milestones", [])),
        **(dict[str, Any]({"as_of": day("03-09"), "method": Method.PLAIN}) | params),
    )


def waiting_of(*issues: Issue, **params: Any) -> Waiting:
    waiting = analysis_of(*issues, **params).waiting
    assert isinstance(waiting, Waiting)
    return waiting


def doubt(analysis: Analysis, rule: str) -> tuple[int, int, tuple[str, ...]]:
    doubts = analysis.data_quality
    assert not isinstance(doubts, NotEnoughData)
    (result,) = [each for each in doubts if each.rule == rule]
    return result.n, result.of, result.keys


def test_work_waits_for_what_is_open_and_what_is_elsewhere_is_named() -> None:
    document = waiting_of(waits("B-1", "B-2", STEADY[0].key, "X-9"), waits("B-2"), waits("B-3", STEADY[0].key))
    assert document.waiting == (Waits("B-1", ("B-2",), ("X-9",)),)
    assert (document.loops, document.against_order, document.chain) == ((), (), ("B-2", "B-1"))


def test_without_any_link_there_is_nothing_to_say() -> None:
    assert isinstance(analysis_of(issue("B-1", "01-05")).waiting, NotEnoughData)
    assert not any(each.rule.startswith("waits") for each in analysis_of(issue("B-1", "01-05")).data_quality)  # type: ignore[union-attr]


def test_circles_are_named_once_and_doubted() -> None:
    issues = waits("B-1", "B-2"), waits("B-2", "B-3"), waits("B-3", "B-1"), waits("B-4", "B-4"), waits("B-5", "B-1")
    assert waiting_of(*issues).loops == (("B-1", "B-2", "B-3"), ("B-4",))
    assert waiting_of(*issues).chain == ()
    assert doubt(analysis_of(*issues), "waits_in_a_circle") == (4, 5, ("B-1", "B-2", "B-3", "B-4"))


def test_what_stands_above_the_work_it_waits_for_is_doubted() -> None:
    first, second = waits("B-1", "B-2", extras={"rank": "1"}), waits("B-2", extras={"rank": "2"})
    assert waiting_of(first, second).against_order == (Against("B-1", "B-2"),)
    assert doubt(analysis_of(first, second), "waits_for_later_work") == (1, 1, ("B-1",))
    turned = replace(first, extras={**first.extras, "rank": "3"})
    assert waiting_of(turned, second).against_order == ()


def test_a_long_chain_moves_the_date_out_and_a_short_one_does_not() -> None:
    """Ten open items at two a week are five weeks. One after the other, each in two weeks, they are twenty."""
    slow = [replace(each, started=each.resolved and replace_days(each, -13)) for each in STEADY]
    chain = [waits(f"B-{at}", *([f"B-{at - 1}"] if at else [])) for at in range(10)]
    waiting = analysis(facts([*slow, *chain]), as_of=day("03-09"), method=Method.PLAIN).waiting
    assert isinstance(waiting, Waiting)
    assert waiting.chain == tuple(f"B-{at}" for at in range(10))
    assert (waiting.dates or {})[85] == day("04-13")
    assert (waiting.dates_waiting or {})[85] == day("07-27")
    short = waiting_of(waits("B-0", "B-1"), *(issue(f"B-{at}", "01-05") for at in range(1, 10)))
    assert short.dates == short.dates_waiting


def replace_days(each: Issue, days: int) -> Any:
    assert each.resolved is not None
    return each.resolved + timedelta(days=days)


def test_a_milestone_waits_for_work_outside_of_it() -> None:
    """Two of 1.0 are a week; one of them waits for one outside, which waits for another: two weeks."""
    beta = Milestone("Beta", day("03-16"), ("version=1.0",))
    own = [waits("B-1", "C-1", fix_versions=("1.0",)), waits("B-2", fix_versions=("1.0",))]
    milestones = analysis_of(
        *own, waits("C-1", "C-2"), issue("C-2", "01-05"), issue("C-3", "01-05"), milestones=[beta]
    ).milestones
    assert isinstance(milestones, Milestones)
    (row,) = milestones.milestones
    assert (row.dates[85], row.chance, row.late_days) == (day("03-16"), 1.0, 0)
    assert (row.waits_for, row.dates_waiting[85], row.chance_waiting) == (("C-1", "C-2"), day("03-23"), 0.0)


def test_releases_are_told_by_their_own_days_the_next_first() -> None:
    days = {"releases": {"1.0": "2026-03-16", "2.0": "2026-03-17"}}
    issues = [issue(f"B-{at}", "01-05", fix_versions=("1.0",), extras=days) for at in range(2)]
    issues += [issue(f"C-{at}", "01-05", fix_versions=("2.0",), extras=days) for at in range(2)]
    issues += [issue("D-1", "01-05", fix_versions=("3.0",))]
    milestones = analysis_of(*issues).releases
    assert isinstance(milestones, Milestones)
    first, second = milestones.milestones
    assert (first.name, first.day, first.left, first.ahead, first.late_days) == ("1.0", day("03-16"), 2, 2, 0)
    assert (second.name, second.ahead, second.dates[85], second.late_days) == ("2.0", 4, day("03-23"), 6)
    assert (first.chance, second.chance) == (1.0, 0.0)
    assert isinstance(analysis_of(issue("D-1", "01-05", fix_versions=("3.0",))).releases, NotEnoughData)


@pytest.mark.parametrize("told_days", ["soon", {"1.0": "soon"}, None, ["2026-03-16"]])
def test_a_day_of_release_that_cannot_be_read_is_none(told_days: Any) -> None:
    each = issue("B-1", "01-05", fix_versions=("1.0",), extras={"releases": told_days})
    assert isinstance(analysis_of(each).releases, NotEnoughData)


def test_a_chain_takes_as_long_as_its_items_one_after_the_other() -> None:
    assert chain_cdf([7], 3, 5, seed=1) == [0, 0, 0, 1, 1, 1]
    shares = chain_cdf([7, 14], 2, 4, seed=1)
    assert shares == pytest.approx([0, 0, 0.25, 0.75, 1], abs=0.03)


LINKS = st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=3), max_size=10)


@given(LINKS)
def test_loops_are_those_in_which_one_comes_back_to_oneself(raw: dict[int, list[int]]) -> None:
    keys = {str(key) for key in raw}
    links = {str(key): tuple(str(each) for each in waits if str(each) in keys) for key, waits in raw.items()}
    reached = {key: set(links[key]) for key in links}
    for _ in links:
        for key in links:
            reached[key] |= {far for near in reached[key] for far in reached[near]}
    endless = {key for key in links if key in reached[key]}
    texts = loops(links)
    assert {key for loop in texts for key in loop} == endless
    for loop in texts:
        assert all(other in reached[key] for key in loop for other in loop)
    assert all(set(held_up_by(links, [key])) == reached[key] - {key} for key in links)


@given(st.permutations(range(8)))
def test_a_chain_is_found_in_whatever_order_the_work_stands(order: list[int]) -> None:
    issues = [waits(f"B-{at}", *([f"B-{at - 1}"] if at else [])) for at in order]
    chain = waiting_of(*issues, trials=20).chain
    assert len(chain) == 8
    assert all(int(later[2:]) == int(earlier[2:]) + 1 for earlier, later in pairwise(chain))
