from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.errors import Cancelled
from app.jira.errors import BadAnswer, ExpiredToken, NothingFound, Unreachable, WrongToken
from app.jira.http.transport import Limits, Transport
from app.jira.mapping import remapping
from app.jira.mapping.remapping import can_remap, change_mapping, mapping_of
from app.jira.sync.staging import clean_up, load_cursor, load_synced
from app.jira.sync.sync import sync
from app.settings import cache_lifetime, changed
from scripts.fake_jira import FIELDS, POINTS, TOKEN, history_entry, log, sprint_json
from store.documents import sync_note_of
from store.errors import DiskFull, UnknownQuery
from store.records import CachedChangelog, CachedPage, Category, Change, Issue, Query, QueryRef
from tests.jira.world import NOON, QUICK, REF, Steps, World, client, issues, world
from tests.memory_backend import MemoryBackend

FLAVOURS = pytest.mark.parametrize("flavour", ["cloud", "data-center"])


def _keys(here: World, in_query: bool = True) -> set[str]:
    return {issue.key for issue in here.backend.list_issues(REF) if issue.in_query is in_query}


def _brought(here: World) -> tuple[int, int, int] | None:
    note = sync_note_of(here.backend.get_project_data(REF))
    return note.brought if note is not None else None


def query_of(here: World) -> Query:
    query = here.backend.get_query(REF)
    assert query is not None
    return query


@FLAVOURS
def test_the_first_sync_brings_every_issue_with_points_sprint_and_history(flavour: str) -> None:
    with world(flavour) as here:
        here.clock.on(hours=1)
        here.jira.set_status("10002", "In Progress")
        here.jira.set_points("10002", 5)
        result = here.sync()
        assert (result.mode, result.fetched, result.changed, result.removed) == ("full", 7, 7, 0)
        assert _brought(here) == (7, 0, 0)
        assert result.issue_changes == 2
        stored = {issue.key: issue for issue in here.backend.list_issues(REF)}
        assert len(stored) == 7
        assert stored["ABC-2"].points == 5
        assert stored["ABC-2"].category is Category.IN_PROGRESS
        assert stored["ABC-2"].sprints == ("Sprint 20, team A",)
        assert stored["ABC-1"].points == 1
        at = NOON + timedelta(hours=1)
        assert here.backend.list_changes(REF) == [
            Change("ABC-2", at, "status", "To Do", "In Progress"),
            Change("ABC-2", at, "points", None, "5"),
        ]
        (sprint,) = here.backend.list_sprints(REF)
        assert (sprint.name, sprint.state, sprint.source_id) == ("Sprint 20, team A", "active", "20")


@FLAVOURS
def test_a_delta_fetches_only_what_was_updated_since_and_with_the_same_fields(flavour: str) -> None:
    with world(flavour) as here:
        here.sync()
        here.clock.on(hours=2)
        here.jira.set_points("10003", 8)
        result = here.sync()
        assert (result.mode, result.fetched, result.changed, result.issue_changes) == ("delta", 1, 1, 1)
        assert {issue.key: issue.points for issue in here.backend.list_issues(REF)}["ABC-3"] == 8


@FLAVOURS
def test_a_delta_reads_of_all_that_is_stored_only_what_came_and_what_is_gone(
    flavour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Collection[str] | None] = []
    list_issues = MemoryBackend.list_issues

    def noting(backend: MemoryBackend, ref: QueryRef, keys: Collection[str] | None = None) -> list[Issue]:
        read.append(keys)
        return list_issues(backend, ref, keys)

    with world(flavour) as here:
        here.sync()
        here.clock.on(hours=2)
        here.jira.set_points("10003", 8)
        here.jira.delete("10001")
        monkeypatch.setattr(MemoryBackend, "list_issues", noting)
        result = here.sync()
    assert (result.mode, result.changed, result.removed) == ("delta", 1, 1)
    assert [keys and set(keys) for keys in read] == [{"ABC-3"}, {"ABC-1"}]


@FLAVOURS
def test_a_change_within_the_overlap_before_the_last_sync_is_not_missed(flavour: str) -> None:
    with world(flavour) as here:
        here.clock.on(hours=1)
        here.sync()
        here.clock.on(minutes=-4)
        here.jira.set_status("10001", "Done")
        here.clock.on(minutes=10)
        here.sync()
        assert next(issue for issue in here.backend.list_issues(REF) if issue.key == "ABC-1").status == "Done"


@FLAVOURS
@pytest.mark.parametrize(("zone", "server_zone"), [("America/New_York", "Asia/Tokyo"), ("Asia/Tokyo", "UTC")])
def test_the_zones_of_user_and_server_do_not_hide_a_change(flavour: str, zone: str, server_zone: str) -> None:
    with world(flavour, zone=zone, server_zone=server_zone) as here:
        here.sync()
        here.clock.on(minutes=30)
        here.jira.set_status("10004", "Done")
        here.clock.on(minutes=1)
        assert here.sync().changed == 1


