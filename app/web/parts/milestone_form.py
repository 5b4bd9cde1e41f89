"""The milestones' own form, below their table: one more, and what can be done with those that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, State, dcc, html

from app.actions import milestones
from app.context import Context
from app.domain.epics import not_broken_down
from app.domain.hierarchy import Hierarchy
from app.domain.milestones import Dated
from app.domain.selection import Values
from app.errors import BadInput
from app.views.conditions import work_said
from app.views.milestones import name_of, rows_of, state_of, which_work
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import meanwhile
from app.web.parts.day_field import calendar_part, day_field, typed_day
from app.web.sent import UNUSABLE, fits
from app.words import N_, _
from app.words.formats import Formats
from store.codec import UnreadableRecord, decode, encode
from store.records import Milestone, QueryRef

# What the form shows, in a store of its own.
SEEN = "milestones-seen"
_DRAGGED = "milestone-dragged"
# What is offered of the work; any other field can be typed.
_FIELDS = {"version": N_("Version"), "epic": N_("Epic"), "label": N_("Label")}
_MOST = 40
_TEAM_FIELDS = {
    "component": N_("Component"),
    "label": N_("Label"),
    "project": N_("Project"),
    "assignee": N_("Assignee"),
}
_DONE = {
    "up": N_("Worked on earlier."),
    "down": N_("Worked on later."),
    "close": N_("Closed as reached; its numbers are kept."),
    "open": N_("Open again."),
    "remove": N_("Removed."),
}
_ACTIONS = {
    "up": N_("Up"),
    "down": N_("Down"),
    "close": N_("Close as reached"),
    "open": N_("Open"),
    "remove": N_("Remove"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """The ids of the fields of a form for one more; `work` and `teams` are empty where it asks for neither."""

    name: str
    day: str
    work: str = ""
    teams: str = ""

    def refused(self, problems: Mapping[str, str]) -> Effects:
        """Each problem at its field; what was said at another one before is gone."""
        fields = (self.name, self.day, self.work, self.teams)
        return Effects(put={field: {"error": problems.get(field)} for field in fields if field}, settles=True)


_ENTRY = Entry("dated-name", "dated-day", "dated-work", "dated-teams")


def form(visit: Visit) -> Any:
    rows = [each for each in rows_of(visit.scene()) if not each.is_deadline]
    new = html.Div(
        [
            dmc.TextInput(id=_ENTRY.name, label=_("Name")),
            day_field(
                "dated",
                None,
                visit.formats,
                visit.analysis.params.deadline,
                id=_ENTRY.day,
                label=_("Date"),
                placeholder="",
            ),
            _choice(_ENTRY.work, _("Which work"), _("All work"), _parts_of_work(visit)),
            _choice(_ENTRY.teams, _("Several teams, by field"), _("One team"), _labelled(_TEAM_FIELDS)),
            dmc.Button(_("Add"), id="add-dated", variant="default"),
        ],
        className="inline-form",
        id="new-milestone",
    )
    if not rows:
        return card(new, title=_("Add a milestone"))
    shown = dcc.Store(id=SEEN, data=as_shown(visit.analysis.facts.milestones))
    lines = [_row(visit, each, len(rows) > 1) for each in rows]
    listed = html.Ul(lines, className="rows", **{"data-sortable": _DRAGGED})
    hint = html.P(_("What stands above goes first: drag a line, or move it with Up and Down."), className="quiet")
    return card(
        hint if len(rows) > 1 else None, shown, listed, dcc.Store(id=_DRAGGED), new, title=_("Order and settings")
    )


def _choice(name: str, label: str, nothing: str, data: list[Any]) -> Any:
    return dmc.Select(
        id=name,
        label=label,
        placeholder=nothing,
        data=data,
        searchable=True,
        clearable=True,
        limit=60,
        nothingFoundMessage=_("Nothing to choose from"),
    )


def _labelled(names: Mapping[str, str]) -> list[Any]:
    return [{"value": name, "label": _(label)} for name, label in names.items()]


def _parts_of_work(visit: Visit) -> list[Any]:
    """What is seen through the filter; and the versions, epics and labels of open work, the largest first."""
    values = Values(Hierarchy(visit.analysis.facts.issues))
    opened = [item for item in visit.analysis.known.items if item.in_scope and item.done is None]
    counts = {name: Counter(text for item in opened for text in values.now(item, name) if text) for name in _FIELDS}
    counts["epic"].update(
        text for item in not_broken_down(visit.analysis.known) for text in (item.issue.key, item.issue.summary) if text
    )
    where = visit.choice.where
    seen = [{"group": _("Seen through the filter"), "items": [{"value": "; ".join(where), "label": work_said(where)}]}]
    return [*(seen if where else []), *(_group(name, counts[name]) for name in _FIELDS if counts[name])]


def _group(name: str, counts: Counter[str]) -> dict[str, Any]:
    items = [{"value": f"{name}={text}", "label": text} for text, _count in counts.most_common(_MOST)]
    return {"group": _(_FIELDS[name]), "items": items}


def _row(visit: Visit, each: Dated, is_ordered: bool) -> Any:
    moves = ("up", "down") if is_ordered else ()
    actions = (*moves, "close", "remove") if each.closed is None else ("open", "remove")
    return html.Li(
        draggable=str(is_ordered and each.closed is None).lower(),
        **{"data-at": str(each.place)},
        children=[
            html.Span(name_of(each)),
            html.Span(f"{visit.formats.short(each.day)} · {which_work(each)} · {state_of(each, visit.formats)}",
                      className="quiet"),
            *(_button(what, each) for what in actions),
        ]
    )  # fmt: skip


def _button(what: str, each: Dated) -> Any:
    text = _(_ACTIONS[what])
    part = {"type": "milestone-do", "what": what, "at": each.place}
    return html.Button(text, id=part, className="text-button", n_clicks=0, **{"aria-label": f"{text}: {each.name}"})


PART = Page("", "", lambda visit: None)
PARTS = (PART, calendar_part("dated", _ENTRY.day))


@PART.click(
    "add-dated",
    State(_ENTRY.name, "value"),
    State(_ENTRY.day, "value"),
    State(_ENTRY.work, "value"),
    State(_ENTRY.teams, "value"),
    State(URL, "pathname"),
    State(URL, "search"),
)
def add(
    ctx: Context, name: str | None, day: str | None, work: str | None, teams: str | None, path: str, search: str
) -> Effects:
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    return added(ctx, visit.ref, _ENTRY, name, day, work or "", teams or "")


def added(
    ctx: Context, ref: QueryRef, entry: Entry, name: str | None, day: str | None, work: str = "", teams: str = ""
) -> Effects:
    """One more, with its way back; or what is wrong with it, at its fields."""
    on, problems = _checked(entry, name, day)
    if problems:
        return entry.refused(problems)
    try:
        before = milestones.add(ctx, ref, name or "", on, work, teams)
    except milestones.NameTaken as exc:
        return entry.refused({entry.name: _(str(exc))})
    except BadInput as exc:
        field = (entry.teams if teams else entry.work) or entry.name
        return entry.refused({field: _(str(exc))})
    return taken_back(ctx, ref, before, _("Milestone added."))


def _checked(entry: Entry, name: str | None, day: str | None) -> tuple[date | None, dict[str, str]]:
    problems = {} if (name or "").strip() else {entry.name: _("A milestone needs a name.")}
    try:
        on = typed_day(day, browser_formats(), _("Date"))
    except BadInput as exc:
        return None, problems | {entry.day: _(str(exc))}
    return on, problems if on is not None else problems | {entry.day: _("A milestone needs a date.")}


def taken_back(ctx: Context, ref: QueryRef, before: milestones.Kept, words: str) -> Effects:
    """What was done, with its way back to `before`."""
    left = ctx.backend.list_milestones(ref.profile_id)
    return Effects(toast=words, changed=True, undo=partial(milestones.put_back, ctx, ref, before, left))


@PART.changed(Input(_DRAGGED, "data"), State(URL, "pathname"), State(URL, "search"), State(SEEN, "data"))
def drag(ctx: Context, moved: dict[str, Any] | None, path: str, search: str, seen: Any = None) -> Effects | None:
    """A line was let go so many places further down, above for less than 0."""
    if not isinstance(moved, dict) or not moved.get("by"):
        return None
    at: Any = moved.get("at")
    by: Any = moved["by"]
    if not fits([at, by], list[int]):
        raise BadInput(UNUSABLE)
    ref = visit_of(ctx, search, browser_formats(), path).for_writing().ref
    return done(ctx, ref, "up" if by < 0 else "down", at, seen, by=by)


@PART.click(
    {"type": "milestone-do", "what": ALL, "at": ALL}, State(URL, "pathname"), State(URL, "search"), State(SEEN, "data")
)
def do(ctx: Context, which: dict[str, Any], path: str, search: str, seen: Any = None) -> Effects:
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    at, what = which["at"], which["what"]
    if not isinstance(at, int) or what not in _DONE:
        raise BadInput(UNUSABLE)
    return done(ctx, visit.ref, what, at, seen, by=-1 if what == "up" else 1, day=visit.analysis.as_of)


def as_shown(kept: milestones.Kept) -> list[dict[str, Any]]:
    """For a form to keep beside its lines."""
    return [encode(each) for each in kept]


def shown_then(seen: Any) -> list[Milestone]:
    """What a form kept. Raises BadInput for what none keeps."""
    try:
        return [decode(Milestone, each) for each in seen]
    except (UnreadableRecord, TypeError) as exc:
        raise BadInput(UNUSABLE) from exc


def done(ctx: Context, ref: QueryRef, what: str, at: int, seen: Any, by: int = 0, day: date | None = None) -> Effects:
    """With the one that the form shows at that place; or the question, where that is another one by now.

    `seen`: what the form keeps; None: whatever is there is meant. `by`: how far it is moved, `day`: when it is closed.
    """
    shown = None if seen is None else shown_then(seen)

    def act(place: int, kept: milestones.Kept | None) -> milestones.Kept:
        if what in ("up", "down"):
            return milestones.move(ctx, ref, place, by, kept)
        if what == "remove":
            return milestones.remove(ctx, ref, place, kept)
        return milestones.close(ctx, ref, place, day if what == "close" else None, kept)

    try:
        return taken_back(ctx, ref, act(at, shown), _(_DONE[what]))
    except milestones.ChangedMeanwhile as other:
        return _question(other, what, act)


def _question(
    other: milestones.ChangedMeanwhile, what: str, act: Callable[[int, milestones.Kept], milestones.Kept]
) -> Effects:
    formats = browser_formats()
    theirs = other.now if isinstance(other.now, tuple) else _state(other.now, formats)
    label = _("Order of the milestones") if isinstance(other.now, tuple) else other.name
    choice = meanwhile.Choice(label, theirs, _(_ACTIONS[what]), other.by)
    if other.place < 0:
        return Effects(toast=choice.account(formats), is_problem=True, changed=True)

    def agreed() -> None:
        try:
            act(other.place, other.present)
        except milestones.ChangedMeanwhile as again:
            raise BadInput(N_("This was changed once more meanwhile. Look at it, and choose again.")) from again

    return choice.question(agreed, formats)


def _state(now: Milestone | None, formats: Formats) -> str:
    if now is None:
        return _("Remove")
    day = formats.short(now.day)
    return day if now.closed is None else _("{day}, reached", day=day)
