"""HTML as it leaves the app in a file: whatever is not HTML already is escaped, so nothing that was read can act."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from app.words import _

_EMPTY = frozenset({"meta", "br"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *children: str | None, **attributes: str | None) -> Html:
    """An element. Children that are no `Html` are said in the reader's language and escaped; an attribute that is None
    is left out.

    `class_` is the attribute class, `data_figure` is data-figure.
    """
    values = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    head = "".join(f' {key}="{escape(_(value))}"' for key, value in values.items())
    return Html(f"<{name}{head}>" if name in _EMPTY else f"<{name}{head}>{joined(*children)}</{name}>")


def joined(*children: str | None) -> Html:
    """These one after the other."""
    return Html(
        "".join(child if isinstance(child, Html) else escape(_(child)) for child in children if child is not None)
    )


def json_text(value: Any) -> Html:
    """JSON that can stand in a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Html(text)


def css_string(text: str) -> Html:
    """A string of a style sheet; everything but letters, digits and spaces is written as its number."""
    return Html(
        '"'
        + "".join(
            character if character.isalnum() or character == " " else f"\\{ord(character):x} " for character in text
        )
        + '"'
    )
