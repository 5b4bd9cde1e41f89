"""What stands in the place of a view's functions where their result says too little."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.missing import NotEnoughData
from app.views.from_result import FromResult, Row
from app.views.view import Behind, Fact, Rows, Scene
from app.words import N_
from tests.domain.build import analysis, facts

_REASON = N_("No issues.")


def _doubled(result: int | NotEnoughData) -> dict[str, Any]:
    """Each kind of function, made of the result."""
    from_result = FromResult(lambda scene: result)

    @from_result.rows("number", "twice")
    def rows(scene: Scene, result: int) -> Iterator[Row]:
        yield f"number:{result}", (result, 2 * result)

    @from_result.behind(N_("Number"))
    def behind(scene: Scene, part: str, result: int) -> Behind:
        return Behind(part, (str(2 * result),))

    return {
        "sentence": from_result.sentence(lambda scene, result: str(2 * result)),
        "figure": from_result.figure(lambda scene, result: {"data": [2 * result]}),
        "facts": from_result.facts(lambda scene, result: [Fact("Twice", str(2 * result))]),
        "notes": from_result.notes(lambda scene, result: [str(2 * result)]),
        "rows": rows,
        "behind": lambda scene: behind(scene, "3"),
    }


@pytest.mark.parametrize(
    ("kind", "result", "missing"),
    [
        ("sentence", "6", _REASON),
        ("figure", {"data": [6]}, None),
        ("facts", [Fact("Twice", "6")], ()),
        ("notes", ["6"], ()),
        ("rows", Rows(("number", "twice"), ((3, 6),), ("number:3",)), Rows(("number", "twice"), ())),
        ("behind", Behind("3", ("6",)), Behind("Number", (_REASON,))),
    ],
)
def test_a_function_of_a_result_is_asked_only_where_there_is_one(kind: str, result: object, missing: object) -> None:
    scene = Scene(analysis(facts([])))
    assert _doubled(3)[kind](scene) == result
    assert _doubled(NotEnoughData(_REASON))[kind](scene) == missing


def test_behind_a_number_are_the_keys_of_the_result_each_there_for_what_the_title_says() -> None:
    result = SimpleNamespace(keys=("A-1", "A-2"), late=("A-2",))
    from_result = FromResult(lambda scene: result)
    behind = from_result.issues(N_("Sent back"), N_("No issues."))(Scene(analysis(facts([]))), "")
    assert (behind.keys, behind.number, behind.why) == (("A-1", "A-2"), 2, "sent back")
    late = from_result.issues(N_("Sent back"), N_("No issues."), N_("too late"), lambda result: result.late)
    assert late(Scene(analysis(facts([]))), "").why == "too late"
    assert late(Scene(analysis(facts([]))), "").keys == ("A-2",)
