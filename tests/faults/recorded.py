"""Run in a child with the shim preloaded: work in an empty folder, every write and sync of it recorded in a log."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from tests.faults import scenarios

RUNS = 4


def main(folder: Path, log: Path, scenario: str) -> None:
    shim = ctypes.CDLL(None)
    shim.shim_watch(os.fsencode(folder))
    shim.shim_log(os.fsencode(log))

    def acknowledge(number: int) -> None:
        shim.shim_note(ctypes.c_long(number))

    if scenario == "first":
        scenarios.first(folder, acknowledge)
        return
    for _ in range(RUNS):
        scenarios.edits(folder, acknowledge)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
