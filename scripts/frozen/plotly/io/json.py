"""Dash's answers as JSON, by plotly's rules."""

import orjson

# JSON stands inside script elements of the page: no character of it may end one, or break a line of JavaScript.
_ESCAPES = (
    ("<", "\\u003c"),
    (">", "\\u003e"),
    ("/", "\\u002f"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)


def to_json_plotly(plotly_object: object) -> str:
    """Components, figures and plain values as text; NaN and infinity become null, other keys than text become text.

    Raises TypeError for a value that has no JSON form.
    """
    text = orjson.dumps(plotly_object, default=_jsonable, option=orjson.OPT_NON_STR_KEYS).decode()
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text


def _jsonable(value: object) -> object:
    if hasattr(value, "to_plotly_json"):
        return value.to_plotly_json()
    raise TypeError(f"{type(value).__name__} has no JSON form")
