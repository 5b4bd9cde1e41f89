"""What is done, told by a column whose name is not known: by its words, by yes and no, or by per cent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from app.domain.statuses import given_up, guessed, named
from app.imports.blanks import says_nothing
from app.imports.change_rows import of_changes
from app.imports.column_names import ISSUE_NAMES
from app.imports.dates import names_no_day
from app.imports.flags import FLAGS
from app.imports.numbers import number
from app.imports.plain_names import FORMER, plain_name
from app.imports.tables import Table
from store.records import Category

# Where one of these is known, nothing need be guessed.
_SAY_DONE = frozenset({"status", "category", "category_changed", "resolved", "is_done", "percent"})
_PROBED = 2_000
# The share of the filled cells that must be words for how far work is.
_WORDS = 0.8
# The share of the rows that must be filled with them.
_FILLED = 0.5
# Longer cells and more kinds of them are texts, and no words for how far work is; and no list has more columns that
# somebody filled by hand. Each word is looked for in many languages.
_LONGEST_WORD, _MOST_WORDS, MOST_COLUMNS = 60, 60, 300
# Of other things than the item these tell how far they are.
OTHER_THING = re.compile(
    r"sprint|iteration|milestone|meilenstein|version|epic|parent|project|projekt|projet|proyecto|build|review"
    r"|approv|freigabe|pull|merge|\bpr\b|\bci\b|test|payment|zahlung|rechnung|invoice|contract|vertrag|customer|kunde"
    r"|doc|priorit|sever|risk|risiko|type|typ\b|label|tag\b"
    # Where it is, and who may see it.
    r"|access|\bacc[eè]s|zugriff|zugang|acceso|acesso|accesso|toegang|visib|sichtbar|privacy|privat|confidential"
    r"|vertraulich|environment|umgebung|environnement|entorno|ambiente|omgeving|środowisk|miljö|milj[øo]|prostředí"
    r"|окружен|\bсреда\b|доступ|環境|环境|환경|公開|アクセス|权限|warranty|account|konto|subscription|discussion|comment"
)
_STAGE = re.compile(
    r"\bstand\b|arbeitsstand|phase|stage|stufe|schritt|\bstep|progress|fortschritt|bearbeitung|avancement|étape|etape|état"
    r"|\betat\b|situation|\bfase|etapa|avance|avanzamento|voortgang|postęp|etap|läge|skede|vaihe|этап|стадия|"
    r"阶段|階段|進度|进度|進捗|工程|단계|진행|workflow|lifecycle|zustand|condition|standing"
)
_PROGRESS = re.compile(
    r"progress|fortschritt|avancement|progreso|\bavance|avanzamento|progresso|voortgang|postęp|framsteg|förlopp"
    r"|fremdrift|fremgang|edistymi|прогресс|готовность|进度|進度|進捗|진행률|진척|complet|percent|prozent|pourcent|%"
    r"|fertigstellungsgrad|erledigungsgrad|\bdone\b|erledigt|fertig|ilerleme|průběh|haladás|készültség|tiến độ"
)
# Of one step of several.
_STEP = re.compile(r"\bdev|\bqa\b|entwickl|design|coding|analy|\bspec")
_TICK = re.compile(r"\b(?:ok|check|checked|checkbox|tick|ticked|abgehakt|haken|häkchen|coché|marcado|spuntato|afgevinkt"
                   r"|odhaczone|avbockad|avkrysset)\b")  # fmt: skip


def told_done(
    table: Table, places: Mapping[str, int], elsewhere: Collection[int], chosen: Collection[str]
) -> dict[str, int]:
    """Our field ("status", "is_done" or "percent") and the column that tells it by what it holds; {} where that is
    known, said (`chosen`: fields of a mapping) or nowhere. `elsewhere`: columns that something else is taken from.

    A table whose rows are changes tells of no item how far it is."""
    known = _SAY_DONE & {*places, *chosen}
    if known and (known != {"resolved"} or "started" in places or "resolved" not in places):
        return {}
    used = {*places.values(), *elsewhere, *of_changes(table.columns)}
    candidates: list[tuple[int, str, int]] = []
    for place, column in enumerate(table.columns[:MOST_COLUMNS]):
        name = plain_name(column)
        if not name or place in used:
            continue
        if field := told_by_cells(name, table.filled(place, _PROBED), len(table.rows)):
            candidates.append((-_rank(name, field), field, place))
    if known:
        # It adds what is under way to what the finishes say, and nothing else.
        finishes = table.texts(places["resolved"])
        candidates = [each for each in candidates if each[1] == "status" and _agrees(table.texts(each[2]), finishes)]
    return {candidates[0][1]: candidates[0][2]} if (candidates := sorted(candidates, key=_order)) else {}


def _agrees(words: Sequence[str], finishes: Sequence[str]) -> bool:
    """Whether all say done where there is a day of finish and open where there is none, and some that work goes on."""
    categories = [None if given_up(word) else guessed(word) for word in words]
    rows = zip(categories, finishes, strict=True)
    known = [(category is Category.DONE) is not names_no_day(day) for category, day in rows if category is not None]
    return Category.IN_PROGRESS in categories and all(known)


def _order(candidate: tuple[int, str, int]) -> tuple[int, int]:
    return candidate[0], candidate[2]


def _rank(name: str, field: str) -> int:
    """Words tell more than yes and no, and these more than per cent; what is called like a stage goes first."""
    return {"status": 6, "is_done": 3, "percent": 0}[field] + bool(_STAGE.search(name)) - bool(_STEP.search(name))


def told_by_cells(name: str, cells: Sequence[str], rows: int) -> str:
    """How a column of that plain name tells what is done: "status" by words, "is_done" or "percent"; "" if it does not.
    `cells`: some that are filled, of so many rows."""
    if not cells or OTHER_THING.search(name) or FORMER.search(name):
        return ""
    if all(cell.casefold() in FLAGS for cell in cells) and _says_finished(name):
        return "is_done"
    if _PROGRESS.search(name) and _are_percents(name, cells):
        return "percent"
    return "status" if _are_words(name, cells, min(rows, _PROBED)) else ""


def _says_finished(name: str) -> bool:
    """Whether yes under such a name says that an item is done, and not that it was given up."""
    says = guessed(name) is Category.DONE or plain_name(name.rstrip("?")) in ISSUE_NAMES["resolved"]
    return (says and not given_up(name)) or _TICK.search(name) is not None


def _are_percents(name: str, cells: Sequence[str]) -> bool:
    """Numbers up to a whole, 1 or 100; up to another one they count something else, unless a sign says per cent."""
    values = [number(cell.rstrip(" %")) for cell in cells if not says_nothing(cell)]
    if not values or any(value is None or not 0 <= value <= 100 for value in values):
        return False
    return "%" in name or any("%" in cell for cell in cells) or max(value or 0 for value in values) in (1, 100)


def _are_words(name: str, cells: Sequence[str], rows: int) -> bool:
    """Usual words for done among them, and for open; of one kind alone only under the name of a stage."""
    counts = Counter(cells)
    if len(cells) < _FILLED * rows or len(counts) > _MOST_WORDS or max(map(len, counts)) > _LONGEST_WORD:
        return False
    known = sum(count for cell, count in counts.items() if guessed(cell) is not None)
    usual = {named(cell) for cell in counts if not given_up(cell)}
    if known < _WORDS * len(cells) or Category.DONE not in usual:
        return False
    return bool(usual & {Category.TODO, Category.IN_PROGRESS}) or _STAGE.search(name) is not None
