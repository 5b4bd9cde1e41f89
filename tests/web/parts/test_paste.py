"""Cells from a spreadsheet go the way of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions import files as importing
from app.actions import sample
from app.actions.files import ImportResult
from app.context import Context
from app.errors import BadInput, UnclearDates
from app.imports.dates import DayOrder
from app.web.page import visit_of
from app.web.parts import files, paste
from app.words.formats import formats_for
from store.opening import open_store
from tests.pages.reading import components
from tests.pages.sample import NOW, ImmediateJobs, empty_context

FORMATS = formats_for(["en-GB"])
CELLS = "Key\tCreated\tFinished\nA-1\t2026-03-02\t2026-03-10\nA-2\t2026-03-02\t\nA-3\tsome day\t\n"


def test_pasted_cells_are_imported_and_reported_as_a_file_is() -> None:
    ctx = empty_context()
    assert paste.import_pasted(ctx, CELLS, " Backlog ", "auto", None, "").follow == importing.JOB
    state = ctx.jobs.state(importing.JOB)
    assert state is not None
    result = state.result
    assert isinstance(result, ImportResult)
    assert (result.kept, [row.value for row in result.rejected]) == (2, ["some day"])
    query = ctx.backend.get_query(result.ref)
    assert query is not None
    assert query.name == "Backlog"
    assert [issue.key for issue in ctx.backend.list_issues(result.ref)] == ["A-1", "A-2"]


def test_pasting_again_updates_the_same_query_after_a_backup(tmp_path: Path) -> None:
    opened = open_store(tmp_path, mode="write")
    ctx = Context(opened.backend, ImmediateJobs(), tmp_path, lambda: NOW)
    for text in (CELLS, CELLS.replace("2026-03-10", "2026-03-11")):
        paste.import_pasted(ctx, text, None, None, None, "")
    (profile,) = ctx.backend.list_profiles()
    (query,) = ctx.backend.list_queries(profile.id)
    assert len(ctx.backend.list_issues(query.ref)) == 2
    opened.backend.close()
    assert len(list((tmp_path / "backups").glob("*import*.db"))) == 1


def test_nothing_pasted_is_said() -> None:
    with pytest.raises(BadInput, match="Paste the cells"):
        paste.import_pasted(empty_context(), " \n ", None, "auto", None, "")


def test_a_pasted_table_whose_dates_are_unclear_is_at_hand_for_the_question() -> None:
    ctx = empty_context()
    with pytest.raises(UnclearDates):
        paste.import_pasted(ctx, "Key\tCreated\nA-1\t02/03/2026\n", None, "auto", None, "")
    pending = ctx.pending.current()
    assert pending is not None
    files.import_again(ctx, pending.token, DayOrder.DMY)
    state = ctx.jobs.state(importing.JOB)
    assert state is not None
    assert state.result.kept == 1
    assert ctx.pending.current() is None


def test_nothing_of_ones_own_goes_into_the_made_up_project_by_itself() -> None:
    """Its deadline, its milestone and its days off would answer for it."""
    ctx = empty_context()
    ref = sample.load_sample(ctx)
    search = f"?profile={ref.profile_id}&query={ref.query_id}"
    visit = visit_of(ctx, search, FORMATS, "/data/sources")
    (about,) = [part.data for part in components(paste.section(visit)) if getattr(part, "id", "") == "paste-about"]
    paste.import_pasted(ctx, CELLS, None, "auto", about, search)
    names = {profile.name: profile for profile in ctx.backend.list_profiles()}
    assert set(names) == {"Sample project", "My project"}
    assert ctx.backend.list_milestones(names["My project"].id) == []
    # From then on the forms propose that one, also beside the sample.
    assert visit_of(ctx, search, FORMATS, "/data/weeks").proposed_project == "My project"
    assert visit_of(ctx, search, FORMATS, "/data/weeks").own_project == ""
