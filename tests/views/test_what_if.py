"""What is tried out stands in the address, and the sentence says that nothing of it is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.scenarios import KEPT_IN, Kept, as_json, kept
from app.domain.what_if import TriedOut, WhatIf
from app.views.view import Scene
from app.views.what_if import WHAT_IF, options_of, what_if
from app.web.page import visit_of
from app.web.view_page import layout
from app.words.formats import formats_for
from tests.pages.reading import texts
from tests.pages.sample import REF, sample_context
from tests.views.test_walk import demo

FORMATS = formats_for(["en-GB"])


def scene(**options: str) -> Scene:
    """Two a week without an exception, ten left."""
    return Scene(sample_context(method="plain").analysis(REF), FORMATS, options=options)


def test_as_it_is_is_the_answer() -> None:
    assert str(WHAT_IF.sentence(scene())) == "As it is: 85\u202f% sure by 4 May 2026, even odds 4 May 2026."
    assert WHAT_IF.figure is not None
    figure = WHAT_IF.figure(scene())
    assert figure is not None
    assert all("What if" not in trace.get("name", "") for trace in figure["data"])


def test_half_the_pace_takes_twice_as_long_and_is_not_saved() -> None:
    text = str(WHAT_IF.sentence(scene(speed="50")))
    assert text == "What if (not saved): 85\u202f% sure by 8 Jun 2026 (5 weeks later), even odds 8 Jun 2026."


def test_both_fans_are_drawn_the_one_that_is_in_grey() -> None:
    assert WHAT_IF.figure is not None
    figure = WHAT_IF.figure(scene(left="4", due="2026-04-20"))
    assert figure is not None
    names = [trace["name"] for trace in figure["data"] if trace.get("name")]
    assert names == ["As it is, 15 to 85 %", "As it is, even odds", "What if, 15 to 85 %", "What if, even odds"]
    assert figure["layout"]["annotations"][0]["text"] == "Deadline, 20 April"


def test_the_chance_of_another_deadline_stands_beside_what_it_is() -> None:
    fact = WHAT_IF.facts(scene(due="2026-04-20", left="4"))[0]
    assert (fact.label, fact.value) == ("Deadline", "over 95\u202f%")
    assert fact.note == "by 20 Apr 2026, as it is under 5\u202f%"


@pytest.mark.parametrize(
    ("options", "read"),
    [
        ({"speed": "1e9", "away": "-3", "new": "nan"}, WhatIf(pace=3.0)),
        ({"speed": "fast", "left": "inf", "start": "soon"}, WhatIf()),
        ({"start": "1999-01-01", "due": "9999-12-31"}, WhatIf()),
        ({"away": "2.7", "new": "150", "left": "-4"}, WhatIf(away=2, new_work=1.5, left=0.0)),
        ({"split": "50"}, WhatIf()),
        ({"split": "130"}, WhatIf(split=1.3)),
    ],
)
def test_what_cannot_be_used_counts_as_not_said(options: dict[str, str], read: WhatIf) -> None:
    assert what_if(scene(**options)) == read


def test_the_sliders_stand_where_things_are_or_where_they_were_put() -> None:
    controls = {each.name: each for each in WHAT_IF.controls(scene(speed="80"))}
    assert [*controls] == ["team", "people", "speed", "away", "new", "left", "split", "start", "due"]
    assert (controls["speed"].value, controls["speed"].default) == ("80", "100")
    assert (controls["left"].value, controls["left"].high) == ("10", 20)
    assert controls["new"].value == "0"


def test_what_splits_is_more_to_do_and_is_kept_with_the_rest() -> None:
    whole, halves = scene(left="4").analysis, WhatIf(left=4, split=1.5)
    tried, larger = whole.tried(halves), whole.tried(WhatIf(left=6))
    assert isinstance(tried, TriedOut)
    assert isinstance(larger, TriedOut)
    assert (tried.left, tried.dates) == (6, larger.dates)
    assert WHAT_IF.facts(scene(left="4", split="150"))[-1].value == "6"
    assert kept({KEPT_IN: as_json([Kept("More", halves)])}) == (Kept("More", halves),)
    assert what_if(scene(**{name: text for name, text in options_of(halves).items() if text})) == halves


def test_the_page_has_a_way_back_only_while_something_is_tried() -> None:
    def shown(search: str) -> Any:
        return texts(layout(visit_of(sample_context(), search, FORMATS, path="/plan/what-if"), WHAT_IF))

    assert "Back to as it is" in shown("?speed=80")
    assert "Back to as it is" not in shown("")


def test_what_is_tried_is_told_behind_the_number() -> None:
    behind = WHAT_IF.numbers["tried"](Scene(demo(), FORMATS, options={"speed": "120", "away": "1"}), "")
    inputs = dict(behind.inputs)
    assert inputs["Pace"] == "120\u202f%"
    assert inputs["Everybody away"] == "1 full week"
    assert "New work" not in inputs


def test_two_of_seven_people_who_leave_take_two_sevenths_of_the_pace_along() -> None:
    ctx = sample_context(method="plain")
    done = [issue for issue in ctx.backend.load_facts(REF).issues if issue.resolved]
    named = [replace(result, assignee=f"user-{at % 7}") for at, result in enumerate(done)]
    ctx.backend.upsert_issues(REF, named)
    shown = Scene(ctx.analysis(REF), FORMATS, options={"people": "5"})
    control = {each.name: each for each in WHAT_IF.controls(shown)}["people"]
    assert (control.value, control.high, control.label) == ("5", 7, "People who stay (now 7)")
    assert what_if(shown).pace == pytest.approx(5 / 7)
    assert "(not saved)" in str(WHAT_IF.sentence(shown))


def test_where_nobody_is_named_the_size_of_the_team_is_asked() -> None:
    shown = scene(team="8", people="6")
    controls = {each.name: each for each in WHAT_IF.controls(shown)}
    assert (controls["team"].value, controls["people"].value, controls["people"].high) == ("8", "6", 8)
    assert what_if(shown).pace == 0.75
