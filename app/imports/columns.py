"""Which column is which: by the names that trackers use, by what the cells hold, or as a mapping says."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.statuses import given_up, guessed, is_reason_to_give_up, named
from app.errors import BadInput, UnreadableFile
from app.imports.blanks import says_nothing
from app.imports.column_names import (
    ISSUE_NAMES,
    OTHER_EVENTS,
    OUTCOMES,
    PROMISED,
    SPRINT_ENDS,
    VERDICTS,
    WEEK_NAMES,
    names_a_plan,
)
from app.imports.dates import DateReader, DayOrder, is_serial, names_no_day
from app.imports.flags import FLAGS, PUT_AWAY, YES
from app.imports.months import Months
from app.imports.number_signs import Signs
from app.imports.numbers import amount, number
from app.imports.outlines import Outline, are_flags
from app.imports.plain_names import plain_name, without_prefix
from app.imports.tables import Table
from app.imports.told_done import told_done
from app.imports.trackers.tool import Tool, export_name
from app.jira.mapping.links import names_blockers
from app.words import N_
from store.records import Category, JsonObject

ISSUES, WEEKS = "issues", "weeks"

# The names beyond these also name of item lists, so they count only where they hold numbers.
_SUREWEEK_NAMES = 7
_ITEM_LIKE = ("issue key", "key", "id", "summary", "title", "status", "state")

SEVERAL = ("labels", "components", "fix_versions", "sprints")
ISSUE_DATES = ("created", "started", "resolved", "updated", "category_changed")
WEEK_AMOUNTS = ("completed_items", "completed_points", "created_items", "created_points")
# What a mapping says beside which column is which.
_NOT_COLUMNS = ("date_order", "time_zone", "statuses", "kind", "months", "totals")
_PROBED, _THERE = 200, ("active", "aktiv")
_KEY, _LEAST_KEYS = re.compile(r"[A-Z][A-Z0-9_]+-\d+"), 3
# What is called so and holds nothing but digits counts rows where keys of that form stand beside it.
_COUNTERS = frozenset({"id", "#", "no", "nr", "number", "nummer"})
_SAYS_KEY = re.compile(
    r"\b(?:key|issue|jira|clé|clave|chave|klucz|chiave|klíč|kľúč)\b"
    r"|vorgang|schlüssel|sleutel|nøkkel|nøgle|nyckel|avain|\bкод\b|ключ|キー|키|κλειδί|מפתח"
)
# Beside an "ID", which is seldom a number of the row, these may be of another program as well.
_MAY_BE_KEY = re.compile(r"\b(?:ticket|story|item|task|case|incident|defect|bug)\b")
_OF_ANOTHER = re.compile(
    r"\b(?:parent|epic|linked|related|customer|external|zendesk|mirror\w*|duplicate\w*|block\w*)\b|eltern|kunde"
)
_LIKE_POINTS = re.compile(
    r"custom ?field|\bpoints?\b|\bsps?\b|\bpts?\b|punkt|\bpunten\b|\bpunt[oi]s?\b|\bpontos?\b|\bpist|poäng|poeng"
    r"|\bpuan|очк|поинт|ポイント|点数|點數|포인트"
    r"|estima|schätz|\best\b|komplex|complex|difficult|effort|aufwand|\bsize\b|見積|估"
)
_LIKE_TIMES = re.compile(
    r"hour|stunde|\bh\b|\btime|zeit|minut|second|\btage|\bdays?\b|\bpt\b|remaining|\brest|spent|€|\$|cost|price"
)
# So many of the cells of titles are filled, and differ.
_NEARLY_ALL = 0.9
_LARGEST_ESTIMATE = 1_000
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?\s?%")
_QUESTION = " ?¿？!:*"
_ARE = ("is ", "was ", "been ", "ist ", "wurde ", "est ", "è ", "es ", "está ", "é ", "jest ", "är ", "er ", "je ")
_ASKING = re.compile(r"^(?:is|czy|ist|est|está|è|je|er|är) | m[iıuü]$|か$")
_WEAK_TICKS = frozenset({"checked"})
# So many cells that are dates make a column one of dates.
_ALL_DATES = 20
# Names of columns of points that complete each other, whoever filled which of them.
_ESTIMATES = frozenset(
    {
        "story points",
        "story point estimate",
        "story point",
        "storypoints",
        "story points estimate",
        "points",
        "story point schätzung",
        "estimation des story points",
        "estimación de story points",
        "puntos de historia",
        "estimativa de pontos de história",
        "pontos de história",
        "effort",
        "size",
    }
)
# Dates that are no event in the life of an item, beside what names a plan: estimates, and when somebody looked at it.
_NO_EVENT = re.compile(
    r"plan|estimat|expect|schedul|forecast|baseline|remind|\bview|\bseen|visit|updat|modif|chang|edit"
    r"|activity|activit|comment|sprint|cycle|iteration|release|version|milestone|birth|prév"
    r"|expir|start|begin|import|export|sync"
)
# What may name a day, or whoever did it.
_WHO_OR_WHEN = frozenset(
    {"requested", "raised", "logged", "filed", "registered", "submission", "submitted", "reported", "entered", "added",
     "opened", "accepted", "delivered", "eingang", "gemeldet", "erfasst"}
)  # fmt: skip
# What lists call the properties of their items, whatever they call these.
_OF_AN_ITEM = re.compile(
    r"(?:item|work ?item|issue|task|ticket|card|story|user story|bug|defect|feature|request|case|entity|pbi|vorgangs?"
    r"|aufgaben?|ticket|karten?)[ -]?(status|state|name|title|summary|type|priority|titel|typ)"
)
# Such as 2d 3h, 1w, 5 days and 26:30:00, as reports of the time in each status have them.
_DURATION = re.compile(
    r"(?:\d+(?:[.,]\d+)?\s*(?:w|d|h|m|s|min|sec|weeks?|days?|hours?|minutes?|tage?|std|stunden?)\.?,?\s*)+"
    r"|\d{1,4}:\d{2}(?::\d{2})?",
    re.IGNORECASE,
)


# What a sprint brought, and how it is called.
_BROUGHT = re.compile(
    r"complet|done|velocity|finish|closed|deliver|erledigt|fertig|abgeschl|termin|conclu|gereed|afgerond"
)
_OF_POINTS = re.compile(
    r"\b(?:sps?|pts?|points?|storypoints?|velocity|punkte|storypunkte|puntos|punti|pontos|punten|punkty|poäng|point)\b"
)
_OF_ITEMS = re.compile(
    r"^#|\b(?:items|stories|tickets|issues|tasks|cards|pbis|features|bugs|count|number|throughput|delivered"
    r"|anzahl|aufgaben|vorgänge|karten|durchsatz|geliefert\w*|nombre|terminées?|livrées?|tâches|número|cantidad|tareas"
    r"|quantidade|tarefas|numero|quantità|aantal|taken|liczba|zadania|antal|počet|количество)\b"
)
# What a week plans, holds or gets, or a mean of several.
_NOT_DONE_THEN = re.compile(
    r"plan|commit|scope|remain|rest|open|offen|added|new\b|neu|creat|target|goal|capacit|kapaz|forecast|prognos|backlog"
    r"|progress|wip|carr|start|ideal|average|avg|mean|ø|mittel|schnitt|per |pro |/|%|rate|days|tage|hours|stunden|team"
    r"|estimat|blocked|reopen|sprint (?:no|number|nr|id)|number of (?:people|developers|members|sprints)|week|woche"
)
_OF_SPRINT = re.compile(r"sprint|iteration|itération|iteraci")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What the user says about a file: our field -> column name (None: do not use one), date order, time zone.

    `statuses`: status in lower case -> what it means, before what its name says. `kind`: issues or weeks. `months`:
    what a word that stands for a month means, 1 to 12, where its language is not known. `totals`: whether weekly
    numbers are running totals; None: found out.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    date_order: DayOrder | None = None
    time_zone: str | None = None
    statuses: Mapping[str, Category] = field(default_factory=dict)
    kind: str | None = None
    months: Mapping[str, int] = field(default_factory=dict)
    totals: bool | None = None

    @classmethod
    def from_json(cls, document: object) -> ColumnMapping:
        """From `{"created": "Opened on", "date_order": "dmy", "time_zone": "Europe/Berlin"}`. Raises BadInput."""
        if not isinstance(document, dict):
            raise BadInput(
                N_('The mapping must be a JSON object such as {"created": "Opened on", "date_order": "dmy"}.')
            )
        columns = {
            _field_named(name): _column_named(name, value)
            for name, value in document.items()
            if name not in _NOT_COLUMNS
        }
        return cls(
            columns,
            _order(document.get("date_order")),
            _zone_name(document.get("time_zone")),
            _statuses(document.get("statuses")),
            _kind(document.get("kind")),
            _months(document.get("months")),
            _totals(document.get("totals")),
        )

    def to_json(self) -> JsonObject:
        """The document of `--mapping FILE`."""
        document: dict[str, Any] = dict(self.columns)
        if self.date_order is not None:
            document["date_order"] = str(self.date_order)
        if self.time_zone is not None:
            document["time_zone"] = self.time_zone
        if self.statuses:
            document["statuses"] = {name: str(category) for name, category in self.statuses.items()}
        if self.kind is not None:
            document["kind"] = self.kind
        if self.months:
            document["months"] = dict(self.months)
        if self.totals is not None:
            document["totals"] = self.totals
        return document


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each of our fields is: `single` gives a column's place, `several` all places of a repeated column.

    `tool` knows what is special where the export is some tracker's. `points`: all columns of estimates that complete
    each other, the first of which goes first. `plans`: fields of dates that tell what was planned. `unused`: columns
    of dates that nothing is taken from. `passed_over`: columns of numbers that may be estimates, or times, or
    that may say what was done in a week. `blockers`: columns that name what an issue waits for. `further`: of creations
    and finishes the columns that say the same as the first one, and count where that is empty. `fields`: the columns
    that no rule knows, by their names.
    `told_by`: the column that tells what is done though its name does not say so.
    `other_ends`: columns that tell it as well, and how they do.
    `unheard`: columns that nothing is taken from and that may decide something, and what they hold.
    `ended`: columns of yes and no that say that an item was given up.
    `merges_tickets`: a status of "merged" tells that a ticket went into another one.
    `without_titles`: keys that are made are made of days alone, as when the titles were not known.
    `ticks`: columns of yes and no for each stage.
    `signs`: what points and commas in its estimates mean.
    `outline`: how its rows lie in each other, and which of them are no work.
    `no_numbers`: columns that are called like points and hold none.
    """

    kind: str
    recognised_as: str
    single: Mapping[str, int]
    several: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    tool: Tool | None = None
    points: tuple[int, ...] = ()
    plans: frozenset[str] = frozenset()
    unused: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    blockers: tuple[int, ...] = ()
    fields: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    merges_tickets: bool = False
    further: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    told_by: str = ""
    other_ends: Mapping[int, str] = field(default_factory=dict)
    unheard: Mapping[int, str] = field(default_factory=dict)
    without_titles: bool = False
    ended: tuple[int, ...] = ()
    outline: Outline | None = None
    signs: Signs | None = None
    ticks: tuple[int, ...] = ()
    no_numbers: tuple[str, ...] = ()

    @property
    def is_dated(self) -> bool:
        """Whether any column says when something happened to an item."""
        return any(name in self.single for name in ISSUE_DATES)

    @property
    def dates(self) -> dict[str, int]:
        """The columns of our dates; those that complete the one of "resolved" are called "resolved 2" and so on."""
        first = {name: self.single[name] for name in ISSUE_DATES if name in self.single}
        more = {
            f"{name} {count}": place for name, places in self.further.items() for count, place in enumerate(places, 2)
        }
        return {**first, **more}

    def used(self, table: Table) -> dict[str, str]:
        """Our field -> the name of its column."""
        several = {**self.several, **({"blocked_by": self.blockers} if self.blockers else {})}
        places = {**self.single, **{name: field_places[0] for name, field_places in several.items()}}
        return {name: table.columns[place] for name, place in places.items()}


