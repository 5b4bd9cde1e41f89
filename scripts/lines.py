"""Where the lines of the product are, and what the faces of a view would take by hand: `python3 scripts/lines.py`.

Counts lines that are not blank, of Python, in app/, store/ and the launcher, at the version before the views (83b8646)
and now. docs/decisions/0027 says what the counts mean.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BEFORE = "83b8646"
FRAME = (
    *(f"app/web/{name}.py" for name in ("view_page", "view_parts", "issue_list", "panel", "share")),
    "app/views/from_result.py",
    "app/cli/metrics.py",
    "app/output/document.py",
)
# Of app/output/sections.py: what draws the section of any view.
FRAME_OF_SECTIONS = ("_view", "_view_body", "_numbers", "_first_issues", "_rows_table")
# Faces of one view that are written by hand today, because they show more than the view does.
PAGES_BY_HAND = ("app/pages/answer.py", "app/pages/signals.py", "app/pages/trust.py")
SECTIONS_BY_HAND = ("_answer", "_milestones", "_signals", "_lists")


def main() -> None:
    before, now = Counter(rooms(BEFORE)), Counter(rooms(""))
    for room in sorted(before.keys() | now.keys(), key=lambda room: -max(before[room], now[room])):
        print(f"{room:24}{before[room]:8,}{now[room]:8,}")
    print(f"{'all':24}{before.total():8,}{now.total():8,}\n")
    rows = list(faces())
    for face, number, each, frame in rows:
        print(f"{face:34}{number:5} x {each:6.1f} - {frame:5} = {number * each - frame:7.0f}")
    print(f"{'all':34}{sum(number * each - frame for _, number, each, frame in rows):30.0f}")


def rooms(commit: str) -> dict[str, int]:
    """Lines by room; no commit: of the files as they lie there."""
    lines: Counter[str] = Counter()
    for name in names(commit):
        parts = name.split("/")
        lines["store" if parts[0] == "store" else "/".join(parts[:2])] += lines_of(text(commit, name))
    return dict(lines)


def faces() -> Iterator[tuple[str, int, float, int]]:
    """Each face: how many there are, what one takes by hand, and what the frame takes that makes them all."""
    from app.domain.analysis import ASKED_FOR, SUBJECTS
    from app.views import VIEWS

    by_frame = len(VIEWS) - len(PAGES_BY_HAND)
    page = min(lines_of(text("", name)) for name in PAGES_BY_HAND)
    yield "pages of views", by_frame, page, sum(lines_of(text("", name)) for name in FRAME[:6])
    sections = functions("", "app/output/sections.py")
    section = sum(sections[name] for name in SECTIONS_BY_HAND) / len(SECTIONS_BY_HAND)
    yield "sections of the report", len(VIEWS) - 3, section, sum(sections[name] for name in FRAME_OF_SECTIONS)
    # Two commands told of a subject then, as text and as a document: forecast and calibration.
    command = lines_of(text(BEFORE, "app/commands/forecasting.py")) / 2
    metrics = sum(lines_of(text("", name)) for name in FRAME[6:])
    yield "text and JSON of subjects", len({*SUBJECTS, *ASKED_FOR}) - 2, command, metrics
    numbers = len({name for view in VIEWS for name in view.numbers})
    explained = text(BEFORE, "app/explain.py")
    behind = lines_of(explained) / (explained.partition("_EXPLAINED: ")[2].count('    "') + 2)
    yield "explanations of numbers", numbers, behind, sum(behind_functions())
    then, _ = callbacks(BEFORE, ("callback",))
    today, count = callbacks("", ("click", "on", "changed", "fills"))
    yield "callbacks", count, then - today, lines_of(text("", "app/web/effects.py"))


def behind_functions() -> Iterator[int]:
    """Lines of what is behind numbers today: functions that give a `Behind`, and declarations of lists of issues."""
    for name in names(""):
        if name.startswith("app/views/"):
            for node in ast.walk(tree("", name)):
                if isinstance(node, ast.FunctionDef | ast.Assign) and _explains(node):
                    yield length("", name, node)


def _explains(node: ast.FunctionDef | ast.Assign) -> bool:
    if isinstance(node, ast.FunctionDef):
        return node.returns is not None and "Behind" in ast.unparse(node.returns)
    return ".issues(" in ast.unparse(node.value)[:20]


def callbacks(commit: str, decorators: tuple[str, ...]) -> tuple[float, int]:
    """Mean lines of a function that the browser calls, with its declaration; and how many there are."""
    lengths = [
        length(commit, name, node)
        for name in names(commit)
        for node in ast.walk(tree(commit, name))
        if isinstance(node, ast.FunctionDef)
        and any(
            isinstance(each, ast.Call) and getattr(each.func, "attr", "") in decorators for each in node.decorator_list
        )
    ]
    return sum(lengths) / len(lengths), len(lengths)


def functions(commit: str, name: str) -> dict[str, int]:
    body = tree(commit, name).body
    return {node.name: length(commit, name, node) for node in body if isinstance(node, ast.FunctionDef)}


def length(commit: str, name: str, node: ast.FunctionDef | ast.Assign) -> int:
    """Lines of a statement, its decorators with it."""
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    return lines_of("\n".join(text(commit, name).splitlines()[first - 1 : node.end_lineno]))


def lines_of(source: str) -> int:
    return sum(1 for line in source.splitlines() if line.strip())


@cache
def names(commit: str) -> tuple[str, ...]:
    if commit:
        listed = git("ls-tree", "-r", "--name-only", commit).splitlines()
    else:
        listed = [path.relative_to(ROOT).as_posix() for top in ("app", "store") for path in (ROOT / top).rglob("*.py")]
        listed.append("launcher.py")
    return tuple(
        name for name in sorted(listed) if name.endswith(".py") and name.startswith(("app/", "store/", "launcher"))
    )


@cache
def text(commit: str, name: str) -> str:
    return git("show", f"{commit}:{name}") if commit else (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(commit: str, name: str) -> ast.Module:
    return ast.parse(text(commit, name))


def git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout


if __name__ == "__main__":
    main()
