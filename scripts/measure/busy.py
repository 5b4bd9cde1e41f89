"""One who looks or changes for a minute: `python -m scripts.measure.busy ADDRESS SCHEMA FOLDER KIND NAME BEGIN SECONDS`

BEGIN is an instant in seconds since 1970, the same for all who take part.
Prints one JSON object at the end: seconds of each page, of what the server answered for it, and of processor time that
it took here; keys of what was acknowledged, and errors.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

from app.domain.analysis import Analysis
from app.settings import Overrides, params_for
from store.backend import PersistenceBackend
from store.errors import StoreError
from store.postgres.address import parsed
from store.records import Issue, QueryRef
from tests.store.postgres.member import NOW, store

_REF = QueryRef("p", "q")
# Between two looks, and between two changes, of somebody who does nothing else.
PAUSES = {"reader": 3.0, "writer": 1.0}


class Busy:
    def __init__(self, backend: PersistenceBackend, name: str) -> None:
        self.report: dict[str, list[Any]] = {"pages": [], "answers": [], "worked": [], "kept": [], "errors": []}
        self._backend, self._name = backend, name
        self._revision = -1
        self._number = 0

    def read(self) -> None:
        """A page: what is known already is not read again, as in the app."""
        began, worked = time.perf_counter(), time.process_time()
        profile, query = self._backend.work(_REF)
        if query.revision != self._revision:
            facts = self._backend.load_facts(_REF)
            self.report["answers"].append(time.perf_counter() - began)
            _ = Analysis(facts, params_for(profile, Overrides(), NOW, query)).forecast
            self._revision = facts.query.revision
            self.report["worked"].append(time.process_time() - worked)
        self.report["pages"].append(time.perf_counter() - began)

    def write(self) -> None:
        self._number += 1
        key = f"{self._name}-{self._number}"
        self._backend.upsert_issues(_REF, [Issue(key, created=NOW)])
        self.report["kept"].append(key)


def main(address: str, schema: str, folder: str, kind: str, name: str, began: str, seconds: str) -> None:
    with store(parsed(address), schema, Path(folder)) as backend:
        busy = Busy(backend, name)
        work = busy.read if kind == "reader" else busy.write
        # Not all in the same instant either: people come one by one.
        time.sleep(max(0.0, float(began) - time.time()) + random.Random(name).uniform(0, PAUSES[kind]))
        end = time.monotonic() + float(seconds)
        while time.monotonic() < end:
            try:
                work()
            except StoreError as exc:
                busy.report["errors"].append(str(exc))
            time.sleep(PAUSES[kind])
    sys.stdout.write(json.dumps(busy.report))


if __name__ == "__main__":
    main(*sys.argv[1:])
