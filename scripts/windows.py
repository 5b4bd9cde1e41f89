"""The executable for Windows, built and driven: `python3 scripts/windows.py [--unit] [--keep] [pytest arguments]`.

On Debian, as root, under Wine: everything that is needed is fetched, both forms are built from build.spec, and
tests/windows drives them, with the pages in Chromium. On Windows the Python that is there does the same without Wine.
`--unit` runs the quick tests under Windows' Python instead; `--keep` drives what was built last.

What Wine makes is for trying out: its Python comes from another project's wheel. Releases are built on Windows.
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("This needs Python 3.11, 3.12 or 3.13; it is %d.%d." % sys.version_info[:2])  # noqa: UP031

import hashlib
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from _setup import ROOT, RUN_VENV, WINDOWS, ensure, newest_python, say

_WORK = ROOT / "build" / "windows"
# The unit tests that need what no Windows has, or this machine's own tools.
_NOT_ON_WINDOWS = ("tests/e2e", "tests/windows", "tests/test_scripts.py")

_QUICK = ("tests", "-m", "not slow", "-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile")


def main() -> None:
    started = time.monotonic()
    arguments = [argument for argument in sys.argv[1:] if argument not in ("--unit", "--keep")]
    code = _on_windows(arguments) if WINDOWS else _under_wine(arguments)
    say(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)


def _on_windows(arguments: list[str]) -> int:
    python = ensure(RUN_VENV, ["run", "dev"])
    if "--unit" in sys.argv:
        return _unit_tests([str(python)], dict(os.environ), arguments)
    if "--keep" not in sys.argv:
        subprocess.run([sys.executable, str(ROOT / "scripts" / "build.py")], check=True)
    return _drive(python, ROOT / "build" / "out", python, dict(os.environ), arguments)


def _under_wine(arguments: list[str]) -> int:
    from _wine import Wine

    python = ensure(RUN_VENV, ["run", "dev"])
    wine = Wine(_WORK, newest_python(), python)
    wine.make_ready(["run", "build", "dev"])
    with wine.kept_warm():
        if "--unit" in sys.argv:
            return _unit_tests(["wine", str(wine.python)], wine.environment, arguments)
        out = _WORK / "out"
        if "--keep" not in sys.argv or not (out / "burndown.exe").exists():
            say(f"Building with Windows' Python {wine.version} …")
            _build(wine, out)
        _refuse_foreign(out / "burndown-folder", wine.own_files() | _made_here())
        more = {"BURNDOWN_WINDOWS_STICK": str(wine.stick)}
        return _drive(python, out, wine.python, wine.environment | more, arguments)


def _build(wine: Any, out: Path) -> None:
    environment = {"PYTHONHASHSEED": "1", "PYTHONUTF8": "1"}
    os.environ.update(environment)
    wine.run(
        wine.python, "-m", "PyInstaller", "build.spec", "--noconfirm", "--clean", "--log-level", "WARN",
        "--distpath", out, "--workpath", _WORK / "work", cwd=ROOT,
    )  # fmt: skip


def _made_here() -> set[str]:
    """The libraries that the build changed: see scripts/frozen/one_openssl.py."""
    files = (_WORK / "work" / "build" / "one_openssl").glob("*")
    return {hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _refuse_foreign(folder: Path, own: set[str]) -> None:
    """Every library must be one of Windows' Python or its packages: with one of Wine's it would not run on Windows."""
    libraries = [file for file in folder.rglob("*") if file.suffix.lower() in (".dll", ".pyd")]
    foreign = [file.name for file in libraries if hashlib.sha256(file.read_bytes()).hexdigest() not in own]
    if foreign or not libraries:
        sys.exit(f"Of unknown origin, and so perhaps Wine's own: {', '.join(sorted(foreign)) or 'everything'}.")
    say(f"{len(libraries)} libraries, none of Wine's")


def _drive(python: Path, out: Path, windows_python: Path, environment: dict[str, str], arguments: list[str]) -> int:
    for file in (out / "burndown.exe",):
        say(f"{file.name}  {file.stat().st_size / 1e6:.1f} MB")
    more = {"BURNDOWN_WINDOWS": str(out), "BURNDOWN_WINDOWS_PYTHON": str(windows_python)}
    command = [str(python), "-m", "pytest", *(arguments or ["tests/windows"])]
    return subprocess.run(command, cwd=ROOT, env=environment | more, check=False).returncode


def _unit_tests(python: list[str], environment: dict[str, str], arguments: list[str]) -> int:
    left_out = [f"--ignore={path}" for path in _NOT_ON_WINDOWS]
    command = [*python, "-X", "utf8", "-m", "pytest", *(arguments or _QUICK), "-p", "no:cacheprovider", *left_out]
    running = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert running.stdout is not None
    for line in running.stdout:
        sys.stdout.buffer.write(line)
        sys.stdout.flush()
    return running.wait()


if __name__ == "__main__":
    main()
