"""The end of a process, in real ones."""

from __future__ import annotations

import ctypes
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.host.process import Stop, written
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


_SIGNALLED = """
import faulthandler, signal
faulthandler.dump_traceback_later(30, exit=True)
stop = process.Stop()
process.on_stop_signal(stop, threading.Event())
def call():
    time.sleep(0.2)
    signal.pthread_kill(threading.get_ident(), signal.{name})
threading.Thread(target=call).start()
print(stop.wait(None))
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_that_another_thread_gets_ends_the_wait(name: str) -> None:
    done = ended(
        f"import signal; signal.signal(signal.{name}, signal.default_int_handler)" + _SIGNALLED.format(name=name)
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_a_call_while_nobody_waits_is_not_lost_and_a_flood_of_them_harms_nobody() -> None:
    stop = Stop()
    try:
        for _ in range(100_000):
            stop.wake()
        assert not stop.wait(None)
        assert not stop.wait(0)
        stop.ask()
        assert stop.wait(None)
    finally:
        stop.close()
    stop.wake()


_THREADS = """
import ctypes
import io
if {shared}:
    process.share_memory()
gate = threading.Barrier(7)
def work():
    kept = [bytearray(4000) for _ in range(50)]
    gate.wait()
    gate.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads:
    thread.start()
gate.wait()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
gate.wait()
"""


_HAS_POOLS = os.name == "posix" and hasattr(ctypes.CDLL(None), "malloc_info")


@pytest.mark.skipif(not _HAS_POOLS, reason="the GNU C library has pools of memory")
@pytest.mark.parametrize("shared", [True, False])
def test_all_threads_share_one_pool_of_memory(shared: bool) -> None:
    pools = ended(_THREADS.format(shared=shared)).stdout.count("<heap nr=")
    assert pools == 1 if shared else pools > 1


def test_a_thread_that_reckons_gives_way_more_often_than_python_lets_it() -> None:
    """What that is worth is measured by the bench, part `page`: the track record is replayed behind it."""
    done = ended("before = sys.getswitchinterval(); process.take_turns(); print(before / sys.getswitchinterval())")
    assert float(done.stdout) >= 9


def test_a_long_text_is_written_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one piece it takes its memory twice more: of 110,000 open items 100 MB."""
    parts = list[str]()
    stream = io.StringIO()
    monkeypatch.setattr(stream, "write", parts.append)
    text = "äb\n" * 1_000_000
    assert written(text, stream, 5) == 5
    assert "".join(parts) == text
    assert max(map(len, parts)) < 2_000_000
