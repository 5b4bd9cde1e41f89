"""Columns that nothing is taken from, and that may decide something all the same, whatever they are called.

Their cells tell them: days, words for how far work is, yes and no, numbers like estimates. Their names are only asked
whether they are known to speak of something else. What could be otherwise is counted item by item, so that nothing is
said of a column that changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from app.domain.guesses import DAYS, NOS, POINTS, TICKS, WORDS
from app.domain.statuses import given_up, guessed, is_reason_to_give_up, named
from app.imports.blanks import says_nothing
from app.imports.change_rows import of_changes
from app.imports.column_names import ISSUE_NAMES, PLANNED, names_a_plan
from app.imports.columns import Layout
from app.imports.dates import DateReader, DayOrder, is_serial, names_no_day
from app.imports.flags import FLAGS, YES
from app.imports.numbers import number
from app.imports.plain_names import FORMER, plain_name
from app.imports.plans import LIKE_A_PLAN
from app.imports.stamps import OF_WORK, STAMP_NAME, is_no_end
from app.imports.tables import Table
from app.imports.told_done import OTHER_THING
from app.imports.trackers.tool import MADE_CATEGORY
from store.records import Category, Issue

_PROBED, _MOST_COLUMNS = 200, 300
# The share of the filled cells that are days, or words for how far work is.
_DAYS, _WORDS = 0.5, 0.5
_LONGEST_WORD, _MOST_WORDS = 60, 60
# So many items at least have an estimate, and so many different ones; steps of the usual scales, of which one is large.
_LEAST, _DIFFERENT, _LARGE = 5, 3, 5
_SCALE = frozenset({0, 0.5, 1, 2, 3, 5, 8, 13, 20, 21, 34, 40, 55, 89, 100})
# Of the items with such a day, the share that were there already and had not ended; and of all items, the share in
# which a day is no event but a stamp.
_WITHIN, _EVERYWHERE = 0.8, 0.9
# Where something else tells what is done, yes in more than half of the rows is no end.
_MOST_YES = 0.5
_SAY_DONE = frozenset({"status", "category", "category_changed", "resolved", "is_done", "percent"})
# What we read, or know to be of no weight, and its usual names.
_NO_WEIGHT = frozenset(
    name
    for field in ("updated", "type", "priority", "project", "assignee", "labels", "components", "fix_versions",
                  "sprints", "flagged", "url", "key", "source_id", "parent", "parent_id", "epic", "percent")
    for name in ISSUE_NAMES[field]
)  # fmt: skip
# Days of wishes, plans, looks, answers, and of other things.
_OTHER_DAY = re.compile(
    rf"{PLANNED}|\bplan|remind|\bview|\bseen|visit|updat|modif|chang|\bedit|activity|activit|comment|sprint"
    r"|iteration|release|version|milestone|birth|expir|import|export|sync|respon[sd]|first reply|warrant|review|audit"
    r"|timeline|touched|snooz|reminder|assigned|assignment|geburt|kommentar|änder|geänd|bearbeitet am"
)
_OTHER_TICK = (
    r"billable|abrechen|factur|invoic|urgent|dringend|urgen|important|wichtig|block|flag|\bstar|favou?rit|privat|public"
    r"|lock|recurr|wiederkehr|repeat|watch|follow|vote|critical|kritisch|customer|kund|confiden|vertraul|intern|extern"
    r"|\bhas\b|\bhat\b|review|approv|freigabe|security|sicherheit|regression|attach|draft|pinned|subscrib|escalat|eskal"
    r"|\bvip\b|breach|\bmet\b|\bsla\b|template|vorlage|visible|sichtbar|active|aktiv|automat|read\b|gelesen|unread|spam"
    r"|admin|test|doc|doku|estimat|geschätzt|release|prod\b|risk|risiko|notif|all day|reproduc|reproduz|required"
    r"|mandatory|pflicht|optional|in scope|planned|geplant|paid|bezahlt|remote|onsite|enabled|bug\b|feature\b|epic\b"
    r"|content|description|beschreibung|\blate\b|overdue|überfällig|verspätet|retard|atras|ritard|försenad"
    r"|board column done"
    r"|can \w+|allow|is default|rollup|summary|estimated|inactive"
)
# Of trackers: steps, parts and who has it.
_OTHER_WORD = re.compile(r"^task |assignee|\bqa\b|\bux\b|\bdev\b|design|analy|\bspec")
_OTHER_NUMBER = (
    r"vote|watch|comment|kommentar|attach|anhang|priorit|sever|sprint|week|woche|rank|order|reihenfolge|position|sort|age"
    r"|alter|version|count|anzahl|\bqty|menge|number|nummer|\bnr\b|\bid\b|hour|stunde|time|zeit|minut|\bdays?\b|tage|%"
    r"|percent|prozent|risk|risiko|value|wert|impact|urgen|likes|reopen|level|stufe|year|jahr|month|monat|cost|kosten"
    r"|spent|remain|rest|progress|replies|links|tasks|sub ?tasks|pull|commits|quantity|score|rating|probab|confidence"
    r"|confid|reach|moscow|phase|group|team|index|zeile|row"
)
# When it went out: the end of an item, where no other is known.
_RELEASED = (
    r"(?:actual |real )?(?:released?|publish(?:ed)?|ship|shipping|shipped|deploy(?:ment|ed)?)"
    r"(?: (?:date|day|on|at|time))?"
    r"|release-? ?(?:datum|tag|termin)|veröffentlicht(?: am)?|veröffentlichungsdatum"
    r"|date de (?:release|publication|sortie)"
    r"|fecha de (?:publicación|lanzamiento)|data de lançamento|data di (?:rilascio|pubblicazione)|releasedatum"
    r"|リリース日|发布日期|발행일|출시일"
)
# Of yes and no where no says that an item is out, in a list of nobody in particular.
_STAYS = (
    r"(?:is )?(?:in scope|active|(?:still )?(?:needed|relevant|valid|wanted)|not (?:cancel\w*|rejected|dropped"
    r"|obsolete|deleted))|im (?:umfang|scope)|aktiv"
    r"|(?:noch |weiterhin )?(?:nötig|benötigt|gebraucht|gültig|relevant|aktuell)"
    r"|nicht (?:abgebrochen|storniert|verworfen|abgelehnt)"
    r"|(?:encore |toujours )?(?:nécessaire|utile|valable|pertinente?)"
    r"|dans le périmètre|acti(?:f|ve)|(?:aún |todavía )?(?:necesari[oa]|vigente|válid[oa])|(?:en el|dentro del) alcance"
    r"|activ[oa]|(?:ainda )?necessári[oa]|no escopo|ativ[oa]|(?:ancora )?(?:necessari[oa]|valid[oa])|attiv[oa]"
    r"|(?:nog )?(?:nodig|relevant|geldig)|actief|(?:nadal )?potrzebn[yae]|aktywn[yae]"
)
_MAKE_CATEGORY = frozenset(
    {"state", "list name", "due complete", "archived", "is closed", "closed", "completed", "section"}
)
_FACT = re.compile(
    r"actual|\bist\b|tatsächlich|\breal|réel|effettiv|werkelijk|rzeczywist|skutečn|faktisk|verklig|факт|实际|實際|実績|실제"
)
# Digits of an instant as programs count it since 1970.
_MILLISECONDS = 13
_READERS = (DateReader(UTC), DateReader(UTC, DayOrder.MDY))


def unheard(table: Table, layout: Layout, elsewhere: Collection[int] = ()) -> dict[int, str]:
    """The places of such columns and what they hold; `elsewhere` are places of columns that something is taken from."""
    used = {
        *elsewhere,
        *layout.single.values(),
        *layout.dates.values(),
        *layout.points,
        *layout.blockers,
        *layout.ended,
    }
    used |= {*layout.other_ends, *of_changes(table.columns)}
    used.update(place for places in layout.several.values() for place in places)
    kinds: dict[int, str] = {}
    for place, column in enumerate(table.columns[:_MOST_COLUMNS]):
        name = plain_name(column)
        if not name or place in used or name in _NO_WEIGHT or column in layout.passed_over or _is_read(name, table):
            continue
        if kind := _kind(name, table.filled(place, _PROBED), layout):
            kinds[place] = kind
    return kinds


def _is_read(name: str, table: Table) -> bool:
    """Whether a tracker's reader made its category, among others, of a column of that name."""
    return MADE_CATEGORY in table.columns and name in _MAKE_CATEGORY


