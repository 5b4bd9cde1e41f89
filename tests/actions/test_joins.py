"""A team moved to another tracker: both lists as one history, whatever comes in later, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.actions import deleted, jira, joins, projects
from app.actions.files import import_file
from app.context import Context, earlier_lists
from app.domain.extras import EARLIER_KEY
from app.domain.items import Item
from app.domain.missing import NotEnoughData
from app.errors import BadInput
from app.views.columns import Listed, matching
from store.documents import is_archived, joined_into
from store.records import Profile, Query, QueryFacts, QueryRef
from tests.domain.build import day
from tests.jira.world import NOON, REF, world
from tests.memory_backend import MemoryBackend
from tests.pages.sample import NOW, ImmediateJobs, empty_context

OLD = "Key,Summary,Status,Created,Resolved\n" + "".join(
    f"OLD-{n},Title {n},{'Closed' if n < 7 else 'Open'},2025-0{n}-05,{f'2025-0{n}-20' if n < 7 else ''}\n"
    for n in range(1, 9)
)
NEW_HEAD = "ID,Title,Status,Created,Completed,Original key\n"


def new_file(*done: int, title: str = "Title") -> bytes:
    rows = (
        f"LIN-{10 + n},{title} {n},{'Done' if n < 7 or n in done else 'Todo'},2026-03-02,"
        f"{'2026-03-02' if n < 7 else '2026-03-20' if n in done else ''},OLD-{n}\n"
        for n in range(1, 8)
    )
    return (NEW_HEAD + "".join(rows)).encode()


@pytest.fixture
def ctx() -> Context:
    result = empty_context()
    result.backend.save_profile(Profile("p", "Team", NOW, NOW, forecast_settings={"time_zone": "UTC"}))
    return result


@pytest.fixture
def lists(ctx: Context) -> tuple[QueryRef, QueryRef]:
    old = import_file(ctx, OLD.encode(), "old.csv", profile_id="p", query_name="Before").ref
    return old, import_file(ctx, new_file(), "new.csv", profile_id="p", query_name="Now").ref


def items(ctx: Context, ref: QueryRef) -> dict[str, Item]:
    return {item.issue.key: item for item in ctx.analysis(ref).items}


def remaining(ctx: Context, ref: QueryRef) -> float:
    scope = ctx.analysis(ref).scope
    assert not isinstance(scope, NotEnoughData)
    return scope.remaining


def facts(ctx: Context, ref: QueryRef) -> QueryFacts:
    """As they are kept, whatever the moment of the last change."""
    kept = ctx.backend.load_facts(ref)
    return replace(kept, query=replace(kept.query, revision=0, last_used=NOW), forecasts=())


def test_it_is_shown_before_anything_is_written(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    old, new = lists
    stands = facts(ctx, old), facts(ctx, new)
    (offer,) = joins.offers(ctx, "p")
    assert (offer.earlier.name, offer.later.name) == ("Before", "Now")
    assert offer.matches.by_rule == {"noted": 7}
    assert (offer.matches.only_old, offer.leaving) == (("OLD-8",), ("OLD-8",))
    assert stands == (facts(ctx, old), facts(ctx, new))


def test_a_further_visit_looks_at_no_issue_again_until_something_changes(
    ctx: Context, lists: tuple[QueryRef, QueryRef]
) -> None:
    loads: list[QueryRef] = []
    backend, load = ctx.backend, ctx.backend.load_facts
    assert isinstance(backend, MemoryBackend)
    backend.load_facts = lambda ref: loads.append(ref) or load(ref)  # type: ignore[method-assign,func-returns-value]

    def looks() -> bool:
        """Whether a visit looks at the issues; what it offers is the same as without anything kept."""
        loads.clear()
        offers = joins.offers(ctx, "p")
        has_looked = bool(loads)
        ctx.forget_analyses()
        assert joins.offers(ctx, "p") == offers
        return has_looked

    assert looks()
    assert not looks()
    import_file(ctx, new_file(7), "next.csv", profile_id="p", query_name="Now")
    assert looks()
    assert not looks()
    ctx.change_query(lists[0], lambda query: replace(query, name="Long before"))
    assert looks()
    assert joins.offers(ctx, "p")[0].earlier.name == "Long before"
    ctx.change_profile(lists[0], lambda profile: replace(profile, forecast_settings={"time_zone": "Asia/Tokyo"}))
    assert looks()
    joins.keep_apart(ctx, *lists)
    assert looks()
    assert joins.offers(ctx, "p") == []
    joins.keep_apart(ctx, *lists, apart=False)
    assert looks()
    third = import_file(ctx, OLD.replace("OLD", "ODD").encode(), "odd.csv", profile_id="p", query_name="Third")
    assert looks()
    assert not looks()
    projects.archive(ctx, third.ref)
    assert looks()


def test_joined_each_issue_is_once_there_with_its_old_days(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    old, new = lists
    assert len(items(ctx, new)) == 7
    joins.join(ctx, old, new)
    both = items(ctx, new)
    assert sorted(both) == [*(f"LIN-{n}" for n in range(11, 18)), "OLD-8"]
    assert (both["LIN-11"].entered, both["LIN-11"].done) == ((day("01-05", 2025),), day("01-20", 2025))
    assert both["OLD-8"].left == (day("03-02"),)
    assert remaining(ctx, new) == 1
    earlier = ctx.backend.get_query(old)
    assert earlier is not None
    assert is_archived(earlier)
    assert joins.offers(ctx, "p") == []
    assert [(each.earlier.name, each.later.name) for each in joins.joined_lists(ctx, "p")] == [("Before", "Now")]


def test_another_time_zone_joins_the_histories_anew_and_nothing_else_does(
    ctx: Context, lists: tuple[QueryRef, QueryRef]
) -> None:
    joins.join(ctx, *lists)
    part = projects.new_part(ctx, lists[1], "Part", ("status=Todo",))
    for ref in (lists[1], part):
        before = ctx.analysis(ref).facts
        ctx.change_profile(lists[1], lambda profile: with_settings_of(profile, window=6))
        assert ctx.analysis(ref).facts.issues is before.issues
        ctx.change_profile(lists[1], lambda profile: with_settings_of(profile, time_zone="Pacific/Kiritimati"))
        after = ctx.analysis(ref).facts
        assert after.issues is not before.issues
        ctx.forget_analyses()
        assert ctx.analysis(ref).facts.issues == after.issues
        ctx.change_profile(lists[1], lambda profile: with_settings_of(profile, time_zone="UTC"))


def with_settings_of(profile: Profile, **settings: Any) -> Profile:
    return replace(profile, forecast_settings={**profile.forecast_settings, **settings})


def test_the_old_key_finds_the_issue(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    joins.join(ctx, *lists)
    rows = [Listed(item, 1, "") for item in ctx.analysis(lists[1]).items]
    assert [row.item.issue.key for row in matching(rows, "old-3")] == ["LIN-13"]
    assert items(ctx, lists[1])["LIN-13"].issue.extras[EARLIER_KEY] == "OLD-3"


def test_the_next_export_updates_the_joined_issues_and_takes_nothing_of_before(
    ctx: Context, lists: tuple[QueryRef, QueryRef]
) -> None:
    old, new = lists
    joins.join(ctx, old, new)
    import_file(ctx, new_file(7, title="Renamed"), "next.csv", profile_id="p", query_name="Now")
    both = items(ctx, new)
    assert both["LIN-17"].done == day("03-20")
    assert both["LIN-17"].entered == (day("07-05", 2025),)
    assert both["LIN-11"].done == day("01-20", 2025)
    assert both["LIN-11"].issue.summary == "Renamed 1"
    assert len(both) == 8


def test_an_export_without_a_name_does_not_go_into_the_earlier_list(
    ctx: Context, lists: tuple[QueryRef, QueryRef]
) -> None:
    old, new = lists
    joins.join(ctx, old, new)
    assert import_file(ctx, OLD.encode(), "old.csv", profile_id="p").ref not in lists
    with pytest.raises(BadInput, match="goes on in another work list"):
        import_file(ctx, OLD.encode(), "old.csv", profile_id="p", query_name="Before")


@pytest.mark.parametrize("way", ["undo", "part"])
def test_taken_back_both_are_as_they_were(ctx: Context, lists: tuple[QueryRef, QueryRef], way: str) -> None:
    old, new = lists
    stands = facts(ctx, old), facts(ctx, new)
    before = remaining(ctx, new)
    joins.join(ctx, old, new)
    (waiting,) = (each for each in deleted.undoable(ctx) if each.what == "joining of Before with Now")
    if way == "undo":
        assert deleted.take_back(ctx, waiting.id) == old
    else:
        assert joins.part(ctx, old) == new
    after = facts(ctx, old), facts(ctx, new)
    assert [each.issues for each in after] == [each.issues for each in stands]
    assert [each.changes for each in after] == [each.changes for each in stands]
    assert [each.query.extras for each in after] == [{}, {}]
    assert len(items(ctx, new)) == 7
    assert remaining(ctx, new) == before
    assert len(joins.offers(ctx, "p")) == 1


def test_what_came_in_since_stays_when_the_join_is_taken_back(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    old, new = lists
    joins.join(ctx, old, new)
    import_file(ctx, new_file(7), "next.csv", profile_id="p", query_name="Now")
    (waiting,) = (each for each in deleted.undoable(ctx) if each.what.startswith("joining"))
    deleted.take_back(ctx, waiting.id)
    assert items(ctx, new)["LIN-17"].done == day("03-20")
    assert items(ctx, old)["OLD-1"].done == day("01-20", 2025)


def test_kept_apart_it_is_not_offered_again(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    joins.keep_apart(ctx, *lists)
    assert joins.offers(ctx, "p") == []
    joins.keep_apart(ctx, *lists, apart=False)
    assert len(joins.offers(ctx, "p")) == 1


def test_the_earlier_list_cannot_go_while_its_history_is_in_use(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    old, new = lists
    joins.join(ctx, old, new)
    with pytest.raises(BadInput, match="would be lost there"):
        deleted.delete_work(ctx, old)
    with pytest.raises(BadInput, match="Keep them apart again first"):
        projects.archive(ctx, old, put_away=False)
    deleted.delete_work(ctx, new)
    projects.archive(ctx, old, put_away=False)
    query = ctx.backend.get_query(old)
    assert query is not None
    assert not joined_into(query)


def test_a_copy_of_the_project_has_the_same_history(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    joins.join(ctx, *lists)
    profile_id = projects.copy_project(ctx, "p").profile_id
    copied = items(ctx, QueryRef(profile_id, lists[1].query_id))
    assert copied["LIN-11"].done == day("01-20", 2025)
    assert sorted(copied) == sorted(items(ctx, lists[1]))
    assert len(items(ctx, projects.copy_work(ctx, lists[1]))) == 8


def test_a_part_of_the_later_list_sees_the_whole_history(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    part = projects.new_part(ctx, lists[1], "Done", ["status=Done"])
    before = ctx.work(part)[1].revision
    joins.join(ctx, *lists)
    assert ctx.work(part)[1].revision > before
    assert "OLD-8" in {issue.key for issue in ctx.analysis(part).facts.issues}


def test_two_lists_of_one_tracker_are_no_move(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    copy = import_file(ctx, OLD.encode(), "again.csv", profile_id="p", query_name="Again").ref
    assert {(each.earlier.name, each.later.name) for each in joins.offers(ctx, "p")} == {
        ("Before", "Now"),
        ("Again", "Now"),
    }
    elsewhere = import_file(ctx, OLD.encode(), "old.csv", profile_name="Other", query_name="Before").ref
    with pytest.raises(BadInput, match="in one project"):
        joins.previewed(ctx, copy, elsewhere)


def test_what_is_nowhere_the_same_is_refused(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    other = import_file(ctx, b"Key,Summary,Created\nZ-1,Else,2025-01-01\n", "z.csv", profile_id="p", query_name="Z").ref
    with pytest.raises(BadInput, match="No issue of Z is found in Now"):
        joins.join(ctx, other, lists[1])


def test_a_full_sync_of_the_new_tracker_takes_nothing_of_before() -> None:
    with world(count=4) as now:
        now.sync()
        ctx = Context(now.backend, ImmediateJobs(), Path("data folder"), now.clock)
        old = QueryRef(REF.profile_id, "old")
        now.backend.save_query(Query(*old, "Data Center", NOON, NOON, jql="project = ABC"))
        born = datetime(2025, 3, 3, 9, tzinfo=UTC)
        earlier = [replace(each, url="", created=born) for each in now.backend.list_issues(REF)]
        now.backend.upsert_issues(old, earlier)
        assert joins.join(ctx, old, REF).matches.by_rule == {"key": 4}
        assert jira.sync_refs(ctx, REF.profile_id) == [REF]
        entered = {item.entered for item in ctx.analysis(REF).items}
        assert entered == {(born.date(),)}
        # One is moved to another project there, and everything is fetched anew.
        now.jira.issues["10001"]["key"] = "XYZ-9"
        now.clock.on(hours=1)
        now.sync(full=True)
        both = items(ctx, REF)
        assert sorted(both) == ["ABC-2", "ABC-3", "ABC-4", "XYZ-9"]
        assert {item.entered for item in both.values()} == entered
        assert both["XYZ-9"].issue.extras[EARLIER_KEY] == "ABC-1"


def ring(ctx: Context, *refs: QueryRef) -> None:
    """Each goes on in the next one, and the last in the first: as a file says it that somebody has edited."""
    for at, ref in enumerate(refs):
        query = ctx.backend.get_query(ref)
        assert query is not None
        extras = {"joined_into": refs[(at + 1) % len(refs)].query_id, "earlier": [refs[at - 1].query_id]}
        ctx.backend.save_query(replace(query, extras=extras))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_lists_in_a_ring_have_their_own_history(ctx: Context, lists: tuple[QueryRef, QueryRef], count: int) -> None:
    third = import_file(ctx, new_file(), "third.csv", profile_id="p", query_name="Third").ref
    of = (lists[1], lists[0], third)[:count]
    alone = [sorted(items(ctx, ref)) for ref in of]
    ring(ctx, *of)
    ctx.forget_analyses()
    assert [sorted(items(ctx, ref)) for ref in of] == alone
    assert [ctx.record(ref) for ref in of] == [""] * count
    assert [bool(ctx.snapshots(ref)) for ref in of] == [True] * count
    assert joins.joined_lists(ctx, "p") == []
    projects.archive(ctx, lists[1], put_away=False)
    freed = ctx.backend.get_query(lists[1])
    assert freed is not None
    assert joined_into(freed) == ""


def test_what_went_into_a_ring_is_still_read_once(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    old, new = lists
    joins.join(ctx, old, new)
    later = ctx.backend.get_query(new)
    assert later is not None
    ctx.backend.save_query(
        replace(later, extras={"joined_into": new.query_id, "earlier": [new.query_id, *[old.query_id] * 5000]})
    )
    ctx.forget_analyses()
    assert sorted(items(ctx, new)) == [*(f"LIN-{n}" for n in range(11, 18)), "OLD-8"]
    assert [each.earlier.name for each in joins.joined_lists(ctx, "p")] == ["Before"]
    assert [each.id for each in earlier_lists(ctx.backend, later)] == [old.query_id]


def test_a_history_through_hundreds_of_trackers_comes_to_an_end(ctx: Context) -> None:
    for at in range(400):
        extras = {"joined_into": f"q{at + 1}"} | ({"earlier": [f"q{at - 1}"]} if at else {})
        ctx.backend.save_query(Query("p", f"q{at}", f"List {at}", NOW, NOW, extras=extras))
    last = Query("p", "q400", "Last", NOW, NOW, extras={"earlier": ["q399"]})
    ctx.backend.save_query(last)
    behind = [last]
    while near := earlier_lists(ctx.backend, behind[-1]):
        behind += near
    assert len(behind) == 51
    assert ctx.work(last.ref)[1].name == "Last"