@FLAVOURS
def test_an_issue_that_moves_keeps_its_history_under_the_new_key_only(flavour: str) -> None:
    with world(flavour) as here:
        here.backend.save_query(replace(query_of(here), jql="project in (ABC, XYZ)"))
        here.jira.set_status("10001", "In Progress")
        here.sync()
        here.clock.on(hours=1)
        here.jira.move("10001", "XYZ-9")
        assert here.sync().removed == 0
        assert _brought(here) == (0, 1, 0)
        assert "XYZ-9" in _keys(here)
        assert "ABC-1" not in _keys(here) | _keys(here, in_query=False)
        assert [change.issue_key for change in here.backend.list_changes(REF)] == ["XYZ-9"]


@FLAVOURS
def test_deleted_issues_and_those_that_left_are_kept_with_their_history_but_out_of_the_query(flavour: str) -> None:
    with world(flavour) as here:
        here.jira.set_status("10001", "Done")
        here.sync()
        here.clock.on(hours=1)
        here.jira.delete("10001")
        here.jira.move("10002", "XYZ-1")
        assert here.sync().removed == 2
        assert _brought(here) == (0, 0, 2)
        assert _keys(here, in_query=False) == {"ABC-1", "ABC-2"}
        gone = next(issue for issue in here.backend.list_issues(REF) if issue.key == "ABC-1")
        assert gone.left_query == NOON + timedelta(hours=1)
        assert [change.issue_key for change in here.backend.list_changes(REF)] == ["ABC-1"]


@FLAVOURS
def test_an_issue_that_comes_back_without_an_update_is_fetched_again(flavour: str) -> None:
    with world(flavour) as here:
        here.sync()
        here.clock.on(hours=1)
        kept = here.jira.issues["10005"]
        here.jira.delete("10005")
        here.sync()
        assert "ABC-5" not in _keys(here)
        here.jira.add(kept)
        here.clock.on(hours=1)
        here.sync()
        assert "ABC-5" in _keys(here)


@FLAVOURS
def test_until_a_cut_sync_is_completed_the_old_data_stays_as_it_was(flavour: str) -> None:
    with world(flavour, count=9) as here:
        here.sync()
        before, revision = here.backend.list_issues(REF), here.backend.revision(REF)
        here.clock.on(hours=1)
        for number in range(1, 10):
            here.jira.set_status(str(10_000 + number), "Done")
        with pytest.raises(Cancelled):
            here.sync(progress=Steps(cancel_at=4))
        assert here.backend.list_issues(REF) == before
        assert here.backend.revision(REF) == revision
        assert here.sync().mode == "delta"
        assert {issue.status for issue in here.backend.list_issues(REF)} == {"Done"}


@FLAVOURS
def test_a_cut_full_sync_goes_on_from_the_pages_it_has(flavour: str) -> None:
    with world(flavour, count=12) as here:
        with pytest.raises(Cancelled):
            here.sync(progress=Steps(cancel_at=6))
        cursor = load_cursor(here.backend, REF)
        assert cursor is not None
        # How far it came depends on what had arrived by then.
        kept = here.backend.list_pages(REF)
        assert cursor.run.pages == len(kept) in (2, 3)
        result = here.sync()
        assert (result.mode, result.fetched) == ("full", 12)
        # Only the others are asked for.
        pages = here.backend.list_pages(REF)
        assert all(page in pages for page in kept)
        assert sum(len(json.loads(page.response)["issues"]) for page in pages) == 12
        assert load_cursor(here.backend, REF) is None


@FLAVOURS
@pytest.mark.parametrize("at_once", [0.0, 60.0])
def test_what_a_server_brought_before_it_failed_is_kept_however_soon_it_answered(flavour: str, at_once: float) -> None:
    limits = replace(QUICK, at_once_seconds=at_once)
    with world(flavour, count=60) as here:
        here.jira.faults.expires_at = here.jira.requests + 22
        with pytest.raises(ExpiredToken):
            here.sync(limits=limits)
        kept = here.backend.list_pages(REF)
        assert kept
        here.jira.faults.expires_at = None
        assert here.sync(limits=limits).fetched == 60
        pages = here.backend.list_pages(REF)
        assert all(page in pages for page in kept)
        assert len(_keys(here)) == sum(len(json.loads(page.response)["issues"]) for page in pages) == 60


@FLAVOURS
def test_of_a_server_that_answers_at_once_five_pages_at_most_are_kept_together(
    flavour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Transport, "answers_at_once", lambda _: True)
    together: list[int] = []
    with world(flavour, count=60) as here:
        save_pages = here.backend.save_pages

        def noted(ref: QueryRef, pages: Iterable[CachedPage]) -> None:
            group = list(pages)
            together.append(len(group))
            save_pages(ref, group)

        monkeypatch.setattr(here.backend, "save_pages", noted)
        assert here.sync().fetched == 60
        assert together == [5, 5, 5, 5]
        kept = [json.loads(page.response)["issues"] for page in here.backend.list_pages(REF)]
        assert [len(page) for page in kept] == [3] * 20


