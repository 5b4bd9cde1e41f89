"""Where the data folder is: decided once at start, from outside to inside, never from the current directory."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from store import files
from store.postgres.address import Address
from store.texts import N_

DATABASE = files.DATABASE
_FOLDER = "profiles"
_VARIABLE = "BURNDOWN_PROFILES"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """`source`: argument, environment, beside, fallback. `notice` says on screen why it is not beside us.

    `other` is a second folder that also holds a database (beside and fallback), never merged or picked silently.
    `store`: of a team, where it works with one, and whether the user named it, not the folder; `password`: that of
    PGPASSWORD, which nobody else inherits; `passphrase`: of what is sealed in the folder, where it was given in the
    environment.
    """

    path: Path
    source: str
    writable: bool
    notice: str = ""
    other: Path | None = None
    store: Address | None = None
    is_store_named: bool = False
    password: str = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)


def can_write(folder: Path) -> bool:
    """Found out by writing and deleting a file, in the nearest folder above where it does not exist yet."""
    try:
        place = next((each for each in (folder, *folder.parents) if each.exists()), folder)
        trial = place / f".burndown-{os.urandom(8).hex()}"
        files.new_file(trial).close()
        trial.unlink()
    except OSError:
        return False
    return True


def _user_data_folder() -> Path:
    # Wanted by few starts, and the starting page should not wait for it.
    import platformdirs  # noqa: PLC0415

    return platformdirs.user_data_path("Burndown", appauthor=False) / _FOLDER


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the decision depends on; the defaults are this process."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    executable: Path = field(default_factory=lambda: Path(sys.executable))
    frozen: bool = field(default_factory=lambda: bool(getattr(sys, "frozen", False)))
    source_folder: Path = Path(__file__).resolve().parent.parent
    user_data_folder: Callable[[], Path] = _user_data_folder
    can_write: Callable[[Path], bool] = can_write


def resolve(argument: str | None = None, surroundings: Surroundings | None = None) -> DataFolder:
    """`--profiles`, else BURNDOWN_PROFILES, else `profiles/` beside the executable, else the user's data folder.

    Creates nothing that stays behind.
    """
    around = surroundings or Surroundings()
    if argument:
        return _wished(argument, "argument", around)
    if around.environ.get(_VARIABLE):
        return _wished(around.environ[_VARIABLE], "environment", around)
    return _beside_or_fallback(_home(around) / _FOLDER, around.user_data_folder(), around.can_write)


def typed_path(text: str) -> Path:
    """The path; `~` stands for the user's folder, and `~name` for that of a user who is known here."""
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _wished(text: str, source: str, around: Surroundings) -> DataFolder:
    path = typed_path(text).absolute()
    return DataFolder(path, source, around.can_write(path))


def _home(around: Surroundings) -> Path:
    """The folder that the user sees Burndown in."""
    if not around.frozen:
        return around.source_folder
    if image := around.environ.get("APPIMAGE"):
        return Path(image).absolute().parent
    executable = around.executable.absolute()
    bundle = next((folder for folder in executable.parents if folder.suffix == ".app"), None)
    return (bundle or executable).parent


def _beside_or_fallback(beside: Path, fallback: Path, writable: Callable[[Path], bool]) -> DataFolder:
    translocated = "AppTranslocation" in beside.parts
    both = (beside / DATABASE).exists() and (fallback / DATABASE).exists()
    if not translocated and writable(beside):
        return DataFolder(beside, "beside", True, _two_databases(beside, fallback) if both else "", _if(both, fallback))
    if both:
        return DataFolder(fallback, "fallback", writable(fallback), _two_databases(fallback, beside), beside)
    if (beside / DATABASE).exists():
        # What the user carries with them is shown, though it cannot be changed there.
        return DataFolder(
            beside, "beside", False, N_("{beside} cannot be written, so it is open for reading only.", beside=beside)
        )
    reason = (
        N_("macOS runs Burndown from a temporary place until its folder is moved with the Finder")
        if translocated
        else N_("{beside} cannot be written", beside=beside)
    )
    return DataFolder(
        fallback,
        "fallback",
        writable(fallback),
        N_("{reason}, so the data is kept in {fallback}.", reason=reason, fallback=fallback),
    )


def _if(condition: bool, folder: Path) -> Path | None:
    return folder if condition else None


def _two_databases(used: Path, other: Path) -> str:
    return N_(
        "There are two databases: {used} (changed {changed}), which is in use, and {other} (changed "
        "{changed2}), which is left alone. Start with --profiles to choose the other one.",
        used=used,
        changed=_changed(used),
        other=other,
        changed2=_changed(other),
    )


def _changed(folder: Path) -> str:
    seconds = (folder / DATABASE).stat().st_mtime
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
