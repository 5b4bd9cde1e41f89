"""How much work something is, in instructions of Python: the same on every machine, so that a test can hold growth."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps_of(run: Callable[[], object]) -> int:
    """Instructions that Python took for `run`; what C does in one of them (`sorted`, `in` of a list) is not seen."""
    steps = 0

    def count(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
        nonlocal steps
        frame.f_trace_opcodes = True
        steps += event == "opcode"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        run()
    finally:
        sys.settrace(before)
    return steps
