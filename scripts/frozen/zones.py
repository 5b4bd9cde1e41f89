"""Run before the program: the time zones lie in one file, not in six hundred."""

import sys
from pathlib import Path

sys.path.append(str(Path(sys._MEIPASS) / "zones.zip"))  # type: ignore[attr-defined]
