"""Which number field holds the points: by its name in the languages of Jira, and by what stands in it.

A field that is filled in comes before one that is not, whatever they are called; every filled one is offered. One
whose name says nothing is chosen only where it is the only one that looks like points, and looks very much so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.jira.client import FieldInfo
from app.jira.mapping.choices import Choice, Sample, plain
from app.jira.mapping.mapping import points_of
from app.jira.shape import an_object, text

# As `plain` makes them, the most usual first: a name that contains one of them counts after those that are one.
_NAMES = (
    "story points", "story point estimate", "story point", "storypoints", "story-punkte", "storypunkte",
    "points d'effort", "puntos de historia", "pontos de historia", "points", "punkte", "puntos", "pontos", "punten",
    "punti", "estimation", "estimate", "aufwandsschatzung", "aufwand", "schatzung", "schaetzung", "estimacion",
    "estimativa", "inschatting", "schatting", "stima", "size", "grosse", "groesse", "effort", "esfuerzo", "esforco",
    "sforzo", "inspanning", "complexity", "komplexitat", "komplexitaet", "complexite", "complejidad", "complexidade",
    "complexiteit", "complessita",
)  # fmt: skip
# So many of them are what Jira itself calls the field, in one kind of project or the other.
_JIRAS_OWN = 9
_UNKNOWN = 2 * len(_NAMES)
# Words of numbers that are something else, whatever else the name says: what Jira and its add-ons keep for
# themselves, money, counts.
_OTHERS = frozenset(
    ("rank", "rang", "votes", "watch", "id", "nr", "number", "nummer", "numero", "progress", "percent", "fortschritt",
     "cost", "costs", "kosten", "cout", "coste", "custo", "costo", "price", "preis", "budget", "count", "anzahl",
     "sla", "time", "zeit", "temps", "tiempo", "tempo", "tijd", "wsjf")
)  # fmt: skip
# Words that a name without one of points has more likely for something else.
_UNITS = frozenset(("hours", "stunden", "heures", "days", "tage", "jours", "year", "jahr", "version", "age", "alter"))
# A field that is set so much more rarely than another one is as good as empty.
_RARELY = 0.1
_LOOKED_THROUGH = 100
# What points look like where no name says so.
_ENOUGH_VALUES, _ENOUGH_SHARE, _MOST_POINTS, _MOST_SIZES = 10, 0.5, 100, 20


def numbers(fields: Sequence[FieldInfo]) -> list[FieldInfo]:
    """Number fields, the likeliest names of points first; not all of a Jira that has hundreds of them."""
    field_infos = [each for each in fields if each.kind == "number" and each.id.startswith("customfield_")]
    by_name = sorted(
        field_infos, key=lambda each: (_is_other(each.name), _name_rank(each.name), each.name.casefold(), each.id)
    )
    return by_name[:_LOOKED_THROUGH]


def likely(fields: Sequence[FieldInfo]) -> list[FieldInfo]:
    """Those whose names do not say that they are something else."""
    return [each for each in numbers(fields) if not _is_other(each.name)]


def points_choices(fields: Sequence[FieldInfo], sample: Sample) -> tuple[Choice, ...]:
    """Every filled field, and of the empty ones those whose names say points."""
    choices = [_choice(each, sample) for each in numbers(fields)]
    most = max((each.share for each in choices), default=0.0)
    ranked = sorted(
        choices,
        key=lambda each: (
            each.share == 0,
            _is_other(each.name),
            not tells_points(each.name),
            each.share < _RARELY * most,
            _name_rank(each.name),
            -each.share,
        ),
    )
    return tuple(each for each in ranked if each.share or (tells_points(each.name) and not _is_other(each.name)))


def best_points(choices: Sequence[Choice], sample: Sample) -> str:
    """The field to propose; empty when none is sure enough: better no points than wrong ones."""
    named = [each for each in choices if tells_points(each.name) and not _is_other(each.name)]
    filled = [each for each in named if each.share]
    if filled:
        return filled[0].field_id
    unknown = [
        each
        for each in choices
        if _OTHERS.union(_UNITS).isdisjoint(plain(each.name).split()) and _looks_like_points(each, sample)
    ]
    if len(unknown) == 1:
        return unknown[0].field_id
    return named[0].field_id if named else ""


def completing(chosen: str, choices: Sequence[Choice]) -> tuple[str, ...]:
    """Further fields that Jira itself calls points: company-managed projects fill another than team-managed ones."""
    own = [each.field_id for each in choices if each.share and _name_rank(each.name) < _JIRAS_OWN]
    return tuple(each for each in own if each != chosen) if chosen in own else ()


def tells_points(name: str) -> bool:
    """Whether a field of this name holds points, as far as its name says."""
    return _name_rank(name) < _UNKNOWN


def _is_other(name: str) -> bool:
    return not _OTHERS.isdisjoint(plain(name).split())


def _name_rank(name: str) -> int:
    """0 for the most usual name of points; `_UNKNOWN` when it is none of them."""
    name = plain(name)
    if name in _NAMES:
        return _NAMES.index(name)
    return next((len(_NAMES) + rank for rank, known in enumerate(_NAMES) if known in name), _UNKNOWN)


def _values_by_type(field_id: str, sample: Sample) -> dict[str, list[float | None]]:
    by_type: dict[str, list[float | None]] = {}
    for issue in sample:
        values = an_object(issue.get("fields"))
        kind = text(an_object(values.get("issuetype")).get("name")) or "issues"
        by_type.setdefault(kind, []).append(points_of(values.get(field_id)))
    return by_type


def _most_used(by_type: dict[str, list[float | None]]) -> tuple[str, float]:
    """The type in which the field is set most often, and in how many of its issues."""
    most, values = max(by_type.items(), key=lambda entry: sum(value is not None for value in entry[1]))
    return most, sum(value is not None for value in values) / len(values)


def _choice(each: FieldInfo, sample: Sample) -> Choice:
    by_type = _values_by_type(each.id, sample)
    points = [value for values in by_type.values() for value in values if value is not None]
    if not points:
        return Choice(each.id, each.name, 0.0, f"{each.name}: set in none of the {len(sample)} issues looked at")
    most, share = _most_used(by_type)
    evidence = f"{each.name}: in {share:.0%} of issues of type {most}, {_shape(points)}"
    return Choice(each.id, each.name, len(points) / len(sample), evidence)


def _shape(points: Iterable[float]) -> str:
    """Such as "whole numbers from 1 to 8"."""
    values = sorted(set(points))
    whole = all(value == int(value) for value in values)
    kind = "whole numbers" if whole else "whole and half numbers" if _halves(values) else "numbers"
    return f"always {values[0]:g}" if len(values) == 1 else f"{kind} from {values[0]:g} to {values[-1]:g}"


def _halves(values: Iterable[float]) -> bool:
    return all(value * 2 == int(value * 2) for value in values)


def _looks_like_points(choice: Choice, sample: Sample) -> bool:
    """A handful of small sizes, whole or half, in at least half of the issues of some type."""
    by_type = _values_by_type(choice.field_id, sample)
    points = [value for values in by_type.values() for value in values if value is not None]
    if len(points) < _ENOUGH_VALUES or _most_used(by_type)[1] < _ENOUGH_SHARE:
        return False
    sizes = set(points)
    return 2 <= len(sizes) <= _MOST_SIZES and _halves(sizes) and min(sizes) >= 0 and max(sizes) <= _MOST_POINTS
