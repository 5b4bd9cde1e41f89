"""View: one entry per subject. What it says, draws and lists; the frame makes page, panel, export and report of it.

All of it is frozen data and pure functions over a `Scene`. A number that is shown has a name, its *show*, such as
`finished:2026-11-16`: it stands in the address, in the figure's points and in the rows, and leads to the issues
behind the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from app.charts.axes import readable
from app.charts.style import ChartText
from app.domain.analysis import Analysis
from app.domain.decisions import EVEN
from app.domain.grouping import Groups, Portion, grouped, portions
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.selection import FIELDS, named
from app.domain.track_record import Outlook, TrackRecord
from app.domain.ways import LEVEL
from app.words import N_, Text, _, n_, reader, template
from app.words.formats import Formats
from store.records import Snapshot

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a view is made of: the analysis, how its reader writes numbers, and what was chosen to be drawn.

    `first` and `last` bound the days that are drawn, None: no bound. `options`: the view's own switches. `outlooks`
    looks up the forecasts of the weekly record, `snapshots` all of it, `record` the track record (None while it is
    being computed); a view that shows none of them costs none.
    """

    analysis: Analysis
    formats: Formats = field(default_factory=Formats)
    first: date | None = None
    last: date | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    outlooks: Callable[[], tuple[Outlook, ...]] = tuple
    record: Callable[[], TrackRecord | None] = lambda: None
    snapshots: Callable[[], Sequence[Snapshot]] = tuple

    @property
    def past(self) -> Analysis:
        """The analysis over the days that are drawn: for what is told of the past."""
        return self.analysis.over(self.first, self.last)

    @property
    def unit(self) -> Unit:
        return self.analysis.params.unit

    @property
    def level(self) -> str:
        """How sure an answer is that is given as one day: 85 %."""
        return self.formats.rate(LEVEL / 100)

    def sureness(self, level: int) -> str:
        """What a level of sureness, 50 to 95, is called where its day or amount stands beside it."""
        return _("Even odds") if level == EVEN else _("{level} sure", level=self.formats.rate(level / 100))

    @property
    def text(self) -> ChartText:
        """What a chart needs to write numbers and days."""
        return ChartText(
            unit=unit_name(self.unit),
            day=self.formats.axis_day,
            separators=self.formats.separators,
            short_day=self.formats.axis_short_day,
            calendar=self.analysis.params.calendar,
        )

    def amount(self, value: float) -> str:
        """12 items, 1 point, 3.5 points."""
        count = self.formats.number(value)
        if self.unit is Unit.POINTS:
            return n_("{count} point", "{count} points", value, count=count)
        return n_("{count} item", "{count} items", value, count=count)

    def chosen(self, switch: Switch) -> str:
        """The option that holds: as the address says, else the usual one."""
        value = self.options.get(switch.name)
        if value is not None and value in dict(switch.options):
            return value
        return switch.options[0][0] if switch.usual is None else switch.usual(self)

    def offers(self, switch: Switch) -> bool:
        return switch.applies is None or switch.applies(self)

    @property
    def by(self) -> str:
        """The field that is parted by, by its one name; empty where none is chosen or no issue has it."""
        field = named(self.options.get("by") or self.analysis.params.by)
        return field if field in FIELDS or field in self.analysis.known.own_fields else ""

    @property
    def grouped(self) -> Groups | NotEnoughData:
        """The work by that field, by type if there is none."""
        return self.analysis.groups if self.by == self.analysis.params.by else grouped(self.analysis.known, self.by)

    @property
    def portions(self) -> tuple[Portion, ...]:
        """All of the work by the field that is parted by, the same whatever is drawn; nothing where none is chosen."""
        return self.parted(item.issue.key for item in self.analysis.items)

    def of(self, portion: Portion) -> Scene:
        """The same of the issues of one portion alone, which are not parted again."""
        return replace(self, analysis=self.analysis.of(portion.keys), options={**self.options, "by": "-"})

    def parted(self, keys: Iterable[str]) -> tuple[Portion, ...]:
        """These issues by the field that is parted by; nothing where none is chosen."""
        return portions(self.analysis.known, keys, self.by) if self.by and self.analysis.has_items else ()

    def draws(self, day: date) -> bool:
        """Whether that day is among those drawn."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence that leads to what is behind it."""

    text: str
    show: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole sentence with named places, as a catalogue of translations keeps it; `values` fill the places.

    `many` is the wording for any other `count` than 1, empty: there is one wording.
    """

    text: str
    values: Mapping[str, str | Number] = field(default_factory=dict)
    many: str = ""
    count: float = 1

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts())

    def parts(self) -> list[str | Number]:
        """The sentence in pieces, its values in place, in the reader's language."""
        parts: list[str | Number] = []
        for piece in template(self.text, self.many, self.count).split("{"):
            name, brace, rest = piece.partition("}")
            parts += [_in_language(self.values[name]), rest] if brace else [piece]
        return [part for part in parts if part]


