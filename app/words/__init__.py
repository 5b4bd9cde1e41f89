"""The program's words in the reader's language. English stands in the source, other languages in catalogues (.po).

`_` says a text at once, `n_` one that depends on a number. What is made before its reader is known (a constant, a
reason that the domain gives, an error) is marked by `N_` or `Nn_`: a str in English, which the command line and files
show as it is, and which `_` says in the reader's language where it is shown. A text is a whole sentence with named
places, such as "{count} items are left."; it is never put together from pieces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from app.words.formats import THIN, Formats, formats_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The languages that there are, each by its own name; the first is that of the source.
LANGUAGES = {"en": "English", "de": "Deutsch"}
_FOLDER = Path(__file__).parents[1] / "locale"
# Between the context of a text and the text, as in gettext's own files.
_BETWEEN = "\x04"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom texts are for: the language of words, and how days and numbers are written."""

    language: str = "en"
    formats: Formats = field(default_factory=Formats)


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


def reader() -> Reader:
    """Of the page that is being made; elsewhere one who reads English."""
    return _reader.get() or Reader()


def is_read_by(reader: Reader | None) -> None:
    """From now on texts are for this reader, in this thread; None: for nobody in particular, in English."""
    _reader.set(reader)


@contextmanager
def read_by(reader: Reader) -> Iterator[None]:
    """Within it texts are for this reader."""
    token = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(token)


def reader_of(languages: Sequence[str], chosen: str | None = None) -> Reader:
    """Who has these languages set (as in Accept-Language, best first), and chose one of `LANGUAGES`, or none."""
    tags = [language_tag.strip().lower().replace("_", "-") for language_tag in languages]
    bases = [tag.split("-")[0] for tag in tags]
    language = chosen if chosen in LANGUAGES else next((base for base in bases if base in LANGUAGES), "en")
    # Numbers as in a country of the language that is read; only who reads none of ours keeps those of the own.
    own = [tag for tag, base in zip(tags, bases, strict=True) if base == language]
    foreign = bases[:1] if chosen not in LANGUAGES and bases and bases[0] not in LANGUAGES else []
    return Reader(language, formats_for([*foreign, *own, language]).in_language(language))


class Text(str):
    """A text in English that can still be said in another language: it remembers what it was made of."""

    __slots__ = ("_context", "_count", "_many", "_message", "_values")
    _message: str
    _many: str
    _count: float
    _values: Mapping[str, Any]
    _context: str

    def __str__(self) -> str:
        """Itself: what it was made of must not be lost on its way through an error or a record."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _text, (self._message, self._many, self._count, dict(self._values), self._context)

    def in_language(self) -> str:
        """In the language of the reader, its days and numbers as the reader writes them."""
        present = _reader.get()
        if present is None:
            return str.__str__(self)
        message = _translated(present.language, self._context, self._message, self._many, self._count)
        return _filled(message, self._values, present.formats)


class Several(tuple[Any, ...]):
    """Several values in one place of a text, with commas between."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return ", ".join(format(element, spec) for element in self)


def marked(text: object) -> Text | None:
    """The text with what it was made of, None for what nobody marked; of an error its message.

    The store marks its texts by a class of its own (store/texts.py), since it knows nothing of this package.
    """
    if isinstance(text, BaseException):
        text = str(text)
    if isinstance(text, Text):
        return text
    message, values = getattr(text, "message", None), getattr(text, "values", None)
    return _text(message, "", 0, values or {}, "") if isinstance(text, str) and message is not None else None


def _text(message: str, many: str, count: float, values: Mapping[str, Any], context: str) -> Text:
    english = (many if many and count != 1 else message).format(**values) if values else message
    text = Text(english)
    text._message, text._many, text._count, text._values, text._context = message, many, count, values, context
    return text


def N_(message: str, /, **values: Any) -> Text:  # noqa: N802 the name that gettext's tools know
    """Marks a text that is said later, by `_`. Values are days, numbers, names or such texts."""
    return _text(message, "", 0, values, "")


