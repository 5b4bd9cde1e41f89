"""Mapping: what fields, statuses and types mean, why, and what another choice would change before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, MATCH, Input, Output, State, dcc, html

from app.actions import mapping
from app.actions.mapping import Effect, FieldRow, Mapped, Proposal, StatusRow
from app.charts.bugs import class_name
from app.context import Context
from app.errors import BadInput
from app.views.view import unit_name
from app.web.components import card, empty_state, link_button, notice, page_title
from app.web.effects import URL, Effects, id_of
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import delivery_sources, meant, meanwhile
from app.web.parts.compared import compared
from app.web.sent import UNUSABLE, fits
from app.web.worker import done_by_worker
from app.words import N_, _, n_
from app.words.formats import Formats
from store.records import Category, Query, QueryRef

SAVE_JOB = N_("Applying the mapping")
_NOUNS = {
    "points": (N_("Points"), N_("How large an item is")),
    "sprint": (N_("Sprint"), N_("In which sprints it was")),
    "epic": (N_("Epic"), N_("For issues without a parent of their own")),
    "flagged": (N_("Flag"), N_("Marks what is blocked")),
}
_CATEGORIES = (
    (Category.TODO, N_("To do")),
    (Category.IN_PROGRESS, N_("In progress")),
    (Category.DONE, N_("Done")),
)
_CATEGORY_WORDS = {
    Category.TODO: N_("to do"),
    Category.IN_PROGRESS: N_("in progress"),
    Category.DONE: N_("done"),
}
_NO_CLASS = "none"
_SEEN = "mapping-seen"
# What looks odd is told by a few examples where there is much of it.
_MOST_PLACED, _MOST_NAMES = 20, 20
# Of settings that two chose at once; more than these are asked about together with them.
_MOST_QUESTIONS = 3


def layout(visit: Visit) -> Any:
    if visit.query is None or visit.profile is None or not visit.present.has_items:
        reason = _("There are no issues here. Weekly numbers have no statuses, types or fields that could be mapped.")
        nothing = empty_state(_("Nothing to map"), reason, link_button(_("Add data"), "/data/sources"))
        return html.Div([page_title(_("Meaning")), card(nothing)], className="page narrow")
    whole = mapping.mapped(visit.ctx, visit.query.ref)
    mapped = mapping.shown(whole)
    intro = _(
        "Burndown found out by itself what the data of “{name}” means. Change what is wrong: "
        "what it would change is shown before you save, and it is applied to what is stored, "
        "without fetching anything.",
        name=visit.profile.name,
    )
    statuses = _statuses(mapped, visit.formats, len(whole.statuses) - len(mapped.statuses))
    types = _types(mapped, visit.formats, len(whole.types) - len(mapped.types))
    choices = [*_fields(mapped), statuses, types]
    cards = [*meant.meaning_cards(visit), delivery_sources.delivery_card(visit, visit.profile)]
    more = html.Div(cards, className="stack meant")
    return html.Div(
        [
            page_title(_("Meaning")),
            html.P(intro),
            *_doctor(visit, whole),
            html.Div([html.Div(choices, className="stack"), _preview(visit)], className="split mapping"),
            more,
            dcc.Store(id="found", data=_values(mapped)),
            dcc.Store(id=_SEEN, data=mapping.picks_of(mapped)),
        ],
        className="page",
    )


# -- what looks odd -------------------------------------------------------------------------------------


def _doctor(visit: Visit, mapped: Mapped) -> list[Any]:
    """What of all this is most likely wrong, with its evidence; nothing where nothing looks odd."""
    rows = [html.Li(line) for line in _odd(visit, mapped)]
    return [card(html.Ul(rows, className="plain"), title=_("What to check"), name="doctor")] if rows else []


def _odd(visit: Visit, mapped: Mapped) -> Iterator[list[Any]]:
    for placed in islice(visit.present.known.placed_statuses.values(), _MOST_PLACED):
        words = _("“{status}” counts as “{category}”. {evidence}", status=placed.status,
                  category=_(dict(_CATEGORIES)[placed.category]), evidence=_(placed.evidence))  # fmt: skip
        there = dcc.Link(_("See its issues"), href=visit.href("/issues", show="doubt:status_without_a_meaning"))
        yield [words, " ", there]
    used = {row.category for row in mapped.statuses}
    if mapped.statuses and Category.DONE not in used:
        yield [_("No status counts as done, so nothing is ever finished.")]
    if mapped.statuses and Category.IN_PROGRESS not in used:
        yield [_("No status counts as in progress, so nothing has an age or a cycle time of its own.")]
    classless = [row for row in mapped.types if not row.work_class and row.issues]
    if classless and len(classless) < len(mapped.types):
        names = ", ".join([*(row.name for row in classless[:_MOST_NAMES]), *["…"] * (len(classless) > _MOST_NAMES)])
        count = sum(row.issues for row in classless)
        yield [n_("{count} issue is of a type without a class: {types}.",
                  "{count} issues are of types without a class: {types}.", count, types=names)]  # fmt: skip
    if any(row.noun == "points" and not row.chosen and len(row.options) > 1 for row in mapped.fields):
        yield [_("No field holds points. If your team estimates, choose the field below.")]


# -- what can be chosen ---------------------------------------------------------------------------------


def _fields(mapped: Mapped) -> list[Any]:
    if not mapped.fields:
        if not mapped.from_jira:
            return []
        text = _("Jira's answers are no longer stored. Fetch everything again on the Jira page to choose other fields.")
        return [card(notice("warning", text), title=_("Fields"))]
    return [card(html.Div([_field(row) for row in mapped.fields], className="fields"), title=_("Fields"))]


def _field(row: FieldRow) -> Any:
    label, what = _NOUNS[row.noun]
    return html.Div(
        [
            dmc.Select(
                id={"type": "map-field", "noun": row.noun},
                label=label,
                description=what,
                value=row.chosen or _NO_CLASS,
                data=[{"value": option.field_id or _NO_CLASS, "label": option.name} for option in row.options],
                allowDeselect=False,
                searchable=len(row.options) > 8,
                comboboxProps={"withinPortal": True},
            ),
            html.P(
                evidence_of(row).get(row.chosen or _NO_CLASS),
                id={"type": "map-evidence", "noun": row.noun},
                className="evidence",
            ),
        ]
    )


def evidence_of(row: FieldRow) -> dict[str, str]:
    """Why it would be each of the fields, by the picker's value."""
    nothing = _("Nothing is read from a field.") if len(row.options) > 1 else _("No field of this Jira holds it.")
    return {
        option.field_id or _NO_CLASS: f"{option.evidence}." if option.evidence else nothing for option in row.options
    }


