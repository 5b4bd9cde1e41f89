"""The command line's grammar. Light on purpose: it is read before anything heavy is imported."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NoReturn

from app import __version__
from app.domain.calendar import YEARS, written_day
from app.host.process import written

# On screen a profile is a project and a query a work list; both words are taken.
PROFILE, QUERY = ("--profile", "--project"), ("--query", "--work")
ALL = "all"
# Whose absence is written as nothing, too; files to be written are refused where they are.
_MAY_BE_EMPTY = frozenset({"email", "jql", "where", "out", "bundle", "csv", "json_tree"})
# Options that may stand before the command and take a value of their own.
_WITH_VALUE = ("--profiles", "--port", "--store")
_LAST_WINS = argparse.SUPPRESS  # a global option before the command must survive the command's own default


class _WrongUsage(Exception):
    """Before it is said: what argparse writes goes to standard error alone."""

    def __init__(self, parser: argparse.ArgumentParser, message: str) -> None:
        super().__init__(message)
        self.parser = parser


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _WrongUsage(self, message)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Also into a pipe that nobody reads any more, and onto a full disk; an answer that fails is no success, and
        wrong usage stays that."""
        code = written(message, file or sys.stderr, 0) if message else 0
        if code and file is sys.stdout:
            sys.exit(code)


def parser() -> argparse.ArgumentParser:
    """All commands and options of the product; without a command it is `serve`."""
    shared = _shared()
    top = _Parser(
        prog="burndown",
        description="When will it be done, and how sure is that? Without a command the app starts in the browser.",
        parents=[shared],
        allow_abbrev=False,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[shared], allow_abbrev=False)

    _serve_options(top)
    _serve_options(command("serve", "Start the app and open the browser."))
    command("status", "Say what is in the data folder.")
    _migrate_options(command("migrate", "Take over the folder of the old app; it is copied, never changed."))
    _import_options(command("import", "Read a CSV or JSON file of issues or weekly numbers, or a bundle."))
    _connect_options(command("connect", "Connect a profile to Jira; the token comes from BURNDOWN_JIRA_TOKEN."))
    _sync_options(
        command(
            "sync",
            "Fetch from Jira what changed. A token in BURNDOWN_JIRA_TOKEN goes to the server that connect was called "
            "for with it; a data folder of an earlier version, one that came from elsewhere, and another token ask "
            "once for BURNDOWN_JIRA_URL=https://… beside it, or for connect.",
        )
    )
    _forecast_options(command("forecast", "Say when the remaining work will be done."))
    _calibration_options(command("calibration", "Replay the past: how often would the forecast dates have held?"))
    _metrics_options(command("metrics", "Say every number that is derived from a query."))
    _data_options(command("data", "Write the rows behind a number as CSV."))
    _report_options(command("report", "Write one HTML file to hand on: answer, charts and issues; no network needed."))
    command("check", "Check the database, its files and the free space.")
    backup = command("backup", "Make a checked backup of the database.")
    backup.add_argument("--to", metavar="FILE", help="where to put it (default: backups/ in the data folder)")
    restore = command("restore", "Put a backup back; the present files are set aside, never deleted.")
    restore.add_argument("file", metavar="FILE", help="a backup, such as one in backups/ of the data folder")
    undo = command("undo", "List what can be taken back: deletions of 30 days and each last import; or take one back.")
    undo.add_argument("id", metavar="ID", nargs="?", help="as the list names it")
    _join_options(command("join", "Let a work list's history go on in another one, after a move to another tracker."))
    _team_options(command("team", "Work with a team's data on a PostgreSQL: share these, join, leave, or how it is."))
    _export_options(command("export", "Write the data out: a bundle to hand on, the old app's folders, or tables."))
    return top


