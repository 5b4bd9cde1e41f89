"""Colours and fonts of the component library, for light and dark."""

from __future__ import annotations

from typing import Any

from app.charts.style import FONT

_ACCENT_SHADES = (
    "#eef4fc",
    "#dbe7f8",
    "#b5cef1",
    "#8cb3ea",
    "#6a9de4",
    "#4f8ae0",
    "#2f74d0",
    "#2465bd",
    "#1c5aab",
    "#134d97",
)


# The dark scheme's surfaces, from text to background: bluish as the rest of the page is.
_DARK_SHADES = (
    "#e6e9ed",
    "#c3c9d1",
    "#a3abb6",
    "#7d8590",
    "#3c434d",
    "#2e343c",
    "#252a31",
    "#1c2026",
    "#181b20",
    "#14171b",
)


def mantine_theme() -> dict[str, Any]:
    """The theme of the component library. White text on the accent has 5.7:1 in light, 4.6:1 in dark."""
    return {
        "fontFamily": FONT,
        "headings": {"fontFamily": FONT, "fontWeight": "600"},
        "primaryColor": "accent",
        "primaryShade": {"light": 7, "dark": 6},
        "autoContrast": True,
        "defaultRadius": "md",
        "cursorType": "pointer",
        "respectReducedMotion": True,
        "colors": {"accent": list(_ACCENT_SHADES), "dark": list(_DARK_SHADES)},
        # A list makes its options when it is opened: made with the page, hundreds of them take longer than a chart.
        "components": {"Combobox": {"defaultProps": {"keepMounted": False}}},
    }
