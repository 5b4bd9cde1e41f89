"""Settings: everything about the profile, its milestones, the data folder, and how the app behaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from functools import cache, partial
from typing import Any
from zoneinfo import available_timezones

import dash_mantine_components as dmc
from dash import ALL, Input, State, dcc, html

from app.context import Context
from app.errors import BadInput
from app.imports import ics
from app.settings import BY_NAME, SETTINGS, WEEKDAYS, Setting, changed, settings_of, with_value
from app.web.components import card, page_title
from app.web.effects import URL, Effects, id_of
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import backups, bundle_forms, files, meant, meanwhile, milestone_form, outcomes
from app.web.parts.day_field import calendar_part, day_field, readable_day, typed_day
from app.web.sent import UNUSABLE
from app.words import N_, _, n_
from app.words.formats import Formats
from store.documents import is_archived, own_deadline
from store.records import Milestone, Profile, Query, QueryRef

# "off" when the app is to stay although no page is open; absent means on.
EXIT_STATE = "exit_when_idle"
_SEEN = outcomes.SEEN
# As many as are read beside a field.
_MOST_LISTS = 5
_LARGEST_CALENDAR, _LONGEST_LEAVE, _YEARS_AHEAD = 5_000_000, 366, 6


def layout(visit: Visit) -> Any:
    """What concerns the project."""
    if visit.profile is None or visit.query is None:
        return None
    more = dcc.Link(_("New, rename, copy, archive, delete"), href=visit.href("/projects"), className="more")
    parts = [_forecasting(visit, visit.profile), meant.money_card(visit), _milestones(visit)]
    return html.Div([page_title(_("Project"), more), *parts], className="page narrow")


def backups_layout(visit: Visit) -> Any:
    """What is kept beside the data, and bundles for elsewhere."""
    return html.Div(
        [page_title(_("Backups")), backups.section(visit), bundle_forms.section(visit)], className="page narrow"
    )


def program_layout(visit: Visit) -> Any:
    """What concerns the program and its folder."""
    return html.Div([page_title(_("Program")), _folder(visit)], className="page narrow")


# -- the profile's settings: derived from the table ------------------------------------------------------


def _forecasting(visit: Visit, profile: Profile) -> Any:
    kept = settings_of(profile)
    fields = [
        outcomes.beside(setting.name, control(setting, getattr(kept, setting.name), visit.formats))
        for setting in SETTINGS
    ]
    at = next(at for at, setting in enumerate(SETTINGS) if setting.name == "deadline")
    fields[at] = html.Div([fields[at], *_own_deadlines(visit, profile)])
    words = _("Each of these is saved as soon as it is changed.")
    return card(
        html.P(words, className="quiet"),
        meanwhile.kept(_SEEN, _values(profile)),
        html.Div(fields, className="fields"),
        title=_("Forecast of {name}", name=profile.name),
    )


def _own_deadlines(visit: Visit, profile: Profile) -> list[Any]:
    """The work lists for which the project's deadline does not hold, the present one first; where theirs is set."""
    here = visit.query.id if visit.query is not None else ""
    own = [query for query in visit.ctx.backend.list_queries(profile.id) if own_deadline(query)[0]]
    shown = [query for query in own if query.id == here or not is_archived(query)]
    lines = [_own_deadline(visit, query) for query in sorted(shown, key=lambda query: query.id != here)]
    return [html.Ul(lines[:_MOST_LISTS], className="outcomes quiet")] if lines else []


def _own_deadline(visit: Visit, query: Query) -> Any:
    _has_own, day = own_deadline(query)
    words = (
        _("{name} has none, whatever stands here.", name=query.name)
        if day is None
        else _("{name} has a deadline of its own: {day}.", name=query.name, day=visit.formats.short(day))
    )
    there = visit.href("/", query=query.id)
    return html.Li([words, " ", dcc.Link(_("Change it beside the answer"), href=there, className="more")])


def _values(profile: Profile) -> dict[str, Any]:
    kept = settings_of(profile)
    return {setting.name: getattr(kept, setting.name) for setting in SETTINGS}


def control(setting: Setting, value: Any, formats: Formats) -> Any:
    """A form field for one setting: special ones by name, others by the type of their default."""
    common = {
        "id": {"type": "setting", "name": setting.name},
        "label": setting.label,
        "description": setting.help,
    }
    special = _SPECIAL.get(setting.name)
    if special is not None:
        return special(common, value, formats)
    if isinstance(setting.default, Enum):
        options = [(str(choice.value), _(choice_name(str(choice.value)))) for choice in type(setting.default)]
        return _select(common, str(value), options)
    if isinstance(setting.default, int):
        return dmc.NumberInput(**common, value=value, allowDecimal=False, allowNegative=False, debounce=True)
    return dmc.TextInput(**common, value="" if value is None else str(value), debounce=True)


