"""Links from files, and tables."""

from __future__ import annotations

import pytest

from app.formats import Formats
from app.web.components import issue_table, safe_link, secret_field, table
from store.records import Issue
from tests.pages.reading import properties, texts


@pytest.mark.parametrize("url", ["https://jira.example/browse/A-1", "http://localhost:8080/A-1"])
def test_plain_web_addresses_are_linked(url: str) -> None:
    assert safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://user@evil.example", "https://", "",
     "http://[", "file:///etc/passwd", "https://a.example/\u202egpj"],
)  # fmt: skip
def test_anything_else_is_not(url: str) -> None:
    assert safe_link(url) is None


def test_an_issue_with_a_hostile_address_is_shown_without_a_link() -> None:
    bad, good = Issue("A-1", "One", url="javascript:alert(1)"), Issue("A-2", "Two", url="https://jira.example/A-2")
    shown = issue_table([bad, good], Formats())
    assert properties(shown, "href") == ["https://jira.example/A-2"]
    assert [text for text in texts(shown) if text.startswith("A-")] == ["A-1", "A-2"]


def test_a_table_of_plain_text_is_one_component() -> None:
    shown = table(("A", "B"), [["1", "2"]] * 50)
    assert len(properties(shown, "data")) == 1
    assert texts(shown)[:4] == ["A", "B", "1", "2"]


def test_the_button_that_shows_a_secret_has_a_name() -> None:
    field = secret_field("token", "Token").to_plotly_json()["props"]
    assert field["visibilityToggleButtonProps"] == {"aria-label": "Show or hide what is typed"}
