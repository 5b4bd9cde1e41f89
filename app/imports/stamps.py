"""Columns of days that are no finish although they stand last: those of the last change, contact, check or export.

Such a day stands in nearly every row, whether the item is finished or not; some are known by their names alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from app.domain.statuses import guessed
from app.imports.columns import ColumnMapping, Layout
from app.imports.dates import DateReader
from app.imports.flags import YES
from app.imports.plain_names import plain_name
from app.imports.tables import Table
from store.records import Category

# The share of the rows in which a column must hold a day to be a stamp.
_EVERYWHERE = 0.9
# The share of its days that are the same few; how many these are, at least and of a hundred rows; and how many times as
# many days the first column must name.
_SAME, _FEW, _FEW_OF_HUNDRED, _VARIED = 0.9, 3, 5, 4
# Shares of all rows, or else of the open ones, that are open by their status although the column holds a day.
_OPEN, _OF_OPEN = 0.1, 0.5
# So many rows at least on each side, and so many different cells at most, where a column is taken for a status.
_SIDE, _STATUSES = 3, 12
# The share of cells of a column under any name that must be known words of a status.
_WORDS = 0.9
STAMP_NAME = re.compile(
    r"\b(?:last|latest|next|letzte[rsnm]?|zuletzt|nächste[rsnm]?|derni(?:er|ère)s?|últim[oa]s?|ultim[oa]"
    r"|laatste?|ostatni\w*|senast\w*|siste|seneste|poslední|последн\w+|export\w*|sync\w*|wiedervorlage|reminder)\b"
    r"|最終|最后|最後|마지막"
)

# Under these names nothing ends, in whichever rows a day stands; under the next ones perhaps, but not in all rows.
_NO_END = re.compile(
    r"\bprint(?:ed)?\b|\bfollow ?up|\bremind|\bwarrant|\bguarantee|\bcontact|\bseen\b|\bview(?:ed)?\b|\bvisit|\bexpir"
    r"|\bvalid|\brenew|\bback ?up|\bimport(?:ed)?\b|\bexport|\bsync|gedruckt|druckdatum|wiedervorlage|nachfass|erinner"
    r"|garantie|gewährleistung|kontakt|gesehen|besuch|gültig|exportiert|importiert|imprim|impress|relance|rappel|valable|\bvu\b"
    r"|recordatorio|garant[ií]a|garanzia|impres[oa]|visto|visita|validez|lembrete|validade|promemoria|stampat|herinner"
    r"|afgedrukt|geldig|przypomn|gwaranc|wydruk|připom|záruk|vytišt|påminn|utskriv|påmind|udskrev|muistut|takuu|tulost"
    r"|напомин|гаранти|печат|hatırlat|yazdır|in lúc|bảo hành|nhắc|印刷|保証|リマインド|打印|保修|提醒|인쇄|보증|알림"
)
_LOOKED_AT = re.compile(
    r"\breview|\bcheck|\baudit|\binspect|\bnotified|\binformed|\bassigned|\bestimated|geprüft|prüfung|kontroll|überprüft"
    r"|informiert|zugewiesen|contrôl|vérifi|révis|revisad|verificad|revisad|controllat|verificat|gecontroleerd|nagekeken"
    r"|sprawdz|zkontrol|granska|tarkist|провер|kontrol ed|kiểm tra|確認|检查|审核|확인|검토"
)
# Of these the words for the beginning of work itself.
OF_WORK = re.compile(
    r"start|\b(?:begun|began|begin|commenced|beginn|begonnen|angefangen|débuté|début|commencée?|démarrée?|inici\w*"
    r"|empezad\w*|comenz\w*|começ\w*|inizi\w*|avviat\w*|cominciat\w*|rozpocz\w*|zaczęt\w*|zahájen\w*|začat\w*"
    r"|påbörja\w*|börja\w*|påbegy\w*|begyn\w*|aloit\w*|начат\w*|начал\w*|başla\w*|bắt đầu)\b"
    r"|開始|着手|开始|開工|시작|착수"
)
_BEGINS = re.compile(
    r"\b(?:begun|began|begin|start|started|commenced|opened|created|entered|received|beginn|begonnen|angefangen|gestartet|"
    r"angelegt|erfasst|eingang|eingegangen|débuté|début|commencée?|démarrée?|inici\w*|empezad\w*|comenz\w*|começ\w*"
    r"|inizi\w*|avviat\w*|cominciat\w*|gestart|aangemaakt|rozpocz\w*|zaczęt\w*|utworz\w*|zahájen\w*|začat\w*"
    r"|påbörja\w*|börja\w*|startad|skapad|påbegy\w*|begyn\w*|oprettet|aloit\w*|начат\w*|начал\w*|создан\w*|başla\w*"
    r"|bắt đầu)\b|開始|着手|作成|开始|開工|创建|시작|착수|생성"
)


def is_no_end(name: str) -> bool:
    """Whether a column of days under that name is surely not when items were finished."""
    plain = plain_name(name)
    if guessed(name) is Category.DONE:
        return False
    return any(sign.search(plain) for sign in (_NO_END, _BEGINS))


def without_stamps(
    table: Table, layout: Layout, mapping: ColumnMapping, run: Sequence[int], reader: DateReader
) -> list[int]:
    """The run of columns of dates without those at its end that are stamps.

    What is called like a finish is none. Two columns at least have to stand before it.
    """
    kept = list(run)
    while len(kept) > 2 and _is_stamp(table, layout, mapping, kept, reader):
        kept.pop()
    return kept


def is_filled_everywhere(table: Table, place: int) -> bool:
    filled = sum(bool(row[place].strip()) for row in table.rows)
    return filled >= _EVERYWHERE * len(table.rows) > 0


def says_open(table: Table, layout: Layout, mapping: ColumnMapping, place: int) -> bool:
    """Whether too many items with a day in this column are open by the words of their status."""
    own = [(row, is_open) for row in table.rows if (is_open := _is_open(row, layout, mapping)) is not None]
    known = own or _by_other_words(table, layout, mapping)
    open_rows = [row for row, is_open in known if is_open]
    wrong = sum(bool(row[place].strip()) for row in open_rows)
    return wrong > 0 and (wrong >= _OPEN * len(known) or wrong >= _OF_OPEN * len(open_rows))


def _is_stamp(table: Table, layout: Layout, mapping: ColumnMapping, run: Sequence[int], reader: DateReader) -> bool:
    place = run[-1]
    name = table.columns[place]
    if place == layout.single.get("resolved") or guessed(name) is Category.DONE:
        return False
    if _NO_END.search(plain_name(name)):
        return True
    if not is_filled_everywhere(table, place):
        return False
    return (
        STAMP_NAME.search(plain_name(name)) is not None
        or _LOOKED_AT.search(plain_name(name)) is not None
        or says_open(table, layout, mapping, place)
        or _has_few_days(table, run, reader)
        or _is_told_apart(table, layout, run)
    )


def _is_open(row: Sequence[str], layout: Layout, mapping: ColumnMapping) -> bool | None:
    """By the words of category, status and resolution, else by yes and no; None where nothing is known."""
    for name in ("category", "status", "resolution"):
        place = layout.single.get(name)
        category = None if place is None else _category(row[place], mapping)
        if category is not None:
            return category is not Category.DONE
    is_done = flag(row, layout)
    return None if is_done is None else not is_done


def flag(row: Sequence[str], layout: Layout) -> bool | None:
    """What the column that says yes to done items has; None where there is none, or nothing in it."""
    place = layout.single.get("is_done")
    text = "" if place is None else row[place].strip().casefold()
    return text in YES if text else None


def _category(cell: str, mapping: ColumnMapping) -> Category | None:
    text = cell.strip()
    return mapping.statuses.get(text.casefold()) or guessed(text)


def _by_other_words(table: Table, layout: Layout, mapping: ColumnMapping) -> Sequence[tuple[Sequence[str], bool]]:
    """Each row, and whether it is open, by the first column of an unknown name that holds the words of a status."""
    for place in _short_lists(table, layout):
        categories = [(row, _category(row[place], mapping)) for row in table.rows if row[place].strip()]
        known = [(row, category is not Category.DONE) for row, category in categories if category is not None]
        if len(known) >= _WORDS * len(categories) and len({is_open for _, is_open in known}) > 1:
            return known
    return []


def _short_lists(table: Table, layout: Layout) -> Iterator[int]:
    """Columns that hold a few different texts again and again: those of a status first, then those of unknown names."""
    states = [layout.single[name] for name in ("status", "resolution") if name in layout.single]
    used = {*layout.single.values(), *(place for places in layout.several.values() for place in places)}
    others = [place for place in range(len(table.columns)) if place not in used]
    for place in (*states, *others):
        cells = {row[place].strip() for row in table.rows}
        if 1 < len(cells) <= _STATUSES and len(cells) * _SIDE <= len(table.rows):
            yield place


def _has_few_days(table: Table, run: Sequence[int], reader: DateReader) -> bool:
    """Whether nearly all are the same few days, after all that happened before, while the items came on many more.

    Releases of many items at once go on while others come.
    """
    stamps = Counter(_days(table, run[-1], reader))
    usual = stamps.most_common(max(_FEW, len(table.rows) * _FEW_OF_HUNDRED // 100))
    if not usual or sum(count for _, count in usual) < _SAME * stamps.total():
        return False
    first = min(day for day, _ in usual)
    others = [day for place in run[:-1] for day in _days(table, place, reader)]
    varied = len(set(_days(table, run[0], reader)))
    return varied >= _VARIED * len(usual) and sum(day <= first for day in others) >= _SAME * len(others)


def _days(table: Table, place: int, reader: DateReader) -> list[date]:
    return [day for row in table.rows if (day := reader.day(row[place].strip())) is not None]


def _is_told_apart(table: Table, layout: Layout, run: Sequence[int]) -> bool:
    """Whether the column before tells the finish: it is filled for some words of a status, for the others never."""
    if guessed(table.columns[run[-2]]) not in (None, Category.DONE):
        return False
    dated = {*run}
    for place in _short_lists(table, layout):
        if place in dated:
            continue
        sides: dict[str, set[bool]] = {}
        for row in table.rows:
            sides.setdefault(row[place].strip(), set()).add(bool(row[run[-2]].strip()))
        filled = sum(bool(row[run[-2]].strip()) for row in table.rows)
        if all(len(side) == 1 for side in sides.values()) and _SIDE <= filled <= len(table.rows) - _SIDE:
            return True
    return False
