"""How a team's pace changes: how far back its weeks tell of the next ones, and how wrong they were at every past week.

The weeks of a team are not draws from one urn: the pace drifts, and a forecast that samples the last weeks only is
overconfident. Teams differ in two ways. Of one the pace holds, and a year of weeks tells more than the last dozen; of
another it changes all the time, and what is older than a month misleads: that is the memory. What it tells lasts as
long as it reaches back; a pace of the last three weeks is not one for years (`LATER`). And whatever the memory,
the pace to come may be any number of times the past one: that is the size of the drift, none included. A memory and a
size are a habit, and the team's own record says how likely each habit is: at past weeks, what would it have said about
the next weeks, and how far off was it? The answer is kept as odds, not as one habit, because a short record leaves
several possible.

Three things are learned from many series and not from the team's own. Down is farther than up: work dries up, and a
pace that holds is seldom beaten by as much (`SLOWS`). How likely each habit is before anything is known depends on how
many of the weeks are empty: of a team that finishes something every week the last three weeks tell most, of one that
seldom does they tell nothing. And the emptier the weeks, the less the record of errors is believed: with few items an
error is mostly chance, whatever a formula for the noise says of it.

Even odds and 70 % are the whole week whose end is nearest to the moment at which the chance is reached
(`forecast.Distribution`); the first week by which it is reached holds too often, by five points at even odds over four
weeks of work and more where the pace is steady. From 85 % on a date is a promise and is rounded up: real series hold
it too seldom rather than too often, and the chance by that very day is never below what the date says.

Chosen on one half of the series, by a hash of their part's name, and measured on the other: real ones (two projects, a
company's, a help desk; their parts, types, priorities, people, pieces of two and a half years, what was created a week
instead of done, points) and artificial ones of 60 to 250 weeks. `python -m scripts.measure.levels` measures it again;
the numbers by kind, and what was tried, stand in docs/decisions/0010-the-forecast-is-calibrated.md. The half that took
no part, mean over its series, and loss in units of the method's before (three memories, one drift to both sides, dates
rounded up):

                     dates held, before   now                        amounts held, before   now
    real ones        56 72 83 91          52 70 83 91   loss 0.95    62 78 89 96            49 71 90 96   loss 1.03
    artificial ones  61 80 91 97          55 78 93 98   loss 1.00    57 79 91 97            56 78 93 98   loss 1.00

What remains: work that dries up for good (people who leave, dropped components) is forecast too early, growth is not
carried on into the future, and weeks that alternate by a plan are taken for chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Memory:
    """How much past weeks tell of the next ones; all numbers are in windows (of twelve weeks, unless set otherwise).

    The weight of a week halves every `half_life` (None: it does not fade); weeks older than `reach` are left out.
    All weights together come to `worth` (None: each week counts as one).
    """

    half_life: float | None
    reach: float
    worth: float | None

    def weeks(self, window: int) -> int:
        """How many of the latest weeks have a say, for a window of that many weeks."""
        return max(window, round(window * self.reach))

    def fade(self, window: int) -> float:
        """The weight of a week in multiples of the next one's."""
        return 1.0 if self.half_life is None else math.pow(0.5, 1 / (window * self.half_life))

    def weights(self, weeks: int, window: int) -> tuple[float, ...]:
        """Weights of `weeks` weeks, oldest first."""
        fade = self.fade(window)
        raw = [fade**age for age in range(weeks - 1, -1, -1)]
        scale = 1.0 if self.worth is None else self.worth * window / math.fsum(raw)
        return tuple(weight * scale for weight in raw)


# A pace that holds: all weeks of a year tell the same.
YEAR = Memory(None, 13 / 3, None)
# A pace that changes with the seasons of a project: half of what is told, the last eight weeks tell.
QUARTER = Memory(2 / 3, 13 / 3, 1)
# A pace that changes all the time: the last three weeks do. What is older than twenty is below 1 %. Nor does it tell of
# more than the twenty to come: after them it is a quarter's (`LATER`).
MONTH = Memory(1 / 4, 5 / 3, 2 / 3)
MEMORIES = (YEAR, QUARTER, MONTH)
# What a pace is by when what a memory tells is over, after as many weeks as it reaches back.
LATER = {MONTH: QUARTER}


@dataclass(frozen=True, slots=True)
class Size:
    """How far a pace may drift: standard deviations of its log, downwards and upwards. Both 0: it holds."""

    slower: float = 0.0
    faster: float = 0.0

    @property
    def typical(self) -> float:
        return (self.slower + self.faster) / 2

    def density(self, error: float, noise: float) -> float:
        """How likely a pace is misjudged by `error` (log) when chance alone makes errors of variance `noise`.

        Two halves of normal distributions, each as wide as its side, joined where both are highest, and the noise.
        """
        if not self.slower and not self.faster:
            return _normal(error, noise)
        sides = ((self.slower, -error), (self.faster, error))
        return 2 * math.fsum(_half(size, towards, noise) for size, towards in sides) / (self.slower + self.faster)


