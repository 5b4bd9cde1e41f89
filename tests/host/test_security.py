"""The guard, asked with hand-made WSGI requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest

from app.host.security import (
    BODY_LIMIT_BYTES,
    STRANGER_LIMIT_BYTES,
    UPLOAD_LIMIT_BYTES,
    UPLOAD_PATH,
    Guard,
    LaunchCodes,
)

PORT = 8050
HOST = f"127.0.0.1:{PORT}"
OURS = f"http://{HOST}"


@dataclass
class Reply:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class FakeTicks:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"inside"]


def caching_app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Cache-Control", "public, immutable")])
    return [b""]


@pytest.fixture
def ticks() -> FakeTicks:
    return FakeTicks()


@pytest.fixture
def codes(ticks: FakeTicks) -> LaunchCodes:
    return LaunchCodes(ticks)


@pytest.fixture
def guard(codes: LaunchCodes) -> Guard:
    return Guard(app, PORT, codes, cookieless_paths=("/_instance/ping",))


def ask(guard: Guard, path: str = "/", method: str = "GET", sent: bytes = b"", /, **headers: str) -> Reply:
    """Header names as in WSGI without HTTP_; `host` defaults to ours."""
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "wsgi.input": BytesIO(sent),
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": HOST,
    }
    for name, value in headers.items():
        environ[name.upper() if name == "content_length" else f"HTTP_{name.upper()}"] = value
    reply = Reply()

    def start_response(status: str, pairs: list[tuple[str, str]], exc_info: Any = None) -> Any:
        reply.status = int(status.split()[0])
        reply.headers = dict(pairs)

    reply.body = b"".join(guard(environ, start_response))
    return reply


def enter(guard: Guard, codes: LaunchCodes) -> str:
    """The cookie of a browser that opened the launch address."""
    return entered(guard, codes)["cookie"]


def entered(guard: Guard, codes: LaunchCodes) -> dict[str, str]:
    """The cookie and the key, as headers."""
    texts = ask(guard, f"/?code={codes.issue(30)}").headers
    return {
        "cookie": texts["Set-Cookie"].partition(";")[0],
        "x_burndown_key": texts["Location"].partition("#key=")[2],
    }


def post_code(guard: Guard, code: str, **headers: str) -> Reply:
    """The form of a handed over page, as browsers send it from a file."""
    body = f"code={code}".encode()
    sent = {"origin": "null", "sec_fetch_site": "cross-site", "content_length": str(len(body)), **headers}
    return ask(guard, "/_enter", "POST", body, **sent)


def test_without_code_or_cookie_a_page_in_plain_words_refuses(guard: Guard) -> None:
    reply = ask(guard)
    assert reply.status == 403
    assert b"Start Burndown again; it opens a fresh link." in reply.body
    assert reply.headers["Content-Type"].startswith("text/html")


def test_what_is_refused_is_said_in_the_readers_language(guard: Guard) -> None:
    assert "Starten Sie Burndown noch einmal" in ask(guard, accept_language="de-DE,de;q=0.9,en;q=0.8").body.decode()
    assert "Falsche Adresse" in ask(guard, host="evil.example", accept_language="de").body.decode()


def test_a_launch_code_becomes_a_cookie_and_the_clean_address(guard: Guard, codes: LaunchCodes) -> None:
    reply = ask(guard, f"/burndown?unit=points&code={codes.issue(30)}")
    assert reply.status == 303
    address, _, key = reply.headers["Location"].partition("#key=")
    assert address == "/burndown?unit=points"
    assert len(key) > 30
    name, _, attributes = reply.headers["Set-Cookie"].partition("=")
    assert name == "burndown_8050"
    assert attributes.endswith("; Path=/; HttpOnly; SameSite=Strict")


def test_the_cookie_opens_every_route(guard: Guard, codes: LaunchCodes) -> None:
    cookie = enter(guard, codes)
    assert ask(guard, "/assets/x.js", cookie=f"other=1; {cookie}").body == b"inside"
    assert ask(guard, "/assets/x.js").status == 403


def test_a_wrong_cookie_is_no_cookie(guard: Guard) -> None:
    assert ask(guard, cookie="burndown_8050=guessed").status == 403


def test_a_cookie_of_another_port_does_not_open(guard: Guard, codes: LaunchCodes) -> None:
    assert ask(guard, cookie=enter(guard, codes).replace("8050", "8051")).status == 403


def test_a_code_is_good_once(guard: Guard, codes: LaunchCodes) -> None:
    code = codes.issue(30)
    assert ask(guard, f"/?code={code}").status == 303
    assert ask(guard, f"/?code={code}").status == 403


def test_a_code_expires(guard: Guard, codes: LaunchCodes, ticks: FakeTicks) -> None:
    code = codes.issue(30)
    ticks.now = 29.9
    late = codes.issue(30)
    ticks.now = 30.0
    assert ask(guard, f"/?code={code}").status == 403
    assert ask(guard, f"/?code={late}").status == 303


def test_a_used_code_with_the_cookie_leads_to_the_clean_address(guard: Guard, codes: LaunchCodes) -> None:
    cookie = enter(guard, codes)
    reply = ask(guard, "/?code=used", cookie=cookie)
    assert (reply.status, reply.headers["Location"]) == (303, "/")


def test_a_head_request_does_not_use_up_a_code(guard: Guard, codes: LaunchCodes) -> None:
    code = codes.issue(30)
    assert ask(guard, f"/?code={code}", "HEAD").status == 403
    assert ask(guard, f"/?code={code}").status == 303


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "///evil.example", "/a b"])
def test_the_redirect_never_leaves_us(guard: Guard, codes: LaunchCodes, path: str) -> None:
    location = ask(guard, f"{path}?code={codes.issue(30)}").headers["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:8051",
        "127.0.0.1:8050.evil.example",
        "localhost",
        "[::1]:8050",
        "",
        "0.0.0.0:8050",
    ],
)
def test_any_other_host_is_misdirected(guard: Guard, codes: LaunchCodes, host: str) -> None:
    cookie = enter(guard, codes)
    assert ask(guard, host=host, cookie=cookie).status == 421


def test_localhost_with_our_port_is_ours(guard: Guard, codes: LaunchCodes) -> None:
    assert ask(guard, host="localhost:8050", cookie=enter(guard, codes)).body == b"inside"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://127.0.0.1:8050", "http://127.0.0.1:8051", "null", ""]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_origin_is_refused(guard: Guard, codes: LaunchCodes, origin: str, method: str) -> None:
    reply = ask(guard, "/", method, origin=origin, cookie=enter(guard, codes))
    assert (reply.status, reply.body) == (403, b"Requests from other sites are refused.")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin", "origin": OURS}, 200),
        ({"sec_fetch_site": "none"}, 200),
        ({"origin": OURS}, 200),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, 200),
        ({}, 403),
        ({"sec_fetch_site": "same-site", "origin": OURS}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "cross-site", "origin": "null"}, 403),
    ],
)
def test_a_post_must_come_from_our_own_page(
    guard: Guard, codes: LaunchCodes, headers: dict[str, str], status: int
) -> None:
    assert ask(guard, "/", "POST", **entered(guard, codes), **headers).status == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH"])
def test_other_methods_are_not_allowed(guard: Guard, codes: LaunchCodes, method: str) -> None:
    assert ask(guard, "/", method, origin=OURS, cookie=enter(guard, codes)).status == 405


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/", str(BODY_LIMIT_BYTES), 200),
        ("/", str(BODY_LIMIT_BYTES + 1), 413),
        (UPLOAD_PATH, str(UPLOAD_LIMIT_BYTES), 200),
        (UPLOAD_PATH, str(UPLOAD_LIMIT_BYTES + 1), 413),
        (UPLOAD_PATH, "many", 413),
    ],
)
def test_bodies_have_limits(guard: Guard, codes: LaunchCodes, path: str, length: str, status: int) -> None:
    reply = ask(guard, path, "POST", origin=OURS, content_length=length, **entered(guard, codes))
    assert reply.status == status


def test_a_stranger_may_send_no_more_than_a_code(guard: Guard, codes: LaunchCodes) -> None:
    assert post_code(guard, codes.issue(30), content_length=str(STRANGER_LIMIT_BYTES + 1)).status == 413
    assert ask(guard, f"/?code={codes.issue(30)}", content_length=str(STRANGER_LIMIT_BYTES + 1)).status == 413
    assert ask(guard, "/_instance/ping", content_length=str(STRANGER_LIMIT_BYTES + 1)).status == 413


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_dash-layout"),
        ("GET", "/_dash-dependencies"),
        ("GET", "/_start/status"),
        ("GET", "/_alive"),
        ("HEAD", "/_dash-layout"),
        ("POST", UPLOAD_PATH),
        ("POST", "/_alive"),
        ("POST", "/_quit"),
        ("POST", "/_restore"),
        ("POST", "/"),
    ],
)
def test_a_cookie_that_reached_a_server_at_another_port_reads_and_writes_nothing(
    guard: Guard, codes: LaunchCodes, method: str, path: str
) -> None:
    headers = entered(guard, codes)
    assert ask(guard, path, method, origin=OURS, **headers).status == 200
    assert ask(guard, path, method, origin=OURS, cookie=headers["cookie"]).status == 403
    guessed = headers | {"x_burndown_key": headers["cookie"].partition("=")[2]}
    assert ask(guard, path, method, origin=OURS, **guessed).status == 403


def test_the_key_is_in_no_answer_but_that_to_a_code(guard: Guard, codes: LaunchCodes) -> None:
    headers = entered(guard, codes)
    for path in ("/", "/?code=used", "/_dash-layout"):
        reply = ask(guard, path, cookie=headers["cookie"])
        assert headers["x_burndown_key"] not in str(reply.headers) + reply.body.decode()


def test_a_key_without_the_cookie_opens_nothing(guard: Guard, codes: LaunchCodes) -> None:
    key = entered(guard, codes)["x_burndown_key"]
    assert ask(guard, "/_dash-layout", x_burndown_key=key).status == 403


def test_what_pages_load_by_tags_needs_no_key(guard: Guard, codes: LaunchCodes) -> None:
    for path in ("/", "/burndown", "/assets/x.js", "/_dash-component-suites/dash/x.js", "/_favicon.ico"):
        assert ask(guard, path, cookie=enter(guard, codes)).status == 200


def test_a_cookie_of_the_same_name_does_not_hide_ours(guard: Guard, codes: LaunchCodes) -> None:
    assert ask(guard, cookie=f"burndown_8050=planted; {enter(guard, codes)}").status == 200


def test_a_code_handed_in_by_a_form_opens_once_and_leads_on_with_the_key(guard: Guard, codes: LaunchCodes) -> None:
    code = codes.issue(30)
    reply = post_code(guard, code)
    key = reply.body.decode().partition("#key=")[2].partition('"')[0]
    cookie = reply.headers["Set-Cookie"].partition(";")[0]
    assert (reply.status, code in reply.body.decode()) == (200, False)
    assert ask(guard, "/_dash-layout", cookie=cookie, x_burndown_key=key).body == b"inside"
    assert post_code(guard, code).status == 403


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"origin": "http://127.0.0.1:8051"}])
def test_a_form_of_a_site_cannot_hand_in_a_code(guard: Guard, codes: LaunchCodes, headers: dict[str, str]) -> None:
    assert post_code(guard, codes.issue(30), **headers).status == 403


def test_a_form_without_a_code_opens_nothing(guard: Guard) -> None:
    for code in ("", "guessed", "%ff%00"):
        reply = post_code(guard, code)
        assert (reply.status, "Set-Cookie" in reply.headers) == (403, False)


def test_a_cookieless_path_still_needs_the_right_host(guard: Guard) -> None:
    assert ask(guard, "/_instance/ping").body == b"inside"
    assert ask(guard, "/_instance/ping", host="evil.example").status == 421


@pytest.mark.parametrize("headers", [{}, {"host": "evil.example"}])
def test_every_answer_carries_the_security_headers(guard: Guard, headers: dict[str, str]) -> None:
    sent = ask(guard, **headers).headers
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["X-Frame-Options"] == "DENY"
    assert sent["Referrer-Policy"] == "no-referrer"
    assert sent["Cross-Origin-Opener-Policy"] == "same-origin"
    assert sent["Cross-Origin-Resource-Policy"] == "same-origin"
    assert sent["Cache-Control"] == "no-store"
    assert sent["Content-Security-Policy"].startswith("default-src 'self'; script-src 'self'; ")


def test_the_csp_names_no_other_host_and_allows_no_inline_script(guard: Guard) -> None:
    policy = ask(guard).headers["Content-Security-Policy"]
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    script_sources = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in script_sources


def test_script_hashes_join_the_csp_when_the_app_is_ready(guard: Guard) -> None:
    guard.script_hashes += ("'sha256-abc='",)
    assert "script-src 'self' 'sha256-abc=';" in ask(guard).headers["Content-Security-Policy"]


def test_a_cache_rule_of_the_app_is_kept(codes: LaunchCodes) -> None:
    guard = Guard(caching_app, PORT, codes)
    reply = ask(guard, "/assets/x.js", cookie=enter(guard, codes))
    assert reply.headers["Cache-Control"] == "public, immutable"
