"""Redmine: its list of issues as CSV, in English, German, French and Spanish, and the answers of its interface."""

from __future__ import annotations

from app.imports.trackers.answers import Cells, Json, object_in, row_of, text
from app.imports.trackers.tool import Form, Tool, names_of


def _tells(entry: Json) -> bool:
    return "tracker" in entry and "subject" in entry


def _cells(entry: Json) -> Cells:
    status = object_in(entry.get("status"))
    values = {
        "#": entry.get("id"),
        "Project": entry.get("project"),
        "Tracker": entry.get("tracker"),
        "Parent task": object_in(entry.get("parent")).get("id"),
        "Status": status,
        "Status Category": "done" if status.get("is_closed") is True else "",
        "Priority": entry.get("priority"),
        "Subject": entry.get("subject"),
        "Assignee": entry.get("assigned_to"),
        "Updated": entry.get("updated_on"),
        "Component": entry.get("category"),
        "Target version": entry.get("fixed_version"),
        "% Done": entry.get("done_ratio"),
        "Story points": entry.get("story_points"),
        "Created": entry.get("created_on"),
        "Closed": entry.get("closed_on"),
    }
    custom = {
        text(custom_field): custom_field.get("value")
        for custom_field in entry.get("custom_fields") or ()
        if isinstance(custom_field, dict)
    }
    return row_of({**custom, **values})


REDMINE = Tool(
    "Redmine",
    (
        names_of("#", "tracker", "subject"),
        names_of("tracker", "% done"),
        names_of("tracker", "thema", "priorität"),
        names_of("tracker", "% erledigt"),
        names_of("tracker", "sujet", "statut"),
        names_of("tipo", "asunto", "% realizado"),
    ),
    {
        "key": ("#",),
        "type": ("tracker", "tipo"),
        "summary": ("subject", "thema", "sujet", "asunto"),
        "resolved": ("closed", "geschlossen", "fermé", "cerrada"),
        "created": ("created", "angelegt", "créé", "creado"),
        "updated": ("updated", "aktualisiert", "mis à jour", "actualizado"),
        "parent": ("parent task", "übergeordnete aufgabe", "übergeordnetes ticket", "tâche parente", "tarea padre"),
        "components": ("component", "category", "kategorie", "catégorie", "categoría"),
        "fix_versions": ("target version", "zielversion", "version cible", "versión prevista"),
        "sprints": ("sprint",),
        # Hours, and days that are planned.
        "points": ("story points", "storypoints"),
        "started": (),
    },
    forms=(Form(_tells, _cells),),
)