def recognise(
    table: Table,
    mapping: ColumnMapping,
    kind: str | None = None,
    tool: Tool | None = None,
    *,
    is_part: bool = False,
) -> Layout:
    """The table's layout; `kind` "issues" or "weeks" decides it beforehand. Raises UnreadableFile or BadInput.

    `tool`: whose export it is, and the table prepared as that tool asks. `is_part`: these are the first of many rows.
    """
    kind = kind or mapping.kind
    if kind is None and any(name in WEEK_NAMES for name in mapping.columns):
        kind = WEEKS
    if kind not in (None, ISSUES, WEEKS):
        raise BadInput(N_("{kind!r} is not a kind of file. Choose issues or weeks.", kind=kind))
    if kind != ISSUES and (tool is None or kind) and (weeks := _weeks_layout(table, mapping, sure=kind == WEEKS)):
        return weeks
    if kind != WEEKS and (issues := _issues_layout(table, mapping, tool, is_part)):
        return issues
    raise UnreadableFile(
        N_(
            "{kind} The columns found are: {columns}. {advice}",
            kind=_needed(kind),
            columns=_listed(table.columns),
            advice=_WAY_OUT,
        ),
        _BY_COMMAND,
    )


_WAY_OUT = N_("If they have other names, say which is which.")
_BY_COMMAND = "Give --mapping FILE, or choose the columns on the Data page."


