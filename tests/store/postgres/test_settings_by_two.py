"""Two people change settings of one project or work list at the same moment: none of them is lost, none unseen."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dash import dcc
from flask import Flask

from app.actions import deadline
from app.context import Context
from app.jobs import Jobs
from app.pages import answer, mapping, projects, settings
from app.settings import settings_of
from app.turns import chosen, of_project
from app.web.effects import Effects
from app.web.page import visit_of
from app.web.parts import deadline_form, milestone_form
from app.words.formats import formats_for
from store.records import Category, Milestone, Profile, Query, QueryRef
from tests import postgres
from tests.pages.reading import components
from tests.pages.sample import ImmediateJobs
from tests.store.postgres.member import NOW, REF, begin, step, store
from tests.store.postgres.members import Member

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow


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
    ctxes = []
    for name in ("ann", "ben"):
        backend = stack.enter_context(store(server.address, schema, folder / name))
        ctxes.append(Context(backend, Jobs(backend), folder / name, lambda: NOW))
    begin(ctxes[0].backend)
    return ctxes[0], ctxes[1]


def test_two_settings_changed_by_two_are_both_there(tmp_path: Path) -> None:
    with ExitStack() as stack:
        ann, ben = two(stack, tmp_path)
        meanwhile = Meanwhile(lambda: ben.change_profile(REF, lambda result: replace(result, description="by Ben")))

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
                query = ben.backend.get_query(REF)
                assert query is not None
                ben.backend.save_query(replace(query, name="Renamed"))

        meanwhile, read = Meanwhile(rename), ann.backend.get_query

        def slowly(ref: QueryRef) -> Query | None:
            result = read(ref)
            ann.backend.get_query = read  # type: ignore[method-assign]
            meanwhile.begin()
            return result

        ann.backend.get_query = slowly  # type: ignore[method-assign]
        deadline.write(ann, REF, (True, date(2026, 12, 24)))
        meanwhile.end()
        kept = ann.backend.get_query(REF)
        assert kept is not None
        assert kept.name == "Renamed"
        assert "2026-12-24" in str(kept.extras)


# -- one setting, chosen by two members who are processes of their own -----------------------------------

SEARCH = "?profile=p&query=q"
FORMATS = formats_for(["en-GB"])


@dataclass
class Two:
    """Ann, whose page is open here, and Ben, who is another process of another user."""

    ann: Context
    ben: Member

    def shown(self, layout: Callable[[Any], Any], path: str, store: str, more: str = "") -> Any:
        """What a form that is open now keeps of what it shows."""
        result = components(layout(visit_of(self.ann, SEARCH + more, FORMATS, path)))
        return next(each.data for each in result if isinstance(each, dcc.Store) and each.id == store)


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Two]:
    server = postgres.shared_server("15")
    with ExitStack() as stack:
        stack.enter_context(Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}))
        schema = stack.enter_context(postgres.own_schema(server))
        backend = stack.enter_context(store(server.address, schema, tmp_path / "ann"))
        begin(backend)
        step(backend, "a", 1)
        issue = backend.list_issues(REF)[0]
        backend.upsert_issues(REF, [replace(issue, key="O-1", status="Open", category=Category.TODO)])
        backend.replace_milestones("p", [Milestone("Beta", date(2026, 5, 1))])
        ben = Member(server.address, schema, tmp_path / "ben", who="ben")
        stack.callback(ben.end)
        # What a page computes besides is done at once, and asks for no worker.
        yield Two(Context(backend, ImmediateJobs(), tmp_path / "ann", lambda: NOW), ben.opened())


def agreed(effects: Effects | None) -> None:
    assert effects is not None
    assert effects.ask is not None
    effects.ask()


def toast_of(effects: Effects | None) -> str:
    assert effects is not None
    # Where the other one works, and at which hour of this computer, is not the test's.
    return re.sub(r"ben(?: @ \S+)? chose (.*) at .*?\. You", r"ben chose \1 at TIME. You", effects.toast)


def test_a_deadline_that_ben_set_is_told_with_his_name_and_ann_decides(people: Two) -> None:
    seen = people.shown(answer.layout, "/", "deadline-seen")
    people.ben.do("choose", setting="deadline", value="2027-12-31")
    effects = deadline_form.set_deadline(people.ann, "1 Nov 2027", SEARCH, seen)
    assert toast_of(effects) == (
        "Deadline: ben chose “31 Dec 2027” at TIME. You chose “1 Nov 2027”. Put yours in its place?"
    )
    at = NOW.astimezone()
    assert effects is not None
    assert f"at {FORMATS.instant(at)}" in effects.toast or f"at {at:%H:%M}" in effects.toast
    assert "2027-12-31" in str(people.ann.backend.get_query(REF))
    agreed(effects)
    assert "2027-11-01" in str(people.ann.backend.get_query(REF))


def test_a_setting_and_days_off_that_ben_chose_are_told_with_his_name(people: Two) -> None:
    seen = people.shown(settings.layout, "/settings/project", "settings-seen")
    people.ben.do("choose", setting="window", value="20")
    people.ben.do("choose", setting="holidays", value='["2026-12-24"]')

    def leave(name: str, value: Any) -> Effects | None:
        effects: Effects | None = settings.save_setting(
            people.ann, {"type": "setting", "name": name}, value, SEARCH, seen
        )
        return effects

    assert toast_of(leave("window", 30)).startswith("Weeks to learn from: ben chose “20” at TIME. You chose “30”.")
    days = leave("holidays", "1 May 2026")
    assert "ben chose “24 Dec 2026” at TIME. You chose “1 May 2026”." in toast_of(days)
    agreed(days)
    kept = people.ann.backend.get_profile("p")
    assert kept is not None
    assert (settings_of(kept).window, settings_of(kept).holidays) == (20, (date(2026, 5, 1),))


def test_a_name_that_ben_gave_is_told_with_his_name(people: Two) -> None:
    seen = people.shown(projects.layout, "/projects", "names-seen", "&do=rename-work")
    people.ben.do("choose", setting="name", value="Release 2")
    effects = projects.rename(people.ann, "Team", "Release two", SEARCH, seen)
    assert toast_of(effects).startswith("Work list: ben chose “Release 2” at TIME. You chose “Release two”.")
    agreed(effects)
    assert people.ann.backend.work(REF)[1].name == "Release two"


def test_a_milestone_that_ben_closed_is_told_with_his_name(people: Two) -> None:
    seen = people.shown(settings.layout, "/settings/project", milestone_form.SEEN)
    people.ben.do("choose", setting="close", value="Beta")
    effects = settings.remove_milestone(people.ann, {"at": 0}, SEARCH, seen)
    assert toast_of(effects).startswith("Beta: ben chose “1 May 2026, reached” at TIME. You chose “Remove”.")
    assert len(people.ann.backend.list_milestones("p")) == 1
    agreed(effects)
    assert people.ann.backend.list_milestones("p") == []


def test_a_status_that_ben_mapped_is_told_with_his_name(people: Two) -> None:
    seen = people.shown(mapping.layout, "/data/meaning", "mapping-seen")
    assert seen["status/Open"] == "todo"
    people.ben.do("choose", setting="status/Open", value="in_progress")
    ids = [{"name": "Done"}, {"name": "Open"}]
    effects = mapping.save(people.ann, [], ["done", "done"], [], seen, [], ids, [], SEARCH)
    assert toast_of(effects).startswith("Open: ben chose “In progress” at TIME. You chose “Done”.")
    agreed(effects)
    again = people.shown(mapping.layout, "/data/meaning", "mapping-seen")
    assert again["status/Open"] == "done"


def test_who_chose_what_goes_with_the_data_and_not_with_the_member(people: Two) -> None:
    people.ben.do("choose", setting="window", value="20")
    result = chosen(people.ann.backend, of_project(REF), "window")
    assert result is not None
    assert (result.who.partition(" @ ")[0], result.is_by_another, result.at) == ("ben", True, NOW)
    assert people.ann.backend.get_state("chosen/p/") is None
