"""Parts of an answer as the code wants them. What has another shape there counts as nothing being there: servers,
proxies and apps put into Jira's answers what they like.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from sys import intern
from typing import Any

Json = Mapping[str, Any]
_NOTHING: Json = {}


def an_object(value: Any) -> Json:
    # JSON gives plain dictionaries; asking for any kind of mapping takes ten times as long.
    return value if type(value) is dict else _NOTHING


def objects(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """Of a number as well. Half a surrogate pair and a NUL are valid JSON, but no text that could be stored."""
    if type(value) is str:
        storable = value.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in value else value
        return storable if storable.isascii() else storable.encode("utf-8", "replace").decode("utf-8")
    return str(value) if isinstance(value, int | float) else ""


# Characters. Jira takes 255 of either.
SUMMARY, NAME = 1_000, 255


def cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    WORDS.has_cut = True
    return text[: most - 1] + "…"


def has_cut() -> bool:
    """Whether this program ever cut a text: where not, nobody has to look for one."""
    return WORDS.has_cut


def is_cut(text: str, most: int) -> bool:
    """Whether `cut` made it so, which nobody types by chance."""
    return len(text) == most and text.endswith("…")


def word(value: Any) -> str:
    """As `text`, of what many issues say alike: in memory once, and not once for each answer that says it; cut."""
    return WORDS[value] if type(value) is str else intern(cut(text(value), NAME))


class _Words(dict[str, str]):
    """A dozen words of each issue are looked at, and most of them thousands of times."""

    has_cut = False

    def __missing__(self, value: str) -> str:
        same = intern(cut(text(value), NAME))
        if len(value) <= NAME:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[value] = same
        return same


_MOST_WORDS = 4096
# `word` of a text. To call that for each of a dozen words of an issue takes a tenth of the time of reading it.
WORDS = _Words()


def texts(value: Any) -> list[str]:
    return [text(each) for each in value if isinstance(each, str)] if isinstance(value, list) else []


def whole_number(value: Any) -> int:
    """A number without its fraction; 0 for what is none, or has no end."""
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else 0
