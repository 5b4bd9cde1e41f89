"""The views, in the order of their tabs. One entry is a page, a panel, a list, an export and a part of a report."""

from __future__ import annotations

from app.views.ageing import AGE
from app.views.answer import ANSWER
from app.views.bugs import BUGS, DELIVERY, WORK_MIX
from app.views.cumulative_flow import CUMULATIVE_FLOW
from app.views.cycle_time import CYCLE_TIME
from app.views.groups import GROUPS
from app.views.how_much import HOW_MUCH
from app.views.milestones import MILESTONES
from app.views.money import MONEY
from app.views.moved import MOVED
from app.views.parted import OF, behind_a_portion
from app.views.progress import PROGRESS
from app.views.scope import SCOPE
from app.views.signals import SIGNALS
from app.views.sprints import CARRIED_OVER, THIS_SPRINT, VELOCITY
from app.views.throughput import THROUGHPUT
from app.views.time_in_status import TIME
from app.views.track_record import TRACK_RECORD
from app.views.trust import TRUST
from app.views.view import Behind, Scene, View
from app.views.what_if import WHAT_IF
from app.views.work_in_progress import WORK_IN_PROGRESS

VIEWS: tuple[View, ...] = (
    ANSWER,
    SIGNALS,
    PROGRESS,
    MILESTONES,
    HOW_MUCH,
    WHAT_IF,
    SCOPE,
    GROUPS,
    TRACK_RECORD,
    MOVED,
    MONEY,
    AGE,
    CYCLE_TIME,
    THROUGHPUT,
    CUMULATIVE_FLOW,
    TIME,
    WORK_IN_PROGRESS,
    THIS_SPRINT,
    VELOCITY,
    CARRIED_OVER,
    BUGS,
    DELIVERY,
    WORK_MIX,
    TRUST,
)


def view(view_id: str) -> View:
    """The view of this name. Raises LookupError."""
    return next(each for each in VIEWS if each.id == view_id)


def views_of(page: str) -> tuple[View, ...]:
    """The tabs of a page, in their order."""
    return tuple(each for each in VIEWS if each.page == page)


def behind(scene: Scene, show: str) -> Behind | None:
    """What lies behind a number by its name in addresses; None for a name that no view knows."""
    name, _, part = show.partition(":")
    if name == OF:
        return behind_a_portion(scene, part, behind)
    opened = next((each.numbers[name] for each in VIEWS if name in each.numbers), None)
    return None if opened is None else opened(scene, part)
