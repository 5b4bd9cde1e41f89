"""SETTINGS: every setting of a profile once, with its type, default and help; forms and checks derive from it.

`Settings` are their values; SETTINGS says of each what it is called, what it accepts and what it is for. A value that
cannot be used counts as absent, so that a damaged profile still opens; saving checks strictly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.domain.blocked import STALLED_DAYS, blocked_rule
from app.domain.calendar import Calendar, written_day, zone_name
from app.domain.hierarchy import Counting, EpicSize
from app.domain.items import Unit
from app.domain.known import GivenUp, Growth, Method, Pace, Params, Sweeps
from app.domain.process_limits import baseline_of
from app.domain.selection import ALL_WORK, Selection, selection
from app.errors import BadInput
from app.words import N_, _
from store import documents
from store.records import JsonObject, Profile, Query

WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))


def _deadline(value: Any) -> date | None:
    return None if value in (None, "") else written_day(str(value)[:10])


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        if isinstance(value, bool) or int(value) != float(value) or not low <= int(value) <= high:
            raise ValueError
        return int(value)

    return parse


def _maybe_whole(low: int, high: int) -> Callable[[Any], int | None]:
    parse = _whole(low, high)
    return lambda value: None if value in (None, "") else parse(value)


def _weekdays(value: Any) -> tuple[int, ...]:
    days = tuple(sorted({_whole(0, 6)(day) for day in value}))
    if not days:
        raise ValueError
    return days


def _days(value: Any) -> tuple[date, ...]:
    return tuple(sorted({written_day(str(day)) for day in value}))


def _epic_size(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    EpicSize.of(text)
    return text


def _blocked_by(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    blocked_rule(text)
    return text


def _baseline(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    baseline_of(text)
    return text


class Authors(StrEnum):
    """Whether change histories keep the names of who made the changes."""

    DROP = "drop"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of a profile; each has its entry in SETTINGS. `sle_days` None: what was kept before.

    `epic_size`: as it was entered, for `EpicSize.of`. Days of the week are 0 for Monday to 6.
    """

    deadline: date | None = None
    window: int = 12
    unit: Unit = Unit.ITEMS
    method: Method = Method.CALIBRATED
    growth: Growth = Growth.NONE
    given_up: GivenUp = GivenUp.LEAVES
    sweeps: Sweeps = Sweeps.COUNT
    time_zone: str = "UTC"
    week_start: int = 0
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: tuple[date, ...] = ()
    counting: Counting = Counting.USUAL
    epic_size: str = ""
    together: int = 1
    sle_days: int | None = None
    sle_level: int = 85
    wip_limit: int | None = None
    blocked_by: str = ""
    limits_baseline: str = ""
    stale_days: int = STALLED_DAYS
    cache_hours: int = 24
    authors: Authors = Authors.DROP

    @property
    def calendar(self) -> Calendar:
        return Calendar(
            zone=ZoneInfo(self.time_zone),
            week_start=self.week_start,
            working_days=frozenset(self.working_days),
            holidays=frozenset(self.holidays),
        )


DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Setting:
    """`parse` raises ValueError or TypeError for what cannot be used; `wants` says what can."""

    name: str
    label: str
    parse: Callable[[Any], Any]
    wants: str
    help: str

    @property
    def default(self) -> Any:
        return getattr(DEFAULTS, self.name)


