"""Dates as trackers and spreadsheets write them, read fast: each distinct day and time of day is parsed once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from itertools import chain, repeat
from operator import contains
from typing import NamedTuple

from app.errors import UnclearDates
from app.imports.blanks import says_no_day
from app.imports.month_names import AFTERNOON, FORENOON
from app.imports.months import Months, plain_word
from app.words import N_

FIRST_YEAR, LAST_YEAR = 1970, 2199
# Years in which nothing happened: what programs keep where there is no day, such as 0001-01-01, 31/12/1899 and
# 9999/12/31, and at any other time of the year a slip of the pen.
_NO_YEARS_UNTIL = 1901
_NO_YEARS = frozenset({0, 1, 9999})
_TURN_OF_YEAR = frozenset({(1, 1), (12, 30), (12, 31)})
# Days of the same kind in other years: where counting begins or ends, and the end of a century.
_NO_DAYS = frozenset(
    {
        date(1904, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2079, 6, 6), date(2099, 1, 1), date(2099, 12, 31),
        date(2100, 1, 1), date(2106, 2, 7), date(2199, 12, 31), date(2262, 4, 11),
    }
)  # fmt: skip
# Thai years are so much larger; of two digits they are one beside a month in Thai letters, from 2550 (2007) on.
_BUDDHIST, _THAI, _THAI_SHORT = 543, re.compile("[\u0e01-\u0e5b]"), 50
_ONE_DAY = timedelta(days=1)
_WORDS_IN = 1_000
# Seconds since 1970 in September 2001; smaller numbers are no instants.
_FIRST_COUNTED = 1_000_000_000


class DayOrder(StrEnum):
    """How numeric dates such as 04/05/2026 are written; the year goes first only where it has two digits."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


# What a date with four digits of a year can be.
_YEAR_LAST_ORDERS = (DayOrder.DMY, DayOrder.MDY)
# Two digits name a year ahead of us by that much, at most, in a column of plans; and where the year may go first or
# last, it goes first only if the oldest day is so many years younger then.
_AHEAD, _YOUNGER = 2, 3