def choice_name(value: str) -> str:
    """Of one of a setting's values, as it is shown."""
    return value.capitalize()


# The values of settings that are chosen from a list.
_CHOICES = (
    N_("Items"),
    N_("Points"),
    N_("Calibrated"),
    N_("Plain"),
    N_("None"),
    N_("Past"),
    N_("Leaves"),
    N_("Done"),
    N_("Count"),
    N_("Leave-out"),
    N_("Drop"),
    N_("Keep"),
    N_("Epics by their parts"),
    N_("Everything"),
    N_("Smallest parts only"),
    N_("Without sub-tasks"),
)


def _select(common: dict[str, Any], value: str, options: list[tuple[str, str]], **more: Any) -> Any:
    data = [{"value": key, "label": label} for key, label in options]
    return dmc.Select(**common, value=value, data=data, allowDeselect=False, **more)


def _day_field(common: dict[str, Any], value: date | None, formats: Formats) -> Any:
    return day_field("deadline", value, formats, **common, debounce=True)


@cache
def _zones() -> frozenset[str]:
    """Every zone there is: thousands of file names are looked at for it."""
    return frozenset(available_timezones())


def _zone_field(common: dict[str, Any], value: str, formats: Formats) -> Any:
    zones = sorted({*_zones(), value})
    return _select(common, value, [(zone, zone.replace("_", " ")) for zone in zones], searchable=True, limit=60)


def _weekday_field(common: dict[str, Any], value: int, formats: Formats) -> Any:
    return _select(common, str(value), [(str(at), name) for at, name in enumerate(WEEKDAYS)])


def _weekdays_field(common: dict[str, Any], value: tuple[int, ...], formats: Formats) -> Any:
    boxes = [dmc.Checkbox(value=str(at), label=name) for at, name in enumerate(WEEKDAYS)]
    return dmc.CheckboxGroup(**common, value=[str(day) for day in value], children=dmc.Group(boxes, gap="md", mt="xs"))


def _days_field(common: dict[str, Any], value: tuple[date, ...], formats: Formats) -> Any:
    lines = "\n".join(formats.short(day) for day in value)
    example = formats.short(date(2026, 12, 25))
    text = dmc.Textarea(**common, value=lines, autosize=True, minRows=2, maxRows=8, placeholder=example, debounce=True)
    return html.Div([text, _more_days(formats)], className="days-off")


def _more_days(formats: Formats) -> Any:
    """Several days at once: from one to another, or all of a calendar file."""
    span = html.Div(
        [
            day_field("days-first", None, formats, id="days-first", label=_("From"), placeholder=""),
            day_field("days-last", None, formats, id="days-last", label=_("To"), placeholder=""),
            dmc.Button(_("Add"), id="add-days", variant="default"),
        ],
        className="inline-form",
    )
    words = html.Span(_("Days off from a calendar file (.ics)"), className="button quiet")
    upload = dcc.Upload(words, id="days-file", max_size=_LARGEST_CALENDAR, className="next-export",
                        className_active="next-export over")  # fmt: skip
    message = html.Div(id="days-said", role="status", **{"aria-live": "polite"})
    return html.Details([html.Summary(_("Several days at once")), span, upload, message])


_SPECIAL: dict[str, Callable[[dict[str, Any], Any, Formats], Any]] = {
    "deadline": _day_field,
    "time_zone": _zone_field,
    "week_start": _weekday_field,
    "working_days": _weekdays_field,
    "holidays": _days_field,
}

# Fields give text; the settings table wants numbers and lists.
_FROM_FIELD: dict[str, Callable[[Any], Any]] = {
    "week_start": int,
    "working_days": lambda values: [int(value) for value in values],
}


def from_fields(values: dict[str, Any], formats: Formats) -> dict[str, Any]:
    """What the fields hold as the settings table wants it. Raises BadInput, naming the field, for what is no day."""
    document = {name: _FROM_FIELD.get(name, lambda value: value)(value) for name, value in values.items()}
    if "deadline" in document:
        deadline = typed_day(document["deadline"], formats, _("Deadline"))
        document["deadline"] = deadline.isoformat() if deadline else None
    if not isinstance(document.get("holidays") or "", str):
        raise BadInput(UNUSABLE)
    if "holidays" in document:
        document["holidays"] = [day.isoformat() for day in _days_off(document["holidays"] or "", formats)]
    return document


