"""Projects and work lists as a whole: new, renamed, copied, put away and taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from secrets import token_hex

from app.context import Context, later_list, whole_facts
from app.errors import BadInput
from app.settings import changed, settings_of
from app.turns import note_chosen
from app.words import N_, _
from store.documents import archived, move_of, part_of, with_joined_into, with_move, with_part_of
from store.names import free_name
from store.placeholder import note_placeholder
from store.records import Profile, Query, QueryRef
from store.settings import PartOf

# Under which it is noted who gave them.
PROJECT_NAME, WORK_NAME = "name", "work-name"


def new_work(ctx: Context, profile_id: str, name: str = "") -> QueryRef:
    """An empty work list in this project, looked at from now on. Raises BadInput."""
    profile = _project(ctx, profile_id)
    now, backend = ctx.clock(), ctx.backend
    with backend.transaction():
        names = [other.name for other in backend.list_queries(profile.id)]
        query = Query(profile.id, f"q_{token_hex(6)}", free_name(name.strip() or _("New work list"), names), now, now)
        backend.save_query(query)
        if name.strip():
            note_chosen(backend, query.ref, [WORK_NAME], now)
        else:
            note_placeholder(backend, query.ref)
        backend.switch_query(query.ref, now)
    return query.ref


def new_project(ctx: Context, name: str = "", like: Profile | None = None) -> QueryRef:
    """With an empty work list; the time zone is that of the project `like`."""
    now, backend = ctx.clock(), ctx.backend
    with backend.transaction():
        names = [other.name for other in backend.list_profiles()]
        profile = Profile(f"p_{token_hex(6)}", free_name(name.strip() or _("New project"), names), now, now)
        if like is not None:
            profile = changed(profile, {"time_zone": settings_of(like).time_zone})
        backend.save_profile(profile)
        return new_work(ctx, profile.id)


def names(project: str, work: str) -> tuple[str, str]:
    """As both are to be called. Raises BadInput for one without a name."""
    if not project.strip() or not work.strip():
        lacks = N_("The work list needs a name.") if project.strip() else N_("The project needs a name.")
        raise BadInput(lacks)
    return project.strip(), work.strip()


def copy_work(ctx: Context, ref: QueryRef) -> QueryRef:
    """A second work list with the same issues, weeks and corrections, an earlier history among them; what was recorded
    of the first stays there.

    It has no query of Jira: it is as it is now, for trying things out. Raises BadInput.
    """
    query, facts = _work(ctx, ref), whole_facts(ctx.backend, ref)
    part = part_of(query)
    if part is not None:
        return new_part(ctx, QueryRef(ref.profile_id, part.query_id), f"{query.name}, copy", part.where)
    with ctx.backend.transaction():
        copy_ref = new_work(ctx, ref.profile_id, _("{name}, copy", name=query.name))
        ctx.backend.upsert_issues(copy_ref, facts.issues, facts.changes)
        ctx.backend.save_sprints(copy_ref, facts.sprints)
        ctx.backend.replace_weeks(copy_ref, facts.weeks)
        ctx.backend.replace_corrections(copy_ref, facts.corrections)
    ctx.record(copy_ref)
    return copy_ref


def new_part(ctx: Context, ref: QueryRef, name: str, where: Sequence[str]) -> QueryRef:
    """A work list that is a part of another one and changes with it. Raises BadInput.

    `where`: conditions such as type=Bug. A part of a part is refused: what it says would hang on two others.
    """
    query = _work(ctx, ref)
    if not where:
        raise BadInput(N_("Nothing is filtered. Choose a filter in the bar first, then save it as a work list."))
    if part_of(query) is not None:
        raise BadInput(
            N_("{name} is a part of another work list itself. Save the filter from that one.", name=query.name)
        )
    with ctx.backend.transaction():
        part_ref = new_work(ctx, ref.profile_id, name)
        ctx.backend.save_query(with_part_of(_work(ctx, part_ref), PartOf(ref.query_id, tuple(where))))
    ctx.record(part_ref)
    return part_ref


def copy_project(ctx: Context, profile_id: str) -> QueryRef:
    """A second project with the same settings, milestones and work lists, connected to no Jira. Raises BadInput."""
    profile, backend, now = _project(ctx, profile_id), ctx.backend, ctx.clock()
    with backend.transaction():
        names = [other.name for other in backend.list_profiles()]
        copy = replace(profile, id=f"p_{token_hex(6)}", created_at=now, last_used=now, jira_config={},
                       name=free_name(f"{profile.name}, copy", names))  # fmt: skip
        backend.save_profile(copy)
        backend.replace_milestones(copy.id, backend.list_milestones(profile_id))
        copies = [_copied(ctx, query, copy.id) for query in backend.list_queries(profile_id)]
        first = copies[0] if copies else new_work(ctx, copy.id)
    for ref in copies:
        ctx.record(ref)
    return first


def _copied(ctx: Context, query: Query, profile_id: str) -> QueryRef:
    """Into another project under the same id, so that parts find what they are part of."""
    facts, backend = ctx.backend.load_facts(query.ref), ctx.backend
    copy = replace(query, profile_id=profile_id, jql="")
    backend.save_query(copy)
    backend.upsert_issues(copy.ref, facts.issues, facts.changes)
    backend.save_sprints(copy.ref, facts.sprints)
    backend.replace_weeks(copy.ref, facts.weeks)
    backend.replace_corrections(copy.ref, facts.corrections)
    if (move := move_of(facts.project_data)) is not None:
        backend.save_project_data(copy.ref, with_move(None, move, ctx.clock()))
    return copy.ref


def archive_project(ctx: Context, profile_id: str, put_away: bool = True) -> None:
    """Put a project away, or take it out again. Raises BadInput."""
    with ctx.backend.transaction():
        ctx.backend.save_profile(archived(_project(ctx, profile_id), put_away))


def archive(ctx: Context, ref: QueryRef, put_away: bool = True) -> None:
    """Put a work list away, or take it out again. Raises BadInput, for one that goes on in another one too."""
    with ctx.backend.transaction():
        query = _work(ctx, ref)
        later = later_list(ctx.backend, query)
        if later is not None and not put_away:
            raise BadInput(
                N_(
                    "The history of {name} goes on in {later}. Keep them apart again first, under Data › Sources.",
                    name=query.name,
                    later=later.name,
                )
            )
        ctx.backend.save_query(archived(query if put_away else with_joined_into(query, ""), put_away))


def _project(ctx: Context, profile_id: str) -> Profile:
    profile = ctx.backend.get_profile(profile_id)
    if profile is None:
        raise BadInput(N_("This project is not here any more. Reload the page."))
    return profile


def _work(ctx: Context, ref: QueryRef) -> Query:
    query = ctx.backend.get_query(ref)
    if query is None:
        raise BadInput(N_("This work list is not here any more. Reload the page."))
    return query