def _needed(kind: str | None) -> str:
    issues = "a created or a finished date for each item (columns such as created and finished)"
    weeks = "weekly numbers (columns date and completed_items or completed_points)"
    wanted = {ISSUES: issues, WEEKS: weeks}.get(kind or "", f"{issues}, or {weeks}")
    return N_("The file cannot be understood. Needed: {wanted}.", wanted=wanted)


def _listed(names: Iterable[str]) -> str:
    different = list(dict.fromkeys(name for name in names if name))
    return ", ".join(different[:30]) + (" …" if len(different) > 30 else "") if different else "none"


def require_certain(layout: Layout, table: Table, mapping: ColumnMapping) -> None:
    """Raises UnreadableFile where the layout leaves open what must be asked about its dates.

    Of a table of nobody in particular one must know when its items came or were finished; and where one of the two is
    missing, no column of dates may be left over, for that may be it.
    """
    if _lists_sprints(layout, table):
        raise UnreadableFile(
            N_(
                "The file lists sprints, not the items in them. Export the items with their sprints; or write one row "
                "for each week, with the columns date and completed_items or completed_points."
            )
        )
    known = [name for name in ("created", "resolved") if name in layout.single]
    # Nothing is promised before it came.
    unused = [name for name in layout.unused if known != ["resolved"] or not PROMISED.search(plain_name(name))]
    if layout.tool is not None or mapping.columns or len(known) == 2 or (known and not unused):
        return
    if not known and "started" in layout.single:
        raise UnreadableFile(
            N_(
                "The file says when its items were started, but not when they were created or "
                "finished. The columns found are: {columns}. {advice}",
                columns=_listed(table.columns),
                advice=_WAY_OUT,
            ),
            _BY_COMMAND,
        )
    if not unused:
        return
    if known == ["created"]:
        lacks = N_(
            "No column is known to say when an item was finished, and {unused} may: it holds dates "
            "that nothing is taken from. Say which column is which, or that none of them is it.",
            unused=_listed(unused),
        )
    else:
        lacks = N_(
            "No column is known to say when an item was created, and {unused} may: it holds dates "
            "that nothing is taken from. Say which column is which, or that none of them is it.",
            unused=_listed(unused),
        )
    raise UnreadableFile(lacks, _BY_COMMAND)


def _lists_sprints(layout: Layout, table: Table) -> bool:
    """Whether nothing but the sprint, another one in every row, says what a row is about."""
    sprints = layout.several.get("sprints", ())
    if layout.tool is not None or len(sprints) != 1 or {"key", "summary", "status", "is_done"} & layout.single.keys():
        return False
    names = table.texts(sprints[0])
    return len(names) > 1 and all(names) and len(set(names)) == len(names)


