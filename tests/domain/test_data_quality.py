from datetime import date
from typing import Any

from hypothesis import given

from app.domain.data_quality import Doubt
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from store.records import Category, Change, Issue, QueryFacts, Week
from tests.domain.build import analysis, at, day, done, facts, finished_each_week, issue, moves
from tests.domain.strategies import loose_issues


def doubts_of(known: QueryFacts, **params: Any) -> dict[str, Doubt]:
    doubts = analysis(known, **params).data_quality
    assert isinstance(doubts, tuple)
    return {doubt.rule: doubt for doubt in doubts}


def counted(doubts: dict[str, Doubt], rule: str) -> tuple[int, int, tuple[str, ...]]:
    return doubts[rule].n, doubts[rule].of, doubts[rule].keys


def test_dates_that_contradict_each_other_are_listed() -> None:
    issues = [
        issue("A", "03-09", "03-06", type="Bug"),
        issue("B", "03-02", "03-06", started=at("03-09"), type="Bug"),
        issue("C", "03-02", "03-06", started=at("03-03"), type="Bug"),
    ]
    doubts = doubts_of(facts(issues), as_of=day("03-20"))
    assert counted(doubts, "finished_before_created") == (1, 3, ("A",))
    assert counted(doubts, "started_after_finished") == (1, 2, ("B",))
    assert counted(doubts, "without_a_start") == (1, 3, ("A",))
    assert counted(doubts, "without_a_type") == (0, 3, ())


def test_days_that_are_missing_are_listed() -> None:
    issues = [
        done("A", created=at("03-02"), updated=at("03-06")),
        issue("B", "03-02", "03-06"),
        issue("C", None, "03-06"),
    ]
    doubts = doubts_of(facts(issues), as_of=day("03-20"))
    assert counted(doubts, "done_without_a_day") == (1, 3, ("A",))
    assert counted(doubts, "created_without_a_day") == (1, 3, ("C",))
    assert "without_a_start" not in doubts


def test_items_that_were_never_in_progress_are_listed() -> None:
    changes = moves("A", ("", "To Do"), ("03-04", "Done"))
    changes += moves("B", ("", "To Do"), ("03-04", "In Progress"), ("03-06", "Done"))
    doubts = doubts_of(facts([done("A", created=at("03-02")), done("B", created=at("03-02"))], changes))
    assert counted(doubts, "straight_to_done") == (1, 2, ("A",))


def test_points_are_missed_where_they_count() -> None:
    issues = [issue("A", "03-02", points=3), issue("B", "03-02")]
    assert counted(doubts_of(facts(issues)), "without_points") == (1, 2, ("B",))
    bare = [issue("A", "03-02"), issue("B", "03-02")]
    assert "without_points" not in doubts_of(facts(bare))
    assert counted(doubts_of(facts(bare), unit=Unit.POINTS), "without_points") == (2, 2, ("A", "B"))


def test_a_day_on_which_all_was_closed_at_once_is_named() -> None:
    swept = [issue(f"S-{number}", "01-05", "02-04") for number in range(40)]
    known = facts([*finished_each_week([2] * 9, date(2026, 1, 5)), *swept])
    doubt = doubts_of(known, as_of=day("03-09"))["closed_in_bulk"]
    assert (doubt.n, doubt.of) == (42, 58)
    assert "2026-02-04" in doubt.text


def test_projects_that_are_left_out_are_counted() -> None:
    issues = [issue("A-1", "03-02"), issue("B-1", "03-02"), issue("B-2", "03-02")]
    doubts = doubts_of(facts(issues), excluded_projects=frozenset({"b"}))
    assert counted(doubts, "left_out") == (2, 3, ())


def test_weekly_numbers_are_not_doubted_item_by_item() -> None:
    assert isinstance(analysis(facts(weeks=[Week(day("03-02"), completed_items=3)])).data_quality, NotEnoughData)


@given(loose_issues())
def test_no_doubt_is_about_more_than_it_looks_at(history: tuple[list[Issue], list[Change]]) -> None:
    doubts = analysis(facts(*history), as_of=day("05-30")).data_quality
    if isinstance(doubts, tuple):
        assert all(0 <= doubt.n <= doubt.of for doubt in doubts)
        assert all(len(doubt.keys) == doubt.n for doubt in doubts if doubt.rule not in ("left_out", "closed_in_bulk"))
        assert [doubt.n for doubt in doubts] == sorted((doubt.n for doubt in doubts), reverse=True)


def test_an_open_item_with_an_old_finish_is_listed() -> None:
    stale = Issue("A", status="Doing", category=Category.IN_PROGRESS, created=at("03-02"), resolved=at("03-05"))
    assert counted(doubts_of(facts([stale])), "open_with_a_finish") == (1, 1, ("A",))
