"""HTTP to one server: trust, time-outs, redirects, waiting and caps. The one place that opens a connection.

Before each request the `Purpose` is asked whether anything may go out, and after it told what went.

Everything we ask of Jira only reads, so that every request may be repeated.
"""

from __future__ import annotations

import math
import re
import ssl
import threading
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import requests
import truststore
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth

from app.errors import Offline
from app.jira.errors import (
    BadAnswer,
    BrokenOff,
    JiraDown,
    NotTrusted,
    RateLimited,
    Redirected,
    TimedOut,
    TooLarge,
    TooMuch,
    Unreachable,
    WrongAddress,
)
from app.jira.http.address import places, plain_base_url, wrong_address
from app.jira.http.login import clean_email, clean_token
from app.jira.http.proxies import odd_proxy, refused_by_proxy
from app.jira.http.side_by_side import CONNECTIONS, MOST
from app.jira.http.text import dump, parse, parts_of, short_of_texts, without_long_texts
from app.jira.http.waits import TIMED_OUT, Interrupted, Pausing, Waits
from app.network import Purpose
from app.words import N_
from store import echoes
from store.origins import origin_of

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 502, 503, 504})
_JSON = {"Content-Type": "application/json"}
# More than a page of issues, which then comes in one piece.
_CHUNK_BYTES = 256 * 1024
# Of an answer for each of its parts: an honest one has 10 to 14, and is not looked through.
_BYTES_A_PART = 20
# So many answers tell how soon others come.
_LAST_ANSWERS = 8
_TRIES_BROKEN = 4
# A year, in seconds: whoever asks for a longer pause asks for none.
_LONGEST_PAUSE = 366 * 86_400.0
# A shorter one may stand anywhere by chance.
_SHORTEST_SECRET, _HIDDEN = echoes.SHORTEST, echoes.HIDDEN.encode()
# Bytes of an answer that is no page of issues.
_LOOKED_THROUGH = 64 * 1024
_HALF_ASCII = tuple(bytes((each,)) for each in b"234567")
_ESCAPED = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
_UNIX_BEGIN, _FARTHEST = 1970, 2999


@dataclass(frozen=True, slots=True)
class Connection:
    """Where Jira is and who asks. E-mail and token: Cloud. Token alone: personal access token. Neither: anonymous."""

    base_url: str
    email: str = ""
    token: str = field(default="", repr=False)
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps. Seconds for a connection, a silence and a whole answer, from the look-up of a name to its last byte; bytes
    of one answer; parts, each a value or a name, of one answer, of those that are kept together and of those that come
    side by side, where of long texts 20 bytes count as one; pages of one listing; how often a busy server is asked
    again and how long is waited, once and in all; within which time an answer comes at once.

    What Jira gives out at once, 100 issues with 20 changes each, 5,000 fields or 10,000 changes, has 2, 1.5 and 9 MB,
    and 150,000, 145,000 and 670,000 parts. As many as may be kept together take less than 200 MB of memory, and with
    what is made of them less than 300.
    """

    connect_seconds: float = 10.0
    silence_seconds: float = 30.0
    answer_seconds: float = 180.0
    answer_bytes: int = 24 * 1024 * 1024
    answer_parts: int = 1_000_000
    gathered_parts: int = 2_200_000
    side_by_side_parts: int = 2_000_000
    pages: int = 20_000
    redirects: int = 5
    tries: int = 6
    wait_seconds: float = 120.0
    wait_in_all_seconds: float = 600.0
    at_once_seconds: float = 0.01


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers in any case, and the JSON document; None where the body is none."""

    status: int
    headers: Mapping[str, str]
    document: Any


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Nobody(AuthBase):
    """Says nothing. Without it requests would look for passwords in the user's .netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Session(requests.Session):
    """Looks for proxies in the environment once: all requests go to one server, and each look takes a while."""

    _environment: Any = None

    def __init__(self) -> None:
        super().__init__()
        self._headers: dict[str, Any] = {}

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Of each method all say the same but for address, cookies and body: to put the rest together anew took two
        thirds of the time."""
        headers = self._headers.get(request.method)
        if headers is None:
            prepared = super().prepare_request(request)
            headers = self._headers[request.method] = prepared.headers.copy()
            for name in ("Cookie", "Content-Length"):
                headers.pop(name, None)
            return prepared
        prepared = requests.PreparedRequest()
        prepared.method, prepared.headers, prepared.hooks = request.method, headers.copy(), self.hooks
        prepared.prepare_url(request.url, request.params)
        prepared.prepare_cookies(self.cookies)
        prepared.prepare_body(request.data, None)
        return prepared

    @property
    def proxies_used(self) -> Mapping[str, str]:
        """By scheme, as far as they were looked for."""
        return (self._environment or {}).get("proxies") or {}

    def resolve_redirects(self, *args: Any, **kwargs: Any) -> Any:
        """None: requests would look at where a redirect leads even where it is told not to follow any."""
        return iter(())

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        if self._environment is None:
            self._environment = super().merge_environment_settings(url, proxies, stream, verify, cert)
            if str(url).startswith("http:"):
                # It is this computer itself: a proxy would carry the token off it, to be read by everybody on the way.
                self._environment["proxies"] = {}
        return dict(self._environment)


