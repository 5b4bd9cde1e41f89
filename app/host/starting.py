"""The page that stands in for the app until it is ready: what is going on, how far it is, what went wrong."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from app.errors import Cancelled
from app.host.wsgi import Answer, page, reader_for, send
from app.words import N_, _, read_by

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_BODY = """
<h1 id="title">{title}</h1>
<p id="text" role="status">{text}</p>
<progress id="bar" aria-labelledby="text" hidden></progress>
<button id="restore" hidden></button>
<button id="quit" hidden data-failed="{failed}" data-stopped="{stopped}" data-again="{again}">{quit}</button>
<noscript><p>{noscript}</p></noscript>
"""
_WORDS = {
    "title": N_("Burndown is starting"),
    "text": N_("One moment."),
    "failed": N_("Burndown could not start"),
    "stopped": N_("Burndown has stopped"),
    "again": N_("Start it again; it opens a fresh page."),
    "quit": N_("Quit Burndown"),
    "noscript": N_("Burndown needs JavaScript. Allow it for this address and reload the page."),
}
# What the store and the loading say meanwhile, in English: said in the reader's language where they are shown.
STEPS = (
    N_("Opening your data."),
    N_("Loading the pages."),
    N_("Putting the backup back."),
    N_("Checking the new database"),
    N_("Putting the new database in place"),
    N_("Setting the old files aside"),
)

# Of every page of ours, before any other script: takes the key out of the address into the storage, which only pages of
# this address and port can read, and sends it along with every request. A tab of an earlier run is told that it is one.
KEY_SCRIPT = """
(() => {
  const given = (/^#key=([\\w-]+)$/.exec(location.hash) || [])[1];
  let known = given || '';
  try { if (given) localStorage.setItem('burndown-key', given); } catch { /* storage is off: this tab knows it */ }
  if (given) history.replaceState(null, '', location.pathname + location.search);
  function key() {
    try { return localStorage.getItem('burndown-key') || known; } catch { return known; }
  }
  const ask = window.fetch.bind(window);
  window.fetch = async (what, how = {}) => {
    const address = new URL(what instanceof Request ? what.url : what, location.href);
    if (address.origin !== location.origin) return ask(what, how);
    const headers = new Headers(how.headers || (what instanceof Request ? what.headers : {}));
    headers.set('X-Burndown-Key', key());
    const answer = await ask(what, { ...how, headers });
    if (answer.status === 403) {
      const text = await answer.clone().text();
      document.open(); document.write(text); document.close();
    }
    return answer;
  };
})();
"""

# A page name of its own lets the server tell "this page was left" from "the last page was left".
_SCRIPT = """
const page = Math.random().toString(36).slice(2);
const at = (id) => document.getElementById(id);
let missed = 0;
let quitting = false;
function show(now) {
  if (now.text) at('text').textContent = now.text;
  at('bar').hidden = !now.total;
  if (now.total) { at('bar').max = now.total; at('bar').value = now.done; }
  if (now.state === 'failed') {
    at('title').textContent = at('quit').dataset.failed;
    at('quit').hidden = false;
    at('restore').textContent = now.offer;
    at('restore').hidden = !now.offer;
  }
}
async function look() {
  let pause = 100;
  try {
    const answer = await fetch('/_start/status?page=' + page);
    if (answer.status === 403) return;
    const now = await answer.json();
    missed = 0;
    if (now.state === 'ready') { location.replace(location.pathname + location.search); return; }
    show(now);
    if (now.state === 'failed') pause = 5000;
  } catch {
    missed += 1;
    if (missed === 12 && !quitting) {
      at('title').textContent = at('quit').dataset.stopped;
      at('text').textContent = at('quit').dataset.again;
      at('bar').hidden = true;
      at('quit').hidden = true;
      at('restore').hidden = true;
    }
  }
  setTimeout(look, pause);
}
at('quit').addEventListener('click', async () => {
  quitting = true;
  const answer = await fetch('/_quit', { method: 'POST' });
  const text = await answer.text();
  document.open(); document.write(text); document.close();
});
at('restore').addEventListener('click', () => fetch('/_restore', { method: 'POST' }).then(() => location.reload()));
addEventListener('pagehide', () => navigator.sendBeacon('/_bye?page=' + page));
look();
"""


def script_hash(script: str = KEY_SCRIPT + _SCRIPT) -> str:
    """The script, by itself that of the starting page, as a source for the CSP."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@dataclass(frozen=True, slots=True)
class Offer:
    """A way out of a start that failed: what the button says, and what pressing it does before the next attempt."""

    label: str
    take: Callable[[], None]


class Starting:
    """The state of the start, and the WSGI app that shows it. Thread-safe; itself a `Progress`.

    `stop_asked`: whether the user has quit meanwhile; a long step then ends with Cancelled.
    `on_accept` is called when the user presses the button of an offer.
    """

    def __init__(
        self, stop_asked: Callable[[], bool] = lambda: False, on_accept: Callable[[], None] = lambda: None
    ) -> None:
        self._stop_asked = stop_asked
        self._on_accept = on_accept
        self._offer: Offer | None = None
        self._accepted: Offer | None = None
        self._lock = threading.Lock()
        self._state = "starting"
        self._text = ""
        self._done = 0
        self._total = 0

    def step(self, done: int, total: int, text: str = "") -> None:
        if self._stop_asked():
            raise Cancelled(N_("Stopped while starting; your data is as it was."))
        with self._lock:
            self._done, self._total = done, total
            self._text = text or self._text

    def fail(self, text: str) -> None:
        with self._lock:
            self._state, self._text, self._done, self._total = "failed", text, 0, 0

    def ready(self) -> None:
        with self._lock:
            self._state = "ready"

    def offer(self, offer: Offer) -> None:
        """Shown once the start has failed."""
        with self._lock:
            self._offer = offer

    def accept(self) -> None:
        """The button was pressed. Pressed again, or with nothing on offer, it does nothing."""
        with self._lock:
            if self._state != "failed" or self._offer is None:
                return
            self._accepted, self._offer = self._offer, None
            self._state, self._text = "starting", "One moment."
        self._on_accept()

    def accepted(self) -> Offer | None:
        """The offer that was accepted since the last call."""
        with self._lock:
            accepted, self._accepted = self._accepted, None
        return accepted

    def status(self, languages: str = "") -> dict[str, object]:
        """What the page polls, as JSON values. `state`: starting, failed, ready; `offer`: a button's text or none.

        `languages` as in the header Accept-Language.
        """
        with self._lock, read_by(reader_for(languages)):
            return {
                "state": self._state,
                "text": _(self._text),
                "done": self._done,
                "total": self._total,
                "offer": _(self._offer.label) if self._offer else "",
            }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        accepts_page = "text/html" in environ.get("HTTP_ACCEPT", "") or environ.get("PATH_INFO") == "/"
        if environ["REQUEST_METHOD"] == "GET" and accepts_page:
            return send(_page_in(environ.get("HTTP_ACCEPT_LANGUAGE", "")), start_response)
        return send(_NOT_YET, start_response)


def _page_in(languages: str) -> Answer:
    reader = reader_for(languages)
    with read_by(reader):
        words = {name: escape(_(text)) for name, text in _WORDS.items()}
    return page("Burndown", _BODY.format(**words), script=KEY_SCRIPT + _SCRIPT, language=reader.language)


_NOT_YET = Answer(HTTPStatus.SERVICE_UNAVAILABLE, b"Burndown is starting.", headers=(("Retry-After", "1"),))
STOPPING = Answer(HTTPStatus.SERVICE_UNAVAILABLE, b"Burndown is stopping.")
