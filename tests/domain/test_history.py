import gc
import weakref
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.history import HistoryRules, build_items, earlier_items, placed_statuses
from app.domain.items import Item
from store.records import Category, Change, Issue
from tests.domain.build import CALENDAR, analysis, at, day, done, facts, issue, items_of, moves
from tests.domain.strategies import STATUSES, histories, loose_issues


def only(items: tuple[Item, ...]) -> Item:
    (item,) = items
    return item


def test_without_a_history_created_enters_the_scope_and_resolved_finishes() -> None:
    item = only(items_of([done("A", created=at("03-02"), resolved=at("03-05"))]))
    assert (item.entered, item.finished, item.done) == ((day("03-02"),), (day("03-05"),), day("03-05"))
    assert item.started is None
    assert item.category is Category.DONE


def test_items_of_one_day_and_size_share_what_says_so() -> None:
    first, second, whole = items_of(
        [issue("A", "03-02"), issue("B", "03-02"), replace(issue("C", "03-02"), points=3.0)]
    )
    assert first.entered is second.entered is whole.entered
    assert first.sizes is second.sizes
    assert whole.sizes == ((day("03-02"), 3.0),)


def test_a_plain_file_without_statuses_goes_by_its_dates() -> None:
    item = only(items_of([issue("A", "03-02", "03-05")]))
    assert item.done == day("03-05")
    assert item.category is Category.DONE


def test_what_is_done_by_another_sign_than_a_status_is_done_when_last_updated_else_when_created() -> None:
    updated, created = items_of(
        [
            Issue("A", category=Category.DONE, created=at("03-02"), updated=at("03-09")),
            Issue("B", category=Category.DONE, created=at("03-02")),
        ]
    )
    assert (updated.category, updated.done) == (Category.DONE, day("03-09"))
    assert (created.category, created.done) == (Category.DONE, day("03-02"))


def test_finished_before_created_enters_the_scope_when_it_was_finished() -> None:
    item = only(items_of([issue("A", "03-05", "03-04")]))
    assert (item.entered, item.finished) == ((day("03-04"),), (day("03-04"),))


def test_a_done_status_without_a_resolution_date_is_done_when_last_updated_else_when_created() -> None:
    updated, created = items_of(
        [done("A", created=at("03-02"), updated=at("03-09")), done("B", created=at("03-02"))],
    )
    assert updated.done == day("03-09")
    assert created.done == day("03-02")


def test_a_reopened_status_beside_an_old_resolution_date_was_reopened_when_last_updated() -> None:
    stale = issue("A", "03-02", "03-05", status="Reopened", category=Category.TODO, updated=at("03-10"))
    item = only(items_of([stale]))
    assert (item.finished, item.reopened, item.done) == ((day("03-05"),), (day("03-10"),), None)
    then = only(items_of([stale], known_until=at("03-08"), is_now=False))
    assert then.done == day("03-05")


def test_a_reopened_status_without_a_later_update_was_never_finished() -> None:
    item = only(items_of([issue("A", "03-02", "03-05", status="Reopened", category=Category.TODO)]))
    assert (item.finished, item.done) == ((), None)


def test_the_history_decides_when_there_is_one() -> None:
    changes = moves(
        "A", ("", "To Do"), ("03-03 10:00", "In Progress"), ("03-05 10:00", "Done"),
        ("03-06 10:00", "In Progress"), ("03-09 10:00", "Done"), ("03-10 10:00", "Closed"),
    )  # fmt: skip
    closed = Issue("A", status="Closed", category=Category.DONE, created=at("03-02"), resolved=at("03-10"))
    item = only(items_of([closed], changes))
    assert item.finished == (day("03-05"), day("03-09"))
    assert item.reopened == (day("03-06"),)
    assert item.started == at("03-03 10:00")
    assert item.done_at == at("03-09 10:00")
    assert [stay.status for stay in item.stays][:2] == ["To Do", "In Progress"]


def test_an_issue_that_went_straight_to_done_started_then() -> None:
    item = only(items_of([done("A", created=at("03-02"))], moves("A", ("", "To Do"), ("03-05 10:00", "Done"))))
    assert item.started == item.done_at == at("03-05 10:00")


def test_a_history_that_stops_short_of_the_present_status_is_continued() -> None:
    changes = moves("A", ("", "To Do"), ("03-03 10:00", "In Progress"))
    finished = only(items_of([done("A", created=at("03-02"), resolved=at("03-12"))], changes))
    assert finished.done == day("03-12")
    reopened = Issue("A", status="Reopened", created=at("03-02"), updated=at("03-11"))
    back = only(items_of([reopened], moves("A", ("", "To Do"), ("03-03 10:00", "Done"))))
    assert (back.finished, back.reopened) == ((day("03-03"),), (day("03-11"),))


