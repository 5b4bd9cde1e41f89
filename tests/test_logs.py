"""The rotating, redacted log."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import logs


@pytest.fixture
def kept_logging() -> Iterator[None]:
    """The process' logging as it was, whatever the test sets."""
    root = logging.getLogger()
    before = (root.level, sys.excepthook, threading.excepthook, logging.raiseExceptions)
    yield
    root.setLevel(before[0])
    sys.excepthook, threading.excepthook, logging.raiseExceptions = before[1:]


@pytest.fixture
def handler(tmp_path: Path, kept_logging: None) -> Iterator[logging.Handler]:
    handler = logs.start(tmp_path, serving=True)
    yield handler
    logs.stop(handler)


def text_of(folder: Path) -> str:
    return logs.log_file(folder).read_text(encoding="utf-8")


def test_entries_land_in_the_folder(tmp_path: Path, handler: logging.Handler) -> None:
    logging.getLogger("app.x").info("Größe 小")
    assert "INFO app.x: Größe 小" in text_of(tmp_path)


def test_a_secret_in_a_traceback_is_redacted(tmp_path: Path, handler: logging.Handler) -> None:
    try:
        raise ValueError("Authorization: Bearer planted-0123456789")
    except ValueError:
        logging.getLogger("app.x").exception("failed")
    assert "ValueError" in text_of(tmp_path)
    assert "planted" not in text_of(tmp_path)


@pytest.mark.slow
def test_the_log_rotates_to_at_most_five_files_of_a_megabyte(tmp_path: Path, handler: logging.Handler) -> None:
    for _ in range(70):
        logging.getLogger("app.x").info("x" * 100_000)
    files = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert files == ["burndown.log", *(f"burndown.log.{n}" for n in range(1, 5))]
    assert max(path.stat().st_size for path in (tmp_path / "logs").iterdir()) <= 1_000_000


def test_server_chatter_stays_out(tmp_path: Path, handler: logging.Handler) -> None:
    logging.getLogger("waitress.queue").warning("Task queue depth is 1")
    logging.getLogger("werkzeug").info("GET /")
    logging.getLogger("app.x").info("kept")
    assert "queue" not in text_of(tmp_path)
    assert "GET" not in text_of(tmp_path)


def test_an_uncaught_exception_of_a_thread_is_logged(tmp_path: Path, handler: logging.Handler) -> None:
    def fail() -> None:
        raise RuntimeError("lost in a thread")

    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    thread.join()
    assert "uncaught in worker" in text_of(tmp_path)
    assert "lost in a thread" in text_of(tmp_path)


def test_a_command_without_trouble_leaves_no_file(tmp_path: Path, kept_logging: None) -> None:
    handler = logs.start(tmp_path / "none", serving=False)
    logging.getLogger("app.x").info("nothing to see")
    assert not (tmp_path / "none").exists()
    logging.getLogger("app.x").error("trouble")
    logs.stop(handler)
    assert "trouble" in text_of(tmp_path / "none")


@pytest.mark.parametrize("secret", ["planted-0123456789", "tok\nplanted-0123456789", 'planted"–\\0123456789\t.'])
def test_a_secret_in_use_is_in_no_entry_however_its_text_is_escaped(
    tmp_path: Path, handler: logging.Handler, secret: str
) -> None:
    logs.hide(secret)
    log = logging.getLogger("app.x")
    log.info("plain %s", secret)
    log.info("escaped %r %a %r %s", secret, secret, secret.encode(), json.dumps({"a": secret}))
    log.info("in an address /x?y=%s", quote(secret))
    for error in (ValueError(f"Invalid header value {secret.encode()!r}"), ValueError(repr(ValueError(repr(secret))))):
        try:
            raise error
        except ValueError:
            log.exception("failed")
    text = text_of(tmp_path)
    assert "Invalid header value" in text
    assert "planted" not in text
    assert "0123456789" not in text


