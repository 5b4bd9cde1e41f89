"""However a view says it: thousands have their separator, a percent sign its space, a day its year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.analysis import Analysis
from app.views import VIEWS, behind
from app.views.view import Fact, Scene, View
from app.words import Reader, read_by
from app.words.formats import MONTHS, formats_for
from store.records import Category, Change, Issue
from tests.pages.sample import REF, sample_context
from tests.views.test_walk import numbers_of

# Numbers that are no amount.
_IDS = ("Random seed",)
# Four digits in a row that are no year, nor part of a key, a day, an address or a decimal.
_BARE_THOUSANDS = re.compile(r"(?<![\w.,\-/:\u202f])(?!(?:19|20|21)\d\d\b)\d{4,}(?![\w\-/:])")
_TIGHT_PERCENT = re.compile(r"\d%")
_MONTHS = "|".join((*MONTHS, *(month[:3] for month in MONTHS)))
# Of a range within one year its end has the year.
_YEARLESS = re.compile(rf"\b\d{{1,2}} (?:{_MONTHS})\b(?! (?:(?:19|20|21)\d\d|(?:and|to|–) \d{{1,2}} \w+ (?:19|20|21)))")
# All that happened lies in the year before.
NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def large() -> Analysis:
    """Thirteen hundred open items, as many finished in the window, and a deadline in another year."""
    ctx = sample_context(deadline="2029-06-30")
    ctx.clock = lambda: NOW
    born = NOW - timedelta(weeks=15)
    issues, changes = [], []
    for at in range(2600):
        done = NOW - timedelta(days=3 + at % 80) if at < 1300 else None
        status, category = ("Done", Category.DONE) if done else ("To Do", Category.TODO)
        kind = "Bug" if at % 3 == 0 else "Story"
        issues.append(Issue(f"L-{at}", "Large", kind, status, category, born, done or born, resolved=done, points=2.0))
        if done:
            changes.append(Change(f"L-{at}", done - timedelta(days=2), "status", "To Do", "In Progress"))
            changes.append(Change(f"L-{at}", done, "status", "In Progress", "Done"))
    ctx.backend.upsert_issues(REF, issues, changes)
    return ctx.analysis(REF)


@pytest.fixture(scope="module", params=["en-GB", "de"])
def scene(request: pytest.FixtureRequest, large: Analysis) -> Scene:
    return Scene(large, formats_for([request.param]))


def _fact(fact: Fact) -> Iterator[str]:
    yield from (fact.label, fact.value, fact.note)


def texts(view: View, scene: Scene) -> Iterator[str]:
    """All that it says: sentence, facts, notes, and what is told behind each of its numbers but the issues."""
    if view.needs(scene.analysis) is not None:
        return
    yield str(view.sentence(scene))
    for fact in view.facts(scene):
        yield from _fact(fact)
    yield from view.notes(scene)
    for show in sorted(numbers_of(view, scene))[:40]:
        result = behind(scene, show)
        if result is not None:
            yield from (result.title, *result.how, *(value for name, value in result.inputs if name not in _IDS))


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.id)
def test_numbers_and_days_are_written_in_full(view: View, scene: Scene) -> None:
    with read_by(Reader("en", scene.formats)):
        messages = list(texts(view, scene))
    wrong = [text for text in messages for rule in (_BARE_THOUSANDS, _TIGHT_PERCENT, _YEARLESS) if rule.search(text)]
    assert wrong == []
