"""Starts Burndown: the app in the browser, or one command of the command line."""

from __future__ import annotations

import gc
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli.arguments import parse
from app.host import process
from store.errors import BadAddress, StoreError
from store.paths import DataFolder, resolve
from store.team import store_of, wished

if TYPE_CHECKING:
    from app.host.loading import MakeApp
    from app.host.serving import Loaded
    from app.host.starting import Starting

UNEXPECTED = 1
WRONG_USAGE = 2
REFUSED = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; the exit code."""
    if getattr(sys, "frozen", False):
        import multiprocessing  # noqa: PLC0415 only a frozen program needs it

        multiprocessing.freeze_support()
    process.harden()
    process.mend_environment()
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = parse(words)
    process.stop_with_parent(serving=arguments.command == "serve")
    try:
        folder = _with_store(resolve(arguments.profiles), arguments)
        return _serve(arguments, folder) if arguments.command == "serve" else _command(words, folder)
    except BadAddress as exc:
        return _refused(str(exc), arguments, WRONG_USAGE)
    except StoreError as exc:
        return _refused(str(exc), arguments)
    except ModuleNotFoundError as missing:
        if getattr(sys, "frozen", False):
            raise
        sys.stderr.write(
            f"The package {missing.name} is not installed in this Python. Start with `python3 scripts/run.py`, which "
            "sets everything up, or install what requirements.lock lists.\n"
        )
        return UNEXPECTED
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return UNEXPECTED


def _with_store(folder: DataFolder, arguments: Namespace) -> DataFolder:
    """The folder, with the team's store that is meant. Raises BadAddress, Refused."""
    joins = arguments.command == "team" and arguments.what != "status"
    named = wished(arguments.store)
    store = named if joins else named or store_of(folder.path)
    password = process.secret_variable("PGPASSWORD")
    return replace(folder, store=store, is_store_named=named is not None, password=password)


def _refused(problem: str, arguments: Namespace, code: int = REFUSED) -> int:
    from app.cli import main as cli  # noqa: PLC0415 as below

    return cli.give(cli.refusal(problem, code), as_json=arguments.json and arguments.command != "serve")


def _serve(options: Namespace, folder: DataFolder) -> int:
    from app.host.serving import serve  # noqa: PLC0415 commands need no server

    # Of a team's password that is sealed in the folder: else its page asks for it.
    folder = replace(folder, passphrase=process.secret_variable(process.PASSPHRASE_VARIABLE))
    process.forget_secret_variables()
    process.share_memory()
    process.take_turns()
    return serve(options, folder, _load)


def _load(folder: DataFolder, starting: Starting, ask_to_stop: Callable[[], None]) -> Loaded:
    from app.host.loading import load_app  # noqa: PLC0415 heavy: imported behind the starting page

    # What is imported stays: looking for garbage in it took a sixth of it. What is loaded stays as well.
    process.calm_collector()
    loaded = load_app(folder, starting, ask_to_stop, _make_app)
    process.calm_collector()
    return loaded


def _make_app() -> MakeApp:
    from app.factory import create_app  # noqa: PLC0415 the heaviest import of all, while the starting page is shown

    return create_app


def _command(argv: Sequence[str], folder: DataFolder) -> int:
    from app import logs  # noqa: PLC0415 as above
    from app.cli import main as cli  # noqa: PLC0415 the app listens sooner without the commands
    from app.host import extraction  # noqa: PLC0415 as above

    # A command ends before its cyclic garbage matters; looking for it costs an import of 20,000 issues a tenth.
    gc.disable()
    logs.start(folder.path, serving=False)
    # Kept until the end: a run that is killed leaves what it unpacked, and the next one must see that it is unused.
    in_use = extraction.mark_own()
    process.end_on_signal()
    extraction.remove_orphans()
    code = cli.main(argv, folder)
    if in_use is not None:
        in_use.release()
    return code


def _code_of(run: Callable[[], int]) -> int:
    """Of a run that wrong usage, or a question for help, may end."""
    try:
        return run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else UNEXPECTED


if __name__ == "__main__":
    process.leave(_code_of(main))