def test_named_statuses_win_over_the_trackers_category() -> None:
    changes = moves("A", ("", "To Do"), ("03-03 10:00", "Verified"), ("03-05 10:00", "Released"))
    issue = Issue("A", status="Released", category=Category.IN_PROGRESS, created=at("03-02"))
    item = only(
        items_of([issue], changes, done_statuses=frozenset({"released"}), in_progress_statuses=frozenset({"verified"}))
    )
    assert item.done == day("03-05")
    assert item.started == at("03-03 10:00")


def test_statuses_that_only_a_history_names_are_told_by_their_names() -> None:
    changes = moves(
        "A", ("", "Open"), ("03-03 10:00", "Code Review"), ("03-04 10:00", "Selected for Development"),
        ("03-05 10:00", "Geschlossen"), ("03-06 10:00", "Backlog"),
    )  # fmt: skip
    item = only(items_of([Issue("A", status="Backlog", created=at("03-02"))], changes))
    categories = [stay.category.value for stay in item.stays]
    assert categories == ["todo", "in_progress", "todo", "done", "todo"]


def test_what_came_after_the_day_asked_for_is_not_known() -> None:
    changes = moves("A", ("", "To Do"), ("03-03 10:00", "In Progress"), ("03-05 10:00", "Done"))
    item = only(items_of([done("A", created=at("03-02"))], changes, known_until=at("03-04"), is_now=False))
    assert (item.finished, item.status, item.category) == ((), "In Progress", Category.IN_PROGRESS)
    assert items_of([done("A", created=at("03-02"))], changes, known_until=at("03-01"), is_now=False) == ()


def test_the_present_status_says_nothing_of_a_day_before_the_last_update() -> None:
    issue = Issue("A", status="In Progress", category=Category.IN_PROGRESS, created=at("03-02"), updated=at("03-10"))
    then = only(items_of([issue], known_until=at("03-05"), is_now=False))
    later = only(items_of([issue], known_until=at("03-11"), is_now=False))
    assert (then.category, later.category) == (Category.TODO, Category.IN_PROGRESS)


def test_an_issue_that_left_the_query_leaves_the_scope_that_day_and_not_before() -> None:
    gone = issue("A", "03-02", in_query=False, left_query=at("03-10"))
    assert only(items_of([gone])).left == (day("03-10"),)
    assert only(items_of([gone], known_until=at("03-05"), is_now=False)).left == ()


def test_an_issue_that_was_never_in_the_query_and_an_excluded_project_never_count() -> None:
    kept = items_of(
        [issue("A-1", "03-02"), issue("A-2", "03-02", in_query=False), issue("OPS-1", "03-02")],
        excluded_projects=frozenset({"ops"}),
    )
    assert [item.issue.key for item in kept] == ["A-1"]


def test_an_issue_without_any_date_was_there_from_the_beginning_of_the_query() -> None:
    undated, _ = items_of([Issue("A"), issue("B", "03-02")])
    assert undated.entered == (day("03-02"),)


@pytest.mark.parametrize("dated", ["created", "started", "resolved", "updated"])
def test_where_only_other_dates_are_known_the_oldest_of_them_is_the_beginning(dated: str) -> None:
    """Such items were put at 1970, and the chart began there."""
    undated, _, _ = items_of(
        [
            Issue("A"),
            Issue("B", updated=at("03-09")),
            Issue("C", **(dict[str, Any](updated=at("03-09")) | {dated: at("03-03")})),
        ]
    )
    assert undated.entered == (day("03-03"),)


def test_a_change_dates_the_beginning_as_well() -> None:
    undated, _ = items_of([Issue("A"), Issue("B", status="Doing")], moves("B", ("", "To Do"), ("03-04", "Doing")))
    assert undated.entered == (day("03-04"),)


def test_where_nothing_is_dated_at_all_the_import_is_the_beginning() -> None:
    assert only(items_of([Issue("A")], imported=at("03-05"))).entered == (day("03-05"),)
    assert only(analysis(facts([Issue("A")])).items).entered == (day("01-01"),)


@pytest.mark.parametrize(
    ("status", "resolution"), [("Done", "Won't Do"), ("Closed", "DUPLICATE"), ("Canceled", ""), ("Removed", "")]
)
def test_work_that_was_given_up_leaves_the_scope_and_is_not_finished(status: str, resolution: str) -> None:
    gone = Issue(
        "A", status=status, category=Category.DONE, created=at("03-02"), resolved=at("03-05"), resolution=resolution
    )
    item = only(items_of([gone]))
    assert (item.entered, item.left, item.finished, item.done) == ((day("03-02"),), (day("03-05"),), (), None)
    assert not item.in_scope
    as_done = only(items_of([gone], given_up_is_done=True))
    assert (as_done.left, as_done.done) == ((), day("03-05"))