def _statuses(mapped: Mapped, formats: Formats, others: int) -> Any:
    rows = [html.Li([_status_words(row, mapped.from_jira, formats), _status_switch(row)]) for row in mapped.statuses]
    return card(html.Ul(rows, className="rows map-rows"), *_others(others, formats), title=_("Statuses"))


def _others(count: int, formats: Formats) -> list[Any]:
    """What is said below a list that does not show all there are."""
    if not count:
        return []
    words = n_(
        "{count} more is not listed and counts as before; the list has those with the most issues.",
        "{count} more are not listed and count as before; the list has those with the most issues.",
        count,
        count=formats.number(count),
    )
    return [html.P(words, className="quiet")]


def _status_words(row: StatusRow, from_jira: bool, formats: Formats) -> Any:
    """The name, how many are in it, and where its category comes from."""
    count = (
        n_("{issues} issue now", "{issues} issues now", row.issues, issues=formats.number(row.issues))
        if row.issues
        else _("no issue now")
    )
    by = (_("Jira says") if from_jira else _("the data say")) if row.issues else _("by its name")
    words = f"{count}; {by}: {_(_CATEGORY_WORDS[row.detected])}"
    return html.Div([html.Strong(row.name), html.Div(words, className="quiet")])


def _status_switch(row: StatusRow) -> Any:
    return dmc.SegmentedControl(
        id={"type": "map-status", "name": row.name},
        value=str(row.category),
        data=[{"value": str(category), "label": words} for category, words in _CATEGORIES],
        size="sm",
        **{"aria-label": _("{name} counts as", name=row.name)},
    )


