"""What the work would come to if a setting of the project had another value: to be read beside it.

Of the settings that change what is counted, or the forecast of it. Nothing is saved; what was worked out last is kept
for as long as the data, the settings and the day are the same, without the issues it was counted from.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any

from app.context import Context
from app.domain.analysis import Analysis
from app.domain.forecast import Forecast
from app.domain.hierarchy import Hierarchy, Level
from app.domain.items import Unit
from app.domain.known import Built, makes_same_items
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.domain.ways import LEVEL
from app.settings import BY_NAME, Overrides, params_for, settings_of, with_value
from store.records import Profile, QueryRef

# Beside the present one: a month and a half, half a year, a year.
_WINDOWS = (6, 26, 52)
COMPARED = ("window", "unit", "method", "growth", "given_up", "sweeps", "counting")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one value of a setting. `left` and `finished` in `unit`; `sure`: the day that is 85 % sure, None where none
    is; `reason`: why there is no forecast. `open_keys`: the issues behind what is left, while they are compared."""

    value: Any
    unit: Unit
    left: float | None = None
    finished: float | None = None
    pace: float | None = None
    sure: date | None = None
    reason: str = ""
    open_keys: frozenset[str] = frozenset()
    levels: Mapping[Level, int] = field(default_factory=dict)


def outcomes(ctx: Context, ref: QueryRef, name: str) -> tuple[Outcome, ...]:
    """As it is first, then what each other value would make of it. `levels`: of the issues that count more then."""
    profile, query = ctx.work(ref)
    today = settings_of(profile).calendar.day_of(ctx.clock())
    return ctx.latest(f"outcomes of {name}", (profile, query, today), lambda: _outcomes(ctx, ref, profile, name))


def _outcomes(ctx: Context, ref: QueryRef, profile: Profile, name: str) -> tuple[Outcome, ...]:
    present = ctx.analysis(ref)
    first = _outcome(present, getattr(settings_of(profile), name))
    others = (_with(ctx, present, profile, name, value) for value in _others(profile, name))
    compared = (first, *(_beside(first, other, present.known.hierarchy) for other in others))
    return tuple(replace(outcome, open_keys=frozenset()) for outcome in compared)


def _others(profile: Profile, name: str) -> Iterator[Any]:
    present = getattr(settings_of(profile), name)
    default = BY_NAME[name].default
    values = type(default) if isinstance(default, Enum) else _WINDOWS
    return (value for value in values if value != present)


def _with(ctx: Context, present: Analysis, profile: Profile, name: str, value: Any) -> Outcome:
    changed = with_value(profile, name, value)
    params = params_for(changed, Overrides(), present.params.now, present.facts.query)
    facts = replace(present.facts, profile=changed)
    hierarchy, keep = present.built.hierarchy, present.built.keep
    is_same = makes_same_items(facts, params, present.params)
    analysis = Analysis(facts, params, threading.RLock(), present.built if is_same else Built(None, hierarchy, keep))
    try:
        return _outcome(analysis, value)
    finally:
        analysis.let_go()


def _outcome(analysis: Analysis, value: Any) -> Outcome:
    scope, throughput, forecast = analysis.scope, analysis.throughput, analysis.forecast
    dates = forecast.dates if isinstance(forecast, Forecast) else {}
    outcome = Outcome(
        value,
        analysis.params.unit,
        pace=throughput.pace if isinstance(throughput, Throughput) else None,
        sure=dates.get(LEVEL),
        reason=forecast.reason if isinstance(forecast, NotEnoughData) else "",
    )
    if not isinstance(scope, Scope):
        return outcome
    return replace(outcome, left=scope.remaining, finished=scope.done, open_keys=frozenset(scope.remaining_keys))


def _beside(first: Outcome, other: Outcome, hierarchy: Hierarchy) -> Outcome:
    more = other.open_keys - first.open_keys
    return replace(other, levels=Counter(hierarchy.level(hierarchy.issues[key]) for key in more))
