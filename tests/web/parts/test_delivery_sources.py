"""Where deployments and incidents are found: what a choice would count is seen before it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.context import Context
from app.errors import BadInput
from app.pages import mapping
from app.web.page import visit_of
from app.web.parts import delivery_sources, meanwhile
from app.words.formats import formats_for
from store import documents
from store.records import Profile
from store.settings import IssueRule
from tests.pages.reading import components, texts
from tests.pages.sample import sample_context

FORMATS = formats_for(["en-GB"])
HERE = "?profile=p&query=q"
NAMES = [(kind, part) for kind in ("deployments", "incidents") for part in ("types", "projects", "labels")]
IDS = [{"type": "delivery-source", "kind": kind, "part": part} for kind, part in NAMES]


@pytest.fixture(autouse=True)
def request_of_a_browser() -> Iterator[None]:
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


def profile_of(ctx: Context) -> Profile:
    profile = ctx.backend.get_profile("p")
    assert profile is not None
    return profile


def fields(**chosen: list[str]) -> list[list[str]]:
    """What all fields hold; `deployments_types` and so on name those in which something is chosen."""
    return [chosen.get(f"{kind}_{part}", []) for kind, part in NAMES]


def seen_of(ctx: Context) -> meanwhile.Seen:
    page = mapping.layout(visit_of(ctx, HERE, FORMATS, "/data/meaning"))
    (store,) = (component for component in components(page) if getattr(component, "id", None) == "delivery-seen")
    data: meanwhile.Seen = store.data
    return data


def save(ctx: Context, seen: meanwhile.Seen | None = None, **chosen: list[str]) -> Any:
    return delivery_sources.save(ctx, fields(**chosen), IDS, seen if seen is not None else seen_of(ctx), HERE)


def preview_text(ctx: Context, bar: str = "", **chosen: list[str]) -> str:
    done = delivery_sources.preview(ctx, fields(**chosen), IDS, HERE + bar)
    return " ".join(texts(done.put["delivery-preview"]["children"]))


def test_what_a_choice_would_count_is_told_and_nothing_is_saved() -> None:
    ctx = sample_context()
    before = profile_of(ctx)
    assert "Nothing yet. Change something" in preview_text(ctx)
    text = preview_text(ctx, deployments_types=["Story"])
    assert "This is what saving would change." in text
    assert "Count as deployments" in text
    assert "such as" in text
    assert "a week (n " in text
    assert profile_of(ctx) == before


def test_what_a_choice_would_count_is_of_today_whatever_the_bar_looks_at() -> None:
    ctx = sample_context()
    today = preview_text(ctx, deployments_types=["Story"])
    assert preview_text(ctx, "&as-of=2026-01-12&where=status%3DDone", deployments_types=["Story"]) == today


def test_saving_takes_all_that_is_chosen_at_once_and_undo_gives_it_back() -> None:
    ctx = sample_context()
    done = save(ctx, deployments_types=["Story"], deployments_labels=["release"], incidents_labels=["outage"])
    assert documents.issue_rule_of(profile_of(ctx), "deployments") == IssueRule(("Story",), (), ("release",))
    assert documents.issue_rule_of(profile_of(ctx), "incidents") == IssueRule((), (), ("outage",))
    assert done.undo is not None
    done.undo()
    assert delivery_sources.rules_of(profile_of(ctx)) == {"deployments": IssueRule(), "incidents": IssueRule()}


def test_emptied_lists_go_by_the_names_of_types_again() -> None:
    ctx = sample_context()
    save(ctx, incidents_labels=["outage"])
    save(ctx)
    assert documents.issue_rule_of(profile_of(ctx), "incidents") is None


def test_what_another_window_chose_meanwhile_is_asked_about() -> None:
    ctx = sample_context()
    seen = seen_of(ctx)
    save(ctx, deployments_types=["Bug"])
    result = save(ctx, seen, deployments_types=["Story"])
    assert "Deployments, Types" in result.toast
    assert result.ask is not None
    assert documents.issue_rule_of(profile_of(ctx), "deployments") == IssueRule(("Bug",))


@pytest.mark.parametrize(
    ("values", "ids"),
    [([], IDS), ([["Story"]], [{"kind": "no such", "part": "types"}]), (["Story"], IDS[:1]), ([["x"]], [{}])],
)
def test_what_no_form_sends_is_refused_in_words(values: list[Any], ids: list[dict[str, str]]) -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        delivery_sources.chosen(values, ids)
