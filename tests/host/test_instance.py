"""One instance per folder: the lock, the instance file, and starts that meet."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.host.instance import (
    INSTANCE_NAME,
    LOCK_NAME,
    FolderLock,
    Instance,
    claim,
    find_running,
    fresh_page,
    fresh_url,
    hold_folder,
    read_instance,
)
from store.errors import FolderInUse, NotWritable, Refused
from tests.running import ROOT, Browser, Program, page_at, started, tiny

HOLDER = """
import sys, time
from pathlib import Path
from app.host.instance import hold_folder
with hold_folder(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@contextlib.contextmanager
def held_elsewhere(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the folder and answers nothing."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_folder_is_made_and_locked(tmp_path: Path) -> None:
    lock = claim(tmp_path / "new" / "profiles")
    assert isinstance(lock, FolderLock)
    lock.release()
    assert list((tmp_path / "new" / "profiles").iterdir()) == []


def test_a_holder_that_does_not_answer_is_never_robbed(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path):
        with pytest.raises(FolderInUse, match="task manager"):
            claim(tmp_path, patience=0.2)
        with pytest.raises(FolderInUse), hold_folder(tmp_path):
            pytest.fail("must not be entered")


def test_a_stale_instance_file_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / INSTANCE_NAME).write_text(json.dumps({"pid": 1, "host": "127.0.0.1", "port": 1, "nonce": "x"}))
    assert find_running(tmp_path) is None
    lock = claim(tmp_path)
    assert isinstance(lock, FolderLock)
    lock.release()


def test_a_killed_holder_leaves_the_lock_free(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path) as holder:
        holder.kill()
        holder.wait()
        lock = claim(tmp_path, patience=0)
        assert isinstance(lock, FolderLock)
        lock.release()


def test_a_lock_that_is_let_go_while_we_wait_is_ours(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path) as holder:
        threading.Timer(0.3, holder.kill).start()
        lock = claim(tmp_path, patience=20)
        assert isinstance(lock, FolderLock)
        lock.release()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"pid": 1}',
        '{"pid": "x", "host": 1, "port": [], "nonce": 2}',
        '{"pid": 1e400, "port": 1, "nonce": "n"}',
        '{"pid": 1, "port": -Infinity, "nonce": "n"}',
    ],
)
def test_a_damaged_instance_file_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / INSTANCE_NAME).write_text(text)
    assert read_instance(tmp_path) is None


def test_a_published_instance_reads_back_and_goes_with_the_lock(tmp_path: Path) -> None:
    lock = claim(tmp_path)
    assert isinstance(lock, FolderLock)
    lock.publish(Instance(7, "127.0.0.1", 8050, "nonce"))
    assert read_instance(tmp_path) == Instance(7, "127.0.0.1", 8050, "nonce")
    lock.release()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="modes exist on POSIX only")
def test_only_the_owner_can_read_the_nonce(tmp_path: Path) -> None:
    lock = claim(tmp_path)
    assert isinstance(lock, FolderLock)
    lock.publish(Instance(7, "127.0.0.1", 8050, "nonce"))
    assert (tmp_path / INSTANCE_NAME).stat().st_mode & 0o777 == 0o600
    lock.release()


def test_an_instance_file_with_an_impossible_port_is_not_asked(tmp_path: Path) -> None:
    assert fresh_url(Instance(1, "127.0.0.1", 10**9, "x")) is None


class Stranger:
    """Another server at the port that an instance file names, which answers everything with one document."""

    def __init__(self, document: object) -> None:
        body = json.dumps(document).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.instance = Instance(1, "127.0.0.1", self._server.server_port, "nonce")

    def __enter__(self) -> Instance:
        return self.instance

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [
        "https://jira.example.org/",
        "file:///etc/passwd",
        "\\\\server\\share\\program.exe",
        "C:\\program.exe",
        "--gpu-launcher=program",
        "javascript:alert(1)",
        "\x1b[31m",
        "a b",
        5,
        None,
        ["x"],
        f"https://jira.example.org/burndown-open-{'0' * 24}.html",
    ],
)
def test_who_listens_at_the_port_of_an_app_that_is_gone_gets_nothing_opened_or_printed(
    tmp_path: Path, answer: object
) -> None:
    with Stranger({"page": answer, "code": answer}) as instance:
        assert not fresh_page(instance, tmp_path)
        assert fresh_url(instance) is None


