"""Every view, whatever it is about: it says something, and every number of it leads to the issues it is the sum of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.actions import sample
from app.domain.analysis import Analysis, Scenario
from app.domain.flow import Flow
from app.domain.items import Unit
from app.settings import Overrides
from app.views import VIEWS, behind
from app.views import view as view_of
from app.views.columns import Listed, columns_of, listed
from app.views.view import Behind, Number, Scene, Sentence, View
from app.web.address import Choice, choice_of
from app.web.components import chart
from app.words.formats import Formats, formats_for
from store.records import Profile, Query
from tests.pages.sample import REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def demo(unit: Unit = Unit.ITEMS) -> Analysis:
    ctx = empty_context()
    ref = sample.load_sample(ctx)
    profile = ctx.backend.get_profile(ref.profile_id)
    assert profile is not None
    # The sample has no deliveries: here its tasks are some, so that the delivery has its figures.
    meaning = dict(profile.field_mappings) | {"delivery": {"deployments": {"types": ["Task"]}}}
    # Nor does it say what the team costs.
    settings = dict(profile.forecast_settings) | {"budget": {"total": 200_000, "rate_per_week": 7_000}}
    ctx.backend.save_profile(replace(profile, field_mappings=meaning, forecast_settings=settings))
    return ctx.analysis(ref, Overrides(unit=unit))


@pytest.fixture(scope="module", params=Unit)
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(demo(request.param), FORMATS)


def shows_of(figure: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The name behind every point of a figure, and its height."""
    for trace in figure["data"]:
        points = zip(trace["customdata"], trace["y"], strict=True) if "customdata" in trace else ()
        for data, height in points:
            yield (data[0] if isinstance(data, list) else data), height


def numbers_of(view: View, scene: Scene) -> set[str]:
    """Every name that the view offers to open."""
    text = view.sentence(scene)
    values = text.values.values() if isinstance(text, Sentence) else ()
    figure = view.figure(scene) if view.figure else None
    points = {show for show, _ in shows_of(figure)} if figure else set()
    rows = view.rows(scene).shows if view.rows else ()
    return {
        *(value.show for value in values if isinstance(value, Number)),
        *(fact.show for fact in view.facts(scene) if fact.show),
        *(show for _, show in view.lists),
        *(show for show in rows if show),
        *points,
    }


def opened(view: View, scene: Scene, show: str) -> Behind:
    """What is behind a number that the view offers."""
    result = behind(scene, show)
    assert result is not None, (
        f"{view.id} leads to {show!r}, which opens nothing: name {show.partition(':')[0]!r} in the `numbers` of a "
        "view, or leave the point, fact or row without a show"
    )
    return result


def test_what_all_figures_of_a_view_lack_is_said_once() -> None:
    ctx = empty_context()
    ref = sample.load_sample(ctx)
    reason = view_of("delivery").needs(ctx.analysis(ref, Overrides()))
    assert reason is not None
    assert "No issue is a deployment" in reason


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.id)
class TestEveryView:
    def test_says_something(self, view: View, scene: Scene) -> None:
        assert view.needs(scene.analysis) is None
        assert str(view.sentence(scene)).strip()
        assert "{" not in str(view.sentence(scene))
        assert view.tab
        assert view.help

    def test_has_at_most_three_numbers_beside_its_chart(self, view: View, scene: Scene) -> None:
        assert len(view.facts(scene)) <= 3

    @pytest.mark.slow
    def test_opens_every_number_it_shows(self, view: View, scene: Scene) -> None:
        for show in numbers_of(view, scene):
            behind = opened(view, scene, show)
            assert behind.title, show
            assert all(behind.how)

    @pytest.mark.slow
    def test_lists_issues_whose_sum_is_the_number(self, view: View, scene: Scene) -> None:
        for show in numbers_of(view, scene):
            behind = opened(view, scene, show)
            if behind.keys is None or behind.number is None:
                continue
            rows = listed(scene, behind)
            assert len({row.item.issue.key for row in rows}) == len(behind.keys), show
            assert sum(row.amount for row in rows) == pytest.approx(behind.number), show

    def test_has_rows_that_can_be_written_to_a_file(self, view: View, scene: Scene) -> None:
        rows = view.rows(scene) if view.rows else None
        assert rows is None or all(len(cells) == len(rows.header) for cells in rows.cells)
        assert rows is None or len(rows.shows) in (0, len(rows.cells))

    def test_has_a_legend_whatever_its_traces_are(self, view: View, scene: Scene) -> None:
        figure = view.figure(scene) if view.figure is not None else None
        assert figure is None or chart(figure, "what it shows") is not None

    def test_travels_as_json(self, view: View, scene: Scene) -> None:
        if view.figure is not None:
            json.dumps(view.figure(scene))


# Names, days, lengths, spans and shares: no amounts of issues.
_NO_ISSUES = {
    "age": {"days"},
    "cycle-time": {"days", "level", "verdict"},
    "throughput": {"count", "empty"},
    "where-time-goes": {"share", "worked"},
    "work-in-progress": {"weeks"},
    "this-sprint": {"name", "day", "unit"},
    "velocity": {"low", "high", "count"},
    "carried-over": {"name", "count"},
    "bugs": {"change"},
    "delivery": {"name", "first", "last"},
    "work-mix": {"class"},
}


