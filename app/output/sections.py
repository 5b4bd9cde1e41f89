"""The sections of a report. Each view is one: its sentence, few numbers, chart and first issues."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.charts.legend import legend
from app.domain.forecast import Forecast
from app.domain.missing import NotEnoughData
from app.domain.ways import LEVEL
from app.output.html import Html, joined, json_text, tag
from app.views import VIEWS
from app.views.answer import days_off, headline, odds
from app.views.columns import Listed, listed, ordered, usual_columns, written
from app.views.deadline import deadline_fact, ways_sentence
from app.views.growing import growing_chance
from app.views.milestones import name_of, state_of, which_work
from app.views.signals import SIGNALS, signals
from app.views.view import Behind, Fact, Rows, Scene, View, cell_text
from app.words import N_, _
from app.words.headings import heading

# What is ticked until somebody chooses.
USUAL = ("answer", "milestones", "progress", "moved", "signals", "lists")
_CAPITAL = re.compile("[A-Z]")
# So many issues are read at a glance below a chart, so many in the list of its own, so many rows of numbers.
_FIRST_ISSUES, _MOST_ISSUES, _MOST_ROWS = 10, 300, 60


@dataclass(frozen=True, slots=True)
class Contents:
    """`sections` by name, in the order in which they stand; without `summaries` no issue's title is in the file."""

    sections: tuple[str, ...] = USUAL
    summaries: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `body` says what stands below its heading."""

    name: str
    title: str
    body: Callable[[Scene, Contents], Html]


# -- parts that sections are made of ---------------------------------------------------------------------


def _paragraphs(texts: Iterable[object], class_: str | None = None) -> Html:
    return joined(*(tag("p", str(text), class_=class_) for text in texts))


def _facts(facts: Iterable[Fact]) -> Html:
    terms = [
        tag("div", tag("dt", fact.label), tag("dd", fact.value), tag("dd", fact.note, class_="quiet"))
        for fact in facts
    ]  # fmt: skip
    return tag("dl", *terms, class_="facts") if terms else Html()


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int] = (), name: str = "") -> Html:
    marks = ["num" if at in numeric else None for at in range(len(header))]
    head = tag("tr", *(tag("th", text, class_=mark) for text, mark in zip(header, marks, strict=True)))
    body = [tag("tr", *(tag("td", text, class_=mark) for text, mark in zip(row, marks, strict=True))) for row in rows]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), class_=f"table {name}".strip())


def _rows_table(rows: Rows, scene: Scene) -> Html:
    newest = [[cell_text(cell, scene.formats) for cell in cells] for cells in rows.cells[::-1][:_MOST_ROWS]]
    head = [heading(name) for name in rows.header]
    numeric = [at for at in range(len(head)) if any(isinstance(cells[at], int | float) for cells in rows.cells)]
    return _table(head, newest, numeric)


def _issues(rows: Sequence[Listed], scene: Scene, contents: Contents, most: int, extra: Sequence[str] = ()) -> Html:
    """The first of these issues, and how many more there are."""
    first = rows[:most]
    columns = [
        usual_column
        for usual_column in usual_columns(first, scene, extra)
        if contents.summaries or usual_column.name != "summary"
    ]
    numeric = [at for at, column in enumerate(columns) if column.is_number]
    cells = [[written(column, row, scene) for column in columns] for row in first]
    rest = _("and {count} more", count=scene.formats.number(len(rows) - most)) if len(rows) > most else None
    table = _table([column.label for column in columns], cells, numeric, "issues")
    return joined(table, rest and tag("p", rest, class_="quiet"))


def _chart(figure: dict[str, Any], label: str) -> Html:
    """A place that the script draws into, with the figure beside it as data."""
    entries = [tag("span", tag("i", style=_css(style)), name) for style, name in legend(figure)]
    place = tag("div", class_="plot", role="img", aria_label=label)
    data = tag("script", json_text({"data": figure["data"], "layout": figure["layout"]}), type="application/json")
    return tag("figure", tag("div", *entries, class_="legend"), place, data, data_chart="")


def _css(style: dict[str, str]) -> str:
    return "; ".join(f"{_CAPITAL.sub(_dashed, name)}: {value}" for name, value in style.items())


def _dashed(capital: re.Match[str]) -> str:
    return f"-{capital[0].lower()}"


# -- sections --------------------------------------------------------------------------------------------


def _view(view: View) -> Section:
    return Section(view.id, view.heading, lambda scene, contents: _view_body(view, scene, contents))


def _view_body(view: View, scene: Scene, contents: Contents) -> Html:
    reason = view.needs(scene.analysis)
    if reason is not None:
        return tag("p", reason, class_="quiet")
    finding = str(view.sentence(scene))
    figure = view.drawn(scene)
    return joined(
        tag("p", finding, class_="finding"),
        _facts(view.facts(scene)),
        _chart(figure, finding) if figure is not None else None,
        _paragraphs(view.notes(scene), "quiet"),
        _numbers(view, scene, is_open=figure is None),
        _first_issues(view, scene, contents),
    )


def _numbers(view: View, scene: Scene, is_open: bool) -> Html:
    rows = view.rows(scene) if view.rows is not None else None
    if rows is None or not rows.cells:
        return Html()
    table = _rows_table(rows, scene)
    return table if is_open else tag("details", tag("summary", _("The numbers")), table)


def _first_issues(view: View, scene: Scene, contents: Contents) -> Html:
    for text, show in view.lists[:1]:
        name, _, part = show.partition(":")
        behind = view.numbers[name](scene, part) if name in view.numbers else None
        rows = listed(scene, behind) if behind is not None and behind.keys else []
        if rows:
            return joined(tag("h3", text), _issues(rows, scene, contents, _FIRST_ISSUES, view.columns))
    return Html()


def _answer(scene: Scene, contents: Contents) -> Html:
    result = scene.analysis.forecast
    growing, ways = growing_chance(scene), ways_sentence(scene)
    deadline = [deadline_fact(scene)] if scene.analysis.params.deadline is not None else []
    beside = [Fact(_("With new work as now"), growing)] if growing else []
    view = next(view for view in VIEWS if view.id == "answer")
    usual = [fact for fact in view.facts(scene) if fact.label != _("Deadline")]
    return joined(
        tag("p", str(headline(scene)), class_="headline"),
        _paragraphs((*odds(scene), *days_off(scene)), "finding"),
        _facts([*deadline, *beside, *usual]),
        tag("p", str(ways)) if ways else None,
        _levels(result, scene) if isinstance(result, Forecast) else None,
        _paragraphs(result.warnings, "warning") if isinstance(result, Forecast) else None,
    )


def _levels(result: Forecast, scene: Scene) -> Html:
    formats, by_day = scene.formats, scene.analysis.by_day
    rows = [
        [scene.sureness(level), formats.short(day),
         "–" if result.weeks[level] is None else formats.number(result.weeks[level] or 0),
         *([formats.short(by_day.get(level))] if by_day else [])]
        for level, day in result.dates.items()
    ]  # fmt: skip
    more = (_("To the working day"),) if by_day else ()
    return _table((_("How sure"), _("Done by"), _("Weeks from then"), *more), rows, (2,))


def _milestones(scene: Scene, contents: Contents) -> Html:
    milestones, formats = scene.analysis.milestones, scene.formats
    if isinstance(milestones, NotEnoughData):
        return tag("p", _(milestones.reason), class_="quiet")
    rows = [
        [name_of(each), formats.short(each.day), which_work(each),
         "–" if each.missing else formats.number(round(each.left, 1)), formats.short(each.dates[50]),
         formats.short(each.dates[85]), state_of(each, formats)]
        for each in milestones.milestones
    ]  # fmt: skip
    sure = _("{level} sure", level=formats.rate(LEVEL / 100))
    heads = (_("Milestone"), _("Day"), _("Which work"), _("Left"), _("Even odds"), sure, _("Chance"))
    return _table(heads, rows, (3, 6))


def _signals(scene: Scene, contents: Contents) -> Html:
    reason = SIGNALS.needs(scene.analysis)
    if reason is not None:
        return tag("p", _(reason), class_="quiet")
    finding = tag("p", str(SIGNALS.sentence(scene)), class_="finding")
    return joined(finding, tag("ul", *(tag("li", str(sentence)) for sentence in signals(scene))))


def _lists(scene: Scene, contents: Contents) -> Html:
    """The open issues, the oldest first."""
    open_work: Behind = next(view for view in VIEWS if view.id == "answer").numbers["remaining"](scene, "")
    rows = ordered(listed(scene, open_work), scene, "-age") if open_work.keys else []
    if not rows:
        return tag(
            "p", _("No issues are open.") if open_work.keys is not None else _("No issues are known."), class_="quiet"
        )
    finding = _("{count} open, the oldest first.", count=scene.formats.number(len(rows)))
    return joined(tag("p", finding, class_="finding"), _issues(rows, scene, contents, _MOST_ISSUES))


_OWN = (
    Section("answer", N_("Answer"), _answer),
    Section("milestones", N_("Milestones"), _milestones),
    Section("signals", N_("Signals"), _signals),
    Section("lists", N_("Open issues"), _lists),
)


def sections() -> dict[str, Section]:
    """All that a report can have, by name: first the usual ones, then the other views in the order of their tabs."""
    by_name = {section.name: section for section in _OWN} | {
        view.id: _view(view) for view in VIEWS if view.id not in ("answer", "signals")
    }
    return {name: by_name[name] for name in dict.fromkeys((*USUAL, *by_name))}
