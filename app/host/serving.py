"""One run of the app: listen, show the starting page, load the app behind it, wait, and leave by one clean path."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app import logs
from app.errors import AppError, Cancelled
from app.host import extraction, instance, process, server
from app.host.handover import Handover
from app.host.idle import EMPTY_SECONDS, Presence
from app.host.instance import FolderLock, Instance
from app.host.security import BROWSER_CODE_SECONDS, PRINTED_CODE_SECONDS, Guard, LaunchCodes
from app.host.starting import STOPPING, Starting, script_hash
from app.host.wsgi import send
from app.output.report_scripts import script_hashes
from app.words import N_
from store.errors import FolderInUse, StoreError
from store.paths import DataFolder

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

DONE = 0
UNEXPECTED = 1
REFUSED = 3

# A start that failed shows why. Who never opens the page has read it on standard error, or is a script.
_FAILED_SECONDS = 60.0
_FAILED_UNATTENDED_SECONDS = 20.0
_FINISH_REQUESTS_SECONDS = 0.5
# While a job, or the setting, keeps us here without a page, look again after this long.
_KEPT_SECONDS = 15.0
# Who ends takes its own folder away, well within this.
_GRACE_SECONDS = 5.0
# A wait that took this much longer than asked for means that the computer slept.
_SLEPT_SECONDS = 10.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The app, ready to serve. `is_busy`: a job runs. `close` is called once, when no request is under way."""

    wsgi: WSGIApplication
    script_hashes: tuple[str, ...]
    leaves_when_idle: Callable[[], bool]
    is_busy: Callable[[], bool]
    close: Callable[[], None]


# Opens the data and builds the app; reports to the Starting, and hands the app a way to stop.
Load = Callable[[DataFolder, Starting, Callable[[], None]], Loaded]


def serve(options: Namespace, folder: DataFolder, load: Load, empty_seconds: float = EMPTY_SECONDS) -> int:
    """Start the app, or open the browser at the one that runs already; the exit code.

    `empty_seconds`: how long after the last page closed the app leaves.
    """
    if not folder.writable:
        return Serving(options, folder, None, load, empty_seconds).run()
    try:
        claimed = instance.claim(folder.path)
    except StoreError as exc:
        if options.no_browser:
            say(str(exc))
            return REFUSED
        return Serving(options, folder, None, load, empty_seconds).run(str(exc))
    if isinstance(claimed, Instance):
        return _join(claimed, options, folder)
    return Serving(options, folder, claimed, load, empty_seconds).run()


def _join(running: Instance, options: Namespace, folder: DataFolder) -> int:
    """A second start: hand over a fresh address of the running app."""
    try:
        if options.print_url:
            print_url(_address(running), running.port, folder)
        if options.no_browser:
            if not options.print_url:
                say(f"Burndown is running already. Open this address: {_address(running)}")
        elif not _opened(running, folder):
            say(f"Open this address in your browser: {_address(running)}")
    except FolderInUse as exc:
        say(str(exc))
        return REFUSED
    return DONE


def _address(running: Instance) -> str:
    return _there(instance.fresh_url(running))


def _opened(running: Instance, folder: DataFolder) -> bool:
    """Whether a browser took a page of the running app."""
    page = _there(instance.fresh_page(running, folder.path))
    return bool(page) and process.open_browser_and_wait(page)


def _there(answer: str | None) -> str:
    if answer is None:
        raise FolderInUse(N_("The running Burndown is just stopping. Start it again in a moment."))
    return answer


