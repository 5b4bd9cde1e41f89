"""The scripts of a report, and their hashes: a policy names them before the first report is made."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from app.output.html import Html

ASSETS = Path(__file__).parents[1] / "assets"
# Addresses in the library that it would only follow on a click of somebody; namespaces of XML are no addresses.
_ADDRESS = re.compile(r'"https?://(?!www\.w3\.org/)[^"]*"')


@cache
def scripts() -> tuple[Html, Html]:
    """The chart library, without the addresses in it, and what draws the figures with it."""
    library = (ASSETS / "vendor" / "plotly.min.js").read_text(encoding="utf-8")
    ours = (ASSETS / "report" / "report.js").read_text(encoding="utf-8")
    return Html(_ADDRESS.sub('"#"', library)), Html(ours)


@cache
def script_hashes() -> tuple[str, ...]:
    """Of the scripts in every report, as a content security policy names them."""
    digests = (hashlib.sha256(text.encode()).digest() for text in scripts())
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
