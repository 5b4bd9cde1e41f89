"""Dates as trackers and spreadsheets write them, read fast: each distinct day and time of day is parsed once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from app.errors import UnclearDates

FIRST_YEAR, LAST_YEAR = 1970, 2199
_ONE_DAY = timedelta(days=1)


class DayOrder(StrEnum):
    """How numeric dates such as 04/05/2026 are written."""

    DMY = "dmy"
    MDY = "mdy"


# The names that Jira and spreadsheets write in the user's language; English, German, French, Spanish, Italian,
# Portuguese and Dutch, long and short.
_MONTH_NAMES = (
    "jan january januar jänner janv janvier ene enero gen gennaio janeiro januari",
    "feb february februar febr févr fév février febrero febbraio fev fevereiro februari",
    "mar march mär mrz märz mars marzo março mrt maart",
    "apr april avr avril abr abril aprile",
    "may mai mayo mag maggio maio mei",
    "jun june juni juin junio giu giugno junho",
    "jul july juli juil juillet julio lug luglio julho",
    "aug august août aoû ago agosto augustus",
    "sep sept september septembre septiembre set settembre setembro",
    "oct october okt oktober octobre octubre ott ottobre out outubro",
    "nov november novembre noviembre novembro",
    "dec december dez dezember déc décembre dic diciembre dicembre dezembro",
)
_MONTHS: Mapping[str, int] = {name: place for place, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_DAY = re.compile(
    r"(?:[^\W\d_]+\.?(?:,\s*|\s+))?"  # a weekday's name
    r"(?:(?P<iso_y>\d{4})(?P<iso_s>[-/.])(?P<iso_m>\d{1,2})(?P=iso_s)(?P<iso_d>\d{1,2})(?!\d)"
    r"|(?P<compact>\d{8})(?!\d)"
    r"|(?P<week_y>\d{4})-?[Ww](?P<week>\d{1,2})(?!\d)"
    r"|(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<num_y>\d{4}|\d{2})(?!\d)"
    r"|(?P<dmy_d>\d{1,2})[-/. ]\s*(?P<dmy_m>[^\W\d_]+)\.?[-/., ]\s*(?P<dmy_y>\d{4}|\d{2})(?!\d)"
    r"|(?P<mdy_m>[^\W\d_]+)\.?\s+(?P<mdy_d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<mdy_y>\d{4})(?!\d))"
)
# As programs print it, the year last: Mon Jan  5 09:05:00 UTC 2015.
_YEAR_LAST = re.compile(
    r"(?P<day>(?:[^\W\d_]+\.?,?\s+)?[^\W\d_]+\.?\s+\d{1,2})\s+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)"
    r"(?:\s+(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?\s+(?P<year>\d{4})\s*$"
)
_NUMERIC_DAY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_CLOCK = re.compile(
    r"[T ,]\s*(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?"
    r"\s*(?P<utc>Z|UTC|GMT)?(?P<offset>[+-]\d{2}(?::?\d{2})?)?"
)


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
    """Reads one column. Text without a zone of its own is meant in `zone`; numeric dates in `order`."""

    def __init__(self, zone: tzinfo, order: DayOrder = DayOrder.DMY) -> None:
        self._zone = zone
        self._order = order
        self._days: dict[str, _Day | None] = {}
        # A day alone means its 00:00.
        self._clocks: dict[str, _Clock | None] = {"": _Clock(timedelta(), None)}
        # Of those the ones that need only be added up, by the text before and after the blank.
        self._starts: dict[str, datetime] = {}
        self._since_midnight: dict[str, timedelta] = {"": timedelta()}

    def instants(self, texts: Sequence[str]) -> list[datetime | None]:
        """`instant` of each text."""
        starts, since_midnight = self._starts, self._since_midnight
        found: list[datetime | None] = []
        for text in texts:
            if not text:
                found.append(None)
                continue
            # Most cells are a day and a time of day seen before: read here, without a call.
            day, _, clock = text.partition(" ")
            try:
                found.append(starts[day] + since_midnight[clock])
            except KeyError:
                found.append(self.instant(text))
        return found

    def instant(self, text: str) -> datetime | None:
        """The instant in UTC with whole seconds, a day without time at its 00:00; None when it is no date."""
        found = _DAY.match(text)
        if found is None:
            usual = _year_first(text)
            return self.instant(usual) if usual else None
        day = self._day_of(found)
        rest = text[found.end() :].rstrip()
        if rest not in self._clocks:
            self._clocks[rest] = _clock(rest)
        clock = self._clocks[rest]
        if day is None or clock is None:
            return None
        if rest[:1] in ("", " ") and " " not in found[0]:
            self._remember(found[0], rest[1:], day, clock)
        return self._combined(day, clock)

    def _remember(self, head: str, tail: str, day: _Day, clock: _Clock) -> None:
        """What `instants` may add up; not where the clocks change that day, nor where the text names its own zone."""
        if day.steady:
            self._starts[head] = day.starts
        if clock.offset is None:
            self._since_midnight[tail] = clock.since_midnight

    def day(self, text: str) -> date | None:
        """The day as written, whatever time of day follows; None when it is no date."""
        found = _DAY.match(text)
        if found is None:
            usual = _year_first(text)
            return self.day(usual) if usual else None
        day = self._day_of(found)
        if day is None:
            return None
        rest = text[found.end() :].rstrip()
        return day.day if not rest or _clock(rest) else None

    def _day_of(self, found: re.Match[str]) -> _Day | None:
        text = found[0]
        if text not in self._days:
            day = _date(found, self._order)
            self._days[text] = self._prepared(day) if day else None
        return self._days[text]

    def _prepared(self, day: date) -> _Day:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        if self._zone is UTC:
            return _Day(day, midnight, steady=True)
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
    found = _YEAR_LAST.match(text)
    return f"{found['day']} {found['year']} {found['clock']} {found['zone'] or ''}" if found else None


def _date(found: re.Match[str], order: DayOrder) -> date | None:
    try:
        day = _calendar_date(found, order)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _calendar_date(found: re.Match[str], order: DayOrder) -> date:
    """Raises ValueError for days and months that do not exist."""
    match found.lastgroup:
        case "dmy_y":
            day, month, year = found["dmy_d"], _month(found["dmy_m"]), found["dmy_y"]
        case "mdy_y":
            day, month, year = found["mdy_d"], _month(found["mdy_m"]), found["mdy_y"]
        case "num_y":
            first, second = int(found["a"]), int(found["b"])
            (day, month), year = (first, second) if order is DayOrder.DMY else (second, first), found["num_y"]
        case "iso_d":
            day, month, year = found["iso_d"], int(found["iso_m"]), found["iso_y"]
        case "week":
            return date.fromisocalendar(int(found["week_y"]), int(found["week"]), 1)
        case _:
            text = found["compact"]
            day, month, year = text[6:], int(text[4:6]), text[:4]
    return date(_year(year), month, int(day))


def _month(name: str) -> int:
    try:
        return _MONTHS[name.casefold()]
    except KeyError:
        raise ValueError(f"{name} is no month") from None


def _year(text: str) -> int:
    """Two digits mean 1970 to 2069."""
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _clock(text: str) -> _Clock | None:
    """Of what follows the day, without blanks at its end."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds, half, utc, zone = found.groups()
    hour, minute, second = int(hours), int(minutes), int(seconds or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset = _offset(zone) if zone else timedelta() if utc else None
    if zone and offset is None:
        return None
    return _Clock(timedelta(hours=hour, minutes=minute, seconds=second), offset)


def _offset(text: str) -> timedelta | None:
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    if hours > 15 or minutes > 59:
        return None
    return timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)


