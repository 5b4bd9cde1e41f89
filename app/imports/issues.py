"""A table of items to issues and sprints. Works column by column: an "all fields" export has many empty cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain, repeat
from operator import attrgetter, is_not
from typing import Any, TypeVar

from app.domain.extras import BLOCKED_BY
from app.domain.guesses import INACTIVE, MILESTONES, SUMMARIES, Guesses
from app.domain.hierarchy import SUMMARY_TASK
from app.domain.statuses import given_up, guessed, named
from app.imports.blanks import NEVER, is_error, says_nothing
from app.imports.columns import ISSUE_DATES, ISSUES, SEVERAL, ColumnMapping, Layout, reason_in, without_date_words
from app.imports.dates import DateReader, Writing, is_out_of_time, names_no_day, why_no_date
from app.imports.flags import FLAGS, PUT_AWAY, YES
from app.imports.months import Months
from app.imports.number_signs import Signs
from app.imports.numbers import amount_problem, number
from app.imports.other_ends import differing
from app.imports.own_fields import alone
from app.imports.own_fields import values as values_of
from app.imports.plain_names import names_utc, plain_name
from app.imports.plans import LIKE_A_PLAN
from app.imports.results import Imported, RejectedRow, unread_cells
from app.imports.statuses import category_of, require_few
from app.imports.tables import Table
from app.imports.unheard import Hearing
from app.words import N_, Nn_
from store.codec import parsed_json
from store.records import Category, Issue, Sprint, thawed

_ThawedIssue = thawed(Issue)

# Any of these tells what is done.
# So many rows tell by which keys a work list knows its items.
_FORMER = 200
_SAY_DONE = frozenset({"status", "category", "category_changed", "resolved", "is_done"})

_SUMS = frozenset(
    {"total", "totals", "grand total", "sum", "sums", "count", "average", "summe", "summen", "gesamt", "gesamtsumme",
     "somme", "total général", "suma", "totale", "totaal", "razem", "celkem", "summa", "итого", "всего", "合計", "合计",
     "总计", "總計", "합계", "총계"}
)  # fmt: skip

# What stands in the column of statuses where its name is repeated.
_STATUS_NAMES = frozenset(
    {"status", "state", "statut", "estado", "stato", "état", "статус", "ステータス", "状态", "상태", "stav"}
)
# Items have these; a list may hold the keys alone of some where it knows little of any.
_USUAL = ("status", "created", "summary")

# As old servers of Jira print a sprint: "com.atlassian.greenhopper.service.sprint.Sprint@1a[id=1,name=Sprint 7,…]".
_OF_GREENHOPPER = re.compile(r"[\[,]name=(.*?)(?=,[a-zA-Z]+=|\])")
_WITH_NUMBER = re.compile(r"([^\d,]*[^\W\d][^\d,]*?)\s*#?\d+")

_MILESTONE_TYPES = frozenset(
    {
        "milestone",
        "meilenstein",
        "jalon",
        "hito",
        "marco",
        "mijlpaal",
        "kamień milowy",
        "milstolpe",
        "milepæl",
        "milník",
    }
)
_CHAPTER = re.compile(r"(\d+[.,])([1-9]\d?)")

_LOGS = frozenset({"creation log", "last updated", "erstellungsprotokoll", "zuletzt aktualisiert"})
_WHO = re.compile(r"^[^\d]*[^\W\d][^\d]*? (?=[A-Z][a-z]{2,8} \d{1,2}, \d{4}\b|\d{4}-\d\d-\d\d|\d{1,2}[./]\d)")

T = TypeVar("T")
Instants = list[datetime | None]
Readers = dict[tuple[Writing, tzinfo], DateReader]

# A wrong one of these would count work on a wrong day, so it costs the row; the others only cost the cell.
_DECISIVE_DATES = ("created", "started", "resolved")
# So long before it came no item was finished; a day or two a clock may be wrong.
_LONG_BEFORE = timedelta(days=366)
# So many columns of days that are called like statuses are stages.
_STAGES = 2
_NO, _LONGEST_WORD = (FLAGS - YES) | NEVER, 60


def read_issues(
    table: Table,
    layout: Layout,
    mapping: ColumnMapping,
    zone: tzinfo,
    now: datetime,
    known: Mapping[str, Writing],
    seen: Counter[str] | None = None,
    readers: Readers | None = None,
) -> Imported:
    """The issues of the table. Dates without a zone are in `zone`; `known` is how each column of them writes its days.

    For a table that is part of a larger one: in `seen` is how often each made key came so far, which is counted on;
    `readers` know the days that were read before.
    """
    return _Reading(table, layout, mapping, zone, now, known, Counter() if seen is None else seen, readers).result()


class _Reading:
    """One table being read; `_rejected` maps a row's place to its first problem."""

    def __init__(
        self,
        table: Table,
        layout: Layout,
        mapping: ColumnMapping,
        zone: tzinfo,
        now: datetime,
        known: Mapping[str, Writing],
        seen: Counter[str],
        readers: Readers | None = None,
    ) -> None:
        self._table = table
        self._layout = layout
        self._mapping = mapping
        self._zone = zone
        self._now = now
        self._known = known
        runs = [run for places in layout.several.values() if (run := _run(places))]
        places = (*layout.single.values(), *layout.dates.values(), *alone(layout.fields))
        self._cells, self._filled = table.by_column(places, runs)
        self._seen = seen
        self._readers: Readers = {} if readers is None else readers
        self._rejected: dict[int, RejectedRow] = {}
        self._ignored: Counter[str] = Counter()
        self._planned: Counter[str] = Counter()
        self._turns = 0
        self._reopened = 0
        self._differing = 0
        self._completed: Counter[str] = Counter()
        self._keyless = 0
        # Rows that are no work, each with the name of what it is, and those that sum up others.
        self._no_work: dict[int, str] = {}
        self._wholes = 0

    def result(self) -> Imported:
        dates = self._dates()
        keys = self._keys(dates)
        issues = self._issues(dates, keys)
        kept = self._not_rejected(issues)
        rejected = [self._rejected[place] for place in sorted(self._rejected)]
        warnings = self._warnings(kept)
        doubts = Guesses(other_ends=self._other_ends(issues), unheard=self._unheard(issues, warnings))
        return Imported(
            kind=ISSUES,
            recognised_as=self._layout.recognised_as,
            rows=len(issues) - len(self._no_work),
            issues=tuple(kept),
            sprints=_sprints(kept),
            rejected=tuple(rejected),
            warnings=warnings,
            used=self._layout.used(self._table),
            columns=self._table.columns,
            fields=tuple(self._layout.fields),
            undated=self._undated(keys),
            guesses=self._guesses(kept).plus(doubts),
            numbers=self._not_rejected(self._table.numbers),
        )

    def _other_ends(self, issues: Sequence[Issue]) -> Counter[tuple[str, str]]:
        writing = self._known.get("resolved")
        reader = self._readers.get((writing, self._zone_of("resolved"))) if writing is not None else None
        return differing(self._table, self._layout, issues, reader, self._zone)

    def _unheard(self, issues: Sequence[Issue], warnings: Sequence[str]) -> Counter[tuple[str, str]]:
        if not self._layout.unheard:
            return Counter()
        writing = next(iter(self._known.values()), Writing())
        reader = DateReader(self._zone, writing.order, writing.months)
        today = self._day(self._now) + timedelta(days=1)
        return Hearing(self._table, self._layout, issues, reader, self._zone, today).counts(warnings)

    def _guesses(self, kept: Sequence[Issue]) -> Guesses:
        column = self._layout.told_by
        sure = Guesses(keyless=self._keyless, no_work=Counter(self._no_work.values()), wholes=self._wholes)
        if not column:
            return sure
        done = sum(issue.category is Category.DONE for issue in kept)
        return sure.plus(Guesses(told_done={column: done}, told_open={column: len(kept) - done}))

    def _not_rejected(self, rows: Sequence[T]) -> Sequence[T]:
        out = self._rejected.keys() | self._no_work.keys()
        return [row for place, row in enumerate(rows) if place not in out] if out else rows

    def _undated(self, keys: Sequence[str]) -> dict[str, int]:
        """Where the file has no dates at all, only a comparison with earlier exports can tell when anything was."""
        if self._layout.is_dated:
            return {}
        return {
            key: number
            for place, (key, number) in enumerate(zip(keys, self._table.numbers, strict=True))
            if place not in self._rejected and place not in self._no_work
        }

    def _warnings(self, kept: Sequence[Issue]) -> tuple[str, ...]:
        tool = self._layout.tool
        undated = []
        if not self._layout.is_dated:
            advice = f" {tool.advice}" if tool is not None and tool.advice else ""
            undated = [f"The file has no dates: its items count from this import on.{advice}"]
        return (
            *self._cell_warnings(),
            *self._plan_warnings(),
            *self._completion_warnings(),
            *self._estimate_warnings(),
            *_order_warnings(kept, self._zone),
            *undated,
            *self._unused_warnings(),
            *self._stage_warnings(),
            *self._ended_warnings(kept),
            *self._silence_warnings(kept),
            *self._archive_warnings(kept),
            *self._reopened_warnings(),
        )

    def _unused_warnings(self) -> list[str]:
        """Said where a tracker's own columns do not tell when items were finished, and one that its users made may."""
        names = [name for name in self._layout.unused if plain_name(name) not in LIKE_A_PLAN]
        if self._layout.tool is None or not names or "resolved" in self._layout.single:
            return []
        return [
            N_(
                "Nothing was taken from {names}, which holds dates. If that is when items were finished, say so where "
                "the columns are chosen.",
                names=", ".join(names),
            )
        ]

    def _stage_warnings(self) -> list[str]:
        """Said where a tracker's export has columns of days that are called like statuses: a day for each stage."""
        names = [name for name in self._layout.unused if guessed(name) is not None]
        # A tracker's own columns may tell ends that its reader knows of already.
        before_the_end = sum(guessed(name) is not Category.DONE for name in names)
        if (
            self._layout.tool is None
            or before_the_end < _STAGES
            or {"created", "started"} <= self._layout.single.keys()
        ):
            return []
        return [
            N_(
                "Nothing was taken from {names}, which hold dates and are called like statuses. If items came into "
                "these on those days, say where the columns are chosen which of them is creation, start and finish.",
                names=", ".join(names),
            )
        ]

    def _ended_warnings(self, kept: Sequence[Issue]) -> list[str]:
        """Said where a column of days that nothing is taken from is called like the end of work that was given up."""
        if self._layout.tool is not None:
            return []
        still_open = {issue.key for issue in kept if issue.in_query and issue.category is not Category.DONE}
        names = [name for name in self._layout.unused if given_up(name) or given_up(without_date_words(name))]
        return [sentence for name in names if (sentence := self._ended_by(name, still_open))]

    def _ended_by(self, name: str, still_open: Collection[str]) -> str:
        place, key = self._table.columns.index(name), self._layout.single.get("key")
        rows = (row for row in self._table.rows if not names_no_day(row[place].strip()))
        count = sum(key is None or row[key].strip() in still_open for row in rows)
        if not count or not still_open:
            return ""
        return Nn_(
            "1 item has a day in {column} and counts as open. If it was given up, say so in its status.",
            "{count:,} items have a day in {column} and count as open. If they were given up, say so in their status.",
            count,
            column=name,
        )

    def _silence_warnings(self, kept: Sequence[Issue]) -> list[str]:
        """Said where no column tells done work from open work, so that none of it is done."""
        if not kept:
            return []
        if _SAY_DONE & self._layout.single.keys():
            return self._blank_warnings(kept)
        sentence = Nn_(
            "Nothing in the file says what is done, so its 1 item counts as open. Add the status or the finish date.",
            "Nothing in the file says what is done, so all {count:,} items count as open. Add the status or the finish "
            "date.",
            len(kept),
        )
        return [sentence]

    def _blank_warnings(self, kept: Sequence[Issue]) -> list[str]:
        """Said where nothing but the status tells what is done, and some items have none: a spreadsheet may show that
        of the row above."""
        if self._layout.tool is not None or self._layout.single.keys() & (_SAY_DONE - {"status"}):
            return []
        blank = sum(not issue.status and issue.category is Category.TODO for issue in kept)
        if not 0 < blank < len(kept):
            return []
        return [
            Nn_(
                "1 item has nothing in {column}, so it counts as to do. If the cell above is meant, fill it in.",
                "{count:,} items have nothing in {column}, so they count as to do. If the cells above are meant, fill "
                "them in.",
                blank,
                column=self._column("status"),
            )
        ]

    def _archive_warnings(self, kept: Sequence[Issue]) -> list[str]:
        away = sum(not issue.in_query for issue in kept) if "archived" in self._layout.single else 0
        if not away:
            return []
        return [
            Nn_(
                "1 item was put away before it was done ({column}): it is no work any more.",
                "{count:,} items were put away before they were done ({column}): they are no work any more.",
                away,
                column=self._column("archived"),
            )
        ]

    def _reopened_warnings(self) -> list[str]:
        """Said where a day of finish was not heard, since a column of yes and no says that the item is not done."""
        if not self._reopened:
            return []
        return [
            Nn_(
                "1 item has a day in {column}, and is not done by {flag}: it counts as open.",
                "{count:,} items have a day in {column}, and are not done by {flag}: they count as open.",
                self._reopened,
                column=self._column("resolved"),
                flag=self._column("is_done"),
            )
        ]

    # -- cells --------------------------------------------------------------------------------------

    def _texts(self, field: str) -> Sequence[str]:
        place = self._layout.single.get(field)
        if place is None:
            return [""] * len(self._table.rows)
        return self._cells[place]

    def _lists(self, field: str) -> Sequence[tuple[str, ...]]:
        """The filled cells of a repeated column, row by row; one cell may hold several, split by commas."""
        places = self._layout.several.get(field, ())
        if not places:
            return [()] * len(self._table.rows)
        if len(places) == 1:
            split = _sprints_in if field == "sprints" else _split
            return [split(row[places[0]]) for row in self._table.rows]
        if run := _run(places):
            return self._filled[run]
        return [tuple(row[place] for place in places if row[place]) for row in self._table.rows]

    def _column(self, field: str) -> str:
        place = self._layout.single.get(field, self._layout.dates.get(field))
        return "" if place is None else self._table.columns[place]

    def _reject(self, place: int, column: str, value: str, reason: str) -> None:
        self._rejected.setdefault(place, RejectedRow(self._table.numbers[place], column, value, reason))

    # -- dates --------------------------------------------------------------------------------------

    def _dates(self) -> dict[str, Instants]:
        texts = {field: self._days_in(place) for field, place in self._layout.dates.items()}
        writing_of = {field: (self._known[field], self._zone_of(field)) for field in texts}
        # The columns share a reader, for they name the same days over and over.
        for writing, zone in writing_of.values():
            if (writing, zone) not in self._readers:
                self._readers[writing, zone] = DateReader(zone, writing.order, writing.months)
        dates = {field: self._instants(field, texts[field], self._readers[writing_of[field]]) for field in texts}
        for field, places in self._layout.further.items():
            for count in range(2, len(places) + 2):
                dates[field] = self._filled_up(field, dates[field], dates.pop(f"{field} {count}"))
        return dates

    def _days_in(self, place: int) -> Sequence[str]:
        """The cells of a column of days; of a log without who it was, as in "Ann Lee Sep 1, 2026 9:00 AM"."""
        cells = self._cells[place]
        is_log = plain_name(self._table.columns[place]) in _LOGS
        return [_WHO.sub("", cell) for cell in cells] if is_log else cells

    def _filled_up(self, field: str, first: Instants, further: Instants) -> Instants:
        """The days of a column, and where it has none those of another one that says the same; no finish of what is
        open by its status."""
        words = zip(self._texts("status"), self._texts("category"), strict=True)
        filled = [
            more if at is None and more is not None and not self._denies(field, *word) else at
            for at, more, word in zip(first, further, words, strict=True)
        ]
        self._completed[field] += _lost(filled, first)
        return filled

    def _denies(self, field: str, status: str, category: str) -> bool:
        """Whether the status says of an item that it has not come so far."""
        if field == "started":
            return (named(category) or (guessed(status) if status else None)) is Category.TODO
        return field == "resolved" and self._is_open(status, category)

    def _is_open(self, status: str, category: str) -> bool:
        known = (
            self._mapping.statuses.get(status.casefold()) or named(category) or (guessed(status) if status else None)
        )
        return known is not None and known is not Category.DONE

    def _zone_of(self, field: str) -> tzinfo:
        """A column called "Created At (UTC)", "created_utc" or "Closed GMT" says itself how it is meant."""
        return UTC if names_utc(self._column(field)) else self._zone

    def _instants(self, field: str, texts: Sequence[str], reader: DateReader) -> Instants:
        instants = reader.instants(texts)
        if instants.count(None) != texts.count(""):
            for place, (text, instant) in enumerate(zip(texts, instants, strict=True)):
                if instant is None and not (names_no_day(text) or (field != "created" and _says_open(text))):
                    self._unreadable_date(place, field, text)
        return instants

    def _unreadable_date(self, place: int, field: str, text: str) -> None:
        column = self._column(field)
        # Where the end of an item is hidden, its row still counts, without a day.
        is_hidden = field != "created" and (is_out_of_time(text) or is_error(text))
        if field in _DECISIVE_DATES and not is_hidden:
            self._reject(place, column, text, why_no_date(text, Months.of((), self._mapping.months)))
        else:
            self._ignored[column] += 1

    # -- records ------------------------------------------------------------------------------------

    def _keys(self, dates: dict[str, Instants]) -> list[str]:
        """Each row's key; rows without one get a key from what they say, the same at each import."""
        keys = list(self._texts("key"))
        if "" in keys:
            self._make_keys(keys, dates)
        _restore_noughts(keys)
        self._reject_headers(dates)
        self._reject_sums(keys, dates)
        self._reject_remarks(keys, dates)
        self._reject_repeated(keys, dates.get("updated", [None] * len(keys)))
        return keys

    def _reject_headers(self, dates: dict[str, Instants]) -> None:
        """The names of columns once more, as above each group of a board and each list of its sub-items."""
        statuses = self._texts("status")
        # Thousands of rows say the same few of them.
        different = set(statuses)
        require_few(different)
        names = {status for status in different if plain_name(status) in _STATUS_NAMES}
        for place in [place for place, status in enumerate(statuses) if status in names] if names else ():
            if not any(instants[place] for instants in dates.values()):
                self._reject(place, self._column("status"), statuses[place], "names the columns once more")

    def _reject_sums(self, keys: list[str], dates: dict[str, Instants]) -> None:
        """Lines below a table that add it up have no status and no day, and a word for it in the place of a key."""
        # Nearly all keys end with a digit, which none of the words does; nearly always all do.
        if all(map(str.isdigit, {key[-1:] for key in keys})):
            return
        unusual = ((place, key) for place, key in enumerate(keys) if not key[-1:].isdigit())
        for place in [place for place, key in unusual if key.casefold().rstrip(" :") in _SUMS]:
            words = [self._texts(field)[place] for field in ("status", "category", "summary")]
            # How many there are may stand where items have their title.
            if words[-1] and number(words[-1].split()[0]) is not None:
                words.pop()
            if not any(words) and not any(instants[place] for instants in dates.values()):
                self._reject(place, self._column("key"), keys[place], "adds up other rows")

    def _reject_remarks(self, keys: list[str], dates: dict[str, Instants]) -> None:
        """Lines such as "Generated on 2026-11-30": words alone, where other rows have keys; numbers of rows that nobody
        filled; and lines that are drawn."""
        # To look through them as one text takes a tenth of the time.
        text = "\n".join(keys)
        may_be = " " in text or ":" in text
        unlike = [place for place, key in enumerate(keys) if " " in key or key.endswith(":")] if may_be else []
        bare = [place for place in unlike if self._is_alone(place) or self._says_no_more(place, dates)]
        if 2 * (len(unlike) - len(bare)) >= len(keys) - len(bare):
            bare = []
        if len(self._layout.single.keys() & _USUAL) > 1:
            bare += self._unfilled(keys)
        for place in bare:
            self._reject(place, self._column("key"), keys[place], "is a remark: nothing else is in its row")

    def _unfilled(self, keys: Sequence[str]) -> list[int]:
        """Rows with nothing but a key unlike those of the others, or a number behind all rows that say more; and lines
        that are drawn."""
        little = self._saying_little()
        alone = {place for place in little if self._is_alone(place)}
        drawn = [place for place in little if self._is_drawn(place)]
        if not alone:
            return drawn
        shapes = {_shape(key) for place, key in enumerate(keys) if place not in alone}
        last = max((place for place in range(len(keys)) if place not in alone), default=0)
        return drawn + [
            place for place in alone if _shape(keys[place]) not in shapes or (place > last and keys[place].isdigit())
        ]

    def _is_alone(self, place: int) -> bool:
        """Whether the row holds one cell, and that is its key."""
        row = self._table.rows[place]
        return bool(self._texts("key")[place]) and row.count("") >= len(row) - 1

    def _saying_little(self) -> Sequence[int]:
        """The rows with neither a letter nor a digit in a cell that stands beside the key: nearly all have one there,
        and say more than a key."""
        single = self._layout.single
        own = single.get("key")
        texts = next((self._texts(field) for field in _USUAL if single.get(field, own) != own), None)
        if texts is None:
            return range(len(self._table.rows))
        # Thousands of rows say the same few statuses.
        little = {text for text in set(texts) if not any(map(str.isalnum, text))}
        return [place for place, text in enumerate(texts) if text in little] if little else []

    def _is_drawn(self, place: int) -> bool:
        row = self._table.rows[place]
        return not row[0][-1:].isalnum() and not any(map(str.isalnum, "".join(row)))

    def _says_no_more(self, place: int, dates: dict[str, Instants]) -> bool:
        """Whether nothing stands beside a key that an item has: no status and no day, in a list of both."""
        fields = ("status", "category", "is_done")
        tells = self._layout.is_dated and not self._layout.single.keys().isdisjoint(fields)
        is_dated = any(instants[place] for instants in dates.values())
        return tells and not is_dated and not any(self._texts(field)[place] for field in (*fields, "type"))

    def _make_keys(self, keys: list[str], dates: dict[str, Instants]) -> None:
        blank: Instants = [None] * len(keys)
        dated = zip(*(dates.get(field, blank) for field in _DECISIVE_DATES), strict=True)
        summaries, created = map(self._texts, ("summary", "created"))
        seen = self._seen
        tells_item = self._undated_items(keys)
        for place, (key, instants) in enumerate(zip(keys, dated, strict=True)):
            if key:
                continue
            is_item = bool(summaries[place]) and tells_item(place)
            if not any(instants) and not is_item:
                self._reject(place, self._column("key"), "", "has neither a key nor a date")
            else:
                self._keyless += 1
            new_key = _key_from("" if self._layout.without_titles else summaries[place], created[place])
            seen[new_key] += 1
            keys[place] = new_key if seen[new_key] == 1 else f"{new_key}-{seen[new_key]}"

    def _undated_items(self, keys: Sequence[str]) -> Callable[[int], bool]:
        """Which rows with a title, but neither key nor day, are items that nobody has dated yet: those with a status.

        Where no column tells what is done, open items just lack the day of their end; sums and remarks below do, too.
        """
        statuses, categories = map(self._texts, ("status", "category"))
        most_have_keys = 2 * keys.count("") < len(keys)
        if not self._layout.is_dated and not (most_have_keys and any(statuses)):
            return lambda _: True
        named = self._layout.single.keys()
        told_by_end = "resolved" in named and "status" not in named and ("category" not in named or "is_done" in named)
        if 2 * keys.count("") <= len(keys) or not told_by_end:
            return lambda place: bool(statuses[place] or categories[place])
        below = self._below(keys)
        return lambda place: bool(categories[place]) or self._is_work(place, below)

    def _is_work(self, place: int, below: int) -> bool:
        title = self._texts("summary")[place].casefold().rstrip(" :.")
        row = self._table.rows[place]
        return title not in _SUMS and not (place >= below and row.count("") >= len(row) - 1)

    def _below(self, keys: Sequence[str]) -> int:
        """The place of the first row behind the last empty line; the number of rows where there is none."""
        numbers = self._table.numbers
        return next(
            (place for place in range(len(keys) - 1, 0, -1) if numbers[place] - numbers[place - 1] > 1), len(keys)
        )

    def _reject_repeated(self, keys: list[str], updated: Instants) -> None:
        """Of an item that stands there several times the row that was changed last is kept, else the last one."""
        if len(set(keys)) == len(keys):
            return
        last: dict[str, int] = {}
        for place, key in enumerate(keys):
            at, kept_at = updated[place], updated[last.get(key, place)]
            if place not in self._rejected and not (at and kept_at and at < kept_at):
                last[key] = place
        for place, key in enumerate(keys):
            kept = last.get(key, place)
            if kept != place:
                number_kept = self._table.numbers[kept]
                self._reject(place, self._column("key"), key, f"stands again in row {number_kept}, which was kept")

    def _issues(self, dates: dict[str, Instants], keys: list[str]) -> list[Issue]:
        blank: Instants = [None] * len(keys)
        created, started, resolved, updated, moved = (dates.get(field, blank) for field in ISSUE_DATES)
        statuses = self._texts("status")
        plans = self._layout.plans
        started = self._past("started", started)
        resolved = self._not_at_a_turn(created, self._past("resolved", resolved))
        categories = self._categories(
            statuses, blank if "started" in plans else started, blank if "resolved" in plans else resolved
        )
        started, resolved = self._facts(categories, created, started, self._still_done(categories, resolved))
        if "resolved" in plans:
            # What was done was done by its last change, whatever day it was planned for.
            resolved = [min(done, at) if done and at else done for done, at in zip(resolved, updated, strict=True)]
        if moved is not blank:
            # Jira notes when the category last changed: for done items without a resolution that is the day.
            resolved = [
                done or (at if category is Category.DONE else None)
                for done, at, category in zip(resolved, moved, categories, strict=True)
            ]
        parents = self._parents(keys)
        columns = (
            keys, self._texts("summary"), self._types(keys, parents), statuses, categories, created, updated, started,
            resolved, self._points(), self._texts("source_id"), self._texts("project"), self._texts("priority"),
            self._texts("resolution"), parents, self._texts("assignee"),
            *(self._lists(field) for field in SEVERAL), self._texts("url"),
            values_of(self._table, self._layout.fields, self._cells),
        )  # fmt: skip
        issues = [_issue(values) for values in zip(*columns, strict=True)]
        if "flagged" in self._layout.single:
            issues = [
                replace(issue, extras={**issue.extras, "flagged": True}) if flag else issue
                for issue, flag in zip(issues, self._texts("flagged"), strict=True)
            ]
        issues = self._linked(issues)
        issues = self._without_archived(self._given_up(issues))
        gone = self._layout.tool.gone if self._layout.tool else None
        return [_left(issue) if issue.status.casefold() in gone else issue for issue in issues] if gone else issues

    def _given_up(self, issues: list[Issue]) -> list[Issue]:
        """With the reason for the end of each where a column of yes and no tells it."""
        for place in self._layout.ended:
            reason = reason_in(self._table.columns[place])
            issues = [
                replace(issue, category=Category.DONE, resolution=reason)
                if row[place].strip().casefold() in YES and not _is_given_up(issue)
                else issue
                for issue, row in zip(issues, self._table.rows, strict=True)
            ]
        return issues

    def _without_archived(self, issues: list[Issue]) -> list[Issue]:
        """What was put away before it was done is no work any more."""
        if "archived" not in self._layout.single:
            return issues
        return [
            _left(issue) if _says_yes(flag) and issue.category is not Category.DONE else issue
            for issue, flag in zip(issues, self._texts("archived"), strict=True)
        ]

    def _linked(self, issues: list[Issue]) -> list[Issue]:
        """With what each waits for, from the columns that name it."""
        places = self._layout.blockers
        if not places:
            return issues
        rows = ([key for place in places for key in _split(row[place])] for row in self._table.rows)
        return [
            replace(issue, extras={**issue.extras, BLOCKED_BY: list(dict.fromkeys(keys))}) if keys else issue
            for issue, keys in zip(issues, rows, strict=True)
        ]

    def _facts(
        self, categories: Sequence[Category], created: Instants, started: Instants, resolved: Instants
    ) -> tuple[Instants, Instants]:
        """Starts and finishes that can have happened: the start of work that is still to do or was not there yet was
        planned. Of a column of plans only the finish of what is done is kept."""
        plans = self._layout.plans
        is_started = "started" in self._layout.single
        began = [self._began(*row) for row in zip(categories, created, started, strict=True)] if is_started else started
        self._planned["started"] += _lost(started, began)
        if "resolved" in plans:
            resolved = [
                done if category is Category.DONE else None for category, done in zip(categories, resolved, strict=True)
            ]
        return [None] * len(began) if "started" in plans else began, resolved

    def _still_done(self, categories: Sequence[Category], resolved: Instants) -> Instants:
        """Without the finishes of items that are not done by a column of yes and no: they were opened again."""
        if "is_done" not in self._layout.single:
            return resolved
        rows = zip(categories, self._texts("status"), resolved, strict=True)
        kept = [at if category is Category.DONE or status else None for category, status, at in rows]
        self._reopened = _lost(resolved, kept)
        return kept

    def _past(self, field: str, instants: Instants) -> Instants:
        """Without the days that lie ahead, which can only be planned: they neither begin an item nor end it."""
        latest = self._now + timedelta(days=1)
        if max(filter(None, instants), default=latest) <= latest:
            return instants
        past = [at if at is not None and at <= latest else None for at in instants]
        self._planned[field] += _lost(instants, past)
        return past

    def _not_at_a_turn(self, created: Instants, resolved: Instants) -> Instants:
        """Without finishes such as 31.12.99 and 1980-01-01, long before the items came: those stand for none."""
        before = [
            place
            for place, (at, since) in enumerate(zip(resolved, created, strict=True))
            if at and since and at < since and since - at > _LONG_BEFORE and self._is_turn_of_year(at)
        ]
        self._turns = len(before)
        if not before:
            return resolved
        kept = list(resolved)
        for place in before:
            kept[place] = None
        return kept

    def _is_turn_of_year(self, instant: datetime) -> bool:
        day = self._day(instant)
        return (day.month, day.day) in ((1, 1), (12, 31))

    def _began(self, category: Category, created: datetime | None, started: datetime | None) -> datetime | None:
        if started is None or category is Category.TODO:
            return None
        # A day without a time is its 00:00, before what was created later on that day.
        if created is not None and started < created and self._day(started) < self._day(created):
            return None
        return started

    def _day(self, instant: datetime) -> date:
        return instant.astimezone(self._zone).date()

    def _categories(self, statuses: Sequence[str], started: Instants, resolved: Instants) -> list[Category]:
        tool = self._layout.tool
        by_status = {**(tool.statuses if tool else {}), **self._mapping.statuses}
        by_date = tool is not None and tool.done_by_date and "resolved" in self._layout.single

        @cache
        def decide(status: str, category: str, is_started: bool, is_finished: bool) -> Category:
            return by_status.get(status.casefold()) or category_of(status, category, is_started, is_finished, by_date)

        begun, ended = (map(is_not, instants, repeat(None)) for instants in (started, resolved))
        return list(map(decide, statuses, self._texts("category"), begun, ended))

    def _points(self) -> list[float | None]:
        texts = self._estimates()
        if not any(texts):
            return [None] * len(texts)
        signs = self._layout.signs or Signs(decimal_comma=self._table.delimiter != ",")

        @cache
        def points(text: str) -> float | None:
            value = signs.amount(text)
            return None if amount_problem(value, whole=False) else value

        amounts = [points(text) if text else None for text in texts]
        self._ignored[self._column("points")] += sum(
            1 for text, value in zip(texts, amounts, strict=True) if value is None and text and not says_nothing(text)
        )
        return amounts

    def _estimates(self) -> Sequence[str]:
        """The cell of points in each row: of several columns that complete each other the first that is filled."""
        places = self._layout.points
        if len(places) < 2:
            return self._texts("points")
        filled = [[cell for place in places if (cell := row[place].strip())] for row in self._table.rows]
        self._differing = sum(len(set(cells)) > 1 for cells in filled)
        return [cells[0] if cells else "" for cells in filled]

    def _types(self, keys: Sequence[str], parents: Sequence[str]) -> Sequence[str]:
        """With a type of their own for the rows of an outline that sum up others. What is no work in it is noted."""
        types, outline = self._texts("type"), self._layout.outline
        self._leave_milestones(types)
        if outline is None:
            return types
        above = {*parents} if outline.is_nested and outline.sums_up else set()
        sums_up = outline.summaries(self._table)
        wholes = {place for place, key in enumerate(keys) if key in above or (outline.is_nested and sums_up[place])}
        milestones, inactive = outline.milestones(self._table), outline.taken_out(self._table)
        for place in range(len(keys)):
            if sums_up[place] and not outline.is_nested:
                self._no_work[place] = SUMMARIES
            elif milestones[place] and place not in wholes and place not in self._rejected:
                self._no_work[place] = MILESTONES
            elif inactive[place] and place not in self._rejected:
                self._no_work[place] = INACTIVE
        if len(self._no_work) == len(keys):
            self._no_work.clear()
        self._wholes = len(wholes)
        own = self._layout.tool is None or self._layout.tool.has_types
        return [SUMMARY_TASK if place in wholes and not (own and kind) else kind for place, kind in enumerate(types)]

    def _leave_milestones(self, types: Sequence[str]) -> None:
        """Of items that are called so by their type, where others are none: days of a plan, and no work. In a tracker
        that makes no plans it is a type as any other."""
        kinds, tool = {kind.casefold() for kind in set(types)}, self._layout.tool
        if _MILESTONE_TYPES.isdisjoint(kinds) or kinds <= _MILESTONE_TYPES:
            return
        for place, kind in enumerate(types if tool is None or tool.has_milestones else ()):
            if kind.casefold() in _MILESTONE_TYPES and place not in self._rejected:
                self._no_work[place] = MILESTONES

    def _parents(self, keys: list[str]) -> list[str]:
        """The parent's key: named, found by its id among the rows, else the epic's; or as an outline has it."""
        if self._layout.outline is not None and self._layout.outline.is_nested:
            return self._layout.outline.parents(self._table, keys)
        parents, ids, epics = map(self._texts, ("parent", "parent_id", "epic"))
        if not any(ids) and self._names_ids(parents, keys):
            # Jira has a column "Parent" of numbers beside its keys.
            parents, ids = [""] * len(keys), parents
        if not any(ids):
            return list(map(_either, self._keys_of_titles(parents, keys), epics))
        by_id = dict(zip(self._texts("source_id"), keys, strict=True))
        by_id.pop("", None)
        return [
            parent or by_id.get(parent_id, parent_id) or epic if parent or parent_id or epic else ""
            for parent, parent_id, epic in zip(parents, ids, epics, strict=True)
        ]

    def _keys_of_titles(self, parents: Sequence[str], keys: Sequence[str]) -> Sequence[str]:
        """The keys of the parents where they are called by their titles, each of which is that of one row."""
        wholes = {parent for parent in parents if parent}
        if not wholes or not wholes.isdisjoint(keys):
            return parents
        by_title: dict[str, str] = {}
        for title, key in zip(self._texts("summary"), keys, strict=True):
            if title in wholes and by_title.setdefault(title, key) != key:
                return parents
        return [by_title.get(parent, "") for parent in parents] if by_title.keys() == wholes else parents

    def _names_ids(self, parents: Sequence[str], keys: Sequence[str]) -> bool:
        """Whether the column of parents holds the numbers that rows have beside their keys, and none of the keys."""
        filled = {parent for parent in parents if parent}
        ids = {*self._texts("source_id")}
        return all(map(str.isdigit, filled)) and not filled.isdisjoint(ids) and filled.isdisjoint(keys)

    def _plan_warnings(self) -> list[str]:
        sentences = []
        for field in ("started", "resolved"):
            column, count = self._column(field), self._planned[field]
            if field in self._layout.plans:
                sentences.append(_planned_finishes(column) if field == "resolved" else _planned_starts(column))
            elif count:
                sentences.append(_ahead(count, column) if field == "resolved" else _not_begun(count, column))
        return [*sentences, _at_a_turn(self._turns, self._column("resolved"))] if self._turns else sentences

    def _completion_warnings(self) -> list[str]:
        """Said where a second column knew what the first one did not."""
        return [
            N_(
                "Where {first} is empty, the day was taken from {others}.",
                first=self._column(field),
                others=" and ".join(self._table.columns[place] for place in self._layout.further[field]),
            )
            for field, count in self._completed.items()
            if count
        ]

    def _estimate_warnings(self) -> list[str]:
        return [*self._differing_estimates(), *self._estimates_passed_over(), *self._estimates_without_numbers()]

    def _estimates_without_numbers(self) -> list[str]:
        names = " and ".join(self._layout.no_numbers)
        return [N_("No points were taken from {names}: no cell there is a number.", names=names)] if names else []

    def _estimates_passed_over(self) -> list[str]:
        names = " and ".join(self._layout.passed_over)
        if not names:
            return []
        if not self._layout.points:
            return [
                N_(
                    "No points were taken: {names} may hold them. If so, say it where the columns are chosen.",
                    names=names,
                )
            ]
        return [
            N_(
                "Points were taken from {value} alone; what {names} counts may be something else.",
                value=self._column("points"),
                names=names,
            )
        ]

    def _differing_estimates(self) -> list[str]:
        if not self._differing:
            return []
        names = [self._table.columns[place] for place in self._layout.points]
        return [
            Nn_(
                "1 item has different numbers in {names}: {taken} was taken.",
                "{count} items have different numbers in {names}: {taken} was taken.",
                self._differing,
                names=" and ".join(names),
                taken=names[0],
            )
        ]

    def _cell_warnings(self) -> list[str]:
        return [unread_cells(count, column) for column, count in self._ignored.items() if count]


