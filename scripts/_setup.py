"""Environments made from the lock: what run.py, test.py and build.py share. Standard library only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
RUN_VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"

_MARKER = "burndown-environment.txt"


def say(text: str) -> None:
    """One message to standard error: standard output belongs to the program that is started."""
    print(text, file=sys.stderr, flush=True)


def ensure(venv: Path, sections: Sequence[str]) -> Path:
    """The Python of an environment that holds these sections of the lock; made or mended first if need be.

    Ends the process with a sentence that says what to do when the environment cannot be made.
    """
    python = python_of(venv)
    wanted = _wanted(sections)
    if _is_current(venv, python, wanted):
        return python
    with _one_at_a_time(venv):
        if not _is_current(venv, python, wanted):  # another start may have made it while we waited
            _make(venv, python, wanted, sections)
    return python


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if WINDOWS else "bin/python")


def newest_python() -> Path:
    """The newest Python that can carry the program, of those found here; the one that runs this, if there is no newer.

    Looked for on PATH, and where pyenv keeps its versions. One counts only if it can be built into a program.
    """
    pythons = {_able(sys.executable): sys.executable}
    for minor in (13, 12, 11):
        for path in _candidates(f"python3.{minor}"):
            pythons.setdefault(_able(path), path)
    return Path(pythons[max(pythons)])


def _candidates(name: str) -> list[str]:
    kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    on_path = shutil.which(name)
    return [*([on_path] if on_path else []), *map(str, kept.glob(f"*/bin/{name}"))]


def _able(python: str) -> tuple[int, ...]:
    """The version of a Python that has what a build needs: venv, SSL, and on Linux its shared library; else (0,)."""
    ask = (
        "import sys, sysconfig, venv, ensurepip, ssl; assert sys.platform in ('win32', 'darwin') or "
        "sysconfig.get_config_var('Py_ENABLE_SHARED'); print(*sys.version_info[:3])"
    )
    done = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
    return tuple(int(part) for part in done.stdout.split()) if done.returncode == 0 else (0,)


def locked_section(name: str) -> str:
    """The requirement lines, with hashes, of one section of the lock: run, dev or build."""
    text = LOCK.read_text(encoding="utf-8")
    _, heading, rest = text.partition(f"\n# [{name}]\n")
    if not heading:
        sys.exit(f"{LOCK.name} has no section [{name}]. Get the file again from the project's sources.")
    return rest.partition("\n# [")[0]


def replace_process(python: Path, arguments: Sequence[str]) -> None:
    """Become `python` with these arguments. Returns never; on Windows, where exec would detach, waits instead."""
    command = [str(python), *arguments]
    if not WINDOWS:
        os.execv(command[0], command)
    import signal

    child = subprocess.Popen(command)
    # Ctrl-C and Ctrl-Break reach every process of the console: the child answers, we wait for its exit code.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGBREAK, signal.SIG_IGN)  # type: ignore[attr-defined,unused-ignore]
    sys.exit(child.wait())


def _wanted(sections: Sequence[str]) -> list[str]:
    """The marker's lines: this Python, and each section with the hash of its requirements."""
    python = f"python {sys.implementation.cache_tag} {sysconfig.get_platform()}"
    return [python, *(f"{name} {hashlib.sha256(locked_section(name).encode()).hexdigest()}" for name in sections)]


def _is_current(venv: Path, python: Path, wanted: Sequence[str]) -> bool:
    # A dangling link (the base Python was removed) does not exist either, and so leads to a new environment.
    return python.exists() and set(wanted) <= set(_marker_lines(venv))


def _marker_lines(venv: Path) -> list[str]:
    try:
        return (venv / _MARKER).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _make(venv: Path, python: Path, wanted: Sequence[str], sections: Sequence[str]) -> None:
    present = _marker_lines(venv)
    names = {line.split()[0] for line in wanted}
    outdated = [line for line in present if line.split()[0] in names and line not in wanted]
    if not present or outdated or not python.exists():
        say(f"Making the environment {venv.name} (once; it needs a package index) …")
        _create(venv)
        present = []
    missing = [name for name, line in zip(sections, wanted[1:], strict=True) if line not in present]
    say(f"Installing the packages of {LOCK.name} ({', '.join(missing)}) …")
    _install(python, missing)
    lines = sorted({*present, *wanted})
    (venv / _MARKER).write_text("\n".join(lines) + "\n", encoding="utf-8")  # last: half an environment has no marker


def _create(venv: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], stdout=sys.stderr, check=False)
    if done.returncode:
        sys.exit(
            "Python could not make an environment (see above). On Debian and Ubuntu install python3-venv;"
            " elsewhere install Python 3.11, 3.12 or 3.13 from python.org, then start this again."
        )


def _install(python: Path, sections: Sequence[str]) -> None:
    """Install exactly what the lock names. `--no-deps`, since the lock is complete: nothing else may come in."""
    handle, name = tempfile.mkstemp(suffix=".txt", prefix="burndown-lock-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(locked_section(section) for section in sections))
    options = ["--require-hashes", "--no-deps", "--disable-pip-version-check", "--no-input", "--quiet"]
    try:
        done = subprocess.run(
            [str(python), "-m", "pip", "install", *options, "-r", name], stdout=sys.stderr, check=False
        )
    finally:
        Path(name).unlink()
    if done.returncode:
        sys.exit(
            "The packages could not be installed (see above). Check the network, or the proxy and certificate"
            " settings of pip, then start this again; it goes on from the beginning."
        )


@contextlib.contextmanager
def _one_at_a_time(venv: Path) -> Iterator[None]:
    """Two starts at once must not build one environment. The system frees the lock of a process that dies."""
    venv.parent.mkdir(parents=True, exist_ok=True)
    # The file stays: removing it would let a third start lock a new one while a second still waits on the old.
    with venv.with_name(f"{venv.name}.lock").open("w") as file:
        if WINDOWS:
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
