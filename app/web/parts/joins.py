"""An old history that goes on in a new tracker: what would be joined is shown, and then joined, or kept apart."""

from __future__ import annotations

from typing import Any

from dash import ALL, State, html

from app.actions import joins
from app.context import Context
from app.domain.moving import Ambiguous
from app.web.address import Choice
from app.web.components import card, table
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.words import _, n_
from store.records import QueryRef

_SHOWN = 50


def section(visit: Visit) -> list[Any]:
    """What could be joined in this project, and what is; nothing for nearly all."""
    if visit.profile is None:
        return []
    offers = [_offer(visit, each) for each in joins.offers(visit.ctx, visit.profile.id)]
    rows = [_joined(each) for each in joins.joined_lists(visit.ctx, visit.profile.id)]
    joined = [card(html.Ul(rows, className="rows"), title=_("Joined histories"), name="joined")] if rows else []
    return [*offers, *joined]


def _offer(visit: Visit, preview: joins.Preview) -> Any:
    matches, write = preview.matches, visit.formats.number
    earlier, later = preview.earlier.name, preview.later.name
    intro = n_(
        "{count} issue of “{earlier}” is in “{later}” as well. Did the team move to another tracker? Then both can "
        "be one history: each issue counts once, under its new key, with its days and statuses from before. Both lists "
        "stay as they are, and what comes in later changes nothing about that.",
        "{count} issues of “{earlier}” are in “{later}” as well. Did the team move to another tracker? Then both can "
        "be one history: each issue counts once, under its new key, with its days and statuses from before. Both lists "
        "stay as they are, and what comes in later changes nothing about that.",
        len(matches.pairs),
        count=write(len(matches.pairs)),
        earlier=earlier,
        later=later,
    )
    rules = [(_(joins.RULES[rule]), write(count)) for rule, count in matches.by_rule.items()]
    rest = [
        (_("only in {name}", name=earlier), write(len(matches.only_old))),
        (_("only in {name}", name=later), write(len(matches.only_new))),
        (_("in doubt, kept apart"), write(len(matches.ambiguous))),
    ]
    which = f"{preview.earlier.id}/{preview.later.id}"
    join_both = _button("join-lists", which, _("Join"), "button")
    leave = _button("keep-apart", which, _("Keep apart"), "button quiet")
    return card(
        html.P(intro),
        table((_("Matched by"), _("Issues")), [*rules, *rest], numeric=(1,), name="facts"),
        *_leaving(visit, preview),
        *_doubtful(preview),
        html.Div([join_both, leave], className="actions"),
        title=_("One history in two trackers?"),
        name="join-offer",
    )


def _button(kind: str, which: str, text: str, look: str) -> Any:
    return html.Button(text, id={"type": kind, "which": which}, className=look, n_clicks=0)


def _leaving(visit: Visit, preview: joins.Preview) -> list[Any]:
    moved = preview.matches.moved
    if not preview.leaving or moved is None:
        return []
    day = visit.formats.short(moved.astimezone().date())
    count = len(preview.leaving)
    text = n_(
        "{count} open issue did not come along: it leaves the scope on {day}.",
        "{count} open issues did not come along: they leave the scope on {day}.",
        count,
        count=visit.formats.number(count),
        day=day,
    )
    return [_folded(text, [", ".join(preview.leaving[:_SHOWN])])]


def _doubtful(preview: joins.Preview) -> list[Any]:
    doubts = preview.matches.ambiguous
    if not doubts:
        return []
    lines = [_doubt(preview, each) for each in doubts[:_SHOWN]]
    return [_folded(_("In doubt: nothing says which of these are the same"), lines)]


def _doubt(preview: joins.Preview, doubt: Ambiguous) -> str:
    title = preview.titles.get(doubt.old[0], "")
    return f"{', '.join(doubt.old)} ↔ {', '.join(doubt.new)}: {title}"


def _folded(summary: str, lines: list[str]) -> Any:
    return html.Details([html.Summary(summary), html.Ul([html.Li(line) for line in lines])])


def _joined(both: joins.Joined) -> Any:
    words = _("“{earlier}” goes on in “{later}”.", earlier=both.earlier.name, later=both.later.name)
    button = _button("part-lists", both.earlier.id, _("Keep apart again"), "text-button")
    return html.Li([html.Span(words), html.Div([button], className="actions")])


# -- callbacks ------------------------------------------------------------------------------------------

PART = Page("", "", lambda visit: None)


def _list(ctx: Context, query_id: str, search: str) -> QueryRef:
    """Of the project that the address names. Raises BadInput."""
    return QueryRef(visit_of(ctx, search, browser_formats()).for_writing().ref.profile_id, query_id)


def _lists(ctx: Context, which: str, search: str) -> tuple[QueryRef, QueryRef]:
    """The earlier and the later one. Raises BadInput."""
    earlier, _slash, later = which.partition("/")
    return _list(ctx, earlier, search), _list(ctx, later, search)


@PART.click({"type": "join-lists", "which": ALL}, State(URL, "search"))
def join(ctx: Context, which: dict[str, str], search: str) -> Effects:
    earlier, later = _lists(ctx, which["which"], search)
    preview = joins.join(ctx, earlier, later)
    words = _(
        "Joined: “{later}” has the history of both now. “{earlier}” is archived as it was.",
        later=preview.later.name,
        earlier=preview.earlier.name,
    )
    address = "/data/sources" + Choice(*later).search()

    def undo() -> str:
        joins.part(ctx, earlier)
        return address

    return Effects(toast=words, go=address, changed=True, undo=undo)


@PART.click({"type": "keep-apart", "which": ALL}, State(URL, "search"))
def keep_apart(ctx: Context, which: dict[str, str], search: str) -> Effects:
    earlier, later = _lists(ctx, which["which"], search)
    joins.keep_apart(ctx, earlier, later)
    return Effects(toast=_("They stay apart."), changed=True,
                   undo=lambda: joins.keep_apart(ctx, earlier, later, apart=False))  # fmt: skip


@PART.click({"type": "part-lists", "which": ALL}, State(URL, "search"))
def part(ctx: Context, which: dict[str, str], search: str) -> Effects:
    joins.part(ctx, _list(ctx, which["which"], search))
    return Effects(toast=_("They stand apart again, each as it is."), changed=True)
