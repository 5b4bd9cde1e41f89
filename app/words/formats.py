"""Days, numbers and durations as the user's locale writes them, with month names in the language of the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
class Calendar:
    """What one language says in days and shares. `ordinal` follows the number of a day that stands before a month."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    ordinal: str
    under: str
    over: str


CALENDARS = {
    "en": Calendar(MONTHS, tuple(month[:3] for month in MONTHS), "", "under", "over"),
    "de": Calendar(
        ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
         "Dezember"),
        ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
        ".", "unter", "über",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Formats:
    """How one locale writes numbers and days. Months have names everywhere, so that nobody takes one for the day.

    `language`: of the months' names and the few words beside numbers, one of `CALENDARS`.
    """

    decimal: str = "."
    group: str = ","
    month_first: bool = False
    language: str = "en"

    def in_language(self, language: str) -> Formats:
        """The same with the words of that language."""
        return replace(self, language=language)

    @property
    def _words(self) -> Calendar:
        return CALENDARS[self.language]

    def day(self, day: date, with_year: bool = True) -> str:
        """In words, such as 12 March 2027, March 12, 2027 or 12. März 2027."""
        return self._written(day, self._words.months, with_year)

    def _written(self, day: date, months: tuple[str, ...], with_year: bool = True) -> str:
        month = months[day.month - 1]
        if self.month_first:
            return f"{month} {day.day}, {day.year}" if with_year else f"{month} {day.day}"
        return f"{day.day}{self._words.ordinal} {month}{f' {day.year}' if with_year else ''}"

    def short(self, day: date | None) -> str:
        """As tables and date fields show it, such as 12 Mar 2027 or Mar 12, 2027; a dash where it is not known."""
        return "–" if day is None else self._written(day, self._words.short_months)

    def instant(self, at: datetime) -> str:
        """Day and minute of an instant, in the zone it carries."""
        return f"{self.short(at.date())} {at.strftime('%H:%M')}"

    def signs(self, plain: str) -> str:
        """A number written with point and comma, with the locale's signs."""
        text = plain.replace(",", "\0").replace(".", self.decimal).replace("\0", self.group)
        return f"\u2212{text[1:]}" if text.startswith("-") else text

    def number(self, value: float, digits: int | None = None) -> str:
        """`digits` after the separator; None: one at most, none for a whole number."""
        if digits is None:
            digits = 0 if value == round(value) or abs(value) >= 100 else 1
        plain = f"{abs(value):,.{digits}f}"
        text = self.signs(plain)
        return f"\u2212{text}" if value < 0 and float(plain.replace(",", "")) else text

    def signed(self, value: float) -> str:
        return f"+{self.number(value)}" if value > 0 else self.number(value)

    def share(self, value: float) -> str:
        """A probability in percent; nothing surer is said than nineteen in twenty, which no simulation can know."""
        if value < 0.05:
            return f"{self._words.under} 5{THIN}%"
        if value > 0.95:
            return f"{self._words.over} 95{THIN}%"
        return f"{value * 100:.0f}{THIN}%"

    def rate(self, value: float) -> str:
        """An observed share in percent, such as a hit rate."""
        return f"{value * 100:.0f}{THIN}%"

    @property
    def axis_day(self) -> str:
        """The pattern for days in a chart's hover (d3)."""
        return "%b %-d, %Y" if self.month_first else f"%-d{self._words.ordinal} %b %Y"

    @property
    def axis_short_day(self) -> str:
        """The pattern for days at a chart's axis (d3), where the year stands below."""
        return "%b %-d" if self.month_first else f"%-d{self._words.ordinal} %b"

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
        known = BY_LANGUAGE.get(tag) or BY_LANGUAGE.get(tag.split("-")[0])
        if known is not None:
            return known
    return Formats()


def plural(count: float, singular: str, many: str = "") -> str:
    """The word for that many: plural(1, "item") is item, plural(2, "item") is items."""
    return singular if count == 1 else many or f"{singular}s"
