"""Which issues stand for deployments and incidents. What a choice would count is shown before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, html

from app.context import Context
from app.domain.analysis import Analysis
from app.errors import BadInput
from app.views.bugs import counted_as, delivery_figures
from app.views.view import Scene
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import meanwhile
from app.web.parts.compared import compared
from app.web.sent import UNUSABLE
from app.words import N_, _
from store import documents
from store.records import Profile
from store.settings import IssueRule

_KINDS = {"deployments": N_("Deployments"), "incidents": N_("Incidents")}
_PARTS = {"types": N_("Types"), "projects": N_("Projects"), "labels": N_("Labels")}
_SEEN = "delivery-seen"
Rules = Mapping[str, IssueRule]


# -- what is shown --------------------------------------------------------------------------------------


def delivery_card(visit: Visit, profile: Profile) -> Any:
    """For the page that says what the data mean."""
    issues = visit.present.facts.issues
    offered = {
        "types": {issue.type for issue in issues},
        "projects": {issue.project for issue in issues},
        "labels": {label for issue in issues for label in issue.labels},
    }
    text = _("Which issues stand for deployments and incidents, for Quality › Delivery. All lists that are not empty "
             "must hold; nothing chosen: by the names of their types.")  # fmt: skip
    fields = [_fieldset(profile, kind, offered) for kind in _KINDS]
    effect = html.Div(_effect(visit, rules_of(profile)), id="delivery-preview", **{"aria-live": "polite"})
    save = html.Div(dmc.Button(_("Save"), id="save-delivery"), className="actions")
    seen = meanwhile.kept(_SEEN, _values(rules_of(profile)))
    return card(
        html.P(text, className="quiet"), *fields, effect, save, seen, title=_("Delivery (DORA)"), name="guarded"
    )


def _fieldset(profile: Profile, kind: str, offered: Mapping[str, Iterable[str]]) -> Any:
    rule = rules_of(profile)[kind]
    fields = []
    for part, label in _PARTS.items():
        chosen = getattr(rule, part)
        names = sorted({*offered[part], *chosen} - {""}, key=str.casefold)
        which = {"type": "delivery-source", "kind": kind, "part": part}
        fields.append(
            dmc.MultiSelect(id=which, label=_(label), value=list(chosen), data=names, searchable=True, clearable=True,
                            comboboxProps={"withinPortal": True})
        )  # fmt: skip
    return html.Fieldset([html.Legend(_(_KINDS[kind])), html.Div(fields, className="fields")], className="step")


def _effect(visit: Visit, rules: Rules) -> list[Any]:
    """What is counted now beside what would be."""
    now = _figures(visit, visit.present)
    rows = [(label, old, new) for (label, old), (_label, new) in zip(now, _after(visit, rules), strict=True)]
    return compared(rows, _("Delivery"))


def _after(visit: Visit, rules: Rules) -> list[tuple[str, str]]:
    present = visit.present
    proposed = Analysis(
        replace(present.facts, profile=with_rules(present.facts.profile, rules)), present.params, None, present.built
    )
    try:
        return _figures(visit, proposed)
    finally:
        proposed.let_go()


def _figures(visit: Visit, analysis: Analysis) -> list[tuple[str, str]]:
    scene = Scene(analysis, visit.formats)
    return [*counted_as(scene), *delivery_figures(scene)]


# -- what is chosen -------------------------------------------------------------------------------------


def rules_of(profile: Profile) -> dict[str, IssueRule]:
    """By "deployments" and "incidents"; an empty rule where nothing is chosen."""
    return {kind: documents.issue_rule_of(profile, kind) or IssueRule() for kind in _KINDS}


def with_rules(profile: Profile, rules: Rules) -> Profile:
    """Where nothing is chosen the profile says nothing of it: by the words in their types then."""
    for kind, rule in rules.items():
        profile = documents.with_issue_rule(profile, kind, None if rule == IssueRule() else rule)
    return profile


def _values(rules: Rules) -> dict[str, tuple[str, ...]]:
    """What each field shows, by the names of kind and part."""
    return {f"{kind}/{part}": getattr(rule, part) for kind, rule in rules.items() for part in _PARTS}


def chosen(values: Sequence[Any], ids: Sequence[Mapping[str, str]]) -> dict[str, IssueRule]:
    """What the fields say. Raises BadInput for what no form sends."""
    rules = {kind: IssueRule() for kind in _KINDS}
    if len(values) != len(ids):
        raise BadInput(UNUSABLE)
    for which, value in zip(ids, values, strict=True):
        kind, part = which.get("kind", ""), which.get("part", "")
        if kind not in rules or part not in _PARTS or not isinstance(value, list | None):
            raise BadInput(UNUSABLE)
        rules[kind] = replace(rules[kind], **{part: tuple(map(str, value or ()))})
    return rules


# -- callbacks ------------------------------------------------------------------------------------------

PART = Page("", "", lambda visit: None)
_FIELD = {"type": "delivery-source", "kind": ALL, "part": ALL}


@PART.fills(
    Output("delivery-preview", "children"),
    Input(_FIELD, "value"),
    State(_FIELD, "id"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def preview(ctx: Context, values: list[Any], ids: list[dict[str, str]], search: str) -> Effects:
    visit = visit_of(ctx, search, browser_formats())
    return Effects(put={"delivery-preview": {"children": _effect(visit, chosen(values, ids))}})


@PART.click("save-delivery", State(_FIELD, "value"), State(_FIELD, "id"), State(_SEEN, "data"), State(URL, "search"))
def save(
    ctx: Context, values: list[Any], ids: list[dict[str, str]], seen: meanwhile.Seen | None, search: str
) -> Effects:
    visit = visit_of(ctx, search, browser_formats()).for_writing()
    if visit.profile is None:
        raise BadInput(N_("This project is not here any more. Reload the page."))
    changes = [(_field(ctx, visit, name), value) for name, value in _values(chosen(values, ids)).items()]
    return meanwhile.saved_all(changes, seen, partial(ctx.record, visit.ref), _("Saved."))


def _field(ctx: Context, visit: Visit, name: str) -> meanwhile.Field:
    kind, _slash, part = name.partition("/")

    def put(profile: Profile, value: Any) -> Profile:
        return with_rules(profile, {kind: replace(rules_of(profile)[kind], **{part: value})})

    label = f"{_(_KINDS[kind])}, {_(_PARTS[part])}"
    return meanwhile.of_profile(
        ctx, visit.ref, (name, label), lambda profile: getattr(rules_of(profile)[kind], part), put
    )
