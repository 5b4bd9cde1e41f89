"""Boards of WeKan, Planka and Nextcloud Deck in the shape in which Trello exports one, with the moves they tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.imports.trackers.answers import entries_of, text, texts

Json = Mapping[str, Any]
# Seconds until the year 5138; no board counts further.
_LAST = 100_000_000_000


def board_in(value: Any) -> tuple[str, Json] | None:
    """Whose board a document is, and the board as Trello writes it; None for anything else."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("cards"), list) and isinstance(value.get("lists"), list):
        return ("WeKan", _of_wekan(value)) if _is_wekan(value) else ("Trello", value)
    included = value.get("included")
    if isinstance(included, dict) and isinstance(included.get("cards"), list) and included.get("lists"):
        return "Planka", _of_planka(value, included)
    boards: list[Json] = [value] if "stacks" in value else entries_of(value.get("boards"))
    if boards and all(isinstance(board.get("stacks"), list) for board in boards):
        return "Nextcloud Deck", _of_deck(boards)
    return None


def _is_wekan(board: Json) -> bool:
    return str(board.get("_format", "")).startswith("wekan") or any(
        "listId" in card and "idList" not in card for card in entries_of(board["cards"])[:1]
    )


def _of_wekan(board: Json) -> Json:
    lists = {text(part.get("_id")): text(part) for part in entries_of(board["lists"])}
    labels = {text(part.get("_id")): text(part) for part in entries_of(board.get("labels"))}
    return {
        "name": board.get("title"),
        "lists": [
            {"id": part.get("_id"), "name": text(part), "closed": part.get("archived") is True}
            for part in entries_of(board["lists"])
        ],
        "cards": [
            {
                "id": card.get("_id"),
                "name": text(card),
                "idList": card.get("listId"),
                "closed": card.get("archived") is True,
                "dateCreated": card.get("createdAt"),
                "dateClosed": card.get("archivedAt"),
                "dateCompleted": card.get("endAt"),
                "dateLastActivity": card.get("dateLastActivity") or card.get("modifiedAt"),
                "labels": [{"name": labels.get(name, "")} for name in texts(card.get("labelIds"))],
            }
            for card in entries_of(board["cards"])
        ],
        "isWhole": True,
        "actions": [
            action
            for activity in entries_of(board.get("activities"))
            if (action := _action(activity, lists)) is not None
        ],
    }


def _action(activity: Json, lists: Mapping[str, str]) -> Json | None:
    """A card's making or its way from list to list; None for anything else that happened."""
    card = {"id": activity.get("cardId")}
    action: Json = {"date": activity.get("createdAt"), "type": activity.get("activityType")}
    if action["type"] == "createCard":
        return {**action, "data": {"card": card}}
    before, after = (lists.get(text(activity.get(name)), "") for name in ("oldListId", "listId"))
    moved = {"card": card, "listBefore": {"name": before}, "listAfter": {"name": after}}
    return {**action, "data": moved} if action["type"] == "moveCard" else None


def _of_planka(answer: Json, board: Json) -> Json:
    """It keeps no moves, but since when a card is in its list."""
    closed = {text(part.get("id")) for part in entries_of(board.get("lists")) if part.get("type") == "closed"}
    away = {text(part.get("id")) for part in entries_of(board.get("lists")) if part.get("type") in ("archive", "trash")}
    return {
        "name": text(answer.get("item")),
        "lists": [
            {"id": part.get("id"), "name": text(part), "closed": text(part.get("id")) in away}
            for part in entries_of(board.get("lists"))
        ],
        "cards": [
            {
                "id": card.get("id"),
                "name": text(card),
                "idList": card.get("listId"),
                "dueComplete": text(card.get("listId")) in closed,
                "dateCreated": card.get("createdAt"),
                "dateCompleted": card.get("listChangedAt"),
                "dateLastActivity": card.get("updatedAt") or card.get("createdAt"),
            }
            for card in entries_of(board["cards"])
        ],
        "actions": [],
    }


def _of_deck(boards: list[Json]) -> Json:
    """Its stacks are lists. It keeps no moves, but a day on which a card was marked as done."""
    stacks = [stack for board in boards for stack in entries_of(board["stacks"])]
    cards = [(stack, card) for stack in stacks for card in entries_of(stack.get("cards"))]
    return {
        "name": ", ".join(text(board) for board in boards),
        "lists": [{"id": text(stack.get("id")), "name": text(stack)} for stack in stacks],
        "cards": [
            {
                "id": text(card.get("id")),
                "name": text(card),
                "idList": text(stack.get("id")),
                "closed": card.get("archived") is True,
                "dueComplete": bool(card.get("done")),
                "dateCreated": _instant(card.get("createdAt")),
                "dateCompleted": _instant(card.get("done")),
                "dateLastActivity": _instant(card.get("lastModified")),
                "labels": card.get("labels"),
            }
            for stack, card in cards
            if not card.get("deletedAt")
        ],
        "actions": [],
    }


def _instant(value: Any) -> Any:
    """Seconds since 1970 as text; anything else as it is."""
    is_counted = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LAST
    return datetime.fromtimestamp(value, UTC).isoformat() if is_counted else value
