"""The sprint check on the page of the sprint: keys pasted into a field stand in the address, and are answered below."""

from __future__ import annotations

from typing import Any

from dash import html

from app.views import sprint_check
from app.views.view import Scene
from app.web.components import card
from app.web.page import Visit
from app.web.view_parts import sentence
from app.words import _


def section(visit: Visit, scene: Scene) -> Any:
    """The fields, and what is said of the issues."""
    keys = {
        "data-name": sprint_check.KEYS,
        "data-value": visit.choice.option(sprint_check.KEYS),
        "data-label": _("Keys, such as A-1, A-2"),
    }
    weeks = {
        "name": "weeks", "value": str(sprint_check.weeks_of(scene)), "min": "1", "max": "8", "step": "1",
        "default": str(sprint_check.WEEKS), "label": _("Within"), "unit": _("weeks"),
    }  # fmt: skip
    fields = [
        html.Span(className="search-field", **keys),
        html.Span(className="range-field", **{f"data-{name}": value for name, value in weeks.items()}),
    ]
    check = sprint_check.check_of(scene)
    sentences = (
        [] if check is None else [html.P(sentence(visit, text)) for text in sprint_check.sentences_of(check, scene)]
    )
    text = _("Paste the keys of what you mean to take on: the chance of finishing all of it, and what to leave out.")
    body = [html.P(text, className="quiet"), html.Div(fields, className="check-fields"), *sentences]
    return card(*body, title=_("Is it too much?"), name="sprint-check")