# A month in letters; in Vietnamese and East Asian languages it may be a number beside a word.
_MONTH = r"(?:(?:th|thg|tháng)\.?\s?\d{1,2}(?!\d)|\d{1,2}\s?[月월]|[^\W\d_][^\d\s/,\-]*)"
_DAY = re.compile(
    r"(?:[^\W\d_]+\.?(?:,\s*|\s+))?"  # a weekday's name
    r"(?:(?P<iso_y>\d{4})(?P<iso_s>[-/.]\s?)(?P<iso_m>\d{1,2})(?P=iso_s)(?P<iso_d>\d{1,2})(?!\d)\.?"
    r"|(?P<cjk_y>\d{4})\s?[年년]\s?(?P<cjk_m>\d{1,2})\s?[月월]\s?(?P<cjk_d>\d{1,2})\s?[日일]"
    r"|(?P<compact>\d{8})(?!\d)"
    r"|(?P<week_y>\d{4})-?[Ww](?P<week>\d{1,2})(?!\d)"
    r"|(?P<a>\d{1,2})(?P<s>[-/.]\s?)(?P<b>\d{1,2})(?P=s)(?P<num_y>\d{4}|\d{2})(?!\d)\.?"
    rf"|(?P<dmy_d>\d{{1,2}})(?:er|[ºª])?(?:\s+del?\s+|[-/. ]\s*)(?P<dmy_m>{_MONTH})\.?"
    r"(?:\s+del?\s+|[-/., ]\s*)(?P<dmy_y>\d{4}|\d{2})(?!\d)(?:\s*[гр]\.)?"
    rf"|(?P<ymd_y>\d{{4}})(?:\.\s?|[-/ ])(?P<ymd_m>{_MONTH})\.?[-/. ]\s?(?P<ymd_d>\d{{1,2}})(?!\d)\.?"
    r"|(?P<mdy_m>[^\W\d_]+)\.?\s+(?P<mdy_d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<mdy_y>\d{4})(?!\d))",
    re.IGNORECASE,
)
_YEARS = ("iso_y", "cjk_y", "week_y", "num_y", "dmy_y", "ymd_y", "mdy_y")
# As programs print it, the year last: Mon Jan  5 09:05:00 UTC 2015.
_YEAR_LAST = re.compile(
    r"(?P<day>(?:[^\W\d_]+\.?,?\s+)?[^\W\d_]+\.?\s+\d{1,2})\s+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)"
    r"(?:\s+(?P<zone>Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2}))?\s+(?P<year>\d{4})\s*$"
)
# Milliseconds or seconds since 1970, as programs count: none before 2001.
_COUNTED = re.compile(r"\d{13}|\d{10}(?:\.\d+)?")
# The same as some servers write it into JSON; the offset says where it was read, and changes nothing.
_SERVER_DATE = re.compile(r"\\?/Date\((\d{10,13})(?:[+-]\d{4})?\)\\?/")
# Days since the end of 1899, as a spreadsheet counts them: from 2000 to 2099.
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_SERIAL_DAY, _FIRST_SERIAL, _LAST_SERIAL = datetime(1899, 12, 30, tzinfo=UTC), 36_526, 73_050
_NUMERIC_DAY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_CLOCK = re.compile(
    r"[T ,]\s*(?P<before>[^\d:]*?)\s*(?P<h>\d{1,2})(?P<p>[:.])(?P<m>\d{2})"
    r"(?:(?P=p)(?P<s>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<after>.*)"
)
# What clocks are called, in hours from UTC. The last two mean others too, where these are the user's own.
_CLOCK_NAMES: Mapping[str, float] = {
    "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "SAST": 2,
    "MSK": 3, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11,
    "NZST": 12, "NZDT": 13, "BRT": -3, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10, "CST": -6, "IST": 5.5,
}  # fmt: skip
_ZONE = re.compile(
    rf"(?P<half>[^\d+-]*?)\s*(?P<utc>Z|UTC|GMT|(?P<name>{'|'.join(_CLOCK_NAMES)})(?![A-Za-z]))?\s*"
    r"(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?"
    r"(?:\s*\(.*\)|(?<=[\dZ])\s*\[[^\]]*\]|(?<=\d) [A-Z]{2,5})?",
    re.DOTALL,
)
# As in 20260131T090500Z.
_BASIC_CLOCK = re.compile(r"T\d{6}(?!\d)")
# A time of day and the name of its zone are not longer.
_LONGEST_CLOCK = 120
# What languages put between the day and the time of day.
_AT = frozenset({"", "at", "kl", "klo", "um", "a", "as", "alas", "a las", "alle", "om", "o", "в", "о", "uhr"})


@dataclass(frozen=True, slots=True)
class Writing:
    """How a column writes its dates."""

    order: DayOrder = DayOrder.DMY
    months: Months = field(default_factory=Months)


class _Day(NamedTuple):
    """`starts` is its 00:00 in the reader's zone; `steady` when no clock change falls on it."""

    day: date
    starts: datetime
    steady: bool


class _Clock(NamedTuple):
    """Time since midnight; `offset` from UTC where the text names one."""

    since_midnight: timedelta
    offset: timedelta | None


