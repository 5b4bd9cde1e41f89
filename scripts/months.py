"""Write app/imports/month_names.py: names of months and of halves of a day, in every language that Jira speaks.

Run it with a Python that has Babel, which carries the Unicode consortium's CLDR: `pip install babel` into an
environment of its own, for the app needs none of it. The names are written as `app.imports.months.plain_word` makes
them; a short form that begins a long one is left out, since every beginning of three letters or more is understood.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.imports.months import plain_word  # noqa: E402

TARGET = ROOT / "app" / "imports" / "month_names.py"

# Those that Jira speaks, by itself or with a language pack; then neighbours in whose exports people work.
_SPOKEN = """
    en de de_AT fr es it pt nl da sv nb nn fi is pl cs sk hu ro et ru uk tr vi ja zh zh_Hant ko th el bg
    lt lv sl hr sr_Latn sr ca eu gl id ms he ar fa sq mk be az kk hi
"""
# As older Java and common habit write them, beside what CLDR says.
_ALSO = {"en": {9: "sept"}, "de": {3: "mrz"}, "de_AT": {2: "feber"}, "tr": {9: "eyl"}, "nl": {3: "mrt"}}
_ROMAN = "i|ii|iii|iv|v|vi|vii|viii|ix|x|xi|xii"

_HEAD = '''"""Names of months and halves of a day by language. Written by scripts/months.py from CLDR; not by hand."""

from __future__ import annotations

# Twelve groups a language, divided by bars; the languages that Jira speaks come first.
'''


def forms(language: str) -> list[list[str]]:
    """For each month the words it goes by, long ones first, without those that begin another one of the same month."""
    from babel import Locale

    months = Locale.parse(language).months
    result = []
    for month in range(1, 13):
        names = [months[use][width][month] for use in ("format", "stand-alone") for width in ("wide", "abbreviated")]
        words = {word for text in [*names, _ALSO.get(language, {}).get(month, "")] if (word := _word(text))}
        result.append(sorted(word for word in words if not any(_begins(word, other) for other in words)))
    return result


def _word(text: str) -> str:
    """The month's own word without articles; "" for months that are numbers."""
    word = plain_word(text.replace("’", " ").split()[-1]) if text else ""
    return "" if any(character.isdecimal() for character in word) else word


def _begins(word: str, other: str) -> bool:
    return word != other and len(word) >= 3 and other.startswith(word)


def halves(language: str) -> tuple[set[str], set[str]]:
    """What stands for AM and for PM."""
    from babel.dates import get_period_names

    result: tuple[set[str], set[str]] = (set(), set())
    for use in ("format", "stand-alone"):
        for width in ("abbreviated", "wide", "narrow"):
            names = get_period_names(width, use, language)
            for place, name in enumerate(("am", "pm")):
                if word := plain_word("".join(names.get(name, "").split())):
                    result[place].add(word)
    return result


def main() -> None:
    lines = ["LANGUAGES: tuple[tuple[str, str], ...] = ("]
    seen: set[str] = set()
    texts = [(part, "|".join(" ".join(words) for words in forms(part))) for part in _SPOKEN.split()]
    for language, text in [*texts, ("roman", _ROMAN)]:
        if text.strip("|") and text not in seen:
            seen.add(text)
            lines += [f'    ("{language}",', *_wrapped(text, "     "), "    ),"]
    lines.append(")  # fmt: skip")
    both = [halves(name) for name in _SPOKEN.split()]
    for place, name in enumerate(("FORENOON", "AFTERNOON")):
        # One letter, as some write it, is no word to go by.
        words = sorted({word for pair in both for word in pair[place] if len(word) > 1})
        lines += [f"{name} = (", *_wrapped(" ".join(words), "    "), ")  # fmt: skip"]
    TARGET.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(seen)} languages, {TARGET.stat().st_size} bytes", file=sys.stderr)


def _wrapped(text: str, indent: str) -> list[str]:
    return [f'{indent}"{text[at : at + 100]}"' for at in range(0, len(text), 100)]


if __name__ == "__main__":
    main()
