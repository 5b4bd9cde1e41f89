"""Work in progress: how much is under way week by week, with what came and went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from app.charts import flow as charts
from app.charts.parted import net_parts_figure, series_parts_figure
from app.domain.calendar import written_day
from app.domain.flow import Flow, Point
from app.views.flow import (
    FLOW,
    FLOW_VIEW,
    SENT_BACK,
    UNKNOWN_THEN,
    counted,
    days_text,
    has_starts,
    is_wip_known,
    stood,
    wip,
)
from app.views.from_result import Row
from app.views.parted import parted_rows, pieces
from app.views.view import Behind, Fact, Number, Place, Scene, Sentence, Switch, counted_issues, mid_sentence
from app.words import N_, _

LIMITS = Switch("limits", N_("Natural limits"), (("hidden", N_("Without limits")), ("shown", N_("With limits"))))
_LINES = Switch(
    "line",
    N_("What is drawn"),
    (
        ("wip", N_("Items")),
        ("total-age", N_("Total age")),
        ("cycle-85", N_("Cycle time")),
        ("efficiency", N_("Efficiency")),
        ("blocked", N_("Blocked")),
        ("net", N_("Started and finished")),
    ),
    usual=lambda scene: "wip" if has_starts(scene) else "cycle-85",
)
# What is drawn: the line of the result, what it counts, and what is behind its points.
_SERIES = {
    "wip": ("wip", N_("items in progress"), "was-wip"),
    "total-age": ("total_age", N_("days of age together"), "was-wip-age"),
    "cycle-85": ("cycle_time_85", N_("days for 85 % of what was finished"), ""),
    "efficiency": ("efficiency", N_("% of the time that was work, in what was finished"), ""),
    "blocked": ("blocked", N_("items blocked"), ""),
}


@FLOW.sentence
def _wip_sentence(scene: Scene, result: Flow) -> Sentence | str:
    arrived, left = (sum(getattr(week, name) for week in result.net_flow) for name in ("arrived", "left"))
    weeks = len(result.net_flow)
    values: dict[str, str | Number] = {
        "count": Number(counted(scene, result.wip.count), "wip"),
        "arrived": Number(scene.formats.number(arrived), "arrived"),
        "left": Number(scene.formats.number(left), "left"),
        "weeks": scene.formats.number(weeks),
    }
    if not is_wip_known(scene):
        return _(UNKNOWN_THEN)
    if not weeks or not has_starts(scene):
        return Sentence("{count} in progress.", values)
    return Sentence(
        "{count} in progress. Over {weeks} week, {arrived} were started and {left} finished.",
        values,
        "{count} in progress. Over {weeks} weeks, {arrived} were started and {left} finished.",
        weeks,
    )


def _points(result: Flow, name: str) -> tuple[Point, ...]:
    points: tuple[Point, ...] = getattr(result.series, _SERIES[name][0])
    return points if name != "efficiency" else tuple(map(_percent, points))


def _percent(point: Point) -> Point:
    return point if point.value is None else replace(point, value=100 * point.value)


def _has_limits(scene: Scene) -> bool:
    return not scene.by and scene.chosen(_LINES) != "net"


@FLOW.figure
def _wip_figure(scene: Scene, result: Flow) -> dict[str, Any] | None:
    name = scene.chosen(_LINES)
    if not has_starts(scene) and name != "cycle-85":
        # Nothing but noughts, which would say that nobody ever worked on anything.
        return None
    if scene.by:
        return _parted(scene, name)
    if name == "net":
        return charts.net_flow_figure(result.net_flow, scene.text)
    series, counted_as, show = _SERIES[name]
    limits = result.series.limits.get(series) if scene.chosen(LIMITS) == "shown" else None
    if limits is not None and name == "efficiency":
        limits = limits.times(100)
    unit = _(counted_as)
    most = result.wip.limit if name == "wip" else None
    return charts.series_figure(_points(result, name), limits, show, unit, scene.text, unit, most)


def _parted(scene: Scene, name: str) -> dict[str, Any]:
    """Counts add up to the whole; a percentile or a share does not, so it is a line each."""
    results = [(piece, result) for piece, mine in pieces(scene) if isinstance(result := mine.past.flow, Flow)]
    if name == "net":
        return net_parts_figure([(piece, result.net_flow) for piece, result in results], scene.text)
    name = name if name in _SERIES else "wip"
    _series, counted_as, show = _SERIES[name]
    lines = [(piece, _points(result, name)) for piece, result in results]
    return series_parts_figure(lines, show, _(counted_as), scene.text, adds_up=name not in ("cycle-85", "efficiency"))


@FLOW.facts
def _wip_facts(scene: Scene, result: Flow) -> list[Fact]:
    if not is_wip_known(scene):
        return []
    facts = [Fact(_("In progress"), scene.formats.number(result.wip.count), "wip", *_against_limit(scene, result))]
    facts.append(Fact(_("Age of all together"), days_text(scene, result.wip.total_age), "wip"))
    return [*facts, Fact(_("Sent back"), scene.formats.number(len(result.sent_back)), "sent-back")]


def _against_limit(scene: Scene, result: Flow) -> tuple[str, str]:
    """Note and tone: how it stands to the limit that the team set."""
    limit = result.wip.limit
    if limit is None:
        return "", ""
    text = _("limit {limit}", limit=scene.formats.number(limit))
    return (text, "") if result.wip.count <= limit else (_("above the limit of {limit}", limit=limit), "poor")


def _was_wip(scene: Scene, part: str) -> Behind:
    """What was in progress at the end of the week that began on a day."""
    week_end = _week_end(scene, part)
    return (
        week_end
        if week_end.keys is None
        else counted_issues(week_end.title, week_end.how[0], week_end.keys, _("in progress"))
    )


def _was_wip_age(scene: Scene, part: str) -> Behind:
    return _week_end(scene, part)


def _week_end(scene: Scene, part: str) -> Behind:
    try:
        start = written_day(part)
    except ValueError:
        return Behind(_("In progress"), (_("There is no such week."),))
    day = date.fromordinal(start.toordinal() + 6)
    return stood(scene, f"in_progress:{day.isoformat()}")


def _net(kind: str, title: str, how: str, in_all: str) -> Any:
    """`in_all`: how it is counted where no single week is named."""

    @FLOW.behind(title)
    def opened(scene: Scene, part: str, result: Flow) -> Behind:
        weeks = [week for week in result.net_flow if part in ("", week.start.isoformat())]
        keys = [key for week in weeks for key in getattr(week, f"{kind}_keys")]
        return counted_issues(title, how if part else in_all, keys, mid_sentence(title))

    return opened


_ARRIVED = _net(
    "arrived", N_("Started"), N_("First started in this week."), N_("First started in the whole weeks that are drawn.")
)
_LEFT = _net(
    "left",
    N_("Finished in the week"),
    N_("Finished in this week, and not reopened since."),
    N_("Finished in the whole weeks that are drawn, and not reopened since."),
)


@FLOW.rows("start", "in_progress", "total_age", "cycle_time_85", "started", "finished", "efficiency", "blocked")
def _wip_rows(scene: Scene, result: Flow) -> Iterator[Row]:
    series = result.series
    lines = (series.wip, series.total_age, series.cycle_time_85, result.net_flow, series.efficiency, series.blocked)
    for items, age, cycle, net, efficiency, blocked in zip(*lines, strict=True):
        cells = (items.start, items.value, age.value, cycle.value, net.arrived, net.left)
        share = None if efficiency.value is None else round(efficiency.value, 3)
        yield f"was-wip:{items.start.isoformat()}", (*cells, share, blocked.value)


WORK_IN_PROGRESS = FLOW_VIEW(
    at=Place("/flow/work-in-progress", N_("Work in progress")),
    help=N_(
        "What was under way at the end of each week. With limits: the mean, and how far weeks usually stray from it; "
        "a point in the other colour is more than that, or one of a run that chance does not explain."
    ),
    sentence=_wip_sentence,
    figure=_wip_figure,
    facts=_wip_facts,
    switches=(_LINES, replace(LIMITS, applies=_has_limits)),
    numbers={
        "wip": wip,
        "sent-back": SENT_BACK,
        "was-wip": _was_wip,
        "was-wip-age": _was_wip_age,
        "arrived": _ARRIVED,
        "left": _LEFT,
    },
    lists=((N_("In progress, oldest first"), "wip"), (N_("Started"), "arrived"), (N_("Sent back"), "sent-back")),
    columns=("in-status",),
    rows=parted_rows(_wip_rows),
    splits="-",
)
