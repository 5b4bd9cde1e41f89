"""An estimate by three points against values computed elsewhere (scipy), and what it says of a team's weeks."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.forecast import LEVELS, Forecast, ForecastSettings, forecast
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from app.domain.pert import SecondOpinion, ThreePoints, second_opinion

ORACLE = Path(__file__).parents[2].joinpath("..", "shared", "forecast-oracles", "forecast.json")
MONDAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("points", "mean", "deviation", "quantiles"),
    [
        ((4, 6, 14), 7.0, 1.6667, (6.7667, 7.8228, 8.9250, 10.2128)),
        ((2, 5, 8), 5.0, 1.0, (5.0, 5.6611, 6.2605, 6.8645)),
        ((10, 10, 10), 10.0, 0.0, (10, 10, 10, 10)),
    ],
)
def test_mean_deviation_and_quantiles(
    points: tuple[float, float, float], mean: float, deviation: float, quantiles: tuple[float, ...]
) -> None:
    three_points = ThreePoints(*points)
    assert (three_points.mean, three_points.deviation) == pytest.approx((mean, deviation), abs=1e-4)
    assert [three_points.quantile(level / 100) for level in LEVELS] == pytest.approx(list(quantiles), abs=1e-4)


@pytest.mark.skipif(not ORACLE.exists(), reason="the oracles lie beside the repository only")
@pytest.mark.parametrize("name", ["G_pert_4_6_14", "G_pert_2_5_8"])
def test_it_is_the_oracle(name: str) -> None:
    result = json.loads(ORACLE.read_text(encoding="utf-8"))[name]
    three_points = ThreePoints(*(float(each) for each in name.split("_")[2:]))
    assert three_points.mean == pytest.approx(result["mean"])
    for share, value in result["p"].items():
        assert three_points.quantile(float(share)) == pytest.approx(value, abs=1e-4)


@given(st.floats(0.1, 50), st.floats(0, 50), st.floats(0, 50), st.floats(0.01, 0.98))
def test_quantiles_rise_within_best_and_worst(best: float, more: float, most: float, share: float) -> None:
    three_points = ThreePoints(best, best + more, best + more + most)
    low, high = three_points.quantile(share), three_points.quantile(share + 0.01)
    assert three_points.best - 1e-9 <= low <= high <= three_points.worst + 1e-9


def forecast_of(left: float, weeks: list[float]) -> Forecast:
    pairs = [(done, 0.0) for done in weeks]
    result = forecast(left, pairs, pairs, MONDAY, ForecastSettings(Method.PLAIN))
    assert isinstance(result, Forecast)
    return result


def test_it_goes_by_the_best_the_usual_and_the_worst_tenth_of_the_weeks() -> None:
    result = second_opinion(forecast_of(40, [2, 4, 4, 5, 5, 5, 5, 8, 10, 20]))
    assert isinstance(result, SecondOpinion)
    assert result.rates == ThreePoints(10, 5, 2)
    assert result.estimate == ThreePoints(4, 8, 20)
    assert result.mean == pytest.approx((4 + 32 + 20) / 6)
    assert result.weeks[50] == pytest.approx(ThreePoints(4, 8, 20).quantile(0.5))
    assert result.dates[50] == date(2026, 3, 16)  # ten weeks, since nine are not enough
    assert 9 < result.weeks[50] < 10


def test_a_pace_without_doubt_leaves_none_and_where_nothing_was_finished_there_is_no_worst_case() -> None:
    steady = second_opinion(forecast_of(12, [3] * 12))
    assert isinstance(steady, SecondOpinion)
    assert set(steady.dates.values()) == {date(2026, 2, 2)}
    assert isinstance(second_opinion(forecast_of(12, [0, 0, *[3] * 10])), NotEnoughData)
    assert isinstance(second_opinion(NotEnoughData("")), NotEnoughData)
    assert isinstance(second_opinion(forecast_of(0, [])), NotEnoughData)
