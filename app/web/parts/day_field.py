"""A field for a day: typed as the user writes days, or picked from the calendar beside it."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

import dash_mantine_components as dmc
from dash import Input

from app.context import Context
from app.errors import BadInput
from app.imports.dates import DateReader, DayOrder
from app.web.effects import Effects, id_of
from app.web.page import Page, browser_formats
from app.web.sent import UNUSABLE
from app.words import N_, _
from app.words.formats import Formats

_LABELS = {"aria-label": N_("Choose from a calendar"), "aria-haspopup": "dialog"}


def day_field(name: str, value: date | None, formats: Formats, month: date | None = None, **more: Any) -> Any:
    """A text field, not the library's date field: that one reads 04/06/2027 as April everywhere, and drops what it
    cannot read without a word. `name` names the calendar; the field's own id comes with `more`. `month`: a day of the
    month that the calendar opens with where none is set; the present one where nothing is likelier.
    """
    # Without a value: the page that brings the calendar along would report it as picked, over what is typed meanwhile.
    begins = value or month
    there = begins.isoformat() if begins else None
    picker = dmc.DatePicker(id=f"{name}-calendar", **({"defaultDate": there} if there else {}))
    calendar = dmc.Popover(
        [
            dmc.PopoverTarget(dmc.ActionIcon("▾", variant="subtle", color="gray", **_LABELS)),
            dmc.PopoverDropdown(picker),
        ],
        id=f"{name}-popover",
        position="bottom-end",
        # Its roles would lie on a wrapper around the button, which is no control.
        withRoles=False,
    )
    shown = formats.short(value) if value else ""
    return dmc.TextInput(value=shown, rightSection=calendar, autoComplete="off", **({"placeholder": _("none")} | more))


def typed_day(text: str | None, formats: Formats, what: str) -> date | None:
    """The day that was typed, in the order of the user's locale or with the month's name; None for an empty field.

    Raises BadInput, naming the field `what`, when it is no day.
    """
    content = (text or "").strip()
    if not content:
        return None
    day = readable_day(content, formats)
    if day is None:
        example = formats.short(date(2027, 6, 21))
        raise BadInput(
            _(
                "{what}: {given!r} is not understood as a day. Enter it like {example}, or like 2027-06-21.",
                what=what,
                given=content,
                example=example,
            )
        )
    return day


def readable_day(text: str, formats: Formats) -> date | None:
    """The day that a text is, read in the order of the user's locale; None when it is none."""
    order = DayOrder.MDY if formats.month_first else DayOrder.DMY
    return DateReader(UTC, order).day(text.strip())


def calendar_part(name: str, target: Any) -> Page:
    """What makes the calendar `name` write the picked day into the field with the id `target`."""
    part = Page("", "", lambda visit: None)

    @part.changed(Input(f"{name}-calendar", "value"))
    def pick(ctx: Context, picked: str | None) -> Effects | None:
        if not picked:
            return None
        try:
            day = browser_formats().short(date.fromisoformat(picked[:10]))
        except ValueError as exc:
            raise BadInput(UNUSABLE) from exc
        return Effects(put={id_of(target): {"value": day}, f"{name}-popover": {"opened": False}})

    return part