def test_work_that_was_given_up_was_open_before_that_by_its_history() -> None:
    gone = Issue("A", status="Cancelled", category=Category.DONE, created=at("03-02"), updated=at("03-20"))
    changes = moves("A", ("", "To Do"), ("03-04", "Doing"), ("03-09", "Cancelled"))
    assert only(items_of([gone], changes)).left == (day("03-09"),)
    before = only(items_of([gone], changes, known_until=at("03-08"), is_now=False))
    assert (before.in_scope, before.category) == (True, Category.IN_PROGRESS)


def test_a_resolution_that_is_left_over_from_before_gives_nothing_up() -> None:
    reopened = Issue("A", status="Doing", category=Category.IN_PROGRESS, created=at("03-02"), resolution="Duplicate")
    assert only(items_of([reopened])).in_scope


def test_work_that_came_back_after_it_was_given_up_and_was_done_is_done() -> None:
    issue = Issue("A", status="Done", category=Category.DONE, created=at("03-02"), resolution="Done")
    item = only(
        items_of([issue], moves("A", ("", "To Do"), ("03-04", "Canceled"), ("03-05", "Doing"), ("03-09", "Done")))
    )
    assert (item.left, item.done) == ((), day("03-09"))


def test_a_history_whose_beginning_is_missing_tells_no_start() -> None:
    """What came before the first change that is known was taken for the whole time since the creation."""
    cut = Issue(
        "A", status="Done", category=Category.DONE, created=at("03-02"), extras={"history_cut": True}
    )  # fmt: skip
    item = only(items_of([cut], moves("A", ("", "Doing"), ("03-09", "Done"))))
    assert (item.done, item.started) == (day("03-09"), None)
    assert [stay.status for stay in item.stays] == ["Done"]
    named = only(items_of([replace(cut, started=at("03-05"))], moves("A", ("", "Doing"), ("03-09", "Done"))))
    assert named.started == at("03-05")


def test_a_whole_history_without_a_status_tells_that_it_was_in_the_present_one_all_the_time() -> None:
    """Created in progress and never moved: the work began with the creation, and not with what was changed last."""
    issue = Issue("A", status="Doing", category=Category.IN_PROGRESS, created=at("03-02"), updated=at("04-20"))
    whole = replace(issue, extras={"history_whole": True})
    for until, is_now in ((at("03-10"), False), (at("05-01"), True)):
        item = only(items_of([whole], known_until=until, is_now=is_now))
        assert (item.started, item.status, item.category) == (at("03-02"), "Doing", Category.IN_PROGRESS)
    # Of one without a history only the present is known.
    past = only(items_of([issue], known_until=at("03-10"), is_now=False))
    assert (past.started, past.category) == (None, Category.TODO)


def test_points_are_valid_from_the_day_they_were_estimated() -> None:
    changes = [Change("A", at("03-05 10:00"), "points", None, "3"), Change("A", at("03-06 10:00"), "points", "3", "5")]
    item = only(items_of([issue("A", "03-02", points=5.0)], changes))
    assert item.sizes == ((day("03-02"), None), (day("03-05"), 3.0), (day("03-06"), 5.0))
    assert [item.points_on(day(text)) for text in ("03-01", "03-04", "03-05", "03-20")] == [None, None, 3.0, 5.0]


def test_the_mapped_points_field_and_a_later_estimate_are_read_too() -> None:
    changes = [Change("A", at("03-05 10:00"), "customfield_10016", "2", "nonsense")]
    each = issue("A", "03-02", points=8.0, updated=at("03-09"))
    item = only(analysis(facts([each], changes, jira_config={"points_field": "customfield_10016"})).items)
    assert item.sizes == ((day("03-02"), 2.0), (day("03-05"), None), (day("03-09"), 8.0))


def _as_it_stood(issue: Issue, changes: list[Change], cut: datetime) -> tuple[Issue, list[Change]]:
    """The issue and its history as a tracker gave them at `cut`, before anything later had happened."""
    known = [change for change in changes if change.issue_key == issue.key and change.at < cut]
    later = [change for change in changes if change.issue_key == issue.key and change.at >= cut]
    status = next((change.from_value for change in later if change.field == "status"), issue.status) or ""
    points = next((change.from_value for change in later if change.field == "points"), issue.points)
    left = issue.left_query if issue.left_query is not None and issue.left_query < cut else None
    stood = replace(
        issue,
        status=status,
        category=STATUSES[status],
        points=None if points is None else float(points),
        updated=known[-1].at if known else issue.created,
        left_query=left,
        in_query=left is None,
    )
    return stood, known


