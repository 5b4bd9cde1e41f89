"""The steps of a release, each of which runs anywhere: `python3 scripts/release.py STEP`.

check TAG   the tag, app/__init__.py, pyproject.toml and CHANGELOG.md name the same version
collect     what scripts/build.py left in dist/ into release/, under names that say version, system and processor
sums        SHA256SUMS over everything in release/, which may have come from several machines
verify      the sums again, as somebody would who downloaded it
notes       this version's part of CHANGELOG.md, for the page of the release
"""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from _setup import ROOT, WINDOWS

from build import DIST, NAME, version

_RELEASE = ROOT / "release"
_SUMS = "SHA256SUMS"


def main() -> None:
    steps: dict[str, Callable[[], None]] = {
        "check": _check, "collect": _collect, "sums": _sums, "verify": _verify, "notes": _notes,
    }  # fmt: skip
    step = steps.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if step is None:
        sys.exit(f"Name a step: {', '.join(steps)}.")
    step()


def _check() -> None:
    tag = sys.argv[2] if len(sys.argv) > 2 else f"v{version()}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    versions = {"the tag": tag.removeprefix("v"), "app/__init__.py": version(), "pyproject.toml": project}
    if len(set(versions.values())) > 1:
        sys.exit(
            "These name different versions: "
            + ", ".join(f"{where} {version_there}" for where, version_there in versions.items())
        )
    if not _section():
        sys.exit(f"CHANGELOG.md has no part about {version()}.")
    print(version())


def _collect() -> None:
    _RELEASE.mkdir(exist_ok=True)
    machine = f"{platform.system()}-{platform.machine()}".lower()
    stem = f"burndown-{version()}-{machine}"
    suffix = ".exe" if WINDOWS else ""
    shutil.copy2(DIST / NAME, _RELEASE / f"{stem}{suffix}")
    shutil.copy2(DIST / f"{stem}.zip", _RELEASE / f"{stem}.zip")
    shutil.copy2(DIST / "burndown-sbom.json", _RELEASE / f"{stem}-sbom.json")
    shutil.copy2(DIST / "burndown-licences.txt", _RELEASE / f"{stem}-licences.txt")
    for file in sorted(_RELEASE.iterdir()):
        print(file.name)


def _sums() -> None:
    files = sorted(file for file in _RELEASE.iterdir() if file.name != _SUMS)
    if not files:
        sys.exit("There is nothing in release/.")
    text = "".join(f"{_sha256(file)}  {file.name}\n" for file in files)
    (_RELEASE / _SUMS).write_text(text, encoding="utf-8", newline="\n")
    print(text, end="")


def _verify() -> None:
    lines = (_RELEASE / _SUMS).read_text(encoding="utf-8").splitlines()
    sums = {name: wanted for wanted, _, name in (line.partition("  ") for line in lines)}
    there = {file.name: _sha256(file) for file in _RELEASE.iterdir() if file.name != _SUMS}
    wrong = sorted(name for name in sums.keys() | there.keys() if sums.get(name) != there.get(name))
    if wrong:
        sys.exit(f"Not as in {_SUMS}: {', '.join(wrong)}")
    print(f"{len(sums)} files are as {_SUMS} says")


def _notes() -> None:
    print(_section())


def _section() -> str:
    """What CHANGELOG.md says about this version; empty where it says nothing."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    match = re.search(rf"^## {re.escape(version())}\n(.*?)(?=^## |\Z)", text, flags=re.DOTALL | re.MULTILINE)
    return match[1].strip() if match else ""


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
