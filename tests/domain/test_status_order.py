"""Statuses go as a board has them, wherever they are in an order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.domain import grouping
from app.domain.flow import Flow
from app.domain.grouping import Groups
from app.domain.status_order import StatusOrder
from app.views.ageing import AGE
from app.views.columns import listed, ordered
from app.views.stand_up import columns_of_work
from app.views.time_in_status import TIME
from app.views.view import Behind, Scene
from app.words.formats import formats_for
from store.records import Category, Change, Issue, ProjectData, QueryFacts
from tests.domain.build import NOW, analysis, at, day, facts, moves

CATEGORIES = {"New": Category.TODO, "Done": Category.DONE}
# Against the way that the work takes: from Build to Review to Test.
BOARD = ("new", "Test", "Review", "Done")


def moved(key: str, *steps: tuple[str, str]) -> tuple[Issue, list[Change]]:
    status = steps[-1][1]
    issue = Issue(key, status=status, category=CATEGORIES.get(status, Category.IN_PROGRESS), created=at("02-02"))
    return issue, moves(key, ("", "New"), *steps)


WAY = (("03-02", "Build"), ("03-03", "Review"), ("03-05", "Test"), ("03-06", "Done"))
WORK = [moved("A-1", *WAY), moved("A-2", *WAY), moved("A-3", *WAY[:1]), moved("A-4", *WAY[:2]),
        moved("A-5", *WAY[:3])]  # fmt: skip


def scene_of(board: tuple[str, ...]) -> Scene:
    known: QueryFacts = facts([issue for issue, _ in WORK], [change for _, changes in WORK for change in changes])
    data: dict[str, Any] = {"jira_sync": {"statuses": list(board)}} if board else {}
    known = replace(known, project_data=ProjectData(data, NOW))
    return Scene(analysis(known, as_of=day("03-13"), window=4), formats_for(["en-GB"]))


def flow_of(scene: Scene) -> Flow:
    assert isinstance(scene.analysis.flow, Flow)
    return scene.analysis.flow


def in_each_place(scene: Scene) -> dict[str, list[str]]:
    flow, known = flow_of(scene), scene.analysis.known
    groups = grouping.grouped(known, "status")
    assert isinstance(groups, Groups)
    keys = tuple(issue.key for issue, _ in WORK)
    rows = ordered(listed(scene, Behind("", (), keys=keys)), scene, "status")
    return {
        "columns": columns_of_work(scene, flow),
        "pace": [band.status for band in flow.pace],
        "in progress": list(flow.wip.by_status),
        "time": [each.status for each in flow.time_in_status],
        "cumulative": list(flow.cfd.arrivals[-1].statuses),
        "groups": [group.value for group in groups.groups],
        "portions": [str(part.value) for part in grouping.portions(known, keys, "status")],
        "list": [row.item.status for row in rows],
    }


def test_a_board_gives_its_order_and_what_is_not_on_it_follows() -> None:
    assert in_each_place(scene_of(BOARD)) == {
        "columns": ["Test", "Review", "Build"],
        "pace": ["Test", "Review", "Build"],
        "in progress": ["Test", "Review", "Build"],
        "time": ["New", "Test", "Review", "Build"],
        "cumulative": ["New", "Test", "Review", "Done", "Build"],
        "groups": ["Test", "Review", "Done", "Build"],
        "portions": ["Test", "Review", "Done", "Build"],
        "list": ["Test", "Review", "Done", "Done", "Build"],
    }


def test_without_a_board_the_work_itself_tells_the_order() -> None:
    texts = in_each_place(scene_of(()))
    assert texts["columns"] == texts["pace"] == ["Build", "Review", "Test"]
    assert texts["in progress"] == ["Build", "Review", "Test"]
    assert texts["cumulative"] == ["Build", "Done", "New", "Review", "Test"]
    assert texts["list"] == ["Build", "Done", "Done", "Review", "Test"]


def test_the_charts_have_the_order_of_the_board() -> None:
    scene = scene_of(BOARD)
    assert AGE.figure is not None
    assert TIME.figure is not None
    ages, times = AGE.figure(scene), TIME.figure(scene)
    assert ages is not None
    assert times is not None
    assert list(ages["layout"]["xaxis"]["ticktext"]) == ["Test", "Review", "Build"]
    # From the bottom to the top.
    assert times["layout"]["yaxis"]["categoryarray"][::-1] == ["New", "Test", "Review", "Build"]


def test_the_sentence_still_names_where_most_of_the_time_goes() -> None:
    assert "goes into Review" in str(TIME.sentence(scene_of(("Build", "Test", "Review"))))


def test_names_are_the_same_in_upper_and_lower_case_and_equal_places_stay_as_they_were() -> None:
    assert StatusOrder(("b", "A")).of(["z", "a", "B", "y", "A"], str) == ["B", "a", "A", "z", "y"]
