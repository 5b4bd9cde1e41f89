"""Contrast of every pair of colours in use, computed as WCAG 2 defines it: 4.5 for text, 3 for lines and marks."""

from __future__ import annotations

import re

import pytest

from app.charts import style
from app.charts.parts import COLOURS
from app.early import ASSETS
from app.web import theme

_STYLE = (ASSETS / "burndown.css").read_text(encoding="utf-8")
_SCHEMES = {"light": r":root \{(.*?)\}", "dark": r':root\[data-mantine-color-scheme="dark"\] \{(.*?)\}'}


def colours(scheme: str) -> dict[str, str]:
    block = re.search(_SCHEMES[scheme], _STYLE, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(text: str, other: str) -> float:
    low, high = sorted((luminance(text), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_defined() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", _SCHEMES)
@pytest.mark.parametrize("text", ["text", "muted", "accent", "good", "poor", "danger"])
@pytest.mark.parametrize("ground", ["page", "card"])
def test_text_can_be_read_on_pages_and_cards(scheme: str, text: str, ground: str) -> None:
    texts = colours(scheme)
    assert contrast(texts[text], texts[ground]) >= 4.5


@pytest.mark.parametrize("scheme", _SCHEMES)
def test_the_navigation_can_be_read_where_it_is_tinted(scheme: str) -> None:
    texts = colours(scheme)
    assert contrast(texts["accent"], texts["accent-soft"]) >= 4.5
    assert contrast(texts["text"], texts["soft"]) >= 4.5


@pytest.mark.parametrize("scheme", _SCHEMES)
def test_the_focus_can_be_seen(scheme: str) -> None:
    texts = colours(scheme)
    assert min(contrast(texts["focus"], texts[ground]) for ground in ("page", "card")) >= 3


@pytest.mark.parametrize("scheme", _SCHEMES)
@pytest.mark.parametrize("trace", [style.ACCENT, style.WARM, style.NEUTRAL, *COLOURS[2:-1]])
def test_the_same_traces_can_be_told_from_both_grounds(scheme: str, trace: str) -> None:
    assert contrast(trace, colours(scheme)["card"]) >= 3


def test_white_on_the_buttons_can_be_read_in_both_schemes() -> None:
    shades, primary = theme.mantine_theme()["colors"]["accent"], theme.mantine_theme()["primaryShade"]
    assert all(contrast("#ffffff", shades[primary[scheme]]) >= 4.5 for scheme in ("light", "dark"))
    assert contrast("#ffffff", "#2465bd") >= 4.5


def test_dark_without_a_chosen_scheme_uses_the_same_colours() -> None:
    block = re.search(r":root:not\(\[data-mantine-color-scheme\]\) \{(.*?)\}", _STYLE, re.DOTALL)
    assert block is not None
    early = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))
    assert early.items() <= colours("dark").items()
    assert {"page", "card", "text", "muted"} <= set(early)