def _days_off(text: str, formats: Formats) -> list[date]:
    """One day a line, or with semicolons or commas between; a comma may also belong to a date (Dec 25, 2026)."""
    days: list[date] = []
    for line in re.split(r"[\n;]+", text):
        day = readable_day(line, formats)
        parts = [line] if day or not line.strip() else re.split(r",\s*", line)
        if len(parts) == 1 and not day:
            parts = line.split()
        days += [day for part in parts if (day := typed_day(part, formats, "Days off")) is not None]
    return days


# -- milestones -----------------------------------------------------------------------------------------


_MILESTONE = milestone_form.Entry("milestone-name", "milestone-day")


def _milestones(visit: Visit) -> Any:
    if visit.profile is None:
        return None
    kept = visit.ctx.backend.list_milestones(visit.profile.id)
    rows = [_milestone(at, milestone, visit.formats) for at, milestone in enumerate(kept)]
    new = html.Div(
        [
            dmc.TextInput(id=_MILESTONE.name, label=_("Name"), placeholder=_("Beta release")),
            day_field("milestone", None, visit.formats, id=_MILESTONE.day, label=_("Date"), placeholder=""),
            dmc.Button(_("Add"), id="add-milestone", variant="default"),
        ],
        className="inline-form",
    )
    shown = dcc.Store(id=milestone_form.SEEN, data=milestone_form.as_shown(kept))
    return card(shown, html.Ul(rows, className="rows"), new, title=_("Milestones"))


def _milestone(at: int, milestone: Milestone, formats: Formats) -> Any:
    remove = html.Button(_("Remove"), id={"type": "remove-milestone", "at": at}, className="text-button", n_clicks=0,
                         **{"aria-label": _("Remove {name}", name=milestone.name)})  # fmt: skip
    return html.Li([html.Span(milestone.name), html.Span(formats.day(milestone.day), className="quiet"), remove])


# -- the folder -----------------------------------------------------------------------------------------


def _folder(visit: Visit) -> Any:
    stays = visit.ctx.backend.get_state(EXIT_STATE) == "off"
    text = _(
        "Everything is in this folder: the database burndown.db and its backups. To move to "
        "another computer, quit and take the whole folder along."
    )
    return card(
        html.P(html.Code(str(visit.ctx.profiles_dir), className="path")),
        html.P(text, className="quiet"),
        dmc.Switch(id="exit-when-idle", checked=not stays,
                   label=_("Quit by itself a minute after the last page was closed")),
        title=_("Where the data lies"),
    )  # fmt: skip


# -- callbacks ------------------------------------------------------------------------------------------

_CALENDARS = (
    calendar_part("deadline", {"type": "setting", "name": "deadline"}),
    calendar_part("milestone", _MILESTONE.day),
    calendar_part("days-first", "days-first"),
    calendar_part("days-last", "days-last"),
)
PAGE = Page("/settings/project", N_("Project"), layout, parts=(*_CALENDARS, *meant.MONEY_CALENDARS, outcomes.PART))
BACKUPS = Page(
    "/settings/backups", N_("Backups"), backups_layout, parts=(backups.PART, bundle_forms.PART), needs_data=False
)
PROGRAM = Page("/settings/program", N_("Program"), program_layout, needs_data=False)


def _viewed(ctx: Context, search: str | None) -> tuple[Profile, QueryRef]:
    """What the address names, and nothing else. Raises BadInput."""
    visit = visit_of(ctx, search, browser_formats()).for_writing()
    if visit.profile is None:
        raise BadInput(_("This project is not here any more. Reload the page."))
    return visit.profile, visit.ref


_SETTING = {"type": "setting", "name": ALL}


@PAGE.changed(Input(_SETTING, "value"), State(URL, "search"), State(_SEEN, "data"))
def save_setting(
    ctx: Context, which: dict[str, str], value: Any, search: str, seen: meanwhile.Seen | None = None
) -> Effects:
    """The one that was changed. A page that brings its fields along reports them as well: what is there already is
    not saved."""
    if which["name"] not in BY_NAME:
        raise BadInput(UNUSABLE)
    try:
        return _save(ctx, which["name"], value, search, seen)
    except BadInput as exc:
        return Effects(put={id_of(which): {"error": _(str(exc))}})


def _field_of(name: str) -> str:
    return id_of({"type": "setting", "name": name})


def _save(ctx: Context, name: str, value: Any, search: str, seen: meanwhile.Seen | None = None) -> Effects:
    """`seen`: what the form shows, where it is to be asked before something else is overwritten. Raises BadInput."""
    before, ref = _viewed(ctx, search)
    after = changed(before, from_fields({name: value}, browser_formats()))
    was, wanted = (getattr(settings_of(profile), name) for profile in (before, after))
    if was == wanted:
        return Effects(put={_field_of(name): {"error": None}})
    effects = _saved(ctx, ref, name, wanted, seen, settings_of(before).calendar.day_of(ctx.clock()))
    effects = replace(effects, put={**effects.put, _field_of(name): {"error": None}})
    return meanwhile.with_own(effects, _SEEN, {**meanwhile.seen(_values(before)), **(seen or {})}, {name: wanted})


