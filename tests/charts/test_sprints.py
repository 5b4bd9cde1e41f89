"""The charts of sprints."""

from __future__ import annotations

from app.views import view
from app.views.view import Scene
from app.words import read_by, reader_of
from tests.views.test_walk import demo


def test_what_is_in_a_sprint_steps_in_every_language() -> None:
    german = reader_of(["de"])
    with read_by(german):
        figure = view("this-sprint").figure
        assert figure is not None
        drawn = figure(Scene(demo(), german.formats)) or {}
    scope = next(trace for trace in drawn["data"] if trace["name"] == "Im Sprint")
    assert scope["line"]["shape"] == "hv"
