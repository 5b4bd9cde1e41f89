"""`metrics` and `data` as a script meets them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.cli import metrics
from app.cli.folder import reading
from app.domain.analysis import ASKED_FOR, SUBJECTS
from app.domain.recorded import recorded
from app.output.document import document, rows
from app.settings import Overrides
from app.views import VIEWS
from app.views.view import Place, Rows, View
from store.paths import DataFolder
from tests.cli.test_cli import SHARED, Burndown

# A file names sprints without their dates, and no deployments.
_WANTING = ("money", "this-sprint", "velocity", "carried-over", "delivery")
HELPDESK = SHARED / "real-data" / "helpdesk-history.jsonl.gz"
ISSUES = """key,type,created,finished,points
A-1,Bug,2026-03-02,2026-03-04,3
A-2,Story,2026-03-02,2026-03-10,5
A-3,Bug,2026-03-03,,1
A-4,Story,2026-03-09,,
"""


@pytest.fixture
def burndown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Burndown:
    return Burndown(tmp_path / "profiles", capsys)


@pytest.fixture
def filled(burndown: Burndown, tmp_path: Path) -> Burndown:
    file = tmp_path / "items.csv"
    file.write_text(ISSUES, encoding="utf-8")
    burndown("import", str(file), "--project", "Team", "--work", "All")
    return burndown


def test_every_subject_is_told_as_known_that_day(filled: Burndown) -> None:
    metrics = filled("metrics", "--project", "Team", "--work", "All", "--as-of", "2026-03-09")
    assert set(metrics) >= {"scope", "throughput", "burndown", "flow"}
    scope = metrics["scope"]
    assert (scope["total"], scope["done"], scope["remaining"], scope["added"]) == (3, 1, 2, 3)
    (week,) = metrics["throughput"]["weeks"]
    assert (week["start"], week["done"], week["created"], week["running"]) == ("2026-03-02", 1, 3, False)
    assert metrics["burndown"]["days"][-1] == {
        "day": "2026-03-08", "scope": 3, "done": 1, "remaining": 2, "unestimated": 0, "ideal": None
    }  # fmt: skip


def test_one_subject_in_points_and_over_all_weeks(filled: Burndown) -> None:
    metrics = filled("metrics", "--subject", "scope", "--unit", "points", "--window", "all")
    assert list(metrics) == ["scope"]
    assert (metrics["scope"]["total"], metrics["scope"]["unestimated"]) == (9, 1)


def test_the_week_under_way_is_marked(filled: Burndown) -> None:
    weeks = filled("metrics", "--subject", "throughput", "--as-of", "2026-03-11")["throughput"]["weeks"]
    assert [(week["start"], week["done"], week["running"]) for week in weeks] == [
        ("2026-03-02", 1, False),
        ("2026-03-09", 1, True),
    ]


def test_too_little_data_is_told_by_its_reason_in_each_subject(burndown: Burndown, tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text(ISSUES, encoding="utf-8")
    burndown("import", str(file))
    metrics = burndown("metrics", "--as-of", "2020-01-01")
    assert all("not_enough_data" in part for part in metrics.values())


def test_people_read_numbers_and_the_length_of_lists(filled: Burndown) -> None:
    table = filled.text("metrics", "--subject", "scope", "--as-of", "2026-03-09")
    assert "remaining: 2" in table
    assert "ledger: 2 entries" in table


def test_a_subject_that_does_not_exist_is_wrong_usage_and_the_names_are_told(filled: Burndown) -> None:
    refused = filled("metrics", "--subject", "velocity", code=2)
    assert refused["outcome"] == "wrong usage"
    assert "throughput" in refused["error"]


def test_a_part_of_the_work_is_told_alone(filled: Burndown) -> None:
    part_that_day = ("--where", "type=Bug", "--as-of", "2026-03-09")
    metrics = filled("metrics", *part_that_day)
    assert (metrics["scope"]["total"], metrics["scope"]["remaining_keys"]) == (2, ["A-3"])
    both = filled(
        "metrics", "--subject", "scope", "--where", "type=bug", "--where", "type=Story", "--where", "text~A-2"
    )
    assert both["scope"]["total"] == 1
    forecast = filled("forecast", *part_that_day, "--method", "plain")
    assert (forecast["remaining"], forecast["where"]) == (1, ["type=Bug"])
    assert forecast["pace"] == {
        "kind": "share", "whole": 1, "share": 1, "created_share": 2 / 3, "why": "its share in the last week"
    }  # fmt: skip
    assert "Of type=Bug only" in filled.text("forecast", *part_that_day)


def test_a_condition_that_cannot_be_meant_is_refused(filled: Burndown) -> None:
    assert "FIELD=VALUE" in filled("metrics", "--where", "Bug", code=2)["error"]
    assert "There are: type, status" in filled("forecast", "--where", "colour=red", code=3)["error"]
    assert "type: Bug, Story" in filled("metrics", "--where", "type=Epic")["scope"]["not_enough_data"]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_rows_behind_a_subject_are_a_table(filled: Burndown, tmp_path: Path) -> None:
    out = tmp_path / "weeks.csv"
    outcome = filled("data", "--panel", "throughput.weeks", "--out", str(out), "--as-of", "2026-03-09")
    assert outcome == {"file": str(out), "rows": 1}
    (week,) = table(out.read_text(encoding="utf-8-sig"))
    assert (week["start"], week["done"], week["created_keys"]) == ("2026-03-02", "1", "A-1 A-2 A-3")
    (printed,) = table(filled.text("data", "--panel", "throughput.weeks", "--out", "-", "--as-of", "2026-03-09"))
    assert printed == week


def test_a_subject_with_one_list_needs_no_more_than_its_name(filled: Burndown) -> None:
    assert len(table(filled("data", "--panel", "burndown", "--out", "-", "--as-of", "2026-03-09")["csv"])) == 7


@pytest.mark.slow
def test_every_view_of_the_pages_gives_its_rows_by_its_name(varied: Burndown) -> None:
    for view in (view for view in VIEWS if view.rows is not None and view.id not in SUBJECTS):
        command = ("data", "--panel", view.id, "--out", "-", "--as-of", "2026-03-23")
        if view.id in _WANTING:
            assert "There are no rows" in varied(*command, code=3)["error"], view.id
        else:
            assert varied(*command)["csv"].strip(), view.id


def test_a_view_gives_its_rows_where_the_subject_of_its_name_has_none(
    filled: Burndown, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View(Place("/health/health", "Health"), lambda scene: "", rows=lambda scene: Rows(("share",), ((0.25,),)))
    monkeypatch.setattr(metrics, "_views", lambda: (view,))
    monkeypatch.setattr(metrics, "rows", lambda shown: {})
    assert filled("data", "--panel", "health", "--out", "-")["csv"].split() == ["share", "0.25"]


def test_a_panel_that_does_not_exist_is_wrong_usage_and_the_names_are_told(filled: Burndown) -> None:
    assert "age" in filled("data", "--panel", "nothing", "--out", "-", code=2)["error"]


def test_a_list_that_does_not_exist_is_refused_and_nothing_is_written(filled: Burndown, tmp_path: Path) -> None:
    out = tmp_path / "none.csv"
    assert "scope.ledger" in filled.refused("data", "--panel", "scope.nothing", "--out", str(out), "--window", "all")
    assert not out.exists()
    assert "could not be written" in filled.refused("data", "--panel", "burndown", "--out", str(tmp_path / "no" / "x"))


def count_by_hand(as_of: str) -> dict[str, Any]:
    """A second count of the log, from nothing but its lines: what was finished, open and created by then."""
    done = created = 0
    with gzip.open(HELPDESK, "rt", encoding="utf-8") as lines:
        for line in lines:
            issue = json.loads(line)
            if issue["fields"]["created"][:10] >= as_of:
                continue
            created += 1
            moves = [
                (entry["created"], item["toString"])
                for entry in issue["changelog"]["histories"]
                for item in entry["items"]
                if item["field"] == "status" and entry["created"][:10] < as_of
            ]
            done += bool(moves) and max(moves)[1] in ("Resolved", "Closed", "Verified")
    return {"total": created, "done": done, "remaining": created - done}


@pytest.mark.slow
@pytest.mark.skipif(not HELPDESK.exists(), reason="real data lie beside the repository only")
def test_a_log_of_real_tickets_is_imported_and_counted_as_by_hand(burndown: Burndown) -> None:
    burndown("import", str(HELPDESK), "--query", "Helpdesk")
    for as_of in ("2011-01-03", "2012-06-04", "2013-07-01", "2014-01-06"):
        scope = burndown("metrics", "--subject", "scope", "--as-of", as_of)["scope"]
        assert {name: scope[name] for name in ("total", "done", "remaining")} == count_by_hand(as_of)


ORACLE = SHARED / "forecast-oracles" / "helpdesk.json"


@pytest.mark.slow
@pytest.mark.skipif(not ORACLE.exists(), reason="the oracle lies beside the repository only")
def test_flow_of_a_log_of_real_tickets_agrees_with_an_independent_count(burndown: Burndown) -> None:
    burndown("import", str(HELPDESK), "--query", "Helpdesk")
    for expected in json.loads(ORACLE.read_text(encoding="utf-8"))["expected"]:
        window = str(expected["window_weeks"] or "all")
        flow = burndown("metrics", "--subject", "flow", "--as-of", expected["as_of"], "--window", window)["flow"]
        counts = {name: count for name, count in flow["counts"].items() if count}
        oldest = sorted(flow["age"], key=lambda item: (-item["days"], item["key"]))[:5]
        assert {
            "counts": counts,
            "finished": flow["finished"],
            "with_start": flow["cycle_time"]["n"],
            "cycle_time": flow["cycle_time"]["percentiles"],
            "lead_time": flow["lead_time"]["percentiles"],
            "wip": flow["wip"]["by_status"],
            "oldest": [[item["key"], item["days"]] for item in oldest],
            "total_age": flow["wip"]["total_age"],
        } == {
            name: value for name, value in expected.items() if name not in ("as_of", "window_weeks", "straight_to_done")
        }


@pytest.fixture
def varied(burndown: Burndown, tmp_path: Path) -> Burndown:
    """Epics, versions, sprints, bugs, points and open work, over twelve weeks."""
    lines = ["key,type,status,created,finished,points,parent,fix version,sprint,priority"]
    for number in range(90):
        created, finished = (
            date(2026, 1, 5) + timedelta(days=number % 60),
            date(2026, 1, 7) + timedelta(days=number % 75),
        )
        kind = ("Bug", "Story", "Task")[number % 3]
        ended = finished if number % 5 else ""
        status = "Done" if ended else ("In Progress", "To Do")[number % 2]
        where = f"E-{number % 4}", f"1.{number % 2}", f"Sprint {number % 6}", "High"
        lines.append(",".join(map(str, (f"A-{number}", kind, status, created, ended, number % 8, *where))))
    lines += [f"E-{number},Epic,To Do,2026-01-02,,,,,," for number in range(4)]
    file = tmp_path / "varied.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    burndown("import", str(file), "--query", "All")
    return burndown


@pytest.mark.slow
def test_document_table_and_weekly_record_of_every_subject_say_the_same(varied: Burndown) -> None:
    said_alike(varied, "2026-03-23")


def said_alike(burndown: Burndown, as_of: str) -> dict[str, Any]:
    """What `metrics` tells of every subject, once it is the same as result, as table and in the weekly record."""
    that_day = ("--as-of", as_of, "--window", "all")
    metrics = burndown("metrics", *that_day)
    assert tuple(metrics) == (*SUBJECTS, *ASKED_FOR)
    # What takes long is told when it is asked for by name.
    assert all("--subject" in metrics[name]["not_enough_data"] for name in ASKED_FOR)
    metrics |= {name: burndown("metrics", *that_day, "--subject", name)[name] for name in ASKED_FOR}
    with reading(DataFolder(burndown.folder, "argument", writable=True)) as ctx:
        query = ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)[0]
        analysis = ctx.analysis(query.ref, Overrides(as_of=date.fromisoformat(as_of), window="all"))
        assert {name: document(getattr(analysis, name)) for name in metrics} == metrics
        kept = {name: recorded(name, getattr(analysis, name), analysis.known) for name in SUBJECTS}
    for name, subject in metrics.items():
        assert _differing(kept.get(name, {}).get(name, {}), subject) == [], name
        for way, expected in rows(subject).items():
            printed = burndown("data", "--panel", f"{name}.{way}", "--out", "-", *that_day)
            cells = table(printed["csv"])
            assert len(cells) == len(expected), (name, way)
            assert [_texts(row) for row in cells] == [_texts(row) for row in expected], (name, way)
    return metrics


def _differing(kept: dict[str, Any], shown: Any) -> list[str]:
    """Numbers of the record that the document tells under the same name and otherwise."""
    if not isinstance(shown, dict):
        return []
    differing = [name for name, value in kept.items() if isinstance(value, dict) and _differing(value, shown.get(name))]
    single = (name for name, value in kept.items() if name in shown and not isinstance(value, dict))
    return [*differing, *(name for name in single if kept[name] != shown[name])]


def _texts(row: dict[str, Any]) -> dict[str, str]:
    """As a cell shows it; what a row does not say is empty."""
    return {name: text for name, value in row.items() if (text := "" if value is None else _cell_text(value)) != ""}


def _cell_text(value: Any) -> str:
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text.removeprefix("'")


def test_work_that_nobody_has_counted_is_told_from_a_guess(filled: Burndown) -> None:
    that_day = ("forecast", "--as-of", "2026-03-16", "--method", "plain")
    guess = filled(*that_day, "--scope", "2-4", "--risk", "100%:1-1", "--focus", "50%")["guessed"]
    assert guess["scope"] == {"50": 4, "70": 5, "85": 5, "95": 5}
    assert guess["mean"] == pytest.approx(4)
    # As sure as can be, one a week: five at half the time take ten weeks.
    assert guess["weeks"]["95"] == 10
    split = filled(*that_day, "--split", "2")["guessed"]
    assert split["scope"]["50"] == 2 * filled(*that_day)["remaining"]
    assert "By the guess 4 items or fewer at even odds" in filled.text(*that_day, "--scope", "4")
    for wrong in (("--scope", "5-4"), ("--split", "x"), ("--risk", "30"), ("--focus", "0%")):
        assert filled(*that_day, *wrong, code=2)["error"]
    assert "guessed" not in filled(*that_day)


def test_a_sprint_is_checked_by_its_keys(filled: Burndown) -> None:
    that_day = ("forecast", "--as-of", "2026-03-16", "--method", "plain", "--weeks", "2")
    check = filled(*that_day, "--keys", "A-3, a-4 A-1 X-9")["sprint_check"]
    # One was finished in each of two weeks.
    assert (check["size"], check["chance"], check["keys"]) == (2, 1, ["A-3", "A-4"])
    assert (check["done"], check["unknown"], check["leave_out"]) == (["A-1"], ["X-9"], ["A-4", "A-3"])
    assert "All 2 of these in 2 weeks: 100%" in filled.text(*that_day, "--keys", "A-3,A-4")
    assert "--keys needs --weeks" in filled("forecast", "--keys", "A-3", code=2)["error"]