def _shared() -> _Parser:
    shared = _Parser(add_help=False, allow_abbrev=False)
    shared.add_argument(
        "--profiles",
        metavar="DIR",
        default=_LAST_WINS,
        help="data folder (default: profiles/ beside the executable)",
    )
    shared.add_argument(
        "--store",
        metavar="URL",
        default=_LAST_WINS,
        help="a team's PostgreSQL instead of the folder's database, without a password (also BURNDOWN_STORE)",
    )
    shared.add_argument("--json", action="store_true", default=_LAST_WINS, help="print one JSON document")
    shared.add_argument("--version", action="version", version=f"Burndown {__version__}")
    return shared


def _serve_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--port", type=_port, default=_LAST_WINS, metavar="N", help="default 8050, else the next free; 0: any free"
    )
    command.add_argument("--no-browser", action="store_true", default=_LAST_WINS, help="do not open the browser")
    command.add_argument(
        "--print-url", action="store_true", default=_LAST_WINS, help="print one JSON line with the address to open"
    )


def _migrate_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", metavar="FOLDER", help="the old app's folder")
    how = command.add_mutually_exclusive_group()
    how.add_argument("--merge", action="store_true", help="merge into the data that is there")
    how.add_argument("--as-new-profile", action="store_true", help="put it beside the data that is there")


def _import_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE")
    command.add_argument(*PROFILE, metavar="NAME", help="made if missing (default: the active one)")
    command.add_argument(*QUERY, metavar="NAME", help="made if missing (default: the file's name)")
    command.add_argument("--kind", choices=["issues", "weeks"], help="default: recognised by the columns")
    command.add_argument("--mapping", metavar="FILE", help="JSON file that names the columns and the date order")
    command.add_argument(
        "--conflict",
        choices=["merge", "replace", "copy"],
        help="for a bundle: what to do with a profile that is here already",
    )


def _connect_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--url", required=True, help="address of Jira")
    command.add_argument(*PROFILE, metavar="NAME", required=True, help="made if missing")
    command.add_argument(*QUERY, metavar="NAME", required=True, help="made if missing")
    command.add_argument(
        "--jql", required=True, help="which issues, in Jira's query language, or a board by number or address"
    )
    command.add_argument("--email", default="", help="of the account, for Jira Cloud")
    command.add_argument(
        "--ca-file",
        metavar="FILE",
        help="certificates (PEM) of the company's own authority; copied into the data folder",
    )


def _sync_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(*PROFILE, metavar="NAME", help="default: all that are connected")
    command.add_argument(*QUERY, metavar="NAME", help="default: all that are connected")
    command.add_argument("--full", action="store_true", help="fetch everything again")


def _join_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("earlier", metavar="EARLIER", nargs="?", help="of before; without: list what could be")
    command.add_argument("later", metavar="LATER", nargs="?", help="the one in which its history goes on")
    command.add_argument(*PROFILE, metavar="NAME", help="default: the active one, or all for the list")
    how = command.add_mutually_exclusive_group()
    how.add_argument("--preview", action="store_true", help="only say what would be joined, and by which rule")
    how.add_argument("--apart", action="store_true", help="keep EARLIER apart again from what it goes on in")


def _team_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "what",
        choices=("share", "join", "leave", "status"),
        help="share: copy this folder's data there; join: work with what is there; leave: take a copy along",
    )
    command.add_argument("url", metavar="URL", nargs="?", help="postgresql://USER@HOST/DATABASE, without a password")


def _export_options(command: argparse.ArgumentParser) -> None:
    target = command.add_mutually_exclusive_group(required=True)
    target.add_argument("--bundle", metavar="FILE.zip", help="one file that another Burndown can import, no secrets")
    target.add_argument("--json-tree", metavar="DIR", help="the old app's folder layout, into a new folder")
    target.add_argument("--csv", metavar="DIR", help="tables for a spreadsheet, into a new folder")
    command.add_argument(*PROFILE, metavar="NAME", help="only this profile in the bundle (default: all)")


def _which_query(command: argparse.ArgumentParser) -> None:
    command.add_argument(*PROFILE, metavar="NAME", help="default: the active one")
    command.add_argument(*QUERY, metavar="NAME", help="default: the active one")


