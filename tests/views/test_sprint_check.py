"""Sprint check: what is said of the keys that stand in the address."""

from __future__ import annotations

from dataclasses import replace

from app.actions import sample
from app.views import behind, view
from app.views.sprint_check import check_of, sentences_of
from app.views.view import Scene
from app.web import view_page
from app.web.page import visit_of
from app.words.formats import formats_for
from tests.pages.reading import texts
from tests.pages.sample import REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def scene(keys: str, weeks: str = "") -> Scene:
    result = Scene(sample_context().analysis(REF), FORMATS)
    return replace(result, options={"keys": keys, "weeks": weeks})


def words(keys: str, weeks: str = "") -> str:
    sprint_check = check_of(scene(keys, weeks))
    assert sprint_check is not None
    return " ".join(str(text) for text in sentences_of(sprint_check, scene(keys, weeks)))


def test_few_issues_fit_and_many_do_not() -> None:
    # Two are finished in every week: four in two weeks.
    assert words("S-100, S-101") == "All 2 items finished in 2 weeks: over 95\u202f%."
    many = words("S-100 S-101 S-102 S-103 S-104 S-105 S-106 S-107 S-108")
    assert many.startswith("All 9 items finished in 2 weeks: under 5\u202f%. Without S-10")


def test_what_says_nothing_is_named() -> None:
    text = words("s-100;S-0,NO-1")
    assert "Finished already: S-0." in text
    assert "Not found: NO-1." in text


def test_the_number_leads_to_the_issues_that_were_asked_about() -> None:
    result = behind(scene("S-100 S-101"), "checked")
    assert result is not None
    assert sorted(result.keys or ()) == ["S-100", "S-101"]
    assert result.number == 2


def test_without_keys_nothing_is_answered() -> None:
    assert check_of(scene("")) is None
    assert behind(scene(""), "checked") is not None


def test_the_page_of_the_sprint_answers_below_its_field() -> None:
    ctx = empty_context()
    ref = sample.load_sample(ctx)
    address = f"?profile={ref.profile_id}&query={ref.query_id}&keys=SHOP-130%2CSHOP-131&weeks=4"
    page = view_page.layout(visit_of(ctx, address, FORMATS, "/sprints/this-sprint"), view("this-sprint"))
    assert " finished in 4 weeks: over 95\u202f%." in "".join(texts(page))
