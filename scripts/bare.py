"""The executable on bare systems: `python3 scripts/bare.py [SUITE …]`. On Debian, as root.

Makes small Debians without Python (debootstrap; bullseye, bookworm and trixie unless others are named), and runs
dist/burndown in each: as anybody, as a user without a home, from a read-only medium, from a stick's file system, and
where nothing may be started from the temporary folder. The folder form is tried where the single one cannot run.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from _archive import entries
from _setup import ROOT, say
from contents import needed_glibc

_BARE = ROOT / "build" / "bare"
_SUITES = ("bullseye", "bookworm", "trixie")
_ROWS = "Created,Finished,Title\n2026-01-05,2026-01-09,one\n2026-01-06,2026-01-12,two\n2026-01-07,,three\n"
# Within the bare system.
_HOME = "/home"
# A number that no system has a name for.
_NOBODY = 54_321
_SECONDS = 120


class Refused(Exception):
    """What a case says when the executable did not do what it should."""


def main() -> None:
    needs_root()
    for file in ("burndown", "burndown-folder"):
        if not _built(file).exists():
            sys.exit("There is no executable: run python3 scripts/build.py first.")
    needed = needed_glibc(entries(_built("burndown")))
    failed = []
    for suite in sys.argv[1:] or _SUITES:
        root = make_system(suite, _BARE / suite)
        glibc = _glibc(root)
        if glibc < needed:
            print(f"{suite}: has glibc 2.{glibc[1]}, this build needs 2.{needed[1]} of the system it was built on")
            failed.append(suite)
            continue
        for case in _CASES:
            problem = _tried(case, root)
            print(f"{suite}: {_name(case)}: {problem or 'good'}", flush=True)
            failed += [suite] if problem else []
    sys.exit(f"Not good: {', '.join(dict.fromkeys(failed))}" if failed else 0)


def needs_root() -> None:
    if os.geteuid() != 0:
        sys.exit("This needs root: it makes whole systems and mounts folders in them.")


def _built(name: str) -> Path:
    built: Path = ROOT / "dist" / name if name == "burndown" else ROOT / "build" / "out" / name
    return built


def _name(case: Callable[[Path], None]) -> str:
    return (case.__doc__ or "").partition("\n")[0].rstrip(".")


def _tried(case: Callable[[Path], None], root: Path) -> str:
    """What is wrong, in a fresh folder; "" when nothing is."""
    place = root / "srv"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    shutil.copy2(_built("burndown"), place)
    shutil.copytree(_built("burndown-folder"), place / "folder")
    (place / "list.csv").write_text(_ROWS, encoding="utf-8")
    try:
        case(root)
    except (Refused, OSError, subprocess.TimeoutExpired) as exc:
        return str(exc)
    return ""


# -- the cases ------------------------------------------------------------------------------------------


def _as_anybody(root: Path) -> None:
    """Commands, a page, and a clean end."""
    _commands(root, "/srv/burndown", data="/srv/profiles")
    _page(root, "/srv/burndown", data="/srv/profiles")
    _refuse_left_overs(root / "srv" / "profiles")


def _refuse_left_overs(profiles: Path) -> None:
    left = {path.name for path in profiles.iterdir()} - {"backups", "logs", "README.txt", "burndown.db"}
    if left:
        raise Refused(f"left in the data folder: {', '.join(sorted(left))}")


def _without_home(root: Path) -> None:
    """A user without a name and a home."""
    (root / "srv" / "data").mkdir()
    os.chown(root / "srv" / "data", _NOBODY, _NOBODY)
    as_nobody = [f"--userspec={_NOBODY}:{_NOBODY}"]
    _commands(root, "/srv/burndown", data="/srv/data", options=as_nobody)
    _page(root, "/srv/burndown", data="/srv/data", options=as_nobody)


def _read_only_medium(root: Path) -> None:
    """Started from a medium that cannot be written: the user's own folder is taken, and said."""
    mounts = "mount --bind /srv /srv && mount -o remount,ro,bind /srv"
    done = _run(root, ["/srv/burndown", "status", "--json"], mounts=mounts, environment={"HOME": _HOME})
    if Path(_HOME) not in Path(json.loads(done.stdout)["profiles_dir"]).parents:
        raise Refused(f"the data folder is {done.stdout}")
    done = _run(root, ["/srv/burndown", "import", "/srv/list.csv"], mounts=mounts, environment={"HOME": _HOME})
    shutil.rmtree(root / "home" / ".local", ignore_errors=True)


def _nothing_starts_from_temp(root: Path) -> None:
    """The folder form, where nothing may be started from the temporary folders."""
    mounts = "mount -t tmpfs -o noexec none /tmp && mount -t tmpfs -o noexec none /var/tmp"
    _commands(root, "/srv/folder/burndown", data="/srv/profiles", mounts=mounts)


def _named_temp(root: Path) -> None:
    """The single executable there, with TMPDIR at a folder from which programs may be started."""
    mounts = "mount -t tmpfs -o noexec none /tmp && mount -t tmpfs -o noexec none /var/tmp"
    (root / "srv" / "own-temp").mkdir()
    _commands(root, "/srv/burndown", data="/srv/profiles", mounts=mounts, environment={"TMPDIR": "/srv/own-temp"})
    if list((root / "srv" / "own-temp").iterdir()):
        raise Refused("what was unpacked is still there")


