"""Two members who change settings of one project at the same moment: neither change is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

from app.actions import deadline
from app.context import Context
from app.jobs import Jobs
from store.records import Profile, Query, QueryRef
from tests import postgres
from tests.store.postgres.member import NOW, REF, begin, store


class Meanwhile:
    """Lets the other one begin when this one has read, and goes on once the other has either ended or waits."""

    def __init__(self, other: Callable[[], object]) -> None:
        self._thread = threading.Thread(target=other)

    def begin(self) -> None:
        self._thread.start()
        self._thread.join(0.5)

    def end(self) -> None:
        self._thread.join(30)
        assert not self._thread.is_alive()


def two(stack: ExitStack, folder: Path) -> tuple[Context, Context]:
    server = postgres.shared_server("15")
    schema = stack.enter_context(postgres.own_schema(server))
    made = []
    for name in ("ann", "ben"):
        backend = stack.enter_context(store(server.address, schema, folder / name))
        made.append(Context(backend, Jobs(backend), folder / name, lambda: NOW))
    begin(made[0].backend)
    return made[0], made[1]


def test_two_settings_changed_by_two_are_both_there(tmp_path: Path) -> None:
    with ExitStack() as stack:
        ann, ben = two(stack, tmp_path)
        meanwhile = Meanwhile(lambda: ben.change_profile(REF, lambda found: replace(found, description="by Ben")))

        def by_ann(profile: Profile) -> Profile:
            meanwhile.begin()
            return replace(profile, show_points=True)

        ann.change_profile(REF, by_ann)
        meanwhile.end()
        kept = ann.backend.get_profile("p")
        assert kept is not None
        assert (kept.show_points, kept.description) == (True, "by Ben")


def test_a_deadline_and_a_new_name_by_two_are_both_there(tmp_path: Path) -> None:
    with ExitStack() as stack:
        ann, ben = two(stack, tmp_path)

        def rename() -> None:
            with ben.backend.transaction():
                found = ben.backend.get_query(REF)
                assert found is not None
                ben.backend.save_query(replace(found, name="Renamed"))

        meanwhile, read = Meanwhile(rename), ann.backend.get_query

        def slowly(ref: QueryRef) -> Query | None:
            found = read(ref)
            ann.backend.get_query = read  # type: ignore[method-assign]
            meanwhile.begin()
            return found

        ann.backend.get_query = slowly  # type: ignore[method-assign]
        deadline.set_day(ann, REF, date(2026, 12, 24))
        meanwhile.end()
        kept = ann.backend.get_query(REF)
        assert kept is not None
        assert kept.name == "Renamed"
        assert "2026-12-24" in str(kept.extras)
