"""Conditions on issues as a reader says them: Version: 1.4; Type: not Bug."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.selection import Condition, NotACondition, Operator, selection
from app.words import N_, _

_FIELD_NAMES = {
    "type": N_("Type"),
    "status": N_("Status"),
    "version": N_("Version"),
    "epic": N_("Epic"),
    "sprint": N_("Sprint"),
    "label": N_("Label"),
    "component": N_("Component"),
    "priority": N_("Priority"),
    "assignee": N_("Assignee"),
    "category": N_("Category"),
    "text": N_("Text"),
    "key": N_("Key"),
    "summary": N_("Summary"),
    "points": N_("Points"),
    "resolution": N_("Resolution"),
    "project": N_("Project"),
}


def field_name(name: str) -> str:
    """Of a field, in the reader's language; of one that only a source has, as it is."""
    return _(_FIELD_NAMES.get(name, name.capitalize()))


def conditions_said(name: str, conditions: Iterable[Condition]) -> str:
    """All that is asked of one field."""
    words = {
        Operator.IS: "",
        Operator.IS_NOT: _("not "),
        Operator.CONTAINS: _("with "),
        Operator.LACKS: _("without "),
    }
    values = ", ".join(f"{words[condition.operator]}{condition.value or _('none')}" for condition in conditions)
    return f"{field_name(name)}: {values}"


def work_said(texts: Iterable[str]) -> str:
    """Of conditions as they are kept; all work where there is none."""
    conditions_text = tuple(texts)
    try:
        selected = selection(conditions_text)
    except NotACondition:
        return ", ".join(conditions_text)
    return "; ".join(conditions_said(*each) for each in selected.by_field.items()) or _("all work")
