"""SETTINGS: every setting of a profile once, with its type, default and help; forms and checks derive from it.

Values live in `Profile.forecast_settings` under `Setting.name` (the legacy names where there is one).
A value that cannot be used counts as absent, so that a damaged profile still opens; saving checks strictly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.calendar import Calendar
from app.domain.hierarchy import Counting, EpicSize
from app.domain.items import Unit
from app.domain.known import GivenUp, Growth, Method, Pace, Params, Sweeps
from app.domain.selection import ALL_WORK
from app.domain.selection import Selection as Work
from app.errors import BadInput
from store.records import JsonObject, Profile, Query

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _deadline(value: Any) -> date | None:
    return None if value in (None, "") else date.fromisoformat(str(value)[:10])


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        if isinstance(value, bool) or int(value) != float(value) or not low <= int(value) <= high:
            raise ValueError
        return int(value)

    return parse


def _maybe_whole(low: int, high: int) -> Callable[[Any], int | None]:
    parse = _whole(low, high)
    return lambda value: None if value in (None, "") else parse(value)


def _zone(value: Any) -> str:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, OSError) as exc:
        raise ValueError from exc
    return str(value)


def _weekdays(value: Any) -> tuple[int, ...]:
    days = tuple(sorted({_whole(0, 6)(day) for day in value}))
    if not days:
        raise ValueError
    return days


def _days(value: Any) -> tuple[date, ...]:
    return tuple(sorted({date.fromisoformat(str(day)) for day in value}))


def _epic_size(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    EpicSize.of(text)
    return text


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


class Authors(StrEnum):
    """Whether change histories keep the names of who made the changes."""

    DROP = "drop"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Setting:
    """`parse` raises ValueError or TypeError for what cannot be used; `wants` says what can."""

    name: str
    label: str
    default: Any
    parse: Callable[[Any], Any]
    wants: str
    help: str


SETTINGS = (
    Setting(
        "deadline",
        "Deadline",
        None,
        _deadline,
        "a date such as 2026-03-31, or nothing",
        "The day by which everything should be done. The dashboard shows the chance of making it.",
    ),
    Setting(
        "data_points_count",
        "Weeks to learn from",
        12,
        _whole(1, 104),
        "a whole number from 1 to 104",
        "How many of the last full weeks the forecast draws from. Twelve is a good start.",
    ),
    Setting(
        "unit",
        "Count in",
        Unit.ITEMS,
        Unit,
        "items or points",
        "Items are counted one by one; points need estimates. Items forecast as well or better in most teams.",
    ),
    Setting(
        "method",
        "Forecast method",
        Method.CALIBRATED,
        Method,
        "calibrated or plain",
        "Calibrated widens the range by how much this team has drifted before. Plain is what most tools do.",
    ),
    Setting(
        "growth",
        "New work",
        Growth.NONE,
        Growth,
        "none or past",
        "Whether new work keeps coming in as in the past weeks, or the scope stays as it is.",
    ),
    Setting(
        "given_up",
        "Work that was given up",
        GivenUp.LEAVES,
        GivenUp,
        "leaves or done",
        "What was cancelled, a duplicate, or won't be done leaves the work and counts as nothing finished. "
        "Done: it counts as finished.",
    ),
    Setting(
        "sweeps",
        "Days of tidying up",
        Sweeps.COUNT,
        Sweeps,
        "count or leave-out",
        "Days on which many times the usual were finished at once, as after an import or a clean-up. "
        "Leave them out, and the pace is that of the other days.",
    ),
    Setting(
        "time_zone",
        "Time zone",
        "UTC",
        _zone,
        "a name such as Europe/Berlin",
        "Decides on which day something was finished.",
    ),
    Setting("week_start", "Week starts on", 0, _whole(0, 6), "a weekday", "First day of the week."),
    Setting(
        "working_days",
        "Working days",
        (0, 1, 2, 3, 4),
        _weekdays,
        "at least one weekday",
        "Days on which the team usually works. The ideal line stays flat on the others.",
    ),
    Setting("holidays", "Days off", (), _days, "dates such as 2026-12-25", "Single days on which nobody works."),
    Setting(
        "counting",
        "Epics, stories and sub-tasks",
        Counting.USUAL,
        Counting,
        " or ".join(Counting),
        "What counts where both a whole and its parts are there, so that no work counts twice. An epic counts until "
        "its first part comes.",
    ),
    Setting(
        "epic_size",
        "Size of an epic",
        "",
        _epic_size,
        "a number such as 12, a percentile of finished epics such as 70 %, estimate, or nothing",
        "What an open epic is taken to come to until its parts exceed it. Nothing: only what is broken down counts.",
    ),
    Setting(
        "sle_days",
        "Service level, days",
        None,
        _maybe_whole(1, 3650),
        "a whole number of days, or nothing",
        "Within how many days an item should be finished once it is started. Empty: what was kept before.",
    ),
    Setting(
        "sle_level",
        "Service level, per cent",
        85,
        _whole(1, 99),
        "a whole number from 1 to 99",
        "For how many of a hundred items the service level is to hold.",
    ),
    Setting(
        "cache_hours",
        "Hours that Jira's answers count as fresh",
        24,
        _whole(1, 8760),
        "a whole number from 1 to 8760",
        "So long an interrupted sync goes on with the answers it has; later it asks anew. No history is lost by it.",
    ),
    Setting(
        "authors",
        "Names in change histories",
        Authors.DROP,
        Authors,
        "drop or keep",
        "Who moved an issue is dropped from Jira's histories, because no number here needs it. Keep: the next sync "
        "stores the names and exports hold them; choose drop again, and the next sync removes them.",
    ),
)
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}


def read(profile: Profile, name: str) -> Any:
    """The setting's value, or its default where it is absent or cannot be used."""
    setting = BY_NAME[name]
    if name not in profile.forecast_settings:
        return setting.default
    try:
        return setting.parse(profile.forecast_settings[name])
    except (ValueError, TypeError):
        return setting.default


