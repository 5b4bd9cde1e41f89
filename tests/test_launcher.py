"""Whole runs as real processes: start, starting page, the ways to stop, and what is left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import LAUNCHER, ROOT, Browser, Program, page_at, started, tiny

# Each starts the program.
pytestmark = pytest.mark.slow

posix_only = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_printed_address_opens_the_app(tmp_path: Path) -> None:
    with started(tiny(tmp_path)) as run:
        address = run.address()
        assert address["profiles"] == str(tmp_path)
        browser = Browser(str(address["url"]))
        browser.wait_for("ready")
        assert browser.get("/").text == "the tiny app"


def test_the_page_is_there_while_the_app_loads(tmp_path: Path) -> None:
    with started(tiny(tmp_path), TINY_WAITS="yes") as run:
        browser = run.browser()
        assert "Burndown is starting" in browser.get("/").text
        # It has said nothing yet where it listens before it loads.
        states = [status := browser.status()]
        while status["text"] != "Taking over 3 files" and len(states) < 10_000:
            states.append(status := browser.status())
        assert (status["text"], status["done"], status["total"]) == ("Taking over 3 files", 1, 3)
        (tmp_path / "go").touch()
        browser.wait_for("ready")
        assert browser.get("/").text == "the tiny app"


def test_the_csp_learns_the_hashes_of_the_app(tmp_path: Path) -> None:
    with started(tiny(tmp_path)) as run:
        browser = run.browser()
        browser.wait_for("ready")
        assert "'sha256-tiny'" in browser.get("/").headers["Content-Security-Policy"]


def test_quit_from_the_page_closes_everything_and_exits_with_0(tmp_path: Path) -> None:
    with started(tiny(tmp_path)) as run:
        browser = run.browser()
        browser.wait_for("ready")
        assert "Burndown has stopped" in browser.post("/_quit").text
        assert left_in(tmp_path) == ["closed.txt", "logs"]
        assert run.end() == 0


@posix_only
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_stop_signal_takes_the_clean_path(tmp_path: Path, name: str) -> None:
    with started(tiny(tmp_path)) as run:
        run.browser().wait_for("ready")
        run.signal(signal.Signals[name])
        assert run.end() == 0
        assert left_in(tmp_path) == ["closed.txt", "logs"]


@posix_only
def test_a_stop_signal_while_loading_ends_the_start(tmp_path: Path) -> None:
    with started(tiny(tmp_path), TINY_WAITS="yes") as run:
        run.address()
        run.signal(signal.SIGTERM)
        assert run.end() == 0
        assert left_in(tmp_path) == ["logs"]


@posix_only
def test_an_ignored_hangup_stays_ignored(tmp_path: Path) -> None:
    with started(["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *tiny(tmp_path)]) as run:
        browser = run.browser()
        browser.wait_for("ready")
        run.signal(signal.SIGHUP)
        assert browser.get("/").text == "the tiny app"


@posix_only
def test_a_request_under_way_is_answered_before_the_data_closes(tmp_path: Path) -> None:
    import threading

    with started(tiny(tmp_path)) as run:
        browser = run.browser()
        browser.wait_for("ready")
        replies: list[str] = []
        asking = threading.Thread(target=lambda: replies.append(browser.get("/slow").text))
        asking.start()
        asking.join(0.1)
        browser.post("/_quit")
        asking.join(10)
        assert replies == ["the tiny app"]
        assert run.end() == 0


def test_a_refused_start_is_explained_on_the_page_and_exits_with_3(tmp_path: Path) -> None:
    with started(tiny(tmp_path), TINY_FAILS="The database is damaged. Restore a snapshot.") as run:
        browser = run.browser()
        assert browser.wait_for("failed")["text"] == "The database is damaged. Restore a snapshot."
        page = browser.get("/").text
        assert "Quit Burndown" in page
        assert "Burndown has stopped" in browser.post("/_quit").text
        assert run.errors() == "The database is damaged. Restore a snapshot.\n"
        assert run.end() == 3


def test_an_accepted_offer_mends_the_start_which_goes_on(tmp_path: Path) -> None:
    with started(tiny(tmp_path), TINY_FAILS="The database is damaged.", TINY_OFFER="Put it back") as run:
        browser = run.browser()
        assert browser.wait_for("failed")["offer"] == "Put it back"
        answer = browser.post("/_restore")
        assert (answer.status, answer.headers["Location"]) == (303, "/")
        assert browser.wait_for("ready")["offer"] == ""
        assert browser.get("/").text == "the tiny app"
        browser.post("/_quit")
        assert run.end() == 0


def test_an_offer_that_fails_says_why_and_the_exit_code_stays(tmp_path: Path) -> None:
    (tmp_path / "hopeless").write_text("")
    with started(tiny(tmp_path), TINY_FAILS="The database is damaged.", TINY_OFFER="Put it back") as run:
        browser = run.browser()
        browser.wait_for("failed")
        browser.post("/_restore")
        assert browser.wait_for("failed")["text"] == "The snapshot is damaged as well."
        browser.post("/_quit")
        assert run.end() == 3


def test_a_start_that_works_offers_nothing_and_cannot_be_asked_to(tmp_path: Path) -> None:
    with started(tiny(tmp_path), TINY_OFFER="Put it back") as run:
        browser = run.browser()
        browser.wait_for("ready")
        assert browser.post("/_restore").status == 303
        assert browser.get("/").text == "the tiny app"
        assert not (tmp_path / "mended").exists()


def test_the_button_of_an_offer_is_guarded(tmp_path: Path) -> None:
    with started(tiny(tmp_path), TINY_FAILS="The database is damaged.", TINY_OFFER="Put it back") as run:
        browser = run.browser()
        browser.wait_for("failed")
        assert browser.ask("POST", "/_restore", **{"Sec-Fetch-Site": "cross-site"}).status == 403
        assert browser.ask("POST", "/_restore", Cookie="").status == 403
        assert browser.get("/_restore").status == 405
        assert browser.status()["state"] == "failed"


def test_the_app_leaves_when_the_last_page_was_closed(tmp_path: Path) -> None:
    with started(tiny(tmp_path), TINY_EMPTY_SECONDS="0.3") as run:
        browser = run.browser()
        browser.wait_for("ready")
        browser.post("/_bye?page=test")
        assert run.end() == 0
        assert left_in(tmp_path) == ["closed.txt", "logs"]


def test_a_page_that_comes_back_keeps_the_app(tmp_path: Path) -> None:
    with started(tiny(tmp_path), TINY_EMPTY_SECONDS="0.4") as run:
        browser = run.browser()
        browser.wait_for("ready")
        browser.post("/_bye?page=test")
        browser.post("/_alive?page=next")
        with pytest.raises(TimeoutError):
            _end_within(run.process, 1.2)


def _end_within(process: object, seconds: float) -> None:
    assert isinstance(process, subprocess.Popen)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as exc:
        raise TimeoutError from exc


def test_a_read_only_folder_is_served_without_lock_or_log(tmp_path: Path) -> None:
    with started(tiny(tmp_path), TINY_READ_ONLY="1") as run:
        run.browser().wait_for("ready")
        assert left_in(tmp_path) == []


def test_where_no_browser_can_be_opened_the_address_is_printed(tmp_path: Path) -> None:
    command = tiny(tmp_path, "serve", "--port", "0")
    with started(command, DISPLAY="", WAYLAND_DISPLAY="", BROWSER="") as run:
        assert run.process.stderr is not None
        if sys.platform not in ("win32", "darwin"):
            line = run.process.stderr.readline()
            assert line.startswith("Open this address in your browser: http://127.0.0.1:")
            assert Browser(line.rpartition(" ")[2].strip()).first.status == 303


def test_the_browser_is_opened_at_an_address_that_works(tmp_path: Path) -> None:
    program = Program(tmp_path / "program")
    with started(tiny(tmp_path / "data", "--port", "0"), BROWSER=program.command):
        browser = Browser.handed(page_at(program.noted()[0]).read_text())
        browser.wait_for("ready")
        assert browser.get("/").text == "the tiny app"


def test_the_launch_code_is_in_no_command_line_and_in_no_file_that_others_can_read(tmp_path: Path) -> None:
    program = Program(tmp_path / "program")
    with started(tiny(tmp_path / "data", "--port", "0"), BROWSER=program.command):
        page = page_at(program.noted()[0])
        code = re.findall('value="([^"]+)"', page.read_text())[0]
        assert len(code) > 30
        assert code not in program.noted()[0]
        assert os.name != "posix" or page.stat().st_mode & 0o777 == 0o600
        assert Browser.handed(page.read_text()).first.status == 200
        assert not page.exists()


def test_a_page_that_was_handed_over_goes_with_the_app(tmp_path: Path) -> None:
    program = Program(tmp_path / "program")
    with started(tiny(tmp_path / "data", "--print-url", "--port", "0"), BROWSER=program.command) as run:
        browser = run.browser()
        browser.wait_for("ready")
        page = page_at(program.noted()[0])
        assert page.exists()
        browser.post("/_quit")
        run.end()
    assert not page.exists()


@pytest.mark.parametrize("name", ["BURNDOWN_JIRA_TOKEN", "BURNDOWN_PASSPHRASE"])
def test_the_browser_does_not_inherit_a_secret(tmp_path: Path, name: str) -> None:
    program = Program(tmp_path / "program")
    command = [*LAUNCHER, "--profiles", str(tmp_path / "data"), "serve", "--print-url", "--port", "0"]
    with started(command, **{"BROWSER": program.command, name: "planted-secret"}) as run:
        browser = run.browser()
        assert "planted-secret" not in program.noted()[1]
        browser.wait_for("ready")
        browser.post("/_quit")
        assert run.end() == 0


@posix_only
def test_a_start_without_standard_streams_works(tmp_path: Path) -> None:
    with started(["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *tiny(tmp_path)]) as run:
        from app.host.instance import find_running, fresh_url

        running = None
        while running is None:
            assert run.process.poll() is None
            running = find_running(tmp_path)
        url = fresh_url(running)
        assert url is not None
        assert "stopped" in Browser(url).post("/_quit").text
        assert run.end() == 0


def test_launch_codes_never_reach_the_log(tmp_path: Path) -> None:
    with started(tiny(tmp_path)) as run:
        url = str(run.address()["url"])
        browser = Browser(url)
        browser.wait_for("ready")
        browser.post("/_quit")
        run.end()
    log = (tmp_path / "logs" / "burndown.log").read_text()
    assert "listening" in log
    assert url.rpartition("=")[2] not in log
    assert browser.cookie.partition("=")[2] not in log


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    with started([*LAUNCHER, "--profiles", str(tmp_path / "x"), "serve", "--port", "many"]) as run:
        assert "--port" in run.errors()
        assert run.end() == 2
        assert not (tmp_path / "x").exists()


def test_without_its_packages_it_says_how_to_start() -> None:
    bare = [LAUNCHER[0], "-S", *LAUNCHER[1:], "status"]
    done = subprocess.run(bare, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "python3 scripts/run.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_is_printed(tmp_path: Path) -> None:
    with started([*LAUNCHER, "--version"]) as run:
        assert run.process.stdout is not None
        assert run.process.stdout.readline().startswith("Burndown ")
        assert run.end() == 0


def real(folder: Path, *options: str) -> list[str]:
    return [*LAUNCHER, "--profiles", str(folder), "--no-browser", "--print-url", "--port", "0", *options]


def test_the_real_app_leaves_one_database_and_nothing_open(tmp_path: Path) -> None:
    folder = tmp_path / "dätä #1 100%"
    with started(real(folder)) as run:
        browser = run.browser()
        browser.wait_for("ready")
        page = browser.get("/")
        assert "_dash-renderer" in page.text
        assert "sha256-" in page.headers["Content-Security-Policy"]
        assert "Burndown has stopped" in browser.post("/_quit").text
        # Already when the page says so: the user may pull the stick that moment.
        assert [name for name in left_in(folder) if name.startswith("burndown")] == ["burndown.db"]
        assert run.end() == 0


def test_a_database_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    import sqlite3

    with started(real(tmp_path)) as run:
        browser = run.browser()
        browser.wait_for("ready")
        browser.post("/_quit")
        assert run.end() == 0
    database = tmp_path / "burndown.db"
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    before = database.read_bytes()
    with started(real(tmp_path)) as run:
        browser = run.browser()
        assert "newer" in str(browser.wait_for("failed")["text"])
        browser.post("/_quit")
        assert run.end() == 3
    assert database.read_bytes() == before


def test_what_was_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    from store.opening import open_store

    with started(real(tmp_path)) as run:
        run.browser().wait_for("ready")
        run.process.kill()
        run.end()
    with started(real(tmp_path)) as run:
        browser = run.browser()
        browser.wait_for("ready")
        browser.post("/_quit")
        assert run.end() == 0
    opened = open_store(tmp_path, mode="read")
    assert opened.backend.list_profiles() == []
    opened.backend.close()


def test_a_command_is_refused_while_the_app_holds_the_folder(tmp_path: Path) -> None:
    weeks = tmp_path / "weeks.csv"
    weeks.write_text("date,completed_items\n2026-01-05,3\n")
    folder = tmp_path / "profiles"
    with started(real(folder)) as run:
        run.browser().wait_for("ready")
        with started([*LAUNCHER, "--profiles", str(folder), "import", str(weeks)]) as command:
            assert "Burndown is running" in command.errors()
            assert command.end() == 3


def test_a_damaged_database_is_put_back_from_the_starting_page(tmp_path: Path) -> None:
    """A folder copied while it was written: the first half of the file, and no log."""
    from datetime import UTC, datetime

    from store.opening import open_store
    from store.records import Issue, Profile, Query, QueryRef
    from store.sqlite import backup

    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    opened = open_store(tmp_path, mode="write")
    opened.backend.save_profile(Profile("p", "Team", now, now))
    opened.backend.save_query(Query("p", "q", "All", now, now))
    opened.backend.upsert_issues(QueryRef("p", "q"), [Issue(f"T-{number}") for number in range(1200)])
    backup.snapshot(opened.backend, tmp_path, clock=lambda: now)
    opened.backend.close()
    database = tmp_path / "burndown.db"
    torn = database.read_bytes()[: database.stat().st_size // 2]
    database.write_bytes(torn)
    with started(real(tmp_path)) as run:
        browser = run.browser()
        failed = browser.wait_for("failed")
        assert "damaged" in str(failed["text"])
        assert re.match(r"Put back the backup of \d Mar 2026", str(failed["offer"]))
        assert str(failed["offer"]).endswith("(1 project, 1,200 issues)")
        browser.post("/_restore")
        browser.wait_for("ready")
        assert "_dash-renderer" in browser.get("/").text
        browser.post("/_quit")
        assert run.end() == 0
    (aside,) = (tmp_path / "set-aside").iterdir()
    assert (aside / "burndown.db").read_bytes() == torn
    opened = open_store(tmp_path, mode="read")
    assert opened.backend.counts().issues == 1200
    opened.backend.close()


def test_a_damaged_database_without_a_good_snapshot_offers_nothing(tmp_path: Path) -> None:
    (tmp_path / "burndown.db").write_bytes(b"SQLite format 3\x00" + bytes(50))
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "burndown-20260302T090000Z.db").write_bytes(b"no database")
    with started(real(tmp_path)) as run:
        browser = run.browser()
        failed = browser.wait_for("failed")
        assert failed["offer"] == ""
        assert "no good backup" in str(failed["text"])
        browser.post("/_quit")
        assert run.end() == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["status", "--json"], ["status"], ["check"], ["--help"], ["--version"]])
def test_an_answer_that_cannot_be_written_is_no_success_and_no_traceback(tmp_path: Path, words: list[str]) -> None:
    command = [*LAUNCHER, "--profiles", str(tmp_path / "data"), *words]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "The answer could not be written: No space left on device.\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_wrong_usage_that_cannot_be_told_is_still_wrong_usage() -> None:
    with Path("/dev/full").open("w") as full:
        assert subprocess.run([*LAUNCHER, "nonsense"], stderr=full, check=False).returncode == 2


@pytest.mark.skipif(os.name != "posix", reason="limits exist on POSIX only")
def test_a_crash_leaves_no_image_of_the_memory() -> None:
    code = (
        "import resource; from app.host import process; process.harden(); "
        "print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "(0, 0)\n"


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_command_that_is_asked_to_end_cleans_up(tmp_path: Path, name: str) -> None:
    program = (
        "import sys, tempfile, time; from app.host import process; process.end_on_signal()\n"
        "with tempfile.TemporaryDirectory(dir=sys.argv[1]):\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with started([sys.executable, "-c", program, str(tmp_path)]) as run:
        assert run.process.stdout is not None
        assert run.process.stdout.readline() == "ready\n"
        run.signal(signal.Signals[name])
        assert run.end() != 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="modes exist on POSIX only")
def test_everything_in_the_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    export = tmp_path / "export.csv"
    export.write_text("key,created,finished\nA-1,2026-01-05,2026-01-12\nA-2,2026-01-06,\n")
    for words in (["import", str(export), "--profile", "P", "--query", "Q"], ["backup"]):
        subprocess.run([*LAUNCHER, "--profiles", str(data), *words], check=True, capture_output=True, umask=0o022)
    with started([*LAUNCHER, "--profiles", str(data), "--no-browser", "--print-url", "--port", "0"]) as run:
        browser = run.browser()
        browser.wait_for("ready")
        modes = {
            path.relative_to(tmp_path).as_posix(): path.stat().st_mode & 0o077 for path in (data, *data.rglob("*"))
        }
        browser.post("/_quit")
        run.end()
    assert len(modes) > 8
    assert [name for name, mode in modes.items() if mode] == []


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("words", [["serve", "--no-browser"], ["backup"], ["import"]])
@pytest.mark.parametrize("name", ["logs", "backups", "secrets.json", "burndown.db", "burndown.instance.json"])
def test_a_folder_that_was_handed_on_with_a_link_is_refused_and_nothing_is_written(
    tmp_path: Path, words: list[str], name: str
) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    data.mkdir()
    home.mkdir()
    (home / "authorized_keys").write_text("mine")
    (data / name).symlink_to(home if name in ("logs", "backups") else home / "authorized_keys")
    export = tmp_path / "export.csv"
    export.write_text("key,created,finished\nA-1,2026-01-05,2026-01-12\n")
    options = [str(export), "--profile", "P", "--query", "Q"] if words == ["import"] else []
    command = [*LAUNCHER, "--profiles", str(data), *words, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, f"{name} is a link" in done.stderr) == (3, True), done.stderr
    assert {path.name: path.read_text() for path in home.iterdir()} == {"authorized_keys": "mine"}