@FLAVOURS
@pytest.mark.parametrize("at_once", [False, True])
def test_what_is_too_much_together_is_fetched_whole_however_soon_the_server_answers(
    flavour: str, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Transport, "answers_at_once", lambda _: at_once)

    def synced(limits: Limits) -> tuple[list[Issue], list[Change], int]:
        with world(flavour, count=45) as here:
            here.clock.on(hours=1)
            for number in range(10_001, 10_046):
                here.jira.set_status(str(number), "In Progress")
            assert here.sync(limits=limits).fetched == 45
            # Their addresses have the server's, which is another each time.
            asked_for = [json.loads(page.response)["issues"] for page in here.backend.list_pages(REF)]
            assert sum(map(len, asked_for)) == 45
            kept = sorted((replace(each, url="") for each in here.backend.list_issues(REF)), key=lambda each: each.key)
            changes = sorted(here.backend.list_changes(REF), key=lambda each: (each.issue_key, each.at))
            return kept, changes, here.jira.requests

    whole = synced(QUICK)
    narrow = synced(replace(QUICK, gathered_parts=1_000 if flavour == "cloud" else 400))
    assert narrow[:2] == whole[:2]
    assert len({change.issue_key for change in whole[1]}) == 45
    assert narrow[2] > whole[2]


def test_a_cut_sync_is_begun_anew_once_its_lifetime_is_over() -> None:
    with world(count=12) as here:
        with pytest.raises(Cancelled):
            here.sync(progress=Steps(cancel_at=6))
        here.clock.on(hours=24)
        here.sync()
        synced = load_synced(here.backend, REF)
        assert synced is not None
        assert [run.pages for run in synced.runs] == [4]


def test_a_cut_sync_within_its_lifetime_by_a_second_is_gone_on_with() -> None:
    with world(count=12) as here:
        with pytest.raises(Cancelled):
            here.sync(progress=Steps(cancel_at=6))
        kept = here.backend.list_pages(REF)
        here.clock.on(hours=24, seconds=-1)
        here.sync()
        pages = here.backend.list_pages(REF)
        assert len(kept) in (2, 3)
        assert len(pages) == 4
        assert all(page in pages for page in kept)


@FLAVOURS
def test_what_changed_between_a_cut_sync_and_the_one_that_goes_on_is_there_at_once(flavour: str) -> None:
    with world(flavour, count=12) as here:
        with pytest.raises(Cancelled):
            here.sync(progress=Steps(cancel_at=7))
        here.clock.on(hours=2)
        for number in range(1, 13):
            here.jira.set_status(str(10_000 + number), "Done")
        here.sync()
        assert {issue.status for issue in here.backend.list_issues(REF)} == {"Done"}


def test_an_answer_expires_when_the_profile_says_and_not_in_ten_years() -> None:
    with world(count=4) as here:
        here.clock.on(hours=1)
        here.jira.set_status("10002", "In Progress")
        here.sync(lifetime=timedelta(hours=5))
        stored: list[CachedPage | CachedChangelog] = [*here.backend.list_pages(REF)]
        stored += here.backend.list_changelogs(REF)
        assert len(stored) == 2 + 1
        assert {each.expires_at - each.created_at for each in stored} == {timedelta(hours=5)}


def test_a_page_that_expired_by_a_second_does_not_stand_in_for_asking_whatever_is_set_now() -> None:
    """The profile said one hour when the pages came, and says a day now."""
    for seconds, begins_anew in ((-1, False), (0, True)):
        with world(count=12) as here:
            with pytest.raises(Cancelled):
                here.sync(progress=Steps(cancel_at=6), lifetime=timedelta(hours=1))
            kept = here.backend.list_pages(REF)
            here.clock.on(hours=1, seconds=seconds)
            here.sync(lifetime=timedelta(hours=24))
            pages = here.backend.list_pages(REF)
            assert len(pages) == 4
            assert any(page in pages for page in kept) is not begins_anew


def test_cleaning_up_leaves_what_the_last_sync_names_and_takes_what_a_cut_one_left() -> None:
    with world(count=12) as here:
        here.clock.on(hours=1)
        here.jira.set_status("10002", "In Progress")
        here.sync()
        named = {page.cache_key for page in here.backend.list_pages(REF)}
        logs, issues = here.backend.list_changelogs(REF), here.backend.list_issues(REF)
        with pytest.raises(Cancelled):
            here.sync(full=True, progress=Steps(cancel_at=5))
        assert {page.cache_key for page in here.backend.list_pages(REF)} > named
        here.clock.on(hours=24, seconds=-1)
        assert clean_up(here.backend, here.clock()) == 0
        here.clock.on(seconds=1)
        assert clean_up(here.backend, here.clock()) > 0
        assert {page.cache_key for page in here.backend.list_pages(REF)} == named
        assert [log.issue_key for log in here.backend.list_changelogs(REF)] == [log.issue_key for log in logs]
        assert here.backend.list_issues(REF) == issues
        # The next sync goes on from what was completed, and another mapping can still be applied offline.
        assert here.sync().mode == "delta"
        assert can_remap(here.backend, REF)