def _kind(name: str, cells: Sequence[str], layout: Layout) -> str:
    cells = [cell for cell in cells if not says_nothing(cell) or cell.casefold() in FLAGS]
    if not cells or FORMER.search(name):
        return ""
    if sum(map(_is_day, cells)) >= _DAYS * len(cells):
        return "" if _is_other_day(name, layout) else DAYS
    if all(cell.casefold() in FLAGS for cell in cells):
        if layout.tool is None and re.fullmatch(_STAYS, name.rstrip(" ?")):
            return NOS
        is_tick = (
            not all(map(str.isdigit, cells))
            and not _is_open_name(name)
            and not re.search(_OTHER_TICK, name)
            and not OTHER_THING.search(name)
        )
        return TICKS if is_tick else ""
    if _are_estimates(cells):
        return POINTS if not layout.points and not re.search(_OTHER_NUMBER, name) else ""
    if layout.tool is not None and _OTHER_WORD.search(name):
        return ""
    return WORDS if not OTHER_THING.search(name) and _are_words(cells) else ""


def _is_open_name(name: str) -> bool:
    return named(name.removeprefix("is ")) is Category.TODO


def _is_day(cell: str) -> bool:
    if cell.isdigit():
        return len(cell) == _MILLISECONDS and _READERS[0].day(cell) is not None
    return not is_serial(cell) and any(reader.day(cell) for reader in _READERS)


