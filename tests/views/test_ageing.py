"""Age of work: of very many items the oldest are drawn."""

from __future__ import annotations

import pytest

from app.views import ageing, view
from app.views.view import Scene
from app.words.formats import formats_for
from tests.views.test_walk import demo

AGE = view("age")


def _dots(scene: Scene) -> int:
    assert AGE.figure is not None
    figure = AGE.figure(scene)
    assert figure is not None
    dotted = (trace["x"] for trace in figure["data"] if trace.get("mode") == "markers")
    # A line of the legend alone has a dot that is nowhere.
    return sum(place is not None for places in dotted for place in places)


def test_the_oldest_are_drawn_and_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(demo(), formats_for(["en-GB"]))
    every = _dots(scene)
    assert every > 3
    assert AGE.notes is not None
    assert not any("are drawn" in note for note in AGE.notes(scene))
    monkeypatch.setattr(ageing, "_MOST_DRAWN", 3)
    assert _dots(scene) == 3
    assert "The 3 oldest are drawn." in AGE.notes(scene)
