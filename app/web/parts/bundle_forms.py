"""The part of the Settings page that hands profiles on, and takes them in, as one file."""

from __future__ import annotations

import base64
import binascii
from io import BytesIO
from typing import Any

import dash_mantine_components as dmc
from dash import Input, State, dcc, html

from app.actions import bundles
from app.actions.bundles import ImportedBundle
from app.context import Context
from app.errors import BadInput
from app.web.address import Choice
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.sent import UNUSABLE
from app.web.worker import done_by_worker
from app.words import N_, _
from store import bundle
from store.bundle import Conflict
from store.records import Profile
from store.sqlite import backup

IMPORT_JOB = N_("Import of a bundle")
_ASK = "ask"
_WAYS = [
    (_ASK, N_("Import nothing and say so")),
    (str(Conflict.MERGE), N_("Merge: what the bundle says wins")),
    (str(Conflict.REPLACE), N_("Replace the project that is here")),
    (str(Conflict.COPY), N_("Keep both: the bundle becomes a copy")),
]


def section(visit: Visit) -> Any:
    text = _(
        "A bundle is one file with everything about a project, to hand on or to move to another Burndown. "
        "No token and no password is in it."
    )
    return card(
        html.P(text, className="quiet"), *(_out() if visit.profile else []), *_in(), dcc.Download(id="bundle-download"),
        title=_("Bundles"),
    )  # fmt: skip


def _out() -> list[Any]:
    buttons = [
        dmc.Button(_("Export this project"), id="export-profile", variant="default"),
        dmc.Button(_("Export all projects"), id="export-all", variant="default"),
    ]
    return [html.Div(buttons, className="actions")]


def _in() -> list[Any]:
    data = [{"value": value, "label": label} for value, label in _WAYS]
    words = [
        html.Span(_("Choose a bundle"), className="button quiet"),
        html.Span(_(" or drop it here"), className="quiet"),
    ]
    return [
        dmc.Select(id="bundle-conflict", label=_("When a project is here already"), value=_ASK, data=data,
                   allowDeselect=False),
        dcc.Upload(html.Div(words), id="bundle-upload", className="upload", className_active="upload over",
                   accept=".zip", max_size=150_000_000),
    ]  # fmt: skip


PART = Page("", "", lambda visit: None)


@PART.click("export-profile", State(URL, "search"))
def export(ctx: Context, search: str) -> Effects:
    profile = _shown(ctx, search)
    return _download(ctx, [profile.id], plain_name(profile.name))


@PART.click("export-all", State(URL, "search"))
def export_all(ctx: Context, search: str) -> Effects:
    _shown(ctx, search)
    return _download(ctx, None, "all")


def _shown(ctx: Context, search: str) -> Profile:
    profile = visit_of(ctx, search, browser_formats()).profile
    if profile is None:
        raise BadInput(_("There is no project to export."))
    return profile


def _download(ctx: Context, profile_ids: list[str] | None, name: str) -> Effects:
    data = dcc.send_bytes(packed(ctx, profile_ids), f"burndown-{name}-{ctx.clock():%Y-%m-%d}.zip")
    return Effects(put={"bundle-download": {"data": data}})


def packed(ctx: Context, profile_ids: list[str] | None) -> bytes:
    stream = BytesIO()
    bundle.write_to(stream, ctx.backend, profile_ids)
    return stream.getvalue()


def plain_name(name: str) -> str:
    """Of a name what every file system takes."""
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
    return kept.strip("-")[:60] or "profile"


@PART.on(Input("bundle-upload", "contents"), State("bundle-upload", "contents"), State("bundle-conflict", "value"))
def take(ctx: Context, contents: str, conflict: str) -> Effects:
    data = sent(contents)
    if conflict not in (_ASK, *Conflict):
        raise BadInput(UNUSABLE)
    way = Conflict(conflict) if conflict != _ASK else None

    def run() -> ImportedBundle:
        if ctx.backend.list_profiles():
            backup.snapshot_file(ctx.profiles_dir, reason="import")
        return bundles.import_bundle(ctx, data, way)

    result = done_by_worker(ctx, IMPORT_JOB, run)
    first = result.first
    search = Choice(profile=first.profile_id, query=first.id).search() if first else ""
    return Effects(toast=result.to_text(), go="/" + search, changed=True)


def sent(contents: str) -> bytes:
    """The uploaded bytes. Raises BadInput when they are no zip file, or did not arrive whole."""
    try:
        data = base64.b64decode(contents.partition(",")[2], validate=True)
    except (binascii.Error, ValueError) as exc:
        raise BadInput(_("The browser did not send the file whole. Choose it again.")) from exc
    if not bundles.looks_like_bundle(data):
        raise BadInput(_("This is not a bundle. Tables and exports of a tracker are imported on the Data page."))
    return data
