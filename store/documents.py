"""What profiles and work lists keep as JSON, as typed records and back: the one place that knows its keys.

They are those of the earlier app, where it had such a thing, so that its folders are read and written as they are.
Reading takes what can be read and leaves the rest: a damaged profile still opens. Writing changes what is said and
keeps whatever else is there.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from store import codec
from store.records import JsonObject, Profile, ProjectData, Query, QueryRef
from store.settings import (
    BudgetTerms,
    CycleTimeRule,
    FieldMapping,
    ImportEntry,
    IssueRule,
    JiraConnection,
    Meaning,
    Move,
    PartOf,
    SyncNote,
    TypedTotals,
)

Record = TypeVar("Record")
Owner = TypeVar("Owner", Profile, Query)

# What a setting is called where its name is not ours.
_SETTING_KEYS = {"window": "data_points_count"}
# So many weeks are told of again, each by its changes.
_DAYS_OFF_BEFORE, _MOST_DAYS_OFF_BEFORE = "days_off_before", 30
_OWN_DEADLINE, _ARCHIVED, _PART, _BOARDS = "deadline", "archived", "part_of", "boards"
_EARLIER, _JOINED_INTO, _APART = "earlier", "joined_into", "kept_apart"
_OLD_TOKEN = "token_in_legacy"  # noqa: S105 a key, not a token
_CONNECTION_KEYS = frozenset(
    {"base_url", "deployment", "api_version", "email", "ca_file", "needs_token", "configured", _OLD_TOKEN}
)
_MEANING_KEYS = {
    "done": "flow_end_statuses",
    "active": "active_statuses",
    "wip": "wip_statuses",
    "todo": "todo_statuses",
    "defects": "bug_types",
    "unclassed": "unclassed_types",
}
_SCOPE, _METADATA, _IMPORTS, _SYNC, _MOVE = "project_scope", "metadata", "imports", "jira_sync", "move"
_TYPED_ON = "remaining_as_of"
_MOST_IMPORTS = 200
_IMPORT_COUNTS = ("rows", "kept", "rejected", "new", "changed", "changes")


# -- settings -----------------------------------------------------------------------------------------------


def settings_of(profile: Profile) -> JsonObject:
    """The values that are kept, by the names of `app.settings.Settings`, unchecked; others are left out by it."""
    names = {key: name for name, key in _SETTING_KEYS.items()}
    return {names.get(key, key): value for key, value in profile.forecast_settings.items()}


def with_settings(profile: Profile, values: JsonObject) -> Profile:
    changed = {_SETTING_KEYS.get(name, name): value for name, value in values.items()}
    return replace(profile, forecast_settings={**profile.forecast_settings, **changed})


def days_off_before(profile: Profile) -> Mapping[date, frozenset[date]]:
    """By the day on which the days off were changed, those that there were until then."""
    kept = profile.extras.get(_DAYS_OFF_BEFORE)
    pairs = [(_day(on), _names(days) or ()) for on, days in kept.items()] if isinstance(kept, Mapping) else []
    return {on: frozenset(filter(None, map(_day, days))) for on, days in pairs if on is not None}


def with_days_off_before(profile: Profile, on: date, days: Collection[date]) -> Profile:
    """Of several changes on a day the first tells what was before."""
    before = {on: frozenset(days), **days_off_before(profile)}
    latest = sorted(before)[-_MOST_DAYS_OFF_BEFORE:]
    kept = {each.isoformat(): sorted(day.isoformat() for day in before[each]) for each in latest}
    return _with_extra(profile, _DAYS_OFF_BEFORE, kept)


def own_deadline(query: Query) -> tuple[bool, date | None]:
    """Whether the work list has a deadline of its own, which may be none, and that deadline."""
    kept = query.extras.get(_OWN_DEADLINE)
    return kept is not None, _day(kept)


def with_own_deadline(query: Query, own: tuple[bool, date | None]) -> Query:
    has_own, day = own
    text = day.isoformat() if day is not None else ""
    return _with_extra(query, _OWN_DEADLINE, text if has_own else None)


def part_of(query: Query) -> PartOf | None:
    """None for a work list that has its own facts, as one has that says to be a part of itself."""
    kept = query.extras.get(_PART)
    if not isinstance(kept, Mapping) or str(kept.get("query") or query.id) == query.id:
        return None
    return PartOf(str(kept["query"]), _names(kept.get("where")) or ())


def is_part_of(query: Query, whole: QueryRef) -> bool:
    part = part_of(query)
    return part is not None and (query.profile_id, part.query_id) == (whole.profile_id, whole.query_id)


def with_part_of(query: Query, part: PartOf) -> Query:
    return _with_extra(query, _PART, {"query": part.query_id, "where": list(part.where)})


def earlier_of(query: Query) -> tuple[str, ...]:
    """The ids of the work lists whose history goes on in this one, each once."""
    return tuple(dict.fromkeys(_names(query.extras.get(_EARLIER)) or ()))


def with_earlier(query: Query, ids: Iterable[str]) -> Query:
    return _with_extra(query, _EARLIER, list(ids) or None)


def joined_into(query: Query) -> str:
    """The id of the work list in which its history goes on; empty for nearly all."""
    return str(query.extras.get(_JOINED_INTO) or "")


def with_joined_into(query: Query, into: str) -> Query:
    return _with_extra(query, _JOINED_INTO, into or None)


def goes_on_in(query: Query, lists: Mapping[str, Query]) -> tuple[str, ...]:
    """The ids of the lists in which its history goes on, one after the other; its own is the last where they are a
    ring, each of another ring is named once. `lists`: those of its project by id."""
    onwards: dict[str, None] = {}
    here: Query | None = query
    while here is not None and query.id not in onwards and (into := joined_into(here)) and into not in onwards:
        onwards[into] = None
        here = lists.get(into)
    return tuple(onwards)


def without_rings(query: Query, lists: Mapping[str, Query]) -> Query:
    """The query without what only an edited file says: that its history goes on in itself, over others too, or that it
    is a part of itself or of a part. `lists`: those of its project by id."""
    onwards, part = goes_on_in(query, lists), query.extras.get(_PART)
    if query.id in onwards:
        query = with_earlier(with_joined_into(query, ""), (each for each in earlier_of(query) if each not in onwards))
    whole = lists.get(str(part.get("query"))) if isinstance(part, Mapping) else None
    is_odd = whole is not None and (whole.id == query.id or part_of(whole) is not None)
    return _with_extra(query, _PART, None) if is_odd else query


def kept_apart(query: Query) -> tuple[str, ...]:
    """The ids of the work lists with which somebody does not want it joined."""
    return _names(query.extras.get(_APART)) or ()


def with_kept_apart(query: Query, ids: Iterable[str]) -> Query:
    return _with_extra(query, _APART, list(ids) or None)


def move_of(data: ProjectData | None) -> Move | None:
    """How the work of the list moved on to another one; None where it did not, or where that cannot be read."""
    kept = data.data.get(_MOVE) if data is not None else None
    try:
        return codec.decode(Move, kept) if kept else None
    except codec.UnreadableRecord:
        return None


def with_move(data: ProjectData | None, move: Move | None, now: datetime) -> ProjectData:
    document = {key: value for key, value in _document(data).items() if key != _MOVE}
    return ProjectData(document if move is None else {**document, _MOVE: codec.encode(move)}, now)


def boards_of(query: Query) -> tuple[str, ...]:
    """The numbers of the boards that it shows; none where it has another query by now."""
    kept = query.extras.get(_BOARDS)
    if not isinstance(kept, Mapping) or kept.get("jql") != query.jql:
        return ()
    return _names(kept.get("numbers")) or ()


def with_boards(query: Query, numbers: tuple[str, ...]) -> Query:
    """It shows these boards, as long as its query stays what it is."""
    return _with_extra(query, _BOARDS, {"numbers": list(numbers), "jql": query.jql} if numbers else None)


def is_archived(owner: Profile | Query) -> bool:
    """Whether it is put away: it is kept, and offered nowhere but among the archived."""
    return bool(owner.extras.get(_ARCHIVED))


def archived(owner: Owner, put_away: bool) -> Owner:
    return _with_extra(owner, _ARCHIVED, put_away or None)


def _with_extra(owner: Owner, key: str, value: Any) -> Owner:
    kept = {name: value_kept for name, value_kept in owner.extras.items() if name != key}
    return replace(owner, extras=kept if value is None else kept | {key: value})


# -- Jira ---------------------------------------------------------------------------------------------------


def connection_of(profile: Profile) -> JiraConnection:
    config = profile.jira_config
    base_url, deployment, email, ca_file, points_field = (
        str(config.get(key) or "") for key in ("base_url", "deployment", "email", "ca_file", "points_field")
    )
    return JiraConnection(
        base_url=base_url,
        deployment=deployment,
        email=email,
        ca_file=ca_file,
        needs_token=bool(config.get("needs_token", True)),
        points_field=points_field,
        token_in_old_files=bool(config.get(_OLD_TOKEN)),
    )


def connected(profile: Profile, connection: JiraConnection) -> Profile:
    """The profile asks this Jira from now on."""
    kept = {name: value for name, value in profile.jira_config.items() if name not in ("token", _OLD_TOKEN)}
    config = asdict(connection) | {"api_version": "v3" if connection.is_cloud else "v2", "configured": True}
    marked = {_OLD_TOKEN: True} if config.pop("token_in_old_files") else {}
    return replace(profile, jira_config={**kept, **marked, **config})


def without_old_token(profile: Profile) -> Profile:
    """The old files no longer hold its token."""
    config = {name: value for name, value in profile.jira_config.items() if name != _OLD_TOKEN}
    return replace(profile, jira_config=config)


def with_connection_of(profile: Profile, other: Profile) -> Profile:
    """All else of the profile, and where and how the other one asks Jira."""
    own = {name: value for name, value in profile.jira_config.items() if name not in _CONNECTION_KEYS}
    theirs = {name: value for name, value in other.jira_config.items() if name in _CONNECTION_KEYS}
    return replace(profile, jira_config=own | theirs)


def field_mapping_of(profile: Profile) -> FieldMapping | None:
    """None where nothing usable was saved."""
    kept = profile.field_mappings.get("jira")
    if not isinstance(kept, Mapping):
        return None
    names = kept.get("names")
    points, sprint, epic, flagged = (str(kept.get(noun) or "") for noun in ("points", "sprint", "epic", "flagged"))
    return FieldMapping(
        points,
        sprint,
        epic,
        flagged,
        names=dict(names) if isinstance(names, Mapping) else {},
        filled=_names(kept.get("filled")),
        more_points=_names(kept.get("more_points")) or (),
        own=_texts_by_name(kept.get("own")),
    )


def _texts_by_name(kept: Any) -> dict[str, str] | None:
    return {str(name): str(text) for name, text in kept.items()} if isinstance(kept, Mapping) else None


def with_field_mapping(profile: Profile, mapping: FieldMapping) -> Profile:
    """Points are also noted where the earlier app looks for them."""
    document = {noun: getattr(mapping, noun) for noun in ("points", "sprint", "epic", "flagged")}
    document["names"] = dict(mapping.names)
    if mapping.filled is not None:
        document["filled"] = list(mapping.filled)
    if mapping.more_points:
        document["more_points"] = list(mapping.more_points)
    if mapping.own is not None:
        document["own"] = dict(mapping.own)
    return replace(
        profile,
        field_mappings={**profile.field_mappings, "jira": document},
        jira_config={**profile.jira_config, "points_field": mapping.points},
    )


# -- what statuses and types mean ---------------------------------------------------------------------------


def meaning_of(profile: Profile) -> Meaning:
    kept = profile.project_classification
    classes = {name: _types(entry) for name, entry in profile.flow_type_mappings.items()}
    return Meaning(
        **{name: _names(kept.get(key)) or () for name, key in _MEANING_KEYS.items()},
        waiting=_names(kept.get("waiting_statuses")),
        classes={name: types for name, types in classes.items() if types is not None},
        operations=_names(kept.get("devops_projects")) or (),
        deployments=_names(kept.get("devops_task_types")) or (),
    )


def with_meaning(profile: Profile, meaning: Meaning) -> Profile:
    """What a user says of statuses and types; projects and waiting statuses stay as they are."""
    lists = {key: list(getattr(meaning, name)) for name, key in _MEANING_KEYS.items()}
    classes = dict(profile.flow_type_mappings)
    for name, types in meaning.classes.items():
        entry = classes.get(name)
        kept = entry if isinstance(entry, Mapping) else {"effort_categories": []}
        classes[name] = {**kept, "issue_types": list(types)}
    return replace(
        profile, project_classification={**profile.project_classification, **lists}, flow_type_mappings=classes
    )


def with_waiting(profile: Profile, names: tuple[str, ...] | None) -> Profile:
    """None: by the words in the names of the statuses."""
    kept = {key: value for key, value in profile.project_classification.items() if key != "waiting_statuses"}
    return replace(profile, project_classification=kept if names is None else kept | {"waiting_statuses": list(names)})


def issue_rule_of(profile: Profile, name: str) -> IssueRule | None:
    """What counts as "deployments" or "incidents", where the profile says so."""
    rules = profile.field_mappings.get("delivery")
    rule = rules.get(name) if isinstance(rules, Mapping) else None
    if not isinstance(rule, Mapping):
        return None
    types, projects, labels = (_names(rule.get(key)) or () for key in ("types", "projects", "labels"))
    return IssueRule(types, projects, labels)


def with_issue_rule(profile: Profile, name: str, rule: IssueRule | None) -> Profile:
    """None: the profile says nothing of it."""
    kept = profile.field_mappings.get("delivery")
    rules = {key: value for key, value in kept.items() if key != name} if isinstance(kept, Mapping) else {}
    if rule is not None:
        rules[name] = {key: list(getattr(rule, key)) for key in ("types", "projects", "labels")}
    return replace(profile, field_mappings={**profile.field_mappings, "delivery": rules})


def with_cycle_time_rules(profile: Profile, rules: Iterable[CycleTimeRule]) -> Profile:
    listed = [
        {"name": rule.name, "start": sorted(rule.start), "done": sorted(rule.done), "from_last": rule.from_last}
        for rule in rules
    ]
    return replace(profile, forecast_settings={**profile.forecast_settings, "cycle_times": listed})


def cycle_time_rules_of(profile: Profile) -> tuple[CycleTimeRule, ...]:
    return tuple(
        CycleTimeRule(
            str(rule["name"]), _casefolded(rule.get("start")), _casefolded(rule.get("done")),
            rule.get("from_last") is True,
        )
        for rule in _objects(profile.forecast_settings.get("cycle_times"))
        if rule.get("name")
    )  # fmt: skip


def _types(entry: object) -> tuple[str, ...] | None:
    """Types of a class; older profiles keep a plain list."""
    return _names(entry.get("issue_types") if isinstance(entry, Mapping) else entry)


# -- money --------------------------------------------------------------------------------------------------


def budget_of(profile: Profile) -> BudgetTerms:
    """As it was entered, else the budget of the earlier app."""
    kept = profile.forecast_settings.get("budget")
    if not isinstance(kept, Mapping):
        return _earlier_budget(profile)
    rates = ((_day(rate.get("since")), _amount(rate.get("per_week"))) for rate in _objects(kept.get("rates")))
    return BudgetTerms(
        total=_amount(kept.get("total")),
        rate_per_week=_amount(kept.get("rate_per_week")),
        start=_day(kept.get("start")),
        end=_day(kept.get("end")),
        currency=str(kept.get("currency") or ""),
        rates=tuple((since, rate) for since, rate in rates if since is not None and rate is not None),
    )


def with_budget(profile: Profile, terms: BudgetTerms) -> Profile:
    document = {
        "total": terms.total,
        "rate_per_week": terms.rate_per_week,
        "start": terms.start.isoformat() if terms.start is not None else None,
        "end": terms.end.isoformat() if terms.end is not None else None,
        "currency": terms.currency,
        "rates": [{"since": since.isoformat(), "per_week": rate} for since, rate in terms.rates],
    }
    return replace(profile, forecast_settings={**profile.forecast_settings, "budget": document})


def _earlier_budget(profile: Profile) -> BudgetTerms:
    """Its present settings with the revisions that led there: each changed the numbers by a difference."""
    rows = list(_objects(profile.extras.get("budget_settings")))
    if not rows:
        return BudgetTerms()
    row = rows[-1]
    start = _day(row.get("created_at"))
    weeks, rate = _amount(row.get("time_allocated_weeks")), _amount(row.get("team_cost_per_week_eur"))
    total = _amount(row.get("budget_total_eur"))
    if total is None and weeks and rate:
        total = weeks * rate
    if rate is None and weeks and total is not None:
        rate = total / weeks
    end = start + timedelta(weeks=weeks) - timedelta(days=1) if start is not None and weeks else None
    return BudgetTerms(total, rate, start, end, str(row.get("currency_symbol") or "€"))


# -- where a work list's facts came from --------------------------------------------------------------------


def typed_totals_of(data: ProjectData | None) -> TypedTotals | None:
    """None where nobody typed any: all zeros without a day are a form of the old app that was never filled in."""
    scope = data.data.get(_SCOPE) if data is not None else None
    if not isinstance(scope, Mapping):
        return None
    if _TYPED_ON not in scope and not any(map(_amount, scope.values())):
        return None
    day = scope.get(_TYPED_ON)
    items, points = _amount(scope.get("remaining_items")), _amount(scope.get("remaining_points"))
    return TypedTotals(items, points, _day(day) if isinstance(day, str) else None)


def with_typed_totals(data: ProjectData | None, totals: TypedTotals, now: datetime) -> ProjectData:
    document = _document(data)
    scope = document.get(_SCOPE)
    kept = dict(scope) if isinstance(scope, Mapping) else {}
    if totals.as_of is not None:
        kept[_TYPED_ON] = totals.as_of.isoformat()
    for key, value in (("remaining_items", totals.items), ("remaining_points", totals.points)):
        kept.pop(key, None)
        if value is not None:
            kept[key] = int(value) if key == "remaining_items" else value
    return ProjectData({**document, _SCOPE: kept}, now)


def imports_of(data: ProjectData | None) -> tuple[ImportEntry, ...]:
    """The imports of a work list, oldest first, as far as they can be read: somebody may have edited them."""
    entries = _objects(data.data.get(_IMPORTS) if data is not None else None)
    return tuple(entry for each in entries if (entry := _import_entry(each)) is not None)


def _import_entry(document: JsonObject) -> ImportEntry | None:
    try:
        entry = codec.decode(ImportEntry, document, is_lenient=True)
    except codec.UnreadableRecord:
        return None
    negative: dict[str, Any] = {name: 0 for name in _IMPORT_COUNTS if getattr(entry, name) < 0}
    return replace(entry, **negative) if negative else entry


def with_import(data: ProjectData | None, entry: ImportEntry) -> ProjectData:
    """One more import noted, also where the earlier app looks for it; of very many the oldest are forgotten."""
    document = _document(data)
    kept = document.get(_IMPORTS)
    entries = [*(kept if isinstance(kept, list) else []), codec.encode(entry)]
    noted = {name: getattr(entry, name) for name in ("file", "recognised_as", "rows", "kept")}
    sourced = _sourced(document, {"source": "csv_import", **noted}, entry.at)
    return ProjectData({**sourced, _IMPORTS: entries[-_MOST_IMPORTS:]}, entry.at)


def has_later_weeks(data: ProjectData | None, other: ProjectData | None) -> bool:
    """Whether weeks were imported into a work list after all those that another state of it knows of."""
    here, there = (
        max((entry.at for entry in imports_of(each) if entry.kind == "weeks"), default=None) for each in (data, other)
    )
    return here is not None and (there is None or there < here)


def with_imports_of(data: ProjectData, other: ProjectData) -> ProjectData:
    """With the imports that another state of the work list knows of instead of its own."""
    return replace(data, data={**data.data, _IMPORTS: other.data[_IMPORTS]})


def synced_of(data: ProjectData | None, kind: type[Record]) -> Record | None:
    """None when the work list was never synced, or by something whose notes we cannot read."""
    kept = data.data.get(_SYNC) if data is not None else None
    try:
        return codec.decode(kind, kept) if kept else None
    except codec.UnreadableRecord:
        return None


def with_synced(data: ProjectData | None, synced: Any, issues: int, now: datetime) -> ProjectData:
    document = _sourced(_document(data), {"source": "jira", "kept": issues}, now)
    return ProjectData({**document, _SYNC: codec.encode(synced)}, now)


def board_order_of(data: ProjectData | None) -> tuple[str, ...]:
    """The statuses as the columns of the work list's boards have them, as last synced; empty: it shows no board."""
    synced = data.data.get(_SYNC) if data is not None else None
    return (_names(synced.get("statuses")) or ()) if isinstance(synced, Mapping) else ()