def test_a_full_sync_takes_no_expired_answers_of_another_query_with_it() -> None:
    with world(count=3) as here:
        here.sync()
        other = QueryRef(REF.profile_id, "other")
        here.backend.save_query(Query(other.profile_id, other.query_id, "Other", here.clock(), here.clock()))
        here.backend.save_pages(other, here.backend.list_pages(REF))
        data = here.backend.get_project_data(REF)
        assert data is not None
        here.backend.save_project_data(other, data)
        here.clock.on(hours=48)
        here.sync(full=True)
        assert can_remap(here.backend, other)


class Crowded(MemoryBackend):
    """With room for everything but the removal of pages."""

    def cleanup_expired(self, now: datetime, named: Mapping[QueryRef, Collection[str]] | None = None) -> int:
        raise DiskFull("The disk is full. Nothing was changed; make room and try again.")


def test_a_sync_that_is_saved_is_not_called_refused_when_the_old_pages_cannot_be_removed() -> None:
    with world(count=3) as here:
        crowded = Crowded()
        for profile in here.backend.list_profiles():
            crowded.save_profile(profile)
            for query in here.backend.list_queries(profile.id):
                crowded.save_query(query)
        here.backend = crowded
        here.sync()
        assert here.sync(full=True).fetched == 3


@pytest.mark.parametrize(("hours", "asked_again"), [(1, 12), (2, 3)])
def test_the_profile_says_how_long_answers_stand_in_for_asking(hours: int, asked_again: int) -> None:
    with world(count=12) as here:
        profile = here.backend.get_profile(REF.profile_id)
        assert profile is not None
        lifetime = cache_lifetime(changed(profile, {"cache_hours": hours}))
        with pytest.raises(Cancelled):
            here.sync(progress=Steps(cancel_at=6), lifetime=lifetime)
        page = here.backend.list_pages(REF)[0]
        edited = here.jira.issues[json.loads(page.response)["issues"][0]["id"]]["fields"]
        edited["summary"] = "edited without a trace in the time of update"
        here.clock.on(hours=1)
        here.sync(lifetime=lifetime)
        kept = sum(len(json.loads(page.response)["issues"]) for page in here.backend.list_pages(REF))
        summaries = {issue.key: issue.summary for issue in here.backend.list_issues(REF)}
        assert (edited["summary"] in summaries.values()) is (asked_again == 12)
        assert kept == (12 if asked_again == 12 else 9 + asked_again)


def test_pages_of_a_cut_sync_that_is_not_gone_on_with_are_removed() -> None:
    with world(count=12) as here:
        here.sync()
        for number in range(1, 13):
            here.clock.on(minutes=10)
            here.jira.set_status(str(10_000 + number), "Done")
        with pytest.raises(Cancelled):
            here.sync(progress=Steps(cancel_at=4))
        assert len(here.backend.list_pages(REF)) > 4
        here.clock.on(hours=25)
        here.sync(full=True)
        assert len(here.backend.list_pages(REF)) == 4


@FLAVOURS
def test_a_lost_connection_is_told_and_the_next_sync_completes(flavour: str) -> None:
    with world(flavour, count=9) as here:
        here.jira.faults.fail_at = 8
        with pytest.raises(Unreachable, match="Check the address"):
            here.sync(limits=replace(QUICK, tries=1))
        here.sync()
        assert len(_keys(here)) == 9


def test_a_second_full_sync_leaves_no_pages_of_the_first() -> None:
    with world() as here:
        here.sync()
        here.clock.on(hours=1)
        here.sync(full=True)
        here.clock.on(hours=1)
        assert here.sync(full=True).mode == "full"
        assert len(here.backend.list_pages(REF)) == 3


def test_another_query_text_makes_the_next_sync_full_and_what_it_does_not_match_never_belonged() -> None:
    with world() as here:
        here.sync()
        here.clock.on(hours=1)
        here.backend.save_query(replace(query_of(here), jql="key in (ABC-1, ABC-2)"))
        result = here.sync()
        assert (result.mode, result.removed) == ("full", 5)
        left = [issue.left_query for issue in here.backend.list_issues(REF) if not issue.in_query]
        assert left == [None] * 5


def test_a_sync_that_finds_nothing_is_no_success_and_changes_nothing() -> None:
    with world() as here:
        here.sync()
        before = here.backend.list_issues(REF)
        here.clock.on(hours=1)
        for issue_id in list(here.jira.issues):
            here.jira.delete(issue_id)
        with pytest.raises(NothingFound, match="matches nothing"):
            here.sync()
        assert here.backend.list_issues(REF) == before


