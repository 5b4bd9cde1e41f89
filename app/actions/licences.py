"""What others wrote and the program carries: name, version, licence and its text.

An executable brings the list along from its build; from the sources it is read off the installed packages.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_APP = Path(__file__).parents[1]
_CARRIED = _APP / "parts.json"
_LOCK = _APP.parent / "requirements.lock"
_CHART_LIBRARY = _APP / "assets" / "vendor"
_TEXT_FILE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE)[^/]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """`licence` is its short name; `text` the licence itself, empty where the part brings none."""

    name: str
    version: str
    licence: str
    text: str = ""


def parts() -> tuple[Part, ...]:
    """By name; the program itself is not among them."""
    if _CARRIED.exists():
        return tuple(Part(**each) for each in json.loads(_CARRIED.read_text(encoding="utf-8")))
    installed = [part for name in _locked() if (part := _installed(name)) is not None]
    return tuple(sorted([*installed, _chart_library()], key=lambda part: part.name.casefold()))


def as_text() -> str:
    """Every licence in full, for reading and for keeping."""
    texts = [f"{part.name} {part.version}\n{part.licence}\n\n{part.text}".strip() for part in parts()]
    return ("\n\n" + "-" * 100 + "\n\n").join(texts) + "\n"


def _locked() -> list[str]:
    """The packages that the program runs with."""
    if not _LOCK.exists():
        return []
    run = _LOCK.read_text(encoding="utf-8").partition("\n# [run]\n")[2].partition("\n# [")[0]
    return re.findall(r"^([A-Za-z0-9._-]+)==", run, re.MULTILINE)


def _installed(name: str) -> Part | None:
    """None for a package of another system."""
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    about = distribution.metadata
    short = about["License"].strip() if "License" in about else ""
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if "License ::" in line]
    plain = short if "\n" not in short and len(short) < 60 else ""
    expression = about["License-Expression"] if "License-Expression" in about else ""  # noqa: SIM401 it has no get
    licence = expression or plain or " ".join(classifiers) or "see its text"
    texts = [file for file in distribution.files or [] if ".dist-info" in str(file) and _TEXT_FILE.search(str(file))]
    return Part(
        about["Name"], distribution.version, licence, "\n\n".join(file.read_text("utf-8").strip() for file in texts)
    )


def _chart_library() -> Part:
    """Its first lines tell its version."""
    head = (_CHART_LIBRARY / "plotly.min.js").read_text(encoding="utf-8")[:400]
    version = next((word[1:] for word in head.split() if re.match(r"v\d", word)), "unknown")
    return Part("plotly.js", version, "MIT", (_CHART_LIBRARY / "plotly-LICENSE.txt").read_text(encoding="utf-8"))