# -- the two layouts ------------------------------------------------------------------------------------


def _issues_layout(table: Table, mapping: ColumnMapping, tool: Tool | None, is_part: bool) -> Layout | None:
    layout = item_layout(table, mapping, tool, is_part)
    return layout if _says_enough(layout.single, tool) else None


def item_layout(table: Table, mapping: ColumnMapping, tool: Tool | None, is_part: bool = False) -> Layout:
    """Which column is which in a table of items, be it enough or not."""
    finder = _Finder(table, mapping, is_part)
    known = {**ISSUE_NAMES, **(tool.columns if tool else {})}
    several = {name: all_places for name in SEVERAL if (all_places := finder.all(name, known[name]))}
    places = {
        name: place
        for name, names in known.items()
        if name not in SEVERAL and (place := finder.first(name, names, _fits(name, mapping))) is not None
    }
    if places.get("source_id") == places.get("key"):
        places.pop("source_id", None)
    if _is_another_check(table, places, mapping):
        places.pop("is_done")
    if _tells_the_record(table, places, mapping):
        places["archived"] = places.pop("status")
    if "key" not in mapping.columns and (tool is None or "key" not in places):
        places.update(finder.keys_by_shape(places))
    if tool is None and "status" not in mapping.columns and _is_all_percent(table, places):
        places["percent"] = places.pop("status")
    if (
        not {"key", "summary"} & {*places, *mapping.columns}
        and (title := _like_titles(table, places, several)) is not None
    ):
        places["summary"] = title
    guess = told_done(table, places, {place for every in several.values() for place in every}, mapping.columns)
    places.update(guess)
    if "resolution" not in {*places, *mapping.columns} and (reason := finder.reason_for_the_end(places)) is not None:
        places["resolution"] = reason
    if "parent" not in {*places, *mapping.columns} and (whole := _whole_by_type(table, places)) is not None:
        places["parent"] = whole
    points = finder.estimates(known["points"], places.get("points"))
    further = {} if tool else finder.completing(places, known)
    unused = finder.unused_dates(places, mapping, [place for each in further.values() for place in each])
    described = export_name(tool, table) if tool else f"{table.form} of items with created and finished dates"
    passed_over = finder.other_estimates(known["points"], points) if points or tool is None else ()
    is_without = tool is None and not points and "points" not in mapping.columns
    no_numbers = finder.without_numbers(known["points"], {*places.values()}) if is_without else ()
    told_by = [] if "resolved" in places else [table.columns[place] for place in guess.values()]
    links = tuple(place for place, column in enumerate(table.columns) if names_blockers(column))
    return Layout(
        ISSUES, described, places, several, tool, points, unused=unused, passed_over=passed_over, blockers=links,
        further=further, told_by="".join(told_by[:1]), ended=finder.ended(places), no_numbers=no_numbers,
    )  # fmt: skip


def _like_titles(table: Table, places: Mapping[str, int], several: Mapping[str, Sequence[int]]) -> int | None:
    """Where neither keys nor titles are known by their name: the first column that says something else in words in
    nearly every row."""
    others, is_day = {*places.values(), *chain.from_iterable(several.values())}, _fits("created", ColumnMapping())
    rows = min(len(table.rows), _PROBED)
    for place in sorted(set(range(len(table.columns))) - others):
        cells = table.filled(place, _PROBED)
        if len(set(cells)) < _NEARLY_ALL * rows:
            continue
        if all(len(cell) > 1 and any(map(str.isalpha, cell)) for cell in cells) and not _all_fit(is_day, cells):
            return place
    return None


def _whole_by_type(table: Table, places: Mapping[str, int]) -> int | None:
    """The column that is called like a type of the items ("Feature") and holds nothing but titles of such items: it
    says of which of them an item is a part."""
    if not {"type", "summary"} <= places.keys():
        return None
    kinds = {plain_name(kind) for kind in set(table.filled(places["type"], _PROBED))}
    named = [(place, name) for place, name in enumerate(map(plain_name, table.columns)) if name in kinds]
    for place, name in named:
        if place in places.values():
            continue
        rows = zip(table.texts(places["type"]), table.texts(places["summary"]), strict=True)
        there = {title for kind, title in rows if plain_name(kind) == name}
        if there.issuperset(wholes := {*table.each_filled(place)}) and wholes:
            return place
    return None


def _is_all_percent(table: Table, places: Mapping[str, int]) -> bool:
    """Whether the status says how much of each item is done."""
    if "status" not in places or "percent" in places:
        return False
    cells = table.filled(places["status"], _PROBED)
    return bool(cells) and all(_PERCENT.fullmatch(cell) for cell in cells)


def _is_another_check(table: Table, places: Mapping[str, int], mapping: ColumnMapping) -> bool:
    """Whether a tick under "checked" says that somebody looked at it: beside a status or a finish it is not the end."""
    if "is_done" not in places or "is_done" in mapping.columns:
        return False
    is_weak = plain_name(table.columns[places["is_done"]]) in _WEAK_TICKS
    return is_weak and bool({"status", "category", "resolved"} & places.keys())


