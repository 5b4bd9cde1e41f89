"""The scripts of the component libraries as two files in place of ten, and our style sheets as one, compressed: fewer
questions for a first load.

Each of them finds what it loads later beside its own address, so what is put together lies where the one that loads
something did: what comes before our own scripts beside the components, what follows them beside Dash's own.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotFound

_SUITES = "/_dash-component-suites/"
_TAG = re.compile(r'<script src="([^"]+)"></script>')
_STYLE = re.compile(r'<link rel="stylesheet" href="/assets/([^"?/]+\.css)[^"]*">')
_STYLES = "/assets/all.css"
_PLACES = ("dash_mantine_components", "dash/dcc")
_NAME = "all.js"
# For good: the address changes with what is in it.
_KEPT = {"Cache-Control": "max-age=31536000, immutable", "Vary": "Accept-Encoding"}
# Little, and at once: once in a run, while the browser waits for it.
_LEVEL = 1


class Bundles:
    """`read` gives the content behind an address of the component libraries, within a request; `asset` that of a file
    of our own."""

    def __init__(self, read: Callable[[str, str], bytes], asset: Callable[[str], bytes] = lambda name: b"") -> None:
        self._read = read
        self._asset = asset
        self._styles = b""
        self._sources: dict[str, tuple[str, ...]] = {}
        self._packed: dict[str, bytes] = {}

    def tags(self, html: str) -> str:
        """The script tags with each run of libraries' scripts as one."""
        sources = _TAG.findall(html)
        if _TAG.sub("", html).strip():
            # Not as it is known: left alone.
            return html
        runs = [(is_library, tuple(run)) for is_library, run in groupby(sources, _is_library)]
        places = iter(_PLACES)
        addresses = [address for is_library, run in runs
                     for address in (self._as_one(run, next(places, "")) if is_library else run)]  # fmt: skip
        return "\n".join(f'<script src="{address}"></script>' for address in addresses)

    def style_tags(self, html: str) -> str:
        """Our style sheets as one, in their order; what is not known is left alone."""
        names = _STYLE.findall(html)
        if not names or _STYLE.sub("", html).strip():
            return html
        self._styles = b"\n".join(map(self._asset, names))
        mark = hashlib.sha256(self._styles).hexdigest()[:16]
        return f'<link rel="stylesheet" href="{_STYLES}?m={mark}">'

    def _as_one(self, sources: tuple[str, ...], place: str) -> tuple[str, ...]:
        if not place:
            return sources
        mark = hashlib.sha256(" ".join(sources).encode()).hexdigest()[:16]
        self._sources[place] = sources
        # Dash looks whether its page names the part of it that draws.
        named = "&with=dash-renderer" if any("dash_renderer" in source for source in sources) else ""
        return (f"{_SUITES}{place}/{_NAME}?m={mark}{named}",)

    def add_routes(self, server: Any) -> None:
        for place in _PLACES:
            server.add_url_rule(f"{_SUITES}{place}/{_NAME}", f"all-{place}", partial(self._answer, place))
        server.add_url_rule(_STYLES, "all-styles", self._all_styles)

    def _answer(self, place: str) -> Response:
        sources = self._sources.get(place)
        if sources is None:
            raise NotFound
        return self._sent(" ".join(sources), lambda: b"\n;\n".join(map(self._content, sources)), "text/javascript")

    def _all_styles(self) -> Response:
        if not self._styles:
            raise NotFound
        return self._sent(_STYLES, lambda: self._styles, "text/css")

    def _sent(self, key: str, content: Callable[[], bytes], kind: str) -> Response:
        if key not in self._packed:
            self._packed[key] = gzip.compress(content(), _LEVEL, mtime=0)
        headers = dict(_KEPT)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers |= {"Content-Encoding": "gzip"}
            return Response(self._packed[key], mimetype=kind, headers=headers)
        return Response(gzip.decompress(self._packed[key]), mimetype=kind, headers=headers)

    def _content(self, source: str) -> bytes:
        package, _, path = source.partition("?")[0].removeprefix(_SUITES).partition("/")
        return self._read(package, path)


def _is_library(source: str) -> bool:
    return source.startswith(_SUITES)