class DateReader:
    """Reads one column. Text without a zone of its own is meant in `zone`; numeric dates in `order`.

    `months`: the names of months that the file uses; those of every language known when nothing is said.
    """

    def __init__(self, zone: tzinfo, order: DayOrder = DayOrder.DMY, months: Months | None = None) -> None:
        self._zone = zone
        self._writing = Writing(order, months or Months())
        self._days: dict[str, _Day | None] = {}
        # A day alone means its 00:00.
        self._clocks: dict[str, _Clock | None] = {"": _Clock(timedelta(), None)}
        # Names of months that were read between a day and a year, and what a zone adds where that is always the same.
        self._months: dict[str, int] = {}
        self._always = zone.utcoffset(None)
        # Of those the ones that need only be added up, by the text before and after the blank.
        self._starts: dict[str, datetime] = {}
        self._since_midnight: dict[str, timedelta] = {"": timedelta()}

    def instants(self, texts: Sequence[str]) -> list[datetime | None]:
        """`instant` of each text."""
        starts, since_midnight = self._starts, self._since_midnight
        instants: list[datetime | None] = []
        for text in texts:
            if not text:
                instants.append(None)
                continue
            # Most cells are a day and a time of day seen before: read here, without a call.
            day, _, clock = text.partition(" ")
            try:
                instants.append(starts[day] + since_midnight[clock])
            except KeyError:
                instants.append(self._first_of(text, day, clock))
        return instants

    def _first_of(self, text: str, day: str, clock: str) -> datetime | None:
        """Of a day or a time of day that was not seen before: as `instant`, in a quarter of the time where both are
        written as others before. A file of 22,000 issues has 5,000 of them."""
        if day not in self._starts:
            self._learn_day(day)
        if clock not in self._since_midnight:
            self._learn_clock(clock)
        start, passed = self._starts.get(day), self._since_midnight.get(clock)
        return self.instant(text) if start is None or passed is None else start + passed

    def _learn_day(self, text: str) -> None:
        """Such as 15/Apr/11, where April was met before."""
        parts = text.split("/") if "/" in text else text.split("-")
        if len(parts) != 3 or parts[1] not in self._months:
            return
        day, name, year = parts
        if len(day) <= 2 and len(year) in (2, 4) and text.isascii() and day.isdecimal() and year.isdecimal():
            whole = _valid(_year(year), self._months[name], int(day))
            prepared = self._prepared(whole) if whole else None
            if prepared is not None and prepared.steady:
                self._starts[text] = prepared.starts

    def _learn_clock(self, text: str) -> None:
        """Such as 2:22 AM or 14:22."""
        time, _, half = text.partition(" ")
        hour, _, minute = time.partition(":")
        if len(hour) > 2 or len(minute) != 2 or not (time.isascii() and hour.isdecimal() and minute.isdecimal()):
            return
        passed = _since_midnight(int(hour), int(minute), 0, _half(half) if half else "")
        # A word that only leads to a time of day says something else behind it.
        if passed is not None and (not half or _half(half)):
            self._since_midnight[text] = passed

    def instant(self, text: str) -> datetime | None:
        """The instant in UTC with whole seconds, a day without time at its 00:00; None when it is no date."""
        match = _DAY.match(text)
        if match is None:
            usual = _year_first(text)
            return self.instant(usual) if usual else _counted(text) or _serial(text, self._zone)
        day = self._day_of(match)
        rest = text[match.end() :].rstrip()
        if rest not in self._clocks:
            self._clocks[rest] = _clock(rest, self._zone)
        clock = self._clocks[rest]
        if day is None or clock is None:
            return None
        if rest[:1] in ("", " ") and " " not in match[0]:
            self._remember(match[0], rest[1:], day, clock)
        return self._combined(day, clock)

    def _remember(self, head: str, tail: str, day: _Day, clock: _Clock) -> None:
        """What `instants` may add up; not where the clocks change that day, nor where the text names its own zone."""
        if day.steady:
            self._starts[head] = day.starts
        if clock.offset is None:
            self._since_midnight[tail] = clock.since_midnight

    def _note_month(self, match: re.Match[str], day: date) -> None:
        name = match["dmy_m"]
        if name and name.isascii() and name.isalpha():
            self._months[name] = day.month

    def day(self, text: str) -> date | None:
        """The day as written, whatever time of day follows; None when it is no date."""
        match = _DAY.match(text)
        if match is None:
            usual, counted = _year_first(text), _counted(text) or _serial(text, self._zone)
            return self.day(usual) if usual else counted.astimezone(self._zone).date() if counted else None
        day = self._day_of(match)
        if day is None:
            return None
        rest = text[match.end() :].rstrip()
        return day.day if not rest or _clock(rest) else None

    def _day_of(self, match: re.Match[str]) -> _Day | None:
        text = match[0]
        if text not in self._days:
            day = _date(match, self._writing)
            if day:
                self._note_month(match, day)
            self._days[text] = self._prepared(day) if day else None
        return self._days[text]

    def _prepared(self, day: date) -> _Day:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        if self._always is not None:
            return _Day(day, midnight - self._always, steady=True)
        local = midnight.replace(tzinfo=self._zone)
        offset = local.utcoffset() or timedelta()
        return _Day(day, midnight - offset, steady=offset == (local + _ONE_DAY).utcoffset())

    def _combined(self, day: _Day, clock: _Clock) -> datetime:
        if clock.offset is None and day.steady:
            return day.starts + clock.since_midnight
        if clock.offset is not None:
            midnight = datetime(day.day.year, day.day.month, day.day.day, tzinfo=UTC)
            return midnight + clock.since_midnight - clock.offset
        local = datetime(day.day.year, day.day.month, day.day.day, tzinfo=self._zone) + clock.since_midnight
        return local.astimezone(UTC)


