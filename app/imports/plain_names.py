"""Names of columns as they are compared, and which of them are known at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

from app.imports.column_names import ISSUE_NAMES, OF_AN_END, PLANNED, SIGNS_PLANNED, WEEK_NAMES
from app.imports.redmine_names import COLUMNS

# As Jira writes it in the languages of its exports, some with changing numbers and genders.
CUSTOM_FIELD = re.compile(
    r"\s*(?:custom field|benutzerdefinierte[rs]? feld(?:er)?|champs? personnalisés?|campos? personalizados?"
    r"|pol[ea] (?:niestandardowe|własne)|camp[oi] personalizzat[oi]|aangepast veld"
    r"|anpassa[dt]e? fält|(?:brugerdefinere[dt]e?|tilpasse[dt]e?|egendefiner(?:t|te)) felt|mukautettu kenttä"
    r"|(?:vlastní|uživatelské|vlastné|používateľské) pole|egyéni mező|câmp personalizat|camp personalitzat"
    r"|(?:користувацьке|настроюване|налаштовуване|спеціальне|власне|персонализирано|потребителско) поле"
    r"|prilagođeno polje|polje po meri|kohandatud väli|προσαρμοσμένο πεδίο|trường tùy chỉnh|bidang kustom"
    r"|自訂欄位|사용자 정의 필드|ฟิลด์ที่กำหนดเอง|שדה מותאם אישית|حقل مخصص"
    r"|(?:пользовательское|настраиваемое) поле|カスタム ?フィールド|自定义字段|사용자 지정 필드|özel alan)"
    r" \((.*)\)\s*",
    re.IGNORECASE,
)
# What was before says nothing of what is: "Status (old)" is no status.
FORMER = re.compile(
    r"\b(?:previous\w*|prev|prior|former\w*|old|older|vorherig\w*|vorig\w*|früher\w*"
    r"|ehemalig\w*|bisherig\w*|alt|alte[rsn]?|ancien\w*|précédent\w*|anterior\w*|antigu[oa]s?"
    r"|viej[oa]s?|precedente\w*|vecchi[oa]|vorige|oude?|eerdere?|poprzedni\w*|stary|stare|tidligere|tidigare|gammel"
    r"|gammal|forrige|föregående|edellinen|vanha|předchozí|предыдущ\w*|прежн\w*|стар\w*|önceki|eski"
    r"|anterioare?)\b|以前|変更前|之前|旧|이전"
)


# Each rule asks anew for the names of all columns.
@lru_cache(maxsize=4096)
def plain_name(column: str) -> str:
    """A column's name without case, underscores, units in brackets and Jira's "Custom field (…)"."""
    column = re.sub(r"^\s*custom fields?\s*[:.-]\s*(?=\S)", "", column, flags=re.IGNORECASE)
    custom = CUSTOM_FIELD.fullmatch(column)
    name = custom[1] if custom else re.sub(r"\s*\([^)]*\)\s*$", "", column)
    if not custom and name != column and _says_what_kind(name.casefold(), column[len(name) :].casefold()):
        name = re.sub(r"[()]", " ", column)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[_\-/.]+", " ", name).casefold().split())


def _says_what_kind(name: str, brackets: str) -> bool:
    """Whether brackets behind a name make it another thing: "Status (old)", or "Done (planned)", no day of finish."""
    is_planned = re.search(rf"{PLANNED}|{SIGNS_PLANNED}", brackets) is not None
    return FORMER.search(brackets) is not None or (is_planned and re.search(OF_AN_END, name) is not None)


def names_utc(column: str) -> bool:
    """Whether a column of days, such as "Created At (UTC)" or "created_utc", says itself that they are in UTC."""
    return re.search(r"[ _(](?:utc|gmt)\)?$", column.casefold()) is not None


# A longer cell names nothing, and would only take its time.
_LONGEST = 100
_LEAST_ALIKE = 4


@cache
def _known_names() -> frozenset[str]:
    fields = (ISSUE_NAMES, WEEK_NAMES, COLUMNS)
    return frozenset(name for names_of in fields for names in names_of.values() for name in names)


def known_among(cells: Sequence[str]) -> list[str]:
    """Which of the cells are names that some tracker or spreadsheet gives to a column of ours, each of them once."""
    short = (cell for cell in cells if len(cell) <= _LONGEST)
    return [name for name in dict.fromkeys(map(plain_name, short)) if name in _known_names()]


def without_prefix(columns: Sequence[str]) -> tuple[str, ...]:
    """The plain names without the word with which most of them begin, as in "Feature name, Feature status", or in
    "fields.summary, fields.created"."""
    names = tuple(map(plain_name, columns))
    firsts = Counter(first for name in names if (first := name.partition(" ")[0]) != name)
    word, count = firsts.most_common(1)[0] if firsts else ("", 0)
    if count < max(_LEAST_ALIKE, len(names) / 2):
        return names
    return tuple(name.removeprefix(f"{word} ") for name in names)
