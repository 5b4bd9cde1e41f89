"""Trello: a board as CSV; and its JSON, with the way of each card through the lists as far as actions reach back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.guesses import MIRRORS, SEPARATORS, TEMPLATES, Guesses
from app.domain.statuses import guessed
from app.imports.columns import ISSUES, ColumnMapping
from app.imports.dates import DateReader
from app.imports.numbers import amount_problem, number
from app.imports.results import Imported, RejectedRow
from app.imports.tables import Document, Table
from app.imports.trackers.answers import entries_of, object_in, text, texts
from app.imports.trackers.boards import board_in
from app.imports.trackers.tool import (
    MADE_CATEGORY,
    MADE_CREATED,
    REFERENCE,
    Tool,
    changed,
    kind_by_labels,
    names_of,
    place_of,
    with_column,
)
from app.words import N_, Nn_
from store.records import Category, Change, Issue

Json = Mapping[str, Any]

# -- CSV ------------------------------------------------------------------------------------------------

_CARD_ADDRESS = re.compile(r"https?://[^/]+/c/(?P<card>[A-Za-z0-9]+)")


def card_created(card_id: str) -> str:
    """Trello's ids begin with the second they were made in, in hexadecimal digits. "" for another kind of id."""
    if not re.fullmatch(r"[0-9a-f]{24}", card_id):
        return ""
    return datetime.fromtimestamp(int(card_id[:8], 16), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def card_key(address: str, card_id: str) -> str:
    """The short name of a card in its address, which moves between boards do not change."""
    match = _CARD_ADDRESS.match(address.strip())
    return match["card"] if match else card_id


def _prepare(table: Table) -> Table:
    card, address = place_of(table, "card id"), place_of(table, "card url")
    archived, complete, labels = place_of(table, "archived"), place_of(table, "due complete"), place_of(table, "labels")
    status, lists = [], place_of(table, "list name")
    for row in table.rows:
        is_away = archived is not None and row[archived].strip().casefold() == "true"
        status.append("Archived" if is_away and lists is not None and not _is_done(row[lists]) else row[lists or 0])
    ids = [row[card] if card is not None else "" for row in table.rows]
    keys = [
        card_key(row[address] if address is not None else "", id_) for row, id_ in zip(table.rows, ids, strict=True)
    ]
    done = ["done" if complete is not None and row[complete].strip().casefold() == "true" else "" for row in table.rows]
    if labels is not None:
        # "Design (green)": colours are no part of the name.
        table = changed(table, [labels], lambda cell: re.sub(r" \([a-z_ ]+\)(?=,|$)", "", cell))
    columns = {"Status": status, REFERENCE: keys, MADE_CREATED: [card_created(id_) for id_ in ids], MADE_CATEGORY: done}
    for name, cells in columns.items():
        table = with_column(table, name, cells)
    return table


def _is_done(status: str) -> bool:
    return guessed(status) is Category.DONE


TRELLO = Tool(
    "Trello",
    (names_of("card id", "list name"),),
    {
        "key": ("reference",),
        "source_id": ("card id",),
        "summary": ("card name",),
        "created": ("created",),
        "updated": ("last activity date",),
        "category": ("category",),
        "status": ("status",),
        "project": ("board name",),
        "url": ("card url",),
        # Planned, not done.
        "started": (),
        "resolved": (),
    },
    gone=names_of("archived"),
    prepare=_prepare,
)


# -- JSON -----------------------------------------------------------------------------------------------

_CREATIONS = ("createCard", "copyCard", "convertToCardFromCheckItem", "moveCardToBoard", "emailCard")
_POINTS_NAMES = ("story points", "points", "estimate", "estimation", "size", "effort")
# The newest that Trello exports of a board.
_MOST_ACTIONS = 1_000
# "(3) Log in" is how a much used extension notes points.
_POINTS_IN_NAME = re.compile(r"\s*\((\d+(?:\.\d+)?)\)\s+(.*)", re.DOTALL)
# Other cards are lines between them, or show a card of another board.
_ROLES = {"separator": SEPARATORS, "mirror": MIRRORS}
_USED = {"key": "shortLink", "summary": "name", "status": "idList", "created": "id", "updated": "dateLastActivity",
         "labels": "labels", "points": "customFieldItems", "url": "shortUrl", "source_id": "id",
         "project": "board"}  # fmt: skip


def identify(document: Document) -> bool:
    return board_in(document.value) is not None


def columns(document: Document) -> tuple[str, ...]:
    """What makes a board the same one for a remembered mapping: its lists."""
    name, board = _board_of(document)
    return (f"{name} board", *(text(entry) for entry in entries_of(board["lists"])))


def _board_of(document: Document) -> tuple[str, Json]:
    board = board_in(document.value)
    if board is None:
        raise ValueError("the document is no board")
    return board


def extract(document: Document, mapping: ColumnMapping) -> Imported:
    """One issue for each card. A list is a status; `mapping.statuses` says which lists mean done."""
    name, document_board = _board_of(document)
    board = _Board(document_board, mapping)
    listed = entries_of(document_board["cards"])
    no_work = [_no_work(card) for card in listed]
    cards = [card for card, what in zip(listed, no_work, strict=True) if not what]
    issues, rejected, seen = [], [], set()
    for place, card in enumerate(cards, 1):
        issue = board.issue(card)
        if not issue.key or issue.key in seen:
            reason = "has no id" if not issue.key else "stands in the file twice; the first was kept"
            rejected.append(RejectedRow(place, "shortLink", issue.key, reason))
            continue
        seen.add(issue.key)
        issues.append(issue)
    changes = [change for card in cards for change in board.moves_of(card)]
    return Imported(
        kind=ISSUES,
        recognised_as=f"{name} JSON export",
        rows=len(cards),
        issues=tuple(issues),
        rejected=tuple(rejected),
        warnings=board.warnings(issues),
        used=_USED,
        columns=tuple(dict.fromkeys(_USED.values())),
        changes=tuple(changes),
        history="part",
        guesses=Guesses(no_work=Counter(filter(None, no_work))),
    )


def _no_work(card: Json) -> str:
    """What a card is that only stands on the board; "" of work."""
    return TEMPLATES if card.get("isTemplate") is True else _ROLES.get(text(card.get("cardRole")), "")


def own_values(document: Document) -> dict[str, dict[str, Any]]:
    """What each card, by its key, has in the fields that its board's users made, by their names."""
    _, board = _board_of(document)
    fields = {text(field.get("id")): field for field in entries_of(board.get("customFields"))}
    return {
        text(card.get("shortLink")) or text(card.get("id")): {
            text(fields[place]): _own_value(item, fields[place])
            for item in entries_of(card.get("customFieldItems"))
            if (place := text(item.get("idCustomField"))) in fields
        }
        for card in entries_of(board["cards"])
    }


def _own_value(item: Json, field: Json) -> str:
    """Text, number, day or tick; of a list the words of the option that was chosen."""
    values = [text(value) for value in object_in(item.get("value")).values()]
    options = (
        object_in(option.get("value")).values()
        for option in entries_of(field.get("options"))
        if option.get("id") == item.get("idValue")
    )
    return next(iter([*values, *(text(value) for option in options for value in option)]), "")


class _Board:
    """One board being read."""

    def __init__(self, board: Json, mapping: ColumnMapping) -> None:
        self._name = text(board.get("name"))
        self._lists = {text(entry.get("id")): text(entry) for entry in entries_of(board.get("lists"))}
        self._archived = {text(part.get("id")) for part in entries_of(board.get("lists")) if part.get("closed") is True}
        self._statuses = mapping.statuses
        self._fields = {text(part.get("id")): text(part) for part in entries_of(board.get("customFields"))}
        self._reader = DateReader(UTC)
        actions = entries_of(board.get("actions"))
        self._actions: dict[str, list[Json]] = {}
        for action in actions:
            card = object_in(object_in(action.get("data")).get("card"))
            self._actions.setdefault(text(card.get("id")), []).append(action)
        # Trello exports the newest 1,000 actions: nothing before them is known, and since then nothing is missing.
        self._beginning = min(filter(None, (self._instant(part.get("date")) for part in actions)), default=None)
        self._is_cut = len(actions) >= _MOST_ACTIONS and board.get("isWhole") is not True
        self._put_away = self._lists_put_away(actions)
        self._bounded = 0

    def issue(self, card: Json) -> Issue:
        status = self._lists.get(text(card.get("idList")), "")
        category = self._category(status)
        if card.get("dueComplete") is True:
            category = Category.DONE
        labels = texts(card.get("labels"))
        points, summary = self._points(card)
        updated = self._instant(card.get("dateLastActivity"))
        # Put away without being done, by itself or with its list: out of scope from then on.
        in_archive = text(card.get("idList")) in self._archived
        is_gone = (card.get("closed") is True or in_archive) and category is not Category.DONE
        return Issue(
            key=self._key(card),
            summary=summary,
            type=kind_by_labels(labels),
            status=status,
            category=category,
            created=self._created(card),
            updated=updated,
            resolved=self._finished(card, category),
            points=points,
            source_id=text(card.get("id")),
            project=self._name,
            labels=tuple(labels),
            url=text(card.get("shortUrl") or card.get("url")),
            in_query=not is_gone,
            left_query=self._left(card, updated) if is_gone else None,
        )

    def moves_of(self, card: Json) -> list[Change]:
        """From list to list, oldest first.

        Moves between lists that mean done say nothing about the day on which a card was finished before the actions
        begin, and are left out then.
        """
        moves = self._moves(card)
        if self._has_beginning(card):
            return moves
        tidied = next((place for place, move in enumerate(moves) if not self._is_tidying(move)), len(moves))
        return moves[tidied:]

    def _moves(self, card: Json) -> list[Change]:
        key = self._key(card)
        moves = []
        for action in self._actions_of(card):
            data = object_in(action.get("data"))
            before, after = text(data.get("listBefore")), text(data.get("listAfter"))
            at = self._instant(action.get("date"))
            if at is not None and before and after and before != after:
                moves.append(Change(key, at, "status", before, after))
        return sorted(moves, key=lambda move: move.at)

    def warnings(self, issues: Iterable[Issue]) -> tuple[str, ...]:
        """What was guessed, and what nothing in the board says."""
        listed = list(issues)
        sentences = []
        if listed and not any(issue.category is Category.DONE for issue in listed) and not self._has_done_list():
            names = ", ".join(name for name in self._lists.values() if name)
            sentences.append(
                N_(
                    "No list of this board means done by its name ({names}). Say which one does, where the columns are "
                    "chosen.",
                    names=names,
                )
            )
        if self._is_cut and not self._bounded and self._beginning is not None:
            sentences.append(
                N_(
                    "The export holds the newest {most:,} actions of the board, as many as Trello "
                    "exports: what happened before {beginning:%Y-%m-%d} is missing.",
                    most=_MOST_ACTIONS,
                    beginning=self._beginning,
                )
            )
        if self._bounded and self._beginning is not None:
            sentences.append(
                Nn_(
                    "1 done card came into its list before {beginning:%Y-%m-%d}, where the history in this export "
                    "begins: taken as done by then. Trello exports the newest 1,000 actions of a board.",
                    "{count} done cards came into their list before {beginning:%Y-%m-%d}, where the history in this "
                    "export begins: taken as done by then. Trello exports the newest 1,000 actions of a board.",
                    self._bounded,
                    beginning=self._beginning,
                )
            )
        return tuple(sentences)

    def _has_done_list(self) -> bool:
        return any(self._category(name) is Category.DONE for name in self._lists.values())

    def _is_tidying(self, move: Change) -> bool:
        before, after = self._category(move.from_value or ""), self._category(move.to_value or "")
        return before is Category.DONE and after is Category.DONE

    def _actions_of(self, card: Json) -> list[Json]:
        return self._actions.get(text(card.get("id")), [])

    def _lists_put_away(self, actions: Iterable[Json]) -> dict[str, datetime]:
        """When each list was archived, the last time."""
        away: dict[str, datetime] = {}
        for action in actions:
            data = object_in(action.get("data"))
            board_list, old = object_in(data.get("list")), object_in(data.get("old"))
            at = self._instant(action.get("date"))
            if action.get("type") == "updateList" and old.get("closed") is False and at is not None:
                name = text(board_list.get("id"))
                away[name] = max(at, away.get(name, at))
        return away

    def _left(self, card: Json, updated: datetime | None) -> datetime | None:
        """When a card that is not done left the board: put away itself or with its list, else when last touched."""
        closed = [
            at
            for action in self._actions_of(card)
            if object_in(object_in(action.get("data")).get("old")).get("closed") is False
            and (at := self._instant(action.get("date"))) is not None
        ]
        own = max(closed, default=None) or self._instant(card.get("dateClosed"))
        known = [at for at in (own, self._put_away.get(text(card.get("idList")))) if at is not None]
        return min(known, default=updated)

    def _key(self, card: Json) -> str:
        return text(card.get("shortLink")) or text(card.get("id"))

    def _category(self, status: str) -> Category:
        return self._statuses.get(status.casefold()) or guessed(status) or Category.TODO

    def _has_beginning(self, card: Json) -> bool:
        """Whether the actions reach back to where the card was made."""
        return any(action.get("type") in _CREATIONS for action in self._actions_of(card))

    def _created(self, card: Json) -> datetime | None:
        instants = [
            at
            for action in self._actions_of(card)
            if action.get("type") in _CREATIONS and (at := self._instant(action.get("date"))) is not None
        ]
        return min(instants, default=None) or self._instant(self._creation_of(card))

    def _creation_of(self, card: Json) -> str:
        return text(card.get("dateCreated")) or card_created(text(card.get("id")))

    def _finished(self, card: Json, category: Category) -> datetime | None:
        """When it came into the lists it is done in, or was marked complete; before the actions begin, then at most."""
        if category is not Category.DONE:
            return None
        moves = self._moves(card)
        entry = next((move for move in reversed(moves) if not self._is_tidying(move)), None)
        if entry is not None and self._category(entry.to_value or "") is Category.DONE:
            return entry.at
        marked = [
            at
            for action in self._actions_of(card)
            if object_in(object_in(object_in(action.get("data")).get("card"))).get("dueComplete") is True
            and (at := self._instant(action.get("date"))) is not None
        ]
        finish = max(marked, default=None) or self._instant(card.get("dateCompleted"))
        return finish or self._latest_finish(card)

    def _latest_finish(self, card: Json) -> datetime | None:
        """For a done card whose way there is not in the file: it stands there since it was made, or since before the
        actions begin. None where the file has no actions, or it is done by a mark that they do not tell."""
        created = self._created(card)
        in_list = self._category(self._lists.get(text(card.get("idList")), "")) is Category.DONE
        if self._beginning is None or created is None or not in_list:
            return None
        if self._has_beginning(card):
            return created
        self._bounded += 1
        updated = self._instant(card.get("dateLastActivity")) or self._beginning
        return max(created, min(self._beginning, updated))

    def _points(self, card: Json) -> tuple[float | None, str]:
        """Points of a field that is named so, else those noted in the title; and the title without them."""
        name = text(card)
        for item in entries_of(card.get("customFieldItems")):
            if self._fields.get(text(item.get("idCustomField")), "").casefold() in _POINTS_NAMES:
                value = number(text(object_in(item.get("value")).get("number")))
                if not amount_problem(value, whole=False):
                    return value, name
        noted = _POINTS_IN_NAME.match(name)
        return (float(noted[1]), noted[2]) if noted else (None, name)

    def _instant(self, value: Any) -> datetime | None:
        return self._reader.instant(text(value)) if value else None