def _tells_the_record(table: Table, places: Mapping[str, int], mapping: ColumnMapping) -> bool:
    """Whether the status only says that a record is there or was put away, and yes and no beside it what is done."""
    is_told = {"status", "archived"} & mapping.columns.keys() or "archived" in places
    if is_told or not {"status", "is_done"} <= places.keys():
        return False
    rows = [(row[places["status"]].strip().casefold(), row[places["is_done"]].strip()) for row in table.rows]
    words = {status for status, _ in rows if status}
    # What is done and active all the same is there, and not in progress.
    are_both = any(status in _THERE and flag.casefold() in YES for status, flag in rows)
    return are_both and words <= {*_THERE, *PUT_AWAY}


def _says_enough(places: Mapping[str, int], tool: Tool | None) -> bool:
    """Dates; or, in a known tracker's export, a status at least: what changes until the next export then counts."""
    if any(name in places for name in ("created", "resolved", "started")):
        return True
    return (
        tool is not None and bool({"status", "category"} & places.keys()) and ("key" in places or "summary" in places)
    )


def _fits(name: str, mapping: ColumnMapping) -> Callable[[Sequence[str]], bool]:
    """What the cells of a column must look like to be taken for the field, given some that are filled."""
    if name in ISSUE_DATES:
        months = Months.of((), mapping.months)
        reader = DateReader(ZoneInfo("UTC"), months=months)
        either = DateReader(ZoneInfo("UTC"), DayOrder.MDY, months)
        return lambda cells: any(reader.day(cell) or either.day(cell) for cell in cells)
    if name == "is_done":
        return lambda cells: all(cell.casefold() in FLAGS for cell in cells)
    if name == "archived":
        is_day = _fits("created", mapping)
        return lambda cells: all(cell.casefold() in FLAGS or is_day([cell]) or names_no_day(cell) for cell in cells)
    if name == "summary":
        # A stage of that name, such as "To do", holds the days on which items came there.
        is_date = _fits("created", mapping)
        return lambda cells: not all(is_date([cell]) for cell in cells) and not are_flags(cells)
    if name == "points":
        return lambda cells: any(amount(cell) is not None for cell in cells)
    return lambda cells: True


def _all_fit(fits: Callable[[Sequence[str]], bool], cells: Iterable[str]) -> bool:
    """Of at least one. No cell after the first that does not fit is asked for."""
    is_any = False
    for cell in cells:
        is_any = True
        if not fits([cell]):
            return False
    return is_any


def _weeks_layout(table: Table, mapping: ColumnMapping, sure: bool) -> Layout | None:
    finder = _Finder(table, mapping)
    places: dict[str, int] = {}
    for name, names in WEEK_NAMES.items():
        certain = names if sure or name == "date" else names[:_SUREWEEK_NAMES]
        place = finder.first(name, certain, lambda cells: True)
        if place is None:
            place = finder.first(name, names, _mostly_numbers)
        if place is not None and place not in places.values():
            places[name] = place
    if "date" in places:
        places |= _amounts_by_words(table, places)
    if "date" not in places or not ("completed_items" in places or "completed_points" in places):
        return None
    if not sure and any(name in finder.names for name in _ITEM_LIKE):
        return None  # a list of items that happens to have a date and a number
    if not sure and plain_name(table.columns[places["date"]]) in SPRINT_ENDS and not _tells_sprints(table, places):
        return None
    more = tuple(table.columns[place] for place in _names_of_done(table, places))
    return Layout(WEEKS, f"{table.form} of weekly numbers", places, passed_over=more)


def _amounts_by_words(table: Table, places: Mapping[str, int]) -> dict[str, int]:
    """What is done in a week by words in the names of its numbers ("Number of stories", "Sum of SP"): of those that no
    name of ours is, and where no second one may be, too."""
    names = _names_of_done(table, places)
    of_points = [place for place, name in names.items() if _OF_POINTS.search(name)]
    of_items = [place for place in names if place not in of_points]
    by_words = {"completed_items": of_items, "completed_points": of_points}
    return {
        field: candidates[0] for field, candidates in by_words.items() if field not in places and len(candidates) == 1
    }


def _names_of_done(table: Table, places: Mapping[str, int]) -> dict[int, str]:
    """Of the columns that no name of ours is, those of numbers that may say what was done; what stands in brackets is
    part of these names."""
    return {
        place: name
        for place, name in enumerate(map(str.casefold, table.columns))
        if place not in places.values()
        and (_OF_POINTS.search(name) or _OF_ITEMS.search(name))
        and not _NOT_DONE_THEN.search(name)
        and _mostly_numbers(table.filled(place, _PROBED))
    }


def _tells_sprints(table: Table, places: Mapping[str, int]) -> bool:
    """Whether a table with a day of an end in each row says of nothing but sprints what they brought."""
    amount_names = [table.columns[place].casefold() for name, place in places.items() if name != "date"]
    others = [
        (plain_name(name), table.filled(place, _PROBED))
        for place, name in enumerate(table.columns)
        if place not in places.values()
    ]
    is_date = _fits("created", ColumnMapping())
    return any(map(_BROUGHT.search, amount_names)) and all(
        _OF_SPRINT.search(name) or _mostly_numbers(cells) or _all_fit(is_date, cells) for name, cells in others if cells
    )


def _mostly_numbers(cells: Sequence[str]) -> bool:
    return 2 * sum(1 for cell in cells if number(cell) is not None) > len(cells)


def _may_be_dates(name: str, cells: Sequence[str]) -> bool:
    """Whether cells that cannot be read were meant as dates all the same; names of people, for one, hold no digits."""
    if _is_flag_or_number(cells) or _say_how_far(cells):
        return False
    return name not in _WHO_OR_WHEN or 2 * sum(any(map(str.isdigit, cell)) for cell in cells) >= len(cells)


