"""Secrets that come back: a server, or what stands before it, says in an error what it was asked with.

One rule for whatever is logged, kept, shown or handed on: a secret that is in use is known from when it comes into use,
and no way of writing it is told, be it escaped, in an address, as Base64 behind a user's name, or as a part of it.
"""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

HIDDEN = "***"
# A shorter one may stand anywhere by chance: of it only a word of its own is one, and only in a server's own words.
SHORTEST = 8
_SHORTEST_WORD = 3
# So many characters in a row are a part of a secret, where they are no word.
_PART, _LONG_PART = 8, 12
_WORD = re.compile(r"[A-Za-z]?[a-z]+|[A-Z]+|[\W_]+")

_in_use: frozenset[str] = frozenset()
_changing = threading.Lock()


def hide(secret: str | None) -> None:
    """From now on it is in use."""
    global _in_use
    if secret and secret.strip():
        with _changing:
            _in_use |= {secret.strip()}


def in_whole(text: str) -> str:
    """The text without any of them that stands in it as a whole; the same object where none does. A word is left: our
    own sentences have it too, and without it they would tell which one it is."""
    for secret in _in_use:
        if not _WORD.fullmatch(secret):
            text = without_whole(text, secret)
    return text


def of_a_server(text: str) -> str:
    """The same of a server's own words, in which parts of them and short ones are none of ours either."""
    for secret in _in_use:
        text = without(text, secret)
    return text


def without(text: str, secret: str) -> str:
    """Without this one, in whole or in part."""
    if len(secret) < SHORTEST:
        if len(secret) < _SHORTEST_WORD:
            return text
        return re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, text)
    return _without_parts(without_whole(text, secret), secret)


def in_document(document: Any, clean: Callable[[str], str]) -> Any:
    """A JSON document, each text of it cleaned."""
    if isinstance(document, str):
        return clean(document)
    if isinstance(document, list):
        return [in_document(each, clean) for each in document]
    if isinstance(document, dict):
        return {clean(name): in_document(each, clean) for name, each in document.items()}
    return document


def without_whole(text: str, secret: str) -> str:
    for form in forms_of(secret):
        if form in text:
            text = text.replace(form, HIDDEN)
    return text


@lru_cache(maxsize=64)
def forms_of(secret: str) -> tuple[str, ...]:
    """The ways in which programs write it, the longest first; none for one that may stand anywhere by chance."""
    if len(secret) < SHORTEST:
        return ()
    raw = secret.encode("utf-8", "backslashreplace")
    forms = {secret, html.escape(secret), json.dumps(secret)[1:-1], repr(secret)[1:-1]}
    for way in (quote(secret, safe=""), quote_plus(secret)):
        forms |= {way, re.sub("%..", lambda escape: escape[0].lower(), way)}
    forms |= {"".join(each) for each in _letter_by_letter(secret, raw)}
    forms |= {form for before in range(3) for form in _within_base64(raw, before)}
    # An exception within another's text is escaped once more.
    forms |= {form.replace("\\", "\\\\") for form in tuple(forms) if "\\" in form}
    return tuple(sorted((form for form in forms if len(form) >= SHORTEST), key=len, reverse=True))


def _letter_by_letter(secret: str, raw: bytes) -> Iterator[list[str]]:
    """As hex, in an address, and as JSON, or a programming language, may write each letter; in both cases."""
    for case in "xX":
        yield [f"{byte:02{case}}" for byte in raw]
        yield [f"%{byte:02{case}}" for byte in raw]
        yield [f"\\u{ord(each):04{case}}" for each in secret if ord(each) <= 0xFFFF]


def _within_base64(raw: bytes, before: int) -> set[str]:
    """What of it stands in the Base64 of a text that holds it, behind so many bytes (and any number of threes)."""
    text = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
    known = text[(0, 2, 3)[before] : len(text) - ((before + len(raw)) % 3 > 0)]
    return {known, known.replace("+", "-").replace("/", "_")}


def _without_parts(text: str, secret: str) -> str:
    """A server that cuts its messages tells the beginning of it, in whatever way it writes it."""
    ways, begun = _parts_of(secret)
    begins = begun.intersection([text[at : at + _PART] for at in range(len(text) - _PART + 1)])
    for way in ways if begins else ():
        if not begins.isdisjoint(way.begun):
            text = _without_parts_of(way, text)
    return text


class _Way:
    """A way of writing it, what is a part of that, by how many characters, and with what one begins."""

    def __init__(self, form: str, *sizes: int) -> None:
        self.form, self.shortest = form, min(sizes)
        self.parts = {size: frozenset(form[at : at + size] for at in range(len(form) - size + 1)) for size in sizes}
        self.begun = {part[:_PART] for parts in self.parts.values() for part in parts}


class _Plain(_Way):
    """As it is: of words only longer parts."""

    def __init__(self, form: str) -> None:
        super().__init__(form, _PART, _LONG_PART)
        self.parts[_PART] = frozenset(part for part in self.parts[_PART] if not _WORD.fullmatch(part))


def _without_parts_of(way: _Way, text: str) -> str:
    kept, behind = list[str](), 0
    for at in range(len(text)):
        if at < behind or not any(text[at : at + size] in parts for size, parts in way.parts.items()):
            continue
        end = at + way.shortest
        while end < len(text) and text[at : end + 1] in way.form:
            end += 1
        kept += [text[behind:at], HIDDEN]
        behind = end
    return "".join((*kept, text[behind:]))


@lru_cache(maxsize=64)
def _parts_of(secret: str) -> tuple[list[_Way], frozenset[str]]:
    """The ways that may be cut, and with what a part begins in any of them.

    What stands for a byte or a letter is as long as a part of so many of them; of Base64 no part is a word.
    """
    raw = secret.encode("utf-8", "backslashreplace")
    letters = [each for each in _letter_by_letter(secret, raw) if each]
    ways = [
        _Plain(secret),
        *(_Way(form, _PART) for form in {form for before in range(3) for form in _within_base64(raw, before)}),
        *(_Way("".join(each), _PART * len(each[0])) for each in letters),
    ]
    return ways, frozenset(part for way in ways for part in way.begun)