def _in_language(value: str | Number) -> str | Number:
    return value.in_language() if isinstance(value, Text) else value


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the few numbers beside a chart. `show` names what is behind it, empty: nothing is. `tone`: good, poor."""

    label: str
    value: str
    show: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """What lies behind a number: how it is computed, from which inputs, and the keys of its issues.

    `there`: path and name of the page where something can be done about it. `keys` None: no issues are behind it.
    `number` is what the issues sum up to, None where they do not sum up to the number shown (a date, a mean); `each` is
    what every one of `keys` adds to it, empty: its size. `why` says of each issue why it is here, `whys` of every one
    where that differs.
    """

    title: str
    how: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] | None = None
    number: float | None = None
    each: tuple[float, ...] = ()
    why: str = ""
    whys: tuple[str, ...] = ()
    there: tuple[str, str] = ("", "")


def counted_issues(title: str, how: str, keys: Sequence[str], why: str, *inputs: tuple[str, str]) -> Behind:
    """Issues that are counted one by one, whatever they weigh."""
    return Behind(title, (how,), inputs, tuple(keys), float(len(keys)), (1.0,) * len(keys), why)


@dataclass(frozen=True, slots=True)
class Rows:
    """The numbers of a view as a table: raw cells (text, number, day or None), and per row what is behind it."""

    header: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...]
    shows: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        header: tuple[str, ...],
        things: Iterable[Thing],
        cells: Callable[[Thing], tuple[Any, ...]],
        show: Callable[[Thing], str],
    ) -> Rows:
        """A row a thing: its cells, and the name of the number that is behind it."""
        things = tuple(things)
        return cls(header, tuple(map(cells, things)), tuple(map(show, things)))


@dataclass(frozen=True, slots=True)
class Switch:
    """A choice of the view's own, kept in the address under `name`: (value, text) options.

    `usual`: which of them holds where none is chosen; None: the first. `applies`: whether it says anything of what is
    drawn; None: always. What is marked on the page and what is drawn both go by `Scene.chosen`.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    usual: Callable[[Scene], str] | None = None
    applies: Callable[[Scene], bool] | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """Something that can be tried out, kept in the address under `name`: a slider, or a day where `low` is one.

    `value` is where it stands, `default` where it would stand without the address.
    """

    name: str
    label: str
    value: str
    low: float | str
    high: float | str
    step: float = 1
    default: str = ""
    unit: str = ""

    @property
    def is_day(self) -> bool:
        return isinstance(self.low, str)