def Nn_(singular: str, many: str, count: float, /, **values: Any) -> Text:  # noqa: N802
    """As `N_`, with another wording for 1 and for the rest; the place {count} need not be given."""
    return _text(singular, many, count, {"count": count} | values, "")


def Np_(context: str, message: str, /) -> Text:  # noqa: N802
    """As `N_`, for a word that means several things; `context` tells the translator which."""
    return _text(message, "", 0, {}, context)


def _(message: str, /, **values: Any) -> str:
    """The text in the reader's language, its places filled. What has no translation stays as it is."""
    if (text := marked(message)) is not None:
        return text.in_language()
    present = reader()
    translation = _translated(present.language, "", message, "", 0)
    return _filled(translation, values, present.formats) if values else translation


def n_(singular: str, many: str, count: float, /, **values: Any) -> str:
    """As `_`, with another wording for 1 and for the rest; the place {count} need not be given."""
    present = reader()
    translation = _translated(present.language, "", singular, many, count)
    return _filled(translation, {"count": count} | values, present.formats)


def p_(context: str, message: str, /) -> str:
    """As `_`, for a word that means several things; `context` tells the translator which."""
    return _translated(reader().language, context, message, "", 0)


def template(message: str, many: str = "", count: float = 1) -> str:
    """The text in the reader's language with its places still open; `many` as in `n_`, empty: there is one wording."""
    if (text := marked(message)) is not None:
        return text.in_language()
    return _translated(reader().language, "", message, many, count)


def recalled(text: str) -> str:
    """A text that was kept in English, as in the database, in the reader's language.

    What it was made of is read off it again: the longest text of the catalogue that it can be. As it is where it is
    none of ours.
    """
    if (present := _reader.get()) is None or marked(text) is not None or present.language == "en":
        return _(text)
    if (whole := _recalled(text, present)) is not None:
        return whole
    # Several sentences that were put one after the other.
    for end in (at.start() for at in re.finditer(r"(?<=[.!?]) ", text)):
        if (first := _recalled(text[:end], present)) is not None:
            return f"{first} {recalled(text[end + 1 :])}"
    return text


def _recalled(text: str, present: Reader) -> str | None:
    known = catalogue(present.language)
    if text in known:
        return known[text][0]
    fitting = (pattern for pattern in _patterns(present.language) if all(piece in text for piece in pattern.pieces))
    for candidate in fitting:
        if (match := candidate.match(text)) is not None:
            return _filled(
                candidate.translation, {name: _as_it_was(value) for name, value in match.items()}, present.formats
            )
    return None


def _as_it_was(value: str) -> Any:
    """A value that stands in an English text: a number, a day, such a text or a name."""
    if _NUMBER.fullmatch(value):
        return int(value.replace(",", ""))
    try:
        return date.fromisoformat(value)
    except ValueError:
        return recalled(value)


