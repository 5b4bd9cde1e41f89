"""Somebody else, or another window, may have changed a setting since its form was made: nothing is overwritten unseen.

A form keeps what it shows beside its fields. Who saves a field whose setting is another one by now is told who chose
that and when, and decides; settings that nobody else touched are saved without a word. Looking and saving are one
transaction: of two who save at once the second is told too. So is whoever agrees, or takes back, too late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import Any

from dash import dcc

from app.context import Context
from app.errors import BadInput
from app.turns import Chosen, chosen, note_chosen, of_project
from app.web.effects import Effects
from app.web.page import browser_formats
from app.words import N_, _
from app.words.formats import Formats
from store.records import Profile, Query, QueryRef

Seen = Mapping[str, str]
"""By the name of a field, what it shows, as a text that can be compared."""


def kept(store: str, values: Mapping[str, Any]) -> Any:
    """To be put into the form."""
    return dcc.Store(id=store, data=seen(values))


def seen(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _mark(value) for name, value in values.items()}


def _mark(value: Any) -> str:
    """Nothing, and a list of nothing, are the same."""
    return "" if value in (None, (), "") else str(value)


class OtherChoice(Exception):
    """Raised within a change: the setting is another one than its form shows."""

    def __init__(self, choice: Choice) -> None:
        super().__init__(choice.label)
        self.choice = choice


@dataclass(frozen=True, slots=True)
class Choice:
    """Of two people about one setting. `by`: who chose theirs, where that is known."""

    label: str
    theirs: Any
    mine: Any
    by: Chosen | None = None

    def account(self, formats: Formats) -> str:
        """What is there now, and whose it is."""
        words = {"setting": self.label, "theirs": _shown(self.theirs, formats)}
        if self.by is None:
            return _("{setting}: meanwhile somebody else, or another window of yours, chose “{theirs}”.", **words)
        words["time"] = _time(self.by.at, formats)
        if self.by.is_by_another:
            return _("{setting}: {who} chose “{theirs}” at {time}.", who=self.by.who, **words)
        return _("{setting}: another window of yours chose “{theirs}” at {time}.", **words)

    def question(self, put: Callable[[], str | None], formats: Formats) -> Effects:
        """Theirs is kept; mine takes its place once that is agreed to."""
        words = _(
            "{told} You chose “{mine}”. Put yours in its place?",
            told=self.account(formats),
            mine=_shown(self.mine, formats),
        )
        return Effects(toast=words, ask=put, changed=True)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that two may set. `refs`: under which it is noted who did, the first when it is set here.

    `read` and `put` work within one transaction.
    """

    ctx: Context
    name: str
    label: str
    refs: tuple[QueryRef, ...]
    read: Callable[[], Any]
    put: Callable[[Any], object]

    def set(self, value: Any, form: Seen | None, put: Callable[[], object] | None = None) -> Any:
        """Put the value in (or do `put`, which comes to it); what it was. Raises OtherChoice: nothing was changed."""
        backend = self.ctx.backend
        with backend.transaction():
            was = self.read()
            if _mark(was) == _mark(value):
                return was
            if form is not None and form.get(self.name, _mark(was)) != _mark(was):
                raise OtherChoice(self.choice(value))
            put() if put is not None else self.put(value)
            note_chosen(backend, self.refs[0], [self.name], self.ctx.clock())
        return was

    def is_now(self, value: Any) -> bool:
        return _mark(self.read()) == _mark(value)

    def choice(self, value: Any) -> Choice:
        """Between what is there now and this."""
        return Choice(self.label, self.read(), value, self._by())

    def _by(self) -> Chosen | None:
        """Who was the last."""
        choices = (chosen(self.ctx.backend, ref, self.name) for ref in self.refs)
        return max((choice for choice in choices if choice is not None), key=lambda choice: choice.at, default=None)

    def saved(self, value: Any, form: Seen | None, done: Callable[[], object], words: str) -> Effects:
        """Saved with `words` and the way back, or the question. `done` is called after a change."""
        try:
            was = self.set(value, form)
        except OtherChoice as other:
            again = partial(self.agreed, value, self.now(), done)
            return other.choice.question(again, browser_formats())
        done()
        return Effects(toast=words, undo=partial(self.agreed, was, {self.name: _mark(value)}, done))

    def now(self) -> Seen:
        return {self.name: _mark(self.read())}

    def is_other(self, form: Seen | None) -> bool:
        """Than the form shows."""
        return form is not None and self.name in form and form[self.name] != self.now()[self.name]

    def agreed(
        self, value: Any, form: Seen, done: Callable[[], object], put: Callable[[], object] | None = None
    ) -> None:
        """After a question, or to take back. Raises BadInput where yet another was chosen since."""
        try:
            self.set(value, form, put)
        except OtherChoice as other:
            account = other.choice.account(browser_formats())
            raise BadInput(N_("{told} That is kept; choose again if yours is to hold.", told=account)) from other
        done()