def test_a_page_is_opened_from_our_own_folder_wherever_it_is_said_to_be(tmp_path: Path) -> None:
    page = tmp_path / f"burndown-open-{'a1' * 12}.html"
    page.write_text("")
    with Stranger({"page": f"file://elsewhere.example.org/{page.name}"}) as instance:
        assert fresh_page(instance, tmp_path) == page.as_uri()
        page.rename(tmp_path / "other")
        page.symlink_to(tmp_path / "other")
        assert fresh_page(instance, tmp_path) == ""


def test_an_instance_file_names_no_other_machine(tmp_path: Path) -> None:
    document = {"pid": 1, "host": "jira.example.org", "port": 8050, "nonce": "n"}
    (tmp_path / INSTANCE_NAME).write_text(json.dumps(document))
    assert read_instance(tmp_path) == Instance(1, "127.0.0.1", 8050, "n")


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match="--profiles"):
        claim(tmp_path / "file" / "profiles")


def test_holding_the_folder_ends_with_the_block(tmp_path: Path) -> None:
    for _ in range(2):
        with hold_folder(tmp_path):
            assert (tmp_path / LOCK_NAME).exists()
    assert not (tmp_path / LOCK_NAME).exists()


@pytest.mark.slow
def test_a_second_start_hands_over_the_running_one(tmp_path: Path) -> None:
    with started(tiny(tmp_path)) as first:
        address = first.address()
        with started(tiny(tmp_path)) as second:
            again = second.address()
            assert second.end() == 0
        assert (again["port"], again["profiles"]) == (address["port"], str(tmp_path))
        assert again["url"] != address["url"]
        assert Browser(str(again["url"])).first.status == 303


@pytest.mark.slow
def test_a_second_start_without_print_url_says_the_address(tmp_path: Path) -> None:
    with started(tiny(tmp_path)) as first:
        port = first.address()["port"]
        with started(tiny(tmp_path, "--no-browser")) as second:
            assert f"http://127.0.0.1:{port}/?code=" in second.errors()
            assert second.end() == 0


@pytest.mark.slow
def test_a_second_start_opens_the_browser_at_the_running_one(tmp_path: Path) -> None:
    program = Program(tmp_path / "program")
    with started(tiny(tmp_path)) as first:
        port = first.address()["port"]
        with started(tiny(tmp_path, "serve"), BROWSER=program.command) as second:
            assert second.end() == 0
        page = page_at(program.noted()[0]).read_text()
        assert f'action="http://127.0.0.1:{port}/_enter"' in page
        assert Browser.handed(page).get("/").status == 200


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_app_does_not_block_the_next_start(tmp_path: Path) -> None:
    with started(tiny(tmp_path)) as first:
        first.address()
        first.signal(signal.SIGKILL)
        first.end()
    assert (tmp_path / INSTANCE_NAME).exists()
    with started(tiny(tmp_path)) as second:
        assert second.browser().wait_for("ready")["state"] == "ready"


@pytest.mark.slow
def test_of_two_starts_at_once_exactly_one_serves_fifty_times(tmp_path: Path) -> None:
    for attempt in range(50):
        folder = tmp_path / str(attempt)
        with started(tiny(folder)) as program, started(tiny(folder)) as two:
            addresses = [program.address(), two.address()]
            assert addresses[0]["port"] == addresses[1]["port"], attempt
            ended = threading.Event()
            # The one that handed over ends by itself; the other serves on.
            while program.process.poll() is None and two.process.poll() is None:
                ended.wait(0.005)
            serving = two if program.process.poll() is not None else program
            assert (two if serving is program else program).end() == 0
            assert Browser(str(addresses[0]["url"])).post("/_quit").status == 200
            assert serving.end() == 0


def test_a_folder_in_the_place_of_the_lock_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).mkdir()
    with pytest.raises(Refused, match=f"{LOCK_NAME} is a folder.*another name"), hold_folder(tmp_path):
        pass
