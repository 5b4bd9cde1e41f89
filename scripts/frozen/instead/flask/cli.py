"""In the place of flask.cli: Burndown has a command line of its own; see README.txt two folders above."""

from __future__ import annotations


class AppGroup:
    """What an app and its parts would hang commands on. Nobody does."""

    name: str | None = None

    def __init__(self) -> None:
        self.commands: dict[str, object] = {}
