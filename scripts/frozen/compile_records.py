"""Run by the build, not by the program: prints what records.py takes.

Imports what a start imports, and compiles what `dataclass` writes for the records in it: by the hash of the text.
"""

import builtins
import contextlib
import dataclasses
import hashlib
import importlib
import marshal
import sys
from pathlib import Path
from typing import Any

_OF_A_START = ("filelock", "launcher", "app.host.serving", "app.host.loading", "app.factory", "app.cli.taking")


def main() -> None:
    compiled: dict[bytes, bytes] = {}

    def noted(text: str, names: dict[str, Any], own: dict[str, Any]) -> None:
        code = compile(text, "<string>", "exec", dont_inherit=True)
        compiled[hashlib.blake2b(text.encode(), digest_size=16).digest()] = marshal.dumps(code)
        builtins.exec(code, names, own)

    with contextlib.suppress(ModuleNotFoundError):
        importlib.import_module("sqlite3")  # the stand-in beside this: the Python of the build may have none
    sys.path[0] = str(Path(__file__).parents[2])
    dataclasses.exec = noted  # type: ignore[attr-defined]
    for name in _OF_A_START:
        importlib.import_module(name)
    sys.stdout.buffer.write(marshal.dumps(dict(sorted(compiled.items()))))


if __name__ == "__main__":
    main()
