"""The commands, as a script meets them: one JSON document, exit codes, and a folder that is left alone."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing, redirect_stdout
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.cli.folder import writing
from app.host.instance import hold_folder
from store.errors import Refused
from store.paths import DataFolder
from store.records import Profile
from store.sqlite import backup
from store.upkeep import utc_now
from tests.running import LAUNCHER
from tests.store.legacy.old_database import write_database
from tests.store.legacy.old_folder import write_folder

SHARED = Path(__file__).parents[2] / ".." / "shared"
TINY = SHARED / "legacy" / "tiny"
ALOY = SHARED / "real-data" / "ALOY-jira-export.csv"


class Burndown:
    """Runs commands on one data folder and reads what they print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *argv: str, code: int = 0) -> dict[str, Any]:
        assert main.main([*argv, "--json"], DataFolder(self.folder, "argument", writable=True)) == code
        out = self._capsys.readouterr().out
        return dict(json.loads(out)) if out else {}

    def text(self, *argv: str) -> str:
        assert main.main(argv, DataFolder(self.folder, "argument", writable=True)) == 0
        return self._capsys.readouterr().out

    def refused(self, *argv: str) -> str:
        assert main.main(argv, DataFolder(self.folder, "argument", writable=True)) == 3
        captured = self._capsys.readouterr()
        assert captured.out == ""
        return captured.err


@pytest.fixture
def burndown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Burndown:
    return Burndown(tmp_path / "Größe 小" / "profiles", capsys)


@pytest.fixture
def weekly(tmp_path: Path) -> Path:
    return weeks_in(tmp_path)


def weeks_in(folder: Path) -> Path:
    """26 weeks of 4 finished and 3 created items a week, ending last week."""
    monday = date.today() - timedelta(days=date.today().weekday())  # noqa: DTZ011 weeks are the machine's here
    rows = [f"{monday - timedelta(weeks=age)},4,3" for age in range(26, 0, -1)]
    file = folder / "weeks.csv"
    file.write_text("date,completed_items,created_items\n" + "\n".join(rows), encoding="utf-8")
    return file


def test_status_of_a_folder_that_does_not_exist_is_zeros_and_creates_nothing(burndown: Burndown) -> None:
    document = burndown("status")
    assert set(document["counts"].values()) == {0}
    assert document["queries"] == []
    assert document["migration"] is None
    assert document["database_bytes"] == 0
    assert not burndown.folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes only there")
def test_names_that_are_no_utf_8_are_names_too(
    capsys: pytest.CaptureFixture[str], weekly: Path, tmp_path: Path
) -> None:
    of_an_old_stick = os.fsdecode(b"m\xe4rz")
    burndown = Burndown(tmp_path / of_an_old_stick, capsys)
    file = weekly.rename(weekly.with_name(f"{of_an_old_stick}.csv"))
    burndown("import", str(file), "--project", "P")
    assert "m?rz" in str(burndown("undo")["can_be_undone"])
    burndown("check")
    burndown("forecast", "--work", "m?rz")


def test_weekly_numbers_become_a_forecast(burndown: Burndown, weekly: Path) -> None:
    document = burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    assert (document["kind"], document["rows"], document["kept"], document["rejected"]) == ("weeks", 26, 26, [])
    plain = burndown("forecast", "--remaining", "40", "--method", "plain", "--weeks", "5")
    assert plain["samples"] == [4] * 12
    assert {level: percentile["weeks"] for level, percentile in plain["percentiles"].items()} == dict.fromkeys(
        ("50", "70", "85", "95"), 10
    )
    as_of = date.fromisoformat(plain["as_of"])
    assert plain["percentiles"]["85"]["date"] == (as_of + timedelta(weeks=10)).isoformat()
    assert plain["how_many"] == {"weeks": 5, "50": 20, "70": 20, "85": 20, "95": 20}


def test_the_weeks_before_the_window_are_told_with_their_weight(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly))
    calibrated, plain = (
        burndown("forecast", "--remaining", "40", "--method", method) for method in ("calibrated", "plain")
    )
    assert calibrated["samples"] == plain["samples"] == [4] * 12
    # The older fourteen of 26 weeks have 0.538462 of the weight in a year's memory, 0.277623 in a quarter's and
    # 0.053180 in a month's. Weeks that are all alike are a pace that holds, as twelve, eight and ten teams in a hundred
    # have it: of 10,000 futures 4,000, 2,667 and 3,333 are theirs.
    assert calibrated["earlier"] == {"weeks": 14, "weight": 0.307152}
    assert plain["earlier"] == {"weeks": 0, "weight": 0.0}