def _types(mapped: Mapped, formats: Formats, others: int) -> Any:
    classes = [{"value": name, "label": class_name(name)} for name in mapping.CLASSES] + [
        {"value": _NO_CLASS, "label": _("None of these")}
    ]
    rows = [
        html.Li(
            [
                html.Div(
                    [
                        html.Strong(row.name),
                        html.Div(
                            n_("{count} issue", "{count} issues", row.issues, count=formats.number(row.issues)),
                            className="quiet",
                        ),
                    ]
                ),
                # The component brings a second, hidden element along, which the row must not count.
                html.Div(
                    dmc.Select(
                        id={"type": "map-type", "name": row.name},
                        value=row.work_class or _NO_CLASS,
                        data=classes,
                        allowDeselect=False,
                        size="xs",
                        w=170,
                        comboboxProps={"withinPortal": True},
                        **{"aria-label": _("{name} is work of the class", name=row.name)},
                    )
                ),
            ]
        )
        for row in mapped.types
    ]
    listed = html.Ul(rows, className="rows map-rows")
    return card(listed, *_others(others, formats), title=_("Types of work")) if rows else None


def _values(mapped: Mapped) -> dict[str, Any]:
    """What was found, as the pickers hold it: for the way back to it, and to explain each choice."""
    return {
        "evidence": {row.noun: evidence_of(row) for row in mapped.fields},
        "fields": [row.detected or _NO_CLASS for row in mapped.fields],
        "statuses": [str(row.detected) for row in mapped.statuses],
        "types": [row.detected or _NO_CLASS for row in mapped.types],
    }


# -- the preview ----------------------------------------------------------------------------------------


def _preview(visit: Visit) -> Any:
    if visit.query is None:
        return None
    now = mapping.effect(visit.ctx, visit.query.ref)
    buttons = [
        dmc.Button(_("Save"), id="save-mapping"),
        dmc.Button(_("Back to what was found"), id="map-back", variant="default"),
    ]
    parts = [
        html.Div(effect_table(now, now, visit.formats), id="map-preview", **{"aria-live": "polite"}),
        html.Div(buttons, className="actions"),
    ]
    return html.Div(card(*parts, title=_("What it changes"), name="preview"))


def effect_table(before: Effect, after: Effect, formats: Formats) -> Any:
    """Each number as it is and as it would be; where nothing differs, as it is."""
    return compared(_effect_rows(before, after, formats), _("What"))


def _effect_rows(before: Effect, after: Effect, formats: Formats) -> list[tuple[str, str, str]]:
    def row(label: str, tell: Any) -> tuple[str, str, str]:
        return label, tell(before), tell(after)

    def amount(value: float | None) -> str:
        return "–" if value is None else formats.number(round(value, 1))

    weeks = before.weeks
    rows = [
        row(
            n_("Finished in {weeks} week", "Finished in {weeks} weeks", weeks, weeks=weeks),
            lambda effect: amount(effect.finished),
        ),
        row(_("Items a week"), lambda effect: amount(effect.pace)),
        row(_("Points a week"), lambda effect: amount(effect.pace_points)),
        row(_("Median cycle time"), lambda effect: _days(effect.cycle_days, formats)),
        row(_("In progress"), lambda effect: amount(effect.in_progress)),
        row(_("Remaining {unit}", unit=unit_name(before.unit)), lambda effect: amount(effect.remaining)),
        row(_("Even odds by"), lambda effect: formats.short(effect.date_50)),
        row(_("85 % sure by"), lambda effect: formats.short(effect.date_85)),
    ]
    rest = [
        row(_("Sprints"), lambda effect: amount(effect.sprints)),
        row(_("Issues with an epic or parent"), lambda effect: amount(effect.with_parent)),
        row(_("Flagged issues"), lambda effect: amount(effect.flagged)),
        *(
            row(
                _("Finished: {name}", name=name or _("none of the classes")),
                lambda effect, name=name: amount(_in_class(effect, name)),
            )
            for name in (*mapping.CLASSES, mapping.NO_CLASS)
        ),
    ]
    return [*rows, *(effect for effect in rest if effect[1] != effect[2])]