def _forecast_options(command: argparse.ArgumentParser) -> None:
    _which_query(command)
    command.add_argument("--as-of", type=_day, metavar="DATE", help="what was known when that day began")
    command.add_argument("--unit", choices=["items", "points"])
    command.add_argument("--remaining", type=_amount, metavar="N", help="default: from the data")
    command.add_argument("--window", type=_weeks_back, metavar="WEEKS", help="full weeks to learn from")
    command.add_argument("--method", choices=["calibrated", "plain"])
    command.add_argument("--growth", choices=["none", "past"])
    command.add_argument(
        "--sweeps", choices=["count", "leave-out"], help="days on which many times the usual were finished at once"
    )
    command.add_argument("--given-up", choices=["leaves", "done"], help="what work counts as that was given up")
    command.add_argument("--trials", type=_trials, metavar="N")
    command.add_argument("--seed", type=int, metavar="N")
    command.add_argument("--by", type=_day, metavar="DATE", help="chance to be done by then")
    command.add_argument("--weeks", type=_weeks_ahead, metavar="K", help="how many in K weeks")
    _guess_options(command)
    command.add_argument("--keys", metavar="A-1,A-2", help="with --weeks: the chance of finishing all of these issues")
    _which_part(command)


def _what_is_told(command: argparse.ArgumentParser) -> None:
    _which_query(command)
    _how_it_is_told(command)


def _how_it_is_told(command: argparse.ArgumentParser) -> None:
    command.add_argument("--as-of", type=_day, metavar="DATE", help="what was known when that day began")
    command.add_argument("--unit", choices=["items", "points"])
    command.add_argument("--window", type=_weeks_or_all, metavar="WEEKS", help="the last so many weeks, or: all")
    _which_part(command)
    command.add_argument(
        "--group-by", metavar="FIELD", help="the field that the subject groups goes by (default: type)"
    )
    command.add_argument(
        "--together", type=_at_once, metavar="N", help="how many milestones or epics are worked on at the same time"
    )


def _which_part(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--where",
        action="append",
        metavar="FIELD=VALUE",
        help="only this part of the work: type=Bug, version=1.4, status!=Done, text~login, assignee= (none); may be "
        "repeated: of one field any value will do, of several fields all must hold",
    )
    command.add_argument(
        "--pace",
        choices=["share", "whole", "own"],
        help="whose pace the part has: its share of all work's (default), all of it, or that of its own weeks",
    )
    command.add_argument(
        "--epic-size",
        type=_epic_size,
        metavar="SIZE",
        help="what an open epic comes to until its parts exceed it: 12, 70%% (of finished ones) or estimate",
    )


def _epic_size(text: str) -> str:
    # What is meant is said here, since nothing of the domain is imported before the command is known.
    size = re.fullmatch(r"\s*(?:(\d+(?:\.\d+)?)\s*(%?)|estimate|)\s*", text, re.IGNORECASE)
    if size is None or (size[1] and not 0 < float(size[1]) <= (100 if size[2] else 1e6)):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no size; write 12 (above 0, up to a million), 70% (of finished epics) or estimate"
        )
    return text


def _metrics_options(command: argparse.ArgumentParser) -> None:
    _what_is_told(command)
    command.add_argument(
        "--subject",
        action="append",
        metavar="NAME",
        help="may be repeated (default: all, but for last_week and track_record, which take long)",
    )


def _data_options(command: argparse.ArgumentParser) -> None:
    _what_is_told(command)
    command.add_argument("--panel", required=True, metavar="NAME", help="a subject, or a list in it such as flow.age")
    command.add_argument("--out", required=True, metavar="FILE.csv", help="- writes to standard output")


def _report_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(*PROFILE, metavar="NAME", help="default: the active one")
    command.add_argument(
        *QUERY, action="append", metavar="NAME", help="may be repeated: one after the other (default: the active one)"
    )
    command.add_argument("--out", required=True, metavar="FILE.html")
    command.add_argument(
        "--sections",
        metavar="NAME,NAME",
        help="answer, milestones, progress, moved, signals, lists (these are the default), or any other view, such as "
        "age, cycle-time, throughput",
    )
    command.add_argument("--no-summaries", action="store_true", help="leave the titles of issues out")
    _how_it_is_told(command)


