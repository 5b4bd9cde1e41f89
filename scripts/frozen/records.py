"""Run before the program: what `dataclass` writes for each of the hundreds of records was compiled by the build.

Compiling it took a quarter of a start, and a tenth went into texts made of signatures, which nobody reads: without
their docstrings, which the executable leaves out, all records would get one.
"""

import builtins
import dataclasses
import hashlib
import inspect
import marshal
import sys
import types
from pathlib import Path
from typing import Any


def _run(text: str, names: dict[str, Any], own: dict[str, Any]) -> None:
    """In the place of `exec` there. What is not among the compiled is compiled, as ever."""
    code = _COMPILED.get(hashlib.blake2b(text.encode(), digest_size=16).digest())
    builtins.exec(marshal.loads(code) if code else text, names, own)


_COMPILED: dict[bytes, bytes] = marshal.loads((Path(sys._MEIPASS) / "records.bin").read_bytes())  # type: ignore[attr-defined]
dataclasses.exec = _run  # type: ignore[attr-defined]
dataclasses.inspect = types.SimpleNamespace(**{**vars(inspect), "signature": lambda _: ""})  # type: ignore[attr-defined]