Opened = Callable[[Scene, str], Behind]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a view is found: `/flow/throughput` is the view `throughput` on the page `flow`, `tab` its name there.

    What is on no page of several lies at the top, the answer at the very top.
    """

    path: str
    tab: str


@dataclass(frozen=True, slots=True)
class View:
    """An entry of the registry (`app.views.VIEWS`).

    `at`: where it is found, which is also what names it everywhere. `title` is what the browser shows, where that is
    not the name of its tab. `needs` gives the reason why there is nothing to show, or None. `numbers` are the shows it
    answers for: the part of a show before the colon, and the function that is given the scene and the part after it.
    `lists` name the lists below the chart (text, show); `columns` what these show beside the usual ones. `rows` are the
    numbers as `data` of the command line gives them. `is_table`: they are what the view is about, so they stand open.
    `splits`: by which field what it shows is parted unless another one is chosen; "-": by none, None: it cannot be
    parted. `controls` are what can be tried out. `is_offered`: whether it is a tab at all; its address works anyway.
    `under`: the id of the view whose page it is reached from, in place of a tab. `help` explains the view to who meets
    it first.
    """

    at: Place
    sentence: Callable[[Scene], Sentence | str]
    title: str = ""
    help: str = ""
    needs: Callable[[Analysis], str | None] = lambda analysis: None
    figure: Callable[[Scene], dict[str, Any] | None] | None = None
    facts: Callable[[Scene], Sequence[Fact]] = lambda scene: ()
    notes: Callable[[Scene], Sequence[str]] = lambda scene: ()
    switches: tuple[Switch, ...] = ()
    controls: Callable[[Scene], Sequence[Control]] = lambda scene: ()
    numbers: Mapping[str, Opened] = field(default_factory=dict)
    lists: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: Callable[[Scene], Rows] | None = None
    is_table: bool = False
    splits: str | None = None
    is_offered: Callable[[Analysis], bool] = lambda analysis: True
    under: str = ""

    @property
    def path(self) -> str:
        """The address of its tab."""
        return self.at.path

    @property
    def page(self) -> str:
        """The page that it is a tab of, empty: it is a page by itself."""
        return self.path.rpartition("/")[0].strip("/")

    @property
    def id(self) -> str:
        """What names it on the command line, in the report and in files."""
        return self.path.rpartition("/")[2] or "answer"

    @property
    def tab(self) -> str:
        return self.at.tab

    @property
    def heading(self) -> str:
        return self.title or self.tab

    def drawn(self, scene: Scene) -> dict[str, Any] | None:
        """Its figure, with ticks that can be read; None where there is nothing to draw."""
        figure = self.figure(scene) if self.figure is not None else None
        return None if figure is None else readable(figure)

    def issues(self, scene: Scene, show: str) -> tuple[str, ...] | None:
        """The keys behind a number of this view; None: no issues are behind it."""
        name, _, part = show.partition(":")
        return self.numbers[name](scene, part).keys


def unit_name(unit: Unit) -> str:
    """What is counted, of many: items or points."""
    return _(_UNITS[unit])


_UNITS = {Unit.ITEMS: N_("items"), Unit.POINTS: N_("points")}


def cell_text(cell: Any, formats: Formats) -> str:
    """A cell of a table as the reader writes it; a dash for what is not known."""
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, int | float):
        return formats.number(cell)
    return formats.short(cell) if isinstance(cell, date) else str(cell)


def mid_sentence(title: str) -> str:
    """A title as a reason in a table, where English begins small; German nouns stay large."""
    text = _(title)
    return text.lower() if reader().language == "en" else text


def needs(*subjects: str) -> Callable[[Analysis], str | None]:
    """`View.needs` for a view of these subjects of the analysis: the reason of the first that says too little."""

    is_counted = not _COUNTED.isdisjoint(subjects)

    def reason(analysis: Analysis) -> str | None:
        results = (getattr(analysis, subject) for subject in subjects)
        lacking = next((result.reason for result in results if isinstance(result, NotEnoughData)), None)
        return lacking or (NOTHING_ESTIMATED if is_counted and not _is_estimated(analysis) else None)

    return reason


NOTHING_ESTIMATED = N_("Nothing is estimated, so there is nothing to count in points.")
# Subjects that add up amounts: in points they would be charts of nothing where no item has any.
_COUNTED = frozenset({"burndown", "throughput", "groups", "last_week", "scope"})


def _is_estimated(analysis: Analysis) -> bool:
    """Whether there is something to count in the unit chosen; weeks typed by hand may be in either."""
    if analysis.params.unit is not Unit.POINTS or not analysis.has_items:
        return True
    return any(issue.points is not None for issue in analysis.facts.issues)
