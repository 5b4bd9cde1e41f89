"""What takes long and is the same each time is made once in a process of tests.

The tests of pages, actions and commands look at the same few samples: drawing their futures anew for each took a
fifth of the quick tests. Found by all that they are made of, as the app itself keeps them from one start to the next
(app/kept.py), so that no test sees the numbers of other data. Of that are the ids of projects and lists, which seed
the draws: they are counted here, from 1 in each test. The tests of what is replaced here go without: tests/conftest.py
says which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from app.actions import jira, target
from app.cli import arguments
from app.domain import what_if
from app.domain.forecast import Forecast, ForecastSettings
from app.domain.known import Rows
from app.domain.throughput import Throughput
from app.domain.what_if import Drawn
from app.jira import connect
from app.jira.sync import aside
from app.kept import KeptNumbers
from store.sqlite import backend

# Each of them takes some megabytes.
_MOST_DRAWN = 4


class Ids:
    """Counted from `begin` on; by chance, as in the product, while something is made that several tests share."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.by_chance = False

    def begin(self) -> None:
        self._numbers = count(1)

    def token_hex(self, size: int) -> str:
        return token_hex(size) if self.by_chance else f"{next(self._numbers):0{2 * size}x}"


ids = Ids()
_rows: dict[str, Rows] = {}
_drawn: dict[str, Drawn] = {}


@contextmanager
def made_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KeptNumbers, "rows", _looking_up_first(KeptNumbers.rows))
        patch.setattr(what_if, "drawn", _drawing_once(what_if.drawn))
        patch.setattr(hashlib, "scrypt", _at_little_cost(hashlib.scrypt))
        patch.setattr(arguments, "parser", cache(arguments.parser))
        patch.setattr(backend, "create_database", _copied)
        for module in (jira, target, connect, aside):
            patch.setattr(module, "token_hex", ids.token_hex)
        yield


def _looking_up_first(rows: Callable[..., Rows]) -> Callable[..., Rows]:
    def wrapped(
        kept: KeptNumbers, name: str, inputs: object, derive: Callable[[], Rows], fits: Callable[[Rows], bool]
    ) -> Rows:
        key = f"{name} {inputs!r}"

        def once() -> Rows:
            if key not in _rows:
                _rows[key] = derive()
            return _rows[key]

        return rows(kept, name, inputs, once, fits)

    return wrapped


def _drawing_once(drawn: Callable[..., Drawn]) -> Callable[..., Drawn]:
    def wrapped(forecast: Forecast, weeks: Throughput, settings: ForecastSettings) -> Drawn:
        key = repr((forecast.as_of, forecast.remaining, weeks.pairs, weeks.history, settings))
        _drawn[key] = _drawn.pop(key) if key in _drawn else drawn(forecast, weeks, settings)
        while len(_drawn) > _MOST_DRAWN:
            del _drawn[next(iter(_drawn))]
        return _drawn[key]

    return wrapped


def _at_little_cost(scrypt: Callable[..., bytes]) -> Callable[..., bytes]:
    """Slow on purpose in the product; no test guesses passwords."""

    def wrapped(password: bytes, **cost: Any) -> bytes:
        return scrypt(password, **cost | {"n": 2})

    return wrapped


_create_database = backend.create_database


@cache
def _empty_database() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        _create_database(path)
        return path.read_bytes()


def _copied(path: Path) -> None:
    """An empty database, as it is made: that takes thirty statements, and half of the tests need one."""
    path.write_bytes(_empty_database())