def _stick(root: Path) -> None:
    """From an exFAT, the file system of sticks: commands, a page, and a clean end."""
    with _exfat(root / "srv" / "stick") as stick:
        shutil.copy2(_built("burndown"), stick)
        _commands(root, "/srv/stick/burndown", data="/srv/stick/profiles")
        _page(root, "/srv/stick/burndown", data="/srv/stick/profiles")
        _refuse_left_overs(stick / "profiles")


_CASES = (_as_anybody, _without_home, _read_only_medium, _nothing_starts_from_temp, _named_temp, _stick)


@contextlib.contextmanager
def _exfat(place: Path) -> Iterator[Path]:
    """A fresh one, mounted there: by the kernel where it can, else by the program of the package exfat-fuse."""
    if not all(map(shutil.which, ("mkfs.exfat", "mount.exfat-fuse"))):
        subprocess.run(
            ["apt-get", "-qq", "install", "--yes", "exfatprogs", "exfat-fuse"], check=True, stdout=sys.stderr
        )
    place.mkdir()
    image = place.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(300_000_000)
    subprocess.run(["mkfs.exfat", str(image)], check=True, capture_output=True)
    device = subprocess.run(["losetup", "--find", "--show", str(image)], check=True, capture_output=True, text=True)
    at = device.stdout.strip()
    try:
        for way in (["mount", "-t", "exfat"], ["mount.exfat-fuse"]):
            done = subprocess.run([*way, at, str(place)], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                break
        else:
            raise Refused(f"it cannot be mounted: {done.stderr.strip()}")
        try:
            yield place
        finally:
            subprocess.run(["umount", str(place)], check=True)
    finally:
        subprocess.run(["losetup", "--detach", at], check=True)


def _commands(root: Path, program: str, *, data: str, **how: Any) -> None:
    base = [program, "--profiles", data]
    _run(root, [*base, "import", "/srv/list.csv", "--json"], **how)
    done = _run(root, [*base, "status", "--json"], **how)
    if json.loads(done.stdout)["counts"]["issues"] != 3:
        raise Refused(f"status says {done.stdout}")
    for command in ("check", "backup", "forecast"):
        _run(root, [*base, command], **how)


def _page(root: Path, program: str, *, data: str, options: Sequence[str] = ()) -> None:
    """Served until the app has taken the starting page's place, then asked to stop."""
    command = [program, "serve", "--no-browser", "--print-url", "--port", "0", "--profiles", data]
    running = subprocess.Popen(_chroot(root, command, options), stdout=subprocess.PIPE, env=_environment({}))
    try:
        assert running.stdout is not None
        url = json.loads(running.stdout.readline())["url"]
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = opener.open(url, timeout=20).read()
        end = time.monotonic() + _SECONDS
        while b"dash-renderer" not in page:
            if time.monotonic() > end:
                raise Refused("the app does not come up")
            time.sleep(0.2)
            page = opener.open(url.partition("?")[0], timeout=20).read()
    finally:
        running.send_signal(signal.SIGTERM)
        code = running.wait(timeout=_SECONDS)
    if code:
        raise Refused(f"it ended with {code}")


def _run(
    root: Path,
    command: Sequence[str],
    *,
    options: Sequence[str] = (),
    mounts: str = "",
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        _chroot(root, command, options, mounts), env=_environment(environment or {}), capture_output=True, text=True,
        timeout=_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Refused(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done


def _chroot(root: Path, command: Sequence[str], options: Sequence[str] = (), mounts: str = "") -> list[str]:
    """In the other system; `mounts` are commands run in there before, and undone after by themselves."""
    if not mounts:
        return ["chroot", *options, str(root), *command]
    return ["unshare", "--mount", "chroot", *options, str(root), "sh", "-c", f'{mounts} && exec "$@"', "sh", *command]


def _environment(more: dict[str, str]) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", **more}


# -- the systems ----------------------------------------------------------------------------------------


def make_system(suite: str, root: Path, packages: Sequence[str] = ()) -> Path:
    """A small Debian in that folder, with these packages; the one that is there if it is whole."""
    if (root / "complete").exists():
        return root
    if shutil.which("debootstrap") is None:
        subprocess.run(["apt-get", "-qq", "install", "--yes", "debootstrap"], check=True, stdout=sys.stderr)
    say(f"making a bare {suite} …")
    shutil.rmtree(root, ignore_errors=True)
    root.parent.mkdir(parents=True, exist_ok=True)
    more = [f"--include={','.join(packages)}"] if packages else []
    command = ["debootstrap", "--variant=minbase", *more, suite, str(root), mirror()]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (root / "complete").touch()
    return root


def mirror() -> str:
    """Where this system has its packages from."""
    policy = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"], check=True, capture_output=True, text=True
    )
    return next(line for line in policy.stdout.splitlines() if "security" not in line)


def _glibc(root: Path) -> tuple[int, int]:
    output = subprocess.run(
        ["chroot", str(root), "ldd", "--version"], check=True, capture_output=True, text=True
    ).stdout
    major, minor = output.splitlines()[0].split()[-1].split(".")[:2]
    return int(major), int(minor)


if __name__ == "__main__":
    main()