def _in_class(effect: Effect, work_class: str) -> int:
    return dict(effect.by_class).get(work_class, 0)


def _days(days: float | None, formats: Formats) -> str:
    return "–" if days is None else n_("{count} day", "{count} days", days, count=formats.number(days))


# -- callbacks ------------------------------------------------------------------------------------------

PAGE = Page("/data/meaning", N_("Meaning"), layout, parts=(meant.PART, delivery_sources.PART))

_FIELD, _STATUS, _TYPE = (
    {"type": "map-field", "noun": ALL},
    {"type": "map-status", "name": ALL},
    {"type": "map-type", "name": ALL},
)
_NAMES = (State(_FIELD, "id"), State(_STATUS, "id"), State(_TYPE, "id"), State(URL, "search"))

Ids = Sequence[dict[str, str]]


def proposal_of(
    fields: Sequence[str], statuses: Sequence[str], types: Sequence[str], ids: tuple[Ids, Ids, Ids]
) -> Proposal:
    """What the pickers say. Raises BadInput for what none of them offers."""
    nouns, names, kinds = ids
    if any(len(each) != len(values) for each, values in zip(ids, (fields, statuses, types), strict=True)):
        raise BadInput(UNUSABLE)
    try:
        categories = {which["name"]: Category(value) for which, value in zip(names, statuses, strict=True)}
    except ValueError as exc:
        raise BadInput(_("A status must count as to do, in progress or done.")) from exc
    chosen = {which["noun"]: "" if value == _NO_CLASS else value for which, value in zip(nouns, fields, strict=True)}
    classes = {which["name"]: "" if value == _NO_CLASS else value for which, value in zip(kinds, types, strict=True)}
    return Proposal(chosen or None, categories, classes)


@PAGE.fills(
    Output("map-preview", "children"),
    Input(_FIELD, "value"),
    Input(_STATUS, "value"),
    Input(_TYPE, "value"),
    *_NAMES,
    prevent_initial_call=True,
)
def preview(ctx: Context, fields: list[str], statuses: list[str], types: list[str], *named: Any) -> Effects:
    query = _query(ctx, named[-1])
    proposal = mapping.completed(ctx, query.ref, proposal_of(fields, statuses, types, named[:3]))
    after = mapping.effect(ctx, query.ref, proposal)
    table = effect_table(mapping.effect(ctx, query.ref), after, browser_formats())
    return Effects(put={"map-preview": {"children": table}})


@PAGE.fills(
    Output({"type": "map-evidence", "noun": MATCH}, "children"),
    Input({"type": "map-field", "noun": MATCH}, "value"),
    State({"type": "map-field", "noun": MATCH}, "id"),
    State("found", "data"),
    prevent_initial_call=True,
)
def explain_field(ctx: Context, value: str, which: dict[str, str], proposed: dict[str, Any]) -> Effects:
    evidence: Any = proposed.get("evidence")
    if not fits(evidence, dict[str, dict[str, str]]) or which["noun"] not in evidence:
        raise BadInput(UNUSABLE)
    reason = evidence[which["noun"]].get(value, "")
    return Effects(put={id_of({"type": "map-evidence", "noun": which["noun"]}): {"children": reason}})


