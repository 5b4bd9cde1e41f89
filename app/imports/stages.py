"""One column of dates a stage, as flow tools exchange items: the way of each item through its stages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice, pairwise

from app.domain.statuses import given_up, guessed, named
from app.imports.column_names import PROMISED, names_a_plan
from app.imports.columns import ISSUE_DATES, ColumnMapping, Layout, without_date_words
from app.imports.dates import DateReader, DayOrder, Writing, is_serial, names_no_day, writings
from app.imports.plain_names import plain_name
from app.imports.reopened import tells_reopening
from app.imports.results import Imported
from app.imports.stamps import flag, is_filled_everywhere, is_no_end, says_open, without_stamps
from app.imports.tables import Table
from app.imports.trackers.tool import with_column
from store.records import Category, Change

_NEW_COLUMNS = {
    "created": "Created (first stage)",
    "started": "Started (first stage of work)",
    "resolved": "Finished (last stage)",
    "status": "Status (latest stage)",
    "category": "Category (of the latest stage)",
}
# What no stage of work is called, beside plans.
_NO_STAGE = re.compile(
    r"\b(?:created?|creation|updated?|modified|changed?|changetime|estimated?|date|time|timestamp|viewed|seen|erstellt"
    r"|aktualisiert|fecha|data d[aei])\b|datum\b"
)
# What happens beside the stages: the first and the last of several starts, when an item was blocked and went on again,
# and whom somebody spoke to. Its days break no run of stages.
_DAY_OF = r"(?: (?:at|on|date|time|day|am|datum|tag|le|el|em|il|op))?$"
_BESIDE_STAGES = (
    r"\b(?:first|last|latest|erste[rsn]?|letzte[rsn]?|zuletzt|premi(?:er|ère)|derni(?:er|ère)|primer[oa]?|últim[oa]"
    r"|ultim[oa]|eerste|laatste|pierwsz\w+|ostatni\w*|první|poslední)"
    r" (?:start\w*|begin\w*|began|end|ended|finish\w*|anfang|ende|début|fin|inicio|início|fim|inizio|fine|einde"
    rf"|koniec|rozpoczęci\w+|začátek|konec){_DAY_OF}"
    r"|\b(?:block(?:ed|er)?|impeded|paused|suspended|on hold|waiting|blockiert|gesperrt|pausiert|angehalten|wartet"
    r"|wartend|unterbrochen|bloquée?|en attente|en pause|bloquead[oa]|en espera|em espera|bloccat[oa]|in attesa"
    r"|geblokkeerd|zablokowan\w+|blokován\w*|blockera[dt]|blokeret|blokkert)"
    r" (?:since|from|until|till|seit|ab|bis|depuis|jusqu\w*|desde|hasta|até|dal?|fino|sinds|tot|od|do|sedan|siden)$"
    r"|\b(?:blocked|paused|suspended|blockiert|gesperrt|pausiert|bloquée?|bloquead[oa]|bloccat[oa]|geblokkeerd)"
    r" (?:on|at|am|le|el|em|il|op)$"
    r"|\bun-?blocked\b|\bresumed\b|entsperrt|entblockt|fortgesetzt|wieder aufgenommen|débloqu|desbloque|sbloccat"
    r"|gedeblokkeerd|odblok"
)
# Of the sprint that an item lies in and the like; a release may be a step of its own.
_OF_ANOTHER = (
    r"\b(?:sprint|iteration|milestone|cycle|itération|iteración|iteração|iterazione|iteratie|iteracj\w+"
    r"|meilenstein|jalon|hito) ?(?:start\w*|begin\w*|end|ends|ended|finish|ende|début|fin|inicio|início|fim|inizio"
    rf"|fine|einde|slut|koniec){_DAY_OF}"
    rf"|\b(?:start|begin|end|beginn|ende|début|fin|inicio|início|fim|inizio|fine) (?:of |des |du |de |del )?"
    r"(?:sprint|iteration|milestone|itération|iteración|iteração|iterazione)s?$"
)
# Up to a day lasts what goes with an item, such as a warranty; and what is frozen is what items lie in.
_LASTS_UNTIL = (
    r"\S (?:until|till|through|bis|jusqu\w*|hasta|até|fino al?|tot|t/m|till och med)$|\b\w*freeze$"
    r"|\bwarrant|\bguarantee|garantie|gewährleistung|garant[ií]a|garanzia|gwaranc|záruk|гаранти|保証|保修|보증"
)
# What a beginning and an end of one name say of a release or a phase: when that was. Either alone may be a step.
_OF_A_TIME = (
    r"(?P<before>.*?)\b ?(?P<side>start\w*|begin\w*|end|ends|ended|finish|ende|début|fin|inicio|início|fim|inizio|fine"
    rf"|einde|slut|koniec){_DAY_OF}"
)
_TIMES = (
    r"(?:the |our |fix |target )?(?:release|version|pi|quarter|(?:program )?increment|release train|wave|lieferung"
    r"|quartal|livraison|versión|versão|versione|wersja|verze|trimestre|kwartaal)s?"
)
_CONTACT = (
    r"\b(?:last|latest|next|letzte[rsn]?|zuletzt|nächste[rsn]?|derni(?:er|ère)|prochaine?|últim[oa]|ultim[oa]"
    r"|próxim[oa]|prossim[oa]|laatste|volgende|ostatni\w*|następn\w+|poslední|další)"
    r" (?:step|action|contact\w*|call\w*|reply|response|answer|message|mail|e-?mail|comment\w*|meeting|follow ?up|visit"
    r"|change|activity|schritt|kontakt\w*|anruf|antwort|rückmeldung|nachricht|gespräch|besuch|änderung|aktion|étape"
    rf"|appel|réponse|échange|paso|contacto|llamada|respuesta|passo|contato|contatto|passaggio|stap|krok){_DAY_OF}"
)
_NO_STAGES = (_BESIDE_STAGES, _OF_ANOTHER, _CONTACT, _LASTS_UNTIL)
# The share of the finishes that lie before the day in a column of promises.
_EARLY = 0.2
_LEAST, _PROBED, _SHORTEST_DAY = 3, 200, 6
# The share of the rows without a start, or a finish, in which a column after it must name a day to be one of promises.
_PROMISED = 0.6
# The share of the rows that must go through the columns from left to right.
_IN_ORDER = 0.6
# The same where only its place says that the last column is the finish.
_SURELY_IN_ORDER = 0.8
# The share of the rows, or else of the open ones, whose status must say otherwise before these are no stages. That
# share of days that lie ahead is no slip either in a column that is called like a status.
_DOUBTFUL, _DOUBTFUL_OPEN = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class Stages:
    """The columns in their order, what each of them means, and how their dates are written."""

    places: tuple[int, ...]
    names: tuple[str, ...]
    categories: tuple[Category, ...]
    writing: Writing
    zone: tzinfo
    # Columns of days after them that are no stages. Whether nothing but its place says that the last stage is the end.
    stamps: tuple[str, ...] = ()
    is_guess: bool = False
    # The stages of work that was given up that stand before a stage of work: items come there from any other.
    ways_out: tuple[int, ...] = ()

    @property
    def first_at_work(self) -> int:
        return next(
            stage
            for stage, category in enumerate(self.categories)
            if category is not Category.TODO and stage not in self.ways_out
        )

    @property
    def ends(self) -> list[int]:
        """The columns of the stages in which an item is done."""
        return [
            place for place, category in zip(self.places, self.categories, strict=True) if category is Category.DONE
        ]

    def way(self, row: Sequence[str], reader: DateReader) -> list[tuple[int, str, datetime]]:
        """The stages that an item came into, with the cell and the instant, oldest first.

        An item that went back into a stage was in the later ones before: those count from then on at the latest. One
        that was given up came there on that very day.
        """
        met = [
            (stage, text, at)
            for stage, place in enumerate(self.places)
            if (text := row[place].strip()) and (at := reader.instant(text)) is not None
        ]
        way: list[tuple[int, str, datetime]] = []
        out = [each for each in met if each[0] in self.ways_out] if self.ways_out else ()
        for stage, text, at in reversed(met):
            if stage not in self.ways_out:
                way.append((stage, text, at) if not way or at <= way[-1][2] else (stage, way[-1][1], way[-1][2]))
        # Behind what happened on the same day.
        return sorted((*way[::-1], *out), key=lambda each: each[2]) if out else way[::-1]

    def unknown_between(self, table: Table) -> list[str]:
        """The stages of work between the first and the last, where none is called like a status and some item is in
        one."""
        between = range(1, len(self.names) - 1)
        if any(guessed(name) is not None for name in self.names[:-1]):
            return []
        reader = self.reader()
        latest = {way[-1][0] for row in table.rows if (way := self.way(row, reader))}
        at_work = [stage for stage in between if self.categories[stage] is Category.IN_PROGRESS]
        return [self.names[stage] for stage in at_work] if latest.intersection(at_work) else []

    def reader(self) -> DateReader:
        return DateReader(self.zone, self.writing.order, self.writing.months)


@dataclass(frozen=True, slots=True)
class Ends:
    """Our fields of dates and the columns that are taken for them; and the stamps, that nothing is taken from."""

    columns: Mapping[str, str]
    stamps: tuple[str, ...]


def find_stages(table: Table, layout: Layout, mapping: ColumnMapping, zone: tzinfo, now: datetime) -> Stages | None:
    """The stages of a table of nobody in particular: neighbouring columns of dates that items go through in order.

    At least one of them says nothing else to us: days of creation, start and finish alone are no stages. Raises
    UnclearDates where day and month cannot be told apart. Days that lie ahead are plans, and so are columns of days
    that the status of the items contradicts: neither makes a stage.
    """
    if layout.tool is not None or any(name in mapping.columns for name in ISSUE_DATES):
        return None
    for run in _runs(table, mapping, _used(layout)):
        if _is_one_plan(table, layout, mapping, run, zone, now):
            continue
        run = _without_others(table, layout, run)
        stages = _stages_of(table, layout, _without_promises(table, layout, run), mapping, zone, now)
        if stages is None or set(stages.places) <= {*layout.single.values(), *layout.dates.values()}:
            continue
        if _is_in_order(table, stages) and not _is_contradicted(table, layout, mapping, stages):
            return stages
    return None


def find_ends(table: Table, layout: Layout, mapping: ColumnMapping, zone: tzinfo, now: datetime) -> Ends | None:
    """Creation and finish in columns of unknown names that look like stages, but the last of which is a stamp.

    None where nothing is to be guessed. Raises UnclearDates as `find_stages`, which comes first.
    """
    if layout.tool is not None or any(name in mapping.columns for name in ISSUE_DATES):
        return None
    for run in _runs(table, mapping, _used(layout)):
        if _is_one_plan(table, layout, mapping, run, zone, now):
            columns = _ends(table, layout, mapping, [run[0], run[2]])
            return Ends(columns, ()) if columns else None
        places = _without_promises(table, layout, _without_others(table, layout, run))
        is_between = len(places) == 2 < len(run)
        writing = _writing(table, places, mapping, now.date() + timedelta(days=1))
        reader = DateReader(zone, writing.order, writing.months)
        # From right to left as well: some lists begin with the last change.
        for way in (places, places[::-1]):
            kept = without_stamps(table, layout, mapping, way, reader)
            if len(kept) != 2 or (len(way) == 2 and not is_between) or not _goes(table, kept, reader, _SURELY_IN_ORDER):
                continue
            if not all(_goes(table, [kept[0], stamp], reader, _SURELY_IN_ORDER) for stamp in way if stamp not in kept):
                continue  # what was last touched before it came was not
            if columns := _ends(table, layout, mapping, kept):
                return Ends(columns, tuple(table.columns[place] for place in way if place not in kept))
    return None


def _ends(table: Table, layout: Layout, mapping: ColumnMapping, places: Sequence[int]) -> dict[str, str]:
    """Our fields, and the columns that are taken for them; what names or statuses say otherwise is not."""
    first, last = places
    names = table.columns
    known = {layout.single.get(name) for name in ISSUE_DATES}
    ends: dict[str, str] = {}
    if "created" not in layout.single and first not in known and is_filled_everywhere(table, first):
        ends["created"] = names[first]
    is_free = "resolved" not in layout.single and last not in known and guessed(names[last]) in (None, Category.DONE)
    if is_free and not is_no_end(names[last]) and not says_open(table, layout, mapping, last):
        ends["resolved"] = names[last]
    return {field: name for field, name in ends.items() if names.count(name) == 1}


def _used(layout: Layout) -> set[int]:
    return {place for name, place in layout.single.items() if name not in ("created", "started", "resolved")}


def _without_promises(table: Table, layout: Layout, run: Sequence[int]) -> list[int]:
    """The run without columns that are filled although an earlier one, which tells by its name when work began or
    ended, is not: nobody comes into a stage so, but a day can be promised before. What was given up was never done."""
    events = [layout.single[name] for name in ("started", "resolved") if layout.single.get(name) in run]
    return [
        place
        for place in run
        if place in events
        or given_up(_stage_name(table.columns[place]))
        or not any(_is_promised(table, events, event, place) for event in events if event < place)
    ]


def _without_others(table: Table, layout: Layout, run: Sequence[int]) -> list[int]:
    """The run without the days of what happens beside the stages; a last one in every row `without_stamps` judges."""
    names = {place: plain_name(table.columns[place]) for place in run}
    own = {layout.single.get("started"), layout.single.get("resolved")}
    times = _times(list(names.values()))
    return [
        place
        for place, name in names.items()
        if place in own
        or not (name in times or any(re.search(sign, name) for sign in _NO_STAGES))
        or (place == run[-1] and is_filled_everywhere(table, place))
    ]


def _times(names: Sequence[str]) -> set[str]:
    """The names of columns that say when a release or a phase began and when it ended."""
    matches = [
        match for name in names if (match := re.fullmatch(_OF_A_TIME, name)) and re.fullmatch(_TIMES, match["before"])
    ]
    counts = Counter(match["before"] for match in matches)
    return {match.string for match in matches if counts[match["before"]] > 1}


def _is_one_plan(
    table: Table, layout: Layout, mapping: ColumnMapping, run: Sequence[int], zone: tzinfo, now: datetime
) -> bool:
    """Whether nothing but one column stands between creation and finish, and that is of promises: by its name, or since
    it is filled in all rows and work ended before that day time and again."""
    if len(run) != _LEAST or run[1] in layout.single.values():
        return False
    name = plain_name(table.columns[run[1]])
    ends = [layout.single.get("created"), layout.single.get("resolved")]
    if PROMISED.search(name) or [run[0], run[2]] != ends:
        return PROMISED.search(name) is not None
    if guessed(name) is not None or not is_filled_everywhere(table, run[1]):
        return False
    writing = _writing(table, run, mapping, now.date() + timedelta(days=1))
    reader = DateReader(zone, writing.order, writing.months)
    days = [(reader.day(row[run[1]].strip()), reader.day(row[run[2]].strip())) for row in table.rows]
    ended = [(planned, end) for planned, end in days if planned and end]
    return len(ended) >= _LEAST and sum(end < planned for planned, end in ended) >= _EARLY * len(ended)


def _is_promised(table: Table, events: Sequence[int], event: int, place: int) -> bool:
    """Asked of the rows in which this event is still to come; what ended has only passed the earlier one over."""
    to_come = [other for other in events if other >= event]
    waiting = [row for row in table.rows if not any(row[other].strip() for other in to_come)]
    promised = sum(not names_no_day(row[place].strip()) for row in waiting)
    return len(waiting) >= _LEAST and promised >= _PROMISED * len(waiting)


def _stages_of(
    table: Table, layout: Layout, run: Sequence[int], mapping: ColumnMapping, zone: tzinfo, now: datetime
) -> Stages | None:
    """The columns of the run that tell what happened; None where too few of them do."""
    texts = {place: [row[place].strip() for row in table.rows] for place in run}
    latest = now.date() + timedelta(days=1)
    writing = _writing(table, run, mapping, latest)
    reader = DateReader(zone, writing.order, writing.months)
    happened = [place for place in run if not _lies_ahead(table.columns[place], texts[place], reader, latest)]
    kept = _reopenings_between(table, without_stamps(table, layout, mapping, happened, reader))
    if sum(any(texts[place]) for place in kept) < _LEAST:
        return None
    names = tuple(_stage_name(table.columns[place]) for place in kept)
    stamps = tuple(table.columns[place] for place in happened if place not in kept)
    is_known = guessed(names[-1]) is Category.DONE or kept[-1] == layout.single.get("resolved")
    says_open = not is_known and named(names[-1]) in (Category.TODO, Category.IN_PROGRESS)
    if says_open or (not is_known and is_no_end(names[-1])):
        return None
    is_guess = not is_known and (
        bool(stamps) or guessed(names[-1]) is not None or is_filled_everywhere(table, kept[-1])
    )
    categories = _categories(names)
    return Stages(tuple(kept), names, categories, writing, zone, stamps, is_guess, _ways_out(names, categories))


def _stage_name(column: str) -> str:
    """A column's name, without "on" and the like where only the rest of it says that work was given up."""
    short = without_date_words(column)
    return short if given_up(short) and not given_up(column) else column


