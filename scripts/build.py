"""Make the executable and the folder form: `python3 scripts/build.py [--strict]`.

Works with the newest Python found here, in an environment of its own (build/venv, from the lock), leaves
`dist/burndown` and `dist/burndown-<version>-<system>-<machine>.zip`, with the parts list (CycloneDX) and the licences
of all that is inside beside them, and runs both once before it calls itself done. It says which Python, SQLite and
OpenSSL it built in, and warns of one whose release is more than a year old; with `--strict` that is an error.
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("Building needs Python 3.11, 3.12 or 3.13; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
import zipfile
from http.cookiejar import CookieJar
from pathlib import Path

import contents
import sbom
from _archive import entries
from _setup import ROOT, WINDOWS, ensure, newest_python, replace_process, say

BUILD = ROOT / "build"
DIST = ROOT / "dist"
NAME = "burndown.exe" if WINDOWS else "burndown"

_LIMIT_MB = 17.0 if WINDOWS else 20.0
_START_SECONDS = 60.0
# Every build of the same sources has the same dates in it, and the same order of what Python keeps in sets.
_DATE = (1980, 1, 1, 0, 0, 0)
_SAME_BYTES = {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "315532800"}


def main() -> None:
    _continue_with_newest()
    python = ensure(BUILD / "venv", ["run", "build"])
    _tell_parts(python)
    frozen = _freeze(python)
    for program in (frozen / NAME, frozen / "burndown-folder" / NAME):
        _sign(program)
    DIST.mkdir(exist_ok=True)
    executable = DIST / NAME
    shutil.copy2(frozen / NAME, executable)
    _describe(python, executable)
    archive = _pack(frozen / "burndown-folder")
    for program in (executable, frozen / "burndown-folder" / NAME):
        try_out(program)
    for file in (executable, archive):
        print(f"{file.relative_to(ROOT)}  {_megabytes(file):.1f} MB")
    if _megabytes(executable) > _LIMIT_MB:
        sys.exit(f"The executable is larger than {_LIMIT_MB:.0f} MB: scripts/contents.py tells what is in it.")


def _continue_with_newest() -> None:
    """Start again with a newer Python, if there is one: what it brings is what users get."""
    newest = newest_python()
    if not newest.samefile(sys.executable) and "BURNDOWN_BUILD_AGAIN" not in os.environ:
        os.environ["BURNDOWN_BUILD_AGAIN"] = "1"
        replace_process(newest, [__file__, *sys.argv[1:]])


def _tell_parts(python: Path) -> None:
    """Which interpreter and libraries users will get, and how old they are."""
    parts = sbom.system_parts(python)
    old = []
    for part in parts:
        print(f"{part.name} {part.version}" + (f", released {part.released}" if part.released else ""))
        if part.is_old():
            old.append(f"{part.name} {part.version}")
    if old:
        say(f"Older than a year: {', '.join(old)}. Its security advisories are answered in docs/decisions.")
        if "--strict" in sys.argv[1:]:
            sys.exit("A release is made of current parts only.")


def _sign(program: Path) -> None:
    """BURNDOWN_SIGN is a command that signs the file whose path is put behind it; without it nothing is signed."""
    command = os.environ.get("BURNDOWN_SIGN", "")
    if command:
        subprocess.run([*shlex.split(command), str(program)], check=True)


def _describe(python: Path, executable: Path) -> None:
    """Refuse what nobody expected inside; write the parts list and the licences beside the executable."""
    inside = entries(executable)
    foreign = contents.unexpected(inside)
    if foreign:
        sys.exit(f"Not expected inside: {', '.join(foreign)}. See build.spec, or scripts/contents.py if it belongs.")
    absent = contents.missing(inside)
    if absent:
        sys.exit(f"Missing inside: {', '.join(absent)}. Name it in build.spec among the hidden imports.")
    bill, licences = sbom.bill_and_licences(python, inside, version())
    (DIST / "burndown-sbom.json").write_text(bill, encoding="utf-8", newline="\n")
    (DIST / "burndown-licences.txt").write_text(licences, encoding="utf-8", newline="\n")


def version() -> str:
    text = (ROOT / "app" / "__init__.py").read_text(encoding="utf-8")
    match = re.search(r'__version__ = "(.+)"', text)
    if match is None:
        sys.exit("app/__init__.py names no __version__.")
    return match[1]


def try_out(program: Path) -> None:
    """Run the program as a user would: version, status, one page over HTTP, and a clean end. Exits on failure."""
    with tempfile.TemporaryDirectory(prefix="burndown-trial-") as folder:
        home = Path(folder)
        copied = program if program.parent.name == "burndown-folder" else Path(shutil.copy2(program, home))
        options = ["--profiles", str(home / "profiles")]
        environment = os.environ | {"HOME": folder, "PYTHONWARNINGS": "default"}
        output = _output([copied, "--version"], environment)
        if version() not in output:
            sys.exit(f"{program.name} --version says {output!r} instead of {version()}.")
        counts = json.loads(_output([copied, "status", "--json", *options], environment))["counts"]
        if counts["issues"] != 0:
            sys.exit(f"{program.name} status finds {counts['issues']} issues in an empty folder.")
        _fetch_a_page(copied, options, environment)
    say(f"tried out {program.parent.name}/{program.name}: version, status, one page, clean end")


def _freeze(python: Path) -> Path:
    """PyInstaller's output folder with both forms in it."""
    out: Path = BUILD / "out"
    command = [python, "-m", "PyInstaller", "build.spec", "--noconfirm", "--clean", "--log-level", "ERROR"]
    paths = ["--distpath", out, "--workpath", BUILD / "work"]
    done = subprocess.run(
        [str(part) for part in (*command, *paths)], cwd=ROOT, check=False, env=os.environ | _SAME_BYTES
    )
    if done.returncode:
        sys.exit("PyInstaller failed (see above). On Linux it needs a Python with its shared library (libpython3).")
    return out


