"""Everything that must hold: `python3 scripts/test.py [--lane unit|all|windows|windows-unit] [pytest arguments]`.

all      style, types and the quick tests, the executable being built beside; then the slow ones, and the end-to-end
         tests that drive the fresh executable in Chromium. This is what runs when no lane is named.
unit     style, types and the quick tests: no build, no browser, and none of those that are marked slow (kills, full
         disks, power losses, servers, hundreds of pages or replays), which are for `all`; `--quick` is short for it.
windows  the executable for Windows is built and driven, here under Wine (scripts/windows.py).
windows-unit  the quick tests under Windows' Python, here under Wine: no build, no browser.
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("The tests need Python 3.11, 3.12 or 3.13; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from _setup import ROOT, RUN_VENV, ensure, say

# Linux keeps files in memory there. The tests leave more than a gigabyte until they end.
_MEMORY, _ROOM = Path("/dev/shm"), 4_000_000_000

_STYLE, _TYPES = (["ruff", "check"], ["ruff", "format", "--check"]), ["mypy"]

# As pytest ends then; anything else is no outcome of tests.
_SOME_FAILED = 1

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_BROWSER_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


def main() -> None:
    # Started in a shell's background we would ignore Ctrl-C, and so would all we start, the programs under test too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    lane, for_pytest = _chosen(sys.argv[1:])
    LANES[lane](for_pytest)


def _chosen(arguments: list[str]) -> tuple[str, list[str]]:
    """The lane, and what is left for pytest."""
    if "--quick" in arguments:
        return "unit", [argument for argument in arguments if argument != "--quick"]
    if "--lane" not in arguments:
        return "all", arguments
    at = arguments.index("--lane")
    lane = (arguments[at + 1 :] or [""])[0]
    if lane not in LANES:
        sys.exit(f"There is no lane {lane or 'without a name'}; there are {', '.join(LANES)}.")
    return lane, arguments[:at] + arguments[at + 2 :]


def _unit(for_pytest: list[str]) -> None:
    python: Path = ensure(RUN_VENV, ["run", "dev"])
    _check(python, *_STYLE)
    options = [*_side_by_side(waiting=1), "-m", "not slow", *for_pytest]
    with _meanwhile("types", [str(python), "-m", *_TYPES]), _in_memory() as environment:
        code = _pytest(python, options, {"BURNDOWN_QUICK": "1", **environment})
    sys.exit(code)


@contextmanager
def _in_memory() -> Iterator[dict[str, str]]:
    """The environment of tests whose folders lie in memory, where the system has such a place, with enough room, from
    which programs may be started: those that open and write databases take half of the time. None of them asks the
    disk whether it kept what was synced; what is driven in a browser lies on it."""
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ROOM or os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="burndown-tests-", dir=_MEMORY, ignore_cleanup_errors=True) as folder:
        # Tests that run as another user go through it.
        Path(folder).chmod(0o711)
        yield {"TMPDIR": folder}


def _all(for_pytest: list[str]) -> None:
    # The browser first: to hear after minutes that it is missing would be a waste.
    browser = find_browser()
    environment = {"CHROMIUM": str(browser), "BURNDOWN_E2E": "1"}
    with _in_memory() as there:
        with _meanwhile("the executable", [sys.executable, str(ROOT / "scripts" / "build.py")]):
            python: Path = ensure(RUN_VENV, ["run", "dev"])
            _check(python, *_STYLE, _TYPES)
            # These need no executable: building it keeps but one core busy.
            quick = 0 if for_pytest else _without_browser(python, "not slow", 1, environment | there)
        if for_pytest:
            sys.exit(_pytest(python, for_pytest, environment))
        # Half of the time of these is waiting, for servers that are gone and programs that end.
        slow = _without_browser(python, "slow", 2, environment | there)
    # Those have the machine for themselves, so that a page is as quick as its test awaits it.
    sys.exit(quick or slow or _of_the_executable(python, environment))


def _without_browser(python: Path, marked: str, waiting: int, environment: dict[str, str]) -> int:
    return _pytest(python, [*_side_by_side(waiting), "--ignore=tests/e2e", "-m", marked], environment)


def _of_the_executable(python: Path, environment: dict[str, str]) -> int:
    """What fails beside another browser is tried once more by itself; both outcomes are told. A test, its browser and
    its program wait for each other, and for a page to be at rest."""
    code = _pytest(python, [*_side_by_side(waiting=1), "tests/e2e"], environment)
    if code != _SOME_FAILED:
        return code
    say("some of them failed beside another browser: those by themselves …")
    return _pytest(python, ["--last-failed", "--last-failed-no-failures=none", "tests/e2e"], environment)


@contextmanager
def _meanwhile(what: str, command: list[str]) -> Iterator[None]:
    """Done while something else is: each keeps one core busy. Told after it; ends with its exit code when it fails."""
    say(f"{what}, meanwhile …")
    with tempfile.TemporaryFile() as output:
        with subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT) as process:
            yield
        output.seek(0)
        say(output.read().decode(errors="replace"))
    if process.returncode:
        sys.exit(process.returncode)


def _windows(for_pytest: list[str]) -> None:
    os.environ["CHROMIUM"] = str(find_browser())
    run([sys.executable, str(ROOT / "scripts" / "windows.py"), *for_pytest])


def _windows_unit(for_pytest: list[str]) -> None:
    run([sys.executable, str(ROOT / "scripts" / "windows.py"), "--unit", *for_pytest])


def _side_by_side(waiting: int = 0) -> list[str]:
    """A file's tests stay together: they share what was made once for them. What takes long begins first
    (tests/conftest.py). Some wait for disks, servers and programs: so many more processes find work."""
    return ["-n", str(min(4, os.cpu_count() or 1) + waiting), "--dist", "loadfile", "--no-loadscope-reorder"]


LANES = {"unit": _unit, "all": _all, "windows": _windows, "windows-unit": _windows_unit}


def _check(python: Path, *checks: list[str]) -> None:
    """Ends with the first one that fails."""
    for check in checks:
        say(f"{' '.join(check)} …")
        run([str(python), "-m", *check])


def _pytest(python: Path, arguments: list[str], environment: dict[str, str]) -> int:
    command = [str(python), "-m", "pytest", *arguments]
    # Compiled modules are kept: made anew by each process they were three quarters of what collecting the tests takes.
    kept = {"PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.run(command, cwd=ROOT, env=os.environ | kept | environment, check=False).returncode


def run(command: list[str]) -> None:
    """Run a step; end with its exit code when it fails."""
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


def find_browser() -> Path:
    """Chromium, or a browser built on it. Installed where that can be done; else ends with how to get it."""
    browser = _present_browser()
    if browser is None and _can_install():
        say("installing Chromium …")
        install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], install):
            subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
        browser = _present_browser()
    if browser is None:
        sys.exit(
            "The end-to-end tests need Chromium. Install it (Debian, Ubuntu: sudo apt-get install chromium; Fedora:"
            " sudo dnf install chromium; macOS: brew install --cask chromium; Windows: Edge or Chrome serve too), or"
            " set CHROMIUM to its path. The tests without it: python3 scripts/test.py --quick"
        )
    return browser


def _present_browser() -> Path | None:
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*(shutil.which(name) for name in _BROWSERS), *_BROWSER_PLACES]
    return next((Path(path) for path in candidates if path and Path(path).is_file()), None)


def _can_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


if __name__ == "__main__":
    main()
