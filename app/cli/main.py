"""The command line: runs one command, prints its answer, gives its exit code.

Messages go to standard error. Exit codes: 0 done, 1 unexpected (logged), 2 wrong usage, 3 refused.
"""

from __future__ import annotations

import errno
import logging
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from itertools import chain

from app.cli import progress
from app.cli.answer import Answer
from app.cli.arguments import parse
from app.errors import AppError, Usage
from app.host.process import in_json, on_screen, written
from store import echoes
from store.errors import BadAddress, StoreError, is_full
from store.paths import DataFolder

_log = logging.getLogger(__name__)


def main(argv: Sequence[str], folder: DataFolder) -> int:
    """Run one command and print its answer; returns the exit code. Exits with 2 on wrong usage."""
    arguments = parse(argv)
    try:
        with progress.shown() as arguments.progress:
            answer = _run(arguments, folder)
    except Usage as exc:
        answer = refusal(str(exc), 2)
    except BadAddress as exc:
        answer = refusal(str(exc), 2)
    except (AppError, StoreError) as exc:
        answer = refusal(f"{exc} {getattr(exc, 'by_command', '')}".rstrip())
    except Exception as exc:  # noqa: BLE001 the border: logged with its traceback, told in plain words
        _log.exception("command %s failed", arguments.command)
        if isinstance(exc, OSError) and is_full(exc):
            answer = refusal("The disk is full. Make room and try again.")
        elif isinstance(exc, OSError) and exc.errno == errno.ENAMETOOLONG:
            answer = refusal("A file cannot have as long a name as that. Choose a shorter one.")
        elif damaged := _damage(folder):
            answer = refusal(damaged)
        else:
            answer = refusal(f"Something unexpected happened; details are in {folder.path / 'logs'}.", 1)
    return give(answer, as_json=arguments.json)


def _damage(folder: DataFolder) -> str:
    """What is to be said about the database where it is why a command failed; else empty."""
    from store.sqlite.backup import damage_behind  # noqa: PLC0415 only where something went wrong

    return str(damage_behind(folder.path) or "")


def refusal(problem: str, code: int = 3) -> Answer:
    """Nothing but what went wrong: one JSON document as ever, and nothing for people but the message."""
    problem = echoes.in_whole(problem)
    outcomes = {2: "wrong usage", 3: "refused"}
    return Answer({"error": problem, "outcome": outcomes.get(code, "failed")}, "", code, problem)


def give(answer: Answer, *, as_json: bool) -> int:
    """Print it; the exit code. What cannot be written, to a full disk for instance, is no success."""
    code = answer.code
    if answer.problem and (as_json or answer.problem != answer.text):
        code = written(f"{on_screen(answer.problem)}\n", sys.stderr, code)
    if as_json or answer.text:
        # One after the other: the document of a list of 110,000 open items has 50 MB.
        pieces = _document_of(answer) if as_json else [_text_of(answer)]
        code = written(chain(pieces, "\n"), sys.stdout, code)
    return code


def _document_of(answer: Answer) -> Iterable[str]:
    from app.output.document import in_pieces  # noqa: PLC0415 most commands answer people

    return map(in_json, in_pieces(answer.document))


def _text_of(answer: Answer) -> str:
    return answer.text if answer.is_data else on_screen(answer.text)


def _run(arguments: Namespace, folder: DataFolder) -> Answer:
    """The command's answer. Each subject is imported when it is asked for: together they take longer to import than
    most of them take to run."""
    match arguments.command:
        case "status" | "check" | "backup" | "restore" | "undo" as name:
            from app.cli import keeping  # noqa: PLC0415

            keep = {"status": keeping.status, "check": keeping.check, "backup": keeping.back_up, "undo": keeping.undo}
            return keep.get(name, keeping.put_back)(arguments, folder)
        case "migrate" | "import" as name:
            from app.cli import taking  # noqa: PLC0415

            return (taking.migrate if name == "migrate" else taking.import_file)(arguments, folder)
        case "forecast" | "calibration" as name:
            from app.cli import forecasting  # noqa: PLC0415

            return (forecasting.forecast if name == "forecast" else forecasting.calibration)(arguments, folder)
        case "metrics" | "data" as name:
            from app.cli import metrics  # noqa: PLC0415

            return (metrics.metrics if name == "metrics" else metrics.data)(arguments, folder)
        case "report":
            from app.cli import reporting  # noqa: PLC0415

            return reporting.write(arguments, folder)
        case "connect" | "sync" as name:
            from app.cli import tracking  # noqa: PLC0415

            return (tracking.connect if name == "connect" else tracking.sync)(arguments, folder)
        case "join" | "team" as name:
            from app.cli import joining, team  # noqa: PLC0415

            return (joining.join if name == "join" else team.run)(arguments, folder)
        case "export":
            from app.cli import giving  # noqa: PLC0415

            return giving.export(arguments, folder)
    raise Usage(f"There is no command {arguments.command!r}.")
