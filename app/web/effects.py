"""Effects: what a click does to the page around it, in one value; and the ids of the frame's parts it does it to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from dash import ctx as call
from dash import html, no_update

from app.context import Context
from app.web.address import Choice
from app.web.translated import translated
from app.words import _
from store import echoes
from store.records import QueryRef

# A background answer is there that some page waits for: a part of it renews itself, and nothing that is being typed is
# taken away.
READY = "ready"
# Shared ids. `changed` holds a token that is new after every change of data and makes the page build itself anew.
URL, PAGE, CHANGED, TOASTS, TICK, WATCHED, UNDO = "url", "page", "changed", "toasts", "tick", "watched", "undo-bar"


# Properties of parts of the page, by the part's id.
Put = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Effects:
    """Nothing happens by what is left out.

    `toast`: a message, `is_problem` for one about what went wrong, `once` what it is about where several answers may
    tell it, so that one of them shows it. `go`: the address to open. `look_at`: the work that this page shows from now
    on. `changed`: data are other than before, so the page builds itself anew. `follow`: the
    job whose progress is shown. `undo`: takes back what was done, and may return the address to go to then; it is
    offered beside the message. `ask`: does what `toast` asks about, once it is agreed to. `settles`:
    a question that still stands is answered by what was entered since, and goes. `put`: properties of parts of
    the page, by the part's id; that of one of many is made by `id_of`.
    """

    toast: str = ""
    is_problem: bool = False
    once: str = ""
    go: str = ""
    look_at: QueryRef | None = None
    changed: bool = False
    follow: str = ""
    undo: Callable[[], str | None] | None = None
    ask: Callable[[], str | None] | None = None
    settles: bool = False
    put: Put = field(default_factory=dict)

    def apply(self, ctx: Context) -> None:
        """To be called in a callback, at its end."""
        for part, properties in self._properties(ctx):
            call.set_props(part, translated(dict(properties)))

    def answer(self, ctx: Context, outputs: Any) -> Any:
        """What Dash awaits of a callback that declares `outputs`, given as its request has them; the rest is applied.

        An output that nothing is put into stays as it is.
        """
        answer = self._filled(outputs)
        declared = set(_named(outputs))
        rest = {
            part: {name: value for name, value in properties.items() if (part, name) not in declared}
            for part, properties in self.put.items()
        }
        replace(self, put={part: properties for part, properties in rest.items() if properties}).apply(ctx)
        return answer

    def _filled(self, outputs: Any) -> Any:
        if isinstance(outputs, list):
            return [self._filled(output) for output in outputs]
        part, name = _name_of(outputs)
        return self.put.get(part, {}).get(name, no_update)

    def _properties(self, ctx: Context) -> list[tuple[str, Mapping[str, Any]]]:
        properties: list[tuple[str, Mapping[str, Any]]] = list(self.put.items())
        if self.ask is not None or self.undo is not None:
            properties.append((TOASTS, {"hideNotifications": [_REFUSED]}))
        if self.ask is not None:
            properties.append((UNDO, {"children": _offer(ctx, self.toast, self.ask, _("Yes"), _("Saved."))}))
            ctx.asks = True
        elif self.undo is not None:
            properties.append((UNDO, {"children": _offer(ctx, self.toast, self.undo, _("Undo"), _("Taken back."))}))
        elif self.follow or (self.settles and ctx.asks):
            # Whoever begins something new, such as an import, is done with what was done before.
            properties.append((UNDO, {"children": []}))
        if self.toast and self.ask is None and self.undo is None:
            properties.append((TOASTS, {"sendNotifications": toast(self.toast, self.is_problem, self.once)}))
        if self.follow:
            properties += [(TICK, {"disabled": False}), (WATCHED, {"data": self.follow})]
        if self.changed:
            properties.append((CHANGED, {"data": changed_token(ctx)}))
        if self.look_at is not None:
            properties.append((URL, {"search": Choice(self.look_at.profile_id, self.look_at.query_id).search()}))
        if self.go:
            properties.append((URL, {"href": self.go}))
        return properties


def id_of(which: str | Mapping[str, Any]) -> str:
    """The id of a part as the browser writes it: of one of many, the names and values that tell it from the others."""
    return which if isinstance(which, str) else json.dumps(dict(sorted(which.items())), separators=(",", ":"))


def _name_of(output: Mapping[str, Any]) -> tuple[str, str]:
    return id_of(output["id"]), output["property"].partition("@")[0]


def _named(outputs: Any) -> Iterator[tuple[str, str]]:
    if isinstance(outputs, list):
        for output in outputs:
            yield from _named(output)
    else:
        yield _name_of(outputs)


def _offer(ctx: Context, text: str, action: Callable[[], str | None], button: str, after: str) -> list[Any]:
    """A message with a button; `after` is said when it was pressed."""
    ctx.undo, ctx.undone, ctx.asks = action, after, False
    close = html.Button("✕", className="text-button", **{"aria-label": _("Close"), "data-close-offer": "1"})
    # Each offer is one of its own, also where it says the same as the one before, which may have been closed.
    message = html.Span(text, **{"data-offer": uuid4().hex})
    return [message, html.Button(button, id="undo", className="text-button", n_clicks=0), close]


def toast(text: str, problem: bool = False, once: str = "") -> list[dict[str, Any]]:
    """A message in the corner; what went wrong stays until it is closed. No second one `once` about the same."""
    kind = {"color": "orange", "autoClose": False, "title": _("That did not work")} if problem else {"color": "accent"}
    message = echoes.in_whole(text)
    return [{"action": "show", "message": message, "id": once or f"{datetime.now().timestamp()}"} | kind]  # noqa: DTZ005 an id


# One at a time: of the last entry that was refused. It goes with what is done next.
_REFUSED = "refused"


def refusal(text: str) -> list[dict[str, Any]]:
    """The message of what was refused just now, in the place of the one before."""
    (message,) = toast(text, problem=True)
    # The first does nothing where none is shown, the second nothing where one is.
    return [message | {"id": _REFUSED, "action": action} for action in ("update", "show")]


def changed_token(ctx: Context) -> str:
    """A value that `changed` has not had before."""
    return f"{ctx.clock().isoformat()}/{datetime.now().timestamp()}"  # noqa: DTZ005 only has to differ