def test_a_token_that_worked_before_is_called_expired_and_nothing_is_taken_for_deleted() -> None:
    with world() as here:
        here.sync()
        here.jira.faults.expired = True
        with pytest.raises(ExpiredToken, match="worked before"):
            here.sync()
        assert len(_keys(here)) == 7


@FLAVOURS
def test_a_token_that_expires_in_the_middle_is_said_to_and_the_next_sync_goes_on(flavour: str) -> None:
    with world(flavour, count=24) as here:
        # After six questions about the server; Cloud gives the histories of two pages in one more answer.
        here.jira.faults.expires_at = here.jira.requests + 6 + (11 if flavour == "cloud" else 3)
        with pytest.raises(ExpiredToken, match="worked a moment ago"):
            here.sync()
        here.jira.faults.expires_at = None
        cursor = load_cursor(here.backend, REF)
        assert cursor is not None
        assert cursor.run.pages > 0
        here.sync()
        assert len(_keys(here)) == 24


@FLAVOURS
def test_a_query_that_is_deleted_during_its_sync_ends_it_and_leaves_nothing(flavour: str) -> None:
    with world(flavour, count=12) as here:
        steps = Steps(at={4: lambda: here.backend.delete_query(REF)})
        with pytest.raises(UnknownQuery, match="no longer exists"):
            here.sync(progress=steps)
        assert load_cursor(here.backend, REF) is None
        assert here.backend.list_pages(REF) == []


def test_settings_saved_while_the_first_sync_asks_for_fields_are_kept() -> None:
    with world() as here:

        def edited() -> datetime:
            profile = here.backend.get_profile(REF.profile_id)
            assert profile is not None
            here.backend.save_profile(replace(profile, description="written meanwhile"))
            return here.clock()

        here.jira.clock = edited
        here.sync()
        profile = here.backend.get_profile(REF.profile_id)
        assert profile is not None
        assert profile.description == "written meanwhile"
        assert profile.field_mappings["jira"]["points"] == POINTS


def test_a_long_sync_says_how_long_it_will_take() -> None:
    with world(count=12) as here:
        seconds = iter(range(0, 100_000, 60))
        steps = Steps()
        with client(here.jira) as result:
            sync(result, here.backend, REF, progress=steps, now=here.clock, ticks=lambda: next(seconds))
        assert "3 of 12 issues, about 3 min left" in steps.texts
        assert "9 of 12 issues, about 60 s left" in steps.texts


def test_a_token_that_never_worked_is_called_wrong() -> None:
    with world() as here:
        with pytest.raises(WrongToken) as failure:
            here.sync(token="not-the-token")
        assert not isinstance(failure.value, ExpiredToken)


@pytest.mark.parametrize("no_pages", [False, True])
def test_histories_cut_by_data_center_are_completed_issue_by_issue(no_pages: bool) -> None:
    with world("data-center") as here:
        for _ in range(3):
            here.clock.on(hours=1)
            here.jira.set_status("10001", "In Progress")
            here.jira.set_status("10001", "To Do")
        here.jira.faults.cut_histories = 2
        here.jira.faults.no_history_pages = no_pages
        assert here.sync().issue_changes == 6


def test_with_more_fields_than_cloud_takes_at_once_no_change_of_any_is_lost() -> None:
    numbers = [f"customfield_2{number:04}" for number in range(12)]
    kind = "com.atlassian.jira.plugin.system.customfieldtypes:float"
    known = (*FIELDS, *((each, f"Points {each[-2:]}", "number", kind) for each in numbers))
    with world(fields=known) as here:
        chosen = numbers[-1]
        profile = here.backend.get_profile(REF.profile_id)
        assert profile is not None
        here.backend.save_profile(replace(profile, jira_config={"points_field": chosen}))
        here.clock.on(hours=1)
        issue = here.jira.issues["10001"]
        issue["fields"][chosen] = 13.0
        # One edit of two fields that are asked for in different requests.
        log(issue, here.clock(), "status", "To Do", "In Progress")
        issue["histories"][-1]["items"] += history_entry(0, here.clock(), chosen, "8", "13")["items"]
        result = here.sync()
        # Three pages, each with its histories in two turns.
        assert here.jira.paths.count("/rest/api/3/changelog/bulkfetch") == 3 * 2
        assert result.issue_changes == 2
        assert {each.key: each.points for each in here.backend.list_issues(REF)}["ABC-1"] == 13
        changes = here.backend.list_changes(REF)
        assert [(each.field, each.to_value) for each in changes] == [("status", "In Progress"), ("points", "13")]


def test_short_and_empty_pages_of_cloud_are_not_the_end() -> None:
    with world(count=20) as here:
        here.jira.faults.empty_pages = True
        assert here.sync().fetched == 20


def test_the_removed_search_of_cloud_is_never_asked() -> None:
    with world() as here:
        here.sync()
        assert not [path for path in here.jira.paths if path.endswith("/search")]