def _writing(table: Table, run: Sequence[int], mapping: ColumnMapping, latest: date) -> Writing:
    """How the dates of the run are written, decided by all of them together."""
    texts = {table.columns[place]: [row[place].strip() for row in table.rows] for place in run}
    return writings(texts, latest, mapping.date_order, mapping.months)[table.columns[run[0]]]


def _lies_ahead(name: str, cells: Sequence[str], reader: DateReader, latest: date) -> bool:
    """Whether the column tells plans: one day ahead says so, unless the column is called like a status."""
    days = [day for cell in cells if cell and (day := reader.day(cell)) is not None]
    ahead = sum(day > latest for day in days)
    return ahead > 0 and (guessed(name) is None or ahead >= _DOUBTFUL * len(days))


def _is_contradicted(table: Table, layout: Layout, mapping: ColumnMapping, stages: Stages) -> bool:
    """Whether status or category say of too many items that they are not where the latest of the stages has them."""
    places = [layout.single[name] for name in ("category", "status") if name in layout.single]
    verdicts: list[tuple[Category, bool]] = []
    reader = stages.reader()
    for row in table.rows if places or "is_done" in layout.single else ():
        way = stages.way(row, reader)
        status = next((text for place in places if (text := row[place].strip())), "")
        category = mapping.statuses.get(status.casefold()) or guessed(status)
        if way and category is not None and not any(given_up(row[place]) for place in places):
            verdicts.append((category, _differs(stages, way[-1][0], status, category)))
        elif way and (is_done := flag(row, layout)) is not None:
            differs = is_done is not (stages.categories[way[-1][0]] is Category.DONE)
            verdicts.append((Category.DONE if is_done else Category.TODO, differs))
    still_open = [differs for category, differs in verdicts if category is not Category.DONE]
    return _share([differs for _, differs in verdicts]) >= _DOUBTFUL or _share(still_open) >= _DOUBTFUL_OPEN


