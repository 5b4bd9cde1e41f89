"""The file for whoever helps: offered where the program is described, and where the database is damaged."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Output, dcc, html

from app.actions import diagnostics, system
from app.actions.system import Checked
from app.context import Context
from app.web.components import card
from app.web.effects import Effects
from app.web.page import Page
from app.web.worker import done_by_worker
from app.words import _

_BUTTON, _DOWNLOAD = "save-diagnostics", "diagnostics-download"


def section() -> Any:
    text = _(
        "One zip for whoever helps you: versions, sizes, the check, the sums of the requests and the "
        "log. No token and no password is in it, no name of a project or a list; servers and paths are."
    )
    save = dmc.Button(_("Diagnostics file"), id=_BUTTON, variant="default")
    return card(
        html.P(text, className="quiet"),
        html.Div(save, className="actions"),
        dcc.Download(id=_DOWNLOAD),
        title=_("For whoever helps"),
    )


def check(ctx: Context) -> Checked:
    return done_by_worker(ctx, system.CHECK_JOB, lambda: system.check(ctx))


PART = Page("", "", lambda visit: None)


@PART.click(_BUTTON, running=[(Output(_BUTTON, "loading"), True, False)])
def save_diagnostics(ctx: Context) -> Effects:
    zipped = diagnostics.diagnostics(ctx, check(ctx))
    file = dcc.send_bytes(zipped.data, f"burndown-diagnostics-{ctx.clock():%Y-%m-%d}.zip")
    missing = ", ".join(zipped.missing)
    toast = _("The file is without what cannot be read: {missing}.", missing=missing) if missing else ""
    return Effects(put={_DOWNLOAD: {"data": file}}, toast=toast)