def _guess_options(command: argparse.ArgumentParser) -> None:
    guess = command.add_argument_group("work that nobody has counted (Magennis' model)")
    guess.add_argument("--scope", metavar="LOW-HIGH", help="a guess in place of what remains: 20-30")
    guess.add_argument("--split", metavar="LOW-HIGH", help="into how many each item turns: 1-1.5, or always 1.2")
    guess.add_argument(
        "--risk", metavar="CHANCE:LOW-HIGH", action="append", help="what may come on top: 30%%:5-10; may be repeated"
    )
    guess.add_argument("--complexity", type=int, choices=(1, 2, 3, 4), help="1 clear and known (default) to 4")
    guess.add_argument("--focus", metavar="PERCENT", help="share of the time that goes into it (default: 100%%)")


def _calibration_options(command: argparse.ArgumentParser) -> None:
    _which_query(command)
    command.add_argument("--method", choices=["calibrated", "plain"], default="calibrated")
    command.add_argument("--every", type=_weeks_back, default=2, metavar="WEEKS", help="default 2")
    command.add_argument("--trials", type=_trials, default=1000, metavar="N", help="default 1000")


def _day(text: str) -> date:
    try:
        return written_day(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date of the years {YEARS[0]} to {YEARS[-1]}; write it as 2026-03-31"
        ) from None


def _up_to(most: int) -> Callable[[str], int]:
    """A whole number above 0. No more than anybody needs: more takes time and memory without an end, or leaves the
    calendar."""

    def positive(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = 0
        if number < 1:
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number above 0, or too large")
        if number > most:
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is too large; write at most {most:,}")
        return number

    return positive


_weeks_back, _weeks_ahead, _trials, _at_once = _up_to(5_200), _up_to(1_000), _up_to(100_000), _up_to(1_000)


def _weeks_or_all(text: str) -> int | str:
    return ALL if text == ALL else _weeks_back(text)


def _amount(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e9:  # also refuses NaN and infinity
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount of work; write a number such as 40")
    return int(number) if number.is_integer() else number


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; write a number from 0 to 65535")
    return int(text)


def _work_behind_the_command(argv: Sequence[str]) -> list[str]:
    """`--project A metrics` as `metrics --project A`: which work is asked about may be said first."""
    rest, work = list(argv), list[str]()
    at = 0
    while at < len(rest):
        name, is_joined, _ = rest[at].partition("=")
        if name in (*PROFILE, *QUERY):
            count = 1 if is_joined else 2
            work += rest[at : at + count]
            del rest[at : at + count]
        elif name in _WITH_VALUE and not is_joined:
            at += 2
        elif name.startswith("-"):
            at += 1
        else:
            return [*rest[: at + 1], *work, *rest[at + 1 :]]
    return list(argv)


def _refuse_empty(top: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """A variable of a script that is not set must not name the usual folder, or another project. Raises _WrongUsage."""
    for name, value in vars(arguments).items():
        if name not in _MAY_BE_EMPTY and "" in (value if isinstance(value, list) else [value]):
            raise _WrongUsage(top, f"{name.replace('_', '-')} is empty; leave it out for the usual one")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Parsed arguments with every global and serve option present. Exits with 2 on wrong usage."""
    try:
        top = parser()
        arguments = top.parse_args(_work_behind_the_command(argv))
        _refuse_empty(top, arguments)
    except _WrongUsage as wrong:
        if "--json" in argv:
            document = {"error": str(wrong), "outcome": "wrong usage"}
            written(json.dumps(document, ensure_ascii=False) + "\n", sys.stdout, 0)
        argparse.ArgumentParser.error(wrong.parser, str(wrong))
    for name, default in (
        ("profiles", None),
        ("store", None),
        ("json", False),
        ("port", None),
        ("no_browser", False),
        ("print_url", False),
    ):
        if not hasattr(arguments, name):
            setattr(arguments, name, default)
    arguments.command = arguments.command or "serve"
    return arguments
