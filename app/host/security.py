"""The guard in front of every route of our server.

A server on the loopback address is open to every page in every browser on the machine. Against a page that
rebinds its DNS name to 127.0.0.1 stands the exact Host; against one that sends requests across sites stand
Origin, Sec-Fetch-Site and a SameSite cookie; against other users of the machine stands the cookie, which only a
launch code gives. Cookies do not know ports: a browser sends ours to every server on the same address, also to one
that another user runs at the next port. Therefore a cookie alone gets the empty frame of a page and nothing else: what
reads or writes data must also carry the key, which our pages keep in their storage, which no other port can read, and
send in a header. Headers: OWASP Secure Headers, Fetch Metadata (W3C).
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode

from app.host.instance import ENTER_PATH
from app.host.wsgi import Answer, message_page, page, query_value, send
from app.words import N_

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

BROWSER_CODE_SECONDS = 30.0
PRINTED_CODE_SECONDS = 300.0

# Uploads travel base64 in the callback's JSON; everything else we are sent is small.
UPLOAD_PATH = "/_dash-update-component"
UPLOAD_LIMIT_BYTES = 210 * 1024 * 1024
BODY_LIMIT_BYTES = 1024 * 1024
# Of who has not shown the cookie.
STRANGER_LIMIT_BYTES = 4096

KEY_HEADER = "X-Burndown-Key"
# A page that closes cannot always send headers; all that this says is that a page of a random name is gone.
BYE_PATH = "/_bye"
# What our pages load by tags, which cannot send a header either: the same for everybody.
_LOADED_BY_TAGS = ("/_dash-component-suites/", "/_favicon")

_SAFE_METHODS = frozenset({"GET", "HEAD"})
_METHODS = _SAFE_METHODS | {"POST"}


class LaunchCodes:
    """Codes that open the app once, for a limited time. `on_used` hears each that was used."""

    def __init__(
        self, ticks: Callable[[], float] = time.monotonic, on_used: Callable[[str], object] = lambda code: None
    ) -> None:
        self._ticks = ticks
        self._on_used = on_used
        self._valid_until: dict[str, float] = {}
        self._lock = threading.Lock()

    def issue(self, seconds: float) -> str:
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._forget_expired()
            self._valid_until[code] = self._ticks() + seconds
        return code

    def redeem(self, code: str) -> bool:
        """True once per issued code, and only in its time."""
        with self._lock:
            self._forget_expired()
            is_valid = self._valid_until.pop(code, None) is not None
        if is_valid:
            self._on_used(code)
        return is_valid

    def _forget_expired(self) -> None:
        now = self._ticks()
        self._valid_until = {code: until for code, until in self._valid_until.items() if now < until}


class Guard:
    """WSGI middleware; see the module docstring.

    `cookieless_paths` are let through without the cookie: their handlers check a secret of their own.
    `script_hashes` (such as `'sha256-…'`) may grow while running: the app brings its own when it is ready.
    """

    def __init__(
        self,
        app: WSGIApplication,
        port: int,
        codes: LaunchCodes,
        cookieless_paths: Iterable[str] = (),
        script_hashes: tuple[str, ...] = (),
    ) -> None:
        self._app = app
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._codes = codes
        self._cookieless_paths = frozenset(cookieless_paths)
        # Cookies do not know ports: without it in the name two running apps would log each other out.
        self._cookie_name = f"burndown_{port}"
        self._session = secrets.token_urlsafe(32)
        self._key = secrets.token_urlsafe(32)
        self.script_hashes = script_hashes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse, /) -> Iterable[bytes]:
        respond = self._with_headers(start_response)
        answer = self.refusal(environ) or self._entry(environ)
        return self._app(environ, respond) if answer is None else send(answer, respond)

    def refusal(self, environ: Mapping[str, Any]) -> Answer | None:
        """Why the request is not let in, judged by its head alone; None when it may come.

        A launch code is judged where it is redeemed.
        """
        return self._misdirected(environ) or self._too_long(environ) or self._foreign(environ) or self._unknown(environ)

    def is_entered(self, environ: Mapping[str, Any]) -> bool:
        """Whether the request shows the cookie."""
        return self._has_cookie(environ)

    def headers(self) -> list[tuple[str, str]]:
        """Those of every answer."""
        return [
            ("Content-Security-Policy", content_security_policy(self.script_hashes)),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ]

    def _misdirected(self, environ: Mapping[str, Any]) -> Answer | None:
        if environ.get("HTTP_HOST", "") not in self._hosts:
            return message_page(
                N_("Wrong address"),
                N_("Burndown answers only to its own address."),
                status=_MISDIRECTED,
                languages=_languages(environ),
            )
        method = environ["REQUEST_METHOD"]
        if method not in _METHODS:
            return Answer(
                HTTPStatus.METHOD_NOT_ALLOWED, b"Method not allowed.", headers=(("Allow", "GET, HEAD, POST"),)
            )
        return None

    def _foreign(self, environ: Mapping[str, Any]) -> Answer | None:
        if not _is_same_origin(environ, f"http://{environ.get('HTTP_HOST', '')}"):
            return Answer(HTTPStatus.FORBIDDEN, b"Requests from other sites are refused.")
        return None

    def _too_long(self, environ: Mapping[str, Any]) -> Answer | None:
        limit = UPLOAD_LIMIT_BYTES if environ.get("PATH_INFO") == UPLOAD_PATH else BODY_LIMIT_BYTES
        if not self._has_cookie(environ) and (self._needs_no_cookie(environ) or _launch_code(environ)):
            limit = STRANGER_LIMIT_BYTES
        if _body_bytes(environ) <= limit:
            return None
        size = f"{limit // 1024**2} MB" if limit >= 1024**2 else f"{limit // 1024} KB"
        return Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {size}.".encode())

    def _unknown(self, environ: Mapping[str, Any]) -> Answer | None:
        if self._needs_no_cookie(environ) or _launch_code(environ):
            return None
        if not self._has_cookie(environ) or (_needs_key(environ) and not self._has_key(environ)):
            return _no_entry(environ)
        return None

    def _needs_no_cookie(self, environ: Mapping[str, Any]) -> bool:
        path = environ.get("PATH_INFO", "")
        return path in self._cookieless_paths or (path == ENTER_PATH and environ["REQUEST_METHOD"] == "POST")

    def _entry(self, environ: WSGIEnvironment) -> Answer | None:
        """Turns a launch code into the cookie and the key."""
        if environ.get("PATH_INFO") == ENTER_PATH and environ["REQUEST_METHOD"] == "POST":
            return self._welcome() if self._codes.redeem(_posted_code(environ)) else _no_entry(environ)
        code = _launch_code(environ)
        if not code or environ.get("PATH_INFO") in self._cookieless_paths:
            return None
        if self._codes.redeem(code):
            # What follows the # stays in the browser: it is in no request, and our page takes it out of the address.
            return _to_clean_address(environ, f"#key={self._key}", (("Set-Cookie", self._cookie()),))
        # The address was opened again, from the history or by reloading.
        return _to_clean_address(environ) if self._has_cookie(environ) else _no_entry(environ)

    def _welcome(self) -> Answer:
        """Leads on by itself. A redirect would count as asked for by the file that the form was in, and the browser
        would not send the cookie with it."""
        target = escape(f"/#key={self._key}")
        lead = f'<meta http-equiv="refresh" content="0; url={target}">'
        answer = page("Burndown", f'<p>Burndown opens. If not: <a href="{target}">open it</a>.</p>', head=lead)
        return Answer(answer.status, answer.body, answer.content_type, (("Set-Cookie", self._cookie()),))

    def _cookie(self) -> str:
        return f"{self._cookie_name}={self._session}; Path=/; HttpOnly; SameSite=Strict"

    def _has_cookie(self, environ: Mapping[str, Any]) -> bool:
        # A server at another port can add one of the same name: it must not hide ours.
        ours = f"{self._cookie_name}={self._session}".encode()
        parts = environ.get("HTTP_COOKIE", "").split(";")
        return any(hmac.compare_digest(part.strip().encode(), ours) for part in parts)

    def _has_key(self, environ: Mapping[str, Any]) -> bool:
        key = environ.get("HTTP_" + KEY_HEADER.upper().replace("-", "_"), "")
        return hmac.compare_digest(key.encode(), self._key.encode())

    def _with_headers(self, start_response: StartResponse) -> StartResponse:
        def respond(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
            present = {name.lower() for name, _ in headers}
            fixed = [pair for pair in self.headers() if pair[0].lower() not in present]
            return start_response(status, [*headers, *fixed], exc_info)

        return respond


_MISDIRECTED = HTTPStatus.MISDIRECTED_REQUEST


def _languages(environ: Mapping[str, Any]) -> str:
    return str(environ.get("HTTP_ACCEPT_LANGUAGE", ""))


def _no_entry(environ: Mapping[str, Any]) -> Answer:
    return message_page(
        N_("This link no longer opens Burndown"),
        N_("Start Burndown again; it opens a fresh link."),
        N_("Each link works once and only for a short time, so that nobody else on this computer can use it."),
        status=HTTPStatus.FORBIDDEN,
        languages=_languages(environ),
    )


def content_security_policy(script_hashes: Iterable[str]) -> str:
    """Everything from ourselves; inline scripts by hash; inline styles because the component library sets them."""
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _launch_code(environ: Mapping[str, Any]) -> str:
    """The code in the address of a page; nothing where there is none."""
    return query_value(environ, "code") if environ["REQUEST_METHOD"] == "GET" else ""


def _posted_code(environ: WSGIEnvironment) -> str:
    body: bytes = environ["wsgi.input"].read(min(_body_bytes(environ), STRANGER_LIMIT_BYTES))
    return parse_qs(body.decode("ascii", "replace")).get("code", [""])[0]


def _needs_key(environ: Mapping[str, Any]) -> bool:
    """Whether the request reads or writes data; all others get what is the same for everybody."""
    path = environ.get("PATH_INFO", "")
    if environ["REQUEST_METHOD"] in _SAFE_METHODS:
        return path.startswith("/_") and not path.startswith(_LOADED_BY_TAGS)
    return bool(path != BYE_PATH)


def _is_same_origin(environ: Mapping[str, Any], ours: str) -> bool:
    """Whether no other site is behind the request, as far as the browser says.

    With our Referrer-Policy browsers send `Origin: null` for form posts and beacons of our own pages. Sandboxed
    frames send it too, but never together with `Sec-Fetch-Site: same-origin`, which no page can forge.
    """
    origin = environ.get("HTTP_ORIGIN")
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if environ.get("PATH_INFO") == ENTER_PATH:
        # The form lies in a file, which has no origin; what counts there is the code.
        return origin in (None, "null", "file://", ours)
    if origin is not None and origin != ours and not (origin == "null" and site == "same-origin"):
        return False
    if environ["REQUEST_METHOD"] in _SAFE_METHODS:
        return True
    return site in ("same-origin", "none") if site is not None else origin == ours


def _body_bytes(environ: Mapping[str, Any]) -> int:
    """The declared length; one that is no number counts as endless. The server refuses bodies without one."""
    declared = environ.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isdecimal() else UPLOAD_LIMIT_BYTES + 1


def _to_clean_address(
    environ: Mapping[str, Any], fragment: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """Redirect to the same address without the code, so that it stays out of history and bookmarks."""
    # One leading slash only: `//host` would lead to another machine.
    path = "/" + quote(environ.get("PATH_INFO", "").lstrip("/\\").encode("latin-1"))
    rest = [pair for pair in parse_qsl(environ.get("QUERY_STRING", "")) if pair[0] != "code"]
    target = f"{path}?{urlencode(rest)}" if rest else path
    return Answer(HTTPStatus.SEE_OTHER, headers=(("Location", target + fragment), *headers))
