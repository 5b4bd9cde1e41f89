"""Run in a child with the shim preloaded: one scenario again and again, failing at operation 1, 2, 3 …

Prints a JSON line per round: the operation, how the work ended ("done", "killed", or what the user was told),
and what was wrong afterwards. Each round is a process of its own, forked, so that nothing of a failure stays.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from store.errors import StoreError
from tests.faults import scenarios

_WORK = {
    "edits": scenarios.edits,
    "first": scenarios.first,
    "takeover": scenarios.takeover,
    "upgrade": scenarios.upgrade,
}
_BEFORE = {
    "edits": scenarios.some_steps,
    "first": scenarios.nothing,
    "takeover": scenarios.old_installation,
    "upgrade": scenarios.some_steps,
}
_CHECK = {
    "edits": scenarios.check_steps,
    "first": scenarios.check_first,
    "takeover": scenarios.check_takeover,
    "upgrade": scenarios.check_upgrade,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario", choices=_WORK)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--error", type=int, default=0)
    parser.add_argument("--on", action="store_true")
    parser.add_argument("--reads", action="store_true")
    parser.add_argument("--stride", type=int, default=1)
    options = parser.parse_args()
    template = options.folder / "template"
    _BEFORE[options.scenario](template)
    at = 1
    while _round(options, template, at):
        at += options.stride


def _round(options: argparse.Namespace, template: Path, at: int) -> bool:
    """Whether the work came as far as the failure."""
    place = options.folder / "round" / "profiles"
    shutil.copytree(template, place)
    try:
        outcome = _work(options, place, at)
        if outcome["ended"] != "done" or outcome["operations"] >= at:
            _say(options, place, at, outcome)
            return True
        return False
    finally:
        shutil.rmtree(place.parent)


def _say(options: argparse.Namespace, place: Path, at: int, outcome: dict[str, object]) -> None:
    problem = outcome.get("problem", "")
    try:
        _CHECK[options.scenario](place, int(str(outcome["acknowledged"])))
    except (StoreError, OSError, AssertionError):
        problem = f"{problem}\n{traceback.format_exc()}".strip()
    sys.stdout.write(json.dumps({"at": at, "ended": outcome["ended"], "problem": problem}) + "\n")
    sys.stdout.flush()


def _work(options: argparse.Namespace, place: Path, at: int) -> dict[str, Any]:
    """Do the work in a process of its own; how it ended, and what it acknowledged before."""
    with tempfile.TemporaryFile() as heard:
        child = os.fork()
        if child == 0:
            os._exit(_in_child(options, place, at, heard.fileno()))
        _, status = os.waitpid(child, 0)
        heard.seek(0)
        lines = [json.loads(line) for line in heard.read().splitlines()]
    acknowledged = max([line["acknowledged"] for line in lines if "acknowledged" in line], default=_before(options))
    last = lines[-1] if lines else {}
    if os.WIFSIGNALED(status):
        last = {"ended": "killed"}
    return {"ended": "vanished", "operations": 0, **last, "acknowledged": acknowledged}


def _before(options: argparse.Namespace) -> int:
    return 0 if options.scenario in ("first", "takeover") else scenarios.STEPS


def _in_child(options: argparse.Namespace, place: Path, at: int, heard: int) -> int:
    def tell(document: dict[str, object]) -> None:
        os.write(heard, json.dumps(document).encode() + b"\n")

    shim = ctypes.CDLL(None)
    shim.shim_watch(os.fsencode(place.parent))
    shim.shim_fail(ctypes.c_long(at), options.error, int(options.on), int(options.reads))
    end: dict[str, object] = {"ended": "done"}
    try:
        _WORK[options.scenario](place, lambda number: tell({"acknowledged": number}))
    except StoreError as exc:
        end = {"ended": str(exc)}
    except BaseException:  # noqa: BLE001 anything else is what the test looks for
        end = {"ended": "unexpected", "problem": traceback.format_exc()}
    tell({**end, "operations": shim.shim_operations()})
    return 0


if __name__ == "__main__":
    main()
