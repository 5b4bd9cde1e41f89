"""How often the forecast's levels hold, when and how many, on real and on made-up series, beside the usual method.

    python -m scripts.measure.levels [--every WEEKS] [--trials N] [--sizes WEEKS,WEEKS] [--half choose|hold]
        [--to OUT.json] [--against EARLIER.json] [FOLDER]

FOLDER holds issues: Jira's CSV exports, one issue a line in the shape of Jira's REST answer (.jsonl), or tables with
`created_date` and `finished_date`; any of them may be packed (.gz). Each list of issues gives many series: all of it,
its components, types, priorities, people and versions, what was created instead of finished, points (an issue's size
follows from its key), and pieces of two and a half years. Series by the same part belong to one half, by a hash of the
part's name: constants are chosen on one half and judged on the other. Without a folder only the made-up ones are used.

Loss is per series and in units of another method's: `--against` names a file written with `--to` (by the method of
another day, say), otherwise it is the usual method's. A level beyond the horizon counts as its last week, so that
nothing is gained by telling no date.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any, TextIO

from app.domain.accuracy import SIZES_IN_WEEKS, Calibration, is_hit, pinball, replay
from app.domain.accuracy_amounts import AmountRecord, replay_amounts
from app.domain.forecast import HORIZON_WEEKS, LEVELS
from app.domain.known import Method

FEWEST_WEEKS, FEWEST_ITEMS = 60, 40
PIECE_WEEKS, PIECE_EVERY = 130, 104
MOST_ORIGINS = 12
POINTS = (1, 1, 1, 2, 2, 2, 3, 3, 3, 5, 5, 8, 13)
# Added to losses, so that the ratio of two that are nearly nothing is not everything.
LEAST_LOSS = 0.01


@dataclass(frozen=True, slots=True)
class Issue:
    key: str
    created: date
    done: date | None
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Series:
    """`base`: the part it was made from, which decides its half."""

    name: str
    kind: str
    base: str
    done: tuple[float, ...]

    @property
    def is_chosen_on(self) -> bool:
        return _hashed(f"split:{self.base}") % 2 == 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one method told of one series: shares that held, mean losses (of dates in units of the backlog's duration,
    of amounts in units of what the pace brings), and the 85 % date in units of the backlog's duration."""

    dates: dict[str, float]
    dates_loss: float
    amounts: dict[str, float]
    amounts_loss: float
    sharpness: float


# -- series of issues ------------------------------------------------------------------------------------------------


def issues_in(path: Path) -> list[Issue]:
    """All issues of a file."""
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as lines:
        return list(_json_lines(lines) if ".jsonl" in path.name else _rows(lines))


def _json_lines(lines: TextIO) -> Iterator[Issue]:
    for line in lines:
        issue = json.loads(line)
        fields = issue["fields"]
        single = {"type": fields.get("issuetype"), "priority": fields.get("priority"), "person": fields.get("assignee")}
        parts = {name: [value["name"]] for name, value in single.items() if value}
        parts["component"] = [each["name"] for each in fields.get("components") or ()]
        parts["version"] = [each["name"] for each in fields.get("fixVersions") or ()]
        done = fields.get("resolutiondate")
        yield Issue(issue["key"], _iso(fields["created"]), _iso(done) if done else None, parts)


_COLUMNS = {
    "Issue Type": "type",
    "Priority": "priority",
    "Assignee": "person",
    "Component/s": "component",
    "Fix Version/s": "version",
}


def _rows(lines: TextIO) -> Iterator[Issue]:
    rows = csv.reader(lines)
    header = next(rows)
    is_jira = "Resolved" in header
    key, created, done = ("Issue key", "Created", "Resolved") if is_jira else ("id", "created_date", "finished_date")
    places = [header.index(name) for name in (key, created, done)]
    read = _jira_day if is_jira else _iso
    for row in rows:
        name, came, went = (row[place] for place in places)
        if came or went:
            parts: dict[str, list[str]] = defaultdict(list)
            for column, value in zip(header, row, strict=True):
                if column in _COLUMNS and value:
                    parts[_COLUMNS[column]].append(value)
            yield Issue(name, read(came or went), read(went) if went else None, parts)


def _iso(text: str) -> date:
    return date.fromisoformat(text[:10])


def _jira_day(text: str) -> date:
    return datetime.strptime(text.partition(" ")[0], "%d/%b/%y").replace(tzinfo=UTC).date()