SETTINGS = (
    Setting(
        "deadline",
        N_("Deadline"),
        _deadline,
        N_("a date such as 2026-03-31, or nothing"),
        N_("The day by which everything should be done. The answer shows the chance of making it."),
    ),
    Setting(
        "window",
        N_("Weeks to learn from"),
        _whole(1, 104),
        N_("a whole number from 1 to 104"),
        N_("How many of the last full weeks the forecast draws from. Twelve is a good start."),
    ),
    Setting(
        "unit",
        N_("Count in"),
        Unit,
        N_("items or points"),
        N_("Items are counted one by one; points need estimates. Items forecast as well or better in most teams."),
    ),
    Setting(
        "method",
        N_("Forecast method"),
        Method,
        N_("calibrated or plain"),
        N_("Calibrated widens the range by how much this team has drifted before. Plain is what most tools do."),
    ),
    Setting(
        "growth",
        N_("New work"),
        Growth,
        N_("none or past"),
        N_("Whether new work keeps coming in as in the past weeks, or the scope stays as it is."),
    ),
    Setting(
        "given_up",
        N_("Work that was given up"),
        GivenUp,
        N_("leaves or done"),
        N_(
            "What was cancelled, a duplicate, or won't be done leaves the work and counts as "
            "nothing finished. Done: it counts as finished."
        ),
    ),
    Setting(
        "sweeps",
        N_("Days of tidying up"),
        Sweeps,
        N_("count or leave-out"),
        N_(
            "Days on which many times the usual were finished at once, as after an import or a "
            "clean-up. Leave them out, and the pace is that of the other days."
        ),
    ),
    Setting(
        "time_zone",
        N_("Time zone"),
        zone_name,
        N_("a name such as Europe/Berlin"),
        N_("Decides on which day something was finished."),
    ),
    Setting("week_start", N_("Week starts on"), _whole(0, 6), N_("a weekday"), N_("First day of the week.")),
    Setting(
        "working_days",
        N_("Working days"),
        _weekdays,
        N_("at least one weekday"),
        N_("Days on which the team usually works. The ideal line stays flat on the others."),
    ),
    Setting(
        "holidays",
        N_("Days off"),
        _days,
        N_("dates such as 2026-12-25"),
        N_("Single days on which nobody works. Those ahead move the dates of the forecast."),
    ),
    Setting(
        "counting",
        N_("Epics, stories and sub-tasks"),
        Counting,
        " or ".join(Counting),
        N_(
            "What counts where both a whole and its parts are there, so that no work counts "
            "twice. An epic counts until its first part comes."
        ),
    ),
    Setting(
        "epic_size",
        N_("Size of an epic"),
        _epic_size,
        N_("a number such as 12, a percentile of finished epics such as 70 %, estimate, or nothing"),
        N_(
            "What an open epic is taken to come to until its parts exceed it. Nothing: only what is broken down counts."
        ),
    ),
    Setting(
        "together",
        N_("Milestones or epics at once"),
        _whole(1, 50),
        N_("a whole number from 1 to 50"),
        N_(
            "How many of them are worked on together. They share the pace; what comes after waits until one is done. "
            "1: one after the other."
        ),
    ),
    Setting(
        "sle_days",
        N_("Service level, days"),
        _maybe_whole(1, 3650),
        N_("a whole number of days, or nothing"),
        N_("Within how many days an item should be finished once it is started. Empty: what was kept before."),
    ),
    Setting(
        "sle_level",
        N_("Service level, per cent"),
        _whole(1, 99),
        N_("a whole number from 1 to 99"),
        N_("For how many of a hundred items the service level is to hold."),
    ),
    Setting(
        "wip_limit",
        N_("Limit of work in progress"),
        _maybe_whole(1, 10_000),
        N_("a whole number, or nothing"),
        N_("How many items may be in progress at once. It is drawn as a line, and what is above it is told."),
    ),
    Setting(
        "blocked_by",
        N_("What counts as blocked"),
        _blocked_by,
        N_("conditions such as: flagged; label=blocked; status=On hold; or nothing"),
        N_("While any of these holds, an item in progress is blocked. Nothing: a flag, or a status that says so."),
    ),
    Setting(
        "limits_baseline",
        N_("Days that natural limits are of"),
        _baseline,
        N_("two days such as 2026-01-05..2026-03-29, or nothing"),
        N_(
            "Fixed once a process runs as it should, so that a later change shows. Nothing, or none of them drawn: the "
            "weeks that are."
        ),
    ),
    Setting(
        "stale_days",
        N_("Days without a change until work is stale"),
        _whole(1, 365),
        N_("a whole number from 1 to 365"),
        N_("So long nothing happened to an item in progress that is not blocked."),
    ),
    Setting(
        "cache_hours",
        N_("Hours that Jira's answers count as fresh"),
        _whole(1, 8760),
        N_("a whole number from 1 to 8760"),
        N_(
            "So long an interrupted sync goes on with the answers it has; later it asks anew. No history is lost by it."
        ),
    ),
    Setting(
        "authors",
        N_("Names in change histories"),
        Authors,
        N_("drop or keep"),
        N_(
            "Who moved an issue is dropped from Jira's histories, because no number here needs "
            "it. Keep: the next sync stores the names and exports hold them; choose drop again, "
            "and the next sync removes them."
        ),
    ),
)
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}


