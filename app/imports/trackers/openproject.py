"""OpenProject: a table of work packages as CSV, in four languages, and the answers of its interface."""

from __future__ import annotations

from app.imports.column_names import ISSUE_NAMES
from app.imports.redmine_names import COLUMNS
from app.imports.trackers.answers import Cells, Json, object_in, row_of
from app.imports.trackers.tool import Form, Tool, names_of


def _tells(entry: Json) -> bool:
    return entry.get("_type") == "WorkPackage"


def _cells(entry: Json) -> Cells:
    links = object_in(entry.get("_links"))

    def linked(name: str) -> str:
        return str(object_in(links.get(name)).get("title") or "")

    parent = str(object_in(links.get("parent")).get("href") or "")
    values = {
        "ID": entry.get("id"),
        "Subject": entry.get("subject"),
        "Type": linked("type"),
        "Status": linked("status"),
        "Project": linked("project"),
        "Priority": linked("priority"),
        "Assignee": linked("assignee"),
        "Version": linked("version"),
        "Parent": parent.rpartition("/")[2],
        "Created on": entry.get("createdAt"),
        "Updated on": entry.get("updatedAt"),
        "Start date": entry.get("startDate") or entry.get("date"),
        "Finish date": entry.get("dueDate") or entry.get("date"),
        "% Complete": entry.get("percentageDone"),
        "Story points": entry.get("storyPoints"),
    }
    return row_of(values)


def _telling() -> tuple[frozenset[str], ...]:
    """In the languages that it has in common with Redmine, of which it is made."""
    pairs = zip(COLUMNS["summary"], COLUMNS["percent"], strict=True)
    return tuple(names_of("id", summary, percent) for summary, percent in pairs)


OPENPROJECT = Tool(
    "OpenProject",
    (
        names_of("id", "subject", "finish date", "start date"),
        names_of("id", "subject", "% complete"),
        names_of("id", "subject", "remaining work"),
        names_of("id", "thema", "anfangstermin"),
        names_of("id", "thema", "endtermin"),
        names_of("id", "thema", "% abgeschlossen"),
        *_telling(),
        names_of("id", "sujet", "date de début", "date de fin"),
        names_of("id", "asunto", "fecha de inicio", "fecha de finalización"),
    ),
    {
        "key": ("id",),
        "summary": COLUMNS["summary"],
        "type": ("type", "typ", "tipo", "тип", "タイプ", "类型", "유형"),
        "created": (
            "created on",
            "created at",
            "angelegt",
            "angelegt am",
            "erstellt am",
            "créé le",
            "creado el",
            *COLUMNS["created"],
            *ISSUE_NAMES["created"],
        ),
        "updated": (
            "updated on",
            "updated at",
            "aktualisiert am",
            "aktualisiert",
            "bearbeitet am",
            "mis à jour le",
            "actualizado el",
            *COLUMNS["updated"],
            *ISSUE_NAMES["updated"],
        ),
        "started": (
            "start date",
            "anfangstermin",
            "startdatum",
            "beginn",
            "date de début",
            "fecha de inicio",
            *COLUMNS["planned_start"],
        ),
        "resolved": (
            "finish date",
            "due date",
            "endtermin",
            "fälligkeitsdatum",
            "date de fin",
            "fecha de finalización",
            "einddatum",
            "data di fine",
            "data de término",
            "data zakończenia",
            "datum dokončení",
            "slutdatum",
            "slutdato",
            "дата окончания",
            "bitiş tarihi",
            "終了日",
            "结束日期",
            "완료일",
        ),
        "points": ("story points", *ISSUE_NAMES["points"]),
        "parent": ("parent", *COLUMNS["parent"], *ISSUE_NAMES["parent"]),
        # Who answers for it is another one than who works on it.
        "assignee": (*COLUMNS["assignee"], *ISSUE_NAMES["assignee"]),
        "fix_versions": (),
        "sprints": ("version", "sprint"),
        "components": ("category", "kategorie"),
    },
    # Its days are those of the plan, whatever became of it.
    plans=frozenset({"started", "resolved"}),
    forms=(Form(_tells, _cells),),
    has_milestones=True,
)