class Serving:
    """A run, from the socket to the exit code. `lock` is None for a folder that cannot be written."""

    def __init__(
        self, options: Namespace, folder: DataFolder, lock: FolderLock | None, load: Load, empty_seconds: float
    ) -> None:
        self._options = options
        self._folder = folder
        self._lock = lock
        self._load = load
        self._stop = process.Stop()
        self._starting = Starting(lambda: self._stop.is_asked, self._stop.wake)
        self._presence = Presence(empty_seconds=empty_seconds, on_change=self._stop.wake)
        self._codes = LaunchCodes(on_used=lambda code: self._handover.done(code))
        self._data_closed = threading.Event()
        self._finished = threading.Event()
        self._loaded: Loaded | None = None
        self._log_handler: logging.Handler | None = None
        self._unseen_until = 0.0
        self._kept: list[object] = []  # what must live as long as the run
        self._listen()

    def run(self, problem: str = "") -> int:
        """Serve until asked to stop; the exit code. `problem`: why the app cannot start, to be shown instead."""
        self._kept.append(process.on_stop_signal(self._stop, self._finished))
        self._kept.append(extraction.mark_own())
        try:
            self._server.start()
            self._announce()
            code = self._wait(self._fail(problem, REFUSED) if problem else self._open())
        finally:
            self._leave()
        return code

    def _listen(self) -> None:
        if self._lock is not None:
            self._log_handler = logs.start(self._folder.path, serving=True)
        sock = server.listen(self._options.port)
        port = int(sock.getsockname()[1])
        self._instance = Instance(os.getpid(), instance.LOOPBACK, port, instance.new_nonce())
        # Without the lock another instance may have the folder: nothing of ours is left in it.
        self._handover = Handover(self._instance.enter_url, self._folder.path if self._lock is not None else None)
        self._switch = server.Switch(self._starting)
        hooks = server.Hooks(
            starting=self._starting,
            presence=self._presence,
            codes=self._codes,
            nonce=self._instance.nonce,
            ask_to_stop=self._stop.ask,
            data_closed=self._data_closed,
            is_stopping=lambda: self._stop.is_asked,
            hand_over=lambda: self._browser_page() or "",
        )
        self._guard = Guard(
            server.Front(self._switch, hooks),
            port,
            self._codes,
            cookieless_paths=(instance.PING_PATH, instance.LAUNCH_PATH),
            script_hashes=(script_hash(), *script_hashes()),
        )
        self._server = server.Server(self._guard, sock)
        _log.info("listening on port %d", port)

    def _announce(self) -> None:
        """Tell later starts, the caller and the browser where we are."""
        if self._lock is not None:
            try:
                self._lock.publish(self._instance)
            except OSError as exc:  # a full disk: everything but a second start works without it
                _log.warning("the instance file could not be written: %s", exc)
        if self._options.print_url:
            print_url(self._fresh_url(), self._instance.port, self._folder)
        if not self._options.no_browser:
            self._open_browser()
        elif not self._options.print_url:
            self._print_address()

    def _open_browser(self) -> None:
        page = self._browser_page(self._print_address) if process.has_screen() else None
        if page is None:
            self._print_address()
        else:
            process.open_browser(page, self._print_address)

    def _browser_page(self, when_unused: Callable[[], None] = lambda: None) -> str | None:
        """The address of a page that hands a code in; None when there is no private place for it."""
        page = self._handover.page(self._codes.issue(BROWSER_CODE_SECONDS), BROWSER_CODE_SECONDS, when_unused)
        return None if page is None else page.as_uri()

    def _fresh_url(self) -> str:
        return self._instance.url(self._codes.issue(PRINTED_CODE_SECONDS))

    def _print_address(self) -> None:
        say(f"Open this address in your browser: {self._fresh_url()}")

    def _open(self, before: Callable[[], None] = lambda: None) -> int:
        """Load the app behind the starting page, after what an accepted offer does; the exit code so far."""
        try:
            before()
            self._loaded = self._load(self._folder, self._starting, self._stop.ask)
        except Cancelled:
            return DONE
        except (AppError, StoreError) as exc:
            _log.error("refused to start: %s", exc)
            return self._fail(str(exc), REFUSED)
        except Exception:  # noqa: BLE001 the border: logged with its traceback, told in plain words
            _log.exception("the start failed")
            where = logs.log_file(self._folder.path)
            return self._fail(
                N_("Something unexpected happened. Details are in {where}.", where=str(where)), UNEXPECTED
            )
        self._guard.script_hashes += self._loaded.script_hashes
        self._switch.turn_to(self._loaded.wsgi)
        self._starting.ready()
        self._remove_orphans()
        return DONE

    def _fail(self, text: str, code: int) -> int:
        self._starting.fail(text)
        say(text)
        seconds = _FAILED_UNATTENDED_SECONDS if self._options.no_browser else _FAILED_SECONDS
        self._unseen_until = time.monotonic() + seconds
        return code

    def _wait(self, code: int) -> int:
        """Until somebody asks to stop, or nobody is left; the exit code, which an accepted offer may mend."""
        while not self._is_asked_within(self._patience(code)):
            if offer := self._starting.accepted():
                code = self._open(offer.take)
            elif self._nobody_is_left(code):
                _log.info("no page is open any more")
                break
        return code

    def _is_asked_within(self, seconds: float | None) -> bool:
        began = time.monotonic()
        is_asked = self._stop.wait(seconds)
        if seconds is not None and time.monotonic() - began > seconds + _SLEPT_SECONDS:
            self._presence.slept()
        return is_asked

    def _patience(self, code: int) -> float | None:
        """Seconds until it is worth looking whether anybody is left; None: not before a page opens."""
        left = self._presence.seconds_left()
        if left is None:
            return None if code == DONE else max(0.0, self._unseen_until - time.monotonic())
        return left or _KEPT_SECONDS

    def _nobody_is_left(self, code: int) -> bool:
        left = self._presence.seconds_left()
        if code != DONE:
            return left == 0 or (left is None and time.monotonic() >= self._unseen_until)
        return left == 0 and self._may_leave()

    def _may_leave(self) -> bool:
        # Whoever asked for what is still being made is there, whether or not the next sign of life finds a free thread.
        if not self._switch.wait_until_idle(0):
            return False
        loaded = self._loaded
        return loaded is None or (loaded.leaves_when_idle() and not loaded.is_busy())

    def _leave(self) -> None:
        """The clean path. Every step is taken even when one before it failed."""
        self._stop.ask()
        with contextlib.ExitStack() as steps:
            steps.callback(self._stop.close)
            steps.callback(self._finished.set)
            steps.callback(self._server.stop)
            steps.callback(self._data_closed.set)
            steps.callback(self._let_go)
            steps.callback(self._handover.close)
            steps.callback(self._close_data)
            self._switch.turn_to(lambda _, start_response: send(STOPPING, start_response))
            self._switch.wait_until_idle(_FINISH_REQUESTS_SECONDS)

    def _close_data(self) -> None:
        if self._loaded is None:
            return
        try:
            self._loaded.close()
        except Exception:  # noqa: BLE001 the rest of the way out must be gone all the same
            _log.exception("closing failed")

    def _let_go(self) -> None:
        _log.info("stopped")
        if self._log_handler is not None:
            logs.stop(self._log_handler)
        if self._lock is not None:
            self._lock.release()

    def _remove_orphans(self) -> None:
        threading.Thread(target=self._remove_left_overs, name="orphans", daemon=True).start()

    def _remove_left_overs(self) -> None:
        """Of runs that were killed."""
        self._handover.remove_stale()
        extraction.remove_orphans(grace_seconds=_GRACE_SECONDS)


def print_url(url: str, port: int, folder: DataFolder) -> None:
    """The one line of `--print-url`."""
    line = json.dumps({"url": url, "port": port, "profiles": str(folder.path)}, ensure_ascii=False)
    with contextlib.suppress(OSError):  # nobody reads any more
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def say(text: str) -> None:
    """A message to people, on standard error."""
    with contextlib.suppress(OSError):
        sys.stderr.write(process.on_screen(text) + "\n")
        sys.stderr.flush()
