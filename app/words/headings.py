"""The columns of tables: their names in files, and what stands above them."""

from __future__ import annotations

from app.words import N_, _


def header(*names: str) -> tuple[str, ...]:
    """The columns of rows by their names in files; here, and in `FromResult.rows`, these are texts to be translated."""
    return names


def heading(name: str) -> str:
    """What stands above a column of rows, by the column's name in files."""
    return _(english_heading(name))


def english_heading(name: str) -> str:
    """The same in English: how the name is read, unless a reader calls it otherwise."""
    return _SAID_OTHERWISE.get(name) or name.replace("_", " ").capitalize()


_SAID_OTHERWISE = {"sure_85": N_("85 % sure"), "odd": N_("What does not fit")}
