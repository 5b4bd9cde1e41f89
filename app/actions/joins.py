"""The old history of a team that moved to another tracker: looked for, shown, joined, and kept apart again.

What is joined is two work lists of one project. Neither is changed by it but for a note that they belong together (see
`context`): the earlier one is put away, and the later one shows the history of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.actions.deleted import remember_join, separate
from app.context import Context, earlier_lists, later_list, whole_facts
from app.domain.moving import Matches, Rule, matched
from app.errors import BadInput
from app.settings import calendar_of
from app.words import N_
from store.documents import (
    archived,
    earlier_of,
    imports_of,
    is_archived,
    joined_into,
    kept_apart,
    part_of,
    sync_note_of,
    with_earlier,
    with_joined_into,
    with_kept_apart,
    with_move,
    without_rings,
)
from store.records import Category, Issue, Query, QueryFacts, QueryRef
from store.settings import Move

# What makes two issues one, in words.
RULES = {
    Rule.NOTED: N_("the new issue names the old key"),
    Rule.KEY: N_("the same key"),
    Rule.NUMBER: N_("the same number, the project's key renamed"),
    Rule.TITLE_AND_DAY: N_("the same title, created on the same day"),
    Rule.TITLE: N_("the same title, which no other issue has"),
}
# So many of the smaller list must be in both before anybody is asked.
_GOOD_SHARE, _FEWEST = 0.3, 3
# Of more issues than these together nothing is looked for without being asked.
_LOOKED_AT = 30_000


@dataclass(frozen=True, slots=True)
class Preview:
    """What joining the two would do. `leaving`: open issues that only the earlier list has; they leave with the move.

    `titles` by key, of both sides, of what is in doubt.
    """

    earlier: Query
    later: Query
    matches: Matches
    leaving: tuple[str, ...]
    titles: dict[str, str]


@dataclass(frozen=True, slots=True)
class Joined:
    """Two lists of one history."""

    earlier: Query
    later: Query


def previewed(ctx: Context, earlier: QueryRef, later: QueryRef) -> Preview:
    """What would be joined, of what is there now; nothing is written. Raises BadInput for what cannot be."""
    _require_joinable(ctx, earlier, later)
    old, new = whole_facts(ctx.backend, earlier), whole_facts(ctx.backend, later)
    return _preview(old, new)


def _preview(old: QueryFacts, new: QueryFacts) -> Preview:
    matches = matched(old.issues, new.issues, old.changes, new.changes, calendar_of(new.profile))
    paired = {pair.old for pair in matches.pairs}
    leaving = tuple(
        issue.key
        for issue in old.issues
        if issue.key not in paired and issue.in_query and issue.category is not Category.DONE
    )
    doubtful = {key for each in matches.ambiguous for key in (*each.old, *each.new)}
    titles = {issue.key: issue.summary for issue in (*old.issues, *new.issues) if issue.key in doubtful}
    return Preview(old.query, new.query, matches, leaving, titles)


def join(ctx: Context, earlier: QueryRef, later: QueryRef) -> Preview:
    """Let the history of the earlier list go on in the later one; what was joined. A backup is made before.

    Raises BadInput where they cannot be joined, or nothing in them is the same.
    """
    preview = previewed(ctx, earlier, later)
    _require_a_move(preview)
    ctx.upkeep.snapshot("join")
    now, backend = ctx.clock(), ctx.backend
    with backend.transaction():
        # Looked at again: somebody else may have changed either meanwhile.
        preview = previewed(ctx, earlier, later)
        _require_a_move(preview)
        old, new = preview.earlier, preview.later
        remember_join(backend, old, new, now)
        move = _move(preview, backend.list_issues(later))
        backend.save_project_data(earlier, with_move(backend.get_project_data(earlier), move, now))
        backend.save_query(archived(with_joined_into(old, new.id), put_away=True))
        others = (each.id for each in earlier_lists(backend, new))
        backend.save_query(with_earlier(new, dict.fromkeys((*others, old.id))))
        if backend.active_query() == earlier:
            backend.switch_query(later, now)
    ctx.record(later)
    return preview


def _move(preview: Preview, issues: Iterable[Issue]) -> Move:
    numbers = {issue.key: issue.source_id for issue in issues}
    matches = preview.matches
    pairs = ((pair.old, pair.new, numbers.get(pair.new, "")) for pair in matches.pairs)
    return Move(
        into=preview.later.id,
        pairs=tuple(pair if pair[2] else pair[:2] for pair in pairs),
        moved=matches.moved,
        sweeps=matches.sweeps,
    )


def part(ctx: Context, earlier: QueryRef) -> QueryRef:
    """Keep both apart again, each as it is; the later list, or itself where there is none, as an edited file may say. A
    backup is made before. Raises BadInput."""
    query = _query(ctx, earlier)
    later = later_list(ctx.backend, query)
    alone = without_rings(query, {each.id: each for each in ctx.backend.list_queries(query.profile_id)})
    if later is None and alone == query and not joined_into(query):
        raise BadInput(N_("{name} goes on in no other work list.", name=query.name))
    ctx.upkeep.snapshot("undo")
    with ctx.backend.transaction():
        ctx.backend.save_query(alone)
        separate(ctx.backend, earlier, ctx.clock())
    ctx.forget_analyses()
    later_ref = later.ref if later is not None else earlier
    for ref in dict.fromkeys((earlier, later_ref)):
        ctx.record(ref)
    return later_ref


def keep_apart(ctx: Context, earlier: QueryRef, later: QueryRef, apart: bool = True) -> None:
    """Offer it no more that the two are joined; or again. Raises BadInput."""
    with ctx.backend.transaction():
        query = _query(ctx, earlier)
        others = [each for each in kept_apart(query) if each != later.query_id]
        ctx.backend.save_query(with_kept_apart(query, [*others, later.query_id] if apart else others))


def joined_lists(ctx: Context, profile_id: str) -> list[Joined]:
    """What is joined in this project."""
    queries = ctx.backend.list_queries(profile_id)
    both = ((each, later_list(ctx.backend, each)) for each in queries)
    return [Joined(each, later) for each, later in both if later is not None]


def offers(ctx: Context, profile_id: str) -> list[Preview]:
    """Pairs of work lists of a project that are likely one history in two trackers, best first.

    They come from different sources, or were made anew in one of them, and a good share is in both.
    """
    queries = [each for each in ctx.backend.list_queries(profile_id) if _is_free(each) and not is_archived(each)]
    sources = {each.id: _source(ctx, each) for each in queries}
    queries = [each for each in queries if sources[each.id]]
    counts = {each.id: ctx.backend.counts(each.ref).issues for each in queries}
    queries = [each for each in queries if counts[each.id] >= _FEWEST]
    if len(queries) < 2 or sum(counts.values()) > _LOOKED_AT:
        return []
    # Half a second for 30,000 issues, at each visit of the page.
    return ctx.latest("offers", _made_of(ctx, queries, sources), lambda: _offered(ctx, queries, sources))


def _made_of(ctx: Context, queries: Iterable[Query], sources: Mapping[str, str]) -> object:
    """All that the offers follow from."""
    lists = [
        (each.ref, each.name, each.jql, whole.revision, earlier_of(each), kept_apart(each), calendar_of(profile))
        for each in queries
        for profile, whole in [ctx.work(each.ref)]
    ]
    return lists, dict(sources)


def _offered(ctx: Context, queries: Iterable[Query], sources: Mapping[str, str]) -> list[Preview]:
    facts = [whole_facts(ctx.backend, each.ref) for each in queries]
    facts.sort(key=lambda each: (not _is_over(each), _reaches(each.issues), each.query.created_at))
    likely = []
    for at, old in enumerate(facts):
        for new in facts[at + 1 :]:
            if new.query.id in kept_apart(old.query):
                continue
            preview = _preview(old, new)
            if _is_likely(preview, sources[old.query.id] == sources[new.query.id]):
                likely.append(preview)
    return sorted(likely, key=lambda each: -len(each.matches.pairs))


def _is_likely(preview: Preview, is_one_source: bool) -> bool:
    matches = preview.matches
    count = len(matches.pairs)
    if count < _FEWEST or matches.share() < _GOOD_SHARE or 2 * matches.same >= count:
        return False
    # Of one tracker the same key is the same issue, in two lists of it.
    return not is_one_source or 2 * matches.by_rule.get(Rule.KEY, 0) < count


def _source(ctx: Context, query: Query) -> str:
    """Where its issues come from, as far as that tells trackers apart; empty where it came from nowhere."""
    data = ctx.backend.get_project_data(query.ref)
    note, entries = sync_note_of(data), imports_of(data)
    return note.base_url if note is not None else entries[-1].recognised_as if entries else ""


def _is_over(facts: QueryFacts) -> bool:
    """Whether it was fetched once and is no more."""
    return sync_note_of(facts.project_data) is not None and not facts.query.jql


def _reaches(issues: Iterable[Issue]) -> datetime:
    """The latest that anything in it tells of."""
    days = (at for issue in issues for at in (issue.updated, issue.resolved, issue.created) if at is not None)
    return max(days, default=datetime.min.replace(tzinfo=UTC))


def _is_free(query: Query) -> bool:
    return part_of(query) is None and not joined_into(query)


def _require_joinable(ctx: Context, earlier: QueryRef, later: QueryRef) -> None:
    old, new = _query(ctx, earlier), _query(ctx, later)
    if earlier == later:
        raise BadInput(N_("These are one work list. Name the earlier and the later one."))
    if earlier.profile_id != later.profile_id:
        raise BadInput(N_("Both work lists must be in one project."))
    for each in (old, new):
        if part_of(each) is not None:
            raise BadInput(N_("{name} is a part of another work list. Name that one.", name=each.name))
        if (goes_on := later_list(ctx.backend, each)) is not None:
            raise BadInput(N_("{name} goes on in {later} already.", name=each.name, later=goes_on.name))


def _require_a_move(preview: Preview) -> None:
    matches = preview.matches
    if not matches.pairs:
        raise BadInput(N_("No issue of {earlier} is found in {later}. Nothing was changed.",
                          earlier=preview.earlier.name, later=preview.later.name))  # fmt: skip
    if 2 * matches.same >= len(matches.pairs):
        raise BadInput(
            N_(
                "{earlier} and {later} hold the same issues of the same tracker: there is no earlier history to join.",
                earlier=preview.earlier.name,
                later=preview.later.name,
            )
        )


def _query(ctx: Context, ref: QueryRef) -> Query:
    query = ctx.backend.get_query(ref)
    if query is None:
        raise BadInput(N_("This work list is not here any more. Reload the page."))
    return query
