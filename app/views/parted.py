"""A view by the values of a field: each portion is the same view of its issues alone.

What is behind a number of a portion is named like that of the whole, with the portion before it: `of:Bug:wip`. The
value is written as in an address, so that it has no colon; `*` stands for all values without a portion of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

from app.charts.parts import COLOURS, Piece, part_name
from app.domain.grouping import Portion
from app.views.view import Behind, Rows, Scene
from app.words.headings import header

OF = "of"


def _code(portion: Portion) -> str:
    return "*" if portion.value is None else quote(portion.value, safe="")


def pieces(scene: Scene) -> Iterator[tuple[Piece, Scene]]:
    """The portions as charts draw them, with the scene of each; nothing where the view is not parted."""
    for portion, colour in zip(scene.portions, COLOURS, strict=False):
        yield Piece(part_name(portion.value), colour, f"{OF}:{_code(portion)}:"), scene.of(portion)


def behind_a_portion(scene: Scene, part: str, opened: Callable[[Scene, str], Behind | None]) -> Behind | None:
    """What lies behind a number of one portion; `opened` tells it of the whole."""
    code, _, show = part.partition(":")
    portion = next((portion for portion in scene.portions if _code(portion) == code), None)
    whole = None if portion is None else opened(scene.of(portion), show)
    if portion is None or whole is None:
        return None
    return replace(whole, title=f"{part_name(portion.value)}: {whole.title}")


def parted_rows(rows: Callable[[Scene], Rows]) -> Callable[[Scene], Rows]:
    """The rows of a view; those of each portion, in the same order, where it is parted."""

    def rows_of_portions(scene: Scene) -> Rows:
        parts = [(piece, rows(mine)) for piece, mine in pieces(scene)]
        if not parts:
            return rows(scene)
        lines = [
            ((cells[0], piece.name, *cells[1:]), piece.prefix + show if show else "")
            for piece, rows_there in parts
            for cells, show in zip(rows_there.cells, rows_there.shows or ("",) * len(rows_there.cells), strict=True)
        ]
        lines.sort(key=lambda line: line[0][0])
        columns = rows(scene).header
        return Rows(
            (columns[0], *header("value"), *columns[1:]), tuple(cells for cells, _ in lines), tuple(s for _, s in lines)
        )

    return rows_of_portions
