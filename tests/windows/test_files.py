"""What Windows does with files that somebody else holds, and with places that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.windows.machine import SECONDS, Machine, Spot
from tests.windows.test_commands import items

_HOLD = """
import ctypes, sys, time
kernel = ctypes.WinDLL("kernel32", use_last_error=True)
kernel.CreateFileW.restype = ctypes.c_void_p
held = kernel.CreateFileW(sys.argv[1], 0xC0000000, 0, None, 3, 0, None)  # shared with nobody
assert held not in (None, 2**64 - 1), ctypes.get_last_error()
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


def test_a_database_that_a_scanner_holds_for_a_moment_is_waited_for(spot: Spot, machine: Machine) -> None:
    spot.ask("import", machine.path(items(spot.folder)))
    with machine.run_python(_HOLD, machine.path(spot.profiles / "burndown.db"), "2") as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        assert spot.call("status").code == 0


# Under Wine the streams of the single executable stay open until the holder ends.
@pytest.mark.parametrize("form", ["folder"])
def test_a_database_that_another_program_keeps_is_said_to_be_in_use(spot: Spot, form: str, machine: Machine) -> None:
    spot.ask("import", machine.path(items(spot.folder)))
    with machine.run_python(_HOLD, machine.path(spot.profiles / "burndown.db"), str(3 * SECONDS)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        done = spot.call("status")
        assert holder.poll() is None, "it was answered only when the file was free"
        holder.kill()
    assert done.code == 3
    assert "another program" in done.err
    assert "stick" not in done.err


def test_a_file_in_the_place_of_the_data_folder_is_said_to_be_one(spot: Spot, machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_text("a file", encoding="utf-8")
    done = spot.call("status", "--profiles", machine.path(file))
    assert done.code == 3
    assert "is a file, not a folder" in done.err
    assert file.read_text(encoding="utf-8") == "a file"
