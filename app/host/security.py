"""The guard in front of every route of our server.

A server on the loopback address is open to every page in every browser on the machine. Against a page that
rebinds its DNS name to 127.0.0.1 stands the exact Host; against one that sends requests across sites stand
Origin, Sec-Fetch-Site and a SameSite cookie; against other users of the machine stands the cookie, which only a
launch code gives. Headers: OWASP Secure Headers, Fetch Metadata (W3C).
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from app.host.wsgi import Answer, message_page, query_value, send

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

BROWSER_CODE_SECONDS = 30.0
PRINTED_CODE_SECONDS = 300.0

# Uploads travel base64 in the callback's JSON; everything else we are sent is small.
UPLOAD_PATH = "/_dash-update-component"
UPLOAD_LIMIT_BYTES = 210 * 1024 * 1024
BODY_LIMIT_BYTES = 1024 * 1024

_SAFE_METHODS = frozenset({"GET", "HEAD"})
_METHODS = _SAFE_METHODS | {"POST"}


class LaunchCodes:
    """Codes that open the app once, for a limited time."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
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
            return self._valid_until.pop(code, None) is not None

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
        self.script_hashes = script_hashes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        respond = self._with_headers(start_response)
        answer = self._refusal(environ) or self._entry(environ)
        return self._app(environ, respond) if answer is None else send(answer, respond)

    def _refusal(self, environ: WSGIEnvironment) -> Answer | None:
        """What is wrong with the request itself, whoever sends it."""
        host = environ.get("HTTP_HOST", "")
        if host not in self._hosts:
            return message_page("Wrong address", "Burndown answers only to its own address.", _MISDIRECTED)
        method = environ["REQUEST_METHOD"]
        if method not in _METHODS:
            return Answer(
                HTTPStatus.METHOD_NOT_ALLOWED, b"Method not allowed.", headers=(("Allow", "GET, HEAD, POST"),)
            )
        if not _is_same_origin(environ, f"http://{host}"):
            return Answer(HTTPStatus.FORBIDDEN, b"Requests from other sites are refused.")
        limit = UPLOAD_LIMIT_BYTES if environ.get("PATH_INFO") == UPLOAD_PATH else BODY_LIMIT_BYTES
        if _body_bytes(environ) > limit:
            return Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {limit // 1024**2} MB.".encode())
        return None

    def _entry(self, environ: WSGIEnvironment) -> Answer | None:
        """Turns a launch code into the cookie, and refuses who has neither."""
        if environ.get("PATH_INFO") in self._cookieless_paths:
            return None
        known = self._has_cookie(environ)
        code = query_value(environ, "code") if environ["REQUEST_METHOD"] == "GET" else ""
        if code:
            if self._codes.redeem(code):
                cookie = f"{self._cookie_name}={self._session}; Path=/; HttpOnly; SameSite=Strict"
                return _to_clean_address(environ, (("Set-Cookie", cookie),))
            if known:  # the address was opened again, from the history or by reloading
                return _to_clean_address(environ)
        return None if known else _NO_ENTRY

    def _has_cookie(self, environ: WSGIEnvironment) -> bool:
        for part in environ.get("HTTP_COOKIE", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == self._cookie_name:
                return hmac.compare_digest(value.encode(), self._session.encode())
        return False

    def _with_headers(self, start_response: StartResponse) -> StartResponse:
        def respond(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
            present = {name.lower() for name, _ in headers}
            fixed = [pair for pair in self._headers() if pair[0].lower() not in present]
            return start_response(status, [*headers, *fixed], exc_info)

        return respond

    def _headers(self) -> list[tuple[str, str]]:
        return [
            ("Content-Security-Policy", content_security_policy(self.script_hashes)),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ]


_MISDIRECTED = HTTPStatus.MISDIRECTED_REQUEST

_NO_ENTRY = message_page(
    "This link no longer opens Burndown",
    "Start Burndown again; it opens a fresh link.\n"
    "Each link works once and only for a short time, so that nobody else on this computer can use it.",
    HTTPStatus.FORBIDDEN,
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


def _is_same_origin(environ: WSGIEnvironment, ours: str) -> bool:
    """Whether no other site is behind the request, as far as the browser says.

    With our Referrer-Policy browsers send `Origin: null` for form posts and beacons of our own pages. Sandboxed
    frames send it too, but never together with `Sec-Fetch-Site: same-origin`, which no page can forge.
    """
    origin = environ.get("HTTP_ORIGIN")
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if origin is not None and origin != ours and not (origin == "null" and site == "same-origin"):
        return False
    if environ["REQUEST_METHOD"] in _SAFE_METHODS:
        return True
    return site in ("same-origin", "none") if site is not None else origin == ours


def _body_bytes(environ: WSGIEnvironment) -> int:
    """The declared length; one that is no number counts as endless. The server decodes chunked bodies before us."""
    declared = environ.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isdecimal() else UPLOAD_LIMIT_BYTES + 1


def _to_clean_address(environ: WSGIEnvironment, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Redirect to the same address without the code, so that it stays out of history and bookmarks."""
    # One leading slash only: `//host` would lead to another machine.
    path = "/" + quote(environ.get("PATH_INFO", "").lstrip("/\\").encode("latin-1"))
    rest = [pair for pair in parse_qsl(environ.get("QUERY_STRING", "")) if pair[0] != "code"]
    target = f"{path}?{urlencode(rest)}" if rest else path
    return Answer(HTTPStatus.SEE_OTHER, headers=(("Location", target), *headers))
