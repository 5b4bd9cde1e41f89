"""The old app's folder, lying beside the executable, is taken over at the first start."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.place import Place

_TINY = Path(__file__).parents[2] / ".." / "shared" / "legacy" / "tiny"


def write_old_folder(root: Path, today: date, weeks: int = 12) -> None:
    """The old layout with one profile, one query and weekly numbers: four done and three created a week."""
    query = root / "profiles" / "p_0123456789ab" / "queries" / "q_ba9876543210"
    query.mkdir(parents=True)
    rows = [
        {
            "date": str(today - timedelta(weeks=weeks - week)),
            "completed_items": 4,
            "completed_points": 8,
            "created_items": 3,
            "created_points": 6,
        }
        for week in range(weeks)
    ]
    scope = {"total_items": 90, "total_points": 180, "remaining_items": 42, "remaining_points": 84}
    data = {"version": "2.0", "project_scope": scope, "statistics": rows}
    named = {"id": "p_0123456789ab", "name": "Ämter – 小"}
    registry = {"active_profile_id": named["id"], "active_query_id": query.name, "profiles": {named["id"]: named}}
    files = {
        root / "profiles" / "profiles.json": registry,
        query.parents[1] / "profile.json": named | {"queries": [query.name], "forecast_settings": {}},
        query / "query.json": {"id": query.name, "name": "Größe", "jql": "project = X"},
        query / "project_data.json": data,
    }
    for path, content in files.items():
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def test_an_old_folder_becomes_a_dashboard_with_its_report(place: Place, page: Page) -> None:
    write_old_folder(place.folder, date.today())  # noqa: DTZ011 the app's day is the user's day
    page.goto(place.start().url)
    expect(page.locator("#answer")).to_contain_text("sure by")
    expect(page.get_by_role("banner")).to_be_visible()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Data").click()
    expect(page.locator("main")).to_contain_text("project_data.json")
    status = place.call("status", "--profiles", str(place.profiles))
    assert (status["counts"]["profiles"], status["counts"]["queries"], status["counts"]["statistics"]) == (1, 1, 12)
    assert [(query["profile"], query["query"]) for query in status["queries"]] == [("Ämter – 小", "Größe")]
    assert len(list(place.profiles.glob("legacy/*/**/project_data.json"))) == 1


def test_the_agreed_old_folder_is_taken_over_whole(place: Place, page: Page) -> None:
    if not _TINY.exists():
        pytest.skip("the shared old folder is not here")
    shutil.copytree(_TINY, place.folder, dirs_exist_ok=True)
    page.goto(place.start().url)
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    counts = place.call("status", "--profiles", str(place.profiles))["counts"]
    taken_over = {name: counts[name] for name in ("profiles", "queries", "issues", "statistics")}
    assert taken_over == {"profiles": 1, "queries": 1, "issues": 48, "statistics": 14}
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Data").click()
    expect(page.locator("main")).to_contain_text("jira_cache.json")
