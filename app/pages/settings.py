"""Settings: everything about the profile, its milestones, the data folder, and how the app behaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import Enum
from functools import cache
from secrets import token_hex
from typing import Any
from zoneinfo import available_timezones

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, html, no_update
from dash import ctx as call

from app.actions import deleted
from app.context import Context
from app.errors import BadInput
from app.formats import Formats
from app.settings import SETTINGS, WEEKDAYS, Setting, changed, read
from app.web.address import Choice
from app.web.components import card, page_title
from app.web.page import Page, Visit, visit_of
from app.web.parts import backups, bundle_forms
from app.web.parts.day_field import calendar_part, day_field, readable_day, typed_day
from app.web.shell import CHANGED, TOASTS, URL, browser_formats, changed_token, toast
from store.names import free_name
from store.records import Milestone, Profile, Query

# "off" when the app is to stay although no page is open; absent means on.
EXIT_STATE = "exit_when_idle"


def layout(visit: Visit) -> Any:
    """What concerns the project."""
    if visit.profile is None or visit.query is None:
        return None
    parts = [_forecasting(visit.profile, visit.formats), _milestones(visit), _names(visit.profile, visit.query)]
    return html.Div([page_title("Project"), *parts, _delete_question()], className="page narrow")


def backups_layout(visit: Visit) -> Any:
    """What is kept beside the data, and bundles for elsewhere."""
    return html.Div(
        [page_title("Backups"), backups.section(visit), bundle_forms.section(visit)], className="page narrow"
    )


def program_layout(visit: Visit) -> Any:
    """What concerns the program and its folder."""
    return html.Div([page_title("Program"), _folder(visit)], className="page narrow")


# -- the profile's settings: derived from the table ------------------------------------------------------


def _forecasting(profile: Profile, formats: Formats) -> Any:
    fields = [control(setting, read(profile, setting.name), formats) for setting in SETTINGS]
    save = dmc.Button("Save", id="save-settings")
    return card(
        html.Div(fields, className="fields"), html.Div(save, className="actions"), title=f"Forecast of {profile.name}"
    )


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
        options = [(str(one.value), str(one.value).capitalize()) for one in type(setting.default)]
        return _select(common, str(value), options)
    if isinstance(setting.default, int):
        return dmc.NumberInput(**common, value=value, allowDecimal=False, allowNegative=False)
    return dmc.TextInput(**common, value="" if value is None else str(value))


def _select(common: dict[str, Any], value: str, options: list[tuple[str, str]], **more: Any) -> Any:
    data = [{"value": key, "label": label} for key, label in options]
    return dmc.Select(**common, value=value, data=data, allowDeselect=False, **more)


def _day_field(common: dict[str, Any], value: date | None, formats: Formats) -> Any:
    return day_field("deadline", value, formats, **common)


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
    return dmc.Textarea(**common, value=lines, autosize=True, minRows=2, maxRows=8, placeholder=example)


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
    given = {name: _FROM_FIELD.get(name, lambda value: value)(value) for name, value in values.items()}
    if "deadline" in given:
        deadline = typed_day(given["deadline"], formats, "Deadline")
        given["deadline"] = deadline.isoformat() if deadline else None
    if "holidays" in given:
        given["holidays"] = [day.isoformat() for day in _days_off(given["holidays"] or "", formats)]
    return given


def _days_off(text: str, formats: Formats) -> list[date]:
    """One day a line, or with semicolons or commas between; a comma may also belong to a date (Dec 25, 2026)."""
    days: list[date] = []
    for line in re.split(r"[\n;]+", text):
        one = readable_day(line, formats)
        parts = [line] if one or not line.strip() else re.split(r",\s*", line)
        if len(parts) == 1 and not one:
            parts = line.split()
        days += [day for part in parts if (day := typed_day(part, formats, "Days off")) is not None]
    return days


# -- milestones -----------------------------------------------------------------------------------------


def _milestones(visit: Visit) -> Any:
    if visit.profile is None:
        return None
    rows = [
        _milestone(at, one, visit.formats) for at, one in enumerate(visit.ctx.backend.list_milestones(visit.profile.id))
    ]
    new = html.Div(
        [
            dmc.TextInput(id="milestone-name", label="Name", placeholder="Beta release"),
            day_field("milestone", None, visit.formats, id="milestone-day", label="Date", placeholder=""),
            dmc.Button("Add", id="add-milestone", variant="default"),
        ],
        className="inline-form",
    )
    return card(html.Ul(rows, className="rows"), new, title="Milestones")


def _milestone(at: int, one: Milestone, formats: Formats) -> Any:
    remove = html.Button("Remove", id={"type": "remove-milestone", "at": at}, className="text-button", n_clicks=0,
                         **{"aria-label": f"Remove {one.name}"})  # fmt: skip
    return html.Li([html.Span(one.name), html.Span(formats.day(one.day), className="quiet"), remove])


# -- names, new, delete ---------------------------------------------------------------------------------


def _names(profile: Profile, query: Query) -> Any:
    fields = [
        dmc.TextInput(id="profile-name", label="Profile", value=profile.name),
        dmc.TextInput(id="query-name", label="Query", value=query.name),
        dmc.Textarea(id="profile-description", label="What this profile is about", value=profile.description,
                     autosize=True, minRows=2),
    ]  # fmt: skip
    buttons = [
        dmc.Button("Save names", id="save-names"),
        dmc.Button("New query", id="new-query", variant="default"),
        dmc.Button("New profile", id="new-profile", variant="default"),
        dmc.Button("Delete this query …", id="delete-query", variant="default", className="danger"),
        dmc.Button("Delete this profile …", id="delete-profile", variant="default", className="danger"),
    ]
    return card(html.Div(fields, className="fields"), html.Div(buttons, className="actions"), title="Profile and query")


def _delete_question() -> Any:
    buttons = [dmc.Button("Keep it", id="delete-no", variant="default"),
               dmc.Button("Delete", id="delete-yes", color="red.9")]  # fmt: skip
    return dmc.Modal(
        id="delete-question",
        title="Delete?",
        centered=True,
        children=[html.P(id="delete-words"), dmc.Group(buttons, justify="flex-end")],
    )


# -- the folder -----------------------------------------------------------------------------------------


def _folder(visit: Visit) -> Any:
    stays = visit.ctx.backend.get_state(EXIT_STATE) == "off"
    text = (
        "Everything is in this folder: the database burndown.db and its backups. To move to another computer, quit and "
        "take the whole folder along."
    )
    return card(
        html.P(html.Code(str(visit.ctx.profiles_dir), className="path")),
        html.P(text, className="quiet"),
        dmc.Switch(id="exit-when-idle", checked=not stays,
                   label="Quit by itself a minute after the last page was closed"),
        title="Where the data lies",
    )  # fmt: skip


# -- callbacks ------------------------------------------------------------------------------------------

_CALENDARS = (
    calendar_part("deadline", {"type": "setting", "name": "deadline"}),
    calendar_part("milestone", "milestone-day"),
)
PAGE = Page("/settings/project", "Project", layout, parts=_CALENDARS)
BACKUPS = Page(
    "/settings/backups", "Backups", backups_layout, parts=(backups.PART, bundle_forms.PART), needs_data=False
)
PROGRAM = Page("/settings/program", "Program", program_layout, needs_data=False)

_SAVED = (Output(CHANGED, "data", allow_duplicate=True), Output(TOASTS, "sendNotifications", allow_duplicate=True))


def _viewed(ctx: Context, search: str | None) -> tuple[Profile, Query]:
    visit = visit_of(ctx, search, browser_formats())
    if visit.profile is None or visit.query is None:
        raise BadInput("There is no data yet. Add some on the Data page first.")
    return visit.profile, visit.query


@PAGE.callback(
    *_SAVED,
    Input("save-settings", "n_clicks"),
    State({"type": "setting", "name": ALL}, "value"),
    State({"type": "setting", "name": ALL}, "id"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def save_settings(ctx: Context, clicks: int | None, values: list[Any], ids: list[dict[str, str]], search: str) -> Any:
    if not clicks:
        return no_update, no_update
    profile, query = _viewed(ctx, search)
    given = from_fields({one["name"]: value for one, value in zip(ids, values, strict=True)}, browser_formats())
    ctx.backend.save_profile(changed(profile, given))
    ctx.record(query.ref)
    return changed_token(ctx), toast("Saved.")


@PAGE.callback(
    *_SAVED,
    Input("add-milestone", "n_clicks"),
    State("milestone-name", "value"),
    State("milestone-day", "value"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def add_milestone(ctx: Context, clicks: int | None, name: str | None, day: str | None, search: str) -> Any:
    if not clicks:
        return no_update, no_update
    at = typed_day(day, browser_formats(), "Date")
    if not (name or "").strip() or at is None:
        raise BadInput("A milestone needs a name and a date.")
    profile, _ = _viewed(ctx, search)
    milestone = Milestone(str(name).strip(), at)
    ctx.backend.replace_milestones(profile.id, [*ctx.backend.list_milestones(profile.id), milestone])
    return changed_token(ctx), toast("Milestone added.")


@PAGE.callback(
    *_SAVED,
    Input({"type": "remove-milestone", "at": ALL}, "n_clicks"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def remove_milestone(ctx: Context, clicks: list[int], search: str) -> Any:
    if not any(clicks):
        return no_update, no_update
    profile, _ = _viewed(ctx, search)
    kept = ctx.backend.list_milestones(profile.id)
    gone = kept.pop(call.triggered_id["at"])
    ctx.backend.replace_milestones(profile.id, kept)
    return changed_token(ctx), toast(f"{gone.name} removed.")


@PAGE.callback(
    *_SAVED,
    Input("save-names", "n_clicks"),
    State("profile-name", "value"),
    State("query-name", "value"),
    State("profile-description", "value"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def save_names(ctx: Context, clicks: int | None, name: str, query_name: str, about: str | None, search: str) -> Any:
    if not clicks:
        return no_update, no_update
    profile, query = _viewed(ctx, search)
    with ctx.backend.transaction():
        ctx.backend.save_profile(replace(profile, name=_name(name, "profile"), description=(about or "").strip()))
        ctx.backend.save_query(replace(query, name=_name(query_name, "query")))
    return changed_token(ctx), toast("Saved.")


def _name(text: str | None, what: str) -> str:
    name = (text or "").strip()
    if not name:
        raise BadInput(f"The {what} needs a name.")
    return name


@PAGE.callback(
    Output(URL, "search", allow_duplicate=True),
    *_SAVED,
    Input("new-query", "n_clicks"),
    Input("new-profile", "n_clicks"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def make_new(ctx: Context, query_clicks: int | None, profile_clicks: int | None, search: str) -> Any:
    """A new query in this profile, or a new profile with its first query, under a name that is free."""
    if not query_clicks and not profile_clicks:
        return no_update, no_update, no_update
    profile, _ = _viewed(ctx, search)
    now, backend = ctx.clock(), ctx.backend
    with backend.transaction():
        if call.triggered_id == "new-profile":
            names = [one.name for one in backend.list_profiles()]
            profile = Profile(f"p_{token_hex(6)}", free_name("New profile", names), now, now,
                              forecast_settings={"time_zone": read(profile, "time_zone")})  # fmt: skip
            backend.save_profile(profile)
        names = [one.name for one in backend.list_queries(profile.id)]
        query = Query(profile.id, f"q_{token_hex(6)}", free_name("New query", names), now, now)
        backend.save_query(query)
        backend.switch_query(query.ref, now)
    return Choice(profile=profile.id, query=query.id).search(), changed_token(ctx), toast("Made. Give it a name.")


@PAGE.callback(
    Output("delete-question", "opened"),
    Output("delete-question", "title"),
    Output("delete-words", "children"),
    Output("delete-yes", "n_clicks"),
    Input("delete-query", "n_clicks"),
    Input("delete-profile", "n_clicks"),
    Input("delete-no", "n_clicks"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def ask_to_delete(
    ctx: Context, query_clicks: int | None, profile_clicks: int | None, no: int | None, search: str
) -> Any:
    if call.triggered_id == "delete-no" or not (query_clicks or profile_clicks):
        return False, no_update, no_update, no_update
    profile, query = _viewed(ctx, search)
    if call.triggered_id == "delete-profile":
        count = len(ctx.backend.list_queries(profile.id))
        title = f"Delete the profile {profile.name}?"
        words = f"Its {count} queries and all their issues and records go with it. A backup is made first."
    else:
        title = f"Delete the query {query.name}?"
        words = "All its issues and records go with it. A backup is made first."
    return True, title, words, 0


@PAGE.callback(
    Output(URL, "href", allow_duplicate=True),
    *_SAVED,
    Input("delete-yes", "n_clicks"),
    State("delete-question", "title"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def delete(ctx: Context, clicks: int | None, title: str, search: str) -> Any:
    """What the question named is deleted, after a snapshot that can bring it back."""
    if not clicks:
        return no_update, no_update, no_update
    profile, query = _viewed(ctx, search)
    if title == f"Delete the profile {profile.name}?":
        gone = deleted.delete_project(ctx, profile.id).name
    else:
        gone = deleted.delete_work(ctx, query.ref).name
    return "/", changed_token(ctx), toast(f"{gone} was deleted. A backup from before is in the backups folder.")


@PAGE.callback(
    Output(TOASTS, "sendNotifications", allow_duplicate=True),
    Input("exit-when-idle", "checked"),
    prevent_initial_call=True,
)
def set_exit(ctx: Context, checked: bool) -> Any:
    wanted = None if checked else "off"
    if ctx.backend.get_state(EXIT_STATE) == wanted:
        return no_update
    ctx.backend.set_state(EXIT_STATE, wanted)
    return toast("Saved.")