def _year_first(text: str) -> str | None:
    """A date that ends with its year in the order in which others are written; None for anything else."""
    match = _YEAR_LAST.match(text)
    return f"{match['day']} {match['year']} {match['clock']} {match['zone'] or ''}" if match else None


def _counted(text: str) -> datetime | None:
    """An instant that is counted since 1970; None for any other number, and for text."""
    if match := _SERVER_DATE.fullmatch(text):
        text = match[1].zfill(13)
    if not _COUNTED.fullmatch(text):
        return None
    whole = text.partition(".")[0]
    seconds = int(whole) // 1000 if len(whole) == 13 else int(whole)
    instant = datetime.fromtimestamp(seconds, UTC) if seconds >= _FIRST_COUNTED else None
    return instant if instant and _is_day(instant.date()) else None


def is_serial(text: str) -> bool:
    """Whether it may be a day as a spreadsheet counts it, and as well be any number of that size."""
    return _SERIAL.fullmatch(text) is not None and _FIRST_SERIAL <= int(text[:5]) <= _LAST_SERIAL


def _serial(text: str, zone: tzinfo) -> datetime | None:
    """The instant that a spreadsheet's number means in a zone, with whole seconds; None for any other text."""
    if not is_serial(text):
        return None
    passed = timedelta(days=int(text[:5]), seconds=round(float(f"0.{text[6:] or 0}") * 86_400))
    if not _is_day((_SERIAL_DAY + passed).date()):
        return None
    return (_SERIAL_DAY + passed).replace(tzinfo=zone).astimezone(UTC)


def _date(match: re.Match[str], writing: Writing) -> date | None:
    try:
        day = _calendar_date(match, writing)
    except ValueError:
        return None
    return day if _is_day(day) else None


def _is_day(day: date) -> bool:
    """Whether something can have happened then."""
    return FIRST_YEAR <= day.year <= LAST_YEAR and day not in _NO_DAYS


def _valid(year: int, month: int, day: int) -> date | None:
    """As `_date`."""
    try:
        whole = date(year, month, day)
    except ValueError:
        return None
    return whole if _is_day(whole) else None


def names_no_day(text: str) -> bool:
    """Whether the cell is empty, or holds what stands for no day: a sign, a word, or a day that programs keep for it.

    In whatever writing `DateReader` knows; where day and month may be swapped, one of both ways is enough.
    """
    return not text or (len(text) <= _LONGEST_CLOCK and _stands_for_none(text))


@lru_cache(maxsize=4096)
def _stands_for_none(text: str) -> bool:
    if says_no_day(text):
        return True
    match = _DAY.match(text)
    if match is None:
        return False
    is_out = is_out_of_time(text)
    for order in _YEAR_LAST_ORDERS:
        try:
            day = _calendar_date(match, Writing(order))
        except ValueError:
            if is_out:
                return True  # such as 1/0/1900
            continue
        if day in _NO_DAYS or (is_out and ((day.month, day.day) in _TURN_OF_YEAR or day.year in _NO_YEARS)):
            return True
    return False


def is_out_of_time(text: str) -> bool:
    """Whether it is a day of a year in which nothing that is worked on can have happened."""
    match = _DAY.match(text)
    years = [match[name] for name in _YEARS if match[name]] if match else []
    if match and not years:
        years = [match["compact"][:4]]
    return any(len(year) == 4 and not _NO_YEARS_UNTIL < _year(year) <= LAST_YEAR for year in years)


