"""`undo`: what it lists, what it takes back, and that nothing that waits is counted or handed on."""

from __future__ import annotations

import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.actions import deleted
from app.cli import main
from app.context import Context, utc_now
from app.jobs import Jobs
from store.opening import open_store
from store.paths import DataFolder
from store.records import QueryRef
from store.sqlite import backup
from tests.cli.test_cli import Burndown

HEADER = "Key,Summary,Status,Created,Resolved\n"
FIRST = HEADER + "A-1,one,Done,2026-01-05,2026-01-12\nA-2,two,To Do,2026-01-06,\n"
SECOND = HEADER + "A-1,one,Done,2026-01-05,2026-01-12\nA-2,two,Done,2026-01-06,2026-01-20\nA-3,new,To Do,2026-01-19,\n"


@pytest.fixture
def burndown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Burndown:
    return Burndown(tmp_path / "profiles", capsys)


def imported(burndown: Burndown, folder: Path, name: str, content: str, query: str = "All") -> dict[str, Any]:
    (folder / name).write_text(content, encoding="utf-8")
    return burndown("import", str(folder / name), "--profile", "Team", "--query", query)


def deleted_by(burndown: Burndown, profile_id: str, query_id: str | None, at: datetime | None = None) -> None:
    """As a page does it."""
    with closing(open_store(burndown.folder, mode="write").backend) as backend:
        clock = utc_now if at is None else lambda: at
        ctx = Context(backend, Jobs(backend), burndown.folder, clock)
        if query_id is None:
            deleted.delete_project(ctx, profile_id)
        else:
            deleted.delete_work(ctx, QueryRef(profile_id, query_id))


def test_nothing_to_take_back_is_an_empty_list(burndown: Burndown) -> None:
    assert burndown("undo") == {"can_be_undone": []}
    assert not burndown.folder.exists()
    assert "nothing to take back" in burndown.text("undo")


def test_the_last_import_is_taken_back_with_its_numbers(burndown: Burndown, tmp_path: Path) -> None:
    imported(burndown, tmp_path, "a.csv", FIRST)
    before = burndown("status")
    forecast = burndown("forecast", "--remaining", "5")
    imported(burndown, tmp_path, "b.csv", SECOND)
    assert burndown("status")["counts"]["issues"] == 3
    (waiting,) = burndown("undo")["can_be_undone"]
    assert (waiting["what"], waiting["profile"], waiting["query"]) == ("import of b.csv", "Team", "All")
    assert datetime.fromisoformat(waiting["until"]) - datetime.fromisoformat(waiting["at"]) == timedelta(days=30)
    done = burndown("undo", waiting["id"])
    assert (done["undone"], done["counts"]["issues"]) == (waiting["id"], 2)
    after = burndown("status")
    assert [row["issues"] for row in after["queries"]] == [row["issues"] for row in before["queries"]]
    assert burndown("forecast", "--remaining", "5") == forecast
    assert burndown("undo") == {"can_be_undone": []}
    assert "undo" in [snapshot.kind for snapshot in backup.snapshots(burndown.folder)]
    # The same file can be imported again.
    assert imported(burndown, tmp_path, "b.csv", SECOND)["new"] == 1


def test_a_first_import_takes_along_what_it_made_and_comes_back(burndown: Burndown, tmp_path: Path) -> None:
    imported(burndown, tmp_path, "a.csv", FIRST)
    (waiting,) = burndown("undo")["can_be_undone"]
    assert set(burndown("undo", waiting["id"])["counts"].values()) == {0}
    (project,) = burndown("undo")["can_be_undone"]
    assert (project["what"], project["profile"], project["query"]) == ("deleted project", "Team", None)
    assert burndown("undo", project["id"])["counts"]["issues"] == 2


def test_of_each_work_list_the_last_import_is_listed_newest_first(burndown: Burndown, tmp_path: Path) -> None:
    for name, query in (("a.csv", "All"), ("b.csv", "Other"), ("c.csv", "All")):
        imported(burndown, tmp_path, name, FIRST, query)
    listed = burndown("undo")["can_be_undone"]
    assert [(step["what"], step["query"]) for step in listed] == [
        ("import of c.csv", "All"),
        ("import of b.csv", "Other"),
    ]


def test_what_is_deleted_is_counted_and_handed_on_nowhere_until_it_is_back(burndown: Burndown, tmp_path: Path) -> None:
    kept = imported(burndown, tmp_path, "a.csv", FIRST)
    gone = imported(burndown, tmp_path, "b.csv", HEADER + "GONE-1,planted,To Do,2026-01-05,\n", "Gone")
    before = burndown("status")
    deleted_by(burndown, gone["profile_id"], gone["query_id"])
    status = burndown("status")
    assert (status["counts"]["queries"], status["counts"]["issues"]) == (1, 2)
    assert [row["query"] for row in status["queries"]] == ["All"]
    burndown("export", "--bundle", str(tmp_path / "team.zip"))
    with zipfile.ZipFile(tmp_path / "team.zip") as archive:
        assert all(b"GONE-1" not in archive.read(name) for name in archive.namelist())
    for how, folder in (("--csv", "tables"), ("--json-tree", "tree")):
        burndown("export", how, str(tmp_path / folder))
        written = [path.read_bytes() for path in (tmp_path / folder).rglob("*") if path.is_file()]
        assert not any(b"GONE-1" in content for content in written)
    assert burndown("forecast", "--query", "Gone", code=3)["outcome"] == "refused"
    assert burndown("check")["ok"]
    (waiting,) = [step for step in burndown("undo")["can_be_undone"] if step["what"] == "deleted work list"]
    burndown("undo", waiting["id"])
    after = burndown("status")
    assert after["counts"] == before["counts"]
    assert {row["query_id"] for row in after["queries"]} == {kept["query_id"], gone["query_id"]}


