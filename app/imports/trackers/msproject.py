"""Microsoft Project: tasks as CSV, in six languages; what is complete was finished on its finish day. And Planner."""

from __future__ import annotations

from app.imports.column_names import ACTUAL_FINISHES, ACTUAL_STARTS
from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, row_of
from app.imports.trackers.tool import MADE_BY_SCHEDULE, Form, Tool, changed, names_of, place_of, with_column
from app.words import N_

_PERCENT = (
    "% complete",
    "% abgeschlossen",
    "percent complete",
    "prozent abgeschlossen",
    "% work complete",
    "% achevé",
    "% completado",
    "% completato",
    "% concluído",
    "% voltooid",
    "% ukończenia",
    "% färdigt",
    "% dokončeno",
    "% завершения",
    "% tamamlanan",
    "达成率",
    "完成百分比",
    "達成率",
    "완료율",
)
_START = ("actual start", "ist-anfang", *ACTUAL_STARTS)
_FINISH = ("actual finish", "ist-ende", *ACTUAL_FINISHES)
# As it says in its languages that a day is not there.
_NO_DAY = frozenset({"NA", "NV", "N/A", "-", "NB", "ND", "NOD", "N/D", "NC", "BD", "НД"})
_PLANNED_START, _PLANNED_FINISH = (
    (
        "start",
        "anfang",
        "début",
        "comienzo",
        "inizio",
        "início",
        "begindatum",
        "rozpoczęcie",
        "zahájení",
        "начало",
        "başlangıç",
        "开始时间",
        "開始日",
        "시작 날짜",
    ),
    (
        "finish",
        "ende",
        "fertig stellen",
        "fin",
        "fine",
        "término",
        "einddatum",
        "zakończenie",
        "slut",
        "dokončení",
        "окончание",
        "bitiş",
        "完成时间",
        "終了日",
        "완료 날짜",
    ),
)


def _prepare(table: Table) -> Table:
    """Actual days where the table has them; else those of the schedule, which are actual once work began or ended."""
    days = [place for name in (*_START, *_FINISH) if (place := place_of(table, name)) is not None]
    table = changed(table, days, lambda cell: "" if cell.strip().upper() in _NO_DAY else cell)
    shares = [_share(row, place_of(table, *_PERCENT)) for row in table.rows]
    begun = _days(table, _START, _PLANNED_START, [share is not None and share > 0 for share in shares])
    ended = _days(table, _FINISH, _PLANNED_FINISH, [share is not None and share >= 100 for share in shares])
    categories = [_category(*task) for task in zip(shares, begun, ended, strict=True)]
    table = with_column(with_column(table, "Started (from the schedule)", begun), "Finished (from the schedule)", ended)
    return with_column(table, MADE_BY_SCHEDULE, categories)


def _category(share: float | None, begun: str, ended: str) -> str:
    """Without per cent an actual finish says that a task is done."""
    if (share or 0) >= 100 or (share is None and ended):
        return "done"
    return "in progress" if (share or 0) > 0 or begun else "to do"


def _share(row: list[str], place: int | None) -> float | None:
    text = row[place].strip().rstrip(" %").replace(",", ".") if place is not None else ""
    try:
        return float(text)
    except ValueError:
        return None


def _days(table: Table, actual: tuple[str, ...], planned: tuple[str, ...], happened: list[bool]) -> list[str]:
    place, planned_place = place_of(table, *actual), place_of(table, *planned)
    return [
        row[place].strip()
        if place is not None
        else row[planned_place].strip()
        if planned_place is not None and is_past
        else ""
        for row, is_past in zip(table.rows, happened, strict=True)
    ]


def _tells(entry: Json) -> bool:
    return "percentComplete" in entry and "planId" in entry


def _cells(entry: Json) -> Cells:
    """A task of Planner as Microsoft's interface answers."""
    share = entry.get("percentComplete")
    progress = "Completed" if share == 100 else "In progress" if share else "Not started"
    return row_of(
        {
            "Task ID": entry.get("id"),
            "Task Name": entry.get("title"),
            "Bucket Name": entry.get("bucketId"),
            "Progress": progress,
            "Created Date": entry.get("createdDateTime"),
            "Start date": entry.get("startDateTime"),
            "Due date": entry.get("dueDateTime"),
            "Completed Date": entry.get("completedDateTime"),
        }
    )


# Its plan of a team, exported to a spreadsheet. Days of starting are planned there, the day of completion is not.
PLANNER = Tool(
    "Microsoft Planner",
    (names_of("task name", "bucket name", "progress"),),
    {
        "key": ("task id",),
        "summary": ("task name",),
        "status": ("progress",),
        "created": ("created date",),
        "started": (),
        "resolved": ("completed date",),
        "points": (),
        "sprints": (),
        "fix_versions": (),
    },
    forms=(Form(_tells, _cells),),
)
MSPROJECT = Tool(
    "Microsoft Project",
    (
        names_of("task name", "duration", "start", "finish"),
        names_of("name", "duration", "start", "finish", "predecessors"),
        names_of("task name", "start", "finish", "% complete"),
        names_of("name", "duration", "start", "finish", "% complete"),
        names_of("name", "duration", "start", "finish", "outline level"),
        names_of("name", "duration", "start", "finish", "actual start", "actual finish"),
        names_of("vorgangsname", "dauer", "anfang", "ende"),
        names_of("vorgangsname", "anfang", "fertig stellen"),
        names_of("nom de la tâche", "durée", "début", "fin"),
        names_of("nombre de tarea", "duración", "comienzo", "fin"),
        names_of("nome attività", "durata", "inizio", "fine"),
        names_of("nome da tarefa", "duração", "início", "término"),
        names_of("taaknaam", "begindatum", "einddatum"),
        names_of("nazwa zadania", "rozpoczęcie", "zakończenie"),
        names_of("aktivitetsnamn", "start", "slut"),
        names_of("název úkolu", "zahájení", "dokončení"),
        names_of("название задачи", "начало", "окончание"),
        names_of("görev adı", "başlangıç", "bitiş"),
        names_of("任务名称", "工期", "开始时间", "完成时间"),
        names_of("タスク名", "開始日", "終了日", "期間"),
        names_of("작업 이름", "기간", "시작 날짜", "완료 날짜"),
        names_of("task name", "actual finish"),
    ),
    {
        "key": ("unique id", "id", "eindeutige nr", "nr", "n°", "n", "nº", "identyfikator", "标识号", "ид"),
        "summary": (
            "task name",
            "name",
            "vorgangsname",
            "nom de la tâche",
            "nombre de tarea",
            "nome attività",
            "nome da tarefa",
            "taaknaam",
            "nazwa zadania",
            "aktivitetsnamn",
            "název úkolu",
            "название задачи",
            "görev adı",
            "任务名称",
            "タスク名",
            "작업 이름",
        ),
        "created": ("created", "erstellt"),
        "started": ("started",),
        "resolved": ("finished",),
        "category": ("category",),
        "assignee": ("resource names", "ressourcennamen"),
        "status": (),
        "points": ("story points",),
        "sprints": ("sprint", "board status"),
    },
    prepare=_prepare,
    has_types=False,
    plans_note=N_("Days of the schedule were taken for starts and finishes only of what has begun, or is complete."),
)