def _differs(stages: Stages, stage: int, status: str, category: Category) -> bool:
    """Done or not is beyond doubt. Begun or not is a matter of opinion where the stage is called like a status."""
    name, by_stage = stages.names[stage], stages.categories[stage]
    if category is by_stage or plain_name(status) == plain_name(name):
        return False
    return Category.DONE in (category, by_stage) or guessed(name) is None


def _share(verdicts: Sequence[bool]) -> float:
    return sum(verdicts) / len(verdicts) if verdicts else 0.0


def _runs(table: Table, mapping: ColumnMapping, used: set[int]) -> Iterator[list[int]]:
    """Neighbouring columns that hold nothing but dates; empty ones between them are stages that nobody came into."""
    run: list[int] = []
    filled: set[int] = set()
    for place, name in enumerate((*table.columns, "")):
        cells = _some_cells(table, place) if name else []
        if name and tells_reopening(name):
            if place not in used and are_dates(cells):
                run.append(place)
                filled.add(place)
            continue
        if name and place not in used and _may_be_a_stage(plain_name(name)) and (are_dates(cells) or not cells):
            run.append(place)
            filled |= {place} if cells else set()
            continue
        kept = _reopenings_between(table, run)
        if len(filled.intersection(kept)) >= _LEAST:
            yield kept
        run, filled = [], set()


