"""Small fixed answers of our own server, given without Flask so that they exist before it is imported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from app.words import Reader, _, read_by, reader_of

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#f7f8fa, #15181c); color: light-dark(#1c2126, #e6e9ec); }
main { width: min(34rem, 100vw - 4rem); }
h1 { font-size: 1.35rem; font-weight: 600; margin: 0 0 .5rem; }
p { margin: .5rem 0; white-space: pre-line; overflow-wrap: anywhere; }
progress { width: 100%; height: .5rem; margin-top: 1rem; accent-color: light-dark(#1f6feb, #6ea8fe); }
button { font: inherit; margin-top: 1rem; padding: .45rem 1.1rem; border-radius: .4rem; cursor: pointer;
  border: 1px solid light-dark(#8a939c, #77818a); background: transparent; color: inherit; }
[hidden] { display: none; }
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete response. `headers` come on top of content type and length."""

    status: HTTPStatus
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


def send(answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
    headers = [
        ("Content-Type", answer.content_type),
        ("Content-Length", str(len(answer.body))),
        *answer.headers,
    ]
    start_response(f"{answer.status.value} {answer.status.phrase}", headers)
    return [answer.body]


def page(
    title: str,
    body: str,
    status: HTTPStatus = HTTPStatus.OK,
    script: str = "",
    head: str = "",
    language: str = "en",
) -> Answer:
    """One self-contained page. `body` and `head` are HTML; `script` runs only if its hash is in the CSP."""
    code = f"<script>{script}</script>" if script else ""
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # An empty icon: else browsers ask for one that is not there yet, or no longer.
        '<link rel="icon" href="data:,">'
        f"{head}<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>{body}</main>{code}</body></html>"
    )
    return Answer(status, html.encode(), "text/html; charset=utf-8")


def reader_for(languages: str) -> Reader:
    """Who has these languages set, as in Accept-Language. What was chosen in the program lies in the data."""
    return reader_of([part.partition(";")[0] for part in languages.split(",")])


def message_page(title: str, *texts: str, status: HTTPStatus = HTTPStatus.OK, languages: str = "") -> Answer:
    """A page with a heading and plain texts below each other, escaped and in the reader's language."""
    reader = reader_for(languages)
    with read_by(reader):
        head, text = _(title), "\n".join(_(sentence) for sentence in texts)
    body = f"<h1>{escape(head)}</h1><p>{escape(text)}</p>"
    return page(f"{head} - Burndown", body, status, language=reader.language)


def json_answer(values: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Answer(status, json.dumps(values).encode(), "application/json")


def query_value(environ: Mapping[str, Any], name: str) -> str:
    """The first value of a query parameter, or an empty text."""
    values = parse_qs(str(environ.get("QUERY_STRING", ""))).get(name)
    return values[0] if values else ""
