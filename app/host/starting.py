"""The page that stands in for the app until it is ready: what is going on, how far it is, what went wrong."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from app import early
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
    // What was sent along with the page is there already, for the first who asks (app.web.sent_along).
    const along = [...document.querySelectorAll('script[data-answer]')]
      .find((tag) => tag.dataset.answer === address.pathname);
    if (along) {
      along.remove();
      return new Response(along.textContent, { headers: { 'Content-Type': 'application/json' } });
    }
    const headers = new Headers(how.headers || (what instanceof Request ? what.headers : {}));
    headers.set('X-Burndown-Key', key());
    const answer = await ask(what, { ...how, headers });
    // A page that waits for the program stays, whatever it asks meanwhile, and so does one that only says it is there.
    const waits = address.pathname === '/_alive' || 'gone' in document.documentElement.dataset;
    if (answer.status === 403 && !waits) {
      const text = await answer.clone().text();
      document.open(); document.write(text); document.close();
    }
    return answer;
  };
})();
"""

# A page name of its own lets the server tell "this page was left" from "the last page was left". All in a function: the
# page that this one becomes has names of its own.
_SCRIPT = """
(() => {
const page = Math.random().toString(36).slice(2);
const at = (id) => document.getElementById(id);
let missed = 0;
let seen = -1;
let quitting = false;
const sources = (of) => Array.from(of.querySelectorAll('script[src]'), (tag) => tag.getAttribute('src'));
const bye = () => navigator.sendBeacon('/_bye?page=' + page);
const style = document.querySelector('style');
function put(where, name, attributes) {
  return new Promise((loaded, failed) => {
    const tag = document.createElement(name);
    Object.assign(tag, { ...attributes, onload: loaded, onerror: failed });
    where(tag);
  });
}
// The libraries one after the other: side by side they would take the processor from the program, for which all wait.
const load = (link) =>
  put((tag) => document.head.append(tag), 'script', { src: link.getAttribute('href'), async: false });
const [dash, charts] = document.querySelectorAll('link[data-next]');
const first = document.querySelector('script[src*="/all.js"]');
const scripts = new Promise((loaded) => { first.onload = first.onerror = loaded; })
  .then(() => load(dash)).catch(() => {});
// The first drawing of a chart takes a quarter of a second longer than others: done here, where somebody waits anyway.
scripts.then(() => load(charts)).then(() => setTimeout(() => {
  const nowhere = document.createElement('div');
  window.Plotly.newPlot(nowhere, [{ x: [0, 1], y: [0, 1] }], { width: 300, height: 200 })
    .then(() => window.Plotly.purge(nowhere)).catch(() => {});
})).catch(() => {});
// The page takes this one's place without being loaded: its libraries have run here, while the program was loading.
async function becomeThePage() {
  const answer = await fetch(location.pathname + location.search, { headers: { Accept: 'text/html' } });
  const there = new DOMParser().parseFromString(await answer.text(), 'text/html');
  await scripts;
  const wanted = sources(there);
  const isAlike = there.documentElement.lang === document.documentElement.lang;
  if (!window.DashRenderer || !isAlike || !sources(document).every((source) => wanted.includes(source))) return false;
  const ours = wanted.filter((source) => !sources(document).includes(source));
  const styles = Array.from(there.querySelectorAll('link[rel=stylesheet]'), (tag) => tag.getAttribute('href'));
  // Before what the libraries have put in, as if they came later.
  await Promise.all(styles.map((href) => put((tag) => style.before(tag), 'link', { rel: 'stylesheet', href })));
  for (const { name, value } of there.documentElement.attributes) document.documentElement.setAttribute(name, value);
  document.title = there.title;
  document.querySelector('link[rel=icon]').replaceWith(there.querySelector('link[rel=icon]'));
  style.remove();
  there.querySelectorAll('script:not([type="application/json"])').forEach((tag) => tag.remove());
  document.body.replaceChildren(...there.body.childNodes);
  await Promise.all(ours.map((src) => put((tag) => document.body.append(tag), 'script', { src, async: false })));
  removeEventListener('pagehide', bye);
  bye();
  new window.DashRenderer();
  return true;
}
async function enter() {
  try { if (await becomeThePage()) return; } catch { /* it is loaded, then */ }
  location.replace(location.pathname + location.search);
}
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
  let pause = 20;
  try {
    const answer = await fetch('/_start/status?page=' + page + '&after=' + seen);
    if (answer.status === 403) return;
    const now = await answer.json();
    missed = 0;
    seen = now.at;
    if (now.state === 'ready') { enter(); return; }
    show(now);
    if (now.state === 'failed') pause = 5000;
  } catch {
    pause = 100;
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
addEventListener('pagehide', bye);
look();
})();
"""

