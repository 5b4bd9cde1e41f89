"""Two people at one setting: the later one is told what the other chose, and decides; nothing goes unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from dash import ctx as call
from dash import dcc
from flask import Flask

from app.actions import deadline, milestones
from app.actions import projects as projects_of
from app.context import Context
from app.errors import BadInput
from app.pages import answer, mapping, projects, settings, weeks
from app.settings import settings_of, with_value
from app.web import shell
from app.web.page import visit_of
from app.web.parts import deadline_form, meant, milestone_form, service_level
from app.words.formats import formats_for
from store import documents
from store.records import Category, Milestone, Profile, QueryRef
from tests.pages.reading import components
from tests.pages.sample import sample_context

REF = QueryRef("p", "q")
SEARCH = "?profile=p&query=q"
FORMATS = formats_for(["en-GB"])


@pytest.fixture(autouse=True)
def changes(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the browser is told to change."""
    changed: dict[str, Any] = {}
    monkeypatch.setattr(type(call), "set_props", lambda self, part, values: changed.update({str(part): values}))
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield changed


@pytest.fixture
def ctx() -> Context:
    return sample_context(data_points_count=9)


def shown(ctx: Context, layout: Callable[[Any], Any], path: str, store: str, more: str = "") -> dict[str, str]:
    """What a form that is open now keeps of what it shows."""
    page = layout(visit_of(ctx, SEARCH + more, FORMATS, path))
    (kept,) = (part for part in components(page) if isinstance(part, dcc.Store) and part.id == store)
    data: dict[str, str] = kept.data
    return data


def profile(ctx: Context) -> Profile:
    kept = ctx.backend.get_profile("p")
    assert kept is not None
    return kept


def leave(ctx: Context, name: str, value: Any, seen: dict[str, str]) -> None:
    settings.save_setting(ctx, {"type": "setting", "name": name}, value, SEARCH, seen).apply(ctx)


def by_another(ctx: Context, name: str, value: Any) -> None:
    ctx.change_profile(REF, lambda profile_now: with_value(profile_now, name, value))


def test_the_later_of_two_about_one_setting_is_told_the_others_choice_and_may_put_in_the_own(
    ctx: Context, changes: dict[str, Any]
) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "settings-seen")
    by_another(ctx, "window", 20)
    leave(ctx, "window", 30, seen)
    assert settings_of(profile(ctx)).window == 20
    question = str(changes["undo-bar"])
    assert "Weeks to learn from: meanwhile somebody else, or another window of yours, chose “20”" in question
    assert "You chose “30”. Put yours in its place?" in question
    # The page is made anew, with the other's choice.
    assert "data" in changes["changed"]
    assert ctx.undo is not None
    ctx.undo()
    assert settings_of(profile(ctx)).window == 30


def test_settings_that_nobody_else_touched_are_saved_without_a_word(ctx: Context, changes: dict[str, Any]) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "settings-seen")
    by_another(ctx, "stale_days", 3)
    leave(ctx, "window", 30, seen)
    kept = settings_of(profile(ctx))
    assert (kept.window, kept.stale_days) == (30, 3)
    assert "meanwhile" not in str(changes["undo-bar"])
    # The form knows its own change: the next one is no surprise.
    leave(ctx, "window", 31, changes["settings-seen"]["data"])
    assert settings_of(profile(ctx)).window == 31
    # But the other's it does not show yet.
    leave(ctx, "stale_days", 9, changes["settings-seen"]["data"])
    assert settings_of(profile(ctx)).stale_days == 3


def test_what_is_refused_stands_in_the_place_of_the_refusal_before_and_goes_with_an_offer(
    ctx: Context, changes: dict[str, Any]
) -> None:
    def shown_now() -> list[tuple[str, str, str]]:
        sent = changes["toasts"]["sendNotifications"]
        return [(each["id"], each["action"], each["message"]) for each in sent]

    shell.on_error(BadInput("First."))
    (name, *_), _again = shown_now()
    shell.on_error(BadInput("Second."))
    assert shown_now() == [(name, "update", "Second."), (name, "show", "Second.")]
    leave(ctx, "window", 30, shown(ctx, settings.layout, "/settings/project", "settings-seen"))
    assert changes["toasts"] == {"hideNotifications": [name]}