def sync_note_of(data: ProjectData | None) -> SyncNote | None:
    """None where it never came from Jira."""
    synced = data.data.get(_SYNC) if data is not None else None
    if data is None or not isinstance(synced, Mapping):
        return None
    metadata = data.data.get(_METADATA)
    issues = metadata.get("kept") if isinstance(metadata, Mapping) else None
    try:
        at = datetime.fromisoformat(synced["synced_at"])
    except (KeyError, TypeError, ValueError):
        return None
    jql, base_url = (str(synced.get(key) or "") for key in ("jql", "base_url"))
    return SyncNote(at, jql, issues if isinstance(issues, int) else 0, base_url, _brought(synced))


def _brought(synced: Mapping[str, Any]) -> tuple[int, int, int] | None:
    counts = [synced.get(name) for name in ("new", "changed", "removed")]
    new, changed, removed = (count if type(count) is int and count >= 0 else None for count in counts)
    return None if new is None or changed is None or removed is None else (new, changed, removed)


def came_from(base_url: str, now: datetime) -> ProjectData:
    """The facts of a list that once came from that server, and is no longer fetched from it."""
    note = {"base_url": base_url, "synced_at": codec.instant_text(now), "jql": ""}
    return ProjectData({_METADATA: {"source": "jira"}, _SYNC: note}, now)


def sample_source() -> JsonObject:
    """What the made-up work list says of itself."""
    return {_METADATA: {"source": "sample_data"}}


def _sourced(document: JsonObject, source: JsonObject, now: datetime) -> dict[str, Any]:
    metadata = document.get(_METADATA)
    kept = metadata if isinstance(metadata, Mapping) else {}
    updated = {"last_updated": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    return {**document, _METADATA: {**kept, **updated, **source}}


def _document(data: ProjectData | None) -> dict[str, Any]:
    return dict(data.data) if data is not None else {}


# -- values -------------------------------------------------------------------------------------------------


def _names(listed: object) -> tuple[str, ...] | None:
    """None where it is no list."""
    return tuple(map(str, listed)) if isinstance(listed, list | tuple) else None


def _casefolded(listed: object) -> frozenset[str]:
    return frozenset(map(str.casefold, _names(listed) or ()))


def _objects(listed: object) -> Iterator[JsonObject]:
    return (each for each in listed if isinstance(each, Mapping)) if isinstance(listed, list | tuple) else iter(())


def _amount(value: object) -> float | None:
    """A number from 0 on; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None
    return float(value)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
