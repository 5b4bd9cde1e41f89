"""Whoever asks is told the same: the file of a page, that of the command line, and the report, view by view."""

from __future__ import annotations

import csv
import html
import io
import json
from datetime import date
from pathlib import Path

import pytest

from app.cli.folder import reading, writing
from app.domain.analysis import ASKED_FOR, SUBJECTS
from app.factory import create_app
from app.output.csv import to_csv
from app.output.sections import _written
from app.views import VIEWS
from app.views.signals import signals
from app.web.page import visit_of
from app.words.formats import Formats
from store.documents import with_budget
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
        ctx.backend.replace_milestones(profile.id, [Milestone("Beta", date(2026, 4, 20), ("version=1.0",))])
    return burndown


def test_every_subject_of_a_team_with_everything_is_told_alike_as_document_table_and_record(team: Burndown) -> None:
    told = said_alike(team, AS_OF)
    # No deadline is set, and twelve weeks are too few to judge a forecast of the past.
    lacking = {name for name, subject in told.items() if "not_enough_data" in subject}
    assert lacking <= {"decisions", "track_record", "agreement"}


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_a_view_s_rows_are_the_same_on_its_page_on_the_command_line_and_in_the_report(varied: Burndown) -> None:  # noqa: F811
    assert compared(varied) >= {"progress", "how-much", "what-if", "scope", "age", "cycle-time", "throughput", "bugs"}


def test_of_a_team_with_everything_all_views_are_compared(team: Burndown) -> None:
    assert compared(team) == {view.id for view in VIEWS if view.rows is not None}


def compared(told: Burndown) -> set[str]:
    """The views whose rows are the same everywhere; raises for one whose rows are not."""
    compared = set()
    with reading(DataFolder(Path(told.folder), "argument", writable=True)) as ctx:
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
                assert page == table(told("data", "--panel", view.id, "--out", "-", "--as-of", AS_OF)["csv"]), view.id
            report = html.unescape(browser.get(f"/_report?{address}&section={view.id}").get_data(as_text=True))
            # The report says signals as sentences, those that need a look in front.
            if view.id == "signals":
                # A percent sign stands behind a space at which a line must not break.
                said = [" ".join(str(one).split()) for one in signals(scene)]
                report = " ".join(report.split())
            else:
                said = [_written(cell, scene) for cells in rows.cells[-20:] for cell in cells]
            assert [each for each in said if each not in report] == [], view.id
            compared.add(view.id)
    return compared
