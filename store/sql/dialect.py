"""The few words in which the engines differ. Everything else is said in words that all of them know."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """`defer_references`: lets rows point to nothing until the transaction ends. `most_values`: of one statement.

    `absent`: as what NULL is handed over among the values of many rows.
    `defined`: a statement of the schema, which is written as SQLite wants it, as this engine wants it.
    `violation`: what a value that breaks a rule of its table raises.
    """

    name: str
    defer_references: str
    most_values: int
    absent: float | None
    defined: Callable[[str], str]
    violation: type[Exception]


# SQLite of before 3.32 takes no more values in one statement. What is no number it stores as NULL, and Python hands it
# over at a tenth of the cost of None, which half of an issue's values are: a save takes two thirds of the time.
SQLITE = Dialect(
    "sqlite", "PRAGMA defer_foreign_keys = ON", 999, float("nan"), lambda statement: statement, sqlite3.IntegrityError
)
