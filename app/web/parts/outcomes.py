"""Beside a setting that changes numbers: what its other values would come to, renewed when any of them is changed."""

from __future__ import annotations

from typing import Any

from dash import ALL, Input, Output, State, html

from app.actions.outcomes import COMPARED, Outcome, outcomes
from app.context import Context
from app.domain.hierarchy import Level
from app.domain.ways import LEVEL
from app.web.components import amount
from app.web.effects import URL, Effects, id_of
from app.web.page import Page, browser_formats, visit_of
from app.words import _, n_
from app.words.formats import Formats

_PLACE = "outcomes"
# What a form keeps of its values: another one after each change.
SEEN = "settings-seen"


def beside(name: str, field: Any) -> Any:
    """The field, with room below it for what its other values would come to; the field alone where that is nothing."""
    if name not in COMPARED:
        return field
    room = html.Ul(id={"type": _PLACE, "name": name}, className="outcomes quiet", **{"aria-live": "polite"})
    return html.Div([field, room])


def lines(name: str, compared: tuple[Outcome, ...], formats: Formats) -> list[Any]:
    """A line for each other value, in the order in which they are chosen from."""
    present, *others = compared
    return [
        html.Li([html.Strong(_called(name, other)), ": ", _difference(present, other, formats)]) for other in others
    ]


def _called(name: str, outcome: Outcome) -> str:
    if name == "window":
        return n_("{count} week", "{count} weeks", outcome.value)
    return _(str(outcome.value).capitalize())


def _difference(present: Outcome, other: Outcome, formats: Formats) -> str:
    parts = [_sure(present, other, formats)]
    if present.unit is other.unit:
        parts = [
            _left(present, other, formats),
            _finished(present, other, formats),
            _pace(present, other, formats),
            *parts,
        ]
    return "; ".join(filter(None, parts)) or _("changes nothing as things are")


def _left(present: Outcome, other: Outcome, formats: Formats) -> str:
    if present.left is None or other.left is None or present.left == other.left:
        return ""
    left = _("{left} left instead of {before}", left=amount(formats, other.left, other.unit),
             before=formats.number(present.left))  # fmt: skip
    more = [text for text in (_more(other, level) for level in (Level.EPIC, Level.STORY, Level.SUB_TASK)) if text]
    return _("counts {more} more: {left}", more=", ".join(more), left=left) if more else left


def _more(outcome: Outcome, level: Level) -> str:
    count = outcome.levels.get(level, 0)
    if not count:
        return ""
    if level is Level.EPIC:
        return n_("{count} epic", "{count} epics", count)
    if level is Level.STORY:
        return n_("{count} story", "{count} stories", count)
    return n_("{count} sub-task", "{count} sub-tasks", count)


def _finished(present: Outcome, other: Outcome, formats: Formats) -> str:
    if present.finished is None or other.finished is None or present.finished == other.finished:
        return ""
    write = formats.number
    return _("{count} finished instead of {before}", count=write(other.finished), before=write(present.finished))


def _pace(present: Outcome, other: Outcome, formats: Formats) -> str:
    now, then = (None if each.pace is None else formats.number(each.pace) for each in (present, other))
    if now is None or then is None or now == then:
        return ""
    return _("{count} a week instead of {before}", count=then, before=now)


def _sure(present: Outcome, other: Outcome, formats: Formats) -> str:
    if present.sure == other.sure and present.reason == other.reason:
        return ""
    if other.reason:
        return _("no forecast: {reason}", reason=_(other.reason))
    level, write = formats.rate(LEVEL / 100), formats.short
    if other.sure is None:
        return _("no date is {level} sure", level=level)
    if present.sure is None:
        return _("{level} sure by {sure}", level=level, sure=write(other.sure))
    return _(
        "{level} sure by {sure} instead of {before}", level=level, sure=write(other.sure), before=write(present.sure)
    )


# -- callbacks ------------------------------------------------------------------------------------------

PART = Page("", "", lambda visit: None)


@PART.fills(
    Output({"type": _PLACE, "name": ALL}, "children"),
    Input(SEEN, "data"),
    State({"type": _PLACE, "name": ALL}, "id"),
    State(URL, "search"),
)
def show(ctx: Context, seen: Any, rooms: list[dict[str, str]], search: str) -> Effects:
    """After the page, and after each change: each value takes a forecast of its own."""
    visit, formats = visit_of(ctx, search, browser_formats()), browser_formats()
    if visit.query is None:
        return Effects()
    ref = visit.query.ref
    return Effects(
        put={id_of(room): {"children": lines(room["name"], outcomes(ctx, ref, room["name"]), formats)}
             for room in rooms if room["name"] in COMPARED}
    )  # fmt: skip