def test_the_chance_of_a_day_is_in_the_document(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly))
    by = (date.today() + timedelta(weeks=30)).isoformat()  # noqa: DTZ011 as above
    document = burndown("forecast", "--remaining", "40", "--method", "plain", "--by", by)
    assert document["chance"] == {by: 1.0}


def test_the_same_question_gets_the_same_answer(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly))
    assert burndown("forecast", "--remaining", "40") == burndown("forecast", "--remaining", "40")


def test_too_little_history_is_an_answer(burndown: Burndown, tmp_path: Path) -> None:
    file = tmp_path / "issues.csv"
    file.write_text("id,title,created,finished\n1,One,2026-01-05,\n2,Two,2026-01-06,\n", encoding="utf-8")
    burndown("import", str(file))
    assert "not_enough_data" in burndown("forecast")
    assert "not_enough_data" in burndown("calibration")


@pytest.mark.parametrize(
    "named", [("--unit", "items"), ("--method", "calibrated"), ("--growth", "none"), ("--given-up", "leaves")]
)
def test_what_is_named_and_is_the_default_changes_nothing(
    burndown: Burndown, tmp_path: Path, named: tuple[str, str]
) -> None:
    today = date.today()  # noqa: DTZ011 as above
    rows = [f"{n},{today - timedelta(days=3 * n)},{today - timedelta(days=n) if n % 3 else ''}" for n in range(120)]
    file = tmp_path / "issues.csv"
    file.write_text("id,created,finished\n" + "\n".join(rows), encoding="utf-8")
    burndown("import", str(file))
    assert burndown("forecast", "--seed", "1", *named) == burndown("forecast", "--seed", "1")


@pytest.mark.slow
def test_every_answer_that_rests_on_a_day_of_tidying_up_names_it(burndown: Burndown, tmp_path: Path) -> None:
    today = date.today()  # noqa: DTZ011 as above
    usual = [f"{n},{today - timedelta(days=200)},{today - timedelta(days=4 * n + 8)}" for n in range(40)]
    swept = [f"B{n},{today - timedelta(days=200)},{today - timedelta(days=30)}" for n in range(90)]
    file = tmp_path / "issues.csv"
    rows = [*usual, *swept, f"C1,{today - timedelta(days=9)},"]
    file.write_text("id,created,finished\n" + "\n".join(rows), encoding="utf-8")
    burndown("import", str(file))
    day = str(today - timedelta(days=30))
    with_day, without = burndown("forecast"), burndown("forecast", "--sweeps", "leave-out")
    assert any(day in warning for warning in with_day["warnings"])
    assert with_day["without_sweeps"]["days"] == [day]
    assert with_day["without_sweeps"]["percentiles"] == without["percentiles"]
    assert (max(without["samples"]) < 5, without["without_sweeps"]) == (True, None)
    assert any(day in warning for warning in burndown("calibration")["warnings"])


def test_points_that_no_item_has_are_not_done_already(burndown: Burndown, tmp_path: Path) -> None:
    today = date.today()  # noqa: DTZ011 as above
    rows = [f"{n},{today - timedelta(days=90)},{today - timedelta(days=1 + n) if n < 60 else ''}" for n in range(80)]
    file = tmp_path / "issues.csv"
    file.write_text("id,created,finished\n" + "\n".join(rows), encoding="utf-8")
    burndown("import", str(file))
    assert "20 are open" in burndown("forecast", "--unit", "points")["not_enough_data"]


def test_dates_that_have_not_come_yet_make_no_hit_rate(burndown: Burndown, tmp_path: Path) -> None:
    monday = date.today() - timedelta(days=date.today().weekday())  # noqa: DTZ011 as above
    rows = [f"{monday - timedelta(weeks=14 - week)},4" for week in range(14)]
    file = tmp_path / "weeks.csv"
    file.write_text("date,completed_items\n" + "\n".join(rows), encoding="utf-8")
    burndown("import", str(file))
    document = burndown("calibration")
    assert (document["origins"], document["unresolved"], document["verdict"]) == (3, 3, "unknown")
    nothing = {"hit_rate": None, "n": 0, "wilson90": [0.0, 1.0], "pinball": None, "no_date": 0}
    assert document["levels"]["85"] == nothing