def _say_how_far(cells: Sequence[str]) -> bool:
    """Whether all are words for how far work is, some for done and some for not, without any day."""
    categories = {None if any(map(str.isdigit, cell)) else guessed(cell) for cell in cells}
    return None not in categories and Category.DONE in categories and len(categories) > 1


def _is_flag_or_number(cells: Sequence[str]) -> bool:
    """Whether a column called, say, "done" holds yes and no, per cent or durations, and so never was one of dates."""
    return all(
        cell.casefold() in FLAGS or number(cell.rstrip(" %")) is not None or _DURATION.fullmatch(cell) for cell in cells
    )


class _Finder:
    """Looks columns up by name, the mapping first. `is_part`: a column that is empty here may hold something later."""

    def __init__(self, table: Table, mapping: ColumnMapping, is_part: bool = False) -> None:
        self._is_part = is_part
        self._table = table
        self._mapping = mapping
        self.names: dict[str, list[int]] = {}
        # "Solved?" asks for yes or no.
        self._questions: dict[str, list[int]] = {}
        table_names = {*map(plain_name, table.columns)}
        for names in dict.fromkeys((tuple(map(plain_name, table.columns)), without_prefix(table.columns))):
            for place, name in enumerate(names):
                self.names.setdefault(name, []).append(place)
        for place, name in enumerate(map(plain_name, table.columns)):
            if (bare := name.strip(_QUESTION)) != name:
                self._questions.setdefault(_ASKING.sub("", bare), []).append(place)
            if (match := _OF_AN_ITEM.fullmatch(name)) and match[1] not in table_names:
                self.names.setdefault(match[1], []).append(place)

    def first(self, wanted: str, names: Sequence[str], fits: Callable[[Sequence[str]], bool]) -> int | None:
        """The first of the named columns whose filled cells fit, else one that is unreadable or empty."""
        if wanted in self._mapping.columns:
            return next(iter(self._mapped(wanted)), None)
        empty = None
        questions = self._questions if wanted in ("is_done", "archived") else {}
        for place in (*self._places(names), *(place for name in names for place in questions.get(name, ()))):
            cells = self._filled(place)
            if cells and fits(cells):
                return place
            if not cells and empty is None:
                empty = place
        alike = self._dated_alike(names, fits) if wanted in ISSUE_DATES else None
        if alike is not None:
            return alike
        unreadable = self._unreadable(wanted, names)
        if unreadable is not None:
            return unreadable
        # A column is one of dates when a cell holds one; an empty one says nothing.
        return None if wanted in ("is_done", "archived") or (wanted in ISSUE_DATES and not self._is_part) else empty

    def all(self, wanted: str, names: Sequence[str]) -> tuple[int, ...]:
        """Every column of the first name that is there."""
        if wanted in self._mapping.columns:
            return tuple(self._mapped(wanted))
        named = (tuple(self.names[name]) for name in names if name in self.names)
        # "Milestone" with yes and no says which rows are.
        return next((each for each in named if wanted != "fix_versions" or not self._are_flags(each)), ())

    def estimates(self, names: Sequence[str], first: int | None) -> tuple[int, ...]:
        """The columns of points that complete each other, such as those that two kinds of Jira's projects fill."""
        if first is None or "points" in self._mapping.columns:
            return () if first is None else (first,)
        alike = [name for name in names if name in _ESTIMATES]
        if plain_name(self._table.columns[first]) not in alike:
            return (first,)
        fits = _fits("points", self._mapping)
        others = [place for place in self._places(alike) if place != first and self._may_hold(place, fits)]
        return (first, *others)

    def other_estimates(self, names: Sequence[str], used: Sequence[int]) -> tuple[str, ...]:
        """Columns of such names that hold numbers as well, but may be times, and so complete nothing."""
        if "points" in self._mapping.columns:
            return ()
        if not used:
            return self._like_estimates()
        fits = _fits("points", self._mapping)
        left = (place for place in self._places(names) if place not in used)
        return tuple(self._table.columns[place] for place in left if fits(self._filled(place)))

    def without_numbers(self, names: Sequence[str], used: Collection[int]) -> tuple[str, ...]:
        """Columns that are called like points and hold none, such as sizes in words, times or fractions."""
        places = (place for place in dict.fromkeys(self._places(names)) if place not in used)
        cells = {place: [cell for cell in self._filled(place) if not says_nothing(cell)] for place in places}
        fits = _fits("points", self._mapping)
        return tuple(self._table.columns[place] for place, filled in cells.items() if filled and not fits(filled))

    def _like_estimates(self) -> tuple[str, ...]:
        """Where no column of points is known: those that are called like one by a part of the name and hold amounts."""
        return tuple(
            column
            for place, column in enumerate(self._table.columns)
            if _LIKE_POINTS.search(plain_name(column))
            and not _LIKE_TIMES.search(column.casefold())
            and (cells := [cell for cell in self._filled(place) if not says_nothing(cell)])
            and all((value := amount(cell)) is not None and 0 <= value <= _LARGEST_ESTIMATE for cell in cells)
        )

    def _may_hold(self, place: int, fits: Callable[[Sequence[str]], bool]) -> bool:
        cells = self._filled(place)
        return fits(cells) or (self._is_part and not cells)

    def completing(self, places: Mapping[str, int], known: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, ...]]:
        """Of creations and finishes the columns of dates that are called like them as well: two teams, or two kinds of
        items, fill different ones."""
        further: dict[str, tuple[int, ...]] = {}
        # A second start beside a plan, or where nothing else is known, may be one as well.
        may_be_planned = "created" not in places or any(map(names_a_plan, self.names))
        for wanted in ("created", "resolved") if may_be_planned else ("created", "resolved", "started"):
            alike = [name for name in known[wanted] if name not in OTHER_EVENTS]
            all_alike = dict.fromkeys(self._places(alike))
            if wanted in self._mapping.columns or places.get(wanted) not in all_alike:
                continue
            free = [place for place in all_alike if place not in places.values()]
            if more := tuple(place for place in free if self._holds_dates(place)):
                further[wanted] = more
        return further

    def _holds_dates(self, place: int) -> bool:
        cells = [cell for cell in self._filled(place) if not names_no_day(cell)]
        return _all_fit(_fits("created", self._mapping), cells) or (self._is_part and not cells)

    def unused_dates(
        self, places: Mapping[str, int], mapping: ColumnMapping, further: Sequence[int]
    ) -> tuple[str, ...]:
        """Columns that hold nothing but dates, are used for nothing, and are not called like a plan or a visit."""
        used = {*places.values(), *further}
        is_date = _fits("created", mapping)

        def fits(cells: Sequence[str]) -> bool:
            return is_date(cells) and not any(map(is_serial, cells))

        return tuple(
            name
            for place, name in enumerate(self._table.columns)
            if name
            and place not in used
            and not _names_no_event(plain_name(name))
            and _all_fit(fits, islice(self._table.each_filled(place), _ALL_DATES))
        )

    def keys_by_shape(self, places: Mapping[str, int]) -> dict[str, int]:
        """A column of keys such as Jira gives them, SHOP-12, another in every row, whatever it is called; {} where the
        key is known. Of few rows only one column may look so.

        A number of the row beside it is no key where the name says that these are: orders, devices and customers have
        such names too, and a key that is another one at the next import counts every item twice.
        """
        own = places.get("key")
        if own is not None and not self._counts_rows(own):
            return {}
        names = self._table.columns
        shaped = [
            place
            for place in range(len(names))
            if place not in places.values()
            and (own is None or self._says_key(place, names[own]))
            and self._are_keys(place)
        ]
        if not shaped or (len(self._table.rows) < _LEAST_KEYS and len(shaped) > 1):
            return {}
        beside = {"source_id": own} if own is not None and "source_id" not in places else {}
        return {"key": shaped[0], **beside}

    def reason_for_the_end(self, places: Mapping[str, int]) -> int | None:
        """A column that may mean many things, and says of some items that they were given up; none of tests."""
        for place in self._places(OUTCOMES):
            cells = {cell.casefold() for cell in self._filled(place)}
            if place not in places.values() and not cells & VERDICTS and any(map(is_reason_to_give_up, cells)):
                return place
        return None

    def ended(self, places: Mapping[str, int]) -> tuple[int, ...]:
        """The columns of yes and no that are called like work that was given up: "Cancelled", "Won't do?"."""
        return tuple(
            place
            for place, column in enumerate(self._table.columns)
            if place not in places.values()
            and reason_in(column)
            and (cells := self._filled(place))
            and all(cell.casefold() in FLAGS for cell in cells)
            # A single 1 may be the number of another item.
            and (not all(map(str.isdigit, cells)) or {*cells} == {"0", "1"})
        )

    def _are_keys(self, place: int) -> bool:
        rows = self._table.rows
        if not rows or not all(_KEY.fullmatch(row[place].strip()) for row in rows[:_PROBED]):
            return False
        cells = [row[place].strip() for row in rows]
        return len(set(cells)) == len(cells) and all(map(_KEY.fullmatch, cells))

    def _says_key(self, place: int, number: str) -> bool:
        """Whether the name says so plainly enough to go before the column called `number`."""
        name = plain_name(self._table.columns[place])
        says_it = bool(_SAYS_KEY.search(name)) or (plain_name(number) != "id" and bool(_MAY_BE_KEY.search(name)))
        return says_it and _OF_ANOTHER.search(name) is None

    def _counts_rows(self, place: int) -> bool:
        return plain_name(self._table.columns[place]) in _COUNTERS and all(map(str.isdigit, self._filled(place)))

    def _dated_alike(self, names: Sequence[str], fits: Callable[[Sequence[str]], bool]) -> int | None:
        """A column of dates that is called like one of these but for words such as "date", "on" and "am"."""
        stems = {stem for name in names if (stem := _stem(name))}
        alike = [place for name, places in self.names.items() if _stem(name) in stems for place in places]
        return next((place for place in alike if (cells := self._filled(place)) and _all_fit(fits, cells)), None)

    def _unreadable(self, wanted: str, names: Sequence[str]) -> int | None:
        """A column of dates that cannot be read: its rows are then rejected one by one, not taken for open items."""
        if wanted not in ("created", "resolved"):
            return None
        places = [(place, name) for name in names for place in self.names.get(name, ())]
        return next((place for place, name in places if _may_be_dates(name, self._filled(place))), None)

    def _places(self, names: Iterable[str]) -> list[int]:
        return [place for name in names for place in self.names.get(name, ())]

    def _filled(self, place: int) -> list[str]:
        return self._table.filled(place, _PROBED)

    def _are_flags(self, places: Sequence[int]) -> bool:
        # Of other names the first one tells, and further columns of them need not be read.
        if not all(cell.casefold() in FLAGS for place in places for cell in self._filled(place)):
            return False
        cells = [cell for place in places for cell in self._filled(place)]
        return are_flags(cells) and not any(map(str.isdigit, cells))

    def _mapped(self, wanted: str) -> list[int]:
        name = self._mapping.columns[wanted]
        if name is None:
            return []
        places = self.names.get(plain_name(name))
        if not places:
            raise BadInput(
                N_(
                    "The mapping names a column {name!r}. The columns found are: {columns}.",
                    name=name,
                    columns=_listed(self._table.columns),
                )
            )
        return places


