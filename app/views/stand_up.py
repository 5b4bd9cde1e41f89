"""Stand-up: the work in progress as a team goes through it, each with what happened since yesterday."""

from __future__ import annotations

from app.domain.flow import Flow
from app.domain.stand_up import Turn, stand_up
from app.views.flow import FLOW, days_text
from app.views.view import Behind, Scene
from app.words import N_, _


def columns_of_work(scene: Scene, result: Flow) -> list[str]:
    """The statuses of work in progress as the board has them; without one in the order in which they are left, those
    that nothing finished ever left last."""
    statuses = [band.status for band in result.pace]
    more = sorted({age.status for age in result.age} - set(statuses))
    return scene.analysis.known.status_order.of((*statuses, *more), str)


@FLOW.behind(N_("Stand-up"))
def the_round(scene: Scene, part: str, result: Flow) -> Behind:
    analysis = scene.analysis
    round_ = stand_up(analysis.items, columns_of_work(scene, result), analysis.params.calendar, analysis.last_day)
    blocked = set(result.blocked.now_keys)
    how = (
        _(
            "As one goes along a board from right to left: what was finished since {day}, then what is in progress, "
            "the oldest of each column first.",
            day=scene.formats.day(round_.since),
        ),
        _("Each says what happened to it since then."),
    )
    keys = tuple(turn.key for turn in round_.turns)
    whys = tuple(_since(scene, turn, turn.key in blocked) for turn in round_.turns)
    title = _("Stand-up, since {day}", day=scene.formats.short(round_.since))
    return Behind(title, how, (), keys, float(len(keys)), (1.0,) * len(keys), whys=whys)


def _since(scene: Scene, turn: Turn, is_blocked: bool) -> str:
    event = _happened(scene, turn)
    return _("blocked; {said}", said=event) if is_blocked else event


def _happened(scene: Scene, turn: Turn) -> str:
    match turn.what:
        case "finished":
            return _("finished")
        case "sent back":
            return _("sent back from {status}", status=turn.came_from)
        case "started":
            return _("started")
        case "moved":
            return _("came from {status}", status=turn.came_from)
    if turn.days is None:
        return _("nothing known")
    return _("no move for {days}", days=days_text(scene, turn.days))
