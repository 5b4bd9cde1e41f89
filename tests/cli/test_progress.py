"""How far a command is, on a terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.cli import progress
from app.cli.progress import Line
from app.jobs import NoProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(line: Line, terminal: Terminal) -> str:
    """What stands in the last line of the terminal."""
    line.show()
    return terminal.getvalue().rpartition("\r")[2].rstrip()


@contextmanager
def standard_error(stream: io.StringIO) -> Iterator[None]:
    before, sys.stderr = sys.stderr, stream
    try:
        yield
    finally:
        sys.stderr = before


def test_a_quick_command_shows_nothing() -> None:
    terminal = Terminal()
    times = iter((0.0, 1.9))
    assert shown(Line(terminal, lambda: next(times)), terminal) == ""


def test_what_is_done_and_since_when_is_shown_once_it_takes_long() -> None:
    terminal, times = Terminal(), iter((0.0, 3.2, 7.9, 8.0))
    line = Line(terminal, lambda: next(times))
    assert shown(line, terminal) == "Still at it … 3 s"
    line.step(3, 10, "Reading")
    assert shown(line, terminal) == "Reading (30 %) … 7 s"
    line.step(4, 10)
    assert shown(line, terminal) == "Reading (30 %) … 8 s"


def test_what_is_told_meanwhile_stands_on_a_line_of_its_own() -> None:
    terminal, times = Terminal(), iter((0.0, 5.0, 6.0))
    line = Line(terminal, lambda: next(times))
    line.show()
    line.write("A notice.\n")
    line.show()
    assert terminal.getvalue().split("\n")[0].rpartition("\r")[2] == "A notice."
    assert terminal.getvalue().endswith("\rStill at it … 6 s")
    line.clear()
    assert terminal.getvalue().endswith("\r")


def test_names_that_are_commands_to_a_terminal_are_spelled_out() -> None:
    terminal, times = Terminal(), iter((0.0, 5.0))
    line = Line(terminal, lambda: next(times))
    line.step(0, 1, "\x1b[2Jlist\nof two lines")
    assert shown(line, terminal) == "\\x1b[2Jlist of two lines … 5 s"


def test_a_long_text_stays_on_its_line() -> None:
    terminal, times = Terminal(), iter((0.0, 5.0))
    line = Line(terminal, lambda: next(times))
    line.step(0, 1, "x" * 500)
    assert len(shown(line, terminal)) == 76


def test_a_file_gets_nothing_of_it() -> None:
    stream = io.StringIO()
    with standard_error(stream), progress.shown() as steps:
        assert isinstance(steps, NoProgress)
        assert sys.stderr is stream


def test_a_terminal_has_its_own_stream_back_at_the_end() -> None:
    terminal = Terminal()
    with standard_error(terminal):
        with progress.shown() as steps:
            assert isinstance(steps, Line)
        assert isinstance(sys.stderr, Terminal)
