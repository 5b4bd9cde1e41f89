"""Servers that leave something out: their time, the categories of statuses, the beginning of histories."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.extras import HISTORY_CUT
from scripts.fake_jira import log
from store.records import Category
from tests.jira.world import NOON, REF, world

FLAVOURS = pytest.mark.parametrize("flavour", ["cloud", "data-center"])


@FLAVOURS
@pytest.mark.parametrize("zone", ["Etc/GMT+12", "UTC", "Pacific/Kiritimati"])
def test_a_server_that_hides_its_time_is_asked_for_changes_only_in_whatever_zone(flavour: str, zone: str) -> None:
    """Every sync of a visitor who is not logged in was a full one."""
    with world(flavour, zone=zone, server_zone=zone, anonymous=True) as here:
        here.jira.faults.hides_time = True
        assert here.sync(token="").mode == "full"
        here.clock.on(minutes=30)
        here.jira.set_status("10004", "Done")
        here.clock.on(minutes=1)
        result = here.sync(token="")
        assert (result.mode, result.changed) == ("delta", 1)


@FLAVOURS
def test_the_overlap_of_a_hidden_time_is_a_day_and_not_everything(flavour: str) -> None:
    with world(flavour, anonymous=True) as here:
        here.jira.faults.hides_time = True
        here.sync(token="")
        here.clock.on(days=9)
        here.sync(token="")
        here.clock.on(days=9)
        here.jira.set_status("10004", "Done")
        assert here.sync(token="").fetched == 1


@FLAVOURS
def test_a_server_that_dates_nothing_at_all_is_asked_for_everything(flavour: str) -> None:
    with world(flavour, anonymous=True) as here:
        here.jira.faults.hides_time = here.jira.faults.no_dates = True
        here.sync(token="")
        here.clock.on(hours=1)
        assert here.sync(token="").mode == "full"


@FLAVOURS
def test_a_time_that_was_hidden_and_is_told_after_a_login_goes_on_as_a_delta(flavour: str) -> None:
    with world(flavour, zone="Asia/Tokyo", server_zone="America/New_York", anonymous=True) as here:
        here.jira.faults.hides_time = True
        here.sync(token="")
        here.jira.faults.hides_time = False
        here.clock.on(minutes=20)
        here.jira.set_status("10004", "Done")
        here.clock.on(minutes=1)
        result = here.sync()
        assert (result.mode, result.changed) == ("delta", 1)


@FLAVOURS
@pytest.mark.parametrize("left", ["name", "id", "none"])
def test_a_server_without_keys_of_categories_still_gets_them(flavour: str, left: str) -> None:
    with world(flavour) as here:
        here.jira.set_status("10001", "Done")
        here.jira.set_status("10002", "In Progress")
        here.jira.faults.categories = left
        result = here.sync()
        categories = {issue.key: issue.category for issue in here.backend.list_issues(REF)}
        assert (categories["ABC-1"], categories["ABC-2"]) == (Category.DONE, Category.IN_PROGRESS)
        assert categories["ABC-3"] is Category.TODO
        assert any("without a category" in warning for warning in result.warnings) == (left == "none")


@FLAVOURS
def test_a_sync_says_how_many_were_given_up(flavour: str) -> None:
    with world(flavour) as here:
        here.jira.set_status("10001", "Done")
        here.jira.issues["10001"]["fields"]["resolution"] = {"name": "Won't Do"}
        (warning,) = here.sync().warnings
        assert warning.startswith("1 item was given up (Won't Do 1).")


def test_a_history_that_is_cut_is_marked_and_one_that_was_whole_before_is_not() -> None:
    with world("data-center") as here:
        for day in range(1, 4):
            log(here.jira.issues["10001"], NOON - timedelta(days=9 - day), "status", f"S{day}", f"S{day + 1}")
            log(here.jira.issues["10002"], NOON - timedelta(days=9 - day), "status", f"S{day}", f"S{day + 1}")
        here.jira.faults.cut_histories, here.jira.faults.no_whole_history = 1, True
        result = here.sync()
        assert any("a start that is not in it is not known" in warning for warning in result.warnings)
        marked = {issue.key for issue in here.backend.list_issues(REF) if HISTORY_CUT in issue.extras}
        assert {"ABC-1", "ABC-2"} <= marked
        here.jira.faults.cut_histories, here.jira.faults.no_whole_history = 0, False
        here.clock.on(hours=1)
        here.sync(full=True)
        assert not any(HISTORY_CUT in issue.extras for issue in here.backend.list_issues(REF))
        here.jira.faults.cut_histories, here.jira.faults.no_whole_history = 1, True
        here.clock.on(hours=1)
        here.sync(full=True)
        assert not any(HISTORY_CUT in issue.extras for issue in here.backend.list_issues(REF))