def changed(profile: Profile, values: JsonObject) -> Profile:
    """The profile with these settings checked and put in. Raises BadInput naming the first bad one."""
    kept = dict(profile.forecast_settings)
    for name, value in values.items():
        setting = BY_NAME[name]
        try:
            kept[name] = _as_json(setting.parse(value))
        except (ValueError, TypeError) as exc:
            raise BadInput(f"{setting.label}: {value!r} cannot be used. Enter {setting.wants}.") from exc
    return replace(profile, forecast_settings=kept)


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_as_json(part) for part in value]
    return value


def cache_lifetime(profile: Profile) -> timedelta:
    """How long an answer of the tracker may be used in place of asking again."""
    return timedelta(hours=read(profile, "cache_hours"))


def calendar_of(profile: Profile) -> Calendar:
    return Calendar(
        zone=ZoneInfo(read(profile, "time_zone")),
        week_start=read(profile, "week_start"),
        working_days=frozenset(read(profile, "working_days")),
        holidays=frozenset(read(profile, "holidays")),
    )


@dataclass(frozen=True, slots=True)
class Selection:
    """What the browser or the command line chose on top of the profile's settings; None: as in the profile."""

    unit: Unit | None = None
    window: int | Literal["all"] | None = None
    as_of: date | None = None
    method: Method | None = None
    growth: Growth | None = None
    trials: int | None = None
    seed: int | None = None
    remaining: float | None = None
    sprint: str | None = None
    work: Work = ALL_WORK
    pace: Pace | None = None
    epic_size: str | None = None
    sweeps: Sweeps | None = None
    given_up: GivenUp | None = None


# In the extras of a query: its own deadline, empty for none although the profile has one.
OWN_DEADLINE = "deadline"


def deadline_of(profile: Profile, query: Query | None) -> date | None:
    """The query's own deadline, else the profile's."""
    own = query.extras.get(OWN_DEADLINE) if query is not None else None
    if own is None:
        found: date | None = read(profile, "deadline")
        return found
    try:
        return _deadline(own)
    except ValueError:
        return None


def params_for(profile: Profile, selection: Selection, now: datetime, query: Query | None = None) -> Params:
    """Everything an analysis depends on, from the settings of profile and query and the user's choice."""
    classes = profile.project_classification
    return Params(
        now=now,
        calendar=calendar_of(profile),
        as_of=selection.as_of,
        unit=selection.unit or read(profile, "unit"),
        window=None if selection.window == "all" else selection.window or read(profile, "data_points_count"),
        method=selection.method or read(profile, "method"),
        growth=selection.growth or read(profile, "growth"),
        trials=selection.trials or 10_000,
        seed=selection.seed,
        remaining=selection.remaining,
        deadline=deadline_of(profile, query),
        sprint=selection.sprint,
        selection=selection.work,
        pace=selection.pace,
        counting=read(profile, "counting"),
        epic_size=EpicSize.of(selection.epic_size if selection.epic_size is not None else read(profile, "epic_size")),
        done_statuses=_names(classes, "flow_end_statuses"),
        in_progress_statuses=_names(classes, "active_statuses") | _names(classes, "wip_statuses"),
        todo_statuses=_names(classes, "todo_statuses"),
        excluded_projects=_names(classes, "devops_projects"),
        given_up=selection.given_up or read(profile, "given_up"),
        sweeps=selection.sweeps or read(profile, "sweeps"),
    )


def _names(classes: JsonObject, key: str) -> frozenset[str]:
    values = classes.get(key, ())
    return frozenset(str(value).casefold() for value in values) if isinstance(values, list | tuple) else frozenset()
