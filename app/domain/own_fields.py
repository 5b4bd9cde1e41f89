"""Fields that only this source has, kept among an issue's `extras` by the names they have there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from app.domain.extras import INTERNAL
from store.records import Issue


def own_fields(issues: Iterable[Issue]) -> Mapping[str, str]:
    """Their names as the source writes them by the ones that conditions go by; what most issues have comes first."""
    counts = Counter(name for issue in issues if issue.extras for name in issue.extras if name not in INTERNAL)
    names: dict[str, str] = {}
    for name, _ in counts.most_common():
        names.setdefault(plain(name), name)
    return names


def plain(name: str) -> str:
    """A name whatever its case and spaces."""
    return " ".join(name.split()).casefold()


def own_values(issue: Issue, field: str) -> tuple[str, ...]:
    """What the issue says in the field of that plain name; `INTERNAL` ones too."""
    for name, value in issue.extras.items():
        if plain(name) == field:
            return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),) if value else ()
    return ()
