"""Days off from a calendar file (iCalendar, RFC 5545): the whole days of its events, those that return each year too.

Of an event only its days are read. An event with a time of day is no day off; what returns in a way that is not read
here is told with its name.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, chain

from app.errors import BadInput
from app.words import N_

# A calendar of school holidays has some dozens of events; nobody is off for longer than two years. The bounds are for
# files made to fill memory or time: a few lines can name millions of days.
_MOST_BYTES, _MOST_EVENTS, _MOST_DATES, _LONGEST = 20_000_000, 20_000, 1_000_000, 732
_MOST_IN_A_YEAR = 366
_ONE_DAY = timedelta(days=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MIDNIGHT, _LAST_MINUTE, _INSTANT = r"\d{8}T000000Z?", r"\d{8}T2359\d\dZ?", r"(\d{8})T(\d{6})Z?"
_NOON, _HOURS = "120000", 24
_READ_RULES = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"})


@dataclass(frozen=True, slots=True)
class DaysOff:
    """`days` in order. `timed`: events with a time of day, which were left out; `unread`: names of those that return
    in a way that is not read."""

    days: tuple[date, ...]
    timed: int = 0
    unread: tuple[str, ...] = ()


class _NotRead(Exception):
    """This event returns in a way that is not read."""


@dataclass(frozen=True, slots=True)
class _Property:
    value: str
    parameters: str


_Event = Mapping[str, list[_Property]]


def days_off(data: bytes, first: date, last: date) -> DaysOff:
    """The whole days of all events from `first` to `last`. Raises BadInput for what is no calendar, or holds no day."""
    count, timed, unread = 0, 0, []
    off = _Off(first, last)
    replaced = _replaced(data, off)
    for event in _events(data):
        count += 1
        if _is_cancelled(event):
            continue
        start = _day(event, "DTSTART")
        if start is None:
            timed += 1
            continue
        try:
            begins = _begins(event, start, first, last, off)
            elsewhere = replaced.get(_uid(event), ()) if "RECURRENCE-ID" not in event else ()
            off.add((begin for begin in begins if begin not in elsewhere), _length(event, start))
        except _NotRead:
            unread.append(_name(event))
    days = off.days()
    if not days:
        raise BadInput(_nothing(count, timed, unread))
    return DaysOff(days, timed, tuple(unread))


class _Off:
    """The days off from `first` to `last`, as spells: where each begins and ends, whatever its length."""

    def __init__(self, first: date, last: date) -> None:
        self._first, self._after = first.toordinal(), last.toordinal() + 1
        self._change = [0] * (self._after - self._first + 1)
        self._looked_at = 0

    def look_at(self, dates: int = 1) -> None:
        """Dates that were made or read. Raises BadInput when they are more than any calendar of days off names."""
        self._looked_at += dates
        if self._looked_at > _MOST_DATES:
            raise BadInput(_TOO_MANY)

    def add(self, begins: Iterable[date], length: int) -> None:
        for begin in {each.toordinal() for each in begins}:
            start, end = max(begin, self._first), min(begin + length, self._after)
            if start < end:
                self._change[start - self._first] += 1
                self._change[end - self._first] -= 1

    def days(self) -> tuple[date, ...]:
        return tuple(
            date.fromordinal(self._first + at) for at, covered in enumerate(accumulate(self._change)) if covered
        )


def _nothing(events: int, timed: int, unread: list[str]) -> str:
    if not events:
        return N_("This calendar has no events. Export one with the days off, and choose that.")
    if timed == events:
        return N_("All events of this calendar have a time of day; days off are events of whole days.")
    if unread:
        return N_("These return in a way that is not read here, enter their days yourself: {names}.",
                  names=", ".join(unread[:8]))  # fmt: skip
    return N_("None of the events of this calendar lies in these years.")


# -- the file -------------------------------------------------------------------------------------------


def _events(data: bytes) -> Iterator[_Event]:
    if len(data) > _MOST_BYTES:
        raise BadInput(_TOO_MANY)
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    if "BEGIN:VCALENDAR" not in data[:20_000].decode(encoding, "replace").upper():
        raise BadInput(N_("This is no calendar file. Choose a file that ends in .ics, as calendars export it."))
    lines = io.TextIOWrapper(io.BytesIO(data), encoding, "replace")
    for count, event in enumerate(_events_of(_unfolded(lines)), 1):
        if count > _MOST_EVENTS:
            raise BadInput(_TOO_MANY)
        yield event


def _events_of(lines: Iterable[str]) -> Iterator[_Event]:
    event: dict[str, list[_Property]] | None = None
    inner = 0
    for line in lines:
        name, parameters, value = _parts(line)
        if name == "BEGIN" and value.upper() == "VEVENT":
            event, inner = {}, 0
        elif event is None:
            continue
        elif name == "BEGIN":
            # An alarm within the event has properties of its own.
            inner += 1
        elif name == "END" and inner:
            inner -= 1
        elif name == "END":
            yield event
            event = None
        elif not inner:
            event.setdefault(name, []).append(_Property(value, parameters))


_TOO_MANY = N_("This calendar has too many events. Export the days off alone.")


def _unfolded(lines: Iterable[str]) -> Iterator[str]:
    """A line that begins with a blank goes on with the one before it."""
    pieces: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t"):
            pieces.append(line[1:].rstrip("\r\n"))
            continue
        yield "".join(pieces)
        pieces = [line.rstrip("\r\n")]
    yield "".join(pieces)


def _parts(line: str) -> tuple[str, str, str]:
    """Name, parameters and value; a value may hold colons, and so may a parameter in quotes."""
    head, colon, value = _split(line)
    name, _, parameters = head.partition(";")
    return name.strip().upper(), parameters.upper(), value.strip() if colon else ""


def _split(line: str) -> tuple[str, str, str]:
    """At the first colon that is in no quotes. Every sign is looked at once: a line may be as long as the file."""
    start, colon = 0, line.find(":")
    while colon >= 0:
        quote = line.find('"', start, colon)
        if quote < 0:
            return line[:colon], ":", line[colon + 1 :]
        start = line.find('"', quote + 1) + 1
        if not start:
            break
        if colon < start:
            colon = line.find(":", start)
    return line, "", ""


def _name(event: _Event) -> str:
    return re.sub(r"\\(.)", r"\1", event.get("SUMMARY", [_Property("?", "")])[0].value)[:80]


def _uid(event: _Event) -> str:
    return event.get("UID", [_Property("", "")])[0].value


def _replaced(data: bytes, off: _Off) -> dict[str, set[date]]:
    """By the event that returns: its days that were moved to another one, or cancelled, each by an event of its own."""
    days: dict[str, set[date]] = {}
    for event in _events(data):
        if uid := _uid(event):
            days.setdefault(uid, set()).update(_listed(event, "RECURRENCE-ID", off))
    return days


def _is_cancelled(event: _Event) -> bool:
    return any(status.value.upper() == "CANCELLED" for status in event.get("STATUS", []))


def _day(event: _Event, name: str) -> date | None:
    """A whole day; None where the event has none, or a time of day. Some programs write whole days from midnight to
    midnight, or to the second before."""
    for line in event.get(name, []):
        if re.fullmatch(r"\d{8}", line.value):
            return _read(line.value)
        if name == "DTSTART" and re.fullmatch(_MIDNIGHT, line.value) and _lasts_whole_days(event):
            return _read(line.value[:8])
        if name == "DTEND" and (match := re.fullmatch(_INSTANT, line.value)):
            day = _read(match[1])
            # What ends after noon has taken that day as well.
            return day + _ONE_DAY if day is not None and match[2] > _NOON and day < date.max else day
    return None


def _lasts_whole_days(event: _Event) -> bool:
    ends = any(re.fullmatch(rf"{_MIDNIGHT}|{_LAST_MINUTE}", line.value) for line in event.get("DTEND", []))
    return ends or any(hours and hours % _HOURS == 0 for hours in map(_hours, event.get("DURATION", [])))


def _hours(duration: _Property) -> int:
    """How long it lasts in full hours; 0 for what is no duration."""
    match = re.fullmatch(r"\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:\d{1,7}M)?(?:\d{1,9}S)?)?",
                         duration.value.upper())  # fmt: skip
    weeks, days, hours = (int(number or 0) for number in match.groups()) if match else (0, 0, 0)
    return (7 * weeks + days) * _HOURS + hours


def _read(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


# -- the days of an event -------------------------------------------------------------------------------


def _begins(event: _Event, start: date, first: date, last: date, off: _Off) -> Iterator[date]:
    """The first days of the event, as often as it returns. Raises _NotRead."""
    left_out = set(_listed(event, "EXDATE", off))
    for begin in chain(_starts(event, start, first, last, off), _listed(event, "RDATE", off)):
        if begin not in left_out:
            yield begin


def _listed(event: _Event, name: str, off: _Off) -> Iterator[date]:
    for line in event.get(name, []):
        off.look_at(line.value.count(",") + 1)
        for text in line.value.split(","):
            day = _midnight(text)
            if day is not None:
                yield day


def _midnight(text: str) -> date | None:
    """The day that begins then. A midnight of elsewhere may be told in UTC: 23:00 is that of the day after."""
    day = _read(text[:8])
    is_evening = re.fullmatch(r"\d{8}T(?:1[2-9]|2\d)\d{4}Z", text) is not None
    return day + _ONE_DAY if day is not None and is_evening and day < date.max else day


def _until(text: str) -> date | None:
    """The last day on which an event may begin; a day's last second may be told in UTC as well."""
    day = _midnight(text)
    is_last_second = re.fullmatch(r"\d{8}T\d{4}59Z", text) is not None
    return day - _ONE_DAY if day is not None and is_last_second and day > date.min else day