def saved_all(
    changes: Sequence[tuple[Field, Any]], form: Seen | None, done: Callable[[], object], words: str
) -> Effects:
    """Of a form that saves several at once: what nobody else touched is saved, and of the rest it is asked.

    Only what differs from what the form shows was chosen in it.
    """
    mine = [(field, value) for field, value in changes if form is None or form.get(field.name) != _mark(value)]
    was: list[tuple[Field, Any, Seen]] = []
    contested: list[tuple[Field, Any, Seen]] = []
    questions = []
    with ExitStack() as stack:
        if mine:
            stack.enter_context(mine[0][0].ctx.backend.transaction())
        for field, value in mine:
            if field.is_other(form) and not field.is_now(value):
                contested.append((field, value, field.now()))
                questions.append(field.choice(value).question(lambda: None, browser_formats()).toast)
            else:
                was.append((field, field.set(value, None), {field.name: _mark(value)}))
    if was:
        done()
    if contested:
        return Effects(toast=" ".join(questions), ask=partial(_agreed_all, contested, done), changed=True)
    return Effects(toast=words, changed=True, undo=partial(_agreed_all, was, done))


def _agreed_all(changes: Sequence[tuple[Field, Any, Seen]], done: Callable[[], object]) -> None:
    for field, value, form in changes:
        field.agreed(value, form, lambda: None)
    done()


def of_profile(
    ctx: Context,
    ref: QueryRef,
    named: tuple[str, str],
    read: Callable[[Profile], Any],
    put: Callable[[Profile, Any], Profile],
) -> Field:
    """A setting of the project. `named`: its name and how it is called on screen. Raises BadInput without a project."""

    def profile() -> Profile:
        present = ctx.backend.get_profile(ref.profile_id)
        if present is None:
            raise BadInput(N_("This project is not here any more. Reload the page."))
        return present

    return Field(
        ctx,
        *named,
        (of_project(ref),),
        lambda: read(profile()),
        lambda value: ctx.backend.save_profile(put(profile(), value)),
    )


def of_query(
    ctx: Context,
    ref: QueryRef,
    named: tuple[str, str],
    read: Callable[[Query], Any],
    put: Callable[[Query, Any], Query],
) -> Field:
    """The same of a work list. Raises UnknownQuery without it."""
    return Field(
        ctx,
        *named,
        (ref,),
        lambda: read(ctx.backend.work(ref)[1]),
        lambda value: ctx.change_query(ref, lambda query: put(query, value)),
    )


def with_own(effects: Effects, store: str, form: Seen | None, value: Mapping[str, Any]) -> Effects:
    """The form knows its own change, so that the next one is no surprise; what others changed it does not show yet."""
    if form is None or effects.ask is not None:
        return effects
    return replace(effects, put={**effects.put, store: {"data": {**form, **seen(value)}}})


def _time(at: datetime, formats: Formats) -> str:
    """By the clock of this computer, with the day where it is another one."""
    here = at.astimezone()
    return f"{here:%H:%M}" if here.date() == datetime.now().astimezone().date() else formats.instant(here)


def _shown(value: Any, formats: Formats) -> str:
    if value is None or value in ((), ""):
        return _("nothing")
    if isinstance(value, date):
        return formats.short(value)
    if isinstance(value, tuple | frozenset):
        return ", ".join(_shown(element, formats) for element in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _(str(value.value).capitalize()) if isinstance(value, Enum) else str(value)
    return formats.number(value)