@given(histories(), st.integers(1, 58))
def test_appending_later_events_does_not_change_what_was_known(
    history: tuple[list[Issue], list[Change]], length: int
) -> None:
    cut = at("03-01 00:00") + timedelta(days=length)
    issues, changes = history
    stood = [_as_it_stood(each, changes, cut) for each in issues if each.created is not None and each.created < cut]
    then = items_of([issue for issue, _ in stood], [change for _, known in stood for change in known], cut)
    now = items_of(issues, changes, cut, is_now=False)
    for before, after in zip(then, now, strict=True):
        assert replace(before, issue=after.issue, stays=(), status="") == replace(after, stays=(), status="")


@given(
    st.one_of(histories(), loose_issues()),
    st.integers(0, 60 * 24).map(lambda hours: at("03-01 00:00") + timedelta(hours=hours)),
    st.integers(0, 14 * 24),
    st.booleans(),
)
def test_items_at_an_earlier_instant_are_the_same_whether_built_or_taken_from_later_ones(
    history: tuple[list[Issue], list[Change]], later: datetime, hours: int, is_now: bool
) -> None:
    issues, changes = history
    earlier, rules = later - timedelta(hours=hours), HistoryRules()
    known = items_of(issues, changes, later, is_now=is_now)
    items = earlier_items(known, later, issues, changes, rules, CALENDAR, earlier, is_now)
    assert items == items_of(issues, changes, earlier, is_now=is_now)


@pytest.mark.parametrize(
    "moved",
    [
        Issue("A", created=at("03-09")),
        Issue("A", created=at("03-02"), started=at("03-09")),
        issue("A", "03-02", "03-09"),
        done("A", created=at("03-02"), updated=at("03-09")),
        Issue("A", created=at("03-02"), in_query=False, left_query=at("03-09")),
        # Without a date it came with the query, which begins in between.
        Issue("A"),
    ],
)
def test_every_date_of_an_issue_can_make_it_another_item_at_an_earlier_instant(moved: Issue) -> None:
    issues = [moved, Issue("B", created=at("03-09"))]
    known = items_of(issues, known_until=at("03-12"))
    items = earlier_items(known, at("03-12"), issues, [], HistoryRules(), CALENDAR, at("03-06"))
    assert items == items_of(issues, known_until=at("03-06"))
    assert items != known[:1]


def test_an_issue_that_nothing_happened_to_in_between_is_not_built_anew() -> None:
    issues = [
        done("A", created=at("03-02"), resolved=at("03-05")),
        Issue("B", created=at("03-02"), updated=at("03-11")),
    ]
    known = items_of(issues, known_until=at("03-12"))
    quiet, moved = earlier_items(known, at("03-12"), issues, [], HistoryRules(), CALENDAR, at("03-06"))
    assert quiet is known[0]
    assert moved is not known[1]


def test_a_status_that_counts_as_to_do_is_no_start_whatever_the_tracker_says() -> None:
    selected = issue("A", "03-02", status="Selected", category=Category.IN_PROGRESS)
    changes = moves("A", ("", "To Do"), ("03-04", "Selected"))
    assert only(items_of([selected], changes)).started == at("03-04")
    named = only(items_of([selected], changes, todo_statuses=frozenset({"selected"})))
    assert (named.started, named.category) == (None, Category.TODO)


def test_every_status_that_is_or_was_is_known_with_what_it_counts_as() -> None:
    each = issue("A", "03-02", status="Shipped", category=Category.DONE)
    changes = moves("A", ("", "Backlog"), ("03-04", "In Review"), ("03-06", "Shipped"))
    categories = analysis(facts([each], changes), in_progress_statuses=frozenset({"backlog"})).status_categories
    assert categories == {
        "Backlog": Category.IN_PROGRESS,
        "In Review": Category.IN_PROGRESS,
        "Shipped": Category.DONE,
    }


class Issues(list[Issue]):
    """Issues that can be watched."""


def test_building_items_keeps_no_circle_that_holds_all_issues() -> None:
    issues = Issues([done("A", created=at("03-02"), resolved=at("03-05"))])
    result = weakref.ref(issues)
    gc.disable()
    try:
        build_items(issues, [], HistoryRules(), CALENDAR, at("03-09"))
        placed_statuses(issues, [], HistoryRules())
        del issues
        assert result() is None
    finally:
        gc.enable()