def test_progress_counts_the_issues() -> None:
    with world() as here:
        steps = Steps()
        here.sync(progress=steps)
        counted = [int(text.split()[0]) for text in steps.texts if text.endswith(" of 7 issues")]
        # Pages come side by side: which of them is counted first is open.
        assert counted == sorted(counted)
        assert len(set(counted) - {0, 7}) >= 1
        assert counted[-1] == 7
        assert steps.texts[-1] == "Saving"


def test_no_person_but_the_assignee_and_no_token_is_stored() -> None:
    with world() as here:
        here.clock.on(hours=1)
        here.jira.set_status("10001", "Done")
        here.sync()
        pages = b"".join(page.response for page in here.backend.list_pages(REF))
        logs = b"".join(log.changelog for log in here.backend.list_changelogs(REF))
        assert b"Ann Author" not in pages + logs
        assert TOKEN.encode() not in pages + logs
        assert TOKEN not in repr(here.backend.get_profile(REF.profile_id))
        assert TOKEN not in repr(here.backend.get_project_data(REF))


def test_an_issue_that_vanishes_while_it_is_asked_for_by_its_id_does_not_stop_the_rest() -> None:
    with world() as here:
        here.sync()
        kept = {issue["id"]: issue for issue in issues(9) if issue["id"] in ("10008", "10009")}
        for issue in kept.values():
            here.jira.add(issue)
        here.clock.on(hours=1)
        # Both are older than the last sync, so that only the sweep sees them; one goes right after it.
        steps = Steps(at={3: lambda: here.jira.delete("10008")})
        result = here.sync(progress=steps)
        assert steps.texts[2] == "Looking at what is there: 9 issues so far"
        assert result.fetched == 1
        assert "ABC-9" in _keys(here)


def test_a_sprint_that_an_issue_is_put_into_comes_with_the_delta() -> None:
    with world() as here:
        here.sync()
        here.clock.on(hours=1)
        here.jira.set_sprint("10001", sprint_json(21, NOON))
        here.sync()
        assert [sprint.name for sprint in here.backend.list_sprints(REF)] == ["Sprint 20, team A", "Sprint 21, team A"]
        assert here.backend.list_changes(REF)[-1].field == "sprint"


@FLAVOURS
def test_a_sprint_that_is_closed_without_touching_an_issue_is_seen_by_the_next_delta(flavour: str) -> None:
    with world(flavour) as here:
        here.sync()
        here.clock.on(hours=1)
        here.jira.close_sprint(20)
        assert here.sync().fetched == 0
        (sprint,) = here.backend.list_sprints(REF)
        assert (sprint.state, sprint.completed) == ("closed", NOON + timedelta(hours=1))


@FLAVOURS
def test_sprints_of_two_boards_with_one_name_stay_two(flavour: str) -> None:
    with world(flavour) as here:
        here.jira.set_sprint("10002", sprint_json(20, NOON) | {"id": 202})
        here.sync()
        named = {sprint.source_id: sprint.name for sprint in here.backend.list_sprints(REF)}
        assert named == {"20": "Sprint 20, team A", "202": "Sprint 20, team A (2)"}
        stored = {issue.key: issue.sprints for issue in here.backend.list_issues(REF)}
        assert (stored["ABC-1"], stored["ABC-2"]) == (("Sprint 20, team A",), ("Sprint 20, team A (2)",))
        (change,) = here.backend.list_changes(REF)
        assert (change.from_value, change.to_value) == ("Sprint 20, team A", "Sprint 20, team A (2)")


@FLAVOURS
def test_a_sprint_that_is_renamed_has_its_new_name_everywhere_with_the_next_delta(flavour: str) -> None:
    with world(flavour) as here:
        here.jira.set_sprint("10002", sprint_json(21, NOON))
        here.clock.on(hours=1)
        here.sync()
        here.clock.on(hours=1)
        here.jira.rename_sprint(21, "Payments, and more")
        assert here.sync().fetched == 0
        assert [sprint.name for sprint in here.backend.list_sprints(REF)] == ["Sprint 20, team A", "Payments, and more"]
        stored = {issue.key: issue.sprints for issue in here.backend.list_issues(REF)}
        assert (stored["ABC-1"], stored["ABC-2"]) == (("Sprint 20, team A",), ("Payments, and more",))
        (change,) = here.backend.list_changes(REF)
        assert (change.from_value, change.to_value) == ("Sprint 20, team A", "Payments, and more")
        here.sync(full=True)
        assert here.backend.list_changes(REF) == [change]
        assert len(here.backend.list_sprints(REF)) == 2