def _may_be_a_stage(name: str) -> bool:
    return not _NO_STAGE.search(name) and not names_a_plan(name)


def _reopenings_between(table: Table, run: Sequence[int]) -> list[int]:
    """The run without days of reopening, unless items end before and again after them: there they come into a stage."""
    ends = [place for place in run if _is_end(table.columns[place])]
    return [
        place for place in run if not tells_reopening(table.columns[place]) or (ends and ends[0] < place < ends[-1])
    ]


def _is_end(name: str) -> bool:
    return guessed(name) is Category.DONE and not tells_reopening(name)


def _some_cells(table: Table, place: int) -> list[str]:
    cells = (row[place].strip() for row in table.rows[: 10 * _PROBED])
    # A column of 0, 1 and 2 is no empty stage, though each of them stands for no day among days.
    filled = (each for each in cells if not names_no_day(each) or (each[:1].isdigit() and len(each) < _SHORTEST_DAY))
    return list(islice(filled, _PROBED))


def are_dates(cells: Sequence[str]) -> bool:
    """Whether there are any, and all of them name a day."""
    reader, other = DateReader(UTC), DateReader(UTC, DayOrder.MDY)
    return bool(cells) and all(not is_serial(cell) and (reader.day(cell) or other.day(cell)) for cell in cells)


