"""The scripts of a page as three files in place of twelve, and our style sheets as one, compressed: fewer questions for
a first load. What the starting page has loaded already has the same address here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from dash.fingerprint import check_fingerprint
from flask import Response, request
from werkzeug.exceptions import NotFound

from app.early import BUNDLES, address_of, answer

_SUITES = "/_dash-component-suites/"
_TAG = re.compile(r'<script src="([^"]+)"></script>')
_STYLE = re.compile(r'<link rel="stylesheet" href="(/assets/[^"?/]+\.css)[^"]*">')


class Bundles:
    """`files`: those of each bundle, by its path."""

    def __init__(self, files: Mapping[str, tuple[str, ...]] = BUNDLES) -> None:
        self._paths = {names: path for path, names in files.items()}

    def tags(self, html: str) -> str:
        """The script tags with each run of libraries' scripts, and of ours, as one; what is not known is left alone."""
        sources = _TAG.findall(html)
        if _TAG.sub("", html).strip():
            return html
        runs = [tuple(run) for _, run in groupby(sources, lambda source: source.startswith(_SUITES))]
        return "\n".join(f'<script src="{address}"></script>' for run in runs for address in self._as_one(run))

    def style_tags(self, html: str) -> str:
        """Our style sheets as one, in their order; what is not known is left alone."""
        names = tuple(_STYLE.findall(html))
        if not names or _STYLE.sub("", html).strip():
            return html
        return "\n".join(f'<link rel="stylesheet" href="{address}">' for address in self._as_one(names))

    def _as_one(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        path = self._paths.get(tuple(map(_name, sources)))
        return sources if path is None else (address_of(path),)


def add_routes(server: Any) -> None:
    for path in BUNDLES:
        server.add_url_rule(path, f"all{path}", _bundle)


def _bundle() -> Response:
    there = answer(request.environ)
    if there is None:
        raise NotFound
    return Response(there.content, headers=there.headers, content_type=there.kind)


def _name(source: str) -> str:
    """The file at that address: without what the address says of its version."""
    path = source.partition("?")[0]
    if not path.startswith(_SUITES):
        return path.removeprefix("/assets/")
    name: str = check_fingerprint(path.removeprefix(_SUITES))[0]
    return name