def _issue(values: tuple[Any, ...]) -> Issue:
    new = _ThawedIssue()
    (
        new.key, new.summary, new.type, new.status, new.category, new.created, new.updated, new.started,
        new.resolved, new.points, new.source_id, new.project, new.priority, new.resolution, new.parent,
        new.assignee, new.labels, new.components, new.fix_versions, new.sprints, new.url, new.extras,
    ) = values  # fmt: skip
    new.in_query, new.left_query = True, None
    new.__class__ = Issue
    issue: Issue = new
    return issue


def _is_given_up(issue: Issue) -> bool:
    return issue.category is Category.DONE and bool(given_up(issue.status, issue.resolution))


def _left(issue: Issue) -> Issue:
    """What the tracker says is no work any more: it leaves the scope when it was last touched, and is not done."""
    at = issue.updated or issue.resolved
    return replace(issue, category=Category.TODO, resolved=None, in_query=False, left_query=at)


def _either(text: str, other: str) -> str:
    return text or other


def _run(places: Sequence[int]) -> tuple[int, int] | None:
    """From where up to where columns lie side by side; None for those that do not."""
    first, end = places[0], places[-1] + 1
    return (first, end) if len(places) == end - first else None


@lru_cache(maxsize=4096)
def _sprints_in(cell: str) -> tuple[str, ...]:
    """A list as programs write one, or names between semicolons; commas and bars are parts of many names."""
    if "greenhopper" in cell and (printed := tuple(_OF_GREENHOPPER.findall(cell))):
        return printed
    if cell.startswith("[") and cell.endswith("]"):
        try:
            listed = parsed_json(cell)
        except ValueError:
            # As programs print one without quotes; "[Spring] [2]" is a name.
            names = cell[1:-1].split(",")
            is_list = len(names) > 1 and not {"[", "]"} & {*cell[1:-1]}
            return tuple(name for each in names if (name := each.strip())) if is_list else (cell,)
        if isinstance(listed, list) and all(isinstance(each, str) for each in listed):
            return tuple(name for each in listed if (name := each.strip()))
    several = tuple(name for each in cell.split(";") if (name := each.strip()))
    return _counted(several[0]) if len(several) == 1 else several


