"""What the views of flow share: how they count, and what lies behind the numbers that several of them show."""

from __future__ import annotations

import re
from functools import partial

from app.domain.ageing import Age
from app.domain.calendar import written_day
from app.domain.cumulative_flow import keys_on
from app.domain.flow import Flow
from app.domain.missing import NotEnoughData
from app.views.from_result import FromResult
from app.views.view import Behind, Scene, View, counted_issues, mid_sentence, needs
from app.words import N_, _, n_
from store.records import Category

_NO_HISTORY = N_(
    "Only created and finished are known here: age and cycle time count from creation. "
    "Import a history, or sync with the tracker, to see when work was started."
)


def flow_of(scene: Scene) -> Flow | NotEnoughData:
    """Over the days that are drawn."""
    return scene.past.flow


FLOW = FromResult(flow_of)


def has_starts(scene: Scene) -> bool:
    """Whether it is known when work was started; else times count from creation."""
    result = flow_of(scene)
    return not isinstance(result, Flow) or result.counts_from == "start"


UNKNOWN_THEN = N_("Nothing tells what was in progress then.")


def is_wip_known(scene: Scene) -> bool:
    """Without a history only the present statuses tell what is in progress."""
    return has_starts(scene) or scene.analysis.known.is_now


def notes(scene: Scene) -> list[str]:
    return [] if has_starts(scene) else [_NO_HISTORY]


# What every view of the page says alike.
FLOW_VIEW = partial(View, needs=needs("flow"), notes=notes)


def counted(scene: Scene, count: int) -> str:
    return n_("{count} item", "{count} items", count, count=scene.formats.number(count))


def days_text(scene: Scene, days: float) -> str:
    return n_("{count} day", "{count} days", days, count=scene.formats.number(days))


@FLOW.behind(N_("Issue"))
def item(scene: Scene, part: str, result: Flow) -> Behind:
    """A single issue by its key."""
    title = part or _("Issue")
    age = next((each for each in result.age if each.key == part), None)
    done = next((each for each in result.cycle_time.items if each.key == part), None)
    if age is not None:
        chance = [] if age.chance_of_sle is None else [(_("Chance of the service level"), _chance(scene, age))]
        inputs = [
            (_("In progress since"), scene.formats.day(age.start)),
            (_("Age"), days_text(scene, age.days)),
            *chance,
        ]
        how = _("Days from the first start up to the last day known, both counted.")
        return Behind(title, (how,), tuple(inputs), (part,), why=_("in progress"))
    if done is not None:
        inputs = [(_("Started"), scene.formats.day(done.start)), (_("Finished"), scene.formats.day(done.done))]
        how = _("Days from the first start to the last finish, both counted.")
        return Behind(title, (how,), (*inputs, (_("Took"), days_text(scene, done.days))), (part,), why=_("finished"))
    return Behind(title, (), (), (part,), why="")


def _chance(scene: Scene, age: Age) -> str:
    return "–" if age.chance_of_sle is None else scene.formats.rate(age.chance_of_sle)


@FLOW.behind(N_("In progress"))
def wip(scene: Scene, part: str, result: Flow) -> Behind:
    """What is in progress, in one status or in all."""
    status = {item.issue.key: item.status for item in scene.analysis.items}
    keys = [key for key in result.wip.keys if not part or status.get(key) == part]
    inputs = [(name, scene.formats.number(count)) for name, count in list(result.wip.by_status.items())[:12]]
    how = _("Issues in a status that means in progress, oldest first.")
    return counted_issues(_("In progress"), how, keys, _("in progress"), *([] if part else inputs))


BLOCKED_NOW = FLOW.issues(
    N_("Blocked now"),
    N_("Flagged, or in a status that says so."),
    N_("blocked"),
    lambda result: result.blocked.now_keys,
)
STALLED = FLOW.issues(
    N_("Without a change"),
    N_("In progress, and nothing happened to them for two weeks or more."),
    N_("nothing happened"),
    lambda result: [each.key for each in result.stalled],
)
SENT_BACK = FLOW.issues(
    N_("Sent back"),
    N_("Started once, and in a to-do status again: no work in progress."),
    keys=lambda result: result.sent_back,
)


def cycle(scene: Scene, part: str) -> Behind:
    """What was finished and how long it took: all, or those that took so many days (3-5)."""
    return durations(
        scene, part, _("Cycle time"), _("From the first start to the last finish, both days counted."), False
    )


def durations(scene: Scene, part: str, title: str, how: str, lead: bool) -> Behind:
    result = flow_of(scene)
    if isinstance(result, NotEnoughData):
        return Behind(title, (result.reason,))
    times = result.lead_time if lead else result.cycle_time
    days = re.fullmatch("([0-9]{1,9})-([0-9]{1,9})", part)
    items = [
        each for each in times.items
        if not part or (days and int(days[1]) <= each.days <= int(days[2]))
    ]  # fmt: skip
    inputs = [(_("{level} % within", level=level), days_text(scene, days)) for level, days in times.percentiles.items()]
    ordered = sorted(items, key=lambda each: (-each.days, each.key))
    return counted_issues(title, how, [each.key for each in ordered], _("finished"), *([] if part else inputs))


_CATEGORIES = {"todo": Category.TODO, "in_progress": Category.IN_PROGRESS, "done": Category.DONE}
_STOOD = {"todo": N_("Not started"), "in_progress": N_("In progress"), "done": N_("Finished")}


def stood(scene: Scene, part: str) -> Behind:
    """What was in a category at the end of a day (in_progress:2026-11-16)."""
    category, text = part.partition(":")[::2]
    try:
        day = written_day(text)
    except ValueError:
        day = scene.analysis.last_day
    if category not in _CATEGORIES or not scene.analysis.has_items:
        return Behind(_("Issues"), (_("There is no such number."),))
    keys = keys_on(scene.analysis.items, scene.analysis.params.calendar, day, _CATEGORIES[category])
    name = _STOOD[category]
    # The line is drawn upon the ones below it, so its height is not this number.
    return Behind(
        name,
        (_("At the end of {day}.", day=scene.formats.day(day)),),
        (),
        keys,
        None,
        (1.0,) * len(keys),
        mid_sentence(name),
    )