def _calendar_date(match: re.Match[str], writing: Writing) -> date:
    """Raises ValueError for days and months that do not exist."""
    match match.lastgroup:
        case "dmy_y" | "mdy_y" | "ymd_d":
            kind = match.lastgroup[:3]
            day, year = match[f"{kind}_d"], match[f"{kind}_y"]
            month = _month(match[f"{kind}_m"], writing.months)
            if _THAI.search(match[f"{kind}_m"]) and len(year) == 2 and int(year) >= _THAI_SHORT:
                year = f"25{year}"
        case "num_y":
            day, month, year = _in_order(match["a"], match["b"], match["num_y"], writing.order)
        case "iso_d" | "cjk_d":
            kind = match.lastgroup[:3]
            day, month, year = match[f"{kind}_d"], int(match[f"{kind}_m"]), match[f"{kind}_y"]
        case "week":
            return date.fromisocalendar(int(match["week_y"]), int(match["week"]), 1)
        case _:
            text = match["compact"]
            day, month, year = text[6:], int(text[4:6]), text[:4]
    return date(_year(year), month, int(day))


def _in_order(first: str, second: str, third: str, order: DayOrder) -> tuple[int, int, str]:
    """Day, month and year. Raises ValueError for four digits of a year where two go first."""
    if order is DayOrder.YMD:
        if len(first) != 2 or len(third) > 2:
            raise ValueError(f"{first} is no year of two digits")
        return int(third), int(second), first
    day, month = (first, second) if order is DayOrder.DMY else (second, first)
    return int(day), int(month), third


def _month(name: str, months: Months) -> int:
    """Raises ValueError for what is no month. A number beside a word, such as 6月, says itself which one it is."""
    digits = "".join(filter(str.isdecimal, name))
    number = int(digits) if digits else months.number(name)
    if number is None:
        raise ValueError(f"{name} is no month")
    return number


def why_no_date(text: str, months: Months) -> str:
    """What is wrong with a cell that should hold a date, and what to do: it continues "row 7, Created: …"."""
    if word := unknown_month(text, months):
        return f'names a month that is not known here; say which it is with "months": {{"{word}": 1}} in a mapping'
    return "is not a date that can be read; write it as 2026-01-31"


def unknown_month(text: str, months: Months) -> str:
    """The word in a date that should name a month and does not; "" where it is something else that is wrong."""
    return next((word for word in month_words([text]) if months.number(word) is None), "")


def month_words(texts: Iterable[str]) -> set[str]:
    """The words that stand for months in these texts."""
    matches = (_DAY.match(text) for text in texts)
    words = {match["dmy_m"] or match["mdy_m"] or match["ymd_m"] for match in matches if match}
    return {word for word in words if word and not any(map(str.isdecimal, word))}


def _year(text: str) -> int:
    """Two digits mean 1970 to 2069. In Thailand the years are counted from 543 years before ours: 2566 is 2023."""
    year = int(text)
    if len(text) == 4:
        return year - _BUDDHIST if FIRST_YEAR <= year - _BUDDHIST <= LAST_YEAR else year
    return 2000 + year if year < 70 else 1900 + year


def _clock(text: str, own: tzinfo = UTC) -> _Clock | None:
    """Of what follows the day, without blanks at its end. `own`: the zone of the user, whose clocks may be named."""
    if _BASIC_CLOCK.match(text):
        text = f"T{text[1:3]}:{text[3:5]}:{text[5:]}"
    match = _CLOCK.fullmatch(text) if len(text) <= _LONGEST_CLOCK else None
    if match is None:
        return None
    zone = _ZONE.fullmatch(match["after"])
    halves = _half(match["before"]), _half(zone["half"]) if zone else None
    if zone is None or None in halves or all(halves):
        return None
    half = "".join(filter(None, halves))
    since_midnight = _since_midnight(int(match["h"]), int(match["m"]), int(match["s"] or 0), half)
    if since_midnight is None:
        return None
    offset = _offset(zone["offset"]) if zone["offset"] else _of_name(zone["utc"], own) if zone["utc"] else None
    if zone["offset"] and offset is None:
        return None
    return _Clock(since_midnight, offset)


def _of_name(name: str, own: tzinfo) -> timedelta | None:
    """How far a clock of that name is from UTC: in the user's own zone, else where most have it."""
    turns = (datetime(2026, month, 1, tzinfo=own) for month in (1, 7))
    mine = next((turn.utcoffset() for turn in turns if turn.tzname() == name), None)
    return timedelta(hours=_CLOCK_NAMES.get(name, 0)) if mine is None else mine