@PAGE.click(
    "save-mapping",
    State(_FIELD, "value"),
    State(_STATUS, "value"),
    State(_TYPE, "value"),
    State(_SEEN, "data"),
    *_NAMES,
    running=[(Output("save-mapping", "loading"), True, False)],
)
def save(
    ctx: Context,
    fields: list[str],
    statuses: list[str],
    types: list[str],
    seen: Mapping[str, str] | None,
    *named: Any,
) -> Effects:
    query = _query(ctx, named[-1])
    picked = mapping.picks_in(proposal_of(fields, statuses, types, named[:3]))
    differences = _saved(ctx, query.ref, picked, seen)
    if isinstance(differences, int):
        read = browser_formats().number(differences)
        anew = (
            n_(" {read} issue read anew.", " {read} issues read anew.", differences, read=read) if differences else ""
        )
        return Effects(toast=_("Saved.{anew}", anew=anew), changed=True)
    # What the others chose is known from now on; whoever chooses meanwhile is not overwritten either.
    seen_now = {**(seen or {}), **{other.name: other.theirs for other in differences}}
    questions = [_choice(ctx, query.ref, other) for other in differences[:_MOST_QUESTIONS]]
    toasts = [choice.question(lambda: None, browser_formats()).toast for choice in questions]
    return Effects(toast=" ".join(toasts), ask=partial(_agreed, ctx, query.ref, picked, seen_now), changed=True)


def _saved(
    ctx: Context, ref: QueryRef, picked: Mapping[str, str], seen: Mapping[str, str] | None
) -> int | tuple[mapping.Other, ...]:
    return done_by_worker(ctx, SAVE_JOB, lambda: mapping.save_picked(ctx, ref, picked, seen))


def _agreed(ctx: Context, ref: QueryRef, picked: Mapping[str, str], seen: Mapping[str, str]) -> None:
    differences = _saved(ctx, ref, picked, seen)
    if not isinstance(differences, int):
        account = _choice(ctx, ref, differences[0]).account(browser_formats())
        raise BadInput(N_("{told} That is kept; choose again if yours is to hold.", told=account))


def _choice(ctx: Context, ref: QueryRef, other: mapping.Other) -> meanwhile.Choice:
    kind, _slash, name = other.name.partition("/")
    if kind == "status":
        words = dict(_CATEGORIES)
        theirs, mine = (_(words[Category(value)]) for value in (other.theirs, other.mine))
        return meanwhile.Choice(name, theirs, mine, other.by)
    if kind == "type":
        theirs, mine = (class_name(value) if value else _("None of these") for value in (other.theirs, other.mine))
        return meanwhile.Choice(name, theirs, mine, other.by)
    names = {option.field_id: option.name for row in mapping.mapped(ctx, ref).fields for option in row.options}
    theirs, mine = (_(names.get(value, value)) for value in (other.theirs, other.mine))
    return meanwhile.Choice(_(_NOUNS[name][0]), theirs, mine, other.by)


@PAGE.fills(
    Output(_FIELD, "value"),
    Output(_STATUS, "value"),
    Output(_TYPE, "value"),
    Input("map-back", "n_clicks"),
    State("found", "data"),
    *_NAMES[:3],
    prevent_initial_call=True,
)
def back(ctx: Context, clicks: int | None, proposed: dict[str, list[str]], *ids: Ids) -> Effects | None:
    """The pickers as Burndown would have set them; nothing is saved by it."""
    if not clicks:
        return None
    chosen = [proposed.get(name, []) for name in ("fields", "statuses", "types")]
    if [len(which) for which in ids] != [len(values) for values in chosen]:
        raise BadInput(UNUSABLE)
    pickers = [pair for which, values in zip(ids, chosen, strict=True) for pair in zip(which, values, strict=True)]
    return Effects(put={id_of(which): {"value": value} for which, value in pickers})


def _query(ctx: Context, search: str | None) -> Query:
    visit = visit_of(ctx, search, browser_formats()).for_writing()
    if visit.query is None:
        raise BadInput(_("There is no data yet. Add some on the Data page first."))
    return visit.query
