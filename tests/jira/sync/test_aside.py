"""A work list that asks another Jira: what was known before is kept, and can be joined."""

from __future__ import annotations

from pathlib import Path

from app.actions import joins
from app.context import Context
from scripts.fake_jira import FakeJira
from store.records import QueryRef
from tests.jira.world import REF, World, issues, world
from tests.pages.sample import ImmediateJobs


def numbered_anew(count: int, key: str = "ABC") -> list[dict[str, object]]:
    """The same issues as another Jira has them."""
    return [{**each, "id": str(50_000 + at), "key": f"{key}-{at}"} for at, each in enumerate(issues(count), 1)]


def lists(now: World) -> dict[str, QueryRef]:
    return {query.name: query.ref for query in now.backend.list_queries(REF.profile_id)}


def test_another_jira_takes_nothing_of_what_was_known_and_both_can_be_joined() -> None:
    with world(count=4) as before:
        before.sync()
        known = before.backend.list_issues(REF), before.backend.list_changes(REF)
        with FakeJira("cloud", numbered_anew(3), clock=before.clock) as cloud:
            now = World(cloud, before.clock, before.backend)
            (warning,) = now.sync().warnings
            assert "“All, before the move”" in warning
            kept = lists(now)["All, before the move"]
            assert (now.backend.list_issues(kept), now.backend.list_changes(kept)) == known
            assert [issue.key for issue in now.backend.list_issues(REF)] == ["ABC-1", "ABC-2", "ABC-3"]
            ctx = Context(now.backend, ImmediateJobs(), Path("data folder"), now.clock)
            (offer,) = joins.offers(ctx, REF.profile_id)
            assert (offer.earlier.name, offer.matches.by_rule) == ("All, before the move", {"key": 3})
            joins.join(ctx, kept, REF)
            now.sync(full=True)
            assert sorted(item.issue.key for item in ctx.analysis(REF).items) == ["ABC-1", "ABC-2", "ABC-3", "ABC-4"]
            assert len(lists(now)) == 2


def test_another_address_of_the_same_jira_keeps_nothing_aside() -> None:
    with world(count=4) as before:
        before.sync()
        with FakeJira("cloud", issues(4), clock=before.clock) as moved:
            now = World(moved, before.clock, before.backend)
            assert now.sync().warnings == ()
            assert list(lists(now)) == ["All"]


def test_a_renamed_project_in_another_jira_is_one_history_too() -> None:
    with world(count=4) as before:
        before.sync()
        with FakeJira("cloud", numbered_anew(4, "NEW"), clock=before.clock) as cloud:
            now = World(cloud, before.clock, before.backend)
            query = now.backend.get_query(REF)
            assert query is not None
            now.sync()
            ctx = Context(now.backend, ImmediateJobs(), Path("data folder"), now.clock)
            (offer,) = joins.offers(ctx, REF.profile_id)
            assert len(offer.matches.pairs) == 4