def _since_midnight(hour: int, minute: int, second: int, half: str | None) -> timedelta | None:
    """None for what no clock shows. `half`: "am" or "pm", else of 24 hours."""
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


# A file has few such words, and thousands of times of day.
@lru_cache(maxsize=256)
def _half(text: str) -> str | None:
    """Which half of the day a word names: "am", "pm", "" where it only leads to the time of day; None for others."""
    word = plain_word("".join(text.split()))
    if word in _AT:
        return ""
    return "am" if word in FORENOON.split() else "pm" if word in AFTERNOON.split() else None


def _offset(text: str) -> timedelta | None:
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 15 or minutes > 59:
        return None
    return timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)


# -- day first or month first ---------------------------------------------------------------------------


_BY_COMMAND = '"date_order": "dmy" or "mdy" in a mapping (--mapping FILE)'


def writings(
    columns: Mapping[str, Sequence[str]], latest: date, order: DayOrder | None, named: Mapping[str, int]
) -> dict[str, Writing]:
    """How each column of texts writes its dates: in the day order and with the names of months that were `named`, else
    as `day_orders` finds out, and with the names of the language that knows all months of the file.

    Raises UnclearDates as that does.
    """
    orders = day_orders(columns, latest) if order is None else dict.fromkeys(columns, order)
    words = {word for texts in columns.values() for word in month_words(_some(texts))}
    months = Months.of(words, named)
    return {name: Writing(orders[name], months) for name in columns}


