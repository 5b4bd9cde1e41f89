from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.analysis import Analysis
from app.domain.epics import Epics, Whole
from app.domain.forecast import Forecast
from app.domain.hierarchy import EpicSize, SizeFrom
from app.domain.items import Unit
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from app.domain.review import WeekReview
from app.domain.scope import Scope
from app.domain.selection import selection
from store.records import Category, Issue
from tests.domain.build import analysis, at, day, done, facts, finished_each_week, issue
from tests.examples import examples


def epic(key: str, **fields: Any) -> Issue:
    return Issue(key, f"Epic {key}", "Epic", "To Do", created=at("01-05"), **fields)


def finished_epic(key: str, parts: int) -> list[Issue]:
    whole = done(key, type="Epic", created=at("01-05"), resolved=at("02-20"))
    return [whole, *(issue(f"{key}-{n}", "01-05", "02-10", parent=key) for n in range(parts))]


# Finished ones came to 2, 4, 6 and 10 items; B has three of whatever it will have, one done; N has none yet.
WORK = [
    *(part for key, parts in (("F", 2), ("G", 4), ("H", 6), ("I", 10)) for part in finished_epic(key, parts)),
    epic("B", points=20.0),
    issue("B-1", "01-05", "03-03", parent="B", fix_versions=("1.4",)),
    issue("B-2", "01-05", parent="B", fix_versions=("1.4",)),
    issue("B-3", "03-10", parent="B"),
    epic("N", points=5.0, parent="X"),
]


def analysis_of(size: str = "", **params: Any) -> Analysis:
    return analysis(facts(WORK), epic_size=EpicSize.of(size), method=Method.PLAIN, **params)


def wholes(size: str = "", **params: Any) -> dict[str, Whole]:
    epics = analysis_of(size, **params).epics
    assert isinstance(epics, Epics)
    return {each.key: each for each in (*epics.epics, *epics.versions)}


def test_every_epic_and_version_has_its_progress() -> None:
    result = wholes()
    epic_b, version = result["B"], result["1.4"]
    assert (epic_b.name, epic_b.is_done, epic_b.total, epic_b.done, epic_b.remaining) == ("Epic B", False, 3, 1, 2)
    assert epic_b.remaining_keys == ("B-2", "B-3")
    assert (version.total, version.done, version.is_done) == (2, 1, False)
    assert (result["I"].is_done, result["I"].total) == (True, 10)
    assert (result["N"].total, result["N"].parent) == (1, "X")


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("", {}),
        ("8", {"B": 5, "N": 7}),
        ("2", {"N": 1}),
        # Of 2, 4, 6 and 10 at least half come to no more than 4, and 85 % to no more than 10.
        ("50 %", {"B": 1, "N": 3}),
        ("85%", {"B": 7, "N": 9}),
        ("estimate", {"B": 17, "N": 4}),
    ],
)
def test_an_epic_counts_with_its_size_until_its_parts_exceed_it(size: str, expected: dict[str, float]) -> None:
    assert {key: each.expected for key, each in wholes(size).items() if each.expected} == expected


def test_what_is_expected_is_forecast_beside_what_is_there() -> None:
    plain, sized = analysis_of(), analysis_of("8")
    assert isinstance(plain.scope, Scope)
    assert isinstance(sized.scope, Scope)
    assert (plain.remaining, sized.remaining) == (3, 15)
    assert (sized.scope.remaining, sized.scope.expected, sized.scope.expected_keys) == (3, 12, ("B", "N"))
    assert isinstance(sized.forecast, Forecast)
    assert sized.forecast.remaining == 15
    assert "12 items of it are expected of 2 epics that are not broken down yet." in sized.forecast.warnings


def test_only_epics_of_the_part_that_is_asked_about_bring_expected_work() -> None:
    scope = analysis_of("8", selection=selection(["epic=B"])).scope
    assert isinstance(scope, Scope)
    assert (scope.total, scope.expected_keys) == (3, ("B",))


