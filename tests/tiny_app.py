"""A run of `app.host.serving` with a small app of our own instead of Dash, as a program for tests.

`python -m tests.tiny_app FOLDER [serve options]`; the environment says how it behaves:
TINY_WAITS loads until the folder holds `go`, TINY_FAILS refuses with that text, TINY_OFFER then offers a button of that
name that mends it unless the folder holds `hopeless`, TINY_READ_ONLY serves without a lock, TINY_EMPTY_SECONDS shortens
the wait for pages. Closing leaves `closed.txt` in the folder.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.cli.arguments import parse
from app.host import process, serving
from app.host.starting import Offer, Starting
from store.errors import Damaged
from store.paths import DataFolder


def tiny(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/slow":
        time.sleep(0.3)
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"the tiny app"]


def mend(folder: Path) -> None:
    if (folder / "hopeless").exists():
        raise Damaged("The snapshot is damaged as well.")
    (folder / "mended").write_text("", encoding="utf-8")


def load(folder: DataFolder, starting: Starting, ask_to_stop: Callable[[], None]) -> serving.Loaded:
    while "TINY_WAITS" in os.environ and not (folder.path / "go").exists():
        starting.step(1, 3, "Taking over 3 files")
        time.sleep(0.02)
    if "TINY_FAILS" in os.environ and not (folder.path / "mended").exists():
        if "TINY_OFFER" in os.environ:
            starting.offer(Offer(os.environ["TINY_OFFER"], lambda: mend(folder.path)))
        raise Damaged(os.environ["TINY_FAILS"])

    def close() -> None:
        (folder.path / "closed.txt").write_text("closed", encoding="utf-8")

    return serving.Loaded(tiny, ("'sha256-tiny'",), lambda: True, lambda: False, close)


if __name__ == "__main__":
    process.mend_environment()
    empty_seconds = float(os.environ.get("TINY_EMPTY_SECONDS", "60"))
    writable = "TINY_READ_ONLY" not in os.environ
    data = DataFolder(Path(sys.argv[1]), "argument", writable)
    sys.exit(serving.serve(parse(sys.argv[2:]), data, load, empty_seconds))
