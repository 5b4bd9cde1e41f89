"""Every way in which a connection fails is told in words that say what to do, and never with the token."""

from __future__ import annotations

import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.errors import Cancelled
from app.jira import errors
from app.jira.client import JiraClient
from app.jira.connect import open_client, try_out
from app.jira.errors import JiraError
from app.jira.http.address import places
from app.jira.http.transport import Connection, Limits, Transport
from scripts.fake_jira import EMAIL, TOKEN, FakeJira
from tests.jira.world import QUICK, TESTING, client, issues, transport

JQL = "project = ABC"


def _failure(jira: FakeJira, kind: type[JiraError], token: str = TOKEN, jql: str = JQL, limits: Limits = QUICK) -> str:
    with client(jira, token=token, limits=limits) as result, pytest.raises(kind) as failure:
        try_out(result, jql)
    assert type(failure.value) is kind
    text = f"{failure.value} {failure.getrepr(chain=True, style='native')}"
    assert TOKEN not in text
    return str(failure.value)


@pytest.fixture(params=["cloud", "data-center"])
def jira(request: pytest.FixtureRequest) -> Iterator[FakeJira]:
    with FakeJira(request.param, issues(3)) as result:
        yield result


def test_wrong_url_something_else_answers() -> None:
    with FakeJira("data-center", issues(3), prefix="/tracker") as jira:
        shop = Connection(jira.url.replace("/tracker", "/shop/orders"), EMAIL, TOKEN)
        with (
            open_client(shop, TESTING) as client,
            pytest.raises(errors.WrongAddress, match=r"no Jira at \S+/shop/orders\."),
        ):
            try_out(client, JQL)
        assert set(jira.paths) == {f"{path}/rest/api/2/serverInfo" for path in ("/shop/orders", "/shop", "")}


def test_wrong_url_a_login_page_answers(jira: FakeJira) -> None:
    jira.faults.html = True
    assert "Copy the address" in _failure(jira, errors.WrongAddress)


def test_wrong_token(jira: FakeJira) -> None:
    assert "make a new one" in _failure(jira, errors.WrongToken, token="mistyped")


def test_no_token_where_one_is_needed(jira: FakeJira) -> None:
    assert "Enter a token" in _failure(jira, errors.WrongToken, token="")


def test_a_server_open_to_everybody_needs_no_token() -> None:
    with FakeJira("data-center", issues(3), anonymous=True) as jira, client(jira, token="") as result:
        assert try_out(result, JQL).matches == 3
        assert set(jira.authorizations) == {""}


def test_captcha_after_failed_logins(jira: FakeJira) -> None:
    jira.faults.captcha = True
    assert "captcha" in _failure(jira, errors.WrongToken)


def test_no_permission(jira: FakeJira) -> None:
    jira.faults.forbidden = True
    assert "Ask a Jira administrator" in _failure(jira, errors.NoPermission)


@pytest.mark.parametrize(
    ("jql", "words"),
    [("projekt = ABC", "Field 'projekt' does not exist"), ("project = ", "Error in the JQL Query"), ("", "is empty")],
)
def test_bad_jql_is_told_in_the_words_of_jira(jira: FakeJira, jql: str, words: str) -> None:
    assert words in _failure(jira, errors.BadJql, jql=jql)


def test_jira_down(jira: FakeJira) -> None:
    jira.faults.down = True
    assert "Try again later" in _failure(jira, errors.JiraDown)


def test_never_answering(jira: FakeJira) -> None:
    jira.faults.silent = True
    limits = replace(QUICK, silence_seconds=0.2)
    assert "did not answer in time" in _failure(jira, errors.TimedOut, limits=limits)


def test_an_answer_without_end(jira: FakeJira) -> None:
    jira.faults.endless_bytes = True
    assert "larger than can be right" in _failure(jira, errors.TooLarge)


