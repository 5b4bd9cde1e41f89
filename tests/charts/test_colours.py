"""Whoever cannot tell some colours apart reads every chart all the same: what stands beside each other differs in the
colours as they see them, or in dash, mark or shape.

What they see is computed as Machado, Oliveira and Fernandes do (2009, severity 1); colours are compared in CIELAB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from math import dist
from typing import Any

import pytest

from app.charts.legend import legend
from app.charts.parts import COLOURS
from app.domain.items import Unit
from app.views import VIEWS
from app.views.view import Scene
from tests.views.test_walk import FORMATS, demo
from tests.web.test_theme import colours

Triple = tuple[float, float, float]
_SEEN_BY: dict[str, tuple[Triple, Triple, Triple]] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
# Differences in CIELAB: about 2 can be seen side by side. Areas that touch need less than dots that lie apart.
_BESIDE, _ANYWHERE = 19, 13
_AREAS = 6
# In CIELAB's formula: the white of a screen, and where the root turns into a line.
_WHITE = (0.95047, 1.0, 1.08883)
_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))


def parts_of(colour: str) -> tuple[Triple, float]:
    """Red, green and blue from 0 to 1, and how much of what lies below is covered."""
    if colour.startswith("#"):
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return (red, green, blue), 1.0
    red, green, blue, *alpha = map(float, re.findall(r"[\d.]+", colour))
    return (red / 255, green / 255, blue / 255), alpha[0] if alpha else 1.0


def upon(colour: str, ground: str, cover: float = 1.0) -> Triple:
    over, alpha = parts_of(colour)
    red, green, blue = (
        a * alpha * cover + b * (1 - alpha * cover) for a, b in zip(over, parts_of(ground)[0], strict=True)
    )
    return red, green, blue


def times(matrix: tuple[Triple, Triple, Triple], values: Triple) -> Triple:
    red, green, blue = (sum(factor * value for factor, value in zip(line, values, strict=True)) for line in matrix)
    return red, green, blue


def seen(colour: Triple, matrix: tuple[Triple, Triple, Triple]) -> Triple:
    """In CIELAB."""
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour)
    light = times(matrix, (red, green, blue))
    red, green, blue = (min(1.0, max(0.0, value)) for value in light)
    x, y, z = (
        part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
        for part in (value / white for value, white in zip(times(_XYZ, (red, green, blue)), _WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(some: Triple, other: Triple) -> float:
    """How much two colours differ for whoever tells them apart the least."""
    return min(dist(seen(some, matrix), seen(other, matrix)) for matrix in _SEEN_BY.values())


def test_red_and_green_of_the_same_lightness_are_alike_to_some_and_black_and_white_to_nobody() -> None:
    assert apart(upon("#c0392b", "#ffffff"), upon("#5a7d1f", "#ffffff")) < 25
    assert apart((0, 0, 0), (1, 1, 1)) > 99


def test_the_colours_of_parts_are_told_apart_by_everybody() -> None:
    triples = [upon(colour, "#ffffff") for colour in COLOURS]
    assert min(apart(some, other) for some, other in pairwise(triples)) >= _BESIDE
    assert min(apart(some, other) for some, other in combinations(triples, 2)) >= _ANYWHERE


@pytest.fixture(scope="module", params=Unit)
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(demo(request.param), FORMATS)


def alike(style: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The colour of a sample in a legend, and what else it is told by."""
    look = dict(style)
    width, dash, colour = (look.pop("borderTop", "") + "   ").split(" ", 2) if "borderTop" in look else ("", "", "")
    colour = colour.strip() or look.pop("background", "")
    return colour, look | {"width": width, "dash": dash}


def pairs_of(figure: dict[str, Any], ground: str) -> Iterator[tuple[str, str, float]]:
    """Entries of a legend that differ in nothing but colour, and by how much."""
    for (style, name), (other_style, other_name) in pairwise(legend(figure)):
        (colour, look), (other, other_look) = alike(style), alike(other_style)
        if look == other_look and "gradient" not in colour + other:
            cover = float(look.get("opacity", 1))
            yield name, other_name, apart(upon(colour, ground, cover), upon(other, ground, cover))


@pytest.mark.parametrize("view", [view for view in VIEWS if view.figure], ids=lambda view: view.id)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_stands_beside_each_other_in_a_chart_is_told_apart(view: Any, scheme: str, scene: Scene) -> None:
    figure = view.drawn(scene) if view.needs(scene.analysis) is None else None
    if figure is None:
        pytest.skip("the sample has nothing to draw there")
    ground = colours(scheme)["card"]
    assert [pair for pair in pairs_of(figure, ground) if pair[2] < _AREAS] == []