@pytest.mark.parametrize(
    "view", [view for view in VIEWS if view.at.path.split("/")[1] in ("flow", "sprints", "quality")]
)
def test_an_amount_of_issues_in_a_sentence_leads_to_them(view: View, scene: Scene) -> None:
    text = view.sentence(scene)
    values = text.values if isinstance(text, Sentence) else {}
    plain = {name for name, value in values.items() if not isinstance(value, Number)}
    assert plain <= _NO_ISSUES.get(view.id, set())


@pytest.mark.parametrize(
    "view",
    # Each of its points is a week that is forecast anew.
    [pytest.param(view, marks=[pytest.mark.slow] * (view.id == "track-record"), id=view.id) for view in VIEWS],
)
def test_points_are_as_high_as_the_list_behind_them(view: View, scene: Scene) -> None:
    figure = view.figure(scene) if view.figure else None
    for show, height in shows_of(figure) if figure else ():
        behind = opened(view, scene, show)
        if behind.number is not None:
            assert behind.number == pytest.approx(height), show


def test_a_point_of_the_arrivals_lists_as_many_issues_as_it_says(scene: Scene) -> None:
    figure = view_of("cumulative-flow").drawn(chosen(chosen(scene, "flow", "arrivals"), "todo", "with"))
    assert figure is not None
    lines = [trace for trace in figure["data"] if "customdata" in trace]
    assert len(lines) == 3
    for trace in lines:
        for show, count in list(zip(trace["customdata"], trace["text"], strict=True))[::20]:
            assert len(opened(view_of("cumulative-flow"), scene, show).keys or ()) == count, show


def test_ids_of_views_are_their_own() -> None:
    assert len({view.id for view in VIEWS}) == len(VIEWS)


def test_one_name_of_a_number_means_one_thing_everywhere() -> None:
    document: dict[str, Any] = {}
    for view in VIEWS:
        for name, opened in view.numbers.items():
            assert document.setdefault(name, opened) is opened, name


def test_a_name_that_no_view_knows_opens_nothing() -> None:
    assert behind(Scene(sample_context().analysis(REF)), "x:1") is None


def test_a_sentence_puts_its_values_in_place() -> None:
    sentence = Sentence("{count} of {all} are late.", {"count": Number("4", "late"), "all": "7"})
    assert str(sentence) == "4 of 7 are late."
    assert sentence.parts() == [Number("4", "late"), " of ", "7", " are late."]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.id)
def test_a_view_without_data_says_why(view: View) -> None:
    ctx = empty_context()
    ctx.backend.save_profile(Profile("p", "P", ctx.clock(), ctx.clock()))
    ctx.backend.save_query(Query("p", "q", "Q", ctx.clock(), ctx.clock()))
    analysis = ctx.analysis(Query("p", "q", "Q", ctx.clock(), ctx.clock()).ref)
    reason = view.needs(analysis)
    assert reason
    assert str(view.sentence(Scene(analysis, Formats(), date(2026, 1, 1))))


def test_a_past_day_shows_no_status_that_came_later() -> None:
    then = demo().with_(Scenario(as_of=date(2026, 2, 1)))
    item = next(item for item in then.items if item.done is None)
    unknown = Listed(replace(item, status="", issue=replace(item.issue, status="Closed")), 1.0, "open")
    (column,) = columns_of(["status"])
    assert column.cell(unknown, Scene(then, FORMATS)) == ""
    assert column.cell(unknown, Scene(demo(), FORMATS)) == "Closed"


@pytest.mark.parametrize("view", [view for view in VIEWS if view.switches], ids=lambda view: view.id)
def test_the_choice_that_is_marked_is_the_one_that_is_drawn(view: View, scene: Scene) -> None:
    """Each choice draws something of its own; without one, and for one that there is not, it is the marked one."""
    for switch in view.switches:
        marked = scene.chosen(switch)
        drawn = {value: view.drawn(chosen(scene, switch.name, value)) for value, _text in switch.options}
        assert view.drawn(scene) == drawn[marked]
        assert view.drawn(chosen(scene, switch.name, "no such thing")) == drawn[marked]
        figures = [json.dumps(figure, default=str) for figure in drawn.values() if figure is not None]
        assert len(set(figures)) > 1 or len(figures) < 2, switch.name


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.id)
def test_a_choice_in_the_address_reaches_the_view(view: View, scene: Scene) -> None:
    """The bar and the frame have names of their own there."""
    choices = [(switch.name, value) for switch in view.switches for value, _text in switch.options]
    choices += [(control.name, "1") for control in view.controls(scene)]
    for name, value in choices:
        link = Choice().search(**{name: value})
        assert dict(choice_of(link).options) == {name: value}


def chosen(scene: Scene, name: str, value: str) -> Scene:
    return replace(scene, options={**scene.options, name: value})


def test_lines_that_end_farther_apart_than_work_is_in_progress_say_why(scene: Scene) -> None:
    view, flow = view_of("cumulative-flow"), scene.past.flow
    assert view is not None
    assert isinstance(flow, Flow)
    so_far, now = flow.cfd.arrivals[-1], flow.cfd.state[-1]
    reasons = [note for note in view.notes(scene) if note.startswith("The lines end ")]
    assert bool(reasons) is (so_far.in_progress - so_far.done != now.in_progress)
    assert not view.notes(chosen(scene, "flow", "state"))


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.id)
def test_half_is_called_even_odds_wherever_levels_are_listed(view: View, scene: Scene) -> None:
    named = [label for show in numbers_of(view, scene) for label, _ in opened(view, scene, show).inputs]
    assert not [label for label in named if label.startswith("50") and label.endswith("sure")]
    if view.id == "answer":
        assert {"Even odds", "85\u202f% sure"} <= set(named)
