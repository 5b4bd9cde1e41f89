"""Whatever happens in Jira and to the syncs, the next complete sync gives exactly the rows of a clean one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Cancelled
from app.jira.errors import JiraError
from scripts.fake_jira import FakeJira, new_issue, sprint_json
from store.records import Change, Issue
from tests.examples import examples
from tests.jira.world import NOON, QUICK, REF, Clock, Steps, World, issues, store

JQL = "project in (ABC, XYZ)"
_IDS = st.sampled_from([str(number) for number in range(10_001, 10_009)])
_EDITS = st.one_of(
    st.tuples(st.just("status"), _IDS, st.sampled_from(["To Do", "In Progress", "Done"])),
    st.tuples(st.just("points"), _IDS, st.sampled_from([None, 1.0, 8.0])),
    st.tuples(st.just("sprint"), _IDS, st.integers(18, 21)),
    st.tuples(st.just("move"), _IDS, st.sampled_from(["ABC", "XYZ", "ELSE"])),
    st.tuples(st.just("delete"), _IDS, st.none()),
    st.tuples(st.just("add"), st.none(), st.none()),
    st.tuples(st.just("close"), st.none(), st.integers(18, 21)),
    st.tuples(st.just("rename"), st.none(), st.integers(18, 21)),
)
_SYNCS = st.tuples(
    st.just("sync"),
    st.booleans(),
    st.one_of(
        st.none(),
        st.tuples(st.just("cancel"), st.integers(1, 12)),
        st.tuples(st.just("fail"), st.integers(1, 25)),
        st.tuples(st.just("edit"), st.integers(1, 8), _EDITS),
    ),
)
_STEPS = st.lists(st.tuples(st.integers(0, 20), st.one_of(_EDITS, _EDITS, _SYNCS)), max_size=14)


class _People:
    """Carries out edits; the first issue is left alone, so that the query always matches something."""

    def __init__(self, jira: FakeJira) -> None:
        self.jira = jira
        self.numbers = iter(range(100, 10_000))
        self.closed: set[object] = {18, 19}

    def edit(self, what: str, issue_id: str | None, value: object) -> None:
        if what == "add":
            number = next(self.numbers)
            self.jira.add(new_issue(20_000 + number, f"ABC-{number}", self.jira.now(), points=2.0))
            return
        if what == "close":
            self.jira.close_sprint(value)  # type: ignore[arg-type]
            self.closed.add(value)
            return
        if what == "rename":
            # A closed one is not asked for again: its new name comes with the next of its issues, or a full sync.
            if value in self.closed:
                return
            self.jira.rename_sprint(value, f"Sprint {value}, renamed {next(self.numbers)} times")  # type: ignore[arg-type]
            return
        if issue_id is None or issue_id not in self.jira.issues or issue_id == "10001":
            return
        acts: dict[str, Callable[[], None]] = {
            "status": lambda: self.jira.set_status(issue_id, str(value)),
            "points": lambda: self.jira.set_points(issue_id, value),  # type: ignore[arg-type]
            "sprint": lambda: self.jira.set_sprint(issue_id, sprint_json(value, NOON)),  # type: ignore[arg-type]
            "move": lambda: self.jira.move(issue_id, f"{value}-{next(self.numbers)}"),
            "delete": lambda: self.jira.delete(issue_id),
        }
        acts[what]()


def _disturbed_sync(here: World, people: _People, full: bool, trouble: tuple | None) -> None:  # type: ignore[type-arg]
    progress, limits = Steps(), replace(QUICK, tries=1)
    if trouble is not None and trouble[0] == "cancel":
        progress = Steps(cancel_at=trouble[1])
    elif trouble is not None and trouble[0] == "edit":
        progress = Steps(at={trouble[1]: lambda: people.edit(*trouble[2])})
    elif trouble is not None:
        here.jira.faults.fail_at = here.jira.requests + trouble[1]
    with suppress(Cancelled, JiraError):
        here.sync(full=full, progress=progress, limits=limits)
    here.jira.faults.fail_at = None


def _rows(here: World) -> tuple[dict[str, Issue], dict[str, list[Change]]]:
    present = {issue.key: issue for issue in here.backend.list_issues(REF) if issue.in_query}
    changes: dict[str, list[Change]] = {key: [] for key in present}
    for change in here.backend.list_changes(REF):
        changes.setdefault(change.issue_key, []).append(change)
    return present, {key: changes[key] for key in present}


@pytest.mark.slow
@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=_STEPS)
def test_after_any_sequence_of_edits_and_broken_syncs_one_delta_equals_a_clean_sync(
    flavour: str,
    steps: list[tuple[int, tuple]],  # type: ignore[type-arg]
) -> None:
    clock = Clock()
    data = [issue for issue in issues(8) if isinstance(issue, dict)]
    with FakeJira(
        flavour, data, clock=clock, page_size=3, zone="America/New_York", server_zone="Europe/Berlin"
    ) as jira:
        here, people = World(jira, clock, store(JQL)), _People(jira)
        for minutes, step in steps:
            clock.on(minutes=minutes)
            if step[0] == "sync":
                _disturbed_sync(here, people, step[1], step[2])
            else:
                people.edit(*step)
        clock.on(minutes=1)
        here.sync()
        clean = World(jira, clock, store(JQL))
        clean.sync()
        assert _rows(here) == _rows(clean)
        assert _issues_of(here) == {issue["key"]: _source(jira, issue) for issue in jira.find(JQL)}
        named = {sprint.name: sprint for sprint in here.backend.list_sprints(REF)}
        assert all(named[sprint.name] == sprint for sprint in clean.backend.list_sprints(REF))


def _issues_of(here: World) -> dict[str, tuple[object, ...]]:
    """What is stored of each issue in the query, to be compared with the source itself."""
    present, changes = _rows(here)
    return {
        key: (issue.source_id, issue.status, issue.points, issue.sprints, len(changes[key]), issue.resolved)
        for key, issue in present.items()
    }


def _source(jira: FakeJira, issue: dict) -> tuple[object, ...]:  # type: ignore[type-arg]
    fields = issue["fields"]
    kept = [entry for entry in issue["histories"] if entry["items"][0]["fieldId"] != "Key"]
    resolved = fields["resolutiondate"]
    return (
        issue["id"],
        fields["status"]["name"],
        fields["customfield_10016"],
        tuple(sprint["name"] for sprint in jira.sprints_of(issue)),
        len(kept),
        datetime.fromisoformat(resolved) if resolved else None,
    )