class _Heard(HTTPAdapter):
    """Hears a Stop while the server is silent; keeps a connection for each of the questions asked side by side."""

    def __init__(self, waits: Waits) -> None:
        self._waits = waits
        super().__init__(pool_maxsize=CONNECTIONS)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._waits.pools()

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._waits.pools()
        return manager


class _HostTrust(_Heard):
    """Verifies certificates as the computer does, plus one optional file of authorities."""

    def __init__(self, waits: Waits, ca_file: Path | None) -> None:
        self._context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if ca_file is not None:
            self._context.load_verify_locations(cafile=str(ca_file))
        super().__init__(waits)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        # requests would put its own bundle of authorities beside the host's store.
        host, _ = super().build_connection_pool_key_attributes(request, True, cert)
        return host, {"ssl_context": self._context, "cert_reqs": "CERT_REQUIRED"}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        conn.cert_reqs = "CERT_REQUIRED"


class Transport:
    """One server, its cookies and its patience, for several threads: a pause that it asks for is one for all.

    `wait` is called for pauses and may raise, for instance Cancelled. Raises BadLogin, WrongAddress, NotTrusted.
    """

    def __init__(
        self,
        connection: Connection,
        purpose: Purpose,
        limits: Limits | None = None,
        wait: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        # Before anything else: what the login cannot be is told, and no library ever sees it.
        auth = _auth(connection)
        # Where the requests go, which is not yet certain for an address as somebody copied it.
        self.base_url = plain_base_url(connection.base_url)
        self.places = places(connection.base_url)
        self.limits = limits or Limits()
        # Those that went out, as the page that lists them counts, and those of them that were answered.
        self.sent = self.answered = 0
        self._dated = ""
        self._login = _login_of(connection)
        self._token = clean_token(connection.token)
        self._origin = _asked_of(self.base_url)
        if not self._origin:
            raise wrong_address()
        self._wait, self._now = wait, now
        # What is out of the ordinary at present, for whoever waits; else empty.
        self.doing = ""
        self._waited = 0.0
        self._pauses = 0
        self._pausing = threading.Lock()
        self._counting = threading.Lock()
        self._parsing = threading.Lock()
        self._gathered = threading.local()
        self._heaviest = 0
        self._lasted = deque[float](maxlen=_LAST_ANSWERS)
        self._purpose = purpose
        self._waits = Waits(purpose.permit, ticks)
        self._session = _Session()
        self._session.auth = auth
        self._session.headers.update({"Accept": "application/json", "User-Agent": "Burndown"})
        self._session.mount("https://", _adapter(self._waits, connection.ca_file))
        self._session.mount("http://", _Heard(self._waits))

    def heard_by(self, wait: Callable[[], None]) -> AbstractContextManager[None]:
        """Within it `wait` is called about every second in which the server is silent; what it raises ends the
        request."""
        return self._waits.heard_by(wait)

    def used_for(self, meanwhile: Callable[[], object]) -> AbstractContextManager[None]:
        """Within it `meanwhile` is called while the server works on what this thread asks; what it raises ends the
        request."""
        return self._waits.used_for(meanwhile)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """What this thread is answered within it is kept together: TooMuch is raised for more than there is room for,
        in however many pages it comes. Within another one it is a part of that."""
        before = getattr(self._gathered, "parts", None)
        self._gathered.parts = before or 0
        try:
            yield
        except TooLarge as exc:
            # What was answered within this one is let go, and asked for in smaller pieces or not at all.
            self._gathered.parts = before
            if isinstance(exc, TooMuch):
                with self._counting:
                    self._heaviest = self.limits.gathered_parts
            raise
        finally:
            if before is None:
                with self._counting:
                    self._heaviest = max(self._heaviest, self._gathered.parts or 0)
                self._gathered.parts = None

    def room(self) -> int:
        """How many that are gathered as those so far were may lie in memory at the same time: two before any came."""
        return min(MOST, self.limits.side_by_side_parts // self._heaviest) if self._heaviest else 2

    def answers_at_once(self) -> bool:
        """Whether the last answers came so soon that nothing is gained by asking for several at a time, as from a
        server on the same machine."""
        lasted, most = sorted(self._lasted.copy()), self.limits.at_once_seconds
        # A quarter of them: a busy computer makes one or the other late, and lists of thousands of ids come late, after
        # which threads for no more than two questions took an eighth of a sync.
        return len(lasted) == _LAST_ANSWERS and lasted[_LAST_ANSWERS // 4] <= most and lasted[-1] <= most * 10

    @property
    def dated(self) -> datetime | None:
        """What the last answer's header said, which has no offset of the server's own."""
        return _instant(self._dated)

    def close(self) -> None:
        self._session.close()

    def get(self, path: str, **parameters: Any) -> Answer:
        """GET relative to the base address. Raises JiraError for everything but an answer."""
        # To sign commas too makes the address of a hundred ids half as long again, and each sign of it is looked at.
        return self._patiently("GET", path, {"params": urlencode(parameters, safe=",()")})

    def post(self, path: str, document: Any) -> Answer:
        """POST of a JSON document. Raises JiraError for everything but an answer."""
        return self._patiently("POST", path, {"data": dump(document), "headers": _JSON})

    def _patiently(self, method: str, path: str, content: dict[str, Any]) -> Answer:
        """Ask again while the server is busy or the connection breaks, within the limits."""
        attempt = 0
        while True:
            attempt += 1
            last = attempt >= self.limits.tries
            with self._pausing:
                pauses = self._pauses
            try:
                with self._waits.within(self.limits.answer_seconds):
                    answer = self._follow(method, self.base_url + path, content)
            except Unreachable as exc:
                tries = self._tries(exc)
                if attempt >= tries or not self.answered:
                    raise
                self.say(N_("The connection broke; trying again, {count} of {tries}", count=attempt + 1, tries=tries))
                self._pause(2.0 ** (attempt - 1), pauses, self.doing)
                continue
            self.say("")
            if answer.status not in _BUSY:
                return answer
            if last:
                raise _still_busy(answer.status)
            self._pause(_asked_wait(answer.headers, self._now()) or 2.0 ** (attempt - 1), pauses)

    def _tries(self, error: Unreachable) -> int:
        """A server that answers and never in one piece is not asked as often as one that a network loses."""
        return min(self.limits.tries, _TRIES_BROKEN) if isinstance(error, BrokenOff) else self.limits.tries

    def say(self, text: str) -> None:
        self.doing = text

    def _pause(self, seconds: float, pauses: int, why: str = "") -> None:
        """One pause for all threads: whoever asks next waits for its end, and those that were told to at the same time
        (after as many `pauses`) have waited then."""
        with self._pausing:
            if self._pauses != pauses:
                return
            self._waited += seconds
            if seconds > self.limits.wait_seconds or self._waited > self.limits.wait_in_all_seconds:
                minutes = max(1, round(seconds / 60))
                raise RateLimited(
                    N_(
                        "Jira asks for fewer requests and a pause of {minutes} min. What was fetched is kept: "
                        "sync again then, and it goes on where it stopped.",
                        minutes=minutes,
                    )
                )
            if isinstance(self._wait, Pausing):
                self._wait(seconds, why)
            else:
                self._wait(seconds)
            self._pauses += 1

    def _follow(self, method: str, url: str, content: dict[str, Any]) -> Answer:
        """One request, with redirects followed on the same server only."""
        for _ in range(self.limits.redirects + 1):
            response, body = self._once(method, url, content)
            if response.status_code not in _REDIRECTS:
                document = self._document(response, self._without_login(body))
                return Answer(response.status_code, response.headers, self._clean(response.status_code, body, document))
            target = _target(url, response.headers.get("Location", ""))
            origin = _asked_of(target)
            if not origin or self._repeats_token(origin):
                raise Redirected(N_("This address leads on to one that cannot be used. Nothing was sent there."))
            if origin != self._origin:
                raise Redirected(
                    N_(
                        "This address leads on to {origin}. If that is your Jira, enter it as the address; "
                        "nothing was sent there.",
                        origin=origin,
                    )
                )
            if response.status_code == 303:
                method, content = "GET", {}
            url, content = target, {name: value for name, value in content.items() if name != "params"}
        raise WrongAddress(N_("The address leads round in circles. Copy it from the browser while Jira is open."))

    def _once(self, method: str, url: str, content: dict[str, Any]) -> tuple[requests.Response, bytearray]:
        # A connection that is kept open is not opened anew.
        self._purpose.permit()
        began = time.perf_counter() - self._waits.spent
        try:
            response, body = self._exchanged(method, url, content)
        except Interrupted as exc:
            raise exc.error from exc.error.__cause__
        except (requests.exceptions.SSLError, urllib3.exceptions.SSLError) as exc:
            raise _not_trusted(self.base_url) from exc
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError, TimeoutError) as exc:
            raise TimedOut(TIMED_OUT) from exc
        except requests.exceptions.ProxyError as exc:
            raise refused_by_proxy(url, self._session.proxies_used) from exc
        except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, UnicodeError) as exc:
            raise odd_proxy(exc, url, self._session.proxies_used) or wrong_address() from exc
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as exc:
            if "Read timed out" in str(exc):
                raise TimedOut(TIMED_OUT) from exc
            raise odd_proxy(exc, url, self._session.proxies_used) or self._no_connection() from exc
        with self._counting:
            self.answered += 1
            self._lasted.append(time.perf_counter() - self._waits.spent - began)
            self._dated = response.headers.get("Date") or self._dated
        return response, body

    def _no_connection(self) -> Unreachable:
        return Unreachable(
            N_(
                "No connection to {base_url}. Check the address, the network and the VPN, then try again.",
                base_url=_shown(self.base_url),
            )
        )

    def _exchanged(self, method: str, url: str, content: dict[str, Any]) -> tuple[requests.Response, bytearray]:
        """One request and its answer, noted however it ends."""
        timeout = (self.limits.connect_seconds, self.limits.silence_seconds)
        path, out, response, outcome = urlsplit(url).path, 0, None, "no answer"
        try:
            with self._session.request(
                method, url, timeout=timeout, allow_redirects=False, stream=True, **content
            ) as response:
                out, outcome = _size_of(response.request), f"{response.status_code}, broken off"
                body = self._read(response)
            outcome = str(response.status_code)
            return response, body
        except Offline:
            outcome = ""
            raise
        finally:
            came = response.raw.tell() if response is not None else 0
            if outcome:
                with self._counting:
                    self.sent += 1
                self._purpose.note(_shown(url), f"{method} {path}", (out, came), outcome)

    def _read(self, response: requests.Response) -> bytearray:
        """The body, unless it is too large; `Waits` ends one that drips in for ever."""
        body = bytearray()
        # What there is at a time: waiting for a full chunk would let a server that drips hold us for days.
        while part := self._part(response):
            body += part
            self._waits.listen()
            if len(body) > self.limits.answer_bytes:
                raise self._too_large()
        return body

    def _part(self, response: requests.Response) -> bytes:
        try:
            return response.raw.read1(_CHUNK_BYTES, decode_content=True)
        except (urllib3.exceptions.DecodeError, urllib3.exceptions.ProtocolError) as exc:
            raise BrokenOff(
                N_(
                    "{base_url} answers, but its answers break off or are damaged. Something between here and there, "
                    "such as a proxy, may change them. Try again later; what was fetched so far is kept.",
                    base_url=_shown(self.base_url),
                )
            ) from exc

    def _without_login(self, body: bytearray) -> bytearray:
        """Some servers, or what stands before them, say in an error what they were asked with; it would be kept and
        shown."""
        for secret in self._login:
            if secret in body:
                body = body.replace(secret, _HIDDEN)
        return body

    def _clean(self, status: int, body: bytearray, document: Any) -> Any:
        """What is told of an error, and whatever is short, is looked through for every way of writing the token. Pages
        of issues, of which that would take longer than to read them, are where letters of it are escaped. Parts of it
        are none in what is no error: they could be somebody's words."""
        if not self._token or (status < 300 and len(body) > _LOOKED_THROUGH and not self._is_escaped_in(body)):
            return document
        clean = echoes.without_whole if status < 300 else echoes.without
        return echoes.in_document(document, partial(clean, secret=self._token))

    def spoken(self, text: str) -> str:
        """The server's own words, wherever they stand."""
        return echoes.without(text, self._token) if self._token else text

    def _is_escaped_in(self, body: bytearray) -> bool:
        if len(self._token) < _SHORTEST_SECRET or not _has_escaped(body):
            return False
        return self._token.encode() in _ESCAPED.sub(lambda escape: bytes((int(escape[1], 16),)), body)

    def _repeats_token(self, origin: str) -> bool:
        token, plain = self._token.casefold(), origin.casefold()
        return bool(token) and echoes.without(plain, token) != plain

    def _document(self, response: requests.Response, body: bytearray) -> Any:
        if not body or "json" not in response.headers.get("Content-Type", ""):
            return None
        parts = self._weigh(body)
        if len(body) <= _BYTES_A_PART * parts:
            return _parsed(body)
        # Of long texts, which take up to four times their bytes until they are cut: one at a time.
        with self._parsing:
            document = _parsed(short_of_texts(body))
            self._gather(without_long_texts(document) // _BYTES_A_PART - parts)
        return document

    def _weigh(self, body: bytearray) -> int:
        """The parts, or as many as it has bytes where so many may come. Raises TooLarge for more of them than one
        answer may have, TooMuch for more than those kept together may."""
        if getattr(self._gathered, "parts", None) is None and len(body) <= self.limits.answer_parts:
            return len(body)
        parts = parts_of(body)
        if parts > self.limits.answer_parts:
            raise self._too_large()
        self._gather(parts)
        return parts

    def _gather(self, parts: int) -> None:
        """Raises TooMuch where they are more than there is room for beside what this thread keeps already."""
        gathered = getattr(self._gathered, "parts", None)
        if gathered is not None and parts > 0:
            self._gathered.parts = gathered + parts
            if gathered + parts > self.limits.gathered_parts:
                raise self._too_large(TooMuch)

    def _too_large(self, kind: type[TooLarge] = TooLarge) -> TooLarge:
        return kind(
            N_(
                "Jira's answer is larger than can be right; what was fetched so far is kept. Check that {base_url} is "
                "your Jira. If it is, narrow the query, or show this to its administrator.",
                base_url=_shown(self.base_url),
            )
        )


def _has_escaped(body: bytearray) -> bool:
    """Whether a letter that needs no escape has one. A single character is looked for in a seventh of the time that the
    whole pattern takes, and there are few of them."""
    at = body.find(b"\\")
    while at >= 0:
        if body[at + 1 : at + 4] == b"u00" and body[at + 4 : at + 5] in _HALF_ASCII:
            return True
        at = body.find(b"\\", at + 1)
    return False


def _parsed(body: bytes | bytearray) -> Any:
    try:
        return parse(body)
    except (ValueError, RecursionError) as exc:
        raise BadAnswer(
            N_("Jira's answer broke off or is damaged. Try again; what was fetched so far is kept.")
        ) from exc


def _not_trusted(base_url: str) -> NotTrusted:
    return NotTrusted(
        N_(
            "The certificate of {base_url} is not trusted on this computer. If your company signs "
            "its own certificates, ask the IT department for the authority's file (PEM) and "
            "choose it in the connection.",
            base_url=_shown(base_url),
        )
    )


def _auth(connection: Connection) -> AuthBase:
    email, token = clean_email(connection.email), clean_token(connection.token)
    if token and email:
        # As bytes: requests encodes text as Latin-1, which not every name is.
        return HTTPBasicAuth(email.encode(), token.encode())
    return _Bearer(token) if token else _Nobody()


def _login_of(connection: Connection) -> tuple[bytes, ...]:
    """What of the login must not come back: as the header has it, and the token alone."""
    email, token = clean_email(connection.email), clean_token(connection.token)
    forms = (b64encode(f"{email}:{token}".encode()), token.encode()) if token else ()
    return tuple(form for form in forms if len(form) >= _SHORTEST_SECRET)


def _adapter(waits: Waits, ca_file: Path | None) -> HTTPAdapter:
    try:
        return _HostTrust(waits, ca_file)
    except (OSError, ssl.SSLError) as exc:
        raise NotTrusted(
            N_(
                "The file {name} holds no certificates that can be read. A text file that begins with "
                "BEGIN CERTIFICATE is needed.",
                name=ca_file.name if ca_file else "",
            )
        ) from exc


def _size_of(request: requests.PreparedRequest) -> int:
    """Bytes of its first line, headers and body."""
    body = request.body or b""
    first = len(f"{request.method} {request.path_url} HTTP/1.1") + 2
    # Between a name and its value stand two characters, and two behind it.
    return first + sum(len(name) + len(value) + 4 for name, value in request.headers.items()) + 2 + len(body)


def _target(url: str, location: str) -> str:
    """Where a redirect leads; empty where nobody can tell."""
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _asked_of(url: str) -> str:
    """The origin that the HTTP library would really ask; empty where it and we could mean different ones."""
    try:
        prepared = requests.Request("GET", url).prepare().url or ""
        parts = urllib3.util.parse_url(prepared)
        ours, origin = origin_of(url), origin_of(prepared)
        theirs = origin_of(f"{parts.scheme}://{parts.netloc}")
    except (ValueError, requests.exceptions.RequestException, urllib3.exceptions.HTTPError):
        return ""
    return origin if origin == theirs and ours in (origin, _in_ascii(ours)) else ""


def _in_ascii(origin: str) -> str:
    """The origin with its host as the HTTP library writes one with other letters."""
    return origin_of(requests.Request("GET", origin).prepare().url or "")


def _shown(url: str) -> str:
    """Scheme, host and port: paths and queries of an address may hold secrets."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the server asks for: Retry-After in seconds or as a date, else Jira's own headers."""
    text = headers.get("Retry-After", "").strip()
    if text:
        return _seconds(text) if _seconds(text) is not None else _until(text, now)
    reset = headers.get("X-RateLimit-Reset", "").strip()
    if reset:
        return _until(reset, now)
    return _seconds(headers.get("X-RateLimit-Interval-Seconds", ""))


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return min(max(0.0, seconds), _LONGEST_PAUSE) if math.isfinite(seconds) else None


def _until(text: str, now: datetime) -> float | None:
    then = _instant(text)
    return None if then is None else min(max(0.0, (then - now).total_seconds()), _LONGEST_PAUSE)


def _instant(text: str) -> datetime | None:
    """A header's date, as HTTP or ISO 8601 writes it; None for anything else."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            then = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return (then if then.tzinfo else then.replace(tzinfo=UTC)) if is_of_our_time(then) else None
    return None


def is_of_our_time(then: datetime) -> bool:
    """Whether a clock may show it, so that it can be reckoned with: not at the ends of the calendar."""
    return _UNIX_BEGIN <= then.year <= _FARTHEST


def _still_busy(status: int) -> JiraDown | RateLimited | TimedOut:
    if status == 504:
        return TimedOut(TIMED_OUT)
    if status == 429:
        return RateLimited(N_("Jira keeps asking for fewer requests. Sync again later; it goes on where it stopped."))
    return JiraDown(
        N_("Jira is not working at the moment (it answers {status}). Try again later; nothing was lost.", status=status)
    )
