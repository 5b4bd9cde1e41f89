"""Effects: what a click does to the page around it, in one value; and the ids of the frame's parts it does it to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dash import ctx as call
from dash import html

from app.context import Context
from app.web.said import said
from app.words import _

# A background answer is there that some page waits for: a part of it renews itself, and nothing that is being typed is
# taken away.
READY = "ready"
# Shared ids. `changed` holds a token that is new after every change of data and makes the page build itself anew.
URL, PAGE, CHANGED, TOASTS, TICK, WATCHED, UNDO = "url", "page", "changed", "toasts", "tick", "watched", "undo-bar"


@dataclass(frozen=True, slots=True)
class Effects:
    """Nothing happens by what is left out.

    `toast`: a message, `is_problem` for one about what went wrong. `go`: the address to open. `changed`: data are
    other than before, so the page builds itself anew. `follow`: the job whose progress is shown. `undo`: takes back
    what was done, and may return the address to go to then; it is offered beside the message. `ask`: does what `toast`
    asks about, once it is agreed to. `put`: properties of other parts of the page by their id.
    """

    toast: str = ""
    is_problem: bool = False
    go: str = ""
    changed: bool = False
    follow: str = ""
    undo: Callable[[], str | None] | None = None
    ask: Callable[[], str | None] | None = None
    put: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def apply(self, ctx: Context) -> None:
        """To be called in a callback, at its end."""
        for part, properties in self._properties(ctx):
            call.set_props(part, said(dict(properties)))

    def _properties(self, ctx: Context) -> list[tuple[str, Mapping[str, Any]]]:
        found: list[tuple[str, Mapping[str, Any]]] = list(self.put.items())
        if self.ask is not None:
            found.append((UNDO, {"children": _offer(ctx, self.toast, self.ask, _("Yes"), _("Saved."))}))
        elif self.undo is not None:
            found.append((UNDO, {"children": _offer(ctx, self.toast, self.undo, _("Undo"), _("Taken back."))}))
        elif self.toast:
            found.append((TOASTS, {"sendNotifications": toast(self.toast, problem=self.is_problem)}))
        if self.follow:
            found += [(TICK, {"disabled": False}), (WATCHED, {"data": self.follow})]
        if self.changed:
            found.append((CHANGED, {"data": changed_token(ctx)}))
        if self.go:
            found.append((URL, {"href": self.go}))
        return found


def _offer(ctx: Context, text: str, action: Callable[[], str | None], button: str, after: str) -> list[Any]:
    """A message with a button; `after` is said when it was pressed."""
    ctx.undo, ctx.undone = action, after
    return [html.Span(text), html.Button(button, id="undo", className="text-button", n_clicks=0)]


def toast(text: str, problem: bool = False) -> list[dict[str, Any]]:
    """A message in the corner; what went wrong stays until it is closed."""
    kind = {"color": "orange", "autoClose": False, "title": _("That did not work")} if problem else {"color": "accent"}
    return [{"action": "show", "message": text, "id": f"{datetime.now().timestamp()}"} | kind]  # noqa: DTZ005 an id


def changed_token(ctx: Context) -> str:
    """A value that `changed` has not had before."""
    return f"{ctx.clock().isoformat()}/{datetime.now().timestamp()}"  # noqa: DTZ005 only has to differ
