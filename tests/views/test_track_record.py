"""How the date moved week by week, and how many of the dates held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.actions import track_record
from app.domain.accuracy import Calibration, LevelRecord
from app.domain.accuracy_amounts import AmountRecord
from app.domain.analysis import Analysis, Scenario
from app.domain.items import Unit
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from app.domain.track_record import HitRate, Outlook, TrackRecord, joined, record_of, stored
from app.views import behind
from app.views.track_record import TRACK_RECORD
from app.views.view import Scene
from app.web.page import visit_of
from app.words.formats import formats_for
from store.records import ForecastMade, Snapshot
from tests.pages.sample import NOW, REF, sample_context
from tests.views.test_walk import demo

FORMATS = formats_for(["en-GB"])
MONDAY = date(2026, 3, 30)


def snapshot(as_of: str, sure: str | None, unit: str = "items", **more: Any) -> Snapshot:
    values = {"as_of": as_of, "unit": unit, "date_50": None, "date_85": sure, "remaining": 12} | more
    return Snapshot("2026-W10", "forecast", values, datetime(2026, 3, 1, tzinfo=NOW.tzinfo))


def calibration(method: Method, rate: float, n: int) -> Calibration:
    levels = {level: LevelRecord(rate, n, (rate - 0.1, rate + 0.1), 1.0) for level in (50, 85)}
    return Calibration(method, n, 0, levels, 1.0, 1.0, 1.0, "honest")


def scene(record: TrackRecord | None = None, outlooks: tuple[Outlook, ...] = (), chart: str = "said") -> Scene:
    analysis = sample_context(method="plain").analysis(REF)
    return Scene(analysis, FORMATS, options={"chart": chart}, outlooks=lambda: outlooks, record=lambda: record)


RECORD = record_of("h", calibration(Method.CALIBRATED, 0.8, 100), calibration(Method.PLAIN, 0.62, 100))


def amount_record(method: Method, rate: float, n: int) -> AmountRecord:
    levels = {level: LevelRecord(rate, n, (rate - 0.1, rate + 0.1), 1.0) for level in (50, 85)}
    return AmountRecord(method, n, 0, levels, 1.0, 1.0, "honest")


def test_how_many_of_the_amounts_held_stands_beside_the_dates() -> None:
    both = record_of(
        "h",
        calibration(Method.CALIBRATED, 0.8, 100),
        calibration(Method.PLAIN, 0.62, 100),
        amount_record(Method.CALIBRATED, 0.9, 60),
        amount_record(Method.PLAIN, 0.7, 60),
    )
    fact = TRACK_RECORD.facts(scene(both))[2]
    assert (fact.label, fact.value, fact.note) == ("Amounts held", "54 of 60", "promised 85\u202f%")
    opened = behind(scene(both), fact.show)
    assert opened is not None
    assert opened.inputs[1] == ("Promised 85\u202f%", "54 of 60 held; the usual method: 42 of 60")


def test_a_second_opinion_stands_beside_with_its_limits_and_only_where_it_has_one() -> None:
    def notes_of(of: Scene) -> list[str]:
        return [text for text in TRACK_RECORD.notes(of) if "PERT" in text or text.startswith("Its limits")]

    shown = replace(scene(RECORD), analysis=demo())
    second_opinion, notes = shown.analysis.second_opinion, notes_of(shown)
    assert not isinstance(second_opinion, NotEnoughData)
    assert (
        f"even odds {FORMATS.short(second_opinion.dates[50])}, 85\u202f% sure {FORMATS.short(second_opinion.dates[85])}"
        in notes[0]
    )
    assert "convention" in notes[1]
    nothing = demo().with_(Scenario(as_of=date(2000, 1, 3)))
    assert isinstance(nothing.second_opinion, NotEnoughData)
    assert not notes_of(replace(shown, analysis=nothing))


def test_forecasts_that_were_written_down_are_told_once_their_day_has_come() -> None:
    forecast = ForecastMade(
        datetime(2026, 1, 5, tzinfo=NOW.tzinfo), date(2026, 1, 5), "items", "plain", 1, {85: 1}, 12, 10, 1
    )
    shown = scene(RECORD)
    analysis = Analysis(replace(shown.analysis.facts, forecasts=(forecast,)), shown.analysis.params)
    notes = TRACK_RECORD.notes(replace(shown, analysis=analysis))
    assert any(text.startswith("Written down at the time and come due: 1 date, of which ") for text in notes)
    assert not any(text.startswith("Written down at the time") for text in TRACK_RECORD.notes(shown))


def test_the_weekly_record_is_read_in_the_unit_shown_and_what_is_broken_is_left_out() -> None:
    kept = [
        snapshot("2026-03-20", "2026-06-01"),
        snapshot("2026-03-10", None),
        snapshot("2026-03-11", "2026-06-01", unit="points"),
        snapshot("soon", "2026-06-01"),
        replace(snapshot("2026-03-12", None), values={}),
        replace(snapshot("2026-03-13", None), metric="scope"),
    ]
    assert stored(kept, Unit.ITEMS) == (
        Outlook(date(2026, 3, 10), None, None, 12.0, is_stored=True),
        Outlook(date(2026, 3, 20), None, date(2026, 6, 1), 12.0, is_stored=True),
    )


def test_what_was_written_down_goes_before_what_is_told_afterwards() -> None:
    written = Outlook(date(2026, 3, 25), None, date(2026, 6, 1), 9.0, is_stored=True)
    outlooks = [Outlook(MONDAY - timedelta(weeks=at), None, date(2026, 7, 1), 10.0, 2.0) for at in (2, 1, 0)]
    result = joined([written], outlooks)
    assert [each.sure for each in result] == [date(2026, 7, 1), date(2026, 6, 1), date(2026, 7, 1)]
    assert result[1].is_stored
    assert result[1].pace == 2.0


@pytest.mark.slow
def test_told_afterwards_is_what_was_known_then() -> None:
    analysis = demo()
    before = analysis.week_before.week_before
    outlook = next(each for each in analysis.outlooks if each.as_of == before.as_of)
    assert outlook.left == before.remaining
    assert outlook.pace == before.learned.pace  # type: ignore[union-attr]
    assert analysis.outlooks[-1].sure == analysis.forecast.dates[85]  # type: ignore[union-attr]


def test_the_sentence_tells_from_where_to_where_the_date_moved() -> None:
    # On 5 January 34 are left and three weeks are known that finished 0, 2 and 2: 17 good weeks of which two in three
    # are good take 29 weeks or fewer in 85 of 100 cases. Today ten are left at two in every week.
    text = "85\u202f% sure was 27 Jul 2026 on 5 January and is 4 May 2026 now: 12 weeks earlier."
    assert str(TRACK_RECORD.sentence(scene())) == text


def test_the_sentence_is_the_same_where_the_last_week_is_written_down() -> None:
    written = replace(scene().analysis.outlooks[-1], is_stored=True)
    assert str(TRACK_RECORD.sentence(scene(outlooks=(written,)))) == str(TRACK_RECORD.sentence(scene()))


def test_the_dates_that_held_stand_beside_those_of_the_usual_method() -> None:
    facts = TRACK_RECORD.facts(scene(RECORD))
    assert [(fact.label, fact.value) for fact in facts] == [
        ("Dates held", "80 of 100"),
        ("With the usual method", "62 of 100"),
    ]
    assert facts[0].note == "promised 85\u202f%"
    result = behind(scene(RECORD), "held:50")
    assert result is not None
    assert "Of 100 dates that promised 50\u202f%, 80 held" in result.how[1]
    assert dict(result.inputs)["Promised 85\u202f%"] == "80 of 100 held; the usual method: 62 of 100"


def test_the_share_that_held_is_drawn_level_by_level() -> None:
    assert TRACK_RECORD.figure is not None
    figure = TRACK_RECORD.figure(scene(RECORD, chart="held"))
    assert figure is not None
    assert [trace["y"] for trace in figure["data"]] == [[80.0, 80.0], [62.0, 62.0], [50, 85]]
    assert TRACK_RECORD.figure(scene(None, chart="held")) is None


def test_while_it_is_computed_or_too_short_it_is_said() -> None:
    assert "being replayed" in TRACK_RECORD.notes(scene(None))[0]
    short = NotEnoughData("Too short.")
    assert TRACK_RECORD.notes(scene(record_of("h", short, short)))[0] == "Too short."
    few = replace(RECORD, ours=HitRate(0.8, 5, 0.4, 0.9), usual=HitRate(0.6, 5, 0.2, 0.8))
    assert "too few forecasts to judge" in TRACK_RECORD.facts(scene(few))[0].note


@pytest.mark.slow
def test_where_no_date_could_be_given_that_is_said_and_the_share_that_held_is_drawn() -> None:
    shown = scene(RECORD)
    endless = replace(shown, analysis=shown.analysis.with_(Scenario(remaining=1e6)), options={})
    assert str(TRACK_RECORD.sentence(endless)).startswith("In none of the last 13 weeks could a date be given")
    assert TRACK_RECORD.figure is not None
    assert TRACK_RECORD.figure(endless) == TRACK_RECORD.figure(scene(RECORD, chart="held"))
    (switch,) = TRACK_RECORD.switches
    assert endless.chosen(switch) == "held"
    result = replace(endless, options={"chart": "said"})
    assert TRACK_RECORD.figure(result) is None
    assert result.chosen(switch) == "said"


def test_a_week_leads_to_what_happened_in_it() -> None:
    shown = scene()
    result = behind(shown, f"said:{(MONDAY - timedelta(weeks=1)).isoformat()}")
    assert result is not None
    assert result.keys
    assert set(result.whys) == {"finished"}
    assert dict(result.inputs)["Left"] == "14 → 12"
    assert behind(shown, "said:2001-01-01").keys is None  # type: ignore[union-attr]


def test_the_page_asks_for_the_record_and_the_weekly_record() -> None:
    ctx = sample_context()
    ctx.backend.save_snapshots(REF, [snapshot("2026-03-24", "2026-06-01")])
    shown = visit_of(ctx, "", FORMATS).scene()
    assert isinstance(shown.record(), TrackRecord)
    assert [each.sure for each in shown.outlooks()] == [date(2026, 6, 1)]


def test_the_record_is_kept_level_by_level() -> None:
    ctx = sample_context()
    query = ctx.backend.get_query(REF)
    assert query is not None
    history = ctx.analysis(REF).throughput
    assert not isinstance(history, NotEnoughData)
    first = track_record.known_or_asked(ctx, query, history)
    ctx.jobs.cancel(track_record.job_name(query))
    assert first is not None
    assert [each.level for each in first.levels] == [50, 70, 85, 95]
    assert track_record.known(ctx, query, history) == first


@pytest.mark.slow
def test_of_many_items_the_weeks_further_back_are_not_kept_and_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = demo()
    expected = kept.outlooks
    assert "week_before" in kept.week_before.__dict__
    monkeypatch.setattr("app.domain.analysis._MANY_ITEMS", 0)
    freed = demo()
    assert freed.outlooks == expected
    assert "week_before" not in freed.week_before.__dict__
