"""Days, numbers and durations as the user's locale writes them. Words stay English; order and signs do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

# A narrow space that does not break: between a number and its sign or thousands.
THIN = "\u202f"

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Formats:
    """How one locale writes numbers and days. Months have names everywhere, so that nobody takes one for the day."""

    decimal: str = "."
    group: str = ","
    month_first: bool = False

    def day(self, day: date, with_year: bool = True) -> str:
        """In words, such as 12 March 2027 or March 12, 2027."""
        month = MONTHS[day.month - 1]
        if self.month_first:
            return f"{month} {day.day}, {day.year}" if with_year else f"{month} {day.day}"
        return f"{day.day} {month} {day.year}" if with_year else f"{day.day} {month}"

    def between(self, first: date, last: date) -> str:
        """Both ends of a range; the year is said once where it is the same."""
        return f"{self.day(first, with_year=first.year != last.year)} and {self.day(last)}"

    def short(self, day: date | None) -> str:
        """As tables and date fields show it, such as 12 Mar 2027 or Mar 12, 2027; a dash where it is not known."""
        if day is None:
            return "–"
        month = MONTHS[day.month - 1][:3]
        return f"{month} {day.day}, {day.year}" if self.month_first else f"{day.day} {month} {day.year}"

    def instant(self, at: datetime) -> str:
        """Day and minute of an instant, in the zone it carries."""
        return f"{self.short(at.date())} {at.strftime('%H:%M')}"

    def number(self, value: float, digits: int | None = None) -> str:
        """`digits` after the separator; None: one at most, none for a whole number."""
        if digits is None:
            digits = 0 if value == round(value) or abs(value) >= 100 else 1
        plain = f"{abs(value):,.{digits}f}"
        text = plain.replace(",", "\0").replace(".", self.decimal).replace("\0", self.group)
        return f"\u2212{text}" if value < 0 and float(plain.replace(",", "")) else text

    def signed(self, value: float) -> str:
        return f"+{self.number(value)}" if value > 0 else self.number(value)

    def share(self, value: float) -> str:
        """A probability in percent; never a bare 0 or 100, which a simulation cannot know."""
        if value < 0.01:
            return f"under 1{THIN}%"
        if value > 0.99:
            return f"over 99{THIN}%"
        return f"{value * 100:.0f}{THIN}%"

    def rate(self, value: float) -> str:
        """An observed share in percent, such as a hit rate."""
        return f"{value * 100:.0f}{THIN}%"

    @property
    def axis_day(self) -> str:
        """The pattern for days in a chart's hover (d3)."""
        return "%b %-d, %Y" if self.month_first else "%-d %b %Y"

    @property
    def separators(self) -> str:
        """Decimal and thousands sign as a figure's layout wants them."""
        return self.decimal + self.group


_COMMA, _SPACE = Formats(",", "."), Formats(",", THIN)
BY_LANGUAGE = {
    "en": Formats(),
    "en-us": Formats(month_first=True),
    "de-ch": Formats(group="’"),
    **dict.fromkeys(("de", "nl", "da", "es", "it", "pt", "tr"), _COMMA),
    **dict.fromkeys(("fr", "cs", "pl", "ru", "uk", "fi", "nb", "sv"), _SPACE),
    **dict.fromkeys(("ja", "zh", "ko"), Formats()),
}


def formats_for(languages: list[str]) -> Formats:
    """The first language (as in Accept-Language, best first) that is known, with its region or without."""
    for language in languages:
        tag = language.strip().lower().replace("_", "-")
        found = BY_LANGUAGE.get(tag) or BY_LANGUAGE.get(tag.split("-")[0])
        if found is not None:
            return found
    return Formats()


def plural(count: float, one: str, many: str = "") -> str:
    """The word for that many: plural(1, "item") is item, plural(2, "item") is items."""
    return one if count == 1 else many or f"{one}s"