def _categories(names: Sequence[str]) -> tuple[Category, ...]:
    """By their names as far as these say something; the last one is done, and after work began it is at work. A stage
    of work that was given up says nothing about those behind it."""
    categories: list[Category] = []
    before: Category | None = None
    for name in names[:-1]:
        if _is_out(name):
            categories.append(Category.DONE)
            continue
        before = _category(name, before)
        categories.append(before)
    return (*categories, Category.DONE)


def _category(name: str, before: Category | None) -> Category:
    category = guessed(name)
    if tells_reopening(name):
        return Category.IN_PROGRESS
    if before is None:
        return category if category is Category.IN_PROGRESS else Category.TODO
    if category is Category.TODO and before is Category.TODO:
        return Category.TODO
    if category is Category.DONE and before is not Category.TODO:
        return Category.DONE
    return Category.DONE if before is Category.DONE else Category.IN_PROGRESS


def _is_out(name: str) -> bool:
    return _is_end(name) and bool(given_up(name))


def _ways_out(names: Sequence[str], categories: Sequence[Category]) -> tuple[int, ...]:
    at_work = max((stage for stage, category in enumerate(categories) if category is not Category.DONE), default=0)
    return tuple(stage for stage, name in enumerate(names[:at_work]) if _is_out(name))


def _is_in_order(table: Table, stages: Stages) -> bool:
    onward = [
        place
        for stage, place in enumerate(stages.places)
        if not tells_reopening(table.columns[place]) and stage not in stages.ways_out
    ]
    return _goes(table, onward, stages.reader(), _SURELY_IN_ORDER if stages.is_guess else _IN_ORDER)


