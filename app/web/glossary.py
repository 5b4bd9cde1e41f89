"""The words of the field and of this program, each with its meaning: for the help, and beside the numbers.

They stand in `app/locale/terms.txt`, a line a term: `Term: what it means.`
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from app.words import N_, _
from app.words.formats import THIN

_FILE = Path(__file__).parents[1] / "locale" / "terms.txt"


@cache
def terms() -> tuple[tuple[str, str], ...]:
    """Every term with its meaning, marked to be said in the reader's language."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines)
    return tuple((N_(term), N_(meaning)) for term, meaning in pairs)


def meaning_of(label: str) -> str | None:
    """What a label means, in the reader's language; None for one that is no term, or explains itself."""
    wanted = _plain(label)
    return next((_(meaning) for term, meaning in terms() if wanted in (_plain(term), _plain(_(term)))), None)


def _plain(text: str) -> str:
    return text.replace(THIN, " ").casefold()


def words_in(*texts: str) -> list[tuple[str, str]]:
    """The terms that occur in these texts, each with its meaning, in the reader's language."""
    whole = " ".join(texts).casefold()
    translated_terms = [(_(term), _(meaning)) for term, meaning in terms()]
    return [
        (term, meaning) for term, meaning in translated_terms if re.search(rf"\b{re.escape(term.casefold())}\b", whole)
    ]
