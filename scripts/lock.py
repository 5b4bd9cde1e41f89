"""Make requirements.lock anew from pyproject.toml: `python3 scripts/lock.py`. For developers; needs a package index.

Resolves run-time, development and build tools together, for every supported Python and system, so that a package
has one version everywhere; then writes them as sections, each complete by itself on top of [run].
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from _setup import LOCK, ROOT, python_of, say

_HEAD = """\
# Every package with version and hashes, for Python 3.11 to 3.13 on Linux, macOS and Windows.
# Made from pyproject.toml by scripts/lock.py; change that, not this. The scripts install from the sections:
# .venv takes [run], and [dev] for the tests; the build's own environment takes [run] and [build].
"""
_EXTRAS = {"run": [], "dev": ["--extra", "dev"], "build": ["--extra", "build"]}


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        uv = _uv(Path(scratch))
        everything = Path(scratch) / "everything.txt"
        _compile(uv, everything, ["--all-extras", "--generate-hashes"])
        requirements = _requirements(everything.read_text(encoding="utf-8"))
        names = {section: _names(uv, Path(scratch), everything, extras) for section, extras in _EXTRAS.items()}
    text = _HEAD
    for section, wanted in names.items():
        own = wanted if section == "run" else wanted - names["run"]
        text += f"\n# [{section}]\n" + "".join(requirements[name] for name in sorted(own))
    LOCK.write_text(text, encoding="utf-8", newline="\n")
    say(f"{LOCK.name}: " + ", ".join(f"{len(wanted)} packages for {section}" for section, wanted in names.items()))


def _uv(scratch: Path) -> Path:
    """uv, in a throw-away environment: pip can neither resolve for other systems nor write hashes."""
    venv.create(scratch / "uv", with_pip=True)
    python: Path = python_of(scratch / "uv")
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "uv"], check=True, stdout=sys.stderr)
    return python.with_name("uv" + python.suffix)


def _compile(uv: Path, out: Path, options: list[str]) -> None:
    subprocess.run(
        [str(uv), "pip", "compile", "--universal", "--python-version", "3.11", "--no-header", "--no-annotate",
         "--no-emit-index-url", "--quiet", *options, "-o", str(out), str(ROOT / "pyproject.toml")],
        check=True,
        stdout=sys.stderr,
    )  # fmt: skip


def _names(uv: Path, scratch: Path, everything: Path, extras: list[str]) -> set[str]:
    out = scratch / "section.txt"
    out.unlink(missing_ok=True)  # uv takes versions from an existing output
    _compile(uv, out, ["--constraint", str(everything), *extras])
    return set(_requirements(out.read_text(encoding="utf-8")))


def _requirements(text: str) -> dict[str, str]:
    """Each package's lines by its name: a requirement starts at the margin, its hashes are indented."""
    matches = re.finditer(r"^(?!#)(\S+)==.*\n(?:[ \t]+.*\n)*", text, flags=re.MULTILINE)
    return {match[1]: match[0] for match in matches}


if __name__ == "__main__":
    main()