def test_after_thirty_days_it_is_no_longer_listed(burndown: Burndown, tmp_path: Path) -> None:
    outcome = imported(burndown, tmp_path, "a.csv", FIRST)
    deleted_by(burndown, outcome["profile_id"], None, datetime.now(UTC).replace(microsecond=0) - timedelta(days=31))
    assert burndown("undo") == {"can_be_undone": []}


def test_an_unknown_name_is_refused_and_changes_nothing(burndown: Burndown, tmp_path: Path) -> None:
    imported(burndown, tmp_path, "a.csv", FIRST)
    before = burndown("status")["counts"]
    assert "nothing called" in burndown.refused("undo", "nonsense")
    assert burndown("status")["counts"] == before


def test_an_import_that_fails_leaves_the_one_before_it_to_be_taken_back(burndown: Burndown, tmp_path: Path) -> None:
    imported(burndown, tmp_path, "a.csv", FIRST)
    listed = burndown("undo")
    (tmp_path / "bad.csv").write_text("nothing,of\nuse,here\n", encoding="utf-8")
    burndown("import", str(tmp_path / "bad.csv"), "--profile", "Team", "--query", "All", code=3)
    assert burndown("undo") == listed


# -- bundles ----------------------------------------------------------------------------------------------


def bundled(burndown: Burndown, folder: Path) -> str:
    file = str(folder / "team.zip")
    burndown("export", "--bundle", file)
    return file


def test_a_bundle_that_was_merged_is_taken_back_with_what_it_changed(burndown: Burndown, tmp_path: Path) -> None:
    imported(burndown, tmp_path, "a.csv", SECOND)
    bundle = bundled(burndown, tmp_path)
    imported(burndown, tmp_path, "b.csv", SECOND.replace("A-3,new", "A-3,renamed") + "A-4,later,To Do,2026-02-02,\n")
    before = burndown("export", "--csv", str(tmp_path / "before")), table(tmp_path / "before")
    burndown("import", bundle, "--conflict", "merge")
    (waiting,) = burndown("undo")["can_be_undone"]
    assert (waiting["what"], waiting["query"]) == ("import of a bundle", "All")
    burndown("undo", waiting["id"])
    assert (burndown("export", "--csv", str(tmp_path / "after")), table(tmp_path / "after"))[1] == before[1]


def table(folder: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*issues*.csv"))]


def test_a_bundle_that_made_a_project_is_taken_back_and_can_be_put_back(burndown: Burndown, tmp_path: Path) -> None:
    imported(burndown, tmp_path, "a.csv", FIRST)
    bundle = bundled(burndown, tmp_path)
    burndown("import", bundle, "--conflict", "copy")
    assert burndown("status")["counts"]["profiles"] == 2
    waiting = next(step for step in burndown("undo")["can_be_undone"] if step["what"] == "import of a bundle")
    burndown("undo", waiting["id"])
    assert burndown("status")["counts"]["profiles"] == 1
    assert any(step["what"] == "deleted project" for step in burndown("undo")["can_be_undone"])


def test_a_project_that_a_bundle_replaced_can_be_put_back(burndown: Burndown, tmp_path: Path) -> None:
    imported(burndown, tmp_path, "a.csv", FIRST)
    bundle = bundled(burndown, tmp_path)
    imported(burndown, tmp_path, "b.csv", SECOND)
    burndown("import", bundle, "--conflict", "replace")
    assert burndown("status")["counts"]["issues"] == 2
    gone = next(step for step in burndown("undo")["can_be_undone"] if step["what"] == "deleted project")
    burndown("undo", gone["id"])
    assert sorted(query["issues"] for query in burndown("status")["queries"]) == [2, 3]


def test_no_name_of_a_file_is_a_command_to_the_terminal(
    burndown: Burndown, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "a\x1b]52;c;cm0=\x07\x9b31m\x7f\u202eb"
    spelled = r"a\x1b]52;c;cm0=\x07\x9b31m\x7f\u202eb"
    (tmp_path / "a.csv").write_text(FIRST, encoding="utf-8")
    burndown("import", str(tmp_path / "a.csv"), "--profile", name, "--query", "All")
    assert spelled in burndown.text("status")
    assert spelled in burndown.text("undo")
    assert burndown("undo")["can_be_undone"][0]["profile"] == name
    main.main(["undo", "--json"], DataFolder(burndown.folder, "argument", writable=True))
    assert not set("\x1b\x07\x9b\x7f\u202e") & set(capsys.readouterr().out)
    assert spelled in burndown.refused("forecast", "--profile", name, "--query", f"{name}2")