# A page's question waits that long, and so often it is looked whether the user has quit meanwhile.
_LOOK_SECONDS, _LOOKS, _MOST_WAITING = 0.1, 10, 2


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
        self._changed = threading.Condition()
        self._at = 0
        self._waiting = 0
        self._state = "starting"
        self._text = ""
        self._done = 0
        self._total = 0

    def step(self, done: int, total: int, text: str = "") -> None:
        if self._stop_asked():
            raise Cancelled(N_("Stopped while starting; your data is as it was."))
        with self._change():
            self._done, self._total = done, total
            self._text = text or self._text

    def fail(self, text: str) -> None:
        with self._change():
            self._state, self._text, self._done, self._total = "failed", text, 0, 0

    def ready(self) -> None:
        with self._change():
            self._state = "ready"

    def offer(self, offer: Offer) -> None:
        """Shown once the start has failed."""
        with self._change():
            self._offer = offer

    def accept(self) -> None:
        """The button was pressed. Pressed again, or with nothing on offer, it does nothing."""
        with self._change():
            if self._state != "failed" or self._offer is None:
                return
            self._accepted, self._offer = self._offer, None
            self._state, self._text = "starting", "One moment."
        self._on_accept()

    def accepted(self) -> Offer | None:
        """The offer that was accepted since the last call."""
        with self._changed:
            accepted, self._accepted = self._accepted, None
        return accepted

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        with self._changed:
            before = self._shown()
            yield
            if self._shown() != before:
                self._at += 1
                self._changed.notify_all()

    def _shown(self) -> tuple[object, ...]:
        return self._state, self._text, self._done, self._total, self._offer

    def wait_beyond(self, at: int) -> None:
        """Returns once it has changed since then, the user has quit, or a second is over: so a page asks less often and
        knows sooner. Of many pages only some wait: the questions of the others must find a free thread."""
        with self._changed:
            if self._waiting >= _MOST_WAITING:
                return
            self._waiting += 1
            for _look in range(_LOOKS):
                if self._at != at or self._state != "starting" or self._stop_asked():
                    break
                self._changed.wait(_LOOK_SECONDS)
            self._waiting -= 1

    def status(self, languages: str = "") -> dict[str, object]:
        """What the page polls, as JSON values. `state`: starting, failed, ready; `offer`: a button's text or none.

        `at`: how often it has changed. `languages` as in the header Accept-Language.
        """
        with self._changed, read_by(reader_for(languages)):
            return {
                "at": self._at,
                "state": self._state,
                "text": _(self._text),
                "done": self._done,
                "total": self._total,
                "offer": _(self._offer.label) if self._offer else "",
            }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        there = early.answer(environ) if environ["REQUEST_METHOD"] == "GET" else None
        if there is not None:
            return send(Answer(HTTPStatus.OK, there.content, there.kind, tuple(there.headers.items())), start_response)
        accepts_page = "text/html" in environ.get("HTTP_ACCEPT", "") or environ.get("PATH_INFO") == "/"
        if environ["REQUEST_METHOD"] == "GET" and accepts_page:
            return send(_page_in(environ.get("HTTP_ACCEPT_LANGUAGE", "")), start_response)
        return send(_NOT_YET, start_response)


def _page_in(languages: str) -> Answer:
    reader = reader_for(languages)
    with read_by(reader):
        words = {name: escape(_(text)) for name, text in _WORDS.items()}
    script, body = KEY_SCRIPT + _SCRIPT, _BODY.format(**words)
    return page("Burndown", body, script=script, head=early.tags(), language=reader.language)


_NOT_YET = Answer(HTTPStatus.SERVICE_UNAVAILABLE, b"Burndown is starting.", headers=(("Retry-After", "1"),))
STOPPING = Answer(HTTPStatus.SERVICE_UNAVAILABLE, b"Burndown is stopping.")