# -- names ----------------------------------------------------------------------------------------------


# What names of columns of dates have beside what happened then.
_OF_A_DATE = frozenset((
    "date", "time", "timestamp", "datetime", "day", "on", "at", "utc", "datum", "zeit", "am", "um", "le", "la", "el",
    "il", "em", "op", "data", "fecha", "de", "del", "di", "da", "do", "of", "the", "dato", "dátum", "päivä", "tarih",
    "tarihi", "дата", "время", "日", "日時", "日期", "时间", "時間",
))  # fmt: skip


def without_date_words(name: str) -> str:
    """A name of a column of dates as it is written, without the words that only say that it is one."""
    return " ".join(word for word in name.split() if word.casefold() not in _OF_A_DATE)


def _stem(name: str) -> str:
    """The plain name of a column of dates without the words that only say that it is one: "submitted" of "date
    submitted"; "" where nothing else is in it."""
    return " ".join(word for word in name.split() if word not in _OF_A_DATE)


def _names_no_event(name: str) -> bool:
    return names_a_plan(name) or _NO_EVENT.search(name) is not None


@cache
def reason_in(column: str) -> str:
    """What the name of a column says of work that was given up: "cancelled" of "Is cancelled?"; "" of any other."""
    bare = plain_name(column).strip(_QUESTION)
    bare = next((bare.removeprefix(word) for word in _ARE if bare.startswith(word)), bare)
    if not given_up(bare) or named(bare) is not Category.DONE:
        return ""
    shown = column.strip(_QUESTION)
    return shown if given_up("", shown) else bare


