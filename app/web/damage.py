"""What is shown where the database turns out to be damaged while the app runs: the way back, and a button for it."""

from __future__ import annotations

import logging
from typing import Any

import dash_mantine_components as dmc
from dash import Output, html

from app.actions.backups import newest_good
from app.context import Context
from app.errors import BadInput
from app.web.components import card, page_title
from app.web.effects import Effects
from app.web.page import Page
from app.web.parts import diagnostics
from app.web.worker import done_by_worker
from app.words import N_, _
from store.errors import Damaged, Replaced
from store.sqlite import backup

JOB = N_("Putting the newest good backup back")
_BUTTON, _RELOAD = "put-back-newest", "load-replaced"
_WHAT = N_(
    "Burndown's file with your data cannot be read properly any more. That happens when a "
    "stick is pulled out while something is written, or when the folder is copied while "
    "Burndown runs. Nothing was changed; other pages may still work."
)
_log = logging.getLogger(__name__)


def instead(ctx: Context, problem: Damaged) -> list[Any]:
    """In the place of a page: the damage, the newest good backup with its day and contents, and the way to it."""
    if isinstance(problem, Replaced):
        return _replaced(problem)
    good = newest_good(ctx.profiles_dir)
    _log.error("a page met a damaged database: %s", problem)
    parts = [html.P(_WHAT)]
    if good is None:
        parts.append(html.P(_("There is no good backup in the folder backups. Put back a copy of the data folder.")))
    elif ctx.upkeep.read_only:
        parts.append(
            html.P(_("This folder is for reading only. A good backup is in it: {name}.", name=good.snapshot.file.name))
        )
    else:
        text = _(
            "The newest backup that is in order can be put back. What you changed after it is "
            "missing then; what is here now is kept in the folder set-aside, as it is."
        )
        button = dmc.Button(good.label, id=_BUTTON)
        parts += [html.P(text), html.Div(button, className="actions")]
    return [
        html.Div(
            [page_title(_("The database is damaged")), card(*parts), diagnostics.section()], className="page narrow"
        )
    ]


def behind(ctx: Context, problem: Exception) -> Exception:
    """What nobody foresaw may come of damage that no check at the start could see; else the problem itself."""
    damage = backup.damage_behind(ctx.profiles_dir)
    if damage is not None:
        _log.error("an unforeseen error met a damaged database", exc_info=problem)
    return damage or problem


def _replaced(problem: Replaced) -> list[Any]:
    text = _(
        "You can go on with the file that lies there now. What was saved here until then "
        "stays in the backups, from where it can be put back on the Settings page."
    )
    button = dmc.Button(_("Load what lies there now"), id=_RELOAD)
    parts = [html.P(str(problem)), html.P(text), html.Div(button, className="actions")]
    return [
        html.Div([page_title(_("Another file lies in the database's place")), card(*parts)], className="page narrow")
    ]


PART = Page("", "", lambda visit: None)


@PART.click(_BUTTON, running=[(Output(_BUTTON, "loading"), True, False)])
def put_back_newest(ctx: Context) -> Effects:
    good = newest_good(ctx.profiles_dir)
    if good is None:
        raise BadInput(_("There is no good backup in the folder backups any more. Put back a copy of the data folder."))
    restored = done_by_worker(ctx, JOB, lambda: ctx.upkeep.restore(good.snapshot.file))
    # A damaged database may not have told how far its revisions went, by which analyses are known.
    ctx.forget_analyses()
    ctx.notices = tuple(message for message in ctx.notices if not message.of_damage)
    aside = (
        _(" What was here lies in {name} in the folder set-aside.", name=restored.set_aside.name)
        if restored.set_aside
        else ""
    )
    return Effects(toast=_("The backup is back.{aside}", aside=aside), go="/", changed=True)


@PART.click(_RELOAD, running=[(Output(_RELOAD, "loading"), True, False)])
def load_replaced(ctx: Context) -> Effects:
    """Not by the worker: what it does is noted in the database, which is refused until this is done."""
    notice = ctx.upkeep.renew()
    ctx.forget_analyses()
    words = _("The file that lies there now is loaded. {notice}", notice=_(notice)).rstrip()
    return Effects(toast=words, go="/", changed=True)
