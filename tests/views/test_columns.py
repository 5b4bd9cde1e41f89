"""The columns of lists of issues."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.domain.flow import Flow
from app.settings import Overrides
from app.views import behind
from app.views.columns import columns_of, listed, usual_columns
from app.views.cycle_time import CYCLE_TIME
from app.views.view import Behind, Scene
from store.records import Change
from tests.pages.sample import NOW, REF, sample_context


def test_a_column_that_a_view_adds_to_the_usual_ones_stands_there_once() -> None:
    scene = Scene(sample_context().analysis(REF))
    rows = listed(scene, Behind("Left", keys=("S-101", "S-102"), why="not done"))
    names = [column.name for column in usual_columns(rows, scene, ("age", "in-status", "created"))]
    assert names == ["key", "summary", "type", "status", "age", "in-status", "created", "why"]


def test_how_long_it_took_stands_beside_what_is_finished_and_is_what_the_chart_shows() -> None:
    """Of a finished item no age is told, and the days are the number that stands beside its status on a phone."""
    scene = Scene(sample_context().analysis(REF))
    result = behind(scene, "cycle")
    assert result is not None
    rows = listed(scene, result)
    (took,) = columns_of(["took"])
    flow = scene.past.flow
    assert isinstance(flow, Flow)
    days = {each.key: each.days for each in flow.cycle_time.items}
    assert {row.item.issue.key: took.cell(row, scene) for row in rows} == days
    names = [column.name for column in usual_columns(rows, scene, CYCLE_TIME.columns)]
    assert names[4:6] == ["took", "finished"]
    still_open = listed(scene, Behind("Left", keys=("S-101",)))
    assert took.cell(still_open[0], scene) is None


def test_of_a_past_day_the_fields_are_as_they_were_known_then() -> None:
    ctx = sample_context()
    (issue,) = [replace(each, sprints=("S1", "S2"), labels=("x",)) for each in ctx.backend.list_issues(REF)
                if each.key == "S-101"]  # fmt: skip
    moves = [Change("S-101", NOW - timedelta(days=30), "sprint", "", "S1"),
             Change("S-101", NOW - timedelta(days=3), "sprint", "S1", "S1, S2")]  # fmt: skip
    ctx.backend.upsert_issues(REF, [issue], moves)
    sprint, label = columns_of(["sprint", "labels"])

    def shown(days: int) -> tuple[Any, Any]:
        as_of = (NOW - timedelta(days=days)).date() if days else None
        scene = Scene(ctx.analysis(REF, Overrides(as_of=as_of)))
        (row,) = listed(scene, Behind("Left", keys=("S-101",)))
        return sprint.cell(row, scene), label.cell(row, scene)

    assert [shown(days) for days in (0, 10, 40)] == [("S1, S2", "x"), ("S1", "x"), ("", "x")]
