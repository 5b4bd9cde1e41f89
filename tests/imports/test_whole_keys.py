"""Lists of several projects or repositories, each numbered from 1."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.actions.files import ImportResult, import_bytes
from app.domain.extras import BLOCKED_BY
from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.results import Imported
from store.records import Issue
from tests.memory_backend import MemoryBackend

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEAD = "Project,#,Title,Status,Created,Closed\n"
WEB = "".join(f"Web,{number},Page {number},Open,2026-05-0{number},\n" for number in range(1, 6))
APP = "".join(f"App,{number},View {number},Done,2026-05-0{number},2026-05-1{number}\n" for number in range(1, 6))


def read(text: str) -> Imported:
    return read_file(text.encode(), ColumnMapping(), ZoneInfo("UTC"), NOW)


def keys(imported: Imported) -> list[str]:
    return [issue.key for issue in imported.issues]


@pytest.mark.parametrize("project", ["Project", "Projekt", "repository", "Repo"])
@pytest.mark.parametrize("number", ["#", "number", "Nr", "ID"])
def test_numbers_that_stand_again_in_another_project_make_keys_of_both(project: str, number: str) -> None:
    imported = read(f"{project},{number},Title,Status,Created,Closed\n{WEB}{APP}")
    assert keys(imported) == [*(f"Web-{n}" for n in range(1, 6)), *(f"App-{n}" for n in range(1, 6))]
    assert imported.rejected == ()
    assert imported.warnings == (
        f"The numbers in {number} stand again under another name in {project}, so the keys are made of both: Web-1.",
    )


def test_numbers_of_one_project_or_of_all_stay_the_keys() -> None:
    assert keys(read(HEAD + WEB)) == ["1", "2", "3", "4", "5"]
    assert keys(read(HEAD + WEB + "App,6,View,Open,2026-05-06,\n"))[-1] == "6"


def test_rows_that_stand_twice_in_one_project_are_left_out() -> None:
    twice = read(HEAD + WEB + WEB)
    assert (keys(twice), len(twice.rejected)) == (["1", "2", "3", "4", "5"], 5)


def test_the_same_item_in_the_lists_of_two_teams_is_one() -> None:
    text = (HEAD + WEB + APP).replace("Project,", "Team,")
    assert len(read(text).issues) == 5


def test_parents_and_blockers_are_those_of_the_own_project() -> None:
    head = "Project,#,Title,Parent,Blocked by,Created,Closed\n"
    rows = "".join(f"{project},{n},x,,,2026-05-01,\n" for project in ("Web", "App") for n in (1, 2))
    child, other = read(f'{head}{rows}Web,3,x,1,"1, 2",2026-05-01,\nApp,3,x,2,OPS-1,2026-05-01,\n').issues[-2:]
    assert (child.key, child.parent, child.extras[BLOCKED_BY]) == ("Web-3", "Web-1", ["Web-1", "Web-2"])
    assert (other.key, other.parent, other.extras[BLOCKED_BY]) == ("App-3", "App-2", ["OPS-1"])


def test_dates_of_stages_belong_to_the_item_of_their_own_project() -> None:
    head = "Project,ID,Title,Analysis,Development,Test,Done\n"
    rows = "".join(
        f"{project},{n},x,2026-0{month}-01,2026-0{month}-03,2026-0{month}-05,2026-0{month}-07\n"
        for project, month in (("Web", 3), ("App", 4))
        for n in range(1, 6)
    )
    imported = read(head + rows)
    assert len(imported.issues) == 10
    months = {(change.issue_key[:3], f"{change.at:%m}") for change in imported.changes}
    assert months == {("Web", "03"), ("App", "04")}


# -- from import to import ------------------------------------------------------------------------------


def import_into(backend: MemoryBackend, text: str) -> ImportResult:
    return import_bytes(backend, text.encode(), "all.csv", now=NOW, query_name="All")


def listed(backend: MemoryBackend, result: ImportResult) -> dict[str, Issue]:
    return {issue.key: issue for issue in backend.list_issues(result.ref)}


def test_the_next_export_is_known_by_the_same_keys_though_no_number_repeats_in_it() -> None:
    backend = MemoryBackend()
    _ = import_into(backend, HEAD + WEB + APP)
    result = import_into(backend, HEAD + WEB.replace("Open", "Blocked") + "Web,6,Page 6,Open,2026-05-20,\n")
    assert len(listed(backend, result)) == 11
    assert listed(backend, result)["Web-3"].status == "Blocked"
    assert (result.new, result.changed) == (1, 5)


def test_a_list_that_knows_bare_numbers_keeps_them_and_the_report_says_what_to_do() -> None:
    backend = MemoryBackend()
    _ = import_into(backend, HEAD + WEB)
    result = import_into(backend, HEAD + WEB + APP)
    assert [*listed(backend, result)] == ["1", "2", "3", "4", "5"]
    assert len(result.rejected) == 5
    assert "To keep all, import the file into a new work list" in " ".join(result.warnings)