def test_who_chose_the_same_is_asked_nothing(ctx: Context, changes: dict[str, Any]) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "settings-seen")
    by_another(ctx, "window", 20)
    leave(ctx, "window", 20, seen)
    assert settings_of(profile(ctx)).window == 20
    assert "undo-bar" not in changes


def test_a_deadline_that_another_set_meanwhile_is_not_overwritten_unseen(ctx: Context) -> None:
    seen = shown(ctx, answer.layout, "/", "deadline-seen")
    deadline.write(ctx, REF, (True, date(2031, 12, 24)))
    effects = deadline_form.set_deadline(ctx, "1 Nov 2031", SEARCH, seen)
    assert effects is not None
    assert effects.ask is not None
    assert "Deadline: another window of yours chose “24 Dec 2031” at 30 Mar 2026" in effects.toast
    assert "You chose “1 Nov 2031”. Put yours in its place?" in effects.toast
    assert "2031-12-24" in str(ctx.backend.get_query(REF))
    effects.ask()
    assert "2031-11-01" in str(ctx.backend.get_query(REF))


def test_what_is_said_of_the_work_is_compared_field_by_field(ctx: Context) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "meant-seen")
    terms = documents.budget_of(profile(ctx))
    ctx.change_profile(REF, lambda profile_now: documents.with_budget(profile_now, replace(terms, total=500.0)))
    other_field = meant.saved(ctx, "budget", "currency", "CHF", SEARCH, seen)
    assert other_field.ask is None
    same_field = meant.saved(ctx, "budget", "total", 900, SEARCH, seen)
    assert same_field.ask is not None
    assert "Budget: meanwhile" in same_field.toast
    kept = documents.budget_of(profile(ctx))
    assert (kept.total, kept.currency) == (500.0, "CHF")
    same_field.ask()
    assert documents.budget_of(profile(ctx)).total == 900.0


def test_the_page_of_meanings_keeps_what_it_shows_too(ctx: Context) -> None:
    seen = shown(ctx, mapping.layout, "/data/meaning", "meant-seen")
    ctx.change_profile(REF, lambda profile_now: documents.with_waiting(profile_now, ("Blocked",)))
    effects = meant.saved(ctx, "waiting", "", ["On hold"], SEARCH, seen)
    assert effects.ask is not None
    assert documents.meaning_of(profile(ctx)).waiting == ("Blocked",)


def milestones_of(ctx: Context) -> list[tuple[str, str]]:
    return [(milestone.name, milestone.day.isoformat()) for milestone in ctx.backend.list_milestones("p")]


def with_milestones(ctx: Context) -> list[dict[str, Any]]:
    """What a form shows of A, B and C."""
    days = {"A": date(2026, 5, 1), "B": date(2026, 6, 1), "C": date(2026, 7, 1)}
    ctx.backend.replace_milestones("p", [Milestone(name, day) for name, day in days.items()])
    return milestone_form.as_shown(ctx.backend.list_milestones("p"))


def test_a_milestone_is_the_one_that_the_page_shows_though_another_has_its_place_by_now(ctx: Context) -> None:
    seen = with_milestones(ctx)
    milestones.remove(ctx, REF, 0)
    effects = milestone_form.done(ctx, REF, "remove", 1, seen)
    assert effects.ask is None
    assert [name for name, _day in milestones_of(ctx)] == ["C"]


def test_a_milestone_that_another_closed_is_not_removed_unseen(ctx: Context) -> None:
    seen = with_milestones(ctx)
    milestones.close(ctx, REF, 1, date(2026, 3, 29))
    effects = milestone_form.done(ctx, REF, "remove", 1, seen)
    assert "B: another window of yours chose “1 Jun 2026, reached” at" in effects.toast
    assert "You chose “Remove”. Put yours in its place?" in effects.toast
    assert len(milestones_of(ctx)) == 3
    assert effects.ask is not None
    effects.ask()
    assert [name for name, _day in milestones_of(ctx)] == ["A", "C"]