def test_an_answer_that_drips_is_given_up_in_time(jira: FakeJira) -> None:
    jira.faults.dripping = True
    assert "did not answer in time" in _failure(jira, errors.TimedOut, limits=replace(QUICK, answer_seconds=0.2))


def test_an_answer_that_broke_off(jira: FakeJira) -> None:
    jira.faults.broken_json = True
    assert "broke off" in _failure(jira, errors.BadAnswer)


def test_nobody_listens_there() -> None:
    with socket.socket() as result:
        result.bind(("127.0.0.1", 0))
        nobody = Connection(f"http://127.0.0.1:{result.getsockname()[1]}", EMAIL, TOKEN)
        with (
            open_client(nobody, TESTING) as client,
            pytest.raises(errors.Unreachable, match="No connection to http://127"),
        ):
            client.server()


def test_zero_issues_is_a_message_and_no_success(jira: FakeJira) -> None:
    assert "matches nothing" in _failure(jira, errors.NothingFound, jql="project = ABC AND status = Done")


def test_the_token_is_not_sent_to_another_server(jira: FakeJira) -> None:
    with FakeJira("cloud", issues(1)) as other:
        jira.faults.redirect_to = other.url
        assert f"leads on to {other.url}" in _failure(jira, errors.Redirected)
        assert other.requests == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "location",
    [
        "http://{other}\\@{ours}/",
        "http://{other}\\@{ours}/rest/api/2/serverInfo",
        "http://{ours}@{other}/",
        "http://@{other}/",
        "http://{ours}:x@{other}/",
        "//{other}/",
        "\\\\{other}/",
        "http:\\\\{other}\\",
        "http:/\\{other}/",
        "http:///{other}/",
        "http://{other}#@{ours}/",
        "http://{other}?@{ours}/",
        "http://{other}\t@{ours}/",
        "http://{other}%2f@{ours}/",
        "http://{other};@{ours}/",
        "https://{ours}/",
        "http://127.0.0.1:1/",
        "http://[::1/",
        "http://{ours}.evil.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_no_way_of_writing_a_redirect_takes_the_token_elsewhere(jira: FakeJira, location: str) -> None:
    with FakeJira("cloud", issues(1)) as other:
        hosts = {"other": other.url.removeprefix("http://"), "ours": jira.url.removeprefix("http://")}
        jira.faults.redirect_to = location.format(**hosts)
        jira.faults.redirect_path = ""
        with client(jira, token=TOKEN, limits=QUICK) as result, pytest.raises(errors.JiraError):
            try_out(result, JQL)
        assert other.requests == 0


def test_a_redirect_on_the_same_server_is_followed() -> None:
    with FakeJira("data-center", issues(3), prefix="/jira") as jira:
        jira.faults.redirect_to = f"{jira.url.removesuffix('/jira')}/jira"
        jira.faults.redirect_path = "/jira"
        with JiraClient(
            Transport(Connection(jira.url.removesuffix("/jira"), "", TOKEN), TESTING, QUICK), has_token=True
        ) as client:
            assert try_out(client, JQL).matches == 3


def test_a_redirect_in_circles_ends(jira: FakeJira) -> None:
    jira.faults.redirect_to = jira.url
    assert "circles" in _failure(jira, errors.WrongAddress)


def test_a_repeated_token_of_pages_ends_the_search() -> None:
    with FakeJira("cloud", issues(9), page_size=2) as jira, client(jira) as result:
        jira.faults.repeat_token = True
        with pytest.raises(errors.BadAnswer, match="same page twice"):
            list(result.search(f"{JQL} ORDER BY key", ("summary",), ("status",)))


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_pages_without_end_end_at_the_cap(flavour: str) -> None:
    limits = replace(QUICK, pages=3)
    result = pytest.raises(errors.BadAnswer, match="do not end")
    with FakeJira(flavour, issues(9), page_size=2) as jira, client(jira, limits=limits) as outcome, result:
        list(outcome.search(f"{JQL} ORDER BY key", ("summary",), ("status",)))


def test_a_listing_from_which_an_issue_goes_away_is_told_to_be_unsure() -> None:
    with FakeJira("data-center", issues(2_500)) as jira, client(jira) as result:
        pages = result.refs(f"{JQL} ORDER BY key ASC")
        assert len(next(pages).refs) == 1_000
        jira.delete("10001")
        with pytest.raises(errors.BadAnswer, match="went away"):
            next(pages)


def test_a_listing_over_several_pages_names_each_issue_once() -> None:
    with FakeJira("data-center", issues(2_500)) as jira, client(jira) as result:
        ids = [ref.id for page in result.refs(f"{JQL} ORDER BY key ASC") for ref in page.refs]
        assert len(ids) == len(set(ids)) == 2_500


# -- patience -------------------------------------------------------------------------------------------


def test_a_busy_server_is_asked_again_after_the_seconds_it_names(jira: FakeJira) -> None:
    jira.faults.busy, jira.faults.retry_after = 2, "7"
    waits: list[float] = []
    with client(jira, waits=waits) as result:
        result.server()
    assert waits == [7.0, 7.0]


def test_a_date_to_come_back_at_is_waited_for(jira: FakeJira) -> None:
    jira.faults.busy, jira.faults.retry_after = 1, "date"
    waits: list[float] = []
    hour_ago = datetime.now(UTC) - timedelta(seconds=60)
    transport = Transport(Connection(jira.url, EMAIL, TOKEN), TESTING, QUICK, waits.append, now=lambda: hour_ago)
    assert transport.get("/rest/api/2/serverInfo").status == 200
    assert 59 <= waits[0] <= 63
    transport.close()


def test_without_a_time_named_the_pauses_double(jira: FakeJira) -> None:
    jira.faults.busy, jira.faults.retry_after = 2, ""
    waits: list[float] = []
    with client(jira, waits=waits) as result:
        result.server()
    assert waits == [1.0, 2.0]


def test_a_server_that_asks_for_an_hour_is_not_waited_for(jira: FakeJira) -> None:
    jira.faults.busy, jira.faults.retry_after = 1, "3600"
    assert "pause of 60 min" in _failure(jira, errors.RateLimited)


def test_a_server_that_stays_busy_is_left_alone(jira: FakeJira) -> None:
    jira.faults.busy = 1_000
    assert "Sync again later" in _failure(jira, errors.RateLimited)


def test_a_connection_lost_once_is_taken_up_again(jira: FakeJira) -> None:
    with client(jira) as result:
        result.server()
        jira.faults.fail_at = jira.requests + 1
        assert result.user().name == "Ann Example"


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a proxy is asked that the environment names; it refuses everything."""
    texts: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            texts.append(f"{self.requestline}\n{self.headers}")
            self.send_error(403)

        do_GET = do_POST = do_CONNECT  # noqa: N815 the library's names

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("no_proxy", "")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield texts
        server.shutdown()
        thread.join()


def test_a_proxy_of_the_environment_is_used_and_gets_no_token(proxy: list[str]) -> None:
    with (
        open_client(Connection("https://jira.example.com", "", TOKEN), TESTING, limits=QUICK) as client,
        pytest.raises(errors.Unreachable, match=r"The proxy does not let us through to Jira\. Check (?i:https_proxy)"),
    ):
        client.server()
    assert proxy
    assert all(each.startswith("CONNECT jira.example.com:443") and "uthorization" not in each for each in proxy)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "value",
    ["http://[::1", "http://:8080", "::::", "http://planted:99999", "socks5://planted:1", "ftp://planted:1",
     "http://a b:1", "http://planted:abc", "http://.planted:1", "x\ny:1", "http://"],
)  # fmt: skip
def test_a_proxy_that_is_none_is_called_by_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    for each in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("no_proxy", "")
    # Windows knows a variable by one name, and tells it in capitals.
    as_kept = name.upper() if os.name == "nt" else name
    connection = Connection("https://jira.example.com", "", TOKEN)
    with (
        open_client(connection, TESTING, limits=QUICK) as client,
        pytest.raises(errors.BadConnection, match=f"^{as_kept} names no proxy that can be used") as refusal,
    ):
        client.server()
    assert not isinstance(refusal.value, errors.WrongAddress)
    assert "planted" not in str(refusal.value)


@pytest.mark.slow
def test_what_goes_to_this_computer_goes_past_a_proxy(jira: FakeJira, proxy: list[str]) -> None:
    """Over http it would be read by the proxy, and by everybody on the way to it, with the token."""
    with client(jira) as result:
        assert try_out(result, JQL).matches == 3
    assert proxy == []


def test_passwords_of_the_home_folder_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password something\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with FakeJira("data-center", issues(3), anonymous=True) as jira, client(jira, token="") as result:
        result.server()
        assert jira.authorizations == [""]


def test_the_log_holds_no_token(jira: FakeJira, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with client(jira) as result:
        try_out(result, JQL)
    assert "serverInfo" in caplog.text
    assert TOKEN not in caplog.text
    assert "Basic" not in caplog.text


# -- addresses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered", "used"),
    [
        ("https://team.atlassian.net/", "https://team.atlassian.net"),
        (" team.atlassian.net ", "https://team.atlassian.net"),
        ("https://team.atlassian.net/jira/software/projects/ABC/boards/1", "https://team.atlassian.net"),
        ("https://jira.example.com/jira/browse/ABC-1?filter=2#top", "https://jira.example.com/jira"),
        ("https://jira.example.com:8443/jira", "https://jira.example.com:8443/jira"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:2990/jira", "http://[::1]:2990/jira"),
        ("https://team.atlassian.net/wiki/home", "https://team.atlassian.net"),
        ("https://jira.example.com/jira/secure/Dashboard.jspa", "https://jira.example.com/jira"),
        ("https://jira.example.com/jira/login.jsp", "https://jira.example.com/jira"),
        ("https://api.atlassian.com/ex/jira/1a2b-3c4d", "https://api.atlassian.com/ex/jira/1a2b-3c4d"),
        (
            "https://api.atlassian.com/ex/jira/1a2b-3c4d/rest/api/3/myself",
            "https://api.atlassian.com/ex/jira/1a2b-3c4d",
        ),
    ],
)
def test_addresses_copied_from_a_browser_are_understood(entered: str, used: str) -> None:
    assert places(entered)[0] == used


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        ("http://jira.example.com", "Use https://jira.example.com"),
        ("https://ann:secret@jira.example.com", "Leave name and password out"),
        ("ftp://jira.example.com", "Copy it from the browser"),
        ("https://", "Copy it from the browser"),
        ("my jira", "Copy it from the browser"),
        ("https://jira.example.com:port", "Copy it from the browser"),
    ],
)
def test_addresses_that_cannot_be_used_are_refused(entered: str, words: str) -> None:
    with pytest.raises(errors.WrongAddress, match=words) as failure:
        places(entered)
    assert "secret" not in str(failure.value)


_PAGES_OF_CLOUD = (
    "/jira/for-you", "/jira/core/projects/DEMO/board", "/jira/servicedesk/projects/DEMO/queues/custom/1",
    "/jira/people/abc", "/jira/projects?x=1", "/jira/software/c/projects/DEMO/boards/1", "/jira/dashboards/1",
    "/jira/search?jql=x", "/jira/what-matters/", "/wiki/home", "/issues?filter=-4", "/issues/?jql=", "/browse/DEMO-1",
    "/secure/RapidBoard.jspa?rapidView=1", "/plans/1", "/jira/plans/1", "/jira", "/something/of/tomorrow",
)  # fmt: skip
_PAGES_BELOW_A_PATH = ("", "/", "/secure/Dashboard.jspa", "/projects/DEMO/issues", "/browse/DEMO-2", "/login.jsp",
                       "/secure/RapidBoard.jspa?x", "/servicedesk/customer/portal/1")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("page", _PAGES_OF_CLOUD)
def test_the_address_of_any_page_of_cloud_leads_to_the_root_of_its_site(page: str) -> None:
    with (
        FakeJira("cloud", issues(3)) as jira,
        open_client(Connection(jira.url + page, EMAIL, TOKEN), TESTING) as client,
    ):
        assert try_out(client, JQL).base_url == jira.url
        assert jira.requests < 12


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["/jira", "/tools/jira", "/issues"])
@pytest.mark.parametrize("page", _PAGES_BELOW_A_PATH)
def test_the_address_of_any_page_of_data_center_leads_to_its_own_path(prefix: str, page: str) -> None:
    jira = FakeJira("data-center", issues(3), prefix=prefix)
    with jira, open_client(Connection(jira.url + page, "", TOKEN), TESTING) as client:
        assert try_out(client, JQL).base_url == jira.url


def test_no_other_server_is_asked_whether_it_is_a_jira() -> None:
    sites = {place.partition("/shop")[0] for place in places("https://example.com:8443/shop/browse/projects/1?x=/y")}
    assert sites == {"https://example.com:8443"}


# -- certificates ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for localhost that no computer trusts by itself, and a server's context with it."""
    folder = tmp_path_factory.mktemp("authority")
    certificate, key = _self_signed()
    (folder / "ca.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return folder / "ca.pem", context


def _self_signed() -> tuple[bytes, bytes]:
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    return built.public_bytes(encoding), key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)


def _over_tls(
    authority: tuple[Path, ssl.SSLContext], ca_file: Path | None, act: Callable[[JiraClient], object]
) -> None:
    with (
        FakeJira("cloud", issues(3), tls=authority[1]) as jira,
        open_client(Connection(jira.url, EMAIL, TOKEN, ca_file), TESTING, limits=QUICK) as client,
    ):
        act(client)


def test_a_certificate_that_is_not_trusted_is_told(authority: tuple[Path, ssl.SSLContext]) -> None:
    def act(client: JiraClient) -> None:
        with pytest.raises(errors.NotTrusted, match="ask the IT department"):
            client.server()

    _over_tls(authority, None, act)


def test_the_file_of_an_own_authority_makes_it_trusted(authority: tuple[Path, ssl.SSLContext]) -> None:
    _over_tls(authority, authority[0], lambda client: try_out(client, JQL))


@pytest.mark.slow
def test_a_stop_is_heard_over_tls_too(authority: tuple[Path, ssl.SSLContext]) -> None:
    def stop() -> None:
        raise Cancelled("stopped")

    with (
        FakeJira("cloud", issues(3), tls=authority[1]) as jira,
        open_client(Connection(jira.url, EMAIL, TOKEN, authority[0]), TESTING, limits=QUICK) as client,
    ):
        # With the first answer come the server's tickets for a later session, which look like an answer from afar.
        client.server()
        jira.faults.slow_seconds = 5
        began = time.monotonic()
        with pytest.raises(Cancelled), client.heard_by(stop):
            client.sample(JQL, ("summary",))
        assert time.monotonic() - began < 4


def test_a_file_without_certificates_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("hello")
    with pytest.raises(errors.NotTrusted, match=r"ca\.pem holds no certificates"):
        open_client(Connection("https://jira.example.com", "", TOKEN, tmp_path / "ca.pem"), TESTING)


def test_neither_connection_nor_client_shows_the_token() -> None:
    connection = Connection("https://jira.example.com", EMAIL, TOKEN)
    assert TOKEN not in repr(connection)


def test_the_transport_asks_in_the_way_of_each_jira() -> None:
    with FakeJira("data-center", issues(1)) as jira:
        result = transport(jira)
        assert result.get("/rest/api/2/myself").status == 200
        result.close()
        assert jira.authorizations == [f"Bearer {TOKEN}"]
