"""Runs the parts and prints the rows."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from scripts.measure import program, starts
from scripts.measure.against import against
from scripts.measure.browser import page
from scripts.measure.crowd import crowd
from scripts.measure.numbers import numbers
from scripts.measure.rows import Row
from scripts.measure.storage import store
from scripts.measure.tracker import sync
from scripts.measure.use import use


def _team() -> Iterator[Row]:
    # It brings the driver and a server for tests along, which nothing else here needs.
    from scripts.measure.team import team

    return team()


_PARTS = {
    "size": program.size,
    "start": starts.start,
    "import": program.imports,
    "page": page,
    "use": use,
    "crowd": crowd,
    "store": store,
    "numbers": numbers,
    "sync": sync,
    "team": _team,
}


def main() -> None:
    as_json, commit = "--json" in sys.argv[1:], _commit(sys.argv[1:])
    wanted = [name for name in sys.argv[1:] if name not in ("--json", "--against", commit)] or list(_PARTS)
    unknown = [name for name in wanted if name not in _PARTS]
    if unknown:
        sys.exit(f"There is no part {unknown[0]}. Parts: {', '.join(_PARTS)}.")
    if commit:
        for compared in against(commit, wanted):
            print(compared.line(), flush=True)
        return
    if not {"store", "sync", "numbers", "team"}.issuperset(wanted) and not starts.EXECUTABLE.exists():
        sys.exit("There is no executable in dist/: run python3 scripts/build.py first.")
    rows = []
    for name in wanted:
        for row in _PARTS[name]():
            rows.append(row)
            if not as_json:
                print(_line(row), flush=True)
    if as_json:
        documents = [asdict(row) | {"ratio": row.ratio, "holds": row.holds} for row in rows]
        print(
            json.dumps(
                {"python": platform.python_version(), "machine": platform.platform(), "rows": documents}, indent=1
            )
        )
    sys.exit(1 if any(row.holds is False for row in rows) else 0)


def _commit(arguments: Sequence[str]) -> str:
    """What the rows are compared to; "" for nothing."""
    if "--against" not in arguments:
        return ""
    named = arguments[arguments.index("--against") + 1 :][:1]
    return named[0] if named else sys.exit("--against needs a commit.")


def _line(row: Row) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:6.2f} x {row.floor:.3g} {row.unit}"
    verdict = "" if row.limit is None else f"{'within' if row.holds else 'ABOVE'} {row.limit:g}"
    return f"{row.part:7} {row.name:62} {row.value:9.3f} {row.unit:3} {ratio:20} {verdict}"


if __name__ == "__main__":
    main()