# Not what might be a year.
_NUMBER = re.compile(r"\d{1,3}|\d{1,3}(,\d{3})+")
_HOW_WRITTEN = re.compile(r"(?<=\w):[^{}]*(?=})")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A text with places, in English and in another language; `pieces`: what stands between its places."""

    english: str
    translation: str
    pieces: tuple[str, ...]

    def match(self, text: str) -> dict[str, str] | None:
        """What stands in its places, None where the text is another one."""
        names: list[str] = []
        written = ""
        for literal, name, _spec, _conversion in Formatter().parse(self.english):
            written += re.escape(literal)
            if name is not None:
                written += f"(?P={name})" if name in names else f"(?P<{name}>.+?)"
                names.append(name)
        match = re.fullmatch(written, text, re.DOTALL)
        return None if match is None else match.groupdict()


@cache
def _patterns(language: str) -> tuple[_Pattern, ...]:
    """Those of the catalogue that have places, the ones with the most words of their own first."""
    patterns = []
    for parts in _all_parts(language):
        singular = parts.get("msgstr", parts.get("msgstr[0]", ""))
        forms = ((parts["msgid"], singular), (parts.get("msgid_plural", ""), parts.get("msgstr[1]", singular)))
        for english, translation in forms:
            pieces = tuple(filter(None, (literal for literal, *_ in Formatter().parse(english))))
            # A text of hardly more than places could be anything.
            if translation and "{" in english and sum(map(len, pieces)) > 9:
                patterns.append(_Pattern(english, _HOW_WRITTEN.sub("", translation), pieces))
    return tuple(sorted(patterns, key=lambda singular: -sum(map(len, singular.pieces))))


def _translated(language: str, context: str, message: str, many: str, count: float) -> str:
    forms = (message, many or message)
    if language != "en":
        forms = catalogue(language).get(f"{context}{_BETWEEN}{message}" if context else message, forms)
    # All languages that there are have one form for 1 and one for the rest.
    form = forms[0] if not many or count == 1 else forms[1]
    # For a reader with the space that numbers written by Formats have, whatever the catalogues were typed with.
    return _PERCENT.sub(f"{THIN}%", form) if " %" in form and _reader.get() is not None else form


_PERCENT = re.compile(r"(?<=[\d}]) %")


class _Filler(Formatter):
    def __init__(self, formats: Formats) -> None:
        self._formats = formats

    def format_field(self, value: Any, spec: str) -> str:
        if (text := marked(value)) is not None:
            return text.in_language()
        if isinstance(value, Several):
            return ", ".join(self.format_field(element, spec) for element in value)
        if isinstance(value, bool | str):
            return format(value, spec)
        if isinstance(value, datetime):
            return self._formats.short(value.date()) if spec else self._formats.instant(value)
        if isinstance(value, date):
            return self._formats.short(value)
        if isinstance(value, int | float):
            return self._formats.signs(format(value, spec)) if spec else self._formats.number(value)
        return format(value, spec)


def _filled(message: str, values: Mapping[str, Any], formats: Formats) -> str:
    return _Filler(formats).vformat(message, (), values) if values else message


# -- catalogues ------------------------------------------------------------------------------------------


@cache
def catalogue(language: str, name: str = "burndown") -> Mapping[str, tuple[str, str]]:
    """Message (with a context before it where it has one) to its translations for 1 and for the rest.

    Read from the .po file itself, a few milliseconds once: nothing has to be compiled, from source or in a build.
    """
    entries = map(_entry, _all_parts(language, name))
    return {key: forms for key, forms in entries if all(forms)}


def _all_parts(language: str, name: str = "burndown") -> Iterator[Mapping[str, str]]:
    """Of each entry its texts by the words that stand before them: msgid, msgid_plural, msgstr[0] and the like."""
    text = (_FOLDER / language / "LC_MESSAGES" / f"{name}.po").read_text(encoding="utf-8")
    entries = map(_parts, _END.sub(r"\1\n\n", text).split("\n\n"))
    return (parts for parts in entries if parts.get("msgid"))


# The end of an entry that another one follows without an empty line, as where two people's texts were put together.
_END = re.compile(r'^(msgstr.*(?:\n".*")*)\n(?=[#m])(?!msgstr)', re.MULTILINE)
_STRING = re.compile(r'^(?:(msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\])[ \t]+)?"(.*)"$', re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


def _parts(block: str) -> dict[str, str]:
    """One entry of a .po file; empty for what is no translation: what is left over or unsure."""
    parts: dict[str, str] = {}
    if re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE):
        return parts
    name = ""
    for match in _STRING.finditer(block):
        name = match[1] or name
        parts[name] = parts.get(name, "") + _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), match[2])
    return parts


def _entry(parts: Mapping[str, str]) -> tuple[str, tuple[str, str]]:
    message, context = parts["msgid"], parts.get("msgctxt", "")
    singular = parts.get("msgstr", parts.get("msgstr[0]", ""))
    return (f"{context}{_BETWEEN}{message}" if context else message), (singular, parts.get("msgstr[1]", singular))
