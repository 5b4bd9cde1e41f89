"""The end of a process, in real ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT

FULL = Path("/dev/full")


def ended(program: str, output: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"import sys, threading, time\nfrom app.host import process\n{program}"]
    return subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.PIPE, text=True, check=False)


def test_leaving_says_all_that_was_printed_and_gives_the_code() -> None:
    done = ended("print('an answer', end=''); print('a notice', file=sys.stderr, end=''); process.leave(3)")
    assert (done.returncode, done.stdout, done.stderr) == (3, "an answer", "a notice")


def test_leaving_waits_for_a_thread_that_still_runs() -> None:
    done = ended("threading.Thread(target=lambda: (time.sleep(0.2), print('done'))).start(); process.leave(0)")
    assert (done.returncode, done.stdout) == (0, "done\n")


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
def test_an_answer_that_cannot_be_written_is_no_success() -> None:
    with FULL.open("w") as full:
        done = ended("print('an answer'); process.leave(0)", full.fileno())
    assert done.returncode != 0
    assert "No space left" in done.stderr