def _pack(folder: Path) -> Path:
    """The folder form, with the licences, as a zip that unpacks into one folder; permissions to execute are kept."""
    machine = f"{platform.system()}-{platform.machine()}".lower()
    name = f"burndown-{version()}-{machine}"
    target: Path = DIST / f"{name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        files = {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*"))}
        for inside, file in {**files, "licences.txt": DIST / "burndown-licences.txt"}.items():
            if file.is_file():
                entry = zipfile.ZipInfo(f"{name}/{inside}", _DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o755 if os.access(file, os.X_OK) else 0o644) << 16
                archive.writestr(entry, file.read_bytes(), compresslevel=9)
    return target


def _output(command: list[object], environment: dict[str, str]) -> str:
    done = subprocess.run([str(part) for part in command], env=environment, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]} {command[1]} ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    return done.stdout.decode("utf-8")


def _fetch_a_page(program: Path, options: list[str], environment: dict[str, str]) -> None:
    command = [str(program), "serve", "--no-browser", "--print-url", "--port", "0", *options]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert running.stdout is not None
        address = json.loads(running.stdout.readline() or b"{}").get("url")
        problem = _problem_of_page(address) if address else "it prints no address"
        if problem:
            running.kill()
            log = Path(options[1], "logs", "burndown.log")
            words = log.read_text(encoding="utf-8") if log.exists() else ""
            sys.exit(f"{program.name} serves no page: {problem}\n{words}{_last_words(running)}")
    finally:
        running.terminate()
        try:
            code = running.wait(timeout=20)
        except subprocess.TimeoutExpired:
            running.kill()
            sys.exit(f"{program.name} does not end when asked to.")
    if code and not WINDOWS:  # there terminate is no request but the end
        sys.exit(f"{program.name} ended with {code}:\n{_last_words(running)}")


def _problem_of_page(address: str) -> str:
    """Why the app does not take the starting page's place, or which file of it is missing; "" when all is well."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    end = time.monotonic() + _START_SECONDS
    page = ""
    try:
        page = opener.open(address, timeout=20).read().decode()
        while "dash-renderer" not in page and time.monotonic() < end:
            time.sleep(0.2)
            page = opener.open(address.partition("?")[0], timeout=20).read().decode()
        scripts = re.findall(r'<(?:script|link)[^>]+(?:src|href)="(/[^"]+)"', page)
        for path in scripts:
            opener.open(urllib.parse.urljoin(address, path), timeout=20).read()
    except OSError as exc:  # HTTP errors are among them
        return f"{exc} {getattr(exc, 'url', '')}"
    return "" if scripts else f"only this after {_START_SECONDS:.0f} s: {page[:500]}"


def _last_words(process: subprocess.Popen[bytes]) -> str:
    process.kill()
    return process.communicate()[1].decode(errors="replace")[-3000:]


def _megabytes(file: Path) -> float:
    return file.stat().st_size / 1e6


if __name__ == "__main__":
    main()
