"""What Windows reads in the file itself before it starts it."""

from __future__ import annotations

import struct

from app import __version__
from tests.windows.machine import ROOT, Machine

_CONSOLE = 3


def test_it_is_a_console_program_that_wants_no_window_for_that(machine: Machine) -> None:
    for name in ("burndown.exe", "burndown-folder/burndown.exe"):
        program = (machine.built / name).read_bytes()
        (header,) = struct.unpack_from("<I", program, 0x3C)
        (subsystem,) = struct.unpack_from("<H", program, header + 24 + 68)
        assert subsystem == _CONSOLE
        assert b"<consoleAllocationPolicy" in program
        assert b">detached<" in program
        assert b">true</longPathAware>" in program


def test_explorer_shows_its_name_its_version_and_its_icon(machine: Machine) -> None:
    program = (machine.built / "burndown.exe").read_bytes()
    for word in ("ProductName", "Burndown", __version__):
        assert word.encode("utf-16-le") in program
    icon = (ROOT / "scripts" / "frozen" / "burndown.ico").read_bytes()
    assert icon[icon.rindex(b"\x89PNG") :] in program


def test_what_seals_a_token_is_inside(machine: Machine) -> None:
    assert list((machine.built / "burndown-folder" / "_internal").glob("_cffi_backend*.pyd"))


def test_the_single_executable_unpacks_few_files(machine: Machine) -> None:
    files = [path for path in (machine.built / "burndown-folder" / "_internal").rglob("*") if path.is_file()]
    assert len(files) < 130
    assert (machine.built / "burndown-folder" / "_internal" / "zones.zip").exists()
    assert (machine.built / "burndown.exe").stat().st_size <= 17_000_000