def _is_other_day(name: str, layout: Layout) -> bool:
    tool = layout.tool
    is_plan = tool is not None and (name in LIKE_A_PLAN or (bool(tool.plans_note) and not _FACT.search(name)))
    if tool is None and "resolved" not in layout.single and re.fullmatch(_RELEASED, name):
        return False
    return is_plan or is_no_end_of_any(name) or names_a_plan(name) or _OTHER_DAY.search(name) is not None


def is_no_end_of_any(name: str) -> bool:
    """Whether it is a day of printing, of the last contact and the like, by its name."""
    return STAMP_NAME.search(name) is not None or (
        is_no_end(name) and guessed(name) is None and not OF_WORK.search(name)
    )


def _are_estimates(cells: Sequence[str]) -> bool:
    values = [number(cell) for cell in cells]
    different = {value for value in values if value is not None}
    is_whole = None not in values and len(values) >= _LEAST
    return is_whole and len(different) >= _DIFFERENT and max(different) >= _LARGE and different <= _SCALE


def _are_words(cells: Sequence[str]) -> bool:
    counts = Counter(cells)
    if len(counts) > _MOST_WORDS or max(map(len, counts)) > _LONGEST_WORD:
        return False
    if any(map(is_reason_to_give_up, counts)):
        return True
    # First what is only looked up: the patterns of a guess take longer to make than a whole table to survey.
    if not any(map(named, counts)):
        return False
    known = sum(count for cell, count in counts.items() if guessed(cell) is not None)
    return known >= _WORDS * len(cells)


