"""What a command says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """`document` is said with --json, else `text`; `code` is the exit code."""

    document: dict[str, Any]
    text: str
    code: int = 0
