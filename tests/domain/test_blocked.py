from collections.abc import Sequence
from datetime import datetime

import pytest

from app.domain.blocked import blocked, blocked_rule, blocked_spells, flag_changes, stalled
from app.domain.flow import Flow
from app.domain.history import HistoryRules, build_items
from app.domain.items import Item
from app.domain.selection import NotACondition
from store.records import Category, Change, Issue
from tests.domain.build import CALENDAR, analysis, at, day, facts, items_of, moves
from tests.domain.five_items import CHANGES, ISSUES

MARCH, APRIL = at("03-01 00:00"), at("04-01 00:00")


def flagged(key: str, *steps: tuple[str, str]) -> list[Change]:
    return moves(key, ("", ""), *steps, field="flagged")


def started(key: str, start: str, *later: tuple[str, str]) -> tuple[Item, ...]:
    history = moves(key, ("", "Backlog"), (start, "In Progress"), *later)
    category = Category.DONE if later and later[-1][1] == "Done" else Category.IN_PROGRESS
    status = later[-1][1] if later else "In Progress"
    return items_of([Issue(key, status=status, category=category, created=at("03-01 00:00"))], history)


def test_a_flag_in_the_backlog_blocks_nobody_and_an_open_one_lasts_till_today() -> None:
    flags = flag_changes(
        flagged(
            "A", ("03-02 00:00", "Impediment"), ("03-03 00:00", ""), ("03-04 00:00", "Impediment"), ("03-05 00:00", ""),
            ("03-08 00:00", "Impediment"),
        )
    )  # fmt: skip
    today = at("03-10 00:00")
    spells = blocked_spells(started("A", "03-03 12:00"), flags, MARCH, today)
    assert [(spell.from_, spell.to, spell.days) for spell in spells] == [
        (at("03-04 00:00"), at("03-05 00:00"), 1.0),
        (at("03-08 00:00"), None, 2.0),
    ]
    result = blocked(spells, MARCH, today)
    assert (result.items, result.days, result.keys, result.now_keys) == (1, 3.0, ("A",), ("A",))


def test_a_flag_that_nobody_clears_ends_with_the_finish() -> None:
    flags = flag_changes(flagged("A", ("03-04 00:00", "Impediment")))
    (spell,) = blocked_spells(started("A", "03-03", ("03-06 00:00", "Done")), flags, MARCH, APRIL)
    assert (spell.to, spell.days, spell.why) == (at("03-06 00:00"), 2.0, "flag")


def test_a_flag_that_stays_over_a_move_is_one_spell() -> None:
    flags = flag_changes(flagged("A", ("03-04 00:00", "Impediment"), ("03-08 00:00", "")))
    (spell,) = blocked_spells(started("A", "03-03", ("03-06 00:00", "Review")), flags, MARCH, APRIL)
    assert spell.days == 4.0


def test_a_status_that_says_blocked_is_a_spell() -> None:
    (spell,) = blocked_spells(items_of(ISSUES, CHANGES), {}, MARCH, APRIL)
    assert (spell.key, spell.from_, spell.to, spell.why) == ("X5", at("03-09 15:00"), at("03-11 15:00"), "Blocked")
    half = blocked([spell], at("03-10 15:00"), APRIL)
    assert (half.items, half.days, half.now_keys) == (1, 1.0, ())


def test_spells_before_the_window_do_not_count() -> None:
    assert blocked_spells(items_of(ISSUES, CHANGES), {}, at("03-12"), APRIL) == ()


@pytest.mark.parametrize(("now", "days"), [("03-08 12:00", None), ("03-09 12:00", 5), ("03-10 13:00", 6)])
def test_an_item_that_nothing_happens_to_is_stalled(now: str, days: int | None) -> None:
    items = started("A", "03-02", ("03-04 12:00", "Review"))
    stalleds = stalled(items, (), at(now))
    assert [each.days for each in stalleds] == ([] if days is None else [days])