def test_a_word_too_short_for_a_secret_leaves_the_log_readable(tmp_path: Path, handler: logging.Handler) -> None:
    logs.hide("x")
    logs.hide("")
    logs.hide(None)
    logging.getLogger("app.x").info("next to nothing")
    assert "next to nothing" in text_of(tmp_path)


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_text_from_outside_writes_no_line_of_its_own(
    tmp_path: Path, handler: logging.Handler, line_break: str
) -> None:
    text = f"harmless{line_break}ssh-ed25519 AAAA planted"
    logging.getLogger("app.x").info("read %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("app.x").exception("failed")
    lines = text_of(tmp_path).splitlines()
    assert not [line for line in lines if line.lstrip().startswith("ssh-ed25519")]
    assert all(line.startswith("| ") or "app" in line for line in lines), lines


def test_a_traceback_keeps_its_lines(tmp_path: Path, handler: logging.Handler) -> None:
    try:
        raise ValueError("odd")
    except ValueError:
        logging.getLogger("app.x").exception("failed")
    assert "\n| Traceback (most recent call last):\n" in text_of(tmp_path)
    assert "\n| ValueError: odd\n" in text_of(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("linked", ["logs", "logs/burndown.log"])
def test_nothing_is_logged_through_a_link(tmp_path: Path, kept_logging: None, linked: str) -> None:
    outside = tmp_path / "outside"
    (outside / "logs").mkdir(parents=True)
    (outside / "burndown.log").write_text("mine\n")
    data = tmp_path / "data"
    (data / linked).parent.mkdir(parents=True)
    (data / linked).symlink_to(outside if linked == "logs" else outside / "burndown.log")
    handler = logs.start(data, serving=True)
    logging.getLogger("app.x").warning("planted")
    logs.stop(handler)
    assert (outside / "burndown.log").read_text() == "mine\n"


@pytest.mark.skipif(os.name != "posix", reason="modes exist on POSIX only")
def test_only_the_owner_can_read_the_log(tmp_path: Path, handler: logging.Handler) -> None:
    logging.getLogger("app.x").warning("anything")
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "logs", logs.log_file(tmp_path))]
    assert modes == [0o700, 0o600]


SECRET = "s3cr3tV4lue0123456789"  # planted


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Basic {SECRET}==",
        f"{{'Authorization': 'Bearer {SECRET}', 'Accept': 'x'}}",
        f"Cookie: a=1; burndown_8050={SECRET}",
        f"Set-Cookie: burndown_8050={SECRET}; Path=/",
        f"GET /?code={SECRET} HTTP/1.1",
        f"opened http://127.0.0.1:8050/x?unit=points&code={SECRET}",
        f'{{"api_token": "{SECRET}", "url": "x"}}',
        f'{{"token": "two words {SECRET}"}}',
        f"jira_token={SECRET}",
        f"passphrase = '{SECRET}'",
        f"X-Burndown-Nonce: {SECRET}",
        f"X-Burndown-Key: {SECRET}",
        f"Location: /burndown?unit=points#key={SECRET}",
        f'"nonce": "{SECRET}"',
        f"https://me:{SECRET}@jira.example/rest",
        f"used bearer {SECRET} for it",
        f"ATATT{SECRET}",
    ],
)
def test_secrets_are_redacted(text: str) -> None:
    assert SECRET not in logs.redact(text)


@pytest.mark.parametrize("text", ["exit code: 3", "1,499 rows kept", "basic facts", "C:\\data\\burndown.db"])
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert logs.redact(text) == text


@given(st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert logs.redact(logs.redact(text)) == logs.redact(text)


def test_what_is_handed_on_of_the_log_tells_where_something_failed_and_not_with_what(
    tmp_path: Path, handler: logging.Handler
) -> None:
    log = logging.getLogger("app.x")
    text = 'planted\n  planted\n  File "planted", line 1\nplanted: planted\n\nplanted'

    def fail() -> None:
        try:
            raise ValueError(text)
        except ValueError as exc:
            raise OSError(28, "No space left", text) from exc

    try:
        fail()
    except OSError:
        log.exception("it failed: %s", "planted")
    log.error("database error: disk I/O error")
    log.error("database error: database is locked by planted")
    log.error("job Track record of planted failed", exc_info=KeyError("planted"))
    logging.getLogger("urllib3.x").warning("planted")
    lines = [*text_of(tmp_path).splitlines(), "planted", "| planted"]
    kept = "\n".join(logs.without_values(lines))
    assert "planted" not in kept
    assert "ERROR app.x: it failed: …" in kept
    assert "| ValueError: …\n| The above exception was the direct cause" in kept
    assert "| OSError: [Errno 28]" in kept
    assert "in fail" in kept
    assert "database error: disk I/O error" in kept
    assert "ERROR app.x: job Track record of …\n| KeyError: …" in kept
    assert "WARNING urllib3.x: …" in kept
    assert "INFO app.logs: Burndown" in kept


@given(st.text())
def test_no_text_of_an_exception_is_handed_on(text: str) -> None:
    record = logging.LogRecord("app.x", logging.ERROR, __file__, 1, "failed: %s", (text,), None)
    record.exc_info = (ValueError, ValueError(f"W{text}W" + text), None)
    lines = logs.RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s").format(record).splitlines()
    assert logs.without_values(lines)[1:] == ["| ValueError: …"]