# -- day first or month first ---------------------------------------------------------------------------


_BY_COMMAND = '"date_order": "dmy" or "mdy" in a mapping (--mapping FILE)'


def day_orders(columns: Mapping[str, Sequence[str]], latest: date) -> dict[str, DayOrder]:
    """The day order of each column of texts, decided by the whole column, else by the other columns.

    `latest` is the last day that can be meant: what was created or finished lies in the past. Raises UnclearDates
    where a column mixes both orders, or where nothing in the file decides.
    """
    known: dict[str, DayOrder] = {}
    unclear: dict[str, str] = {}
    for name, texts in columns.items():
        # The day stands before the first blank, and a column names few different ones.
        heads = {text.partition(" ")[0] for text in texts}
        pairs = {found.groups() for head in heads if (found := _NUMERIC_DAY.match(head))}
        order = _order_of(name, pairs, latest)
        if order:
            known[name] = order
        elif example := _ambiguous(pairs):
            unclear[name] = example
    others = set(known.values())
    if unclear and len(others) != 1:
        name, example = next(iter(unclear.items()))
        message = f"{name}: {example} can be day/month or month/day, and no date in the file decides it."
        raise UnclearDates(message, f"Say which with {_BY_COMMAND}.", example)
    return {name: known.get(name) or (others.copy().pop() if others else DayOrder.DMY) for name in columns}


_Parts = tuple[str, ...]


def _order_of(name: str, pairs: set[_Parts], latest: date) -> DayOrder | None:
    """What one column's numeric dates say: numbers above 12, points between, dates that would be in the future."""
    day_first = sorted(pair for pair in pairs if int(pair[0]) > 12 >= int(pair[2]))
    month_first = sorted(pair for pair in pairs if int(pair[2]) > 12 >= int(pair[0]))
    if day_first and month_first:
        one, other = _written(day_first[0]), _written(month_first[0])
        message = (
            f"{name}: {one} has the day first and {other} the month. Correct the file, or say which is meant; the "
            f"others are then listed as rejected."
        )
        raise UnclearDates(message, f"Say it with {_BY_COMMAND}.", one)
    if day_first or month_first:
        return DayOrder.DMY if day_first else DayOrder.MDY
    if pairs and all(pair[1] == "." for pair in pairs):
        return DayOrder.DMY  # no country writes month.day.year
    possible = [order for order in DayOrder if not _in_future(pairs, order, latest)]
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
