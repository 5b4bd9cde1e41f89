"""A second column that tells what is done, such as "Dev done" beside "Released": how many items it has otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, tzinfo

from app.domain.statuses import guessed, mentions_done
from app.imports.column_names import ISSUE_NAMES, names_a_plan
from app.imports.columns import ColumnMapping, Layout
from app.imports.dates import DateReader, names_no_day
from app.imports.flags import YES
from app.imports.numbers import number
from app.imports.plain_names import plain_name
from app.imports.stages import are_dates
from app.imports.tables import Table
from app.imports.told_done import MOST_COLUMNS, told_by_cells
from store.records import Category, Issue

_FIRST = ("resolved", "status", "is_done", "category", "percent")
_PROBED = 200
# What follows upon being done, or is it, under names that say so by no word for done.
_LATER = re.compile(
    r"abgenommen|abnahme|\baccepted|\bdelivered|geliefert|go ?live|\blive\b|roll ?out|published|veröffentlicht|livré"
    r"|entregad|entregue|consegnat|geleverd|wdroż|leverer|驗收|验收|上线|上線|リリース|배포"
)


def other_ends(table: Table, layout: Layout, mapping: ColumnMapping) -> dict[int, str]:
    """The places of such columns and how they tell it: "resolved" by days, "completing" by days that count where the
    first column has none, "status" by words, "is_done" by yes and no, "percent".

    None where a mapping says which column it is, or nothing else tells what is done. In the export of a tracker only
    days are looked at, in columns that its users made: it has one status.
    """
    if {*_FIRST} & mapping.columns.keys() or not {*_FIRST} & layout.single.keys():
        return {}
    if layout.tool is not None and layout.tool.name != "Jira":
        return {}
    used = {*layout.single.values(), *layout.dates.values(), *layout.points}
    used.update(place for places in layout.several.values() for place in places)
    kinds = {
        place: _kind(table, place, layout.tool is None and place < MOST_COLUMNS)
        for place, name in enumerate(table.columns)
        if name and place not in used
    }
    if layout.tool is None and "percent" in layout.single and layout.single.keys() & {"status", "category"}:
        kinds[layout.single["percent"]] = "percent"
    kinds.update(dict.fromkeys(layout.further.get("resolved", ()), "completing"))
    is_dated = "resolved" in layout.single
    return {place: kind for place, kind in kinds.items() if kind and (kind != "resolved" or is_dated)}


def _kind(table: Table, place: int, is_anybodys: bool) -> str:
    name = plain_name(table.columns[place])
    cells = table.filled(place, _PROBED)
    if names_a_plan(name):
        return ""
    if name in ISSUE_NAMES["resolved"] or mentions_done(name) or _LATER.search(name):
        days = [cell for cell in cells if not names_no_day(cell)]
        if are_dates(days):
            return "resolved"
    return told_by_cells(name, cells, len(table.rows)) if is_anybodys else ""


def differing(
    table: Table, layout: Layout, issues: Sequence[Issue], reader: DateReader | None, zone: tzinfo
) -> Counter[tuple[str, str]]:
    """How many items end otherwise by each of them, by the names of the first column and of that one. `reader`: of
    the days of finish."""
    counts: Counter[tuple[str, str]] = Counter()
    for place, kind in layout.other_ends.items():
        order = _FIRST if kind in ("resolved", "completing") else (*_FIRST[1:], "resolved")
        first = next(name for name in order if name in layout.single and layout.single[name] != place)
        texts = table.texts(place)
        if order == _FIRST and reader is not None:
            rows = zip(issues, texts, strict=True)
            count = sum(_other_day(issue, text, reader, zone, kind == "resolved") for issue, text in rows)
        else:
            count = sum(_otherwise(kind, issue, text) for issue, text in zip(issues, texts, strict=True))
        if count:
            counts[table.columns[layout.single[first]], table.columns[place]] += count
    return counts


def _other_day(issue: Issue, text: str, reader: DateReader, zone: tzinfo, is_alone: bool) -> bool:
    """`is_alone`: the lack of a day says that it has not ended."""
    own: date | None = issue.resolved.astimezone(zone).date() if issue.resolved else None
    other = reader.day(text) if text and not names_no_day(text) else None
    return other != own and (is_alone or (own is not None and other is not None))


def _otherwise(kind: str, issue: Issue, text: str) -> bool:
    """Whether it says done of what counts as open, or open of what counts as done; per cent are often left behind,
    and only a whole says something."""
    is_done = issue.category is Category.DONE
    if kind == "status":
        category = guessed(text) if text else None
        return category is not None and (category is Category.DONE) != is_done
    if kind == "is_done":
        return (text.casefold() in YES) != is_done
    return not is_done and number(text.rstrip(" %")) == 100 if text else False
