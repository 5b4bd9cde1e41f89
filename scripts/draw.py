"""Draw the rooms of the code and who imports whom: `python3 scripts/draw.py` writes docs/architecture.svg.

Read from the imports themselves. A room stands above what it imports; an arrow that would go up is drawn in red, and
`tests/test_architecture.py` fails long before it is.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "architecture.svg"
_WIDTH, _ROOM, _HEIGHT, _FLOOR, _MARGIN = 1080, 170, 56, 104, 24


@dataclass
class Room:
    """A folder of modules, or a module that stands alone; `lines` are those of its source."""

    name: str
    lines: int = 0
    modules: int = 0
    floor: int = 0
    x: int = 0

    @property
    def y(self) -> int:
        return _MARGIN + self.floor * _FLOOR


def main() -> None:
    files = _files()
    arrows = _arrows(files)
    rooms = _rooms(files)
    _stand(rooms, arrows)
    OUT.write_text(_svg(list(rooms.values()), arrows), encoding="utf-8", newline="\n")
    print(f"{OUT.relative_to(ROOT)}: {len(rooms)} rooms on {max(room.floor for room in rooms.values()) + 1} floors")


def _files() -> dict[str, Path]:
    """Every module by its dotted name."""
    paths = [ROOT / "launcher.py", *(path for top in ("app", "store") for path in sorted((ROOT / top).rglob("*.py")))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def _room_of(module: str) -> str:
    """`app/charts` for a module in it, the module itself where it lies loose; the store is one room."""
    parts = module.split(".")
    return "store" if parts[0] == "store" else "/".join(parts[:2])


def _rooms(files: dict[str, Path]) -> dict[str, Room]:
    rooms: dict[str, Room] = {}
    for module, path in files.items():
        lines = path.read_text(encoding="utf-8").count("\n")
        if module == "app":
            continue
        room = rooms.setdefault(_room_of(module), Room(_room_of(module)))
        room.lines += lines
        room.modules += 1
    return rooms


def _arrows(files: dict[str, Path]) -> dict[tuple[str, str], int]:
    """(room, imported room) with the number of imports, hidden ones and those for type checkers included."""
    arrows: dict[tuple[str, str], int] = defaultdict(int)
    for module, path in files.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    target = full if full in files else node.module
                    if target in files and target != "app" and _room_of(target) != _room_of(module):
                        arrows[_room_of(module), _room_of(target)] += 1
    return dict(arrows)


def _stand(rooms: dict[str, Room], arrows: dict[tuple[str, str], int]) -> None:
    """Give each room its floor (one below the lowest room that imports it) and its place there."""
    down = [(upper, lower) for upper, lower in arrows if (lower, upper) not in arrows or upper > lower]
    for _ in rooms:
        for upper, lower in down:
            if rooms[lower].floor <= rooms[upper].floor < len(rooms):
                rooms[lower].floor = rooms[upper].floor + 1
    floors: dict[int, list[Room]] = defaultdict(list)
    for room in rooms.values():
        floors[room.floor].append(room)
    for number, (_, standing) in enumerate(sorted(floors.items())):
        step = _WIDTH / len(standing)
        for place, room in enumerate(sorted(standing, key=lambda each: each.name)):
            room.floor, room.x = number, round(step * (place + 0.5) - _ROOM / 2)


def _svg(rooms: list[Room], arrows: dict[tuple[str, str], int]) -> str:
    by_name = {room.name: room for room in rooms}
    height = max(room.y for room in rooms) + _HEIGHT + _MARGIN
    lines = [_arrow(by_name[upper], by_name[lower], number) for (upper, lower), number in sorted(arrows.items())]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif">',
            "<title>The rooms of the code and who imports whom</title>",
            f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
            *lines,
            *(_box(room) for room in rooms),
            "</svg>\n",
        ]
    )


def _arrow(upper: Room, lower: Room, number: int) -> str:
    colour = "#b3261e" if lower.floor <= upper.floor else "#9fb4cf"
    x1, y1, x2, y2 = upper.x + _ROOM // 2, upper.y + _HEIGHT, lower.x + _ROOM // 2, lower.y
    bend = (y2 - y1) // 2
    path = f"M{x1} {y1} C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"
    width = 0.6 + min(number, 30) / 12
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" opacity="0.7"/>'


def _box(room: Room) -> str:
    middle = room.x + _ROOM // 2
    size = f"{room.lines:,} lines in {room.modules} files" if room.modules > 1 else f"{room.lines:,} lines"
    frame = f'x="{room.x}" y="{room.y}" width="{_ROOM}" height="{_HEIGHT}" rx="8" fill="#f2f6fc" stroke="#3b7dd8"'
    return "".join(
        [
            f"<g><rect {frame}/>",
            f'<text x="{middle}" y="{room.y + 24}" text-anchor="middle" font-size="15">{escape(room.name)}</text>',
            f'<text x="{middle}" y="{room.y + 43}" text-anchor="middle" font-size="11" fill="#567">{size}</text></g>',
        ]
    )


if __name__ == "__main__":
    main()