def test_too_few_finished_epics_tell_no_usual_size_and_nothing_is_added() -> None:
    few = analysis(facts([*finished_epic("F", 2), epic("N")]), epic_size=EpicSize.of("70 %"))
    assert isinstance(few.epics, Epics)
    assert few.epics.missing == "Only 1 finished epic tells how large one is: at least 3 are needed."
    assert few.remaining == 1


def test_points_are_summed_where_points_are_counted() -> None:
    result = wholes("8", unit=Unit.POINTS)
    assert (result["B"].total, result["B"].expected) == (0, 8)
    assert (result["N"].total, result["N"].expected) == (5, 3)


def test_work_that_takes_the_place_of_what_was_expected_moves_nothing() -> None:
    # B-3 came in this week and stands for one of the five that were expected of B before.
    review = analysis_of("8").last_week
    assert isinstance(review, WeekReview)
    assert (review.added, review.expected, review.finished) == (1, -1, 0)
    assert review.remaining_before == review.remaining_now == 15


def test_without_epics_and_versions_there_is_nothing_to_tell() -> None:
    assert isinstance(analysis(facts([issue("A", "03-02")])).epics, NotEnoughData)
    assert isinstance(analysis(facts()).epics, NotEnoughData)


@pytest.mark.parametrize("text", ["many", "-1", "0", "120 %", "nan", "1e9"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no size"):
        EpicSize.of(text)


def test_a_size_is_a_number_a_percentile_or_the_estimate() -> None:
    assert EpicSize.of(" 12 ") == EpicSize(SizeFrom.FIXED, 12)
    assert EpicSize.of("70 %") == EpicSize(SizeFrom.PERCENTILE, 70)
    assert EpicSize.of("Estimate") == EpicSize(SizeFrom.ESTIMATE)
    assert EpicSize.of("") is None


# -- dates ----------------------------------------------------------------------------------------------

MONDAY = date(2026, 1, 5)


def at_two_a_week(work: list[Issue], **params: Any) -> dict[str, Whole]:
    """Nine weeks of two finished items each, one of them in epic Z, up to 8 March; looked at on Monday 9 March."""
    past = [
        replace(each, parent="Z" if at % 2 else "", fix_versions=("0.9",) if at % 2 else ())
        for at, each in enumerate(finished_each_week([2] * 9, MONDAY))
    ]
    chosen = {"as_of": day("03-09"), "method": Method.PLAIN, **params}
    epics = analysis(facts([epic("Z"), *past, *work]), **chosen).epics
    assert isinstance(epics, Epics)
    return {each.key: each for each in (*epics.epics, *epics.versions)}


def parts_of(whole: str, count: int, **fields: Any) -> list[Issue]:
    return [issue(f"{whole}-{number}", "01-06", parent=whole, **fields) for number in range(count)]


def others(count: int) -> list[Issue]:
    return [issue(f"other-{number}", "01-05") for number in range(count)]


def test_epics_are_done_in_the_order_of_their_work_with_the_share_of_the_pace_that_epics_had() -> None:
    """4 of A are done with half of two a week in four weeks, 3 more of B after seven; 20 others take their half."""
    work = [epic("A"), *parts_of("A", 4), epic("B"), *parts_of("B", 3), *others(20)]
    wholes = at_two_a_week(work)
    assert wholes["Z"].done == 9
    assert (wholes["A"].ahead, wholes["A"].dates[50], wholes["A"].dates[85]) == (8, day("04-06"), day("04-06"))
    assert (wholes["B"].ahead, wholes["B"].dates[85]) == (14, day("04-27"))
    assert wholes["Z"].dates == {}
    both = at_two_a_week(work, together=2)
    # B's 3 are done when 6 of both are, A's fourth with the seventh.
    assert (both["B"].ahead, both["A"].ahead) == (12, 14)


def test_the_last_epic_is_never_later_than_all_work() -> None:
    wholes = at_two_a_week([epic("A"), *parts_of("A", 6), *others(2)])
    # Half of the pace would be six weeks, but after the two others nothing else is left.
    assert (wholes["A"].ahead, wholes["A"].dates[85]) == (8, day("04-06"))


def test_an_epic_of_epics_is_done_when_the_last_of_them_is() -> None:
    work = [epic("I"), epic("A", parent="I"), *parts_of("A", 2), epic("B", parent="I"), *parts_of("B", 2), *others(9)]
    wholes = at_two_a_week(work)
    assert [wholes[key].ahead for key in ("A", "B", "I")] == [4, 8, 8]
    assert wholes["I"].remaining == 4


def test_versions_without_a_day_of_release_have_dates_too_and_those_with_one_go_first() -> None:
    late = {"releases": {"1.0": "2026-03-01", "2.0": "2026-06-01"}}
    work = [
        *parts_of("", 2, fix_versions=("3.0",)),
        *(replace(each, key=f"r{each.key}") for each in parts_of("", 3, fix_versions=("2.0",), extras=late)),
        replace(issue("q", "01-07", extras=late), fix_versions=("1.0",)),
        *others(20),
    ]
    wholes = at_two_a_week(work)
    assert [wholes[name].ahead for name in ("1.0", "2.0", "3.0")] == [2, 8, 12]
    assert wholes["3.0"].dates[85] == day("04-20")
    assert wholes["1.0"].odd == ("Released on 2026-03-01, and 1 of it is open.",)


def test_work_under_way_goes_before_what_is_only_older() -> None:
    doing = [replace(each, status="In Progress", category=Category.IN_PROGRESS) for each in parts_of("B", 2)]
    wholes = at_two_a_week([epic("A"), *parts_of("A", 4), epic("B"), *doing, *others(20)], as_of=None, now=at("03-09"))
    assert (wholes["B"].ahead, wholes["A"].ahead) == (4, 12)


def test_what_does_not_fit_is_told() -> None:
    work = [
        done("D", type="Epic", created=at("01-05"), resolved=at("02-20")), *parts_of("D", 2),
        epic("E"), issue("E-1", "01-05", "02-10", parent="E"), epic("N"),
    ]  # fmt: skip
    wholes = at_two_a_week([*work, *others(2)])
    assert wholes["D"].odd == ("Done, and 2 of it are open.",)
    assert wholes["E"].odd == ("All of it is done, and it is open.",)
    assert wholes["N"].odd == ("Not broken down yet.",)


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(25))
@given(st.lists(st.integers(1, 6), min_size=2, max_size=4), st.integers(1, 4), st.integers(0, 3), st.integers(1, 5))
def test_more_work_in_an_epic_makes_none_earlier(counts: list[int], together: int, which: int, more: int) -> None:
    def analysis_of(extra: int) -> dict[str, Whole]:
        larger = [count + extra * (at == which % len(counts)) for at, count in enumerate(counts)]
        work = [each for at, count in enumerate(larger) for each in (epic(f"E{at}"), *parts_of(f"E{at}", count))]
        return at_two_a_week([*work, *others(3)], together=together, method=Method.CALIBRATED, trials=200)

    before, after = analysis_of(0), analysis_of(more)
    for key, whole in before.items():
        for level, earlier in whole.dates.items():
            later = after[key].dates[level]
            assert later is None or (earlier is not None and later >= earlier)


def test_what_has_left_the_work_is_in_no_version_and_in_no_epic() -> None:
    gone = issue("A-2", "01-05", parent="E", fix_versions=("1.4",), in_query=False, left_query=at("02-02"))
    work = [epic("E"), issue("A-1", "01-05", parent="E", fix_versions=("1.4",)), gone]
    epics = analysis(facts(work)).epics
    assert isinstance(epics, Epics)
    assert [(each.key, each.total, each.remaining_keys) for each in (*epics.epics, *epics.versions)] == [
        ("E", 1, ("A-1",)),
        ("1.4", 1, ("A-1",)),
    ]
