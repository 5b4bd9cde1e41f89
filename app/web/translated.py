"""What leaves for the browser, said in its reader's language: texts that were marked before anybody read them."""

from __future__ import annotations

from typing import Any

from app.words import Text, _
from store.texts import Text as OfTheStore

# Of a figure: numbers, days and names of points, thousands of them and none a text of ours. Of a component: its nature.
_NO_TEXTS = frozenset(
    ("x", "y", "z", "customdata", "id", "_prop_names", "_valid_wildcard_attributes", "available_properties",
     "available_wildcard_properties")
)  # fmt: skip


def translated(part: Any) -> Any:
    """The same with every marked text in it said: in lists, dictionaries and components; these are changed in place."""
    kind = type(part)
    if kind is Text or kind is OfTheStore:
        return _(part)
    if kind is list or kind is tuple:
        return kind(map(translated, part))
    if kind is dict:
        return {name: value if name in _NO_TEXTS else translated(value) for name, value in part.items()}
    if hasattr(part, "to_plotly_json"):
        properties = vars(part)
        for name, value in properties.items():
            if name not in _NO_TEXTS:
                properties[name] = translated(value)
    return part
