"""Delivery: its figures as a reader writes them."""

from __future__ import annotations

from app.domain.dora import Dora, Figure
from app.views import behind, view
from app.views.view import Scene
from app.words import Reader, read_by
from app.words.formats import THIN, formats_for
from tests.views.test_walk import demo

FORMATS = formats_for(["en-GB"])
DELIVERY = view("delivery")


def test_shares_are_percent_long_times_days_and_counts_a_week() -> None:
    with read_by(Reader("en", FORMATS)):
        facts = {fact.label: fact.value for fact in DELIVERY.facts(Scene(demo(), FORMATS))}
    assert facts["Deployments"].endswith(" a week")
    assert facts["Lead time for changes"].endswith(" days")
    assert facts["Change fail rate"] == f"0{THIN}%"


def test_what_a_number_beside_the_chart_was_measured_from_is_told_without_the_number() -> None:
    scene = Scene(demo(), FORMATS)
    with read_by(Reader("en", FORMATS)):
        facts, notes = DELIVERY.facts(scene), DELIVERY.notes(scene)
    for fact in facts:
        (note,) = (each for each in notes if each.startswith(f"{fact.label}: "))
        assert fact.value not in note
    assert any(note.startswith("Rework rate: 0") for note in notes)


def test_the_period_before_stands_beside_each_figure_that_has_one() -> None:
    scene = Scene(demo(), FORMATS)
    dora = scene.told.dora
    assert isinstance(dora, Dora)
    frequency = dora.deployment_frequency
    assert isinstance(frequency, Figure)
    assert frequency.before is not None
    with read_by(Reader("en", FORMATS)):
        notes = {fact.label: fact.note for fact in DELIVERY.facts(scene)}
    assert f"{FORMATS.number(round(frequency.before, 1))} in the period before" in notes["Deployments"]


def test_deployments_are_drawn_over_time_and_each_bar_leads_to_them() -> None:
    scene = Scene(demo(), FORMATS)
    assert DELIVERY.figure is not None
    figure = DELIVERY.figure(scene)
    assert figure is not None
    (bars,) = figure["data"]
    assert len(bars["x"]) > 10
    tallest = max(range(len(bars["y"])), key=bars["y"].__getitem__)
    found = behind(scene, bars["customdata"][tallest])
    assert found is not None
    assert len(found.keys or ()) == bars["y"][tallest] > 0