def week_field(column: str) -> str | None:
    """Which of a week's fields a column of that name holds, "date" included; None for any other."""
    name = plain_name(column)
    return next((field for field, names in WEEK_NAMES.items() if name in names), None)


def plain_names(table: Table) -> list[str]:
    """`plain_name` of every column."""
    return [plain_name(column) for column in table.columns]


def _field_named(name: object) -> str:
    """Our field for a mapping's key, which may also be one of the field's usual names."""
    plain = plain_name(str(name))
    for names in (ISSUE_NAMES, WEEK_NAMES):
        if plain.replace(" ", "_") in names:
            return plain.replace(" ", "_")
    for fields in (ISSUE_NAMES, WEEK_NAMES):
        for ours, names_of in fields.items():
            if plain in names_of:
                return ours
    known = ", ".join([*ISSUE_NAMES, *WEEK_NAMES, *_NOT_COLUMNS])
    raise BadInput(N_("The mapping has an unknown field {name!r}. Known are: {known}.", name=name, known=known))


def _column_named(name: object, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise BadInput(N_("The mapping's {name!r} must be a column's name, not {value!r}.", name=name, value=value))


def _order(value: object) -> DayOrder | None:
    if value is None:
        return None
    try:
        return DayOrder(str(value).lower())
    except ValueError:
        raise BadInput(
            N_('The mapping\'s date_order is {value!r}. Write "dmy", "mdy" or "ymd".', value=value)
        ) from None


def _zone_name(value: object) -> str | None:
    if value is None:
        return None
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            N_("The mapping's time_zone is {value!r}. Write a name such as Europe/Berlin.", value=value)
        ) from None


def _statuses(value: object) -> dict[str, Category]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadInput(
            N_('The mapping\'s statuses must be an object such as {"Shipped": "done", "Doing": "in_progress"}.')
        )
    try:
        return {str(name).strip().casefold(): Category(str(category)) for name, category in value.items()}
    except ValueError as exc:
        raise BadInput(N_("The mapping's statuses: {exc}. A status is todo, in_progress or done.", exc=exc)) from None


def _months(value: object) -> dict[str, int]:
    """Either words with their numbers, or all twelve names from January on."""
    if value is None:
        return {}
    if isinstance(value, list) and len(value) == 12:
        value = {str(word): month for month, word in enumerate(value, 1)}
    if isinstance(value, dict) and all(type(month) is int and 1 <= month <= 12 for month in value.values()):
        return {str(word): month for word, month in value.items()}
    raise BadInput(
        N_('The mapping\'s months must say which month a word is, such as {"lut": 2, "kwi": 4}, or list all twelve.')
    )


def _totals(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise BadInput(
        N_(
            "The mapping's totals is {value!r}. Write true where each number includes all before it, else false.",
            value=value,
        )
    )


def _kind(value: object) -> str | None:
    if value in (None, ISSUES, WEEKS):
        return str(value) if value else None
    raise BadInput(N_("The mapping's kind is {value!r}. Write issues or weeks.", value=value))


def mapping_of(document: JsonObject | None) -> ColumnMapping:
    """The mapping in a JSON document; an empty one for None. Raises BadInput."""
    return ColumnMapping() if document is None else ColumnMapping.from_json(document)
