"""The columns of lists of issues."""

from __future__ import annotations

from app.views.columns import listed, usual_columns
from app.views.view import Behind, Scene
from tests.pages.sample import REF, sample_context


def test_a_column_that_a_view_adds_to_the_usual_ones_stands_there_once() -> None:
    scene = Scene(sample_context().analysis(REF))
    rows = listed(scene, Behind("Left", keys=("S-101", "S-102"), why="not done"))
    names = [column.name for column in usual_columns(rows, scene, ("age", "in-status", "created"))]
    assert names == ["key", "summary", "type", "status", "age", "created", "why"]
