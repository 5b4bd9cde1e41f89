"""What moved within a week, and how the work stands: every number of it leads to what is behind it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.items import Unit
from app.domain.known import Method
from app.views import behind
from app.views.answer import standing
from app.views.columns import listed
from app.views.moved import changes
from app.views.view import Number, Scene
from app.words.formats import formats_for
from store.records import Change
from tests.domain.build import analysis, at, day, facts, finished_each_week, issue

FORMATS = formats_for(["en-GB"])
# Five a week for eight weeks, to 1 March 2026; the week from 2 March is what is told of.
STEADY = finished_each_week([5] * 8, day("01-05"))


def moved() -> Scene:
    """One finished, one added, one reopened and one estimated anew in the week, in points."""
    left = [replace(issue(f"O-{number}", "01-05"), points=2.0) for number in range(20)]
    left[0] = replace(left[0], resolved=at("03-04"))
    left[1] = replace(left[1], points=5.0)
    reopened = [
        Change("O-2", at("02-20"), "status", "Open", "Done"),
        Change("O-2", at("03-05"), "status", "Done", "Open"),
    ]
    estimated = Change("O-1", at("03-04"), "points", "2", "5")
    known = facts([*STEADY, *left, replace(issue("N-1", "03-05"), points=3.0)], [*reopened, estimated])
    return Scene(
        analysis(known, as_of=day("03-09"), method=Method.PLAIN, unit=Unit.POINTS, deadline=day("06-01")), FORMATS
    )


def test_every_line_of_what_moved_leads_to_what_is_behind_it() -> None:
    scene = moved()
    lines = {fact.label: fact for fact in changes(scene)}
    assert {"Finished", "Added", "Reopened", "Re-estimated", "Left"} <= lines.keys()
    for label, fact in lines.items():
        assert fact.show, label
        assert behind(scene, fact.show) is not None, label


@pytest.mark.parametrize(("label", "sum_of"), [("Reopened", 2.0), ("Re-estimated", 3.0), ("Added", 3.0)])
def test_the_list_behind_a_line_sums_up_to_it(label: str, sum_of: float) -> None:
    scene = moved()
    show = next(fact.show for fact in changes(scene) if fact.label == label)
    shown = behind(scene, show)
    assert shown is not None
    assert sum(row.amount for row in listed(scene, shown)) == shown.number == sum_of


def test_what_is_new_since_the_week_began_leads_to_its_issues() -> None:
    new = [issue("N-1", "03-09"), issue("N-2", "03-10")]
    scene = Scene(analysis(facts([*STEADY, issue("O-1", "01-05"), *new]), now=at("03-11 12:00")), FORMATS)
    text = list(standing(scene))[-1]
    assert str(text) == "0 finished, 2 added since the week began"
    number = text.values["new"]
    assert isinstance(number, Number)
    shown = behind(scene, number.show)
    assert shown is not None
    assert (shown.keys, shown.number) == (("N-1", "N-2"), 2.0)
    gone = behind(scene, "new-in-week:gone")
    assert gone is not None
    assert gone.how == ("This week is not part of the history.",)