def test_an_import_keeps_a_record_of_its_forecast(burndown: Burndown, tmp_path: Path) -> None:
    today = date.today()  # noqa: DTZ011 as above
    rows = [f"{n},{today - timedelta(days=90)},{today - timedelta(days=1 + n) if n < 60 else ''}" for n in range(80)]
    file = tmp_path / "issues.csv"
    file.write_text("id,created,finished\n" + "\n".join(rows), encoding="utf-8")
    burndown("import", str(file))
    counts = burndown("status")["counts"]
    assert (counts["issues"], counts["forecasts"], counts["snapshot_weeks"]) == (80, 1, 1)


def test_a_file_that_cannot_be_understood_changes_nothing(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    burndown("import", str(weekly))
    before = burndown("status")["counts"]
    file = tmp_path / "letter.csv"
    file.write_text("Dear team,\nhow are you?\n", encoding="utf-8")
    assert burndown.refused("import", str(file))
    assert burndown("status")["counts"] == before


@pytest.mark.parametrize("name", ["burndown.db", "burndown.db-wal", "burndown.db-shm", "burndown.db-journal"])
@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 and its first bytes", b"somebody's text" * 900])
def test_what_comes_from_elsewhere_while_a_file_is_imported_is_not_tidied_away(
    tmp_path: Path, name: str, content: bytes
) -> None:
    came = tmp_path / "profiles" / name

    def save() -> None:
        with writing(DataFolder(came.parent, "argument", writable=True), at_once=True) as ctx:
            ctx.backend.save_profile(Profile("p", "Team", utc_now(), utc_now()))
            came.write_bytes(content)

    with pytest.raises(Refused, match=f"^{name} came into the data folder"):
        save()
    assert [path.name for path in came.parent.glob("burndown.db*")] == [name]
    assert came.read_bytes() == content


def test_a_refused_file_leaves_no_new_folder(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    letter, photos = tmp_path / "letter.csv", tmp_path / "photos.zip"
    letter.write_text("Dear team,\nhow are you?\n", encoding="utf-8")
    with zipfile.ZipFile(photos, "w") as archive:
        archive.writestr("photo.txt", "smile")
    burndown.refused("import", str(letter))
    burndown.refused("import", str(photos))
    burndown.refused("import", str(weekly), "--query", "x" * 201)
    assert not burndown.folder.exists()


def test_one_of_a_thing_is_said_in_the_singular(burndown: Burndown, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("date,completed_items\n2026-01-05,4\n", encoding="utf-8")
    burndown("import", str(file))
    assert "0 issues, 0 changes, 1 weekly row, " in burndown.text("status")


def test_shares_are_printed_without_a_binary_tail(burndown: Burndown, tmp_path: Path) -> None:
    monday = date.today() - timedelta(days=date.today().weekday())  # noqa: DTZ011 as above
    rows = [f"{monday - timedelta(weeks=26 - week)},{3 + week % 3}" for week in range(26)]
    file = tmp_path / "weeks.csv"
    file.write_text("date,completed_items\n" + "\n".join(rows), encoding="utf-8")
    burndown("import", str(file))
    day = date.today() + timedelta(weeks=15)  # noqa: DTZ011 as above
    document = burndown("forecast", "--remaining", "60", "--by", str(day), "--trials", "3001")
    (chance,) = document["chance"].values()
    assert 0 < chance < 1
    assert chance == round(chance, 6)


def test_a_query_that_does_not_exist_is_named_with_those_that_do(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    message = burndown.refused("forecast", "--query", "Nothing")
    assert "'Nothing'" in message
    assert "Team / Everything" in message


def test_a_query_name_in_two_profiles_needs_the_profile(burndown: Burndown, weekly: Path) -> None:
    for profile in ("One", "Two", "Three"):
        burndown("import", str(weekly), "--profile", profile, "--query", "Everything")
    burndown("import", str(weekly), "--profile", "Three", "--query", "Other")
    assert burndown("forecast", "--query", "Other", "--remaining", "4")
    assert burndown("forecast", "--profile", "One", "--query", "Everything", "--remaining", "4")
    burndown("import", str(weekly), "--profile", "Four", "--query", "Alone")
    assert "--profile" in burndown.refused("forecast", "--query", "Everything")


def test_a_command_that_writes_is_refused_while_the_folder_is_held(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly))
    with hold_folder(burndown.folder):
        assert "running" in burndown.refused("import", str(weekly))
        assert burndown("status")["counts"]["statistics"] == 26
        assert burndown("forecast", "--remaining", "40")["remaining"] == 40


def test_only_the_database_is_left_after_a_command(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly))
    burndown("status")
    names = {path.name for path in burndown.folder.iterdir()}
    assert "burndown.db" in names
    assert not {name for name in names if name.startswith("burndown.db-") or name.endswith((".lock", ".json"))}


def test_a_command_takes_the_backup_of_the_one_before_it_for_its_own(burndown: Burndown, tmp_path: Path) -> None:
    """Statistics that are renewed once more after the backup lie in another order."""
    export = tmp_path / "export.csv"
    rows = "".join(f"A-{n},Item,Open,To Do,2026-01-10T08:00:00Z\n" for n in range(3))
    export.write_text(f"Issue key,Summary,Status,Status Category,Created\n{rows}", encoding="utf-8")
    for _ in range(2):
        burndown("import", str(export))
    kinds = sorted(file.name.rpartition("Z-")[2] for file in (burndown.folder / "backups").iterdir())
    assert kinds in (["exit.db", "exit.db"], ["exit-2.db", "exit.db"])


def test_a_backup_can_be_made_where_one_wants_it(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    burndown("import", str(weekly))
    document = burndown("backup", "--to", str(tmp_path / "copy.db"))
    assert (tmp_path / "copy.db").stat().st_size == document["bytes"] > 0
    inside = burndown("backup")
    assert Path(inside["file"]).parent == burndown.folder / "backups"


def test_no_backup_is_made_that_could_not_be_put_back(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    burndown("import", str(weekly))
    with closing(sqlite3.connect(burndown.folder / "burndown.db")) as connection:
        connection.executescript("DROP TABLE app_state; CREATE VIEW app_state AS SELECT 1 AS key, 2 AS value")
    assert "not as Burndown makes it: app_state" in burndown.refused("backup", "--to", str(tmp_path / "b.db"))
    assert not (tmp_path / "b.db").exists()


def test_check_finds_nothing_wrong_with_a_good_folder(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly))
    assert burndown("check") == {"ok": True, "problems": []}


def test_check_tells_of_a_damaged_database(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly))
    database = burndown.folder / "burndown.db"
    content = bytearray(database.read_bytes())
    content[4096 * 2 : 4096 * 6] = bytes(4096 * 4)
    database.write_bytes(content)
    document = burndown("check", code=3)
    assert not document["ok"]
    assert document["problems"]


def test_people_get_sentences(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    assert "Team / Everything: 0 issues" in burndown.text("status")
    assert "85 % sure: done by" in burndown.text("forecast", "--remaining", "40")
    assert "in order" in burndown.text("check")


@pytest.mark.skipif(not TINY.exists(), reason="needs the shared legacy folders")
def test_an_old_folder_is_taken_over_whole_and_left_as_it_was(burndown: Burndown, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(TINY, old)
    before = {path: path.read_bytes() for path in old.rglob("*") if path.is_file()}
    report = burndown("migrate", str(old))
    assert report["outcome"] == "migrated"
    document = burndown("status")
    assert {name: document["counts"][name] for name in report["counts"]} == report["counts"]
    assert document["counts"] == {
        "profiles": 1,
        "queries": 1,
        "issues": 48,
        "issue_changes": 135,
        "statistics": 14,
        "snapshot_weeks": 14,
        "snapshot_records": 112,
        "forecasts": 0,
    }
    assert document["queries"][0]["profile"] == "Tiny – Größe 小"
    assert {path: path.read_bytes() for path in old.rglob("*") if path.is_file()} == before
    assert burndown("migrate", str(old))["outcome"] == "nothing to do"


@pytest.mark.skipif(not TINY.exists(), reason="needs the shared legacy folders")
def test_taking_over_into_a_folder_with_data_asks_first(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly))
    before = burndown("status")["counts"]
    assert burndown("migrate", str(TINY), code=3)["outcome"] == "refused"
    assert burndown("status")["counts"] == before
    assert burndown("migrate", str(TINY), "--as-new-profile")["outcome"] == "migrated"
    assert burndown("status")["counts"]["profiles"] == 2


@pytest.mark.skipif(not ALOY.exists(), reason="needs the shared real data")
def test_the_real_export_forecasts_what_was_known_that_day(burndown: Burndown) -> None:
    document = burndown("import", str(ALOY))
    assert (document["kept"], document["rows"], document["rejected"]) == (1499, 1499, [])
    # The numbers of its README count every resolution; duplicates and the like are no throughput unless asked for.
    as_then = ("forecast", "--as-of", "2014-01-06", "--remaining", "40", "--method", "plain")
    plain = burndown(*as_then, "--given-up", "done")
    assert plain["samples"] == [3, 4, 8, 9, 3, 3, 0, 5, 1, 3, 1, 1]
    assert [plain["percentiles"][level]["weeks"] for level in ("50", "70", "85", "95")] == [12, 14, 15, 17]
    assert plain["percentiles"]["85"]["date"] == "2014-04-21"
    assert burndown("forecast", "--as-of", "2014-01-06")["remaining"] == 190
    assert sum(burndown(*as_then)["samples"]) < sum(plain["samples"])


# -- putting back, handing on ---------------------------------------------------------------------------


def test_a_snapshot_is_put_back_and_what_was_there_set_aside(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    saved = burndown("backup")["file"]
    burndown("import", str(weekly), "--profile", "Other", "--query", "Everything")
    document = burndown("restore", saved)
    assert set(document) == {"restored", "set_aside"}
    assert Path(document["restored"]) == burndown.folder / "burndown.db"
    assert (Path(document["set_aside"]) / "burndown.db").is_file()
    assert [row["profile"] for row in burndown("status")["queries"]] == ["Team"]
    assert burndown("check")["ok"]


def test_a_snapshot_is_found_by_its_name_in_the_data_folder(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly))
    name = Path(burndown("backup")["file"]).name
    burndown("import", str(weekly), "--query", "Later")
    burndown("restore", f"backups/{name}")
    assert [row["query"] for row in burndown("status")["queries"]] == ["weeks"]


def test_restoring_into_an_empty_folder_sets_nothing_aside(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    saved = burndown("backup", "--to", str(tmp_path / "saved.db"))["file"]
    burndown.folder = tmp_path / "another"
    assert burndown("restore", saved)["set_aside"] is None
    assert burndown("status")["counts"]["statistics"] == 26


def test_what_is_no_snapshot_is_refused(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    before = (burndown.folder / "burndown.db").read_bytes()
    assert "not a backup" in burndown.refused("restore", str(weekly))
    assert "no file" in burndown.refused("restore", str(weekly) + ".absent")
    assert "not a backup" in burndown.refused("restore", str(weekly.parent))
    assert "not a backup" in burndown.refused("restore", ".")
    assert (burndown.folder / "burndown.db").read_bytes() == before


def test_a_bundle_whose_end_is_missing_is_called_that_and_no_excel_workbook(
    burndown: Burndown, weekly: Path, tmp_path: Path
) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "All")
    file = tmp_path / "team.zip"
    burndown("export", "--bundle", str(file))
    file.write_bytes(file.read_bytes()[:-40])
    assert "This bundle is cut off" in burndown.refused("import", str(file))


def test_a_merge_without_room_for_the_backup_before_it_says_so(
    burndown: Burndown, weekly: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not TINY.is_dir():
        pytest.skip("the shared examples are not here")
    burndown("import", str(weekly), "--profile", "Team", "--query", "All")
    for snapshot in (burndown.folder / "backups").iterdir():
        snapshot.unlink()
    monkeypatch.setattr(backup, "_SPARE_BYTES", 10**18)
    assert main.main(["migrate", str(TINY), "--merge"], DataFolder(burndown.folder, "argument", writable=True)) == 0
    warning = capsys.readouterr().err
    assert "No backup could be made before the changes: the disk is too full for it; make room." in warning
    assert "The changes are saved, but no backup could be made of them" in warning


@pytest.mark.parametrize(
    "argv",
    [
        ["migrate", "/nowhere"],
        ["import", "/nowhere.csv"],
        ["restore", "/nowhere.db"],
        ["backup"],
        ["forecast"],
        ["export", "--csv", "x", "--profile", "y"],
    ],
)
def test_a_refusal_with_json_is_one_document_and_the_message_is_on_standard_error_too(
    burndown: Burndown, capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    assert main.main([*argv, "--json"], DataFolder(burndown.folder, "argument", writable=True)) == 3
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert document["outcome"] == "refused"
    assert document["error"] == printed.err.strip() != ""


def test_something_unexpected_with_json_is_one_document_too(
    burndown: Burndown, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(main, "_run", broken)
    assert main.main(["status", "--json"], DataFolder(burndown.folder, "argument", writable=True)) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["outcome"] == "failed"
    assert "Something unexpected happened" in printed.err


@pytest.mark.skipif(not TINY.is_dir(), reason="the shared examples are not here")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_migrate_onto_data_without_a_word_how_says_on_standard_error_what_to_do(
    burndown: Burndown, weekly: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "All")
    assert main.main(["migrate", str(TINY), *more], DataFolder(burndown.folder, "argument", writable=True)) == 3
    printed = capsys.readouterr()
    assert "Say --merge" in printed.err
    assert (json.loads(printed.out)["outcome"] == "refused") if more else printed.out == ""


def test_problems_found_by_check_with_json_are_on_standard_error_too(
    burndown: Burndown, capsys: pytest.CaptureFixture[str]
) -> None:
    burndown.folder.mkdir(parents=True)
    (burndown.folder / "burndown.db").write_bytes(b"no database")
    assert main.main(["check", "--json"], DataFolder(burndown.folder, "argument", writable=True)) == 3
    printed = capsys.readouterr()
    assert json.loads(printed.out)["problems"] == [printed.err.strip()]


def test_nothing_is_restored_while_the_app_holds_the_folder(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    saved = burndown("backup")["file"]
    with hold_folder(burndown.folder):
        assert "Burndown is running" in burndown.refused("restore", saved)


def test_a_bundle_carries_one_profile_to_another_folder(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    burndown("import", str(weekly), "--profile", "Other", "--query", "Everything")
    file = tmp_path / "team.zip"
    document = burndown("export", "--bundle", str(file), "--profile", "team")
    assert document["files"] == [str(file)]
    assert (document["counts"]["profiles"], document["counts"]["statistics"]) == (1, 26)
    forecast = burndown("forecast", "--profile", "Team", "--seed", "1")
    burndown.folder = tmp_path / "another"
    imported = burndown("import", str(file))
    assert (imported["kind"], imported["profiles"], imported["queries"]) == ("bundle", ["Team"], 1)
    assert burndown("forecast", "--seed", "1") == forecast


def test_a_profile_that_is_here_already_needs_a_word(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    file = str(tmp_path / "all.zip")
    burndown("export", "--bundle", file)
    assert "here already" in burndown.refused("import", file)
    assert burndown("status")["counts"]["profiles"] == 1
    assert burndown("import", file, "--conflict", "merge")["profiles"] == ["Team"]
    assert burndown("import", file, "--conflict", "replace")["profiles"] == ["Team"]
    assert burndown("import", file, "--conflict", "copy")["profiles"] == ["Team (2)"]
    counts = burndown("status")["counts"]
    assert (counts["profiles"], counts["statistics"]) == (2, 52)


def test_a_file_that_is_no_bundle_is_not_overwritten_by_one(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    before = weekly.read_bytes()
    assert "not a bundle" in burndown.refused("export", "--bundle", str(weekly))
    assert weekly.read_bytes() == before


def test_a_zip_that_is_no_bundle_changes_nothing(burndown: Burndown, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photo.txt", "smile")
    assert "not a Burndown bundle" in burndown.refused("import", str(tmp_path / "photos.zip"))
    assert burndown("status")["counts"]["profiles"] == 0


def test_options_that_do_not_go_together_are_told(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    burndown("export", "--bundle", str(tmp_path / "all.zip"))
    assert "--query" in burndown.refused("import", str(tmp_path / "all.zip"), "--query", "Mine")
    assert "for bundles" in burndown.refused("import", str(weekly), "--conflict", "copy")
    assert "no profile 'Nobody'" in burndown.refused(
        "export", "--bundle", str(tmp_path / "x.zip"), "--profile", "Nobody"
    )


def test_the_old_app_s_layout_is_written_and_taken_over_again(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    burndown("import", str(weekly), "--profile", "Größe 小", "--query", "Everything")
    document = burndown("export", "--json-tree", str(tmp_path / "tree"))
    assert all(Path(file).is_file() for file in document["files"])
    assert "not empty" in burndown.refused("export", "--json-tree", str(tmp_path / "tree"))
    burndown.folder = tmp_path / "another"
    migrated = burndown("migrate", str(tmp_path / "tree"))
    assert migrated["counts"] == document["counts"]
    assert burndown("status")["queries"][0]["profile"] == "Größe 小"


def test_tables_are_written_for_every_query(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "Everything")
    document = burndown("export", "--csv", str(tmp_path / "tables"))
    (weeks,) = [Path(file) for file in document["files"] if file.endswith("weeks.csv")]
    assert len(weeks.read_text(encoding="utf-8-sig").splitlines()) == 27
    assert document["counts"]["statistics"] == 26
    assert "--profile" in burndown.refused("export", "--csv", str(tmp_path / "more"), "--profile", "Team")


def test_unclear_dates_are_resolved_by_a_mapping_and_the_command_says_so(burndown: Burndown, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("id,Opened\n1,03/04/2025\n", encoding="utf-8")
    refusal = burndown.refused("import", str(file)).strip()
    assert refusal == (
        "Opened: 03/04/2025 can be day/month or month/day, and no date in the file decides it. "
        'Say which with "date_order": "dmy" or "mdy" in a mapping (--mapping FILE).'
    )


# -- an old installation beside data of ours --------------------------------------------------------------


def test_an_old_installation_beside_data_of_ours_is_named_and_not_taken_over(burndown: Burndown, weekly: Path) -> None:
    burndown("import", str(weekly), "--profile", "Team", "--query", "All")
    assert burndown("status")["old_folder"] is None
    write_folder(burndown.folder.parent, 3)
    for command in ("status", "check"):
        old_folder = burndown(command)["old_folder"]
        assert old_folder["folder"] == str(burndown.folder.parent)
        assert old_folder["layouts"] == ["profiles"]
        for text in (old_folder["message"], burndown.text(command)):
            assert "--merge" in text
            assert "--as-new-profile" in text
    assert burndown("check")["ok"] is True
    assert burndown("status")["counts"]["profiles"] == 1
    assert burndown("migrate", str(burndown.folder.parent), "--merge")["outcome"] == "migrated"
    assert burndown("status")["old_folder"] is None


def test_a_database_of_the_earlier_app_that_was_set_aside_is_named_and_can_be_migrated(
    burndown: Burndown, weekly: Path
) -> None:
    burndown.folder.mkdir(parents=True)
    write_database(burndown.folder / "burndown.db")
    burndown("import", str(weekly), "--profile", "Team", "--query", "All")
    assert "next start of Burndown" in burndown("status")["old_folder"]["message"]
    assert burndown("migrate", str(burndown.folder.parent), "--merge")["counts"]["issues"] == 2
    assert burndown("status")["old_folder"] is None


def test_a_row_that_is_wrong_as_a_whole_is_named_without_a_column(burndown: Burndown, tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text("Key,Created,Labels\nA-1,2026-03-02,x\nA-2,2026-03-02,x,y\n", encoding="utf-8")
    assert "\nrow 3: has 4 cells, the header 3" in burndown.text("import", str(tmp_path / "wide.csv"))


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no names in folders there")
def test_what_need_not_end_is_refused_in_words_and_not_read(burndown: Burndown, weekly: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.zip"
    os.mkfifo(pipe)
    burndown("import", str(weekly))
    for command in (("import", str(pipe)), ("import", str(weekly), "--mapping", str(pipe))):
        assert "is a device or a pipe and not a file" in burndown.refused(*command)
    for options in (["data", "--panel", "throughput.weeks", "--out"], ["export", "--bundle"]):
        assert str(pipe) in burndown.refused(*options, str(pipe))
    assert pipe.is_fifo()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no names in folders there")
@pytest.mark.parametrize("command", [["data", "--panel", "throughput.weeks", "--out"], ["report", "--out"]])
def test_a_name_that_no_file_can_have_is_no_question_of_the_drive(
    burndown: Burndown, weekly: Path, tmp_path: Path, command: list[str]
) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    (tmp_path / "folder.html").mkdir()
    burndown("import", str(weekly))
    for name in ("pipe", "folder", "x" * 300, "weeks.csv/rows"):
        refusal = burndown.refused(*command, str(tmp_path / f"{name}.html"))
        assert refusal.rstrip().endswith("Choose another name.")
        assert "drive" not in refusal


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[" * 100_000, "is nested too deeply."),
        (b'{"totals":\n tru}', "is no JSON from line 2, column 2 on. Name a JSON file such as"),
        (b'\xef\xbb\xbf{"totals"', "is no JSON from line 1, column 10 on."),
        (b'{"created": "Ge\xf6ffnet"}', "is not written as UTF-8."),
        (b"\xef\xbb\xbf[]", "must be a JSON object"),
        (b"9" * 5000, "holds a number that is too large."),
        (b" " * 1_000_001, "too large"),
    ],
)
def test_a_mapping_that_is_none_is_refused_in_words(
    burndown: Burndown, weekly: Path, tmp_path: Path, content: bytes, expected: str
) -> None:
    (tmp_path / "mapping.json").write_bytes(content)
    refusal = burndown.refused("import", str(weekly), "--mapping", str(tmp_path / "mapping.json"))
    assert expected in refusal
    assert "codec" not in refusal
    assert "Expecting" not in refusal


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_mapping_is_read_as_editors_and_shells_write_it(
    burndown: Burndown, weekly: Path, tmp_path: Path, encoding: str
) -> None:
    (tmp_path / "mapping.json").write_bytes('{"totals": false}\r\n'.encode(encoding))
    burndown("import", str(weekly), "--mapping", str(tmp_path / "mapping.json"))


@pytest.fixture(scope="module")
def here_and_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two data folders with a backup each, for who changes neither."""
    folder = tmp_path_factory.mktemp("folders")
    here, elsewhere = folder / "here", folder / "elsewhere"
    for command in (["import", str(weeks_in(folder))], ["backup", "--to", str(here / "backups" / "kept.db")]):
        with redirect_stdout(StringIO()):
            assert main.main(command, DataFolder(here, "argument", writable=True)) == 0
    shutil.copytree(here, elsewhere)
    return here, elsewhere


@pytest.mark.parametrize(
    "name",
    ["burndown.db", "burndown.db-wal", "BURNDOWN.DB-journal", "burndown.db-shm", "secrets.json", "team.json",
     "burndown.lock", "README.txt", "backups/kept.db", "secrets.json.", "jira-ca-000000000000.pem"],
)  # fmt: skip
@pytest.mark.parametrize(
    "command", [("data", "--panel", "burndown", "--out"), ("backup", "--to"), ("export", "--bundle")]
)
def test_nothing_that_is_written_out_takes_the_place_of_data(
    here_and_elsewhere: tuple[Path, Path], capsys: pytest.CaptureFixture[str], command: tuple[str, ...], name: str
) -> None:
    """Neither here nor in another data folder."""
    if command[0] == "backup" and name.startswith("backups/"):
        # A backup in the place of an older one is what somebody asks for.
        return
    for folder in here_and_elsewhere:
        before = _contents(folder)
        assert Burndown(here_and_elsewhere[0], capsys).refused(*command, str(folder / name))
        assert _contents(folder) == before


@pytest.mark.parametrize("name", ["burndown.db-journal", "burndown.db-wal", "burndown.lock", "secrets.json", "logs"])
@pytest.mark.parametrize("kind", ["--csv", "--json-tree"])
def test_no_folder_is_written_under_the_name_of_what_is_kept(
    burndown: Burndown, weekly: Path, kind: str, name: str
) -> None:
    """It would keep the database beside it from being opened."""
    burndown("import", str(weekly))
    target = burndown.folder / name
    shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
    assert "has the name of, data that Burndown keeps" in burndown.refused("export", kind, str(target))
    assert not target.exists()
    burndown("status")


@pytest.mark.parametrize("path", ["", ".", "/", ".."])
@pytest.mark.parametrize("command", [("data", "--panel", "burndown", "--out"), ("export", "--bundle")])
def test_a_path_without_a_name_is_refused_in_words(
    burndown: Burndown,
    weekly: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    path: str,
) -> None:
    burndown("import", str(weekly))
    monkeypatch.chdir(tmp_path)
    assert burndown.refused(*command, path)


def _contents(folder: Path) -> dict[Path, bytes]:
    kept = (each for each in folder.rglob("*") if each.is_file() and not each.name.endswith((".log", "-shm", "-wal")))
    return {each: each.read_bytes() for each in kept}


def test_wrong_usage_is_said_into_a_pipe_that_nobody_reads() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run([*LAUNCHER, "export", "--json"], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert ended.returncode == 2
    assert b"Traceback" not in ended.stderr
    assert b"Broken" not in ended.stderr


@pytest.mark.parametrize("way", ["--bundle", "--csv", "--json-tree"])
def test_an_export_to_no_name_is_refused_in_words(burndown: Burndown, weekly: Path, way: str) -> None:
    burndown("import", str(weekly))
    assert burndown.refused("export", way, "")


@pytest.mark.parametrize("command", [("export", "--bundle"), ("backup", "--to"), ("restore",), ("import",)])
def test_a_name_longer_than_any_can_be_is_refused_in_words(
    burndown: Burndown, weekly: Path, command: tuple[str, ...]
) -> None:
    burndown("import", str(weekly))
    assert burndown.refused(*command, str(weekly.with_name("z" * 5000)))