def test_two_sprints_that_swap_their_names_are_not_mistaken_for_each_other() -> None:
    with world() as here:
        here.jira.set_sprint("10002", sprint_json(21, NOON))
        here.sync()
        here.clock.on(hours=1)
        here.jira.rename_sprint(20, "Sprint 21, team A")
        here.jira.rename_sprint(21, "Sprint 20, team A")
        here.sync()
        stored = {issue.key: issue.sprints for issue in here.backend.list_issues(REF)}
        assert (stored["ABC-1"], stored["ABC-2"]) == (("Sprint 21, team A",), ("Sprint 20, team A",))
        (change,) = here.backend.list_changes(REF)
        assert (change.from_value, change.to_value) == ("Sprint 21, team A", "Sprint 20, team A")


def test_the_mapping_found_is_saved_with_the_profile() -> None:
    with world() as here:
        here.sync()
        profile = here.backend.get_profile(REF.profile_id)
        assert profile is not None
        assert profile.field_mappings["jira"]["points"] == POINTS
        assert profile.jira_config["points_field"] == POINTS


_FLOAT = "com.atlassian.jira.plugin.system.customfieldtypes:float"
_UNTELLING = (
    *(each for each in FIELDS if each[2] != "number"),
    *((f"customfield_2{number:04d}", f"Budget line {number:02d}", "number", _FLOAT) for number in range(12)),
    ("customfield_30000", "Umfang", "number", _FLOAT),
    ("customfield_30001", "Zusatz", "number", _FLOAT),
)


@FLAVOURS
def test_a_number_field_of_any_name_that_is_filled_in_is_fetched_and_can_be_chosen(flavour: str) -> None:
    with world(flavour, count=12, fields=_UNTELLING) as here:
        here.jira.page_size = 100
        for number, issue in enumerate(here.jira.issues.values()):
            issue["fields"] |= {"customfield_30000": float(number % 3), "customfield_20007": 99_999.5}
        here.sync()
        mapping = mapping_of(here.backend, REF.profile_id)
        assert mapping is not None
        assert (mapping.points, mapping.filled) == ("customfield_30000", ("customfield_30000", "customfield_20007"))
        assert {issue.points for issue in here.backend.list_issues(REF)} == {0.0, 1.0, 2.0}
        fields = remapping.choices(here.backend, REF)
        assert fields is not None
        assert [each.name for each in fields.choices["points"]] == ["Umfang", "Budget line 07"]
        assert change_mapping(here.backend, REF.profile_id, replace(mapping, points="customfield_20007"))
        assert {issue.points for issue in here.backend.list_issues(REF)} == {99_999.5}


@FLAVOURS
def test_a_number_field_that_is_filled_in_later_is_found_when_everything_is_fetched_again(flavour: str) -> None:
    with world(flavour, count=12, fields=_UNTELLING) as here:
        here.jira.page_size = 100
        here.sync()
        for issue in here.jira.issues.values():
            issue["fields"]["customfield_30001"] = 3.0
        here.sync(full=True)
        mapping = mapping_of(here.backend, REF.profile_id)
        assert mapping is not None
        assert (mapping.points, mapping.filled) == ("", ("customfield_30001",))
        fields = remapping.choices(here.backend, REF)
        assert fields is not None
        assert [each.name for each in fields.choices["points"]] == ["Zusatz"]
        here.clock.on(hours=1)
        assert here.sync().mode == "delta"


# -- who changed something ----------------------------------------------------------------------------------


def _written(here: World) -> bytes:
    return (
        b"".join(log.changelog for log in here.backend.list_changelogs(REF))
        + repr(here.backend.list_changes(REF)).encode()
    )


@FLAVOURS
def test_who_changed_something_is_kept_from_the_sync_after_it_was_asked_for(flavour: str) -> None:
    with world(flavour) as here:
        here.clock.on(hours=1)
        here.jira.set_status("10001", "Done")
        here.sync()
        assert b"Ann Author" not in _written(here)
        here.authors = True
        result = here.sync()
        assert (result.mode, result.issue_changes) == ("full", 0)
        assert [change.author for change in here.backend.list_changes(REF)] == ["Ann Author"]
        assert b"ann.author@example.com" not in _written(here)
        here.clock.on(hours=1)
        here.jira.set_points("10002", 5)
        assert here.sync().mode == "delta"
        assert [change.author for change in here.backend.list_changes(REF)] == ["Ann Author"] * 2
        mapping = mapping_of(here.backend, REF.profile_id)
        assert mapping is not None
        (again,) = change_mapping(here.backend, REF.profile_id, replace(mapping, authors=True))
        assert [change.author for change in again.changes] == ["Ann Author"] * 2


@FLAVOURS
def test_once_they_are_not_wanted_any_more_no_author_is_left_not_even_of_issues_that_are_gone(flavour: str) -> None:
    with world(flavour) as here:
        here.authors = True
        here.clock.on(hours=1)
        here.jira.set_status("10001", "Done")
        here.jira.set_status("10002", "Done")
        here.sync()
        here.jira.delete("10002")
        here.authors = False
        here.sync()
        assert [change.issue_key for change in here.backend.list_changes(REF)] == ["ABC-1", "ABC-2"]
        assert b"Ann Author" not in _written(here)