def test_a_milestone_that_another_removed_is_told_of(ctx: Context) -> None:
    seen = with_milestones(ctx)
    milestones.remove(ctx, REF, 1)
    effects = milestone_form.done(ctx, REF, "close", 1, seen, day=date(2026, 3, 30))
    assert effects.is_problem
    assert "B: another window of yours chose “Remove” at" in effects.toast
    assert [name for name, _day in milestones_of(ctx)] == ["A", "C"]


def test_an_order_of_milestones_that_another_chose_is_not_overwritten_unseen(ctx: Context) -> None:
    seen = with_milestones(ctx)
    milestones.move(ctx, REF, 2, -2)
    effects = milestone_form.done(ctx, REF, "down", 0, seen, by=1)
    assert "Order of the milestones: another window of yours chose “C, A, B” at" in effects.toast
    assert effects.ask is not None
    effects.ask()
    kept = ctx.backend.list_milestones("p")
    assert [kept[at].name for at in milestones.in_order(kept)] == ["C", "B", "A"]


def test_undo_of_milestones_takes_nothing_of_what_another_did_since(ctx: Context) -> None:
    with_milestones(ctx)
    effects = milestone_form.done(ctx, REF, "remove", 0, None)
    milestones.remove(ctx, REF, 0)
    assert effects.undo is not None
    with pytest.raises(BadInput, match="changed once more since"):
        effects.undo()
    assert [name for name, _day in milestones_of(ctx)] == ["C"]


def test_two_names_by_two_are_both_there_and_the_same_one_is_asked_about(ctx: Context) -> None:
    names = {"name": "Team <b>", "work-name": "All & more"}
    seen = shown(ctx, projects.layout, "/projects", "names-seen", "&do=rename-project")
    assert seen == names
    ctx.change_query(REF, lambda query: replace(query, name="By Ben"), "work-name")
    projects.rename(ctx, "By Ann", "All & more", SEARCH, seen)
    kept, query = ctx.backend.work(REF)
    assert (kept.name, query.name) == ("By Ann", "By Ben")
    effects = projects.rename(ctx, "By Ann", "Ours", SEARCH, seen)
    assert "Work list: another window of yours chose “By Ben” at" in effects.toast
    assert ctx.backend.work(REF)[1].name == "By Ben"
    assert effects.ask is not None
    effects.ask()
    assert ctx.backend.work(REF)[1].name == "Ours"


def pick(ctx: Context, picks: dict[str, str], seen: dict[str, str]) -> Any:
    """Save the form of meanings as it is shown, with these chosen."""
    statuses = {name[7:]: value for name, value in {**seen, **picks}.items() if name.startswith("status/")}
    ids = [{"name": name} for name in statuses]
    return mapping.save(ctx, [], list(statuses.values()), [], seen, [], ids, [], SEARCH)


def test_statuses_mapped_by_two_are_both_there_and_the_same_one_is_asked_about(ctx: Context) -> None:
    (issue,) = ctx.backend.list_issues(REF, ["S-100"])
    ctx.backend.upsert_issues(REF, [replace(issue, status="In Progress", category=Category.IN_PROGRESS)])
    seen = shown(ctx, mapping.layout, "/data/meaning", "mapping-seen")
    todo, active = "status/To Do", "status/In Progress"
    assert (seen[todo], seen[active]) == ("todo", "in_progress")
    assert pick(ctx, {todo: "in_progress"}, seen).ask is None
    # The second form still shows it as it was, and leaves it as it is by now.
    assert pick(ctx, {active: "todo"}, seen).ask is None
    now = shown(ctx, mapping.layout, "/data/meaning", "mapping-seen")
    assert (now[todo], now[active]) == ("in_progress", "todo")
    effects = pick(ctx, {active: "done"}, seen)
    assert "In Progress: another window of yours chose “To do” at" in effects.toast
    assert "You chose “Done”." in effects.toast
    effects.ask()
    now = shown(ctx, mapping.layout, "/data/meaning", "mapping-seen")
    assert (now[todo], now[active]) == ("in_progress", "done")


def test_days_off_by_two_are_both_there_when_they_are_added(ctx: Context) -> None:
    by_another(ctx, "holidays", (date(2026, 12, 24),))
    settings.add_days(ctx, "1 May 2026", "", SEARCH)
    assert settings_of(profile(ctx)).holidays == (date(2026, 5, 1), date(2026, 12, 24))


