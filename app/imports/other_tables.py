"""Further tables in the file of a list: a legend, counts or a team below it, behind an empty line, or to its right,
behind an empty column. They are no items, and nothing that they hold says anything of one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Literal

from app.imports.plain_names import known_among, plain_name

Row = list[str]
Kind = Literal["number", "key", "day", "words"]

_DAY = (
    r"\d{1,4}[-/.年] ?\d{1,2}[-/.月].*|\d{1,2}[-. /][^\W\d]{3,9}[-. /]+\d{2,4}\b.*"
    r"|[^\W\d]{3,9} \d{1,2}, \d{4}.*"
)
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("number", re.compile(r"[-+]?[\d.,\s]+%?")),
    ("key", re.compile(r"[^\W\d]{1,12}[-_#]?\d+")),
    ("day", re.compile(_DAY)),
)
# So many of the filled cells of a column are of one kind, and so few others are a slip.
_MOST = 0.8


def rows_below(header: Sequence[str], rows: Sequence[Row], numbers: Sequence[int], gone: Collection[int]) -> set[int]:
    """The places of the rows that belong to another table. `gone`: the numbers of rows that are no empty lines."""
    blocks = list(_blocks(numbers, gone))
    if len(blocks) < 2:
        return set()
    names = [plain_name(name) for name in header]
    below: set[int] = set()
    own = list(blocks[0])
    for block in blocks[1:]:
        if _List(names, [rows[place] for place in own]).is_another([rows[place] for place in block]):
            below.update(block)
        else:
            own += block
    return below


def width_without_beside(header: Sequence[str], rows: Sequence[Row]) -> int:
    """How many columns the list has: those before an empty one behind which a shorter or longer table stands."""
    for gap in range(2, len(header) - 1):
        if header[gap].strip() or any(row[gap].strip() for row in rows):
            continue
        left, right = (
            [place for place, row in enumerate(rows) if any(map(str.strip, row[part]))]
            for part in (slice(gap), slice(gap + 1, None))
        )
        more = set(known_among(header[gap + 1 :])).difference(known_among(header[:gap]))
        is_other = left and right and left != right and _is_without_gap(right) and not more
        return gap if is_other else len(header)
    return len(header)


def _is_without_gap(places: Sequence[int]) -> bool:
    """Whether these begin at the first row and leave none out, as the rows of a table do."""
    return places[0] == 0 and places[-1] == len(places) - 1


def _blocks(numbers: Sequence[int], gone: Collection[int]) -> Iterator[range]:
    """The places of rows between which no line is empty."""
    if not numbers or numbers[-1] - numbers[0] == len(numbers) - 1:
        yield range(len(numbers))
        return
    begin = 0
    for place, (before, number) in enumerate(pairwise(numbers), 1):
        if any(between not in gone for between in range(before + 1, number)):
            yield range(begin, place)
            begin = place
    yield range(begin, len(numbers))


class _List:
    """The columns of a list as its rows fill them: what a row of another table contradicts."""

    def __init__(self, names: Sequence[str], rows: Sequence[Row]) -> None:
        self._names = names
        self._kinds = [_kind_of([row[place] for row in rows]) for place in range(len(names))]

    def is_another(self, block: Sequence[Row]) -> bool:
        """Whether these rows are a table of their own: below a heading that is not the list's, or a title alone, and
        with neither a key nor a day where the list has them."""
        if any(self._has_own(row, place) for row in block for place in range(len(row))):
            return False
        alone = [sum(map(bool, map(str.strip, row))) == 1 for row in block]
        if all(alone):
            return self._kinds[0] == "key" and all(row[0].strip() for row in block)
        heading = block[1] if alone[0] and len(block) > 1 else block[0]
        return self._is_heading(heading, [row for row in block if row is not heading])

    def _has_own(self, row: Row, place: int) -> bool:
        kind = self._kinds[place]
        return kind in ("key", "day") and _kind(row[place]) == kind

    def _is_heading(self, row: Row, below: Sequence[Row]) -> bool:
        cells = {place: plain_name(cell) for place, cell in enumerate(row) if cell.strip()}
        if len(cells) < 2 or not below or any(_kind(row[place]) != "words" for place in cells):
            return False
        if all(cell == self._names[place] for place, cell in cells.items()):
            return False
        if any(cell in self._names for cell in cells.values()) or self._contradicts(row):
            return True
        return all(self._contradicts(each) for each in below)

    def _contradicts(self, row: Row) -> bool:
        """Words under numbers, keys or days, or one of those under words alone."""
        return any(
            kind is not None and cell.strip() and (kind == "words") != (_kind(cell) == "words")
            for kind, cell in zip(self._kinds, row, strict=True)
        )


def _kind(cell: str) -> Kind:
    text = cell.strip()
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(text)), "words")


def _kind_of(cells: Sequence[str]) -> Kind | None:
    """What nearly all filled cells of a column are."""
    kinds = [_kind(cell) for cell in cells if cell.strip()]
    return next((kind for kind in {*kinds} if kinds.count(kind) >= _MOST * len(kinds)), None)
