from dataclasses import replace
from typing import Any

from app.domain.agreement import Agreement, Compared, agreement
from app.domain.missing import NotEnoughData
from store.records import Category, Change, Issue, Sprint
from tests.domain.build import analysis, at, day, done, facts, issue, moves
from tests.steps import steps_of

SPRINT = Sprint("S", "7", "closed", at("03-02 00:00"), at("03-06 00:00"), at("03-06 00:00"))


def compared(issues: list[Issue], changes: list[Change] | None = None, **params: object) -> dict[str, Compared]:
    result = analysis(facts(issues, changes, sprints=[SPRINT]), **params).agreement  # type: ignore[arg-type]
    assert isinstance(result, Agreement)
    return {each.name: each for each in result.compared}


def rules(compared: Compared) -> dict[str, str]:
    return {each.key: each.rule for each in compared.differences}


def test_each_issue_in_which_a_version_differs_is_named_with_the_rule() -> None:
    in_version: dict[str, Any] = {"fix_versions": ("1.0",), "created": at("02-02")}
    issues = [
        done("A-1", resolved=at("03-03"), **in_version),
        Issue("A-2", status="Ready", category=Category.IN_PROGRESS, **in_version),
        done("A-3", resolved=at("03-03"), resolution="Won't Fix", **in_version),
        Issue("A-4", type="Epic", status="To Do", **in_version),
        Issue("A-5", status="To Do", parent="A-4", **in_version),
        replace(done("A-6", resolved=at("03-03"), **in_version), status="Deployed"),
    ]
    result = compared(issues, done_statuses=frozenset({"ready"}), in_progress_statuses=frozenset({"deployed"}))["1.0"]
    assert rules(result) == {
        "A-2": "“Ready” counts as done here, and not in the tracker",
        "A-3": "was given up, and so left the work",
        "A-4": "counts by its parts, or as part of its whole",
        "A-6": "“Deployed” counts as done in the tracker, and not here",
    }
    assert (result.ours, result.ours_done, result.theirs, result.theirs_done) == (4, 2, 6, 3)
    assert not result.agrees


def test_a_sprint_is_compared_with_what_was_in_it_at_its_close() -> None:
    def in_sprint(key: str, **other: object) -> Issue:
        return Issue(key, created=at("02-02"), sprints=("S",), **other)  # type: ignore[arg-type]

    late = done("L-1", created=at("02-02"), sprints=("S",), resolved=at("03-10"))
    issues = [late, in_sprint("L-2", status="To Do"), in_sprint("L-3", status="To Do")]
    changes = [
        *moves("L-1", ("", "To Do"), ("03-10 12:00", "Done")),
        *(Change(key, at("02-20"), "sprint", "", "S") for key in ("L-1", "L-2")),
        Change("L-3", at("03-11"), "sprint", "", "S"),
    ]
    assert rules(compared(issues, changes)["S"]) == {
        "L-1": "was finished after the close",
        "L-3": "was not in the sprint at its close",
    }


def test_where_all_is_alike_nothing_differs_and_of_a_past_day_nothing_is_said() -> None:
    issues = [done("A-1", resolved=at("03-03"), created=at("02-02"), fix_versions=("1.0",))]
    assert compared(issues)["1.0"].agrees
    assert isinstance(analysis(facts(issues), as_of=day("03-09")).agreement, NotEnoughData)
    assert isinstance(analysis(facts([done("A-1", resolved=at("03-03"))])).agreement, NotEnoughData)


def test_many_versions_do_not_go_through_all_issues_each() -> None:
    assert _steps(200) < 3 * _steps(100)


def _steps(versions: int) -> int:
    issues = [issue(f"A-{number}", "03-01", fix_versions=(f"{number}.0",)) for number in range(versions)]
    subject = analysis(facts(issues))
    assert subject.items
    return steps_of(lambda: agreement(subject.known, NotEnoughData("")))