def test_days_off_typed_over_those_of_another_are_asked_about(ctx: Context) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "settings-seen")
    ctx.change_profile(REF, lambda profile_now: with_value(profile_now, "holidays", (date(2026, 12, 24),)), "holidays")
    effects = settings.save_setting(ctx, {"type": "setting", "name": "holidays"}, "1 May 2026", SEARCH, seen)
    assert "another window of yours chose “24 Dec 2026” at" in effects.toast
    assert settings_of(profile(ctx)).holidays == (date(2026, 12, 24),)


def test_a_service_level_by_two_is_compared_number_by_number(ctx: Context) -> None:
    seen = shown(ctx, lambda visit: service_level.form(visit), "/flow/cycle-time", "sle-seen")
    by_another(ctx, "sle_days", 12)
    effects = service_level.set_level(ctx, 90, "", "/flow/cycle-time", SEARCH, seen)
    kept = settings_of(profile(ctx))
    assert (kept.sle_level, kept.sle_days, effects.ask) == (90, 12, None)
    effects = service_level.set_level(ctx, 90, 20, "/flow/cycle-time", SEARCH, seen)
    assert "chose “12”" in effects.toast
    assert settings_of(profile(ctx)).sle_days == 12


def test_undo_takes_nothing_back_that_another_chose_since(ctx: Context, changes: dict[str, Any]) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "settings-seen")
    leave(ctx, "window", 30, seen)
    by_another(ctx, "window", 20)
    assert ctx.undo is not None
    with pytest.raises(BadInput, match=r"chose “20”.*That is kept; choose again"):
        ctx.undo()
    assert settings_of(profile(ctx)).window == 20


def test_who_agrees_too_late_is_told_what_is_there_by_now(ctx: Context, changes: dict[str, Any]) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "settings-seen")
    by_another(ctx, "window", 20)
    leave(ctx, "window", 30, seen)
    by_another(ctx, "window", 25)
    assert ctx.undo is not None
    with pytest.raises(BadInput, match="chose “25”"):
        ctx.undo()
    assert settings_of(profile(ctx)).window == 25


def typed_weeks() -> tuple[Context, dict[str, Any]]:
    """A table of weeks with 5 in its last full week, and what the browser is told of it."""
    ctx = sample_context()
    ref = projects_of.new_work(ctx, "p", "Typed")
    search = f"?profile=p&query={ref.query_id}"
    sent = {"cells": [["2026-03-23", "completed_items", "5"]], "id": 1}
    state = answered(weeks.edit(ctx, sent, search))
    return ctx, {"search": search, "state": state, "ref": ref}


def answered(effects: Any) -> dict[str, Any]:
    state: dict[str, Any] = effects.put["weeks-state"]["data"]
    return state


def test_a_week_that_another_typed_meanwhile_is_not_overwritten_unseen() -> None:
    ctx, page = typed_weeks()

    def typed(text: str, state: dict[str, Any]) -> dict[str, Any]:
        sent = {"cells": [["2026-03-23", "completed_items", text]], "id": 2}
        return answered(weeks.edit(ctx, sent, page["search"], state))

    def kept() -> list[int | None]:
        return [row.completed_items for row in ctx.backend.list_weeks(page["ref"])]

    typed("7", page["state"])
    later = typed("9", page["state"])
    assert kept() == [7]
    ((_day, _name, reason),) = later["problems"]
    assert reason == "Another window has put 7 here meanwhile. Type yours again if it is to hold."
    assert typed("9", later)["problems"] == []
    assert kept() == [9]


def test_what_is_left_that_another_typed_meanwhile_is_not_overwritten_unseen() -> None:
    ctx, page = typed_weeks()
    seen = {"texts": ["", ""]}
    weeks.save_left(ctx, "40", "", page["search"], seen)
    effects = weeks.save_left(ctx, "50", "", page["search"], seen)
    assert effects is not None
    assert "What is left to do: another window of yours chose “40, –” at" in effects.toast
    assert effects.ask is not None
    effects.ask()
    assert weeks.save_left(ctx, "50", "", page["search"], {"texts": ["50", ""]}).ask is None  # type: ignore[union-attr]
