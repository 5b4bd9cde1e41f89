"""Whether what a page shows is still true: another window's change, and midnight where the work is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.context import Context
from app.web.fetched import news
from app.web.page import revision, today, visit_of
from app.words.formats import Formats
from store.records import Category, Issue
from tests.pages.sample import NOW, REF, sample_context

SEARCH = "?profile=p&query=q"


def news_of(ctx: Context) -> dict[str, str]:
    with Flask("test").test_request_context():
        return news(ctx, SEARCH)


def test_as_long_as_nothing_happens_a_page_is_as_true_as_when_it_was_built() -> None:
    ctx = sample_context()
    visit = visit_of(ctx, SEARCH, Formats())
    assert news_of(ctx) == {"revision": revision(visit), "day": today(visit)}


def test_a_change_by_whomever_makes_a_page_old() -> None:
    ctx = sample_context()
    before = news_of(ctx)
    ctx.backend.upsert_issues(REF, [Issue("S-900", "New", "Story", "To Do", Category.TODO, NOW, NOW)], [])
    after_issues = news_of(ctx)
    profile = ctx.backend.get_profile("p")
    assert profile is not None
    ctx.backend.save_profile(replace(profile, forecast_settings={"time_zone": "UTC", "deadline": "2026-09-30"}))
    texts = [each["revision"] for each in (before, after_issues, news_of(ctx))]
    assert len(set(texts)) == 3


@pytest.mark.parametrize(("zone", "day"), [("UTC", "2026-03-30"), ("Pacific/Auckland", "2026-03-31")])
def test_the_day_changes_at_midnight_where_the_work_is_counted(zone: str, day: str) -> None:
    ctx = sample_context(time_zone=zone)
    ctx.clock = lambda: datetime(2026, 3, 30, 23, 30, tzinfo=UTC)
    assert news_of(ctx)["day"] == day
    ctx.clock = lambda: datetime(2026, 3, 31, 0, 30, tzinfo=UTC)
    assert news_of(ctx)["day"] == "2026-03-31"
