"""The service level beside cycle time, and the order of milestones: saved at once, and taken back by Undo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.actions import milestones
from app.context import Context
from app.domain.cycle_time import ServiceLevel
from app.domain.flow import Flow
from app.domain.forecast import Forecast
from app.errors import BadInput
from app.factory import create_app
from app.pages import settings
from app.settings import settings_of
from app.views import view
from app.web import view_page
from app.web.effects import Effects
from app.web.page import Visit, visit_of
from app.web.parts import deadline_form, milestone_form, service_level
from app.words.formats import formats_for
from tests.pages.reading import components, properties, put, texts
from tests.pages.sample import NOW, REF, sample_context

FORMATS = formats_for(["en-GB"])
HERE = "?profile=p&query=q"


@pytest.fixture(autouse=True)
def request_of_a_browser() -> Iterator[None]:
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


def looked_at(ctx: Context, path: str) -> Visit:
    return visit_of(ctx, HERE, FORMATS, path)


def level_of(ctx: Context) -> tuple[int, int | None]:
    profile = ctx.backend.get_profile("p")
    assert profile is not None
    kept = settings_of(profile)
    return kept.sle_level, kept.sle_days


def taken_back(effects: Any) -> None:
    assert isinstance(effects, Effects)
    assert effects.undo is not None
    effects.undo()


class TestServiceLevel:
    def test_is_set_where_it_is_judged_and_taken_back(self) -> None:
        ctx = sample_context()
        before = level_of(ctx)
        effects = service_level.set_level(ctx, 90, 20, "/flow/cycle-time", HERE)
        assert level_of(ctx) == (90, 20)
        taken_back(effects)
        assert level_of(ctx) == before

    def test_the_page_says_whether_it_is_met(self) -> None:
        ctx = sample_context()
        service_level.set_level(ctx, 85, 400, "/flow/cycle-time", HERE)
        page = view_page.layout(looked_at(ctx, "/flow/cycle-time"), view("cycle-time"))
        text = " ".join(" ".join(texts(page)).replace("\u202f", "_").split()).replace(" :", ":").replace(" ,", ",")
        assert "Service level, 85_% within 400 days: met, 100_% of 28 items took no longer." in text

    def test_empty_days_leave_none_set(self) -> None:
        ctx = sample_context()
        service_level.set_level(ctx, 85, 30, "/flow/cycle-time", HERE)
        service_level.set_level(ctx, 85, "", "/flow/cycle-time", HERE)
        assert level_of(ctx) == (85, None)

    def test_the_days_that_stand_there_as_a_proposal_are_those_of_the_sentence_and_are_set(self) -> None:
        ctx = sample_context()
        page = view_page.layout(looked_at(ctx, "/flow/cycle-time"), view("cycle-time"))
        (field,) = [part for part in components(page) if getattr(part, "id", None) == "sle-days"]
        flow = looked_at(ctx, "/flow/cycle-time").scene().past.flow
        assert isinstance(flow, Flow)
        assert isinstance(flow.sle, ServiceLevel)
        assert field.placeholder == str(flow.sle.days)
        service_level.set_level(ctx, 85, "", "/flow/cycle-time", HERE)
        assert level_of(ctx) == (85, flow.sle.days)

    def test_what_is_no_number_of_days_is_refused_in_words(self) -> None:
        ctx = sample_context()
        put = service_level.set_level(ctx, -5, -3, "/flow/cycle-time", HERE).put
        assert (put["sle-level"]["error"], put["sle-days"]["error"]) == (True, True)
        assert "a whole number from 1 to 99" in put["sle-problems"]["children"]
        assert "whole number of days" in put["sle-problems"]["children"]
        assert service_level.set_level(ctx, 90, 20, "/flow/cycle-time", HERE).put["sle-problems"]["children"] == ""


class TestOrderOfMilestones:
    def test_a_line_that_was_dragged_stays_where_it_was_let_go_and_comes_back_by_undo(self) -> None:
        ctx = sample_context()
        milestones.add(ctx, REF, "Gala", (NOW + timedelta(days=60)).date())
        names = [name for name in self.order(ctx) if name]
        assert names == ["Beta <script>", "Gala"]
        effects = milestone_form.drag(ctx, {"at": 1, "by": -1}, "/plan/milestones", HERE)
        assert self.order(ctx) == ["Gala", "Beta <script>"]
        taken_back(effects)
        assert self.order(ctx) == ["Beta <script>", "Gala"]

    def test_what_was_let_go_where_it_was_changes_nothing(self) -> None:
        assert milestone_form.drag(sample_context(), {"at": 0, "by": 0}, "/plan/milestones", HERE) is None

    def test_the_page_hands_over_what_was_dragged(self) -> None:
        ctx = sample_context()
        milestones.add(ctx, REF, "Gala", (NOW + timedelta(days=60)).date())
        client = create_app(ctx).server.test_client()
        moved = {"id": "milestone-dragged", "property": "data", "value": {"at": 1, "by": -1}}
        known = json.loads(client.get("/_dash-dependencies").text)
        (callback,) = [
            result for result in known if any(each["id"] == "milestone-dragged" for each in result["inputs"])
        ]
        values = {"search": HERE, "pathname": "/plan/milestones"}
        state = [{**each, "value": values.get(each["property"])} for each in callback["state"]]
        sent = {"output": callback["output"], "outputs": {"id": callback["output"], "property": "data"},
                "inputs": [moved], "state": state, "changedPropIds": ["milestone-dragged.data"]}  # fmt: skip
        assert "nexpected" not in client.post("/_dash-update-component", json=sent).text
        assert self.order(ctx) == ["Gala", "Beta <script>"]

    @pytest.mark.parametrize("moved", [{"at": {}, "by": 1}, {"by": 1}, {"at": 0, "by": "1"}, {"at": 0, "by": True}])
    def test_what_no_page_drags_is_refused_in_words(self, moved: Any) -> None:
        with pytest.raises(BadInput, match="cannot be used"):
            milestone_form.drag(sample_context(), moved, "/plan/milestones", HERE)

    def test_the_versions_of_open_work_are_offered_as_the_work_of_a_milestone(self) -> None:
        ctx = sample_context()
        (issue,) = [each for each in ctx.backend.load_facts(REF).issues if each.key == "S-100"]
        ctx.backend.upsert_issues(REF, [replace(issue, fix_versions=("1.4",))])
        form = milestone_form.form(looked_at(ctx, "/plan/milestones"))
        offered = [data for data in properties(form, "data") if isinstance(data, list)]
        assert [{"group": "Version", "items": [{"value": "version=1.4", "label": "1.4"}]}] in offered
        filtered = milestone_form.form(visit_of(ctx, f"{HERE}&where=type=Story", FORMATS, "/plan/milestones"))
        first = [data[0] for data in properties(filtered, "data") if isinstance(data, list) and data]
        seen = {"group": "Seen through the filter", "items": [{"value": "type=Story", "label": "Type: Story"}]}
        assert seen in first

    def test_an_epic_that_is_not_broken_down_is_offered_too(self) -> None:
        ctx = sample_context()
        (issue,) = [each for each in ctx.backend.load_facts(REF).issues if each.key == "S-100"]
        ctx.backend.upsert_issues(REF, [replace(issue, key="S-900", summary="Refunds", type="Epic")])
        form = milestone_form.form(looked_at(ctx, "/plan/milestones"))
        groups = [each for data in properties(form, "data") if isinstance(data, list) for each in data]
        (epics,) = [each["items"] for each in groups if isinstance(each, dict) and each.get("group") == "Epic"]
        assert {"value": "epic=S-900", "label": "S-900"} in epics
        assert {"value": "epic=Refunds", "label": "Refunds"} in epics

    @pytest.mark.parametrize(
        ("name", "day", "wrong"),
        [
            ("", "", {"name": "A milestone needs a name.", "day": "A milestone needs a date."}),
            ("Gala", "rubbish", {"day": "is not understood as a day"}),
            (" ", "2026-12-01", {"name": "A milestone needs a name."}),
            ("Beta <script>", "2026-12-01", {"name": "There is a milestone Beta <script> already"}),
        ],
    )
    @pytest.mark.parametrize("place", ["dated", "milestone"])
    def test_one_that_is_refused_says_so_at_its_fields(
        self, place: str, name: str, day: str, wrong: dict[str, str]
    ) -> None:
        ctx = sample_context()
        if place == "dated":
            effects = milestone_form.add(ctx, name, day, None, None, "/plan/milestones", HERE)
        else:
            effects = settings.add_milestone(ctx, name, day, HERE)
        assert effects.toast == ""
        for field in ("name", "day"):
            error = put(effects, f"{place}-{field}", "error")
            assert wrong[field] in error if field in wrong else error is None
        assert self.order(ctx) == ["Beta <script>"]

    def test_teams_by_a_field_that_no_issue_has_are_refused_there(self) -> None:
        ctx = sample_context()
        effects = milestone_form.add(ctx, "Gala", "2026-12-01", None, "planet", "/plan/milestones", HERE)
        assert "No issue has a field “planet”" in put(effects, "dated-teams", "error")
        assert put(effects, "dated-name", "error") is None

    @staticmethod
    def order(ctx: Context) -> list[str]:
        known = ctx.backend.list_milestones("p")
        return [each.name for each in sorted(known, key=lambda each: (each.rank, each.day))]


def test_a_milestone_alone_has_no_order_to_be_moved_in() -> None:
    ctx = sample_context()
    form = milestone_form.form(looked_at(ctx, "/plan/milestones"))
    assert not {"Up", "Down"} & set(texts(form))
    milestones.add(ctx, REF, "Gala", (NOW + timedelta(days=60)).date())
    assert {"Up", "Down"} <= set(texts(milestone_form.form(looked_at(ctx, "/plan/milestones"))))


def test_closing_a_milestone_says_that_it_was_reached() -> None:
    ctx = sample_context()
    milestones.add(ctx, REF, "Beta", NOW.date() + timedelta(days=90))
    buttons = components(milestone_form.form(looked_at(ctx, "/plan/milestones")))
    names = [getattr(part, "aria-label", None) for part in buttons]
    assert "Close as reached: Beta" in names
    which = {"type": "milestone-do", "what": "close", "at": 0}
    assert milestone_form.do(ctx, which, "/plan/milestones", HERE).toast == "Closed as reached; its numbers are kept."


def test_the_calendar_of_a_deadline_opens_where_the_work_is_likely_to_end() -> None:
    ctx = sample_context(deadline=None)
    visit = looked_at(ctx, "/")
    assert isinstance(visit.analysis.forecast, Forecast)
    section = deadline_form.section(visit, visit.scene())
    (field,) = [part for part in components(section) if getattr(part, "id", None) == "deadline-day"]
    _opener, dropdown = field.rightSection.children
    assert date.fromisoformat(dropdown.children.defaultDate) == visit.analysis.forecast.dates[85]
