"""Help on every term: in the reader's language, on a control that keys and touch reach, never in a hover alone."""

from __future__ import annotations

import json

from app.views import view
from app.web import panel, view_page
from app.web.components import data_table, term
from app.web.glossary import meaning_of, terms, words_in
from app.web.page import visit_of
from app.words import read_by, reader_of
from app.words.formats import formats_for
from tests.pages.reading import components, texts
from tests.pages.sample import sample_context

FORMATS = formats_for(["en-GB"])
HERE = "?profile=p&query=q"


def test_a_term_is_a_button_that_brings_its_meaning_along() -> None:
    button = term("Pace")
    assert button.to_plotly_json()["type"] == "Button"
    assert getattr(button, "data-meaning") == meaning_of("pace")


def test_a_label_that_is_no_term_stays_text() -> None:
    assert term("So an item takes") == "So an item takes"


def test_the_numbers_of_a_view_explain_their_names() -> None:
    page = view_page.layout(visit_of(sample_context(), HERE, FORMATS, "/plan/progress"), view("progress"))
    explained = {component.children for component in components(page) if getattr(component, "className", "") == "term"}
    assert {"Finished", "Added", "Removed"} <= explained


def test_the_head_of_a_table_explains_what_is_a_term() -> None:
    drawn = json.loads(getattr(data_table(["Key", "Age"], []), "data-table"))
    assert drawn["meanings"] == ["", meaning_of("Age")]


def test_the_panel_says_what_the_words_in_it_mean() -> None:
    shown = panel.build(visit_of(sample_context(), f"{HERE}&show=chance", FORMATS, "/"))
    text = texts(shown[2])
    assert "What the words mean" in text
    assert meaning_of("Deadline") in text


def test_a_term_is_found_as_a_word_and_not_within_one() -> None:
    assert [name for name, _meaning in words_in("The pace of the leftovers")] == ["Pace"]


def test_both_languages_have_each_term_and_find_it_by_its_own_name() -> None:
    with read_by(reader_of(["de"])):
        for name, meaning in terms():
            assert meaning_of(name) not in (None, str.__str__(meaning))
        assert [text for text, _meaning in words_in("Das Tempo von heute")] == ["Tempo"]
