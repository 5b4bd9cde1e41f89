"""Days off from a calendar file (iCalendar, RFC 5545): the whole days of its events, those that return each year too.

Of an event only its days are read. An event with a time of day is no day off; what returns in a way that is not read
here is told with its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import BadInput
from app.words import N_

_ONE_DAY = timedelta(days=1)
# A calendar of school holidays has some dozens of events; nobody is off for longer than two years.
_MOST_EVENTS, _LONGEST = 20_000, 732
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
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
    events = list(_events(data))
    days: set[date] = set()
    timed, unread = 0, []
    for event in events:
        if _is_cancelled(event):
            continue
        start = _day(event, "DTSTART")
        if start is None:
            timed += 1
            continue
        try:
            days |= _days_of(event, start, first, last)
        except _NotRead:
            unread.append(_name(event))
    if not days:
        raise BadInput(_nothing(len(events), timed))
    return DaysOff(tuple(sorted(days)), timed, tuple(unread))


def _nothing(events: int, timed: int) -> str:
    if not events:
        return N_("This calendar has no events. Export one with the days off, and choose that.")
    if timed == events:
        return N_("All events of this calendar have a time of day; days off are events of whole days.")
    return N_("None of the events of this calendar lies in these years.")


# -- the file -------------------------------------------------------------------------------------------


def _events(data: bytes) -> Iterator[_Event]:
    text = data.decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in text[:10_000].upper():
        raise BadInput(N_("This is no calendar file. Choose a file that ends in .ics, as calendars export it."))
    event: dict[str, list[_Property]] | None = None
    inner, count = 0, 0
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
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
            count += 1
            if count > _MOST_EVENTS:
                raise BadInput(N_("This calendar has too many events. Export the days off alone."))
            yield event
            event = None
        elif not inner:
            event.setdefault(name, []).append(_Property(value, parameters))


def _parts(line: str) -> tuple[str, str, str]:
    """Name, parameters and value; a value may hold colons, and so may a parameter in quotes."""
    head, colon, value = _split(line)
    name, _, parameters = head.partition(";")
    return name.strip().upper(), parameters.upper(), value.strip() if colon else ""


def _split(line: str) -> tuple[str, str, str]:
    found = re.match(r'((?:[^":]|"[^"]*")*)(:)(.*)', line)
    return (found[1], found[2], found[3]) if found else (line, "", "")


def _name(event: _Event) -> str:
    return re.sub(r"\\(.)", r"\1", event.get("SUMMARY", [_Property("?", "")])[0].value)[:80]


def _is_cancelled(event: _Event) -> bool:
    return any(one.value.upper() == "CANCELLED" for one in event.get("STATUS", []))


def _day(event: _Event, name: str) -> date | None:
    """A whole day; None where the event has none, or a time of day."""
    for one in event.get(name, []):
        if re.fullmatch(r"\d{8}", one.value):
            return _read(one.value)
        # Some programs write whole days from midnight to midnight.
        if name == "DTSTART" and re.fullmatch(r"\d{8}T000000Z?", one.value) and _lasts_whole_days(event):
            return _read(one.value[:8])
        if name == "DTEND" and re.fullmatch(r"\d{8}T000000Z?", one.value):
            return _read(one.value[:8])
    return None


def _lasts_whole_days(event: _Event) -> bool:
    return any(re.fullmatch(r"\d{8}T000000Z?", one.value) for one in event.get("DTEND", []))


def _read(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


# -- the days of an event -------------------------------------------------------------------------------


def _days_of(event: _Event, start: date, first: date, last: date) -> set[date]:
    length = _length(event, start)
    left_out = {_read(text[:8]) for one in event.get("EXDATE", []) for text in one.value.split(",")}
    more = [day for one in event.get("RDATE", []) for text in one.value.split(",") if (day := _read(text[:8]))]
    found: set[date] = set()
    for begin in (*_starts(event, start, last), *more):
        if begin not in left_out:
            found |= {begin + at * _ONE_DAY for at in range(length)}
    return {day for day in found if first <= day <= last}


def _length(event: _Event, start: date) -> int:
    """In days; the end of a whole day is the first day after it."""
    end = _day(event, "DTEND")
    if end is not None:
        return min(max(1, (end - start).days), _LONGEST)
    for one in event.get("DURATION", []):
        found = re.fullmatch(r"\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T.*)?", one.value.upper())
        if found:
            return min(max(1, 7 * int(found[1] or 0) + int(found[2] or 0)), _LONGEST)
    return 1


def _starts(event: _Event, start: date, last: date) -> Iterator[date]:
    """The first days of the event, as often as it returns. Raises _NotRead."""
    rules = event.get("RRULE", [])
    if not rules:
        yield start
        return
    if len(rules) > 1:
        raise _NotRead
    rule = dict(part.partition("=")[::2] for part in rules[0].value.upper().split(";") if part)
    if rule.get("FREQ") != "YEARLY" or not rule.keys() <= _READ_RULES:
        raise _NotRead
    yield from _each_year(rule, start, last)


def _each_year(rule: Mapping[str, str], start: date, last: date) -> Iterator[date]:
    interval, count = _number(rule.get("INTERVAL", "1")), _number(rule["COUNT"]) if "COUNT" in rule else None
    until = _read(rule["UNTIL"][:8]) if "UNTIL" in rule else None
    told = 0
    for year in range(start.year, last.year + 1, interval):
        for day in _in_year(rule, start, year):
            if day < start:
                continue
            if day > last or (until is not None and day > until) or (count is not None and told >= count):
                return
            told += 1
            yield day


def _in_year(rule: Mapping[str, str], start: date, year: int) -> list[date]:
    months = [_number(text) for text in rule["BYMONTH"].split(",")] if "BYMONTH" in rule else [start.month]
    if "BYDAY" in rule:
        if "BYMONTHDAY" in rule or "BYMONTH" not in rule:
            raise _NotRead
        return sorted(day for month in months for text in rule["BYDAY"].split(",")
                      if (day := _nth_weekday(year, month, text)) is not None)  # fmt: skip
    days = [_number(text) for text in rule["BYMONTHDAY"].split(",")] if "BYMONTHDAY" in rule else [start.day]
    made = (_made(year, month, day) for month in months for day in days)
    return sorted(day for day in made if day is not None)


def _nth_weekday(year: int, month: int, text: str) -> date | None:
    """Such as 4TH, the fourth Thursday, or -1MO, the last Monday. Raises _NotRead for all weekdays of a month."""
    found = re.fullmatch(r"([+-]?\d)([A-Z]{2})", text)
    if found is None or found[2] not in _WEEKDAYS or not 1 <= month <= 12 or int(found[1]) == 0:
        raise _NotRead
    weekday, nth = _WEEKDAYS.index(found[2]), int(found[1])
    whole = [date(year, month, day) for day in range(1, 32) if _made(year, month, day)]
    fitting = [day for day in whole if day.weekday() == weekday]
    at = nth - 1 if nth > 0 else nth
    return fitting[at] if -len(fitting) <= at < len(fitting) else None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str) -> int:
    """From 1 on. Raises _NotRead for anything else."""
    if not re.fullmatch(r"\d{1,4}", text) or int(text) < 1:
        raise _NotRead
    return int(text)