def _counted(cell: str) -> tuple[str, ...]:
    """Sprints of one name, each with another number behind it, between commas."""
    names = [name.strip() for name in cell.split(",")]
    matches = [_WITH_NUMBER.fullmatch(name) for name in names]
    stems = {match[1] for match in matches if match}
    is_list = len(names) > 1 and all(matches) and len(stems) == 1 and len({*names}) == len(names)
    return tuple(names) if is_list else (cell,)


def _split(cell: str) -> tuple[str, ...]:
    """Several values in one cell, also as programs write lists: `a, b`, `a;b`, `a|b`, `[a, b]`, `["a", "b"]`."""
    if not cell:
        return ()
    if cell.startswith("[") and cell.endswith("]"):
        cell = cell[1:-1].replace('"', "")
    return tuple(part for each in cell.replace(";", ",").replace("|", ",").split(",") if (part := each.strip()))


def _restore_noughts(keys: list[str]) -> None:
    """Numbers such as 1.10 that a spreadsheet took for amounts and wrote as 1.1, once more, behind 1.9."""
    if len(set(keys)) == len(keys):
        return
    seen: set[str] = set()
    for place, key in enumerate(keys):
        if key in seen and (match := _CHAPTER.fullmatch(key)):
            chapter, number = match.groups()
            if keys[place - 1] == f"{chapter}{int(number) * 10 - 1}" and f"{key}0" not in seen:
                keys[place] = f"{key}0"
        seen.add(keys[place])


