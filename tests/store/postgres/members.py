"""Members of a team as processes."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from store.postgres.address import Address

ROOT = Path(__file__).resolve().parents[3]


class Member:
    """See `member.py`. Ask, and read the answer later; meanwhile it works."""

    def __init__(self, address: Address, schema: str, folder: Path, *options: str, who: str = "") -> None:
        self.acknowledged: list[int] = []
        self.answers: list[dict[str, Any]] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.postgres.member", str(address), schema, str(folder), *options],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **({"LOGNAME": who} if who else {})},
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def opened(self) -> Member:
        assert self._line(60) == {"open": True}
        return self

    def ask(self, what: str, **arguments: Any) -> Member:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self.process.stdin.flush()
        return self

    def answer(self, seconds: float = 60.0) -> dict[str, Any]:
        """The next answer; what was acknowledged before it goes to `acknowledged`, the rest to `said`."""
        until = time.monotonic() + seconds
        while True:
            line = self._line(until - time.monotonic())
            if "done" in line or "error" in line:
                return line
            self._note(line)

    def do(self, what: str, **arguments: Any) -> Any:
        document = self.ask(what, **arguments).answer()
        assert "done" in document, document
        return document["done"]

    def wait_for(self, count: int, seconds: float = 60.0) -> None:
        """Until it acknowledged so many."""
        until = time.monotonic() + seconds
        while len(self.acknowledged) < count:
            self._note(self._line(until - time.monotonic()))

    def catch_up(self) -> None:
        """Note what it said meanwhile."""
        while not self._lines.empty():
            if text := self._lines.get():
                self._note(json.loads(text))

    def _note(self, line: dict[str, Any]) -> None:
        assert "done" not in line, line
        assert "error" not in line, line
        if "acknowledged" in line:
            self.acknowledged.append(line["acknowledged"])
        else:
            self.answers.append(line)

    def kill(self) -> None:
        """As a power cut would end it; what it had acknowledged by then is read."""
        self.process.kill()
        self.process.wait(30)
        self._reader.join(30)
        self.catch_up()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)
        self._reader.join(30)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for text in self.process.stdout:
            if text.endswith("\n"):
                self._lines.put(text)
        self._lines.put("")

    def _line(self, seconds: float) -> dict[str, Any]:
        text = self._lines.get(timeout=max(seconds, 0.01))
        assert text, f"the member ended with {self.process.wait(10)}"
        line: dict[str, Any] = json.loads(text)
        return line


@contextmanager
def team(address: Address, schema: str, folder: Path, count: int = 2, *options: str) -> Iterator[list[Member]]:
    """So many members with a folder each, all open."""
    with ExitStack() as ending:
        members = []
        for number in range(count):
            member = Member(address, schema, folder / f"member-{number}", *options)
            ending.callback(member.end)
            members.append(member)
        yield [member.opened() for member in members]
