"""The command line: runs one command, prints its answer, gives its exit code.

Messages go to standard error. Exit codes: 0 done, 1 unexpected (logged), 2 wrong usage, 3 refused.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from app.arguments import parse
from app.commands import forecasting, giving, keeping, taking
from app.commands.answer import Answer
from app.errors import AppError
from store.errors import StoreError
from store.paths import DataFolder

_log = logging.getLogger(__name__)


def main(argv: Sequence[str], folder: DataFolder) -> int:
    """Run one command and print its answer; returns the exit code. Exits with 2 on wrong usage."""
    arguments = parse(argv)
    try:
        answer = _COMMANDS[arguments.command](arguments, folder)
    except (AppError, StoreError) as exc:
        print(exc, file=sys.stderr)
        return 3
    except Exception:  # noqa: BLE001 the border: logged with its traceback, told in plain words
        _log.exception("command %s failed", arguments.command)
        print(f"Something unexpected happened; details are in {folder.path / 'logs'}.", file=sys.stderr)
        return 1
    _say(json.dumps(answer.document, ensure_ascii=False) if arguments.json else answer.text)
    return answer.code


def _say(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _connect(arguments: Namespace, folder: DataFolder) -> Answer:
    # The HTTP client takes longer to import than all other commands take to run.
    from app.commands import tracking  # noqa: PLC0415

    return tracking.connect(arguments, folder)


def _sync(arguments: Namespace, folder: DataFolder) -> Answer:
    from app.commands import tracking  # noqa: PLC0415 as above

    return tracking.sync(arguments, folder)


_COMMANDS: dict[str, Callable[[Namespace, DataFolder], Answer]] = {
    "status": keeping.status,
    "migrate": taking.migrate,
    "import": taking.import_file,
    "connect": _connect,
    "sync": _sync,
    "forecast": forecasting.forecast,
    "calibration": forecasting.calibration,
    "check": keeping.check,
    "backup": keeping.back_up,
    "restore": keeping.put_back,
    "export": giving.export,
}