def _says_yes(flag: str) -> bool:
    """Also by the day on which it was so."""
    word = flag.casefold()
    return (
        word in YES
        or word in PUT_AWAY
        or (any(map(str.isdigit, word)) and word not in FLAGS and not names_no_day(flag))
    )


def _shape(key: str) -> str:
    """How a key is made: "a-9" of SHOP-12."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", key))


def _lost(before: Instants, after: Instants) -> int:
    return after.count(None) - before.count(None)


def former_keys(
    table: Table, layout: Layout, mapping: ColumnMapping
) -> tuple[tuple[tuple[str | None, bool], tuple[str, ...]], ...]:
    """Some of the keys by which an earlier version knew these items, where it took another column for the key, or
    none: it knew fewer names of keys and of titles. Nothing where the mapping says what the key is."""
    single, rows = layout.single, table.rows[:_FORMER]
    if "key" not in single or "key" in mapping.columns:
        return ()
    source, title, created = (single.get(name) for name in ("source_id", "summary", "created"))
    days = ["" if created is None else row[created].strip() for row in rows]
    bare = ((None, False), tuple(_key_from("", day) for day in days))
    former: list[tuple[tuple[str | None, bool], tuple[str, ...]]] = [bare]
    if title is not None:
        titles = (row[title].strip() for row in rows)
        former.append(((None, True), tuple(map(_key_from, titles, days))))
    if source is not None:
        former.append(((table.columns[source], True), tuple(cell for row in rows if (cell := row[source].strip()))))
    return tuple(former)


def _key_from(summary: str, created: str) -> str:
    content = "\n".join((summary, created)).encode()
    return f"row-{blake2b(content, digest_size=5).hexdigest()}"


def _sprints(issues: Sequence[Issue]) -> tuple[Sprint, ...]:
    names = dict.fromkeys(chain.from_iterable(map(attrgetter("sprints"), issues)))
    return tuple(Sprint(name) for name in names)


def _order_warnings(issues: Sequence[Issue], zone: tzinfo) -> list[str]:
    def local(instant: datetime) -> date:
        return instant.astimezone(zone).date()

    backwards = sum(
        1
        for issue in issues
        if issue.created and issue.resolved and issue.resolved < issue.created
        # A finish day without time is 00:00: not before something created later on that day.
        and local(issue.resolved) < local(issue.created)
    )  # fmt: skip
    if not backwards:
        return []
    if backwards == 1:
        return [N_("1 item finished before it was created. It was kept as it is.")]
    return [N_("{backwards} items finished before they were created. They were kept as they are.", backwards=backwards)]


def _says_open(text: str) -> bool:
    """Whether a word stands where a finish or a start would, and says that there is none yet: "no", "in progress"."""
    return len(text) <= _LONGEST_WORD and _is_open_word(text)


@lru_cache(maxsize=4096)
def _is_open_word(text: str) -> bool:
    if any(map(str.isdigit, text)):
        return False
    return text.casefold() in _NO or guessed(text) in (Category.TODO, Category.IN_PROGRESS)


def _planned_starts(column: str) -> str:
    return N_("{column} tells what was planned, not when work was started.", column=column)


def _planned_finishes(column: str) -> str:
    return N_(
        "{column} tells what was planned, not when work was finished. It was taken only for items that are done.",
        column=column,
    )


def _ahead(count: int, column: str) -> str:
    return Nn_(
        "1 day in {column} lies ahead, so it can only be planned: it was left out, and its item is open unless its "
        "status says that it is done.",
        "{count} days in {column} lie ahead, so they can only be planned: they were left out, and their items are open "
        "unless their status says that they are done.",
        count,
        column=column,
    )


def _at_a_turn(count: int, column: str) -> str:
    return Nn_(
        "1 day in {column} is a turn of the year long before its item came: it was taken for none.",
        "{count} days in {column} are turns of the year long before their items came: they were taken for none.",
        count,
        column=column,
    )


def _not_begun(count: int, column: str) -> str:
    return Nn_(
        "1 day in {column} can only be planned (lies ahead, before the item came, or in work to do) and was left out.",
        "{count} days in {column} can only be planned (lies ahead, before the item came, or in work to do) and was "
        "left out.",
        count,
        column=column,
    )
