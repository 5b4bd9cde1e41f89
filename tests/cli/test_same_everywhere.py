"""Whoever asks is told the same: the file of a page, that of the command line, and the report, view by view."""

from __future__ import annotations

import csv
import html
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.cli.folder import reading, writing
from app.domain.analysis import ASKED_FOR, SUBJECTS
from app.factory import create_app
from app.output.csv import to_csv
from app.views import VIEWS
from app.views.signals import signals
from app.views.view import cell_text
from app.web.page import visit_of
from app.words.formats import Formats
from store.documents import with_budget, with_own_deadline
from store.paths import DataFolder
from store.records import Milestone
from store.settings import BudgetTerms
from tests.cli.jira_log import team_log
from tests.cli.test_cli import Burndown
from tests.cli.test_metrics import burndown, said_alike, varied  # noqa: F401 fixtures

pytestmark = pytest.mark.slow

AS_OF = "2026-03-23"


@pytest.fixture
def team(burndown: Burndown, tmp_path: Path) -> Burndown:  # noqa: F811
    """A log with sprints, links, flags, releases, deployments and incidents, a milestone and a budget."""
    file = tmp_path / "log.json"
    file.write_text(json.dumps(team_log()), encoding="utf-8")
    burndown("import", str(file), "--query", "All")
    with writing(DataFolder(burndown.folder, "argument", writable=True)) as ctx:
        profile = ctx.backend.list_profiles()[0]
        terms = BudgetTerms(total=90_000, rate_per_week=4_000, start=date(2026, 1, 5), currency="€")
        ctx.backend.save_profile(with_budget(profile, terms))
        query = ctx.backend.list_queries(profile.id)[0]
        ctx.backend.save_query(with_own_deadline(query, (True, date(2026, 12, 31))))
        ctx.backend.replace_milestones(profile.id, [Milestone("Beta", date(2026, 4, 20), ("version=1.0",))])
    return burndown


def test_every_subject_of_a_team_with_everything_is_told_alike_as_document_table_and_record(team: Burndown) -> None:
    documents = said_alike(team, AS_OF)
    # Twelve weeks are too few to judge a forecast of the past, and what the tracker counts is known of today only.
    assert lacking(documents) <= {"track_record", "agreement"}


def test_where_the_tracker_differs_today_is_told_alike(team: Burndown) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=2)
    assert "agreement" not in lacking(said_alike(team, tomorrow.isoformat()))


def test_the_record_of_past_forecasts_is_told_alike(burndown: Burndown, tmp_path: Path) -> None:  # noqa: F811
    """Two items finished in each of sixty weeks, and some that are open."""
    lines = ["key,type,status,created,finished"]
    for number in range(130):
        finished = date(2025, 1, 6) + timedelta(days=number * 7 // 2)
        is_done = number < 120
        lines.append(f"A-{number},Story,{'Done' if is_done else 'To Do'},2025-01-02,{finished if is_done else ''}")
    file = tmp_path / "long.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    burndown("import", str(file), "--query", "All")
    assert "track_record" not in lacking(said_alike(burndown, AS_OF))


def lacking(documents: dict[str, Any]) -> set[str]:
    return {name for name, subject in documents.items() if "not_enough_data" in subject}


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_a_view_s_rows_are_the_same_on_its_page_on_the_command_line_and_in_the_report(varied: Burndown) -> None:  # noqa: F811
    assert compared(varied) >= {"progress", "how-much", "what-if", "scope", "age", "cycle-time", "throughput", "bugs"}


def test_of_a_team_with_everything_all_views_are_compared(team: Burndown) -> None:
    assert compared(team) == {view.id for view in VIEWS if view.rows is not None}


def compared(command: Burndown) -> set[str]:
    """The views whose rows are the same everywhere; raises for one whose rows are not."""
    compared = set()
    with reading(DataFolder(Path(command.folder), "argument", writable=True)) as ctx:
        query = ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)[0]
        address = f"profile={query.profile_id}&query={query.id}&as-of={AS_OF}&days=all"
        browser = create_app(ctx).server.test_client()
        scene = visit_of(ctx, f"?{address}", Formats()).scene()
        for view in VIEWS:
            if view.rows is None or view.needs(scene.analysis) is not None:
                continue
            rows = view.rows(scene)
            page = table(browser.get(f"/_csv/{view.id}?{address}").get_data().decode("utf-8-sig"))
            assert page == table(to_csv(rows.header, rows.cells)), view.id
            # A subject of the same name is told with all its parts instead.
            if view.id not in (*SUBJECTS, *ASKED_FOR):
                assert page == table(command("data", "--panel", view.id, "--out", "-", "--as-of", AS_OF)["csv"]), (
                    view.id
                )
            report = html.unescape(browser.get(f"/_report?{address}&section={view.id}").get_data(as_text=True))
            # The report says signals as sentences, those that need a look in front.
            if view.id == "signals":
                # A percent sign stands behind a space at which a line must not break.
                texts = [" ".join(str(value).split()) for value in signals(scene)]
                report = " ".join(report.split())
            else:
                texts = [cell_text(cell, scene.formats) for cells in rows.cells[-20:] for cell in cells]
            assert [each for each in texts if each not in report] == [], view.id
            compared.add(view.id)
    return compared
