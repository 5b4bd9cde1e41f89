"""Checks that are always the same: each with its rule and threshold, the figure it found, the issues and what to do.

A check that has nothing to look at says so; it is neither fine nor open. Those that are open come first, the one
that moves the date most in front.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.findings import RECENT_WEEKS, Findings
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.process_limits import Limits
from app.words import N_, Nn_

SURE = 0.85
STALE_DAYS = 14


class State(StrEnum):
    OPEN = "open"
    FINE = "fine"
    NO_DATA = "no data"


@dataclass(frozen=True, slots=True)
class Insight:
    """`evidence` is compared with `threshold`, both in `unit`; None without data. `effect_weeks`: by how much what is
    found moves the date out, None where that cannot be said or never ends.
    """

    rule: str
    state: State
    threshold: float
    evidence: float | None
    unit: str
    text: str
    advice: str
    keys: tuple[str, ...]
    effect_weeks: float | None = None


def insights(findings: Findings) -> tuple[Insight, ...] | NotEnoughData:
    """Every check, the open ones first."""
    if findings.throughput is None and findings.work is None:
        return findings.known.missing or NotEnoughData(N_("There are no data yet that could be checked."))
    checks = [check(findings) for check in _CHECKS]
    order = list(State)
    return tuple(sorted(checks, key=lambda each: (order.index(each.state), -(each.effect_weeks or 0.0))))


def _lacking(rule: str, threshold: float, unit: str, reason: str) -> Insight:
    return Insight(rule, State.NO_DATA, threshold, None, unit, reason, "", ())


def _state(is_open: bool) -> State:
    return State.OPEN if is_open else State.FINE


def _deadline(findings: Findings) -> Insight:
    chance, day = findings.deadline_chance, findings.known.params.deadline
    if chance is None or day is None:
        reason = (
            N_("There is no deadline.") if day is None else N_("Too little is known for a forecast of the deadline.")
        )
        return _lacking("deadline", SURE, "chance", reason)
    late = findings.weeks_late if chance < SURE else None
    if chance == 0.0 and day < findings.known.as_of:
        text = N_("The deadline {day} is past and work remains.", day=day)
    else:
        text = N_("The deadline {day} is met with a chance of {chance:.0f} %.", day=day, chance=100 * chance)
    return Insight(
        "deadline",
        _state(chance < SURE),
        SURE,
        chance,
        "chance",
        text,
        N_("Leave work out, move the deadline, or find out what would raise the pace: What if shows each."),
        _remaining_keys(findings),
        late if late is not None and late > 0 else None,
    )


def _remaining_keys(findings: Findings) -> tuple[str, ...]:
    return tuple(sorted(item.issue.key for item in findings.known.open_items))


def _net_flow(findings: Findings) -> Insight:
    weeks, throughput = findings.weeks, findings.throughput
    if throughput is None or not any(week.created for week in weeks):
        return _lacking("net_flow", 0, "weeks", N_("Nothing tells how much work came in."))
    more = [week for week in weeks if week.created > week.done]
    half = len(weeks) / 2
    growing = throughput.pace - throughput.created_pace
    return Insight(
        "net_flow",
        _state(len(more) > half),
        half,
        len(more),
        "weeks",
        N_(
            "More came in than was finished in {count} of {all} weeks ({created_pace:.3g} a week against {pace:.3g}).",
            count=len(more),
            all=len(weeks),
            created_pace=round(throughput.created_pace, 1),
            pace=round(throughput.pace, 1),
        ),
        N_("Decide what of the new work is needed; the forecast without growth leaves it out."),
        tuple(sorted({key for week in more for key in week.created_keys})),
        findings.longer_at(growing) if len(more) > half else None,
    )


def _ageing(findings: Findings) -> Insight:
    work = findings.work
    if work is None or not work.age or not work.pace:
        return _lacking(
            "old_items", 1 - SURE, "share", N_("No item is in progress, or none was finished to compare with.")
        )
    old, share = findings.old_items, len(findings.old_items) / len(work.age)
    return Insight(
        "old_items",
        _state(share > 1 - SURE),
        1 - SURE,
        share,
        "share",
        N_(
            "{count} of {all} items in progress are older than 85 % of the finished ones were.",
            count=len(old),
            all=len(work.age),
        ),
        N_("Talk about the oldest first: split it, help with it, or give it up."),
        tuple(age.key for age in old),
    )


def _stalled(findings: Findings) -> Insight:
    work = findings.work
    if work is None or not work.wip.count:
        return _lacking("stalled", 0.25, "share", N_("No item is in progress."))
    keys = findings.stalled_keys(STALE_DAYS)
    share = len(keys) / work.wip.count
    return Insight(
        "stalled",
        _state(share > 0.25),
        0.25,
        share,
        "share",
        N_(
            "Nothing happened for {days} days or more to {count} of {all} items in progress.",
            days=STALE_DAYS,
            count=len(keys),
            all=work.wip.count,
        ),
        N_("Ask what they wait for; what nobody works on is not in progress."),
        keys,
    )


def _blocked(findings: Findings) -> Insight:
    work = findings.work
    if work is None or not work.wip.count:
        return _lacking("blocked", 0, "items", N_("No item is in progress."))
    keys = work.blocked.now_keys
    return Insight(
        "blocked",
        _state(bool(keys)),
        0,
        len(keys),
        "items",
        N_(
            "{count} of {all} items in progress are blocked; {days:.3g} days were lost to it in the window.",
            count=len(keys),
            all=work.wip.count,
            days=work.blocked.days,
        ),
        N_("Name who can clear each, and when."),
        keys,
    )


def _service_level(findings: Findings) -> Insight:
    sle = findings.work.sle if findings.work is not None else None
    if sle is None or isinstance(sle, NotEnoughData):
        return _lacking("service_level", SURE, "share", N_("No item with a known start was finished."))
    wanted = sle.level / 100
    return Insight(
        "service_level",
        _state(sle.share < wanted),
        wanted,
        sle.share,
        "share",
        Nn_(
            "{met} of {n} items were finished within {days} day; {level} % were to be.",
            "{met} of {n} items were finished within {days} days; {level} % were to be.",
            sle.days,
            met=sle.met,
            n=sle.n,
            days=sle.days,
            level=sle.level,
        ),
        N_("See what those that took longer have in common, or say a level that holds."),
        sle.missed,
    )


def _pace(findings: Findings) -> Insight:
    recent = findings.recent_pace
    if recent is None or findings.throughput is None:
        return _lacking(
            "pace",
            0.75,
            "share",
            N_("It takes {value} weeks with a finish to compare the pace.", value=2 * RECENT_WEEKS),
        )
    usual = findings.throughput.pace
    ratio = recent / usual
    return Insight(
        "pace",
        _state(ratio < 0.75),
        0.75,
        ratio,
        "share",
        N_(
            "{recent:.3g} a week were finished in the last {weeks} weeks, {usual:.3g} in the whole window.",
            recent=round(recent, 1),
            weeks=RECENT_WEEKS,
            usual=round(usual, 1),
        ),
        N_("Find out what changed: people away, larger items, work that is not counted here."),
        tuple(sorted({key for week in findings.weeks[-RECENT_WEEKS:] for key in week.done_keys})),
        findings.longer_at(recent) if ratio < 0.75 else None,
    )


def _work_in_progress(findings: Findings) -> Insight:
    work = findings.work
    known: Limits | None = work.series.limits.get("wip") if work is not None else None
    if work is None or known is None or len(work.series.wip) < 6:
        return _lacking("work_in_progress", 0, "items", N_("It takes six whole weeks to tell what is usual."))
    return Insight(
        "work_in_progress",
        _state(work.wip.count > known.upper),
        known.upper,
        work.wip.count,
        "items",
        Nn_(
            "{count} item is in progress; up to {upper:,.4g} is what the last weeks vary by themselves.",
            "{count} items are in progress; up to {upper:,.4g} is what the last weeks vary by themselves.",
            work.wip.count,
            upper=round(known.upper, 1),
        ),
        N_("Finish before starting more: cycle times grow with what is in progress."),
        work.wip.keys,
    )


def _predictability(findings: Findings) -> Insight:
    score = findings.work.predictability if findings.work is not None else None
    if score is None:
        return _lacking("predictability", 0.5, "share", N_("Nothing was finished in the window."))
    return Insight(
        "predictability",
        _state(score < 0.5),
        0.5,
        score,
        "share",
        N_("The cautious amount for 30 days is {score:.0f} % of the even one.", score=100 * score),
        N_("Smaller and more equal items, and fewer days on which all is closed at once, make dates closer."),
        (),
    )


def _reopened(findings: Findings) -> Insight:
    work = findings.work
    if work is None or not work.finished:
        return _lacking("reopened", 0.1, "share", N_("Nothing was finished in the window."))
    keys = findings.reopened_keys
    share = len(keys) / (len(work.finished) + len(set(keys) - set(work.finished_keys)))
    return Insight(
        "reopened",
        _state(share > 0.1),
        0.1,
        share,
        "share",
        Nn_("{count} item was done and reopened.", "{count} items were done and reopened.", len(keys)),
        N_("Agree on what done means, and who checks it before."),
        keys,
    )


def _bugs(findings: Findings) -> Insight:
    bugs = findings.bugs
    if bugs is None or bugs.open_a_quarter_ago is None:
        return _lacking("bugs", 0, "bugs", N_("No bugs are known from a quarter ago."))
    more = bugs.open - bugs.open_a_quarter_ago
    return Insight(
        "bugs",
        _state(more > 0),
        0,
        more,
        "bugs",
        N_(
            "Open bugs: {open}, a quarter ago {before}.",
            open=bugs.open,
            before=bugs.open_a_quarter_ago,
        ),
        N_("Fix before adding while more come than go, or close what nobody will fix."),
        bugs.open_keys,
    )


def _bulk(findings: Findings) -> Insight:
    throughput = findings.throughput
    if throughput is None or not throughput.weeks or findings.work is None:
        return _lacking("closed_in_bulk", 0, "items", N_("There are no whole weeks of items yet."))
    swept = sum(sweep.finished for sweep in throughput.sweeps)
    without = throughput.pace - swept / len(throughput.window)
    return Insight(
        "closed_in_bulk",
        _state(swept > 0),
        0,
        swept,
        "items",
        Nn_(
            "{swept} items were closed in bulk, on {count} day.",
            "{swept} items were closed in bulk, on {count} days.",
            len(throughput.sweeps),
            swept=swept,
        ),
        N_("If they were tidied up rather than finished, leave those days out of the pace."),
        tuple(sorted({key for sweep in throughput.sweeps for key in sweep.keys})),
        findings.longer_at(without) if swept and findings.known.unit is Unit.ITEMS else None,
    )


def _dates(findings: Findings) -> Insight:
    doubts = [doubt for doubt in findings.date_doubts if doubt.rule != "closed_in_bulk"]
    if not doubts:
        return _lacking("dates", 0.05, "share", N_("No item is done yet."))
    worst = max(doubts, key=lambda doubt: (doubt.n / doubt.of, doubt.rule))
    return Insight(
        "dates",
        _state(worst.n > 0.05 * worst.of),
        0.05,
        worst.n / worst.of,
        "share",
        N_("{n} of {of} items were {text}.", n=worst.n, of=worst.of, text=worst.text),
        worst.effect,
        worst.keys,
    )


def _unestimated(findings: Findings) -> Insight:
    if findings.known.unit is not Unit.POINTS:
        return _lacking("unestimated", 0, "items", N_("Items are counted, so no estimate is needed."))
    opened = [item for item in findings.known.items if item.in_scope and item.done is None]
    keys = tuple(sorted(item.issue.key for item in opened if item.points is None))
    effect = findings.weeks_at(findings.throughput.pace) if findings.throughput is not None else None
    estimated = len(opened) - len(keys)
    return Insight(
        "unestimated",
        _state(bool(keys)),
        0,
        len(keys),
        "items",
        N_("{count} of {all} open items have no points and count as no work.", count=len(keys), all=len(opened)),
        N_("Estimate them, or count in items."),
        keys,
        effect * len(keys) / estimated if effect is not None and keys and estimated else None,
    )


def _stale(findings: Findings) -> Insight:
    last = findings.last_event
    if last is None:
        return _lacking("stale", STALE_DAYS, "days", N_("There are no items."))
    days = (findings.known.last_day - last).days
    return Insight(
        "stale",
        _state(days > STALE_DAYS),
        STALE_DAYS,
        days,
        "days",
        N_("The last time that anything happened was {last}.", last=last),
        N_("Fetch newer data, or look at the work as of that day."),
        (),
    )


_CHECKS: Sequence[Callable[[Findings], Insight]] = (
    _deadline,
    _net_flow,
    _pace,
    _bulk,
    _unestimated,
    _ageing,
    _blocked,
    _stalled,
    _service_level,
    _work_in_progress,
    _reopened,
    _bugs,
    _predictability,
    _dates,
    _stale,
)