def _goes(table: Table, places: Sequence[int], reader: DateReader, share: float) -> bool:
    """Whether so many rows go from left to right, and some row at all goes on."""
    ways = [[reader.instant(cell) for place in places if (cell := row[place].strip())] for row in table.rows]
    days = [[at for at in way if at is not None] for way in ways]
    going = [way for way in days if len(way) > 1]
    straight = sum(way == sorted(way) for way in going)
    return bool(going) and straight >= share * len(going)


def with_stages(table: Table, layout: Layout, stages: Stages) -> tuple[Table, Layout]:
    """The table with what the stages say about each item in columns of its own, and the layout that takes it from
    there. What a column of its own says about status and creation goes before, unless the stages know better."""
    reader = stages.reader()
    cells: dict[str, list[str]] = {name: [] for name in _NEW_COLUMNS}
    status = layout.single.get("status")
    created = layout.single.get("created")
    own_created = created if created is not None and created not in stages.places else None
    for row in table.rows:
        way = stages.way(row, reader)
        fields = _fields_of(stages, way, row[status].strip() if status is not None else "")
        if own_created is not None and row[own_created].strip():
            fields["created"] = row[own_created]
        for name, values in cells.items():
            values.append(fields[name])
    single = {name: place for name, place in layout.single.items() if name not in _NEW_COLUMNS or name == "category"}
    for name, values in cells.items():
        single[name] = len(table.columns)
        table = with_column(table, _NEW_COLUMNS[name], values)
    described = f"{table.form} with a date for each stage"
    return table, replace(layout, single=single, unused=(), further={}, recognised_as=described)


def _fields_of(stages: Stages, way: Sequence[tuple[int, str, datetime]], status: str) -> dict[str, str]:
    if not way:
        return {"created": "", "started": "", "resolved": "", "status": status, "category": ""}
    latest = stages.categories[way[-1][0]]
    at_work = (text for stage, text, _ in way if stage >= stages.first_at_work and stage not in stages.ways_out)
    begun = next(at_work, "")
    ended = ""
    for stage, text, _ in way:
        ended = (ended or text) if stages.categories[stage] is Category.DONE else ""
    # Given up on the way: the stages do not tell that.
    is_over = latest is not Category.DONE and guessed(status) is Category.DONE
    return {
        "created": way[0][1],
        "started": begun,
        "resolved": ended,
        "status": status if is_over else stages.names[way[-1][0]],
        "category": "" if is_over else str(latest).replace("_", " "),
    }


def histories(imported: Imported, table: Table, layout: Layout, stages: Stages) -> Imported:
    """The records together with the changes from stage to stage."""
    key = layout.single.get("key")
    if key is None:
        return imported
    reader = stages.reader()
    rows = {row[key].strip(): row for row in table.rows}
    changes = [
        change for issue in imported.issues if issue.key in rows for change in _changes(stages, issue.key, rows, reader)
    ]
    return replace(imported, changes=tuple(changes), history="whole")


def _changes(stages: Stages, key: str, rows: Mapping[str, Sequence[str]], reader: DateReader) -> Iterator[Change]:
    way = stages.way(rows[key], reader)
    for (before, _, _), (after, _, at) in pairwise(way):
        yield Change(key, at, "status", stages.names[before], stages.names[after])