def series_of(name: str, issues: Sequence[Issue]) -> Iterator[Series]:
    """Every series that a list of issues gives and that is long and full enough."""
    lists: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    lists["whole", "all"] = list(issues)
    for issue in issues:
        for part, values in issue.parts.items():
            for value in values:
                lists[part, value].append(issue)
    for (part, value), chosen in sorted(lists.items()):
        base = f"{name}/{part}/{value}"
        done = _weekly(chosen, lambda issue: issue.done)
        parts_of = [(base, part, done)]
        parts_of.append((f"{base}/created", "created", _weekly(chosen, lambda issue: issue.created)))
        if part not in ("person", "version"):
            parts_of.append((f"{base}/points", "points", _weekly(chosen, lambda issue: issue.done, _points)))
        if part in ("whole", "type", "component"):
            starts = range(0, len(done) - PIECE_WEEKS // 2, PIECE_EVERY)
            parts_of += [(f"{base}/from {start}", "piece", done[start : start + PIECE_WEEKS]) for start in starts]
        for title, kind, weeks in parts_of:
            if len(weeks) >= FEWEST_WEEKS and sum(weeks) >= FEWEST_ITEMS:
                yield Series(title, kind, base, tuple(weeks))


def _weekly(
    issues: Iterable[Issue], day_of: Callable[[Issue], date | None], size: Callable[[Issue], float] = lambda _: 1.0
) -> list[float]:
    weeks: Counter[date] = Counter()
    first = date.max
    for issue in issues:
        day = day_of(issue)
        first = min(first, _monday(issue.created))
        if day is not None:
            weeks[_monday(day)] += size(issue)  # type: ignore[assignment]
    if not weeks:
        return []
    first = min(first, *weeks)
    return [float(weeks[first + timedelta(weeks=week)]) for week in range((max(weeks) - first).days // 7)]


def _points(issue: Issue) -> float:
    return float(POINTS[_hashed(issue.key) % len(POINTS)])


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


# -- made-up series --------------------------------------------------------------------------------------------------


def made_up() -> Iterator[Series]:
    """Series of which the truth is known, three of each kind and pace."""
    for pace in (0.4, 1, 2, 5, 12, 30):
        for kind, (weeks, rates) in _RATES.items():
            for number in range(3):
                name = f"{kind} {pace} {number}"
                random = Random(_hashed(name))
                done = tuple(float(_poisson(random, pace * rate)) for rate in rates(random, weeks))
                if sum(done) >= FEWEST_ITEMS:
                    yield Series(name, kind, name, done)


def _walk(random: Random, weeks: int) -> Iterator[float]:
    log = 0.0
    for _ in range(weeks):
        log = 0.985 * log + random.gauss(0, 0.1)
        yield math.exp(log)


def _regimes(random: Random, weeks: int) -> Iterator[float]:
    level = 1.0
    for _ in range(weeks):
        if random.random() < 1 / 26:
            level = math.exp(random.gauss(0, 0.6))
        yield level


def _seasons(_: Random, weeks: int) -> Iterator[float]:
    for week in range(weeks):
        pause = 0.15 if week % 52 in (30, 31, 50, 51) else 1.0
        yield pause * (1 + 0.6 * math.sin(2 * math.pi * week / 52))


_RATES: Mapping[str, tuple[int, Callable[[Random, int], Iterable[float]]]] = {
    "steady": (200, lambda _, weeks: [1.0] * weeks),
    "clumped": (200, lambda random, weeks: [random.gammavariate(1.2, 1 / 1.2) for _ in range(weeks)]),
    "short": (60, lambda random, weeks: [random.gammavariate(3, 1 / 3) for _ in range(weeks)]),
    "bursts": (200, lambda random, weeks: [5.0 if random.random() < 0.2 else 0.0 for _ in range(weeks)]),
    "sprints": (200, lambda _, weeks: [4.0 if week % 4 == 3 else 0.3 for week in range(weeks)]),
    "walk": (250, _walk),
    "regimes": (250, _regimes),
    "seasons": (220, _seasons),
    "growing": (180, lambda _, weeks: [math.exp(1.6 * week / weeks) for week in range(weeks)]),
    "shrinking": (180, lambda _, weeks: [math.exp(-1.3 * week / weeks) for week in range(weeks)]),
}


def _poisson(random: Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count, product = count + 1, product * random.random()
    return count


# -- what is told of them --------------------------------------------------------------------------------------------


def judged(
    series: Series, method: Method, every: int, trials: int, sizes: Sequence[int] = SIZES_IN_WEEKS
) -> Judgement | None:
    """What the method would have told at weeks of the past; None where there is nothing to judge."""
    step = max(every, -(-(len(series.done) - 12) // MOST_ORIGINS))
    seed = _hashed(series.name)
    dates = replay(series.done, method, step, trials, seed, sizes=sizes)
    amounts = replay_amounts(series.done, method, step, trials, seed, sizes=sizes)
    if not isinstance(dates, Calibration) or not isinstance(amounts, AmountRecord):
        return None
    pace = fmean(series.done)
    return Judgement(
        {str(level): record.hit_rate for level, record in dates.levels.items() if record.n},
        _loss(dates, len(series.done)),
        {str(level): record.hit_rate for level, record in amounts.levels.items() if record.n},
        amounts.pinball / (pace * fmean(sizes)),
        dates.relative_p85,
    )


def _loss(record: Calibration, known_weeks: int) -> float:
    losses = []
    for origin in record.replayed:
        since = known_weeks - origin.week
        for level in LEVELS:
            weeks = origin.weeks[level] or HORIZON_WEEKS + 1
            if is_hit(weeks, origin.actual, since) is not None:
                actual = since + 1 if origin.actual is None else origin.actual
                losses.append(pinball(level, actual, weeks) / origin.horizon)
    return fmean(losses) if losses else 0.0


def _line(name: str, chosen: Sequence[tuple[Judgement, Judgement]]) -> str:
    """`chosen`: what ours told, and what the method told that it is compared with."""
    ours, others = [each for each, _ in chosen], [each for _, each in chosen]
    rates = ([each.dates for each in ours], [each.amounts for each in ours], [each.dates for each in others])
    cells = [_mean_rates(each) for each in rates]
    dates = _ratio([(each.dates_loss, other.dates_loss) for each, other in chosen])
    amounts = _ratio([(each.amounts_loss, other.amounts_loss) for each, other in chosen])
    sharp = f"{fmean(each.sharpness for each in ours):5.2f} {fmean(each.sharpness for each in others):5.2f}"
    return f"{name:12}{len(chosen):4}  {cells[0]}  {dates:6.3f}   {cells[1]}  {amounts:6.3f}   {cells[2]}   {sharp}"


def _mean_rates(rates: Sequence[Mapping[str, float]]) -> str:
    means = [fmean(each[str(level)] for each in rates if str(level) in each) for level in LEVELS]
    return " ".join(f"{100 * mean:4.0f}" for mean in means)


def _ratio(losses: Sequence[tuple[float, float]]) -> float:
    """The geometric mean, so that no series counts more than another."""
    return math.exp(fmean(math.log((loss + LEAST_LOSS) / (other + LEAST_LOSS)) for loss, other in losses))


def _within(rates: Sequence[Mapping[str, float]]) -> str:
    """The share of series whose levels are within 8 points."""
    held_at = {
        level: [abs(each[str(level)] - level / 100) <= 0.08 for each in rates if str(level) in each] for level in LEVELS
    }
    return " ".join(f"{100 * fmean(near):4.0f}" for near in held_at.values() if near)


def main(arguments: Sequence[str]) -> None:
    options = _options(arguments)
    series_there = list(made_up())
    for path in sorted(Path(options.folder).iterdir()) if options.folder else ():
        if {".csv", ".jsonl"} & set(path.suffixes):
            series_there += series_of(path.name.split(".")[0].split("-")[0], issues_in(path))
    series_there = [each for each in series_there if options.half in (None, "choose" if each.is_chosen_on else "hold")]
    before = json.loads(Path(options.against).read_text(encoding="utf-8")) if options.against else {}
    ours: dict[str, Judgement] = {}
    compared: dict[str, list[tuple[Judgement, Judgement]]] = defaultdict(list)
    ask = partial(judged, every=options.every, trials=options.trials, sizes=options.sizes)
    for number, series in enumerate(series_there):
        print(f"\r{number + 1} of {len(series_there)}", end="", file=sys.stderr)
        judgement = ask(series, Method.CALIBRATED)
        if judgement is None or (before and series.name not in before):
            continue
        ours[series.name] = judgement
        other = Judgement(**before[series.name]) if before else ask(series, Method.PLAIN)
        if other is not None:
            compared[series.kind].append((judgement, other))
    print(file=sys.stderr)
    if options.to:
        Path(options.to).write_text(
            json.dumps({name: asdict(judgement) for name, judgement in ours.items()}), encoding="utf-8"
        )
    _print(compared)


def _print(compared: Mapping[str, Sequence[tuple[Judgement, Judgement]]]) -> None:
    print(
        f"{'':16}  {'dates held':20} loss     {'amounts held':20} loss     {'dates of the other':20}  85 % date, other"
    )
    for kind, chosen in compared.items():
        print(_line(kind, chosen))
    every = [pair for chosen in compared.values() for pair in chosen]
    made_up_kinds = set(_RATES)
    for name, kinds in (("made up", made_up_kinds), ("real", set(compared) - made_up_kinds)):
        chosen = [pair for kind in kinds & set(compared) for pair in compared[kind]]
        if chosen:
            print(_line(name, chosen))
    print(_line("all", every))
    for name, rates in (("dates", [each.dates for each, _ in every]), ("amounts", [each.amounts for each, _ in every])):
        print(f"series within 8 points, {name}: {_within(rates)}")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts.measure.levels", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", help="a folder of issues")
    parser.add_argument("--every", type=int, default=4, help="least weeks between two forecasts (default 4)")
    parser.add_argument("--trials", type=int, default=300, help="futures a forecast (default 300)")
    parser.add_argument(
        "--sizes", type=_sizes, default=SIZES_IN_WEEKS, help="how much work, in weeks at the pace (default 4,8,12)"
    )
    parser.add_argument(
        "--half", choices=("choose", "hold"), help="only the series that constants were chosen on, or the others"
    )
    parser.add_argument("--to", help="file for what was told of each series")
    parser.add_argument("--against", help="such a file of another method, to compare with instead of the usual method")
    return parser.parse_args(arguments)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(weeks) for weeks in text.split(","))


if __name__ == "__main__":
    main(sys.argv[1:])