def _saved(ctx: Context, ref: QueryRef, name: str, wanted: Any, seen: meanwhile.Seen | None, today: date) -> Effects:
    label = _(BY_NAME[name].label)
    field = meanwhile.of_profile(
        ctx,
        ref,
        (name, label),
        lambda profile: getattr(settings_of(profile), name),
        lambda profile, chosen: with_value(profile, name, chosen, today),
    )
    done = partial(ctx.record, ref)
    if name == "deadline" and wanted is not None and wanted < today and not field.is_other(seen):
        question = _("{day} is past. Is that the deadline?", day=browser_formats().short(wanted))
        return Effects(toast=question, ask=partial(field.agreed, wanted, field.now(), done))
    return field.saved(wanted, seen, done, _("Saved: {setting}.", setting=label))


def _add_days(ctx: Context, more: Iterable[date], search: str) -> Effects:
    """Beside the days off that there are; their own undo."""
    profile, _ref = _viewed(ctx, search)
    kept, formats = settings_of(profile).holidays, browser_formats()
    days = sorted({*kept, *more})
    text = "\n".join(formats.short(day) for day in days)
    effects = _save(ctx, "holidays", text, search, meanwhile.seen({"holidays": kept}))
    new = len(days) - len(kept)
    words = n_("{count} day off added.", "{count} days off added.", new)
    field = {_field_of("holidays"): {"value": text, "error": None}}
    return replace(effects, toast=words, put={**effects.put, **field, "days-said": {"children": words}})


@PAGE.click("add-days", State("days-first", "value"), State("days-last", "value"), State(URL, "search"))
def add_days(ctx: Context, first: str | None, last: str | None, search: str) -> Effects:
    """From one day to another, both included; without a second one that day alone."""
    formats = browser_formats()
    begin, end = typed_day(first, formats, _("From")), typed_day(last, formats, _("To"))
    begin, end = begin or end, end or begin
    if begin is None or end is None:
        raise BadInput(N_("Enter the first and the last day off."))
    if end < begin or (end - begin).days > _LONGEST_LEAVE:
        raise BadInput(N_("The last day off lies on or after the first, and at most a year after it."))
    return _add_days(ctx, (begin + timedelta(days=at) for at in range((end - begin).days + 1)), search)


@PAGE.on(Input("days-file", "contents"), State("days-file", "contents"), State(URL, "search"))
def add_calendar(ctx: Context, contents: str | None, search: str) -> Effects:
    """The whole days of a calendar's events, from last year on."""
    today = ctx.clock().date()
    first, last = date(today.year - 1, 1, 1), date(today.year + _YEARS_AHEAD, 12, 31)
    try:
        events = ics.days_off(files.uploaded_bytes(contents or ""), first, last)
    except BadInput as exc:
        return Effects(put={"days-said": {"children": _(str(exc))}})
    effects = _add_days(ctx, events.days, search)
    words = [effects.toast]
    if events.timed:
        words.append(n_("{count} event with a time of day was left out.",
                       "{count} events with a time of day were left out.", events.timed))  # fmt: skip
    if events.unread:
        words.append(_("These return in a way that is not read here, enter their days yourself: {names}.",
                      names=", ".join(events.unread[:8])))  # fmt: skip
    return replace(effects, put={**effects.put, "days-said": {"children": " ".join(words)}})


@PAGE.click("add-milestone", State(_MILESTONE.name, "value"), State(_MILESTONE.day, "value"), State(URL, "search"))
def add_milestone(ctx: Context, name: str | None, day: str | None, search: str) -> Effects:
    return milestone_form.added(ctx, _viewed(ctx, search)[1], _MILESTONE, name, day)


@PAGE.click({"type": "remove-milestone", "at": ALL}, State(URL, "search"), State(milestone_form.SEEN, "data"))
def remove_milestone(ctx: Context, which: dict[str, int], search: str, seen: Any = None) -> Effects:
    return milestone_form.done(ctx, _viewed(ctx, search)[1], "remove", which["at"], seen)


@PAGE.changed(Input("exit-when-idle", "checked"))
def set_exit(ctx: Context, checked: bool) -> Effects | None:
    wanted = None if checked else "off"
    if ctx.backend.get_state(EXIT_STATE) == wanted:
        return None
    ctx.backend.set_state(EXIT_STATE, wanted)
    return Effects(toast=_("Saved."))
