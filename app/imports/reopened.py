"""Days on which items were opened again. They take the finish before them back, and are a stage only between two."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC

from app.domain.statuses import guessed
from app.imports.dates import DateReader, Writing
from app.imports.plain_names import plain_name
from app.imports.tables import Table
from app.words import Nn_
from store.records import Category

_REOPENED = re.compile(
    r"\bre[- ]?open|wieder ?(?:eröffnet|geöffnet)|wiedereröffnung|rouvert|réouvert|reabiert|reabert|riapert|heropend"
    r"|ponownie otw|znovu otev|återöppn|gjenåpn|genåbn|переоткр|再オープン|重新打开|重新開啟|다시 열"
)


def tells_reopening(name: str) -> bool:
    return _REOPENED.search(plain_name(name)) is not None


def without_reopened(
    table: Table, finishes: Sequence[int], status: int | None, writing: Writing | None, stages: Collection[int] = ()
) -> tuple[Table, tuple[str, ...]]:
    """The table without the finishes of rows that were opened again after all of them, and what the report says.

    `finishes`: the columns of finishes. What is done by a column of `status` stays, and so does what ended before it
    came into a day of reopening among the columns of `stages`.
    """
    places = [place for place, name in enumerate(table.columns) if tells_reopening(name) and place not in finishes]
    if not places or not finishes or writing is None:
        return table, ()
    taken_back = [end for end in finishes if not any(end < place for place in places if place in stages)]
    reader = DateReader(UTC, writing.order, writing.months)
    rows, count = list(table.rows), 0
    for number, row in enumerate(rows):
        if status is not None and guessed(row[status].strip()) is Category.DONE:
            continue
        opened = _days(row, places, reader)
        ended = _days(row, finishes, reader)
        if opened and ended and max(opened) > max(ended):
            rows[number] = ["" if place in taken_back else cell for place, cell in enumerate(row)]
            count += 1
    return replace(table, rows=rows), _notes(count, table.columns[places[0]], table.columns[finishes[0]])


def _days(row: Sequence[str], places: Sequence[int], reader: DateReader) -> list[float]:
    instants = (reader.instant(row[place].strip()) for place in places if row[place].strip())
    return [at.timestamp() for at in instants if at is not None]


def _notes(count: int, opened: str, ended: str) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        Nn_(
            "1 item was opened again ({opened}) after it had ended ({ended}): it counts as open.",
            "{count:,} items were opened again ({opened}) after they had ended ({ended}): they count as open.",
            count,
            opened=opened,
            ended=ended,
        ),
    )
