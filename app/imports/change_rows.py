"""Tables whose rows are changes of items, with what a field held before and after: no lists of items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.imports.plain_names import plain_name

_BEFORE = frozenset((
    "from", "old", "previous", "prior", "before", "von", "alt", "alter", "alte", "altes", "vorher", "vorheriger",
    "vorherige", "bisheriger", "bisherige", "ancien", "ancienne", "anterior", "antiguo", "antigua", "vecchio",
    "vecchia", "precedente", "antigo", "antiga", "oud", "oude", "stary", "stara",
))  # fmt: skip
_AFTER = frozenset((
    "to", "new", "next", "after", "nach", "zu", "neu", "neuer", "neue", "neues", "nachher", "nouveau", "nouvelle",
    "nuevo", "nueva", "nuovo", "nuova", "novo", "nova", "nieuw", "nieuwe", "nowy", "nowa",
))  # fmt: skip
_FIELD = frozenset((
    "field", "field name", "changed field", "feld", "feldname", "geändertes feld", "champ", "campo", "veld", "pole",
    "property", "attribute", "eigenschaft", "attribut",
))  # fmt: skip
# What is of the item itself before and after. Items may have an old deadline and a new one.
_OF_ITEMS = frozenset((
    "value", "string", "status", "state", "stage", "wert", "zustand", "valeur", "statut", "état", "valor", "estado",
    "valore", "stato", "waarde", "wartość",
))  # fmt: skip


def of_changes(columns: Sequence[str]) -> set[int]:
    """The places of columns with what something was before and after; all places where each row is such a change."""
    names = [plain_name(column) for column in columns]
    before, after = dict(_rests(names, _BEFORE)), dict(_rests(names, _AFTER))
    pairs = before.keys() & after.keys()
    if pairs & _OF_ITEMS or (pairs and not _FIELD.isdisjoint(names)):
        return set(range(len(columns)))
    return _places(pairs, before) | _places(pairs, after)


def _places(rests: set[str], places: Mapping[str, int]) -> set[int]:
    return {places[rest] for rest in rests}


def _rests(names: Sequence[str], words: frozenset[str]) -> Iterator[tuple[str, int]]:
    """What is left of each name with one of the words at an end, and its place: "value" of "from value"."""
    for place, name in enumerate(names):
        first, _, behind = name.partition(" ")
        ahead, _, last = name.rpartition(" ")
        if first in words:
            yield behind, place
        elif last in words:
            yield ahead, place
