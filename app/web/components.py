"""Small parts that two or more pages are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import dash_mantine_components as dmc
from dash import dcc, html

from app.charts.legend import legend
from app.domain.items import Unit
from app.web.glossary import meaning_of
from app.web.translated import translated
from app.words import _, n_, reader
from app.words.formats import Formats


def page_title(text: str, *beside: Any) -> Any:
    return html.Div([html.H1(text), html.Div(list(beside), className="beside")], className="title-row")


def card(*children: Any, title: str = "", beside: Any = None, name: str = "") -> Any:
    """A framed part of a page with an optional heading and a control beside it.

    `name` is "guarded" for a form that its own button saves: who leaves it half filled in is asked first.
    """
    head = [html.Div([html.H2(title), beside], className="card-head")] if title else []
    return html.Section(
        [*head, *children], className=f"card {name}".strip(), **({"aria-label": title} if title else {})
    )


def chart(
    figure: dict[str, Any], label: str, name: str = "", attributes: Mapping[str, str] | None = None, **more: Any
) -> Any:
    """A figure; `label` says what it shows to those who cannot see it, `attributes` our script what it is."""
    graph = dcc.Graph(
        figure=figure, config={"displayModeBar": False, "responsive": True, "locale": reader().language}, **more
    )
    body = html.Div(graph, className="graph", role="img", **{"aria-label": label})
    parts = [_legend(figure), body, *_points(figure)]
    return html.Figure(parts, className=f"chart {name}".strip(), **(attributes or {}))


def _points(figure: dict[str, Any]) -> list[Any]:
    """Where the keyboard goes from point to point (later/points.js), and what it came to; nothing without a point that
    leads anywhere. It lies over the picture, which a click goes through to."""
    if not any("customdata" in trace for trace in figure["data"]):
        return []
    words = _("Points of the chart: the arrows go from one to the next, Enter opens what is behind it")
    return [
        html.Div(tabIndex=0, role="application", className="chart-points", **{"aria-label": words}),
        html.P(className="chart-point", **{"aria-live": "polite"}),
    ]


def _legend(figure: dict[str, Any]) -> Any:
    """The names of a figure's traces beside a sample of each."""
    entries = [html.Span([html.I(style=style), name]) for style, name in legend(figure)]
    return html.Div(entries, className="legend", **{"aria-hidden": "true"})


def choice(name: str, value: str, options: Sequence[tuple[str, str]], label: str) -> Any:
    """A small switch whose value goes into the address: (value, text) options."""
    return dmc.SegmentedControl(
        id={"type": "choice", "name": name},
        value=value,
        data=[{"value": key, "label": text} for key, text in options],
        size="sm",
        **{"aria-label": label},
    )


def picker(name: str, value: str | None, options: Sequence[tuple[str, str]], label: str, **more: Any) -> Any:
    """A list whose value goes into the address: (value, text) options."""
    return dmc.Select(
        id={"type": "choice", "name": name},
        value=value,
        comboboxProps={"withinPortal": True},
        **(
            {
                "data": [{"value": key, "label": text} for key, text in options],
                "searchable": len(options) > 8,
                # What is longer than that shows that it scrolls.
                "maxDropdownHeight": 380,
                "scrollAreaProps": {"type": "auto"},
                "size": "sm",
                "allowDeselect": False,
                "aria-label": label,
            }
            | more
        ),
    )


def secret_field(name: str, label: str, **more: Any) -> Any:
    """A field for a token or passphrase; its button that shows what is typed has a name."""
    toggle = {"aria-label": _("Show or hide what is typed")}
    return dmc.PasswordInput(id=name, label=label, visibilityToggleButtonProps=toggle, **more)


def empty_state(title: str, reason: str, *actions: Any) -> Any:
    return html.Div([html.H2(title), html.P(reason), html.Div(list(actions), className="actions")], className="empty")


def link_button(text: str, href: str, quiet: bool = False) -> Any:
    return dcc.Link(text, href=href, className="button quiet" if quiet else "button")


def safe_link(url: str) -> str | None:
    """The address when it is a plain web one, else None: whatever else a file brought is never made clickable."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return url if plain and url.isprintable() else None


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    caption: str = "",
    numeric: Sequence[int] = (),
    name: str = "",
) -> Any:
    """A table that scrolls in itself where it is too wide; `numeric` columns are set to the right.

    `name` is "long" for one that also scrolls down in itself, "facts" for pairs of name and value, "stacked" for
    one whose cells lie below each other on a phone.
    """
    numbers = " ".join(f"num-{at + 1}" for at in numeric)
    return html.Div(
        _table(header, rows, caption), className=f"table {name} {numbers}".strip(), **_scrolls(header, name)
    )


def _scrolls(header: Sequence[str], name: str) -> dict[str, Any]:
    """What scrolls in itself must be reached by the keyboard, and then say what it is; pairs of facts never do."""
    if name == "facts":
        return {}
    return {
        "tabIndex": 0,
        "role": "region",
        "aria-label": _("Table of {words}", words=", ".join(_(name) for name in header if name)),
    }


def _table(header: Sequence[str], rows: Sequence[Sequence[Any]], caption: str) -> Any:
    # A component per cell costs the browser over a millisecond each: tables of plain text travel as text.
    if all(isinstance(cell, str) for row in rows for cell in row):
        data = {"head": list(header), "body": [list(row) for row in rows]} | ({"caption": caption} if caption else {})
        return dmc.Table(data=data, withRowBorders=False, captionSide="top")
    parts = [
        *([html.Caption(caption)] if caption else []),
        html.Thead(html.Tr([html.Th(name) for name in header])),
        html.Tbody([html.Tr([html.Td(cell) for cell in row]) for row in rows]),
    ]
    return html.Table(parts)


def term(label: str) -> Any:
    """A label that tells its meaning when it is pressed, by hand or by key; only text where it explains itself."""
    meaning = meaning_of(label)
    if meaning is None:
        return label
    return html.Button(label, className="term", type="button", **{"data-meaning": meaning, "aria-expanded": "false"})


def data_table(
    head: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    numeric: Sequence[int] = (),
    name: str = "",
    about: str = "",
    lines: Sequence[int] = (),
) -> Any:
    """A table of text that our own script draws: a cell is text, or a pair of text and address. `lines`: which rows are
    of one cell, and stand over those that follow.

    `about` tells it from another one of the same columns, to whoever hears the page.

    A component per cell would cost the browser over a millisecond each; of these it draws thousands at once.
    """
    words = ", ".join(filter(None, (_(column if isinstance(column, str) else column[0]) for column in head)))
    meanings = [(meaning_of(column) if isinstance(column, str) else None) or "" for column in translated(head)]
    shown = {"head": translated(head), "rows": translated(rows), "numeric": list(numeric), "meanings": meanings}
    if lines:
        shown["lines"] = list(lines)
    data = json.dumps(shown, ensure_ascii=False)
    label = ": ".join(filter(None, (about, _("Table of {words}", words=words))))
    scrolls = {"tabIndex": 0, "role": "region", "aria-label": label}
    return html.Div(className=f"table data {name}".strip(), **{"data-table": data}, **scrolls)


def amount(formats: Formats, value: float, unit: Unit) -> str:
    """12 items, 1 point, 3.5 points."""
    count = formats.number(value)
    if unit is Unit.POINTS:
        return n_("{count} point", "{count} points", value, count=count)
    return n_("{count} item", "{count} items", value, count=count)


def notice(kind: str, *children: Any) -> Any:
    """A message in the flow of the page: info, warning, problem or good."""
    return html.Div(list(children), className=f"notice {kind}", role="status" if kind in ("info", "good") else "alert")
