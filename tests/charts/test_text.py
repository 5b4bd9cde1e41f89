"""Names from trackers in figures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.charts.text import plain


def test_markup_links_and_templates_are_shown_as_they_are() -> None:
    assert plain("<a href='https://evil.example'>x</a>") == "&lt;a href='https://evil.example'&gt;x&lt;/a&gt;"
    assert plain("&lt;") == "&amp;lt;"
    assert "%{" not in plain("%{customdata}")


@given(st.text())
def test_no_text_opens_a_tag_or_a_template(text: str) -> None:
    shown = plain(text)
    assert "<" not in shown
    assert "%{" not in shown


@given(st.text(alphabet=st.characters(exclude_characters="&<>{")))
def test_harmless_text_is_left_alone(text: str) -> None:
    assert plain(text) == text
