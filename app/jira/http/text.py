"""JSON text in and out, by the fast library where it can and by the standard one where the text is odd."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import orjson

# With these begins everything that takes memory of its own: an object, a list, one more value, one more name.
_PARTS = b"{[,:"
# The standard library's reader takes up to nine times the text.
_MOST_ODD_BYTES = 16 * 1024 * 1024
# Characters: far more than any value has that is asked for. Lists of sprints in a history are the longest of them.
_LONGEST = 4_000
# As many characters have that many bytes, and an escape sequence as many more.
_LONGEST_BYTES, _ESCAPE = 4 * _LONGEST, 12
# One that nothing closes goes to the end, or each quotation mark in it would be looked at as another beginning.
_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_EMPTY = sys.getsizeof("")


def parse(text: bytes | bytearray) -> Any:
    """Raises ValueError or RecursionError. Half surrogate pairs and the like are read as Jira meant them."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        if len(text) > _MOST_ODD_BYTES:
            raise
        return json.loads(text)


def parts_of(text: bytes | bytearray) -> int:
    """How many values and names it may hold at most, which take 45 to 150 bytes of memory each, from three bytes on.

    Counted before it is read, in a twentieth of the time that reading takes; what stands within texts counts too.
    """
    return len(text) - len(text.translate(None, _PARTS))


def short_of_texts(text: bytes | bytearray) -> bytes:
    """The same with long texts cut, before they are read: the memory for them, of up to four times their bytes, would
    be taken in each thread."""
    return _TEXT.sub(_cut, text)


def _cut(match: re.Match[bytes]) -> bytes:
    whole = match[0]
    if len(whole) <= _LONGEST_BYTES + _ESCAPE:
        return whole
    begun = whole[:_LONGEST_BYTES].decode("utf-8", "ignore").encode()
    at = begun.rfind(b"\\", len(begun) - _ESCAPE)
    kept = begun[:at] if at >= 0 else begun
    # The first of two, of which the other one is gone.
    odd = (len(kept) - len(kept.rstrip(b"\\"))) % 2
    return kept[: len(kept) - odd] + b'"'


def without_long_texts(document: Any) -> int:
    """The bytes of memory that its texts and names take, once those of more than 4,000 characters are cut in place.

    One wide character makes all of its text four times as large. A name of that length names nothing we know.
    """
    size, containers = 0, [document]
    while containers:
        part = containers.pop()
        if type(part) is dict:
            for name in [each for each in part if len(each) > _LONGEST]:
                del part[name]
            size += sum(map(_size, part))
        elif type(part) is not list:
            continue
        for place, value in part.items() if type(part) is dict else enumerate(part):
            if type(value) is str:
                if len(value) > _LONGEST:
                    part[place] = value[:_LONGEST]
                size += _size(part[place])
            elif type(value) in (dict, list):
                containers.append(value)
    return size


def _size(text: str) -> int:
    """Bytes of memory, beside what any part takes."""
    return sys.getsizeof(text) - _EMPTY


def dump(document: Any) -> bytes:
    """UTF-8, without blanks."""
    try:
        return orjson.dumps(document)
    except TypeError:
        return json.dumps(document, separators=(",", ":")).encode()
