"""How hard the fault tests try, and the shim that lets a child's disk fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests import quick_folders
from tests.faults.small_disk import mounted
from tests.running import LAUNCHER, ROOT

_FROZEN = ROOT / "dist" / "burndown"
_SHIM = Path(__file__).parent / "shim.c"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="many more rounds of each fault (name tests/faults with it)")


@pytest.fixture(scope="session")
def soak(pytestconfig: pytest.Config) -> bool:
    # The option is unknown to a run that does not name this folder.
    return bool(pytestconfig.getoption("soak", default=False))


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled shim, to be preloaded into a child."""
    return _compiled(_SHIM, tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="session")
def fat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What makes a folder behave as a FAT stick, to be preloaded into a child; see fat.c."""
    return _compiled(_SHIM.with_name("fat.c"), tmp_path_factory.mktemp("fat"))


def _compiled(source: Path, folder: Path) -> Path:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not Path("/proc/self/fd").is_dir():
        pytest.skip("needs Linux and a C compiler")
    library = folder / source.with_suffix(".so").name
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    return library


@pytest.fixture
def quick_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What this process copies elsewhere to look at it lies there as well: each copy waited for the disk."""
    with quick_folders.quick_folder() as folder:
        elsewhere = Path(folder) / "temporary"
        elsewhere.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
        yield Path(folder)


@pytest.fixture(params=["source", pytest.param("frozen", marks=pytest.mark.e2e)])
def program(request: pytest.FixtureRequest, soak: bool) -> Sequence[str]:
    """The executable where it is built, else Burndown from source; a soak looks at both."""
    if request.param == "source":
        if os.access(_FROZEN, os.X_OK) and not soak:
            pytest.skip("the executable runs the same code")
        return LAUNCHER
    if not os.access(_FROZEN, os.X_OK):
        pytest.skip("the executable is not built")
    return (str(_FROZEN),)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    with mounted() as disk:
        yield disk
