"""Charts by the values of a field: the portions are the whole, and each point leads to the issues of its value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.views import behind, view
from app.views.columns import listed
from app.views.view import Scene
from app.words.formats import formats_for
from tests.domain.build import analysis, facts, issue
from tests.views.test_walk import demo

FORMATS = formats_for(["en-GB"])
VIEWS = ("work-in-progress", "scope", "progress", "cumulative-flow", "bugs")
# What of each view can be drawn by a field, and how.
CHOICES: tuple[tuple[str, dict[str, str]], ...] = (
    ("work-in-progress", {}),
    ("work-in-progress", {"line": "total-age"}),
    ("work-in-progress", {"line": "cycle-85"}),
    ("work-in-progress", {"line": "net"}),
    ("scope", {}),
    ("progress", {}),
    ("progress", {"chart": "burndown"}),
    ("cumulative-flow", {}),
    ("cumulative-flow", {"flow": "state"}),
    ("bugs", {}),
)


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(demo(), FORMATS)


def by(scene: Scene, field: str, **options: str) -> Scene:
    return Scene(scene.analysis, FORMATS, options={"by": field, **options})


def drawn(scene: Scene, name: str) -> dict[str, Any]:
    figure = view(name).figure
    document = figure(scene) if figure is not None else None
    assert document is not None
    return document


def points(figure: dict[str, Any]) -> list[tuple[str, float]]:
    """The name behind each point of a portion, and its height."""
    return [
        (data[0] if isinstance(data, list) else data, height)
        for trace in figure["data"]
        for data, height in zip(trace.get("customdata", ()), trace["y"], strict=False)
    ]


@pytest.mark.parametrize(("name", "options"), CHOICES)
def test_every_point_of_a_portion_leads_to_its_issues(scene: Scene, name: str, options: dict[str, str]) -> None:
    parted = by(scene, "type", **options)
    result = [(show, height) for show, height in points(drawn(parted, name)) if show.startswith("of:")]
    assert result or options.get("line") == "cycle-85"
    for show, height in result[:: max(1, len(result) // 60)]:
        opened = behind(parted, show)
        assert opened is not None, show
        of_type = show.split(":")[1]
        rows = listed(parted, opened)
        assert {row.item.issue.type for row in rows} <= {of_type} or of_type == "*"
        if opened.number is not None:
            assert sum(row.amount for row in rows) == pytest.approx(opened.number), show
            assert abs(height) == pytest.approx(abs(opened.number)), show


@pytest.mark.parametrize("name", ["scope", "bugs", "progress", "work-in-progress"])
def test_the_portions_add_up_to_the_whole(scene: Scene, name: str) -> None:
    def sums(chosen: Scene) -> dict[Any, list[float]]:
        rows = view(name).rows
        assert rows is not None
        result, at = rows(chosen), 2 if chosen.by else 1
        outcome: dict[Any, list[float]] = {}
        for cells in result.cells:
            numbers = [cell if isinstance(cell, int | float) else 0 for cell in cells[at:]]
            day = outcome.setdefault(cells[0], [0.0] * len(numbers))
            outcome[cells[0]] = [number + more for number, more in zip(day, numbers, strict=True)]
        return outcome

    whole, parted = sums(scene), sums(by(scene, "type"))
    # A percentile and a share do not add up.
    adds = {"work-in-progress": (0, 1, 3, 4, 6), "scope": (1,)}.get(name, (0, 1))
    assert {day: [row[at] for at in adds] for day, row in whole.items()} == {
        day: pytest.approx([row[at] for at in adds]) for day, row in parted.items()
    }


@pytest.mark.parametrize("name", VIEWS)
def test_rows_of_a_parted_chart_say_of_which_value_they_are(scene: Scene, name: str) -> None:
    rows = view(name).rows
    assert rows is not None
    result = rows(by(scene, "type"))
    assert result.header[1] == "value"
    assert {cells[1] for cells in result.cells} >= {"Bug"}
    assert all(len(cells) == len(result.header) for cells in result.cells)


def test_what_has_no_portion_of_its_own_can_be_opened(scene: Scene) -> None:
    parted = by(scene, "key")
    (rest,) = (portion for portion in parted.portions if portion.value is None)
    opened = behind(parted, "of:*:remaining")
    assert opened is not None
    assert opened.title == "others: Left"
    assert set(opened.keys or ()) <= rest.keys
    assert behind(parted, "of:no such value:remaining") is None
    assert behind(parted, f"of:{next(iter(parted.portions)).value}:no-such-number") is None


def test_a_value_with_a_colon_or_a_star_can_be_opened() -> None:
    issues = [replace(issue("A", "03-02"), type="Bug: urgent"), replace(issue("B", "03-02"), type="*")]
    parted = Scene(analysis(facts(issues)), FORMATS, options={"by": "type"})
    shows = {show for show, _ in points(drawn(parted, "progress")) if show.startswith("of:")}
    assert shows
    for show in shows:
        opened = behind(parted, show)
        assert opened is not None, show
    whole = behind(parted, "of:Bug%3A%20urgent:remaining")
    assert whole is not None
    assert whole.keys == ("A",)
    star = behind(parted, "of:%2A:remaining")
    assert star is not None
    assert star.keys == ("B",)


@pytest.mark.parametrize("flow", ["state", "arrivals"])
def test_the_line_above_parted_flow_opens_the_issues_that_it_says(scene: Scene, flow: str) -> None:
    shown = by(scene, "type", flow=flow)
    line = next(trace for trace in drawn(shown, "cumulative-flow")["data"] if "text" in trace)
    assert len(line["customdata"]) == len(line["x"]) == len(line["text"]) > 20
    for data, count in list(zip(line["customdata"], line["text"], strict=True))[::10]:
        opened = behind(shown, data[0] if isinstance(data, list) else data)
        assert opened is not None
        assert len(listed(shown, opened)) == count
