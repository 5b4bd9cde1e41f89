"""Untrusted text on its way into a figure."""

from __future__ import annotations


def plain(text: str) -> str:
    """Text that a figure shows as it is: no markup, no links, no value templates.

    Plotly reads tags and entities in every string, and `%{…}` in templates. A zero-width joiner keeps the
    percent sign and the brace apart without being seen.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("%{", "%\u200d{")
