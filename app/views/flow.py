"""What the views of flow share: how they count, and what lies behind the numbers that several of them show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.domain.ageing import Age
from app.domain.cumulative_flow import keys_on
from app.domain.flow import Flow
from app.domain.missing import NotEnoughData
from app.formats import plural
from app.views.view import Behind, Scene
from store.records import Category

_NO_HISTORY = (
    "Only created and finished are known here: age and cycle time count from creation. Import a history, or sync with "
    "the tracker, to see when work was started."
)


def flow_of(scene: Scene) -> Flow | NotEnoughData:
    """Over the days that are drawn."""
    return scene.told.flow


def notes(scene: Scene) -> list[str]:
    result = flow_of(scene)
    return [_NO_HISTORY] if isinstance(result, Flow) and result.counts_from == "creation" else []


def counted(scene: Scene, count: int, one: str = "item") -> str:
    return f"{scene.formats.number(count)} {plural(count, one)}"


def days_text(scene: Scene, days: float) -> str:
    return f"{scene.formats.number(days)} {plural(days, 'day')}"


def counted_issues(title: str, how: str, keys: Sequence[str], why: str, *inputs: tuple[str, str]) -> Behind:
    """Issues that are counted one by one, whatever they weigh."""
    return Behind(title, (how,), inputs, tuple(keys), float(len(keys)), (1.0,) * len(keys), why)


def item(scene: Scene, part: str) -> Behind:
    """A single issue by its key."""
    result = flow_of(scene)
    title = part or "Issue"
    if isinstance(result, NotEnoughData):
        return Behind(title, (result.reason,))
    age = next((each for each in result.age if each.key == part), None)
    done = next((each for each in result.cycle_time.items if each.key == part), None)
    if age is not None:
        chance = [] if age.chance_of_sle is None else [("Chance of the service level", _chance(scene, age))]
        inputs = [("In progress since", scene.formats.day(age.start)), ("Age", days_text(scene, age.days)), *chance]
        how = "Days from the first start up to the last day known, both counted."
        return Behind(title, (how,), tuple(inputs), (part,), why="in progress")
    if done is not None:
        inputs = [("Started", scene.formats.day(done.start)), ("Finished", scene.formats.day(done.done))]
        how = "Days from the first start to the last finish, both counted."
        return Behind(title, (how,), (*inputs, ("Took", days_text(scene, done.days))), (part,), why="finished")
    return Behind(title, (), (), (part,), why="")


def _chance(scene: Scene, age: Age) -> str:
    return "–" if age.chance_of_sle is None else scene.formats.rate(age.chance_of_sle)


def wip(scene: Scene, part: str) -> Behind:
    """What is in progress, in one status or in all."""
    result = flow_of(scene)
    if isinstance(result, NotEnoughData):
        return Behind("In progress", (result.reason,))
    status = {item.issue.key: item.status for item in scene.analysis.items}
    keys = [key for key in result.wip.keys if not part or status.get(key) == part]
    inputs = [(name, scene.formats.number(count)) for name, count in list(result.wip.by_status.items())[:12]]
    how = "Issues in a status that means in progress, oldest first."
    return counted_issues("In progress", how, keys, "in progress", *([] if part else inputs))


def picked(title: str, how: str, why: str, keys: Any) -> Any:
    """What lies behind a number whose issues the flow itself names."""

    def opened(scene: Scene, part: str) -> Behind:
        result = flow_of(scene)
        return Behind(title, (result.reason,)) if isinstance(result, NotEnoughData) else counted_issues(
            title, how, keys(result), why)  # fmt: skip

    return opened


BLOCKED_NOW = picked(
    "Blocked now", "Flagged, or in a status that says so.", "blocked", lambda result: result.blocked.now_keys
)
STALLED = picked(
    "Without a change",
    "In progress, and nothing happened to them for two weeks or more.",
    "nothing happened",
    lambda result: [each.key for each in result.stalled],
)
SENT_BACK = picked(
    "Sent back", "Started once, and in a to-do status again: no work in progress.", "sent back",
    lambda result: result.sent_back,
)  # fmt: skip


def cycle(scene: Scene, part: str) -> Behind:
    """What was finished and how long it took: all, or those that took so many days (3-5)."""
    return durations(scene, part, "Cycle time", "From the first start to the last finish, both days counted.", False)


def durations(scene: Scene, part: str, title: str, how: str, lead: bool) -> Behind:
    result = flow_of(scene)
    if isinstance(result, NotEnoughData):
        return Behind(title, (result.reason,))
    times = result.lead_time if lead else result.cycle_time
    low, _, high = part.partition("-")
    found = [
        each for each in times.items
        if not part or (low.isdigit() and high.isdigit() and int(low) <= each.days <= int(high))
    ]  # fmt: skip
    inputs = [(f"{level} % within", days_text(scene, days)) for level, days in times.percentiles.items()]
    ordered = sorted(found, key=lambda each: (-each.days, each.key))
    return counted_issues(title, how, [each.key for each in ordered], "finished", *([] if part else inputs))


_CATEGORIES = {"todo": Category.TODO, "in_progress": Category.IN_PROGRESS, "done": Category.DONE}
_STOOD = {"todo": "Not started", "in_progress": "In progress", "done": "Finished"}


def stood(scene: Scene, part: str) -> Behind:
    """What was in a category at the end of a day (in_progress:2026-11-16)."""
    category, _, text = part.partition(":")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = scene.analysis.last_day
    if category not in _CATEGORIES or not scene.analysis.has_items:
        return Behind("Issues", ("There is no such number.",))
    keys = keys_on(scene.analysis.items, scene.analysis.params.calendar, day, _CATEGORIES[category])
    name = _STOOD[category]
    # The line is drawn upon the ones below it, so its height is not this number.
    return Behind(name, (f"At the end of {scene.formats.day(day)}.",), (), keys, None, (1.0,) * len(keys), name.lower())
