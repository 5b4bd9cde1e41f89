"""What a late answer may fill when another page is open by then: what stands around every page, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.web import shell
from app.web.effects import URL
from tests.pages.sample import sample_context

FRAME = Path(shell.__file__).parents[1] / "assets" / "frame.js"


def names(part: Any) -> Iterator[str]:
    """The ids of a part and of all within it."""
    if isinstance(part, list | tuple):
        for each in part:
            yield from names(each)
    elif hasattr(part, "to_plotly_json"):
        if isinstance(name := getattr(part, "id", None), str):
            yield name
        yield from names(getattr(part, "children", None))


def around() -> set[str]:
    """What the script in the browser takes for the frame."""
    written = re.search(r"var AROUND = \[(.*?)\];", FRAME.read_text("utf-8"), re.DOTALL)
    assert written is not None
    return set(re.findall(r'"([\w-]+)"', written[1]))


def test_the_parts_around_every_page_are_filled_by_late_answers_too() -> None:
    fixed = set(names(shell.layout(sample_context())))
    # Who went elsewhere since is not led away; the others only a hand moves.
    assert fixed - around() == {URL, "scheme", "language", "quit", "quit-question", "quit-no", "quit-yes"}
    assert around() <= fixed


def test_no_part_of_a_page_counts_as_one_around_it() -> None:
    assert not around() & {"what-moved", "what-stands-out", "weeks-state", "weeks-answer", "file-preview"}
