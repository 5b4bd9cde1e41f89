"""JSON text in and out, by the fast library where it can and by the standard one where the text is odd."""

from __future__ import annotations

import json
from typing import Any

import orjson


def parse(text: bytes) -> Any:
    """Raises ValueError or RecursionError. Half surrogate pairs and the like are read as Jira meant them."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def dump(document: Any) -> bytes:
    """UTF-8, without blanks."""
    try:
        return orjson.dumps(document)
    except TypeError:
        return json.dumps(document, separators=(",", ":")).encode()
