"""`join`: the history of a work list goes on in another one, because the team moved to another tracker."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from app.actions import joins
from app.cli.answer import Answer
from app.cli.folder import chosen_profiles, chosen_query, reading, writing
from app.context import Context
from app.errors import Usage
from store.codec import instant_text
from store.paths import DataFolder
from store.records import QueryRef

_SHOWN = 20


def join(arguments: Namespace, folder: DataFolder) -> Answer:
    """Without names what could be joined and what is; with two names they are joined, or looked at first."""
    if arguments.earlier is None:
        if arguments.preview or arguments.apart:
            raise Usage("Name the earlier work list.")
        return _listed(arguments, folder)
    if arguments.apart:
        return _apart(arguments, folder)
    if arguments.later is None:
        raise Usage("Name two work lists: the earlier one, and the one in which its history goes on.")
    if arguments.preview:
        with reading(folder) as ctx:
            return _answer(joins.previewed(ctx, *_both(ctx, arguments)), is_done=False)
    with writing(folder) as ctx:
        return _answer(joins.join(ctx, *_both(ctx, arguments)), is_done=True)


def _both(ctx: Context, arguments: Namespace) -> tuple[QueryRef, QueryRef]:
    earlier, later = (chosen_query(ctx, arguments.profile, name) for name in (arguments.earlier, arguments.later))
    return earlier.ref, later.ref


def _apart(arguments: Namespace, folder: DataFolder) -> Answer:
    with writing(folder) as ctx:
        earlier = chosen_query(ctx, arguments.profile, arguments.earlier)
        later = ctx.backend.get_query(joins.part(ctx, earlier.ref))
    name = later.name if later is not None else ""
    if name == earlier.name:
        return Answer({"apart": [name]}, f"{name} stands by itself again.")
    return Answer({"apart": [earlier.name, name]}, f"{earlier.name} and {name} stand apart again.")


def _listed(arguments: Namespace, folder: DataFolder) -> Answer:
    with reading(folder) as ctx:
        owners = chosen_profiles(ctx, arguments.profile) if ctx.backend.list_profiles() else []
        offers = [(owner.name, offer) for owner in owners for offer in joins.offers(ctx, owner.id)]
        joined = [(owner.name, both) for owner in owners for both in joins.joined_lists(ctx, owner.id)]
    document = {
        "can_be_joined": [{"profile": owner, **_document(offer)} for owner, offer in offers],
        "joined": [
            {"profile": owner, "earlier": both.earlier.name, "later": both.later.name} for owner, both in joined
        ],
    }
    lines = [
        f"{owner}: {offer.earlier.name} could go on in {offer.later.name}: {len(offer.matches.pairs)} issues in both"
        for owner, offer in offers
    ]
    lines += [f"{owner}: {both.earlier.name} goes on in {both.later.name}" for owner, both in joined]
    return Answer(document, "\n".join(lines) or "No two work lists look like one history in two trackers.")


def _answer(preview: joins.Preview, *, is_done: bool) -> Answer:
    return Answer({"joined": is_done, **_document(preview)}, "\n".join(_lines(preview, is_done)))


def _document(preview: joins.Preview) -> dict[str, Any]:
    matches = preview.matches
    return {
        "earlier": preview.earlier.name,
        "earlier_id": preview.earlier.id,
        "later": preview.later.name,
        "later_id": preview.later.id,
        "matched": len(matches.pairs),
        "by_rule": {rule.value: count for rule, count in matches.by_rule.items()},
        "pairs": [{"earlier": pair.old, "later": pair.new, "rule": pair.rule.value} for pair in matches.pairs],
        "ambiguous": [{"earlier": list(each.old), "later": list(each.new)} for each in matches.ambiguous],
        "only_earlier": list(matches.only_old),
        "only_later": list(matches.only_new),
        "leaving": list(preview.leaving),
        "moved": instant_text(matches.moved) if matches.moved else None,
        "sweeps": [day.isoformat() for day in matches.sweeps],
    }


def _lines(preview: joins.Preview, is_done: bool) -> list[str]:
    matches, earlier, later = preview.matches, preview.earlier.name, preview.later.name
    lines = [f"{len(matches.pairs)} issues are in both {earlier} and {later}:"]
    lines += [f"  {count}: {joins.RULES[rule]}" for rule, count in matches.by_rule.items()]
    lines.append(f"{len(matches.only_old)} are only in {earlier}, {len(matches.only_new)} only in {later}.")
    if matches.ambiguous:
        lines.append(f"In doubt, and kept apart: {len(matches.ambiguous)}")
        lines += [f"  {', '.join(each.old)} / {', '.join(each.new)}" for each in matches.ambiguous[:_SHOWN]]
        if len(matches.ambiguous) > _SHOWN:
            lines.append(f"  and {len(matches.ambiguous) - _SHOWN} more (--json has all)")
    if preview.leaving and matches.moved is not None:
        lines.append(f"{len(preview.leaving)} open ones did not come along: they leave on {matches.moved:%Y-%m-%d}.")
    done = f"Joined: {later} has the history of both; {earlier} is archived as it was. “burndown undo” takes it back."
    lines.append(done if is_done else "Nothing is changed yet. Call it without --preview to join them.")
    return lines