def _half(size: float, towards: float, noise: float) -> float:
    """One side's part: `towards` is the error, above 0 on this side."""
    variance = noise + size * size
    reached = (1 + math.erf(towards * size / math.sqrt(2 * noise * variance))) / 2
    return size * _normal(towards, variance) * reached


def _normal(error: float, variance: float) -> float:
    return math.exp(-error * error / (2 * variance)) / math.sqrt(2 * math.pi * variance)


HOLDS = Size()
# Work that dries up slows down a lot; a pace that holds is seldom beaten by as much.
SLOWS = Size(0.45, 0.18)
VARIES = Size(0.30, 0.30)
SWINGS = Size(0.50, 0.50)


@dataclass(frozen=True, slots=True)
class Habit:
    """One way in which a team's pace may change.

    `busy`: how many teams in a hundred have it when none of their weeks is empty; `sparse`: when `SPARSE` of them are.
    """

    memory: Memory
    size: Size
    busy: float
    sparse: float

    def teams(self, empty: float) -> float:
        """In proportion, when this share of weeks is empty; from one to the other it changes by equal factors."""
        return self.busy * math.pow(self.sparse / self.busy, empty / SPARSE)


SPARSE = 0.6
# Of a team that finishes something every week the last weeks tell most; of one that seldom does they tell nothing.
HABITS = (
    Habit(YEAR, HOLDS, 12, 28),
    Habit(YEAR, SLOWS, 8, 14),
    Habit(QUARTER, HOLDS, 8, 38),
    Habit(QUARTER, SLOWS, 2, 3),
    Habit(MONTH, HOLDS, 10, 2),
    Habit(MONTH, VARIES, 40, 9),
    Habit(MONTH, SWINGS, 20, 6),
)
# The record is believed half for each so many empty weeks in all: of few items an error is mostly chance.
EMPTY_HALVES = 0.15
EMPTY_WEEKS_SEEN = 52
# An error a year old counts half: a team that has calmed down, or woken up, is soon believed.
RECORD_HALF_LIFE_WEEKS = 52
# Added to both paces of a ratio: a quarter item a week, so that weeks of nothing stay finite.
RATIO_FLOOR = 0.25
# A team whose weeks are all alike errs by nothing, and nothing must not be divided by.
LEAST_VARIANCE = 1e-4
# An error that no habit explains speaks for none of them.
LEAST_DENSITY = 4e-5
# So many weeks that are all alike are no accident: such a pace holds.
FEWEST_ALIKE = 12
# How far ahead a pace is judged. One span for all questions: the odds of the habits are then the same for any amount of
# work and any number of weeks, so that more work is never done earlier and "when" and "how many" agree.
SPAN_WEEKS = 12

LogOdds = tuple[float, ...]


def _shares(weights: Sequence[float]) -> tuple[float, ...]:
    total = math.fsum(weights)
    return tuple(weight / total for weight in weights)


@dataclass(frozen=True, slots=True)
class Drift:
    """`odds[i]`: the chance that `HABITS[i]` is this team's; they sum to 1."""

    odds: tuple[float, ...]

    @property
    def typical(self) -> float:
        """The size to be expected: standard deviation of the log of the pace's drift."""
        return math.fsum(share * habit.size.typical for share, habit in zip(self.odds, HABITS, strict=True))

    def sizes(self, memory: Memory) -> dict[Size, float]:
        """The chance of each size of drift together with this memory; they sum to the memory's own chance."""
        return {habit.size: share for share, habit in zip(self.odds, HABITS, strict=True) if habit.memory is memory}


@dataclass(frozen=True, slots=True)
class WeightedPace:
    """Weighted mean and variance of past weeks; `evidence`: how many equal weeks would tell as much."""

    mean: float
    variance: float
    evidence: float


_ALIKE = Drift(_shares([habit.busy if habit.size == HOLDS else 0.0 for habit in HABITS]))


