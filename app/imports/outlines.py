"""Plans as outlines: rows that sum up those below them, and milestones, which are no work.

How deep a row lies is told by its level ("Outline Level", "Ancestors"), by its number (WBS, 1.2.1), by the title of the
row above ("Parent") or by blanks before its title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.imports.blanks import says_nothing
from app.imports.flags import FLAGS, YES
from app.imports.plain_names import plain_name
from app.imports.tables import Table
from app.imports.trackers.tool import MADE_BY_SCHEDULE

_LEVELS = frozenset(
    {"outline level", "indent level", "hierarchy level", "ancestors", "ancestor count", "gliederungsebene",
     "niveau hiérarchique", "niveau de plan", "nivel de esquema", "livello struttura", "livello di struttura",
     "nível da estrutura de tópicos", "nível de estrutura de tópicos", "overzichtsniveau", "poziom konspektu",
     "dispositionsnivå", "úroveň osnovy", "уровень структуры", "anahat düzeyi", "大纲级别", "アウトライン レベル",
     "개요 수준"}
)  # fmt: skip
# What these count may be anything, but in a table of a plan.
_MAY_BE_LEVELS = frozenset({"level", "indent", "hierarchy", "depth", "ebene", "niveau", "nivel", "livello", "nível"})
_NUMBERS = frozenset(
    {"wbs", "wbs code", "wbs number", "wbs #", "wbs id", "outline number", "outline no", "psp code", "psp", "psp nr",
     "gliederungsnummer", "numéro hiérarchique", "numéro de plan", "code wbs", "n° wbs", "edt", "código edt",
     "número de esquema", "número da estrutura de tópicos", "código wbs", "numero struttura", "codice wbs",
     "overzichtsnummer", "wbs nummer", "numer konspektu", "kod wbs", "dispositionsnummer", "číslo osnovy",
     "номер структуры", "сдр", "anahat numarası", "大纲数字", "アウトライン番号", "개요 번호"}
)  # fmt: skip
# Which tasks go before which, as plans alone say it.
_ORDER = frozenset(
    {"predecessors", "vorgänger", "prédécesseurs", "predecesoras", "predecessori", "predecessoras",
     "voorafgaande taken", "poprzedniki", "föregående aktiviteter", "předchůdci", "предшественники", "前置任务",
     "先行タスク", "선행 작업"}
)  # fmt: skip
_DURATIONS = frozenset(
    {"duration", "dauer", "durée", "duración", "durata", "duração", "duur", "czas trwania", "varaktighet",
     "doba trvání", "длительность", "süre", "工期", "期間", "기간"}
)  # fmt: skip
_OF_A_PLAN = _ORDER | _DURATIONS | {"children", "% complete"}
_SUMMARIES = frozenset(
    {"summary", "summary task", "is summary", "sammelvorgang", "récapitulative", "tâche récapitulative",
     "récapitulatif", "resumen", "tarea de resumen", "riepilogo", "attività di riepilogo", "resumo",
     "tarefa de resumo", "samenvatting", "samenvattingstaak", "zadanie sumaryczne", "sumaryczne", "sammanfattning",
     "sammanfattningsaktivitet", "souhrnný", "souhrnný úkol", "суммарная", "суммарная задача", "özet", "摘要",
     "サマリー", "요약"}
)  # fmt: skip
_MILESTONES = frozenset(
    {"milestone", "is milestone", "meilenstein", "jalon", "hito", "cardine", "attività cardine", "marco", "mijlpaal",
     "punkt kontrolny", "kamień milowy", "milstolpe", "milník", "веха", "kilometre taşı", "里程碑", "マイルストーン",
     "중요 시점", "마일스톤"}
)  # fmt: skip
# Microsoft Project leaves the tasks that it says no of out of all its sums.
_ACTIVE = frozenset(
    {"active", "aktiv", "actif", "active?", "activo", "activa", "attivo", "attiva", "ativo", "ativa", "actief",
     "aktywne", "aktywny", "aktivní", "активная", "активно", "etkin", "活动", "アクティブ", "활성"}
)  # fmt: skip
_PARENTS = frozenset(
    {"parent", "parent task", "parent row", "parent name", "parent item", "übergeordnet", "übergeordneter vorgang",
     "übergeordnete aufgabe", "übergeordnetes element", "übergeordnetes arbeitspaket", "subtask of", "sub task of",
     "tâche parente", "tarea principal", "tarea padre", "tarefa pai", "attività padre"}
)  # fmt: skip
_ROWS_ABOVE = frozenset({"parent", "parent row", "parent name", "übergeordnet"})
_NUMBER = re.compile(r"(?:[A-Za-z]+[ .-]?)?\d+(?:\.\d+)*\.?")
_LENGTH = re.compile(r"(?P<number>\d+(?:[.,]\d+)?) ?(?P<unit>[^\W\d]{1,12}\.?)?\??")
_PROBED = 200
# Deeper than any plan.
_DEEPEST = 20
# Rows to a number of a plan.
_REPEATED = 1.25


@dataclass(slots=True)
class Outline:
    """Where a table tells how it is nested. `depths` gives, of a place that is one of these, the depth of each row.

    `sums_up`: a row with others in it is nothing but their whole; a task that is called "parent task" is work as well.
    `named`: the column with the title of the row above. `above`: depth and key of the rows that later ones lie in;
    `chapters`: by their number, however the rows are sorted.
    """

    depth: int | None = None
    is_number: bool = False
    is_blanks: bool = False
    sums_up: bool = True
    named: int | None = None
    title: int | None = None
    summary: int | None = None
    milestone: int | None = None
    duration: int | None = None
    active: int | None = None
    above: list[tuple[int, str]] = field(default_factory=list)
    chapters: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def places(self) -> frozenset[int]:
        """The columns that tell it."""
        places = (self.depth, self.named, self.summary, self.milestone, self.duration, self.active)
        return frozenset(place for place in places if place is not None)

    @property
    def is_nested(self) -> bool:
        return self.depth is not None or self.named is not None

    def parents(self, table: Table, keys: Sequence[str]) -> list[str]:
        """The key of the row that each lies in; "" for those at the top, and where nothing tells."""
        if self.named is not None and self.title is not None:
            return self._parents_by_title(table, keys)
        if self.depth is None:
            return [""] * len(keys)
        if self.is_number:
            return self._parents_by_number(table.texts(self.depth), keys)
        parents: list[str] = []
        for depth, key in zip(self._depths(table), keys, strict=True):
            if depth is None:
                parents.append("")
                continue
            while self.above and self.above[-1][0] >= depth:
                self.above.pop()
            parents.append(self.above[-1][1] if self.above else "")
            self.above.append((depth, key))
        return parents

    def _parents_by_number(self, texts: Sequence[str], keys: Sequence[str]) -> list[str]:
        """The nearest chapter above each that is there: of 1.2.1 it is 1.2, or 1 in a plan that skips it."""
        chapters = [_chapter(text) for text in texts]
        for chapter, key in zip(chapters, keys, strict=True):
            if chapter:
                self.chapters.setdefault(chapter, key)
        return [self.chapters.get(_above(chapter, self.chapters), "") for chapter in chapters]

    def _parents_by_title(self, table: Table, keys: Sequence[str]) -> list[str]:
        """Of several rows of one title the nearest above counts."""
        parents: list[str] = []
        for row, key in zip(table.rows, keys, strict=True):
            parents.append(self.titles.get(row[self.named or 0].strip(), ""))
            self.titles[row[self.title or 0].strip()] = key
        return parents

    def _depths(self, table: Table) -> list[int | None]:
        place = self.depth or 0
        if self.is_blanks:
            return [len(row[place]) - len(row[place].lstrip()) for row in table.rows]
        return [int(float(text)) if text else None for text in table.texts(place)]

    def summaries(self, table: Table) -> list[bool]:
        """Whether each row says itself that it sums up others."""
        return _says_yes(table, self.summary)

    def milestones(self, table: Table) -> list[bool]:
        flags = _says_yes(table, self.milestone)
        if self.duration is None:
            return flags
        return [flag or _is_nothing(text) for flag, text in zip(flags, table.texts(self.duration), strict=True)]

    def taken_out(self, table: Table) -> list[bool]:
        """Whether each row is an inactive task of a plan; what was done before is work all the same."""
        if self.active is None:
            return [False] * len(table.rows)
        rows = zip(table.texts(self.active), table.texts(table.columns.index(MADE_BY_SCHEDULE)), strict=True)
        return [flag.casefold() not in {"", *YES} and category != "done" for flag, category in rows]


def find_outline(table: Table, places: Mapping[str, int]) -> Outline | None:
    """How the table is nested; None for a plain list. `places`: of our fields, as far as they are known."""
    names = [plain_name(column) for column in table.columns]
    is_plan = not _OF_A_PLAN.isdisjoint(names)
    outline = Outline(title=places.get("summary"))
    outline.summary = _flag_among(table, names, _SUMMARIES)
    outline.milestone = _flag_among(table, names, _MILESTONES)
    outline.active = _flag_among(table, names, _ACTIVE) if MADE_BY_SCHEDULE in table.columns else None
    outline.duration = _durations(table, names) if "percent" in places or _ORDER & {*names} else None
    if not any(table.filled(places[name], 1) for name in ("parent_id", "epic") if name in places):
        _nested(table, names, places, outline, is_plan)
    return outline if outline.is_nested or outline.places else None


def _nested(table: Table, names: Sequence[str], places: Mapping[str, int], outline: Outline, is_plan: bool) -> None:
    """Note in the outline what tells how deep rows lie, the surest first."""
    if "parent" in places and table.filled(places["parent"], 1):
        outline.named = _title_of_above(table, names, places)
        outline.sums_up = names[places["parent"]] in _ROWS_ABOVE
        return
    usual = _LEVELS | _MAY_BE_LEVELS if is_plan or outline.summary is not None else _LEVELS
    level = _place(table, names, usual, _are_levels)
    number = _place(table, names, _NUMBERS, _are_numbers)
    title = outline.title
    if level is not None:
        outline.depth = level
    elif number is not None:
        outline.depth, outline.is_number = number, True
    elif title is not None and is_plan and _are_indented([row[title] for row in table.rows]):
        outline.depth, outline.is_blanks = title, True


def _place(table: Table, names: Sequence[str], wanted: frozenset[str], fits: object) -> int | None:
    return next(
        (place for place, name in enumerate(names) if name in wanted and callable(fits) and fits(table.texts(place))),
        None,
    )


def _are_levels(texts: Sequence[str]) -> bool:
    """Small whole numbers that begin with the smallest, and never skip one on their way down."""
    filled = [text for text in texts if text]
    if not all(re.fullmatch(r"\d{1,2}(?:\.0)?", text) for text in filled):
        return False
    depths = [int(float(text)) for text in filled]
    return _step_down(depths) and max(depths) <= _DEEPEST


def _are_numbers(texts: Sequence[str]) -> bool:
    """Numbers of chapters, some of which lie in one that is there; that one is there once. As items may have the number
    of the chapter they are for, few of the others are there twice."""
    filled = [_chapter(text) for text in texts if text]
    if not all(map(_NUMBER.fullmatch, filled)):
        return False
    counts = Counter(filled)
    wholes = {_above(chapter, counts) for chapter in counts} - {""}
    return bool(wholes) and all(counts[whole] == 1 for whole in wholes) and _REPEATED * len(counts) >= len(filled)


def _above(chapter: str, numbers: Mapping[str, object]) -> str:
    """The number of the nearest chapter above that is there; "" for none."""
    above = chapter.rpartition(".")[0]
    while above and above not in numbers:
        above = above.rpartition(".")[0]
    return above


def _chapter(text: str) -> str:
    """Without the nought of a whole that is numbered 1.0, above 1.1 and 1.2; with points, where a table has commas."""
    return re.sub(r"(?<=\d)(?:\.0)?\.?$", "", text.replace(",", "."))


def _are_indented(titles: Sequence[str]) -> bool:
    blanks = [len(title) - len(title.lstrip()) for title in titles if title.strip()]
    deeper = sorted(set(blanks))
    return len(deeper) > 1 and _step_down([deeper.index(count) for count in blanks])


def _step_down(depths: Sequence[int]) -> bool:
    """Whether some rows lie in others: the first at the top, none deeper than one below that above it."""
    return (
        len(set(depths)) > 1
        and depths[0] == min(depths)
        and all(after - before <= 1 for before, after in pairwise(depths))
    )


def _title_of_above(table: Table, names: Sequence[str], places: Mapping[str, int]) -> int | None:
    """The column of parents where it holds titles of rows above and no keys; None for any other."""
    place, title = places["parent"], places.get("summary")
    if names[place] not in _PARENTS or title is None or title == place:
        return None
    keys = {*table.texts(places["key"])} if "key" in places else set()
    above: set[str] = set()
    for name, own in zip(table.texts(place), table.texts(title), strict=True):
        if name and (name not in above or name in keys):
            return None
        above.add(own)
    return place


def _flag_among(table: Table, names: Sequence[str], wanted: frozenset[str]) -> int | None:
    """The column of yes and no, both of them, that is called so. Columns of titles and versions are called so too:
    their first cells tell."""
    places = (place for place, name in enumerate(names) if name in wanted)
    may_be = (place for place in places if all(cell.casefold() in FLAGS for cell in table.filled(place, _PROBED)))
    return next((place for place in may_be if are_flags(table.texts(place))), None)


def are_flags(texts: Sequence[str]) -> bool:
    """Whether all cells are words for yes and no, and both are there; 1 and 0 may be numbers."""
    words = {text.casefold() for text in texts} - {""}
    return words <= FLAGS and bool(words & YES) and bool(words - YES) and not any(map(str.isdigit, words))


def _says_yes(table: Table, place: int | None) -> list[bool]:
    if place is None:
        return [False] * len(table.rows)
    return [text.casefold() in YES for text in table.texts(place)]


def _durations(table: Table, names: Sequence[str]) -> int | None:
    """The column of durations in days or hours, some of which are none."""
    for place, name in enumerate(names):
        lengths = [_LENGTH.fullmatch(text) for text in table.texts(place) if not says_nothing(text)]
        if name in _DURATIONS and lengths and all(lengths):
            with_unit = sum(1 for match in lengths if match and match["unit"])
            return place if 2 * with_unit > len(lengths) else None
    return None


def _is_nothing(text: str) -> bool:
    match = _LENGTH.fullmatch(text)
    return match is not None and float(match["number"].replace(",", ".")) == 0