def test_any_change_ends_the_stall_and_a_blocked_item_is_not_stalled() -> None:
    begun = Issue("A", status="In Progress", category=Category.IN_PROGRESS, created=at("03-01"))
    moved = moves("A", ("", "To Do"), ("03-02", "In Progress"))

    def still(*days: str, until: str = "03-12", shut: Sequence[str] = ()) -> list[datetime]:
        other = [Change("A", at(when), "points", "1", "2") for when in days]
        items = build_items([begun], [*moved, *other], HistoryRules(), CALENDAR, at(until))
        return [each.since for each in stalled(items, shut, at(until))]

    assert still() == [at("03-02")]
    assert still("03-11") == []
    assert still("03-11", until="03-18") == [at("03-11")]
    # What comes later is not known yet.
    assert still("03-13") == [at("03-02")]
    assert still("03-05", "03-13") == [at("03-05")]
    assert still(shut=["A"]) == []


def test_a_history_that_begins_with_a_cleared_flag_had_it_from_creation() -> None:
    cleared = Change("A", at("03-06 00:00"), "flagged", "Impediment", "")
    (spell,) = blocked_spells(started("A", "03-04 00:00"), flag_changes([cleared]), MARCH, APRIL)
    assert (spell.from_.date(), spell.days) == (day("03-04"), 2.0)


LABELLED = [
    Change("A", at("03-03 12:00"), "labels", "", "waiting"),
    Change("A", at("03-05 12:00"), "labels", "waiting", ""),
]


def test_a_rule_of_the_team_s_own_says_what_is_blocked() -> None:
    """In progress from the 2nd at noon, the label from the 3rd to the 5th: two days. "On ice" is its status from the
    6th on; the flag counts only where the rule names it."""
    item = Issue("A", status="On ice", category=Category.IN_PROGRESS, created=at("03-01 12:00"))
    changes = [
        *moves("A", ("", "To Do"), ("03-02 12:00", "In Progress"), ("03-06 12:00", "On ice")),
        *LABELLED,
        Change("A", at("03-02 13:00"), "flagged", None, "Impediment"),
    ]
    known = facts([item], changes)
    rule = blocked_rule("label=waiting; status=On ice")
    flow = analysis(known, as_of=day("03-10"), blocked_by=rule).flow
    assert isinstance(flow, Flow)
    assert [(each.why, each.from_, each.to) for each in flow.blocked_spells] == [
        ("label=waiting", at("03-03 12:00"), at("03-05 12:00")),
        ("status=On ice", at("03-06 12:00"), None),
    ]
    assert flow.blocked.now_keys == ("A",)
    flagged = analysis(known, as_of=day("03-10"), blocked_by=blocked_rule("flagged; label=waiting")).flow
    assert isinstance(flagged, Flow)
    # What holds at once is one spell.
    assert [(each.why, each.from_, each.to) for each in flagged.blocked_spells] == [("flag", at("03-02 13:00"), None)]


def test_of_a_field_whose_past_nobody_tells_only_the_present_counts() -> None:
    item = Issue("A", status="In Progress", category=Category.IN_PROGRESS, created=at("03-01"),
                 extras={"Linked issues (is blocked by)": "B-7"})  # fmt: skip
    changes = moves("A", ("", "To Do"), ("03-02 12:00", "In Progress"))
    rule = blocked_rule("Linked issues (is blocked by)!=")
    flow = analysis(facts([item], changes), blocked_by=rule).flow
    assert isinstance(flow, Flow)
    assert (flow.blocked_spells, flow.blocked.now_keys) == ((), ("A",))


def test_when_work_is_stale_is_a_setting_and_so_is_the_limit_of_work_in_progress() -> None:
    item = Issue("A", status="In Progress", category=Category.IN_PROGRESS, created=at("03-01"))
    known = facts([item], moves("A", ("", "To Do"), ("03-02 12:00", "In Progress")))
    flows = {days: analysis(known, as_of=day("03-10"), stale_days=days, wip_limit=3).flow for days in (7, 8)}
    assert [len(each.stalled) for each in flows.values() if isinstance(each, Flow)] == [1, 0]
    assert all(each.wip.limit == 3 for each in flows.values() if isinstance(each, Flow))


def test_nothing_said_is_the_usual_rule_and_what_is_no_condition_is_refused() -> None:
    assert blocked_rule(" ; ") is None
    with pytest.raises(NotACondition):
        blocked_rule("blocked somehow")