def _length(event: _Event, start: date) -> int:
    """In days; the end of a whole day is the first day after it."""
    end = _day(event, "DTEND")
    if end is not None:
        return min(max(1, (end - start).days), _LONGEST)
    for line in event.get("DURATION", []):
        if hours := _hours(line):
            # A last day that is begun is taken from noon on, as by an end.
            return min(max(1, (hours + _HOURS // 2 - 1) // _HOURS), _LONGEST)
    return 1


def _starts(event: _Event, start: date, first: date, last: date, off: _Off) -> Iterator[date]:
    """As the rule says. Raises _NotRead."""
    rules = event.get("RRULE", [])
    if not rules:
        yield start
        return
    if len(rules) > 1:
        raise _NotRead
    rule = dict(part.partition("=")[::2] for part in rules[0].value.upper().split(";") if part)
    if rule.get("FREQ") != "YEARLY" or not rule.keys() <= _READ_RULES:
        raise _NotRead
    yield from _each_year(rule, start, first, last, off)


def _each_year(rule: Mapping[str, str], start: date, first: date, last: date, off: _Off) -> Iterator[date]:
    interval, count = _number(rule.get("INTERVAL", "1")), _number(rule["COUNT"]) if "COUNT" in rule else None
    until = _until(rule["UNTIL"]) if "UNTIL" in rule else None
    count_so_far = 0
    # A spell of two years may reach into the first one; what is counted is counted from the beginning.
    before = max(0, first.year - 3 - start.year) // interval * interval if count is None else 0
    for year in range(start.year + before, last.year + 1, interval):
        for day in _in_year(rule, start, year, off):
            if day < start:
                continue
            if day > last or (until is not None and day > until) or (count is not None and count_so_far >= count):
                return
            count_so_far += 1
            yield day


def _in_year(rule: Mapping[str, str], start: date, year: int, off: _Off) -> list[date]:
    months = _numbers(rule["BYMONTH"]) if "BYMONTH" in rule else {start.month}
    if "BYDAY" in rule:
        if "BYMONTHDAY" in rule or "BYMONTH" not in rule:
            raise _NotRead
        named = set(rule["BYDAY"].split(","))
        _look_at_year(len(months) * len(named), off)
        days_there = [_nth_weekday(year, month, text) for month in months for text in named]
    else:
        days = _numbers(rule["BYMONTHDAY"]) if "BYMONTHDAY" in rule else {start.day}
        _look_at_year(len(months) * len(days), off)
        days_there = [_day_in(year, month, day) for month in months for day in days]
    return sorted({day for day in days_there if day is not None})


def _look_at_year(dates: int, off: _Off) -> None:
    if dates > _MOST_IN_A_YEAR:
        raise _NotRead
    off.look_at(dates)


def _nth_weekday(year: int, month: int, text: str) -> date | None:
    """Such as 4TH, the fourth Thursday, or -1MO, the last Monday. Raises _NotRead for all weekdays of a month."""
    match = re.fullmatch(r"([+-]?\d)([A-Z]{2})", text)
    if match is None or match[2] not in _WEEKDAYS or not 1 <= month <= 12 or int(match[1]) == 0:
        raise _NotRead
    weekday, nth = _WEEKDAYS.index(match[2]), int(match[1])
    earliest = 1 + (weekday - date(year, month, 1).weekday()) % 7
    fitting = [day for at in range(5) if (day := _day_in(year, month, earliest + 7 * at)) is not None]
    at = nth - 1 if nth > 0 else nth
    return fitting[at] if -len(fitting) <= at < len(fitting) else None


def _day_in(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str) -> int:
    """From 1 on. Raises _NotRead for anything else."""
    if not re.fullmatch(r"\d{1,4}", text) or int(text) < 1:
        raise _NotRead
    return int(text)


def _numbers(text: str) -> set[int]:
    return {_number(part) for part in text.split(",")}
