"""The charts of sprints."""

from __future__ import annotations

from app.charts.sprints import sprint_figure
from app.charts.style import ChartText
from app.domain.items import Unit
from app.domain.sprints import Sprints
from app.views import view
from app.views.view import Scene
from app.words import read_by, reader_of
from store.records import Issue, Sprint
from tests.domain.build import analysis, at, day, facts, moves
from tests.views.test_walk import demo


def test_what_is_in_a_sprint_steps_in_every_language() -> None:
    german = reader_of(["de"])
    with read_by(german):
        figure = view("this-sprint").figure
        assert figure is not None
        drawn = figure(Scene(demo(), german.formats)) or {}
    scope = next(trace for trace in drawn["data"] if trace["name"] == "Im Sprint")
    assert scope["line"]["shape"] == "hv"


def test_on_its_first_day_a_sprint_is_drawn_to_its_planned_end() -> None:
    issues = [Issue("A", points=5, created=at("03-01"))]
    changes = moves("A", ("", ""), ("03-24", "S"), field="sprint")
    sprint = Sprint("S", "7", "active", at("03-26 00:00"), at("04-10 00:00"))
    result = analysis(facts(issues, changes, sprints=[sprint]), now=at("03-26 12:00"), unit=Unit.POINTS).sprints
    assert isinstance(result, Sprints)
    lines = {trace["name"]: trace for trace in sprint_figure(result.sprints[0], ChartText())["data"]}
    assert lines["Left"]["x"] == [day("03-25").isoformat(), day("03-26").isoformat()]
    pace = lines["Even pace"]
    assert (pace["x"][0], pace["y"][0]) == (day("03-25").isoformat(), 5.0)
    assert (pace["x"][-1], pace["y"][-1]) == (day("04-10").isoformat(), 0.0)


def test_a_sprint_without_an_even_pace_is_drawn_to_its_last_day() -> None:
    issues = [Issue("A", points=5, created=at("03-01"))]
    changes = moves("A", ("", ""), ("03-24", "S"), field="sprint")
    sprint = Sprint("S", "7", "active", at("03-23 00:00"), None)
    result = analysis(facts(issues, changes, sprints=[sprint]), now=at("03-26 12:00"), unit=Unit.POINTS).sprints
    assert isinstance(result, Sprints)
    (only,) = result.sprints
    assert not only.ideal
    lines = {trace["name"]: trace for trace in sprint_figure(only, ChartText())["data"]}
    assert "Even pace" not in lines
    assert lines["Left"]["x"][-1] == day("03-26").isoformat()
