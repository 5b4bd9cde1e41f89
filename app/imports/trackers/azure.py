"""Azure DevOps: work items from a query as CSV, also as a tree, and from the REST interface and Analytics."""

from __future__ import annotations

import re

from app.imports.column_names import ISSUE_NAMES
from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, object_in, row_of
from app.imports.trackers.tool import Form, Tool, changed, names_of, place_of, with_column
from app.words import N_
from store.records import Category


def _prepare(table: Table) -> Table:
    """Trees of work items have the title in the column of their depth, the parent being the row above."""
    titles = [place for place, name in enumerate(table.columns) if re.fullmatch(r"(?i)title \d+", name)]
    iteration = place_of(table, *_ITERATIONS)
    if iteration is not None:
        # The first part is the project; work that is planned for no iteration has nothing else.
        table = changed(table, [iteration], lambda path: path.rpartition("\\")[2] if "\\" in path else "")
    if not titles:
        return table
    key = place_of(table, "id")
    named, parents, trail = [], [], [""] * len(titles)
    for row in table.rows:
        depth = next((depth for depth, place in enumerate(titles) if row[place].strip()), 0)
        named.append(row[titles[depth]])
        parents.append(trail[depth - 1] if depth else "")
        trail[depth] = row[key] if key is not None else ""
    table = with_column(table, "Title", named)
    return table if place_of(table, "parent") is not None else with_column(table, "Parent", parents)


_AZURE_COLUMNS = {
    "ID": ("System.Id",),
    "Work Item Type": ("System.WorkItemType",),
    "Title": ("System.Title",),
    "State": ("System.State",),
    "Resolved Reason": ("System.Reason",),
    "Created Date": ("System.CreatedDate",),
    "Changed Date": ("System.ChangedDate",),
    "Activated Date": ("Microsoft.VSTS.Common.ActivatedDate",),
    "Closed Date": ("Microsoft.VSTS.Common.ClosedDate",),
    "State Change Date": ("Microsoft.VSTS.Common.StateChangeDate",),
    "Story Points": ("Microsoft.VSTS.Scheduling.StoryPoints", "Microsoft.VSTS.Scheduling.Effort",
                     "Microsoft.VSTS.Scheduling.Size"),
    "Iteration Path": ("System.IterationPath",),
    "Area Path": ("System.AreaPath",),
    "Team Project": ("System.TeamProject",),
    "Priority": ("Microsoft.VSTS.Common.Priority",),
    "Parent": ("System.Parent",),
    "Tags": ("System.Tags",),
}  # fmt: skip


def _tells(entry: Json) -> bool:
    return "System.WorkItemType" in object_in(entry.get("fields"))


def _cells(entry: Json) -> Cells:
    fields = object_in(entry.get("fields"))
    values = {
        column: next((fields[name] for name in names if fields.get(name) is not None), None)
        for column, names in _AZURE_COLUMNS.items()
    }
    assigned = fields.get("System.AssignedTo")
    assignee = assigned.get("displayName") if isinstance(assigned, dict) else assigned
    return row_of({**values, "ID": values["ID"] or entry.get("id"), "Assigned To": assignee})


# What a state means in Analytics, whatever it is called. Resolved waits for somebody to check it.
_STATE_CATEGORIES = {"Proposed": "to do", "InProgress": "in progress", "Resolved": "in progress", "Completed": "done",
                     "Removed": "done"}  # fmt: skip
_ANALYTICS_COLUMNS = {
    "ID": ("WorkItemId",),
    "Work Item Type": ("WorkItemType",),
    "Title": ("Title",),
    "State": ("State",),
    "Resolved Reason": ("Reason",),
    "Created Date": ("CreatedDate",),
    "Changed Date": ("ChangedDate",),
    "Activated Date": ("InProgressDate", "ActivatedDate"),
    "Closed Date": ("CompletedDate", "ClosedDate"),
    "State Change Date": ("StateChangeDate",),
    "Story Points": ("StoryPoints", "Effort", "Size"),
    "Priority": ("Priority",),
    "Parent": ("ParentWorkItemId",),
    "Tags": ("TagNames",),
}


