"""Answers of Jira that are not whole: what they leave out is neither taken for removed nor for empty."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.jira.client import IssueRef, JiraClient, RefsPage
from app.jira.errors import BadAnswer
from app.jira.sync.staging import load_synced
from app.jira.sync.sweep import Listed, sweep
from scripts.fake_jira import FakeJira
from store.records import Issue
from tests.jira.world import NOON, QUICK, REF, Steps, World, client, issues, world

FLAVOURS = pytest.mark.parametrize("flavour", ["cloud", "data-center"])


def _in_query(here: World) -> set[str]:
    return {issue.key for issue in here.backend.list_issues(REF) if issue.in_query}


def _issue(here: World, key: str) -> Issue:
    return next(issue for issue in here.backend.list_issues(REF) if issue.key == key)


# -- lists of ids ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("full", [False, True])
def test_a_list_that_says_there_is_more_but_not_where_ends_the_sync_and_nothing_is_removed(full: bool) -> None:
    with world() as here:
        here.sync()
        before = (here.backend.list_issues(REF), load_synced(here.backend, REF))
        here.clock.on(hours=1)
        here.jira.delete("10007")
        here.jira.faults.cut_list = "contradicts"
        with pytest.raises(BadAnswer, match=r"answer was cut.*Try again"):
            here.sync(full=full)
        assert (here.backend.list_issues(REF), load_synced(here.backend, REF)) == before
        here.jira.faults.cut_list = ""
        assert here.sync(full=full).removed == 1


@pytest.mark.parametrize("full", [False, True])
def test_a_list_without_a_word_of_its_end_that_is_shorter_than_jiras_count_removes_nothing(full: bool) -> None:
    with world() as here:
        here.sync()
        here.clock.on(hours=1)
        here.jira.set_status("10006", "Done")
        here.jira.faults.cut_list = "unsaid"
        result = here.sync(full=full)
        assert (result.removed, len(_in_query(here))) == (0, 7)
        assert _issue(here, "ABC-6").status == "Done"
        (warning,) = result.warnings
        assert "counts 7 issues but listed only 3" in warning
        assert "Nothing was marked as removed" in warning
        here.jira.faults.cut_list = ""
        here.jira.delete("10007")
        here.clock.on(hours=1)
        assert (here.sync().removed, here.sync().warnings) == (1, ())


def test_a_first_sync_of_a_list_that_was_cut_keeps_what_came_and_says_so() -> None:
    with world() as here:
        here.jira.faults.cut_list = "unsaid"
        result = here.sync()
        assert len(_in_query(here)) == 7
        assert len(result.warnings) == 1


def test_a_search_that_says_there_is_more_but_not_where_is_not_taken_for_the_whole() -> None:
    class Cut(FakeJira):
        def answer(self, *result: object) -> tuple[int, object]:
            status, document = super().answer(*result)  # type: ignore[arg-type]
            if isinstance(document, dict) and document.get("issues"):
                document = {"issues": document["issues"], "isLast": False}
            return status, document

    outcome = pytest.raises(BadAnswer, match="cut")
    with Cut("cloud", issues(7), page_size=3) as jira, client(jira) as value, outcome:
        list(value.search("project = ABC ORDER BY key", ("summary",), ("status",)))


@pytest.mark.parametrize("document", [{"issues": [], "total": 7}, {"issues": [{"id": "10001", "key": "ABC-1"}]}])
def test_a_list_of_data_center_without_its_total_or_against_it_is_no_list(document: dict[str, object]) -> None:
    class Cut(FakeJira):
        def answer(self, *result: object) -> tuple[int, object]:
            status, whole = super().answer(*result)  # type: ignore[arg-type]
            return status, document if isinstance(whole, dict) and "issues" in whole else whole

    with Cut("data-center", issues(7)) as jira, client(jira) as outcome, pytest.raises(BadAnswer, match="cut"):
        list(outcome.refs("project = ABC ORDER BY key"))


def test_issues_that_are_really_gone_are_removed_however_many_they_are() -> None:
    with world(count=40) as here:
        here.sync()
        here.clock.on(hours=1)
        for number in range(10_001, 10_031):
            here.jira.delete(str(number))
        result = here.sync()
        assert (result.removed, result.warnings) == (30, ())


def test_a_count_that_is_only_about_right_is_allowed_for() -> None:
    refs = {str(number): f"ABC-{number}" for number in range(100)}
    assert not Listed(refs, ends=True).falls_short(120)
    assert Listed(refs, ends=True).falls_short(123)
    assert Listed(refs, ends=False).falls_short(101)
    assert not Listed(refs, ends=False).falls_short(100)
    assert not Listed(refs, ends=False).falls_short(3)


def test_a_list_that_was_cut_is_asked_for_again_before_it_is_given_up() -> None:
    class Unsteady(JiraClient):
        requests = 0

        def refs(self, jql: str):  # type: ignore[no-untyped-def]
            self.requests += 1
            if self.requests < 3:
                raise BadAnswer("cut")
            yield RefsPage((IssueRef("1", "ABC-1"),), True)

    result = object.__new__(Unsteady)
    assert sweep(result, "project = ABC", lambda listed: None) == Listed({"1": "ABC-1"}, True)


# -- issues without what was asked for ------------------------------------------------------------------


@pytest.mark.slow
@FLAVOURS
@pytest.mark.parametrize("left_out", ["", "status", "created"])
@pytest.mark.parametrize("full", [False, True])
def test_an_issue_that_comes_without_its_fields_stays_as_it_was(flavour: str, left_out: str, full: bool) -> None:
    with world(flavour) as here:
        here.jira.set_status("10002", "Done")
        here.sync()
        before = _issue(here, "ABC-2")
        here.clock.on(hours=1)
        here.jira.set_points("10002", 13)
        here.jira.set_points("10003", 8)
        here.jira.faults.without_fields, here.jira.faults.left_out = "10002", left_out
        result = here.sync(full=full)
        assert (_issue(here, "ABC-2"), _issue(here, "ABC-3").points) == (before, 8)
        assert (result.removed, len(_in_query(here))) == (0, 7)
        (warning,) = result.warnings
        assert "1 issue without status or dates" in warning
        # It is asked for again, though nothing happened to it since.
        here.jira.faults.without_fields = ""
        here.clock.on(hours=3)
        result = here.sync()
        assert (result.mode, result.warnings, _issue(here, "ABC-2").points) == ("delta", (), 13)


def test_an_issue_that_is_done_but_does_not_say_since_when_keeps_its_end() -> None:
    with world() as here:
        here.jira.set_status("10002", "Done")
        here.sync()
        here.clock.on(hours=1)
        here.jira.set_points("10002", 13)
        here.jira.faults.without_fields, here.jira.faults.left_out = "10001,10002", "resolutiondate"
        result = here.sync(full=True)
        assert _issue(here, "ABC-2").resolved == NOON
        assert len(result.warnings) == 1
        # One that never had an end loses nothing.
        assert here.jira.issues["10001"]["fields"]["resolutiondate"] is None
        here.jira.set_status("10002", "In Progress")
        here.clock.on(hours=1)
        assert here.sync().warnings == ()
        assert _issue(here, "ABC-2").resolved is None


@FLAVOURS
def test_a_jira_of_which_no_issue_has_fields_ends_the_sync_and_changes_nothing(flavour: str) -> None:
    with world(flavour) as here:
        here.sync()
        before = here.backend.list_issues(REF)
        here.jira.faults.without_fields = ",".join(here.jira.issues)
        with pytest.raises(BadAnswer, match="without status and dates"):
            here.sync(full=True)
        assert here.backend.list_issues(REF) == before


def test_a_delta_that_is_cut_comes_back_for_what_it_skipped() -> None:
    with world(count=9) as here:
        here.sync()
        here.clock.on(hours=1)
        for number in range(10_001, 10_010):
            here.clock.on(minutes=10)
            here.jira.set_points(str(number), 21)
        here.jira.faults.without_fields = "10002"
        cut = Steps(at={6: lambda: setattr(here.jira.faults, "down", True)})
        with pytest.raises(Exception, match="not working"):
            here.sync(progress=cut, limits=replace(QUICK, tries=1))
        here.jira.faults.down, here.jira.faults.without_fields = False, ""
        here.clock.on(minutes=1)
        here.sync(lifetime=timedelta(hours=24))
        assert {issue.points for issue in here.backend.list_issues(REF)} == {21}
