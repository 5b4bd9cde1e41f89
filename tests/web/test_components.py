"""Links from files, and tables."""

from __future__ import annotations

import pytest

from app.web.components import data_table, safe_link, secret_field, table
from tests.pages.reading import links, properties, texts


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


def test_a_drawn_table_is_one_component_whatever_it_holds() -> None:
    shown = data_table(["Key", "What"], [[["A-1", "/issues/A-1"], "</script><b>"]], numeric=(1,))
    assert texts(shown) == ["Key", "What", "A-1", "</script><b>"]
    assert links(shown) == ["/issues/A-1"]


def test_a_table_of_plain_text_is_one_component() -> None:
    shown = table(("A", "B"), [["1", "2"]] * 50)
    assert len(properties(shown, "data")) == 1
    assert texts(shown)[:4] == ["A", "B", "1", "2"]


def test_the_button_that_shows_a_secret_has_a_name() -> None:
    field = secret_field("token", "Token").to_plotly_json()["props"]
    assert field["visibilityToggleButtonProps"] == {"aria-label": "Show or hide what is typed"}
