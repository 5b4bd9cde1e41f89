"""Secrets in clear text, in whatever way a file has them: any encoding, JSON's escapes, or a Python repr.

Found by what their names say (`store.redaction`); once known, a secret is found wherever else it stands.
"""

from __future__ import annotations

import ast
import codecs
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from store import files, redaction
from store.legacy.read.text import encoding_of

_QUOTED = r"[^{quote}\\\x00-\x1f]|\\."
_DOUBLE, _SINGLE = (rf"{quote}((?:{_QUOTED.format(quote=quote)})+){quote}" for quote in "\"'")
# JSON, and what Python writes for an object: the old app's database has both.
_NAMED = re.compile(rf"{_DOUBLE}\s*:\s*{_DOUBLE}|{_SINGLE}\s*:\s*(?:{_SINGLE}|{_DOUBLE})")
# Names that say "the token itself": what is taken over is one of these before anything else.
_TOKENS = ("token", "jira_token", "api_token")
_ADDRESS = re.compile(r'"(?:base_url|jira_url|jira_api_endpoint)"\s*:\s*"((?:[^"\\\x00-\x1f]|\\.)+)"')
# Shorter ones are only blanked where a name says what they are: they could stand anywhere by chance.
_SHORTEST = 8
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "latin-1", "cp1252")
_PIECE = 8 << 20


def named_in(text: str) -> list[str]:
    """The secrets that stand in a text under a name that gives them away; tokens first, else in their order."""
    pairs = []
    for match in _NAMED.finditer(text):
        name, raw = _name_and_value(match)
        if redaction.is_secret_name(name):
            pairs.append((name, _unescaped(raw, json_like=match[1] is not None)))
    pairs += redaction.secrets_in(_as_json(text))
    plain = [(name, value) for name, value in pairs if value.strip()]
    ordered = sorted(plain, key=lambda pair: pair[0] not in _TOKENS)
    return list(dict.fromkeys([*(value for _, value in ordered), *_in_addresses(text)]))


def _name_and_value(match: re.Match[str]) -> tuple[str, str]:
    name, raw = (group for group in match.groups() if group is not None)
    return _unescaped(name, json_like=match[1] is not None), raw


def _as_json(text: str) -> Any:
    """What stands below a secret's name, in lists and objects, only the document as a whole tells."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _in_addresses(text: str) -> Iterator[str]:
    return (address for address in redaction.in_addresses(text.replace("\\/", "/")) if address.strip())


def address_in(text: str) -> str:
    """Jira's address as the old app's settings name it; empty where they do not."""
    match = _ADDRESS.search(text)
    return _unescaped(match[1], json_like=True) if match else ""


def _unescaped(raw: str, json_like: bool) -> str:
    try:
        if json_like:
            return str(json.loads(f'"{raw}"', strict=False))
        quote = "'" if '"' in raw else '"'
        return str(ast.literal_eval(f"{quote}{raw}{quote}"))
    except (ValueError, SyntaxError):
        return raw


def text_of(content: bytes) -> str:
    """A file's text for looking through; bytes that are none come as replacement marks."""
    name = _exact(content)
    return content.decode("utf-8" if name == "latin-1" else name, "replace")


def _exact(content: bytes) -> str:
    """An encoding in which the content comes back byte for byte: Latin-1 stands for all that use single bytes."""
    name = encoding_of(content[:4])
    if name.startswith("utf-8"):
        return "latin-1"
    if name in ("utf-16", "utf-32"):
        little = codecs.BOM_UTF16_LE if name == "utf-16" else codecs.BOM_UTF32_LE
        name += "-le" if content.startswith(little) else "-be"
    return name


def without(content: bytes, secrets: Iterable[str], named: bool = True, keep_length: bool = False) -> bytes:
    """The content without these secrets and, with `named`, what else stands under one of their names.

    With `keep_length` they become as many blanks.
    """
    known = list(secrets)
    name = _exact(content)
    text = content.decode(name, "surrogatepass" if name != "latin-1" else "strict") if _decodes(content, name) else ""
    if text:
        in_text = [value.encode().decode("latin-1") for value in known] if name == "latin-1" else known
        changed = without_text(text, [*in_text, *known], named, keep_length)
        content = changed.encode(name, "surrogatepass" if name != "latin-1" else "strict")
    for secret in known:
        for form, blank in _forms(secret):
            content = content.replace(form, blank * (len(form) // len(blank)) if keep_length else b"")
    return content


def _decodes(content: bytes, name: str) -> bool:
    if name == "latin-1":
        return True
    try:
        return content.decode(name, "surrogatepass").encode(name, "surrogatepass") == content
    except UnicodeError:
        return False


def without_text(text: str, secrets: Iterable[str], named: bool = True, keep_length: bool = False) -> str:
    """The same of a text; the known ones go however they are escaped."""

    def blanked(match: re.Match[str]) -> str:
        place = match.lastindex or 0
        if not redaction.is_secret_name(_name_and_value(match)[0]):
            return match[0]
        begin, end = match.span(place)
        put = " " * (end - begin) if keep_length else ""
        return text[match.start() : begin] + put + text[end : match.end()]

    text = _NAMED.sub(blanked, text) if named else text
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            pattern = re.compile("".join(_any_way(character) for character in secret))
            text = pattern.sub(lambda match: " " * len(match.group()) if keep_length else "", text)
    return text


def _any_way(character: str) -> str:
    """A pattern for a character as itself or escaped."""
    ways = {re.escape(character), rf"\\{re.escape(character)}" if character in "\"/\\'" else re.escape(character)}
    code = character.encode("utf-16-be", "surrogatepass").hex()
    units = [code[at : at + 4] for at in range(0, len(code), 4)]
    ways.add("".join(rf"\\u(?i:{unit})" for unit in units))
    return f"(?:{'|'.join(sorted(ways))})"


def _forms(secret: str) -> Iterator[tuple[bytes, bytes]]:
    """The bytes that a secret may be, longest first, each with a blank of the same encoding."""
    if len(secret) < _SHORTEST:
        return
    written = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    written |= {form.replace("/", "\\/") for form in written}
    forms = {}
    for name in _ENCODINGS:
        for form in written:
            try:
                forms[form.encode(name)] = " ".encode(name)
            except UnicodeEncodeError:
                continue
    yield from sorted(forms.items(), key=lambda item: -len(item[0]))


def holds(path: Path, secrets: Sequence[str]) -> bool:
    """Whether one of the secrets stands in the file in any form. Raises OSError."""
    forms = [form for secret in secrets for form, _ in _forms(secret)]
    if not forms:
        return False
    if files.size(path) <= _PIECE:
        content = path.read_bytes()
        return without(content, secrets, named=False) != content
    overlap = max(map(len, forms))
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            window = tail + piece
            if any(form in window for form in forms):
                return True
            tail = window[-overlap:]
    return False
