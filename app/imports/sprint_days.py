"""When a sprint began and ended, where the rows of its items say so: "Sprint Start", "Iteration End" and the like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter

from app.imports.columns import Layout
from app.imports.dates import DateReader, DayOrder, Writing, month_words
from app.imports.months import Months
from app.imports.plain_names import plain_name
from app.imports.request import Request
from app.imports.results import Imported
from app.imports.tables import Table
from store.records import Sprint

_SPRINT = r"(?:sprint|iteration|itération|iteración|iterazione|iteração|cycle)s?"
_PLANNED = r"(?: (?:estimated|planned|geplanter?|scheduled))?"
_OF_THE = rf" (?:of|date of|des|der|du|del|della|da) (?:the )?{_SPRINT}"
_BEGIN = r"(?:start|starts|started|begin|begins|beginn|début|inicio|início|inizio)"
_END = r"(?:end|ends|ended|finish|finishes|finished|ende|fin|fine|fim)"
_STARTS, _ENDS = (
    re.compile(rf"{_SPRINT}{_PLANNED} ?{word}(?: ?(?:date|day|datum))?|{word}{_OF_THE}") for word in (_BEGIN, _END)
)
_CLOSED, _DAY = "closed", timedelta(days=1)


def day_columns(table: Table, layout: Layout) -> tuple[int, ...]:
    """The columns of the first and the last days of sprints; none without one column that names the sprints."""
    if len(layout.several.get("sprints", ())) != 1:
        return ()
    names = [plain_name(name) for name in table.columns]
    places = [[place for place, name in enumerate(names) if pattern.fullmatch(name)] for pattern in (_STARTS, _ENDS)]
    return (places[0][0], places[1][0]) if all(len(each) == 1 for each in places) else ()


def with_days(
    imported: Imported, table: Table, layout: Layout, request: Request, known: Mapping[str, Writing]
) -> Imported:
    """The sprints with the days that most of their items give; a sprint whose items disagree wholly has none."""
    columns = day_columns(table, layout)
    named = {sprint.name: sprint for sprint in imported.sprints if sprint.start is None}
    if not columns or not named:
        return imported
    spans_of: dict[str, Counter[tuple[str, str]]] = {}
    spans = dict(zip(table.numbers, map(itemgetter(*columns), table.rows), strict=True))
    for number, issue in zip(imported.numbers or (), imported.issues, strict=False):
        start, end = (cell.strip() for cell in spans[number])
        if len(issue.sprints) == 1 and start and end:
            spans_of.setdefault(issue.sprints[0], Counter())[start, end] += 1
    reader = _reader([text for counts in spans_of.values() for span in counts for text in span], request, known)
    dated = {
        name: _with(named[name], reader, *counts.most_common(1)[0][0], request.now)
        for name, counts in spans_of.items()
        if name in named
    }
    return replace(imported, sprints=tuple(dated.get(sprint.name, sprint) for sprint in imported.sprints))


def _reader(texts: Sequence[str], request: Request, known: Mapping[str, Writing]) -> DateReader:
    """As the file's other dates are written."""
    order = request.mapping.date_order or next((each.order for each in known.values()), DayOrder.DMY)
    return DateReader(request.zone, order, Months.of(month_words(texts), request.mapping.months))


def _with(sprint: Sprint, reader: DateReader, start_text: str, end_text: str, now: datetime) -> Sprint:
    start, end = reader.instant(start_text), reader.instant(end_text)
    if start is None or end is None or end < start:
        return sprint
    # A day alone is a whole one: what is finished on it is finished in the sprint.
    last = end if ":" in end_text else end + _DAY - timedelta(seconds=1)
    return replace(sprint, start=start, end=last, state=_CLOSED if last < now else "")