def settings_of(profile: Profile) -> Settings:
    """Each setting's value, or its default where it is absent or cannot be used."""
    kept = documents.settings_of(profile)
    return Settings(
        **{setting.name: _value(setting, kept[setting.name]) for setting in SETTINGS if setting.name in kept}
    )


def _value(setting: Setting, kept: Any) -> Any:
    try:
        return setting.parse(kept)
    except (ValueError, TypeError):
        return setting.default


def changed(profile: Profile, values: JsonObject) -> Profile:
    """The profile with these settings checked and put in. Raises BadInput naming the first bad one."""
    return documents.with_settings(profile, {name: _checked(BY_NAME[name], value) for name, value in values.items()})


def with_value(profile: Profile, name: str, value: Any, on: date | None = None) -> Profile:
    """With one setting as `settings_of` gives it, such as one that was before. `on`: the day on which that is done, to
    tell by it why a date moved."""
    after = documents.with_settings(profile, {name: _as_json(value)})
    before = settings_of(profile).holidays
    if name != "holidays" or on is None or before == settings_of(after).holidays:
        return after
    return documents.with_days_off_before(after, on, before)


def _checked(setting: Setting, value: Any) -> Any:
    try:
        return _as_json(setting.parse(value))
    except (ValueError, TypeError) as exc:
        raise BadInput(
            _(
                "{label}: {value!r} cannot be used. Enter {wants}.",
                label=setting.label,
                value=value,
                wants=setting.wants,
            )
        ) from exc


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_as_json(part) for part in value]
    return value


def cache_lifetime(profile: Profile) -> timedelta:
    """How long an answer of the tracker may be used in place of asking again."""
    return timedelta(hours=settings_of(profile).cache_hours)


def keeps_authors(profile: Profile) -> bool:
    """Whether changes keep who made them: not before the user chose so."""
    return settings_of(profile).authors is Authors.KEEP


def calendar_of(profile: Profile) -> Calendar:
    return settings_of(profile).calendar


@dataclass(frozen=True, slots=True)
class Overrides:
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
    work: Selection = ALL_WORK
    pace: Pace | None = None
    epic_size: str | None = None
    sweeps: Sweeps | None = None
    given_up: GivenUp | None = None
    by: str = ""
    together: int | None = None


def deadline_of(profile: Profile, query: Query | None) -> date | None:
    """The query's own deadline, else the profile's."""
    has_own, day = documents.own_deadline(query) if query is not None else (False, None)
    return day if has_own else settings_of(profile).deadline


def part_for(query: Query | None) -> Selection:
    """What a work list is of another one; all of it for one that is none's part."""
    part = documents.part_of(query) if query is not None else None
    return selection(part.where) if part is not None else ALL_WORK


def params_for(profile: Profile, overrides: Overrides, now: datetime, query: Query | None = None) -> Params:
    """Everything an analysis depends on, from the settings of profile and query and the user's choice."""
    kept, meaning = settings_of(profile), documents.meaning_of(profile)
    return Params(
        now=now,
        calendar=kept.calendar,
        as_of=overrides.as_of,
        unit=overrides.unit or kept.unit,
        window=None if overrides.window == "all" else overrides.window or kept.window,
        method=overrides.method or kept.method,
        growth=overrides.growth or kept.growth,
        trials=overrides.trials or 10_000,
        seed=overrides.seed,
        remaining=overrides.remaining,
        deadline=deadline_of(profile, query),
        sprint=overrides.sprint,
        selection=overrides.work,
        part=part_for(query),
        pace=overrides.pace,
        by=overrides.by,
        together=overrides.together or kept.together,
        counting=kept.counting,
        epic_size=EpicSize.of(overrides.epic_size if overrides.epic_size is not None else kept.epic_size),
        done_statuses=_casefolded(meaning.done),
        in_progress_statuses=_casefolded((*meaning.active, *meaning.wip)),
        todo_statuses=_casefolded(meaning.todo),
        excluded_projects=_casefolded(meaning.operations),
        given_up=overrides.given_up or kept.given_up,
        sweeps=overrides.sweeps or kept.sweeps,
        sle_days=kept.sle_days,
        sle_level=kept.sle_level,
        wip_limit=kept.wip_limit,
        blocked_by=blocked_rule(kept.blocked_by),
        baseline=baseline_of(kept.limits_baseline),
        stale_days=kept.stale_days,
    )


def _casefolded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(str.casefold, names))
