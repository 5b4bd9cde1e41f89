"""What can be taken back: deletions and imports."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest

from store.backend import PersistenceBackend
from store.errors import Refused, UnknownQuery
from store.records import (
    CachedChangelog,
    CachedPage,
    Correction,
    Counts,
    ForecastMade,
    Issue,
    Milestone,
    ProjectData,
    QueryRef,
    Snapshot,
    Sprint,
    Week,
)
from tests.filled_stores import contents
from tests.store.contract.filling import LATER, MONTH, NOW, NOWHERE, REF, change, profile, query


def all_of(backend: PersistenceBackend, ref: QueryRef) -> tuple[object, ...]:
    query = backend.load_facts(ref).query
    return (replace(query, revision=0, profile_id="", id=""), *contents(backend, ref))


def fill_whole(backend: PersistenceBackend, ref: QueryRef = REF) -> None:
    backend.save_profile(profile(ref.profile_id, f"Team {ref.profile_id}"))
    backend.save_query(query(ref.query_id, "All", ref.profile_id))
    issues = [Issue("A-1", summary="one", points=3.0), Issue("A-2", labels=("x",))]
    backend.upsert_issues(ref, issues, [change("A-1", NOW, "Doing"), change("A-1", LATER, "Done")])
    backend.save_sprints(ref, [Sprint("One", start=NOW)])
    backend.replace_weeks(ref, [Week(date(2026, 2, 23), 3), Week(None, 1)])
    backend.replace_corrections(ref, [Correction(date(2026, 2, 23), 4)])
    backend.replace_milestones(ref.profile_id, [Milestone("Beta", date(2026, 5, 1))])
    backend.save_project_data(ref, ProjectData({"metadata": {"source": "x"}}, NOW))
    backend.save_snapshots(ref, [Snapshot("2026-W09", "scope", {"remaining": 5}, NOW)])
    backend.save_forecast(ref, ForecastMade(NOW, date(2026, 3, 2), "items", "plain", 5, {50: 3}, 12, 1000, 7))
    backend.save_pages(ref, [CachedPage("page", b"{}", NOW, LATER)])
    backend.save_changelogs(ref, [CachedChangelog("A-1", b"{}", NOW, LATER)])


def test_a_deleted_profile_is_in_no_list_and_no_count_until_it_is_put_back_whole(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    backend.switch_query(REF, NOW)
    before, counts = all_of(backend, REF), backend.counts()
    undo_id = backend.discard_profile("p", NOW, MONTH)
    assert (backend.list_profiles(), backend.get_profile("p"), backend.list_queries("p")) == ([], None, [])
    assert (backend.counts(), backend.get_query(REF), backend.active_query()) == (Counts(), None, None)
    assert (backend.list_issues(REF), backend.list_milestones("p"), backend.revision(REF)) == ([], [], 0)
    (waiting,) = backend.list_undoable()
    assert (waiting.id, waiting.kind, waiting.profile, waiting.query) == (undo_id, "profile", "Team p", "")
    assert (waiting.at, waiting.until) == (NOW, MONTH)
    assert backend.undo(undo_id, NOW, MONTH) == REF
    assert (all_of(backend, REF), backend.counts(), backend.list_undoable()) == (before, counts, [])


def test_a_deleted_query_leaves_the_others_and_is_put_back_whole(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    backend.save_query(query("other", "Other"))
    backend.upsert_issues(QueryRef("p", "other"), [Issue("B-1")])
    before = all_of(backend, REF)
    undo_id = backend.discard_query(REF, NOW, MONTH)
    assert [each.name for each in backend.list_queries("p")] == ["Other"]
    assert (backend.counts().queries, backend.counts().issues, backend.counts().issue_changes) == (1, 1, 0)
    assert [milestone.name for milestone in backend.list_milestones("p")] == ["Beta"]
    assert backend.undo(undo_id, NOW, MONTH) == REF
    assert all_of(backend, REF) == before


def test_what_is_put_back_has_a_revision_of_its_own(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    seen = backend.revision(REF)
    backend.undo(backend.discard_profile("p", NOW, MONTH), NOW, MONTH)
    assert backend.revision(REF) > seen


def test_what_took_its_id_or_its_name_meanwhile_stays(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    undo_id = backend.discard_profile("p", NOW, MONTH)
    backend.save_profile(profile("p", "Team p"))
    backend.save_query(query("q", "Fresh"))
    back = backend.undo(undo_id, NOW, MONTH)
    assert back is not None
    assert back.profile_id != "p"
    assert sorted(each.name for each in backend.list_profiles()) == ["Team p", "Team p (2)"]
    assert len(backend.list_issues(back)) == 2
    undo_id = backend.discard_query(back, NOW, MONTH)
    backend.save_query(query(back.query_id, "all", back.profile_id))
    again = backend.undo(undo_id, NOW, MONTH)
    assert again is not None
    assert again != back
    assert sorted(result.name for result in backend.list_queries(back.profile_id)) == ["All (2)", "all"]


def test_a_query_of_a_deleted_profile_waits_for_that(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    of_query = backend.discard_query(REF, NOW, MONTH)
    of_profile = backend.discard_profile("p", NOW, MONTH)
    with pytest.raises(Refused, match="Take that back first"):
        backend.undo(of_query, NOW, MONTH)
    assert backend.undo(of_profile, NOW, MONTH) is None
    assert backend.undo(of_query, NOW, MONTH) == REF
    assert len(backend.list_issues(REF)) == 2


def test_an_import_is_taken_back_with_histories_and_weeks_and_what_was_typed_since_stays(
    backend: PersistenceBackend,
) -> None:
    fill_whole(backend)
    before = all_of(backend, REF)
    undo_id = backend.remember_import(REF, "import of b.csv", NOW, MONTH)
    assert all_of(backend, REF) == before
    assert backend.counts().issues == 2
    backend.upsert_issues(REF, [Issue("A-1", summary="changed"), Issue("A-3")], [change("A-1", NOW, "Gone")])
    backend.save_sprints(REF, [Sprint("Two")])
    backend.replace_weeks(REF, [])
    backend.save_project_data(REF, ProjectData({}, LATER))
    backend.replace_corrections(REF, [Correction(date(2026, 3, 2), 9)])
    assert backend.undo(undo_id, NOW, MONTH) == REF
    after = all_of(backend, REF)
    assert after[1:5] == before[1:5]
    assert after[5] == (Correction(date(2026, 3, 2), 9),)
    assert after[6:] == before[6:]


def test_what_was_forecast_of_an_import_goes_with_it(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    before = backend.list_forecasts(REF)
    undo_id = backend.remember_import(REF, "import of b.csv", NOW, MONTH)
    assert backend.counts().forecasts == 1
    backend.save_forecast(REF, replace(before[0], made_at=LATER, remaining=150))
    backend.save_forecast(REF, replace(before[0], made_at=LATER, as_of=before[0].as_of + timedelta(7)))
    backend.save_forecast(REF, replace(before[0], made_at=NOW, unit="points"))
    backend.undo(undo_id, LATER, MONTH)
    assert backend.list_forecasts(REF) == before


def test_only_the_last_import_of_a_query_can_be_taken_back(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    fill_whole(backend, QueryRef("o", "q"))
    first = backend.remember_import(REF, "import of a.csv", NOW, MONTH)
    other = backend.remember_import(QueryRef("o", "q"), "import of o.csv", NOW, MONTH)
    second = backend.remember_import(REF, "import of b.csv", LATER, MONTH)
    assert [undoable.id for undoable in backend.list_undoable()] == [second, other]
    with pytest.raises(Refused, match="nothing called"):
        backend.undo(first, NOW, MONTH)


@pytest.mark.parametrize("text", ["query", "profile"])
def test_an_import_that_made_its_query_takes_it_along_and_that_can_be_put_back(
    backend: PersistenceBackend, text: str
) -> None:
    fill_whole(backend)
    before = all_of(backend, REF)
    undo_id = backend.remember_import(REF, "import of a.csv", NOW, MONTH, text)
    assert backend.undo(undo_id, LATER, MONTH) is None
    assert backend.get_query(REF) is None
    assert (backend.get_profile("p") is None) == (text == "profile")
    (waiting,) = backend.list_undoable()
    assert waiting.kind == text
    backend.undo(waiting.id, LATER, MONTH)
    assert all_of(backend, REF) == before


def test_after_its_time_it_is_gone_for_good(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    backend.discard_query(REF, NOW, NOW + timedelta(days=1))
    later = backend.discard_profile("p", NOW, MONTH)
    assert backend.purge_undoable(NOW) == 0
    assert backend.purge_undoable(NOW + timedelta(days=1)) == 1
    assert [undoable.id for undoable in backend.list_undoable()] == [later]
    assert backend.purge_undoable(MONTH) == 1
    assert backend.list_undoable() == []


def test_a_deletion_that_fails_half_way_changes_nothing(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    before = all_of(backend, REF)
    with suppress(RuntimeError), backend.transaction():
        undo_id = backend.discard_profile("p", NOW, MONTH)
        backend.undo(undo_id, NOW, MONTH)
        backend.discard_query(REF, NOW, MONTH)
        raise RuntimeError
    assert all_of(backend, REF) == before
    assert backend.list_undoable() == []


def test_nobody_can_delete_what_is_not_there(backend: PersistenceBackend) -> None:
    with pytest.raises(UnknownQuery):
        backend.discard_profile("nobody", NOW, MONTH)
    with pytest.raises(UnknownQuery):
        backend.discard_query(NOWHERE, NOW, MONTH)
    with pytest.raises(UnknownQuery):
        backend.remember_import(NOWHERE, "import of a.csv", NOW, MONTH)


def test_raw_answers_of_what_waits_are_not_tidied_up(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    undo_id = backend.discard_profile("p", NOW, MONTH)
    assert backend.cleanup_expired(MONTH) == 0
    backend.undo(undo_id, NOW, MONTH)
    assert len(backend.list_pages(REF)) == len(backend.list_changelogs(REF)) == 1
