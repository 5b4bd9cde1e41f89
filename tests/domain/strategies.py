"""Arbitrary projects: issues with change histories in March and April 2026."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from app.domain.forecast import ForecastSettings
from app.domain.known import Growth, Method
from store.records import Category, Change, Issue

_START = datetime(2026, 3, 1, tzinfo=UTC)
STATUSES = {
    "To Do": Category.TODO,
    "In Progress": Category.IN_PROGRESS,
    "Blocked": Category.IN_PROGRESS,
    "Done": Category.DONE,
    "Closed": Category.DONE,
}
_HOURS = 60 * 24
_POINTS = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.0, 3.0, 5.0]))


def _instants(hours: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, hours - 1).map(lambda hour: _START + timedelta(hours=hour))


@st.composite
def _issue(draw: st.DrawFn, key: str, hours: int) -> tuple[Issue, list[Change]]:
    """One issue whose present state is where its history ends."""
    at = _instants(hours)
    instants = sorted(draw(st.lists(at, min_size=1, max_size=8, unique=True)))
    created, *later = instants
    status, points = "To Do", draw(_POINTS)
    changes = []
    for instant in later:
        if draw(st.integers(0, 3)):
            new = draw(st.sampled_from(list(STATUSES)))
            changes.append(Change(key, instant, "status", status, new))
            status = new
        else:
            estimate = draw(_POINTS)
            changes.append(Change(key, instant, "points", _text(points), _text(estimate)))
            points = estimate
    left = draw(st.one_of(st.none(), at.map(lambda instant: max(instant, created))))
    issue = Issue(
        key,
        status=status,
        category=STATUSES[status],
        created=created,
        updated=instants[-1],
        points=points,
        in_query=left is None,
        left_query=left,
    )
    return issue, changes


def _text(points: float | None) -> str | None:
    return None if points is None else f"{points:g}"


@st.composite
def histories(draw: st.DrawFn, hours: int = _HOURS) -> tuple[list[Issue], list[Change]]:
    """Up to eight issues; all are known by the end of April. In fewer `hours` more happens on the same days."""
    built = [draw(_issue(f"A-{number}", hours)) for number in range(draw(st.integers(1, 8)))]
    return [issue for issue, _ in built], [change for _, changes in built for change in changes]


@st.composite
def loose_issues(draw: st.DrawFn) -> tuple[list[Issue], list[Change]]:
    """Up to six issues that need not agree with their own histories, as imports bring them; dates may be missing."""
    issues, changes, at = [], [], _instants(_HOURS)
    for number in range(draw(st.integers(1, 6))):
        key, status = f"L-{number}", draw(st.sampled_from(["", *STATUSES]))
        created, updated, started, resolved, left = draw(st.tuples(*[st.one_of(st.none(), at)] * 5))
        issues.append(
            Issue(
                key,
                status=status,
                category=STATUSES.get(status, Category.TODO),
                created=created,
                updated=updated,
                started=started,
                resolved=resolved,
                points=draw(_POINTS),
                sprints=draw(st.sampled_from([(), ("Sprint 1",)])),
                in_query=left is None,
                left_query=left,
            )
        )
        for instant in draw(st.lists(at, max_size=4, unique=True)):
            field = draw(st.sampled_from(["status", "points", "sprint"]))
            names = {"status": list(STATUSES), "points": ["1", "8"], "sprint": ["", "Sprint 1", "Sprint 2"]}[field]
            changes.append(Change(key, instant, field, *draw(st.tuples(*[st.sampled_from(names)] * 2))))
    return issues, changes


# Of each week what was finished and what came in; something was finished in the last twelve.
weekly_counts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=12, max_size=30).filter(
    lambda weeks: sum(done for done, _ in weeks[-12:]) > 0
)
any_settings = st.builds(
    ForecastSettings,
    method=st.sampled_from(Method),
    growth=st.sampled_from(Growth),
    trials=st.just(300),
    seed=st.just(5),
)