@dataclass(frozen=True, slots=True)
class Hearing:
    """The items of a table, which the unheard columns are held against. `today`: the last day that has come."""

    table: Table
    layout: Layout
    issues: Sequence[Issue]
    reader: DateReader
    zone: tzinfo
    today: date

    def counts(self, sentences: Iterable[str]) -> Counter[tuple[str, str]]:
        """How many items could be otherwise, by kind and column; not of columns that the sentences speak of."""
        spoken = " ".join(sentences)
        numbers: Counter[tuple[str, str]] = Counter()
        outline = self.layout.outline
        elsewhere = {*self.layout.ticks, *(outline.places if outline is not None else ())}
        for place, kind in self.layout.unheard.items():
            column = self.table.columns[place]
            if place not in elsewhere and not re.search(rf"(?<!\w){re.escape(column)}(?!\w)", spoken):
                numbers[kind, column] += self._number(kind, column, self.table.texts(place))
        return +numbers

    def _number(self, kind: str, column: str, texts: Sequence[str]) -> int:
        if kind == POINTS:
            return sum(map(bool, texts))
        items = [each for each in zip(self.issues, texts, strict=True) if each[1] and _counts(each[0])]
        if kind == WORDS:
            return sum(_says_otherwise(issue, word) for issue, word in items)
        if kind == NOS:
            out = [issue for issue, flag in items if flag.casefold() not in YES and issue.category is not Category.DONE]
            return len(out) if len(out) <= _MOST_YES * len(self.issues) else 0
        return self._ticked(column, items) if kind == TICKS else self._dated(items)

    def _ticked(self, column: str, items: Sequence[tuple[Issue, str]]) -> int:
        yes = [issue for issue, flag in items if flag.casefold() in YES]
        if named(column) is Category.IN_PROGRESS:
            return sum(issue.category is Category.TODO for issue in yes)
        is_known = not _SAY_DONE.isdisjoint(self.layout.single)
        # Of what is done alone it repeats what is known.
        done = [issue for issue in self.issues if issue.category is Category.DONE]
        repeats = len(yes) == len(done) and all(issue.category is Category.DONE for issue in yes)
        return 0 if is_known and (repeats or len(yes) > _MOST_YES * len(self.issues)) else len(yes)

    def _dated(self, items: Sequence[tuple[Issue, str]]) -> int:
        """Items whose beginning or end is not known, and that have a day here on which it may have been."""
        dated = [(issue, day) for issue, text in items if not names_no_day(text) and (day := self.reader.day(text))]
        is_filled = len(dated) >= _EVERYWHERE * len(self.issues)
        waiting = any(issue.category is Category.TODO for issue, _ in dated)
        within = [each for each in dated if self._is_within(*each)]
        if len(within) < _WITHIN * len(dated) or (is_filled and waiting and "created" in self.layout.single):
            return 0
        return sum(self._may_be_event(issue, day) for issue, day in within)

    def _is_within(self, issue: Issue, day: date) -> bool:
        since, end = self._day(issue.created), self._day(issue.resolved)
        return (since is None or since <= day) and day <= (end or self.today)

    def _may_be_event(self, issue: Issue, day: date) -> bool:
        since, end = self._day(issue.created), self._day(issue.resolved)
        if day in (end, self._day(issue.started)):
            return False
        if since is None or (end is None and issue.category is Category.DONE):
            return True
        is_between = since < day and (end is None or day < end)
        return is_between and issue.started is None and issue.category is not Category.TODO

    def _day(self, instant: datetime | None) -> date | None:
        return None if instant is None else instant.astimezone(self.zone).date()


def _counts(issue: Issue) -> bool:
    return issue.in_query and not (issue.category is Category.DONE and given_up(issue.status, issue.resolution))


def _says_otherwise(issue: Issue, word: str) -> bool:
    if is_reason_to_give_up(word):
        return True
    category = named(word)
    if category is None:
        return False
    # Of what is done a word from before is often left behind.
    is_begun = category is Category.IN_PROGRESS and issue.category is Category.TODO
    return is_begun or (category is Category.DONE and issue.category is not Category.DONE)
