"""The executable for Linux, for old systems too: `python3 scripts/oldest.py [--strict]`. On Debian, as root.

What is compiled on a system runs there and on newer ones. So this makes a small Debian 11 (debootstrap) and in it, from
the newest sources that Debian has, Python and OpenSSL; that takes ten to twenty minutes and is kept in build/oldest.
Then scripts/build.py does there what it does here, and what it made lies in dist/ and build/out as always.
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("Building needs Python 3.11, 3.12 or 3.13; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import bare
from _setup import ROOT, say

_WORK = ROOT / "build" / "oldest"
_SYSTEM = _WORK / "bullseye"
_TOOLS = ("gcc", "libc6-dev", "make", "perl", "dpkg-dev", "libffi-dev", "zlib1g-dev", "uuid-dev", "ca-certificates")
# How their versions begin; OpenSSL's branch is the one that is kept for long.
_BRANCHES = {"python3.13": "3.13.", "openssl": "3.5."}
_SUITES = ("trixie", "forky", "sid")
# Within that system.
_PREFIX = "/opt/burndown"
_PLACE = "/srv/burndown"
_PROJECT = ("app", "store", "scripts", "build.spec", "launcher.py", "pyproject.toml", "requirements.lock", "LICENSE")
# How this system reaches a package index, through what and by whose certificates.
_NETWORK = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")

_OPENSSL = f"""
set -e; cd /usr/src/openssl
./Configure --prefix={_PREFIX} --libdir=lib --openssldir=/usr/lib/ssl shared no-tests no-docs
make -j"$(nproc)" build_libs && make install_dev
"""
_PYTHON = f"""
set -e; cd /usr/src/python3.13
./configure --prefix={_PREFIX} --enable-shared --with-openssl={_PREFIX} --disable-test-modules \
    LDFLAGS=-Wl,-rpath,{_PREFIX}/lib
make -j"$(nproc)" && make install
"""


def main() -> None:
    bare.needs_root()
    bare.make_system("bullseye", _SYSTEM, _TOOLS)
    _compile_once("openssl", _OPENSSL)
    _compile_once("python3.13", _PYTHON)
    _lay_out()
    code = _inside([f"{_PREFIX}/bin/python3.13", "scripts/build.py", *sys.argv[1:]], cwd=_PLACE)
    if code:
        sys.exit(code)
    for folder in ("dist", "build/out"):
        shutil.rmtree(ROOT / folder, ignore_errors=True)
        shutil.copytree(_SYSTEM / _PLACE[1:] / folder, ROOT / folder, symlinks=True)
    say("It is in dist/ now; scripts/bare.py tries it on bare systems.")


def _compile_once(name: str, commands: str) -> None:
    """From Debian's newest source of that name. What is done is known by the source and the commands."""
    source = _fetched(name)
    done, wanted = _SYSTEM / f"{name}.txt", f"{source.name}\n{commands}"
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return
    say(f"compiling {source.stem} (once) …")
    shutil.rmtree(_SYSTEM / "usr" / "src" / name, ignore_errors=True)
    for file in source.parent.iterdir():
        shutil.copy2(file, _SYSTEM / "usr" / "src")
    for command in (_unpacking(name, source), commands):
        if _inside(["sh", "-c", command], quiet=True):
            sys.exit(f"{source.stem} could not be compiled: see {_WORK / 'log.txt'}.")
    done.write_text(wanted, encoding="utf-8")


def _unpacking(name: str, source: Path) -> str:
    """OpenSSL with Debian's patches, which mend it; Python without, as they lay it out for Debian."""
    if name == "openssl":
        return f"cd /usr/src && dpkg-source --no-check -x {source.name} {name}"
    (archive,) = source.parent.glob("*.orig.tar.*[xz]")
    return f"cd /usr/src && mkdir {name} && tar xf {archive.name} --strip-components=1 -C {name}"


def _fetched(name: str) -> Path:
    """The source's description (.dsc), beside the files that it names; checked by apt with Debian's keys.

    The newest that can be had: a mirror may name one that it has no more, or not yet.
    """
    folder: Path = _WORK / "sources" / name
    for version in _versions(name):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        done = _apt("apt-get", "source", "--download-only", f"{name}={version}", cwd=folder)
        if done.returncode == 0:
            return next(folder.glob("*.dsc"))
        problem = done.stderr
    sys.exit(f"The source of {name} could not be fetched:\n{problem}")


def _versions(name: str) -> list[str]:
    """Those that Debian has of the branch, the newest first."""
    key = "/usr/share/keyrings/debian-archive-keyring.gpg"
    lines = [f"deb-src [signed-by={key}] {bare.mirror()} {suite} main\n" for suite in _SUITES]
    (_WORK / "apt" / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (_WORK / "apt" / "sources.list").write_text("".join(lines), encoding="utf-8")
    _apt("apt-get", "update")
    output = _apt("apt-cache", "showsrc", "--only-source", name).stdout
    versions = {line.split()[1] for line in output.splitlines() if line.startswith("Version: ")}
    wanted = newest_first(versions, _BRANCHES[name])
    if not wanted:
        sys.exit(f"Debian names no source of {name} {_BRANCHES[name]}…: check the network and start again.")
    return wanted


def newest_first(versions: Iterable[str], branch: str) -> list[str]:
    """Those of the branch, as Debian counts: 3.5.10 is newer than 3.5.9."""
    wanted = [version for version in versions if version.startswith(branch)]
    return sorted(wanted, key=lambda version: [int(part) for part in re.findall(r"\d+", version)], reverse=True)


def _apt(program: str, *arguments: str, cwd: Path = _WORK) -> subprocess.CompletedProcess[str]:
    """With lists of its own, so that this system's stay as they are."""
    where = {"Etc::SourceList": "sources.list", "State::Lists": "lists", "Cache": "cache"}
    options = [f"-oDir::{option}={_WORK / 'apt' / name}" for option, name in where.items()]
    command = [program, "-qq", *options, "-oDir::Etc::SourceParts=/dev/null", "-oAPT::Sandbox::User=root", *arguments]
    return subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)


def _lay_out() -> None:
    """The project's files in there, and how to reach the network; the environments of earlier builds stay."""
    for name in _NETWORK:
        if Path(name).exists():
            shutil.copy2(name, _SYSTEM / name[1:])
    place = _SYSTEM / _PLACE[1:]
    for name in _PROJECT:
        source, target = ROOT / name, place / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def _inside(command: Sequence[str], *, cwd: str = "/", quiet: bool = False) -> int:
    """The exit code of a command in that system; `quiet`: what it says goes into a file."""
    mounts = f'mount -t proc proc /proc && mount -t tmpfs shm /dev/shm && cd {cwd} && exec "$@"'
    kept = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    kept |= {name: os.environ[name] for name in ("BURNDOWN_SIGN",) if name in os.environ}
    environment = {"PATH": f"{_PREFIX}/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root", "LANG": "C.UTF-8", **kept}
    whole = ["unshare", "--mount", "chroot", str(_SYSTEM), "sh", "-c", mounts, "sh", *command]
    if not quiet:
        return subprocess.run(whole, env=environment, check=False).returncode
    with (_WORK / "log.txt").open("ab") as log:
        return subprocess.run(whole, env=environment, check=False, stdout=log, stderr=log).returncode


if __name__ == "__main__":
    main()
