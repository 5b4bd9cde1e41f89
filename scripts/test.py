"""Everything that must hold: `python3 scripts/test.py [--quick] [pytest arguments]`.

Style, types, then the executable is built, then all tests run: the unit tests, and the end-to-end tests that drive
the fresh executable in Chromium. `--quick` leaves out the build and the browser.
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("The tests need Python 3.11, 3.12 or 3.13; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import os
import shutil
import signal
import subprocess
from pathlib import Path

from _setup import ROOT, RUN_VENV, ensure, say

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
    quick = "--quick" in sys.argv[1:]
    for_pytest = [argument for argument in sys.argv[1:] if argument != "--quick"]
    # The browser first: to hear after minutes that it is missing would be a waste.
    browser = None if quick else find_browser()
    python = ensure(RUN_VENV, ["run", "dev"])
    for check in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]):
        say(f"{' '.join(check)} …")
        run([str(python), "-m", *check])
    environment = dict(os.environ)
    if quick:
        environment["BURNDOWN_QUICK"] = "1"
    else:
        say("building the executable …")
        run([sys.executable, str(ROOT / "scripts" / "build.py")])
        environment["CHROMIUM"] = str(browser)
        environment["BURNDOWN_E2E"] = "1"
    sys.exit(
        subprocess.run([str(python), "-m", "pytest", *for_pytest], cwd=ROOT, env=environment, check=False).returncode
    )


def run(command: list[str]) -> None:
    """Run a step; end with its exit code when it fails."""
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


def find_browser() -> Path:
    """Chromium, or a browser built on it. Installed where that can be done; else ends with how to get it."""
    found = _present_browser()
    if found is None and _can_install():
        say("installing Chromium …")
        install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], install):
            subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
        found = _present_browser()
    if found is None:
        sys.exit(
            "The end-to-end tests need Chromium. Install it (Debian, Ubuntu: sudo apt-get install chromium; Fedora:"
            " sudo dnf install chromium; macOS: brew install --cask chromium; Windows: Edge or Chrome serve too), or"
            " set CHROMIUM to its path. The tests without it: python3 scripts/test.py --quick"
        )
    return found


def _present_browser() -> Path | None:
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*(shutil.which(name) for name in _BROWSERS), *_BROWSER_PLACES]
    return next((Path(path) for path in candidates if path and Path(path).is_file()), None)


def _can_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


if __name__ == "__main__":
    main()
