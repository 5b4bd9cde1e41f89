"""Health as one number made of parts that can be looked into: each 0 to 1, with its weight, its reason and its issues.

A part of which nothing is known is absent, and the number is None while less than half of the weight is known. Every
part only falls as what it looks at gets worse, so that a missed deadline never improves anything; without a fault the
number is 100.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.findings import Findings
from app.domain.insights import STALE_DAYS, SURE
from app.domain.missing import NotEnoughData
from app.words import N_, Nn_

# Below this predictability a part of the number is lost; 1 is for machines.
_PREDICTABLE = 0.5


@dataclass(frozen=True, slots=True)
class HealthPart:
    """`score` 0 to 1; `why`: the figure behind it; `keys`: the issues that cost it something."""

    name: str
    score: float
    weight: float
    why: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """`score` 0 to 100, None while too little is known; `known_weight`: the share of the weight that is."""

    score: float | None
    known_weight: float
    parts: tuple[HealthPart, ...]
    absent: tuple[str, ...]


def health(findings: Findings) -> Health | NotEnoughData:
    if findings.throughput is None and findings.work is None:
        return findings.known.missing or NotEnoughData(N_("There are no data yet that could be judged."))
    parts = [(name, weight, part(findings)) for name, weight, part in _PARTS]
    known = tuple(
        HealthPart(name, outcome[0], weight, *outcome[1:]) for name, weight, outcome in parts if outcome is not None
    )
    weight, whole = sum(part.weight for part in known), sum(weight for _, weight, _ in _PARTS)
    score = math.fsum(part.score * part.weight for part in known) / weight if weight >= whole / 2 else None
    absent = tuple(name for name, _, outcome in parts if outcome is None)
    return Health(None if score is None else 100 * score, weight / whole, known, absent)


# A score with its reason and the issues behind it; None where nothing is known.
_Score = tuple[float, str, tuple[str, ...]] | None


def _deadline(findings: Findings) -> _Score:
    chance = findings.deadline_chance
    if chance is None:
        return None
    return (
        _up_to(chance, SURE),
        N_("the chance of {deadline} is {share:.0f} %", deadline=findings.known.params.deadline, share=100 * chance),
        (),
    )


def _net_flow(findings: Findings) -> _Score:
    throughput = findings.throughput
    if throughput is None or not any(week.created for week in findings.weeks):
        return None
    keys = {key for week in findings.weeks if week.created > week.done for key in week.created_keys}
    why = N_(
        "{pace:.3g} a week are finished, {created_pace:.3g} come in",
        pace=round(throughput.pace, 1),
        created_pace=round(throughput.created_pace, 1),
    )
    return _up_to(throughput.pace, throughput.created_pace), why, tuple(sorted(keys))


def _ageing(findings: Findings) -> _Score:
    work = findings.work
    if work is None or not work.age or not work.pace:
        return None
    old, count = findings.old_items, len(work.age)
    why = N_(
        "{count} of {all} items in progress are older than 85 % of the finished ones were",
        count=len(old),
        all=count,
    )
    return _up_to(1 - len(old) / count, SURE), why, tuple(age.key for age in old)


def _standstill(findings: Findings) -> _Score:
    work = findings.work
    if work is None or not work.wip.count:
        return None
    keys = {*work.blocked.now_keys, *findings.stalled_keys(STALE_DAYS)} & set(work.wip.keys)
    why = N_(
        "{count} of {all} items in progress are blocked, or stalled for {days} days",
        count=len(keys),
        all=work.wip.count,
        days=STALE_DAYS,
    )
    return 1 - len(keys) / work.wip.count, why, tuple(sorted(keys))


def _service_level(findings: Findings) -> _Score:
    sle = findings.work.sle if findings.work is not None else None
    if sle is None or isinstance(sle, NotEnoughData):
        return None
    why = Nn_(
        "{met} of {n} items took {days} day or less, {level} % should",
        "{met} of {n} items took {days} days or less, {level} % should",
        sle.days,
        met=sle.met,
        n=sle.n,
        days=sle.days,
        level=sle.level,
    )
    return _up_to(sle.share, sle.level / 100), why, sle.missed


def _pace(findings: Findings) -> _Score:
    recent, throughput = findings.recent_pace, findings.throughput
    if recent is None or throughput is None:
        return None
    why = N_(
        "{recent:.3g} a week lately, {pace:.3g} in the window", recent=round(recent, 1), pace=round(throughput.pace, 1)
    )
    return _up_to(recent, throughput.pace), why, ()


def _predictability(findings: Findings) -> _Score:
    score = findings.work.predictability if findings.work is not None else None
    if score is None:
        return None
    return (
        _up_to(score, _PREDICTABLE),
        N_("the cautious amount for 30 days is {share:.0f} % of the even one", share=100 * score),
        (),
    )


def _bugs(findings: Findings) -> _Score:
    bugs = findings.bugs
    if bugs is None or bugs.open_a_quarter_ago is None:
        return None
    why = N_(
        "Open bugs: {open}, a quarter ago {before}",
        open=bugs.open,
        before=bugs.open_a_quarter_ago,
    )
    return _up_to(bugs.open_a_quarter_ago + 1, bugs.open + 1), why, bugs.open_keys


def _dates(findings: Findings) -> _Score:
    doubts = findings.date_doubts
    if not doubts:
        return None
    worst = max(doubts, key=lambda doubt: (doubt.n / doubt.of, doubt.rule))
    return 1 - worst.n / worst.of, N_("{n} of {of} items: {text}", n=worst.n, of=worst.of, text=worst.text), worst.keys


def _up_to(value: float, enough: float) -> float:
    """1 from `enough` on, falling in proportion below it."""
    return 1.0 if value >= enough else max(0.0, value / enough)


_PARTS: Sequence[tuple[str, float, Callable[[Findings], _Score]]] = (
    ("deadline", 3.0, _deadline),
    ("net_flow", 2.0, _net_flow),
    ("ageing", 1.5, _ageing),
    ("standstill", 1.0, _standstill),
    ("service_level", 1.0, _service_level),
    ("pace", 1.0, _pace),
    ("predictability", 0.5, _predictability),
    ("bugs", 0.5, _bugs),
    ("dates", 0.5, _dates),
)
