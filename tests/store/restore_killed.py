"""A restore that ends itself at the N-th touch of the file system: `python -m … FOLDER SNAPSHOT N`.

Touches are counted at the renames, deletions and writes that the interpreter reports to an audit hook. Exits
with 0 when the restore was done before the N-th one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from store.sqlite.restore import restore

_TOUCHES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"})


def end_at(number: int, folder: str) -> None:
    """End this process, as a pulled plug would, just before its `number`-th touch of something in the folder."""
    left = number

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event not in _TOUCHES or folder not in str(arguments[0]):
            return
        left -= 1
        if left < 0:
            os._exit(9)

    sys.addaudithook(hook)


if __name__ == "__main__":
    where, snapshot, number = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    end_at(number, str(where))
    restore(where, snapshot)