def _some(texts: Sequence[str]) -> list[str]:
    """Enough different ones to tell the language by; a file may have a million."""
    return list(dict.fromkeys(texts[:: max(1, len(texts) // _WORDS_IN)]))


_Parts = tuple[str, ...]


def day_orders(columns: Mapping[str, Sequence[str]], latest: date) -> dict[str, DayOrder]:
    """The day order of each column of texts, decided by the whole column, else by the other columns.

    `latest` is the last day that can be meant: what was created or finished lies in the past. Raises UnclearDates
    where a column mixes both orders, or where nothing in the file decides.
    """
    known: dict[str, DayOrder] = {}
    unclear: dict[str, str] = {}
    numeric = {name: _numeric_days(texts) for name, texts in columns.items()}
    if _year_goes_first({pair for pairs in numeric.values() for pair in pairs}, latest):
        return dict.fromkeys(columns, DayOrder.YMD)
    for name, pairs in numeric.items():
        order = _order_of(name, pairs, latest)
        if order:
            known[name] = order
        elif example := _ambiguous(pairs):
            unclear[name] = example
    others = set(known.values())
    if unclear and len(others) != 1:
        name, example = next(iter(unclear.items()))
        message = N_(
            "{name}: {example} can be day/month or month/day, and no date in the file decides it.",
            name=name,
            example=example,
        )
        raise UnclearDates(message, f"Say which with {_BY_COMMAND}.", example)
    return {name: known.get(name) or (others.copy().pop() if others else DayOrder.DMY) for name in columns}


def _numeric_days(texts: Iterable[str]) -> set[_Parts]:
    heads = _days_in(texts)
    return {match.groups() for head in heads if (match := _NUMERIC_DAY.match(head)) and not names_no_day(head)}


def _year_goes_first(pairs: set[_Parts], latest: date) -> bool:
    """Whether these are days such as 25-11-03, the third of November: with the year last no calendar has them, some
    lie ahead, or they would go back years further and be of more years than days of the month."""
    if not pairs or not all(len(pair[0]) == len(pair[3]) == 2 for pair in pairs):
        return False
    end = date(latest.year + _AHEAD, 12, 31)
    first = _oldest(pairs, DayOrder.YMD, end)
    if first is None:
        return False
    others = [day for order in _YEAR_LAST_ORDERS if (day := _oldest(pairs, order, latest))]
    if not others:
        return True
    firsts, lasts = len({pair[0] for pair in pairs}), len({pair[3] for pair in pairs})
    return firsts < lasts and first.year - max(others).year >= _YOUNGER


def may_begin_with_years(columns: Mapping[str, Sequence[str]], latest: date) -> tuple[int, str]:
    """How many cells hold days such as 25-11-24, and the first of them, where all can be meant with the year first and
    with it last; (0, "") where the file decides it."""
    # Where no cell holds such a sign, and nearly none does, none has to be taken apart.
    if not any(map(contains, chain.from_iterable(columns.values()), repeat("-"))):
        return 0, ""
    cells = [text for texts in columns.values() for text in texts if text]
    pairs = _numeric_days(cells)
    if not pairs or not all(pair[1] == "-" and len(pair[0]) == len(pair[3]) == 2 for pair in pairs):
        return 0, ""
    if any(_oldest(pairs, order, latest) is None for order in (DayOrder.YMD, DayOrder.DMY)):
        return 0, ""
    return len(cells), cells[0]


def _oldest(pairs: set[_Parts], order: DayOrder, latest: date) -> date | None:
    """The first of the days in that order; None where one of them is none, or lies behind the last that can be."""
    try:
        parts = [_in_order(pair[0], pair[2], pair[3], order) for pair in pairs]
        days = [date(_year(year), month, day) for day, month, year in parts]
    except ValueError:
        return None
    return min(days) if max(days) <= latest else None


def require_order(name: str, text: str, order: DayOrder) -> None:
    """Raises UnclearDates where a cell holds a day that can only be meant in the other order."""
    match = _NUMERIC_DAY.match(text)
    if match is None or order is DayOrder.YMD or names_no_day(text):
        return
    day, month = (match[1], match[3]) if order is DayOrder.DMY else (match[3], match[1])
    if int(month) > 12 >= int(day):
        part = N_("day") if order is DayOrder.DMY else N_("month")
        message = N_(
            "{name}: {text} has not the {one} first, as the dates before it have. Correct the "
            "file, or say which is meant; the others are then listed as rejected.",
            name=name,
            text=text,
            one=part,
        )
        raise UnclearDates(message, f"Say it with {_BY_COMMAND}.", text)


def _days_in(texts: Iterable[str]) -> set[str]:
    """The day stands before the first blank, or behind a weekday's name; and a column names few different ones."""
    heads = {text.partition(" ")[0] for text in texts}
    if not any(map(str.isalpha, {head[:1] for head in heads})):
        return heads
    return {part for text in texts for part in text.split(" ", 2)[:2]}


def _order_of(name: str, pairs: set[_Parts], latest: date) -> DayOrder | None:
    """What one column's numeric dates say: numbers above 12, points between, dates that would be in the future."""
    day_first = sorted(pair for pair in pairs if int(pair[0]) > 12 >= int(pair[2]))
    month_first = sorted(pair for pair in pairs if int(pair[2]) > 12 >= int(pair[0]))
    if day_first and month_first:
        first, second = _written(day_first[0]), _written(month_first[0])
        message = N_(
            "{name}: {one} has the day first and {other} the month. Correct the file, or say "
            "which is meant; the others are then listed as rejected.",
            name=name,
            one=first,
            other=second,
        )
        raise UnclearDates(message, f"Say it with {_BY_COMMAND}.", first)
    if day_first or month_first:
        return DayOrder.DMY if day_first else DayOrder.MDY
    if pairs and all(pair[1] == "." for pair in pairs):
        return DayOrder.DMY  # no country writes month.day.year
    possible = [order for order in _YEAR_LAST_ORDERS if not _in_future(pairs, order, latest)]
    return possible[0] if pairs and len(possible) == 1 else None


def _in_future(pairs: set[_Parts], order: DayOrder, latest: date) -> bool:
    place = (0, 2) if order is DayOrder.DMY else (2, 0)
    for pair in pairs:
        try:
            day = date(_year(pair[3]), int(pair[place[1]]), int(pair[place[0]]))
        except ValueError:
            continue  # reported later as a rejected row
        if day > latest:
            return True
    return False


def _ambiguous(pairs: set[_Parts]) -> str:
    """A date of the column that reads differently both ways, or "" when there is none."""
    return next((_written(pair) for pair in sorted(pairs) if pair[0].lstrip("0") != pair[2].lstrip("0")), "")


def _written(pair: _Parts) -> str:
    return f"{pair[0]}{pair[1]}{pair[2]}{pair[1]}{pair[3]}"