def test_a_history_of_which_jira_gives_a_part_holds_no_change_twice_once_authors_are_wanted() -> None:
    with world("data-center") as here:
        for _ in range(2):
            here.clock.on(hours=1)
            here.jira.set_status("10001", "In Progress")
            here.jira.set_status("10001", "To Do")
        here.sync()
        here.jira.faults.cut_histories = 2
        here.jira.faults.no_whole_history = True
        here.authors = True
        assert "only part of the history" in here.sync().warnings[0]
        assert [change.author for change in here.backend.list_changes(REF)] == ["", "", "Ann Author", "Ann Author"]


def test_pages_that_an_earlier_version_kept_are_read_with_their_histories() -> None:
    with world() as here:
        here.jira.set_status("10001", "In Progress")
        here.sync()
        for page in here.backend.list_pages(REF):
            document = json.loads(page.response)
            having = document.pop("with_history")
            for issue in document["issues"]:
                issue["has_history"] = issue["id"] in having
            here.backend.save_pages(REF, [replace(page, response=json.dumps(document).encode())])
        before, mapping = here.backend.list_changes(REF), mapping_of(here.backend, REF.profile_id)
        assert [change.to_value for change in before] == ["In Progress"]
        assert mapping is not None
        (result,) = change_mapping(here.backend, REF.profile_id, replace(mapping, points=""))
        assert list(result.changes) == before


_OWN = (
    *FIELDS,
    ("customfield_40000", "Team", "option", "com.atlassian.jira.plugin.system.customfieldtypes:select"),
    ("customfield_40001", "Reviewer", "user", "com.atlassian.jira.plugin.system.customfieldtypes:userpicker"),
)


@FLAVOURS
def test_a_field_of_the_server_s_own_comes_with_the_issues_and_follows_its_changes(flavour: str) -> None:
    with world(flavour, count=6, fields=_OWN) as here:
        for number, issue in enumerate(here.jira.issues.values()):
            team = {"value": "Blue" if number % 2 else "Red"}
            issue["fields"] |= {"customfield_40000": team, "customfield_40001": {"displayName": "Ann"}}
        here.sync()
        texts = sorted(str(issue.extras.get("Team")) for issue in here.backend.list_issues(REF))
        assert texts == ["Blue"] * 3 + ["Red"] * 3
        assert not any("Reviewer" in issue.extras for issue in here.backend.list_issues(REF))
        issue_id, changed_one = next(iter(here.jira.issues.items()))
        key, changed_one["fields"]["customfield_40000"] = changed_one["key"], {"value": "Green"}
        here.jira.set_status(issue_id, "In Review")
        here.sync()
        assert {issue.extras["Team"] for issue in here.backend.list_issues(REF) if issue.key == key} == {"Green"}


def test_issues_that_come_by_the_way_of_tokens_with_scopes_lead_to_the_pages_of_their_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Requests go to one address there, and the pages of issues are at another, which the server tells."""
    with world("cloud", 3, prefix="/ex/jira/1a2b-3c4d") as result:
        gateway = result.jira.url
        monkeypatch.setattr("app.jira.http.address._GATEWAY", gateway.rpartition("/")[0])
        document = result.jira._server_info() | {"baseUrl": "https://team.atlassian.net"}
        monkeypatch.setattr(result.jira, "_server_info", lambda: document)
        result.sync()
        stored = list(result.backend.list_issues(REF))
        assert {issue.url for issue in stored} == {f"https://team.atlassian.net/browse/{issue.key}" for issue in stored}
        assert len(stored) == 3


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_texts_longer_than_jira_takes_are_cut_and_counted(flavour: str) -> None:
    with world(flavour, count=7) as here:
        issues = list(here.jira.issues.values())
        issues[0]["fields"]["summary"] = "s" * 5_000
        issues[1]["fields"]["labels"] = ["short", "l" * 300]
        issues[2]["fields"] |= {"summary": "s" * 1_000, "labels": ["l" * 255]}
        result = here.sync()
        stored = {issue.key: issue for issue in here.backend.list_issues(REF)}
        assert stored["ABC-1"].summary == "s" * 999 + "…"
        assert stored["ABC-2"].labels == ("short", "l" * 254 + "…")
        assert (stored["ABC-3"].summary, stored["ABC-3"].labels) == ("s" * 1_000, ("l" * 255,))
        (sentence,) = result.warnings
        assert sentence == ("Texts of 2 issues were too long and were cut: titles at 1,000 characters, names at 255.")
        here.clock.on(hours=1)
        assert here.sync().warnings == ()


def test_a_list_of_keys_that_are_texts_is_no_list_of_jira() -> None:
    with world("cloud", count=3) as here:
        here.sync()
        before = here.backend.list_issues(REF)
        next(iter(here.jira.issues.values()))["key"] = "K" * 300 + "-1"
        with pytest.raises(BadAnswer):
            here.sync(full=True)
        assert here.backend.list_issues(REF) == before
