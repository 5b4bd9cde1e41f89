"""What every page loads and is the same for all of them: given from the first moment on.

The browser takes half a second to load and run the scripts of the libraries, in which the program is still being
imported. So the starting page loads them, and nothing here imports the libraries that they belong to. Each bundle finds
what it loads later beside its own address, so what is put together lies where the one that loads something did.
"""

from __future__ import annotations

import gzip
import importlib.util
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from threading import Lock
from typing import Any

ASSETS = Path(__file__).parent / "assets"
_SUITES = "/_dash-component-suites"
_COMPONENTS = f"{_SUITES}/dash_mantine_components/all.js"
_DASH = f"{_SUITES}/dash/dcc/all.js"
OURS = "/assets/all.js"
STYLES = "/assets/all.css"
# By its path, the files of each bundle in their order, as Dash's page names them. Others are loaded their own way.
BUNDLES = {
    _COMPONENTS: (
        "dash/deps/polyfill@7.12.1.min.js",
        "dash/deps/react@18.3.1.min.js",
        "dash/deps/react-dom@18.3.1.min.js",
        "dash/deps/prop-types@15.8.1.min.js",
        "dash_mantine_components/dash_mantine_components.js",
    ),
    OURS: ("burndown.js", "frame.js"),
    _DASH: (
        "dash/dash-renderer/build/dash_renderer.min.js",
        "dash/dcc/dash_core_components.js",
        "dash/dcc/dash_core_components-shared.js",
        "dash/html/dash_html_components.min.js",
        "dash/dash_table/bundle.js",
    ),
    STYLES: ("burndown.css", "chart.css", "frame.css"),
}
# What they load later themselves and the first page needs at once: the drawing of a chart. It announces itself to them.
_SOON = {_DASH: ("dash/dcc/async-graph.js",)}
# What a library's file says otherwise here, so that less is done before the first page; each stands in it once.
CHANGES = {
    # Of what mends old browsers only the part that the libraries themselves call: none that runs the chart library
    # lacks the rest, and looking whether it does took longer than any library.
    "dash/deps/polyfill@7.12.1.min.js": ((b"},{},[306]);", b"},{},[305]);"),),
    # In parentheses a function is compiled while the file is being loaded. Else it is read twice, the second time
    # by the thread that draws.
    "dash_mantine_components/dash_mantine_components.js": (
        (b"}(self,(e,n)=>(()=>{", b"}(self,((e,n)=>(()=>{"),
        (b"(),m})());", b"(),m})()));"),
    ),
}
# The chart library is loaded deferred and only announced at once (plotly-later.js): run in place, its megabyte
# would hold up the first callback; found missing, Dash would fetch its own bundle of four times the size.
ANNOUNCED, CHARTS = "/assets/early/plotly-later.js", "/assets/vendor/plotly.min.js"
# For good: the address is another one in each run.
_KEPT = {"Cache-Control": "max-age=31536000, immutable", "Vary": "Accept-Encoding"}
# Little, and at once: once in a run, while the browser waits for it.
_LEVEL = 1
_packing = Lock()


@dataclass(frozen=True, slots=True)
class Content:
    """The content of an answer, what kind it is, and its further headers."""

    content: bytes
    kind: str
    headers: Mapping[str, str]


@cache
def _mark() -> str:
    """Of this run: no browser keeps what another server, or another version, gave it at this port."""
    return secrets.token_hex(8)


def address_of(path: str) -> str:
    """The path of a bundle with its mark."""
    # Dash looks whether its page names the part of it that draws.
    return f"{path}?m={_mark()}{'&with=dash-renderer' if path == _DASH else ''}"


def bundle(path: str) -> bytes:
    """The files of that bundle as one, packed with gzip. Raises OSError where a library lacks one of them."""
    with _packing:
        return _packed(path)


@cache
def _packed(path: str) -> bytes:
    between = b"\n" if path == STYLES else b"\n;\n"
    return gzip.compress(between.join(map(_content, (*BUNDLES[path], *_SOON.get(path, ())))), _LEVEL, mtime=0)


def _content(name: str) -> bytes:
    return changed(original(name), CHANGES.get(name, ()))


def original(name: str) -> bytes:
    """That file as the library has it. Raises OSError where it does not."""
    package, _, path = name.partition("/")
    if not path:
        return (ASSETS / name).read_bytes()
    spec = importlib.util.find_spec(package)
    folders = (spec.submodule_search_locations if spec is not None else None) or ()
    file = next((file for folder in folders if (file := Path(folder) / path).is_file()), None)
    if file is None:
        raise FileNotFoundError(name)
    return file.read_bytes()


def changed(content: bytes, instead: Sequence[tuple[bytes, bytes]]) -> bytes:
    """With the second of each pair in place of the first; as it is where it is another file than is known here."""
    if any(content.count(old) != 1 for old, _ in instead):
        return content
    for old, new in instead:
        content = content.replace(old, new)
    return content


def tags() -> str:
    """For the head of a page that is shown before any of them is there: it waits for none, and runs none of ours.

    Its own script loads those that are marked as `next`, one after the other.
    """
    loaded = [f'<script defer src="{escape(address)}"></script>' for address in (ANNOUNCED, address_of(_COMPONENTS))]
    then = [f'<link data-next="script" href="{escape(address)}">' for address in (address_of(_DASH), CHARTS)]
    soon = ((OURS, "script"), (STYLES, "style"))
    preloaded = [f'<link rel="preload" as="{kind}" href="{address_of(path)}">' for path, kind in soon]
    return "".join([*loaded, *then, *preloaded])


def answer(environ: Mapping[str, Any]) -> Content | None:
    """To a question for one of these; None to any other, and where the libraries are other ones."""
    path = environ.get("PATH_INFO", "")
    try:
        if path in (ANNOUNCED, CHARTS):
            return Content((ASSETS / path.removeprefix("/assets/")).read_bytes(), _kind(path), {})
        packed = bundle(path) if path in BUNDLES else b""
    except OSError:
        return None
    if not packed:
        return None
    if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        return Content(packed, _kind(path), {**_KEPT, "Content-Encoding": "gzip"})
    return Content(gzip.decompress(packed), _kind(path), _KEPT)


def _kind(path: str) -> str:
    return f"text/{'css' if path == STYLES else 'javascript'}; charset=utf-8"
