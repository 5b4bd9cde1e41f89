"""Which month a word names: by the languages that all words of a file belong to, or as somebody says."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from app.imports.month_names import LANGUAGES

_FIRST_ACCENT, _LAST_ACCENT = "\u0300", "\u036f"
# A beginning of a name means the month from this many letters on: Jira shortens names.
_LEAST_LETTERS = 3


def plain_word(text: str) -> str:
    """A word without case, accents, points and apostrophes: as the table of names has it."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(
        "i" if letter == "ı" else letter
        for letter in apart
        if not _FIRST_ACCENT <= letter <= _LAST_ACCENT and letter not in ".'’׳"
    )


@dataclass(frozen=True, slots=True)
class Months:
    """The names of months that a file may use. `said`: words that somebody gave a meaning, as `plain_word` makes them.

    `languages`: those that know every word of the file; the same beginning may mean another month in another one.
    """

    languages: tuple[str, ...] = tuple(name for name, _ in LANGUAGES)
    defined: tuple[tuple[str, int], ...] = ()
    # What was asked before: a file names a month on every other day.
    _known: dict[str, int | None] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, words: Iterable[str], named: Mapping[str, int]) -> Months:
        """For a file that uses these words; where no language knows all of them, any of them may be meant."""
        known = tuple(sorted((plain_word(word), month) for word, month in named.items()))
        defined = dict(known)
        plain = {word for each in words if (word := plain_word(each)) and word not in defined}
        fitting = tuple(name for name, _ in LANGUAGES if all(_month_in(name, word) for word in plain))
        return cls(fitting, known) if plain and fitting else cls(defined=known)

    def number(self, word: str) -> int | None:
        """1 to 12; None for what is no month."""
        if word not in self._known:
            self._known[word] = self._look_up(word)
        return self._known[word]

    def _look_up(self, word: str) -> int | None:
        plain = plain_word(word)
        if (month := dict(self.defined).get(plain)) is not None:
            return month
        return next((month for name in self.languages if (month := _month_in(name, plain))), None)


@cache
def _month_in(language: str, plain: str) -> int:
    """The month that a word means in one language; 0 for none, or for a beginning of several."""
    groups = dict(LANGUAGES)[language].split("|")
    exact = [month for month, names in enumerate(groups, 1) if plain in names.split()]
    if exact or len(plain) < _LEAST_LETTERS:
        return exact[0] if exact else 0
    begun = [month for month, names in enumerate(groups, 1) if any(name.startswith(plain) for name in names.split())]
    return begun[0] if len(begun) == 1 else 0
