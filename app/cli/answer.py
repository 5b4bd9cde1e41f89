"""What a command says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """`document` is said with --json, else `text`; `code` is the exit code.

    `problem`: what went wrong although there is an answer. It is said on standard error, where the answer itself
    does not say it to people. `is_data`: the text is for a program, and is written as it is.
    """

    document: dict[str, Any]
    text: str
    code: int = 0
    problem: str = ""
    is_data: bool = False
