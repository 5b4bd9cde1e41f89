"""A file that a command was told to read."""

from __future__ import annotations

from pathlib import Path

from app.errors import BadInput


def ordinary(name: str | Path) -> Path:
    """A file that was named to be read. Raises BadInput for a device or a pipe, which need not end."""
    file = Path(name)
    if file.exists() and not file.is_file() and not file.is_dir():
        raise BadInput(f"{file} is a device or a pipe and not a file. Save what comes out of it, and name that file.")
    return file
