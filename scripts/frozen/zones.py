"""Run before the program: the time zones lie in one file, not in six hundred, and are found when they are asked for."""

import sys
from pathlib import Path


class _Zones:
    """Puts the file on the path at the first question for a zone: its table of contents takes a while to read."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "tzdata":
            sys.meta_path.remove(_Zones)
            sys.path.append(str(Path(sys._MEIPASS) / "zones.zip"))  # type: ignore[attr-defined]


sys.meta_path.insert(0, _Zones)
