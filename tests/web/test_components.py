"""Links from files, and tables."""

from __future__ import annotations

import pytest

from app.web.components import chart, data_table, safe_link, secret_field, table
from tests.pages.reading import components, links, properties, texts


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


def test_the_points_of_a_chart_are_a_stop_of_the_keyboard_where_they_lead_anywhere() -> None:
    bars = {"type": "bar", "x": [1], "y": [2]}
    plain, leading = (
        chart({"data": [trace], "layout": {}}, "Weeks") for trace in (bars, bars | {"customdata": ["week:1"]})
    )
    assert not [part for part in components(plain) if getattr(part, "tabIndex", None) == 0]
    (stop,) = [part for part in components(leading) if getattr(part, "tabIndex", None) == 0]
    assert "Enter opens what is behind it" in getattr(stop, "aria-label")