def _is_of_analytics(entry: Json) -> bool:
    """As OData answers, from which Power BI reads."""
    return "WorkItemId" in entry and ("State" in entry or "StateCategory" in entry)


def _analytics_cells(entry: Json) -> Cells:
    values = {
        column: next((entry[name] for name in names if entry.get(name) is not None), None)
        for column, names in _ANALYTICS_COLUMNS.items()
    }
    category = str(entry.get("StateCategory") or "")
    more = {
        "Status Category": _STATE_CATEGORIES.get(category, ""),
        "Resolved Reason": "Removed" if category == "Removed" else values["Resolved Reason"],
        "Iteration Path": object_in(entry.get("Iteration")).get("IterationPath") or entry.get("IterationPath"),
        "Area Path": object_in(entry.get("Area")).get("AreaPath"),
        "Team Project": object_in(entry.get("Project")).get("ProjectName"),
        "Assigned To": object_in(entry.get("AssignedTo")).get("UserName"),
    }
    return row_of({**values, **more})


# What servers in other languages call the columns that English ones call so.
_TYPES = (
    "work item type", "arbeitselementtyp", "arbeitsaufgabentyp", "type d'élément de travail",
    "type d’élément de travail",
    "tipo de elemento de trabajo", "tipo de item de trabalho", "tipo di elemento di lavoro", "typ elementu roboczego",
    "typ pracovní položky", "тип рабочего элемента", "iş öğesi türü", "作業項目の種類", "工作项类型", "工作項目類型",
    "작업 항목 유형",
)  # fmt: skip
_STATE_NAMES = ("state", "status", "zustand", "état", "estado", "stato", "stan", "stav", "состояние", "durum", "状態",
                "状态", "狀態", "상태")  # fmt: skip
_ITERATIONS = ("iteration path", "iterationspfad", "chemin d'itération", "chemin d’itération",
               "ruta de acceso de la iteración", "ruta de la iteración", "ruta de iteración", "caminho da iteração",
               "percorso iterazione", "ścieżka iteracji", "cesta iterace", "путь итерации", "yineleme yolu",
               "イテレーション パス", "迭代路径", "반복 경로")  # fmt: skip
# Resolved is waiting for somebody to check it, and Closed comes after.
_WAITING = ("resolved", "gelöst", "résolu", "résolue", "resuelto", "resuelta", "resolvido", "resolvida", "risolto",
            "risolta", "rozwiązane", "vyřešeno", "решено", "çözüldü", "解決済み", "已解决", "해결됨")  # fmt: skip

AZURE = Tool(
    "Azure DevOps",
    (
        names_of("work item type", "title 1"),
        *(names_of(kind, state) for kind in _TYPES for state in _STATE_NAMES),
    ),
    {
        "key": ("id",),
        "type": _TYPES,
        "started": (
            "activated date",
            "aktivierungsdatum",
            "datum der aktivierung",
            "date d'activation",
            "date d’activation",
            "fecha de activación",
            "data de ativação",
            "data di attivazione",
        ),
        "resolved": (
            "closed date",
            "completed date",
            "done date",
            "abschlussdatum",
            "schließungsdatum",
            "geschlossen am",
            "date de fermeture",
            "date de clôture",
            "fecha de cierre",
            "data de fechamento",
            "data de encerramento",
            "data di chiusura",
        ),
        "category_changed": ("state change date",),
        "points": (
            *ISSUE_NAMES["points"],
            "puntos de caso",
            "puntos de la historia",
            "points de récit",
            "punti della storia",
            "pontos da história",
        ),
        "updated": (
            *ISSUE_NAMES["updated"],
            "änderungsdatum",
            "date de modification",
            "fecha de modificación",
            "data de alteração",
            "data di modifica",
        ),
        "sprints": _ITERATIONS,
        "components": ("area path",),
        "fix_versions": (),
        "resolution": ("resolved reason", "reason"),
    },
    statuses=dict.fromkeys(_WAITING, Category.IN_PROGRESS),
    prepare=_prepare,
    advice=N_("In the query's column options add Created Date, Closed Date and Changed Date, and export again."),
    forms=(Form(_tells, _cells), Form(_is_of_analytics, _analytics_cells)),
)