class PastErrors:
    """The misjudged paces of one series of weeks, read at any past week without looking beyond it.

    `done`: all full weeks, oldest first. Sums are kept per span, so that a replay of every week stays cheap.
    """

    def __init__(self, done: Sequence[float], window: int) -> None:
        self._window = window
        self._sums = [0.0, *accumulate(done)]
        self._empty = [0, *accumulate(int(amount == 0) for amount in done)]
        self._alike = next((week for week, amount in enumerate(done) if amount != done[0]), len(done))
        self._paces = {memory: _weighted_paces(done, memory, window) for memory in MEMORIES}
        # Three weeks are too few to tell how far weeks scatter.
        pairs = zip(self._paces[MONTH], self._paces[QUARTER], strict=True)
        self._paces[MONTH] = [replace(month, variance=quarter.variance) for month, quarter in pairs]
        self._by_span: dict[int, list[LogOdds]] = {}

    def paces(self, memory: Memory) -> Sequence[WeightedPace]:
        """What the memory takes for the pace after 0, 1, 2 … weeks."""
        return self._paces[memory]

    def drift(self, origin: int, weeks_ahead: int = SPAN_WEEKS) -> Drift:
        """The odds of each habit over `weeks_ahead` weeks, from what was known after `origin` weeks."""
        if FEWEST_ALIKE <= origin <= self._alike:
            return _ALIKE
        evidence = self._evidence(weeks_ahead)
        step = _step(weeks_ahead)
        known = (origin - weeks_ahead - self._window) // step + 1
        known = min(max(0, known), len(evidence) - 1)
        latest = self._window + (known - 1) * step
        empty = self._empty_share(origin)
        belief = _faded(origin - latest) * math.pow(0.5, empty / EMPTY_HALVES)
        pairs = zip(HABITS, evidence[known], strict=True)
        return Drift(_odds([math.log(habit.teams(empty)) + belief * log for habit, log in pairs]))

    def _empty_share(self, origin: int) -> float:
        """The share of a year's weeks in which nothing was finished; 0 without any."""
        seen = min(origin, EMPTY_WEEKS_SEEN)
        return (self._empty[origin] - self._empty[origin - seen]) / seen if seen else 0.0

    def _evidence(self, weeks_ahead: int) -> list[LogOdds]:
        """What the first 0, 1, 2 … past weeks say about each habit, faded to the last of them."""
        if weeks_ahead not in self._by_span:
            fade, evidence = _faded(_step(weeks_ahead)), [(0.0,) * len(HABITS)]
            for week in range(self._window, len(self._sums) - weeks_ahead, _step(weeks_ahead)):
                new = self._judged(week, weeks_ahead)
                evidence.append(tuple(fade * old + log for old, log in zip(evidence[-1], new, strict=True)))
            self._by_span[weeks_ahead] = evidence
        return self._by_span[weeks_ahead]

    def _judged(self, week: int, weeks_ahead: int) -> LogOdds:
        """Log likelihood of each habit, by how its pace known after `week` weeks misjudged the next ones."""
        came = (self._sums[week + weeks_ahead] - self._sums[week]) / weeks_ahead
        errors = {memory: _error(paces[week], came, weeks_ahead) for memory, paces in self._paces.items()}
        return tuple(math.log(habit.size.density(*errors[habit.memory]) + LEAST_DENSITY) for habit in HABITS)


def _error(pace: WeightedPace, came: float, weeks: int) -> tuple[float, float]:
    """The log of what came in `weeks` weeks over the pace, and the variance that chance alone gives it."""
    error = math.log((came + RATIO_FLOOR) / (pace.mean + RATIO_FLOOR))
    # Both are uncertain: the mean of the weeks to come, and the pace it is compared with.
    chance = pace.variance * (1 / weeks + 1 / pace.evidence) / (pace.mean + RATIO_FLOOR) ** 2
    return error, chance + LEAST_VARIANCE


def _step(weeks_ahead: int) -> int:
    """Weeks between two errors: half a span, so that they overlap by half."""
    return max(1, weeks_ahead // 2)


def _faded(weeks: int) -> float:
    return math.pow(0.5, weeks / RECORD_HALF_LIFE_WEEKS)


def _odds(logs: Sequence[float]) -> tuple[float, ...]:
    largest = max(logs)
    return _shares([math.exp(log - largest) for log in logs])


def _weighted_paces(done: Sequence[float], memory: Memory, window: int) -> list[WeightedPace]:
    """The weighted pace before each week; nothing before the first. The latest week has the weight 1."""
    paces = [WeightedPace(0.0, 0.0, 1.0)]
    reach, fade = memory.weeks(window), memory.fade(window)
    gone = fade**reach
    weight = squared_weight = amount = square = 0.0
    for week, new in enumerate(done):
        # All that was known is a week older, this week comes in, and one falls out of reach.
        leaves, old = (gone, done[week - reach]) if week >= reach else (0.0, 0.0)
        weight = weight * fade + 1 - leaves
        squared_weight = squared_weight * fade**2 + 1 - leaves**2
        amount = amount * fade + new - leaves * old
        square = square * fade + new * new - leaves * old * old
        mean = max(0.0, amount / weight)
        paces.append(WeightedPace(mean, max(0.0, square / weight - mean * mean), weight**2 / squared_weight))
    return paces
