from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jira import jql
from app.jira.client import FieldInfo, StatusInfo, parse_instant
from app.jira.errors import BadJql
from app.jira.mapping.fields import detect, detect_statuses, detect_types, history_wanted, looked_at, wanted
from app.jira.mapping.mapping import map_history, map_issue, points_of, sprints_of, trimmed_history
from store.documents import field_mapping_of, with_field_mapping
from store.records import Category, Change, Profile, Sprint
from store.settings import FieldMapping

MAPPING = FieldMapping("customfield_1", "customfield_2", "customfield_3", "customfield_4", {"customfield_1": "SP"})
PROFILE = Profile("p", "Team", datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
RAW = {
    "id": "7",
    "key": "ABC-7",
    "fields": {
        "summary": "Größe 小",
        "issuetype": {"name": "Story"},
        "status": {"name": "Prüfen", "statusCategory": {"key": "indeterminate"}},
        "created": "2026-01-02T10:00:00.123+0200",
        "updated": "2026-01-05T10:00:00.000+0000",
        "resolutiondate": None,
        "labels": ["a", "b"],
        "components": [{"name": "UI"}],
        "fixVersions": [{"name": "1.0", "releaseDate": "2026-02-01"}],
        "assignee": {"displayName": "Ben", "emailAddress": "ben@example.com"},
        "priority": {"name": "High"},
        "customfield_1": 3.0,
        "customfield_3": "ABC-1",
        "customfield_4": [{"value": "Impediment"}],
    },
}


def _entry(number: int, created: object, *items: tuple[str, str, str | None, str | None]) -> dict[str, object]:
    return {
        "id": str(number),
        "created": created,
        "author": {"displayName": "Ann"},
        "items": [
            {"field": name, "fieldId": field_id, "fromString": before, "toString": after}
            for name, field_id, before, after in items
        ],
    }


def test_an_issue_becomes_a_record_with_times_in_utc() -> None:
    mapped = map_issue(RAW, (), MAPPING, "https://jira.example.com")
    assert mapped is not None
    issue = mapped.issue
    assert issue.created == datetime(2026, 1, 2, 8, 0, tzinfo=UTC)
    assert (issue.category, issue.points, issue.parent) == (Category.IN_PROGRESS, 3.0, "ABC-1")
    assert (issue.project, issue.source_id, issue.assignee) == ("ABC", "7", "Ben")
    assert (issue.labels, issue.components, issue.fix_versions) == (("a", "b"), ("UI",), ("1.0",))
    assert issue.url == "https://jira.example.com/browse/ABC-7"
    # Its whole history names no status.
    assert issue.extras == {"flagged": True, "history_whole": True, "releases": {"1.0": "2026-02-01"}}


def test_a_parent_is_told_before_the_old_link_to_an_epic() -> None:
    raw = {**RAW, "fields": {**RAW["fields"], "parent": {"key": "ABC-9"}}}  # type: ignore[dict-item]
    mapped = map_issue(raw, (), MAPPING, "")
    assert mapped is not None
    assert mapped.issue.parent == "ABC-9"


def test_a_history_keeps_what_counts_in_order_and_drops_the_rest() -> None:
    history = [
        _entry(12, "2026-01-03T10:00:00.000+0000", ("status", "status", "Open", "Done")),
        _entry(
            9,
            1_767_348_000_000,
            ("SP", "customfield_1", "", "3"),
            ("description", "description", "a", "b"),
            ("Fix Version", "fixVersions", None, "1.0"),
        ),
        _entry(10, "2026-01-02T10:00:00.000+0000", ("Flagged", "customfield_4", "", "Impediment")),
    ]
    at = datetime(2026, 1, 2, 10, 0, tzinfo=UTC)
    assert map_history("ABC-7", history, MAPPING).changes == (
        Change("ABC-7", at, "points", None, "3"),
        Change("ABC-7", at, "fix version", None, "1.0"),
        Change("ABC-7", at, "flagged", None, "Impediment"),
        Change("ABC-7", datetime(2026, 1, 3, 10, 0, tzinfo=UTC), "status", "Open", "Done"),
    )


def test_an_older_server_names_fields_without_ids() -> None:
    entry = {"id": "1", "created": "2026-01-02T10:00:00.000+0000", "items": [{"field": "SP", "toString": "5"}]}
    (change,) = map_history("ABC-7", [entry], MAPPING).changes
    assert (change.field, change.to_value) == ("points", "5")


def test_a_field_of_the_same_name_but_another_id_is_not_taken_for_points() -> None:
    assert map_history("A-1", [_entry(1, 0, ("SP", "customfield_99", "1", "2"))], MAPPING).changes == ()


def test_an_entry_that_comes_twice_counts_once() -> None:
    entry = _entry(1, "2026-01-02T10:00:00.000+0000", ("status", "status", "Open", "Done"))
    assert len(map_history("A-1", [entry, dict(entry)], MAPPING).changes) == 1


def test_a_trimmed_history_maps_like_the_whole_and_names_nobody() -> None:
    history = [
        _entry(1, 0, ("status", "status", "Open", "Done"), ("description", "description", "x", "y")),
        _entry(2, 0, ("assignee", "assignee", "Ann", "Ben")),
    ]
    trimmed = trimmed_history(history, frozenset({"status"}))
    assert map_history("A-1", trimmed, MAPPING) == map_history("A-1", history, MAPPING)
    assert "Ann" not in repr(trimmed)
    assert len(trimmed) == 1


def test_both_forms_of_a_sprint_say_the_same() -> None:
    new = {"id": 5, "name": "Team A, 3=best", "state": "closed", "startDate": "2026-01-01T08:00:00.000Z", "goal": ""}
    old = (
        "com.atlassian.greenhopper.service.sprint.Sprint@1b2c[id=5,rapidViewId=9,state=CLOSED,name=Team A, 3=best,"
        "startDate=2026-01-01T08:00:00.000Z,endDate=<null>,completeDate=<null>,sequence=5,goal=]"
    )
    expected = Sprint("Team A, 3=best", "5", "closed", datetime(2026, 1, 1, 8, 0, tzinfo=UTC))
    assert sprints_of([new]) == sprints_of([old]) == (expected,)


def test_a_goal_that_looks_like_parts_of_a_sprint_changes_nothing_else() -> None:
    old = "Sprint@1[id=5,state=ACTIVE,name=S 5,startDate=<null>,goal=ship it,name=fun,state=CLOSED]"
    (sprint,) = sprints_of([old])
    assert (sprint.name, sprint.state) == ("S 5", "active")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "key", "fields", "name", "status", "issuetype", "created", "customfield_2", "labels"]
                ),
                inner,
            )
        ),
    )
)
def test_no_answer_however_odd_breaks_the_mapping(value: object) -> None:
    names = ("status", "created", "labels", "parent", "assignee", "customfield_1", "customfield_2", "customfield_3")
    raw = {"id": "1", "key": "A-1", "fields": dict.fromkeys(names, value)}
    mapped = map_issue(raw, [{"created": value, "items": value}], MAPPING, "")
    assert mapped is not None
    assert mapped.issue.summary.encode() == b""


@pytest.mark.parametrize(
    ("versions", "names", "days"),
    [
        ([{"name": "2.0", "releaseDate": "2026-03-04"}, {"name": "2.1"}], ("2.0", "2.1"), {"2.0": "2026-03-04"}),
        # A number is another answer than its text, and than the truth that equals it.
        ([{"name": 1, "releaseDate": "2026-03-04"}], ("1",), {"1": "2026-03-04"}),
        ([{"name": True, "releaseDate": "2026-03-04"}], ("True",), {"True": "2026-03-04"}),
        ([{"name": "2.0", "releaseDate": ["soon"]}, "2.1", 3, None], ("2.0", "2.1", "3"), {"2.0": ""}),
        ([{"releaseDate": "2026-03-04"}, {"name": {"a": 1}}], (), {}),
        ({"name": "2.0"}, (), {}),
    ],
)
def test_versions_have_their_names_and_days_however_they_are_listed(
    versions: object, names: tuple[str, ...], days: dict[str, str]
) -> None:
    mapped = map_issue({"id": "1", "key": "P-1", "fields": {"fixVersions": versions}}, None, MAPPING, "")
    assert mapped is not None
    assert mapped.issue.fix_versions == names
    assert mapped.issue.extras.get("releases", {}) == days


@pytest.mark.parametrize(
    ("value", "points"),
    [(3, 3.0), ("2.5", 2.5), ({"value": "5"}, 5.0), (True, None), ("L", None), (None, None), (float("nan"), None)],
)
def test_points_are_numbers_or_nothing(value: object, points: float | None) -> None:
    assert points_of(value) == points


def test_half_a_surrogate_pair_becomes_text_that_can_be_stored() -> None:
    raw = {"id": "1", "key": "A-1", "fields": {"summary": "a\ud800b"}}
    mapped = map_issue(raw, (), MAPPING, "")
    assert mapped is not None
    assert mapped.issue.summary == "a?b"


def test_times_come_as_text_and_as_milliseconds() -> None:
    moment = datetime(2026, 1, 2, 10, 0, tzinfo=UTC)
    assert parse_instant("2026-01-02T12:00:00.000+0200") == parse_instant(1_767_348_000_000) == moment
    assert parse_instant("yesterday") is None


# -- detection ------------------------------------------------------------------------------------------

FIELDS = (
    FieldInfo("customfield_9", "Story point estimate", "number", "jsw-story-points"),
    FieldInfo("customfield_1", "Story Points", "number", "float"),
    FieldInfo("customfield_5", "Customer count", "number", "float"),
    FieldInfo("customfield_6", "Score", "number", "float"),
    FieldInfo("customfield_2", "Sprint", "array", "gh-sprint"),
    FieldInfo("customfield_3", "Epic Link", "any", "gh-epic-link"),
    FieldInfo("customfield_4", "Flagged", "array", "multicheckboxes"),
)


def _sample(kind: str, **values: object) -> dict[str, object]:
    return {"fields": {"issuetype": {"name": kind}, **values}}


def test_points_are_found_with_their_evidence() -> None:
    sample = [_sample("Story", customfield_1=value) for value in (1, 2.5, 8, None)] + [_sample("Bug")]
    fields = detect(FIELDS, sample)
    assert fields.mapping.points == "customfield_1"
    best = fields.choices["points"][0]
    assert best.evidence == "Story Points: in 75% of issues of type Story, whole and half numbers from 1 to 8"
    assert best.share == 0.6


def test_the_field_that_is_used_wins_over_the_better_name() -> None:
    fields = detect(FIELDS, [_sample("Story", customfield_9=3)])
    assert fields.mapping.points == "customfield_9"


def test_a_number_without_a_telling_name_is_offered_but_not_chosen() -> None:
    fields = detect(FIELDS, [_sample("Story", customfield_6=3)])
    assert fields.mapping.points == "customfield_1"
    assert [choice.field_id for choice in fields.choices["points"]] == [
        "customfield_6",
        "customfield_1",
        "customfield_9",
    ]
    alone = detect(FIELDS[3:], [_sample("Story", customfield_6=3)])
    assert alone.mapping.points == ""
    assert [choice.name for choice in alone.choices["points"]] == ["Score"]


def _number(name: str, number: int = 7) -> FieldInfo:
    return FieldInfo(f"customfield_{number}", name, "number", "float")


@pytest.mark.parametrize(
    "name",
    ["Aufwand", "Schätzung", "Aufwandsschätzung", "Story-Punkte", "Punkte (Team)", "Komplexität", "Estimation",
     "Points d’effort", "Estimación", "Estimacion", "Puntos de historia", "Pontos", "Estimativa", "Punten",
     "Inschatting", "Punti", "Stima"],
)  # fmt: skip
def test_points_are_found_by_their_names_in_other_languages(name: str) -> None:
    fields = (*FIELDS[:2], _number(name), _number("Kundennummer", 8))
    sample = [_sample("Story", customfield_7=value, customfield_8=4711) for value in (1, 2.5, None, 8)]
    result = detect(fields, sample)
    assert result.mapping.points == "customfield_7"
    assert result.evidence()[0] == f"{name}: in 75% of issues of type Story, whole and half numbers from 1 to 8"
    # All that is filled in is offered, and what is called so; the empty one of the best name comes after them.
    assert [choice.name for choice in result.choices["points"]] == [
        name,
        "Kundennummer",
        "Story Points",
        "Story point estimate",
    ]


def test_a_field_that_is_hardly_ever_set_does_not_win_by_its_name() -> None:
    sample = [_sample("Story", customfield_7=3) for _ in range(30)] + [_sample("Story", customfield_1=5)]
    assert detect((*FIELDS, _number("Aufwand")), sample).mapping.points == "customfield_7"


def _sizes(count: int = 12, **values: object) -> list[dict[str, object]]:
    return [_sample("Story", customfield_7=(1, 2, 3, 5, 8)[each % 5], **values) for each in range(count)]


def test_a_number_of_any_name_is_chosen_where_it_is_the_only_one_that_looks_like_points() -> None:
    fields = detect((*FIELDS[:2], _number("Umfang"), _number("Umsatz", 8)), _sizes(customfield_8=123.45))
    assert fields.mapping.points == "customfield_7"
    assert fields.mapping.filled == ("customfield_7", "customfield_8")


@pytest.mark.parametrize(
    ("fields", "sample"),
    [
        ((_number("Umfang"), _number("Wert", 8)), _sizes(customfield_8=1) + _sizes(customfield_8=2)),
        ((_number("Umfang"),), _sizes(count=9)),
        ((_number("Umfang"),), _sizes() + [_sample("Story")] * 13),
        ((_number("Alter in Tage"),), _sizes()),
        ((_number("Rang"),), _sizes()),
        ((_number("Umfang"),), [_sample("Story", customfield_7=each * 0.3) for each in range(12)]),
        ((_number("Umfang"),), [_sample("Story", customfield_7=100 * each) for each in range(12)]),
    ],
    ids=["two of them", "too few", "too seldom", "days", "a rank", "no sizes", "too large"],
)
def test_a_number_whose_name_says_nothing_is_not_chosen_on_weak_evidence(
    fields: tuple[FieldInfo, ...], sample: list[dict[str, object]]
) -> None:
    result = detect(fields, sample)
    assert result.mapping.points == ""
    assert {choice.field_id for choice in result.choices["points"]} == {each.id for each in fields}


def test_every_number_that_is_filled_in_is_asked_for_from_then_on() -> None:
    many = tuple(_number(f"Budget line {number:02d}", 100 + number) for number in range(12))
    fields = (*many, _number("Zielgröße"), _number("Umfang", 99))
    assert {each.id for each in fields} <= set(looked_at(fields))
    sample = [_sample("Story", customfield_99=each % 3, customfield_105=1000) for each in range(20)]
    mapping = detect(fields, sample).mapping
    assert mapping.points == "customfield_99"
    texts = wanted(fields, mapping)
    assert {"customfield_99", "customfield_105"} <= set(texts)
    assert "customfield_106" not in texts


@pytest.mark.parametrize("name", ["Flagged", "Markiert", "Signalé", "Signale", "Marcado", "Sinalizado", "Gemarkeerd"])
def test_the_flag_is_found_by_its_name_in_other_languages(name: str) -> None:
    field = FieldInfo("customfield_4", name, "array", "multicheckboxes")
    assert "customfield_4" in wanted((field,))
    fields = detect((field,), [_sample("Story", customfield_4=[{"value": "Impediment"}]), _sample("Story")])
    assert fields.mapping.flagged == "customfield_4"
    assert fields.choices["flagged"][0].evidence.endswith("set in 50% of the issues")


def test_sprint_epic_and_flag_are_found_by_their_kind() -> None:
    mapping = detect(FIELDS, []).mapping
    assert (mapping.sprint, mapping.epic, mapping.flagged) == ("customfield_2", "customfield_3", "customfield_4")
    assert {"customfield_1", "customfield_2", "customfield_6", "summary"} <= set(wanted(FIELDS))
    assert "customfield_5" not in wanted(FIELDS)


def test_a_field_that_nobody_fills_in_says_so() -> None:
    sample = [_sample("Story", customfield_2=["a sprint"]), _sample("Story")]
    choices = detect(FIELDS, sample).choices
    assert choices["sprint"][0].evidence == "Sprint: it is Jira's own sprint field, set in 50% of the issues"
    assert choices["flagged"][0].evidence.endswith("set in none of the 2 issues looked at")


def test_values_and_histories_are_asked_for_of_every_field_that_is_or_may_be_mapped() -> None:
    many = (*FIELDS, *(FieldInfo(f"customfield_1{number}", f"Points {number}", "number") for number in range(20)))
    chosen = FieldMapping(points="customfield_119", sprint="customfield_2", flagged="customfield_4")
    values, histories = set(wanted(many, chosen)), set(history_wanted(chosen, many))
    assert {"customfield_119", "customfield_1", "customfield_2", "customfield_4", "status"} <= values & histories
    candidates = {each for each in values if each.startswith("customfield_")}
    assert candidates - histories == {"customfield_3"}


def test_a_mapping_is_the_same_after_being_saved() -> None:
    looked = replace(MAPPING, filled=("customfield_1",))
    assert [field_mapping_of(with_field_mapping(PROFILE, each)) for each in (MAPPING, looked)] == [MAPPING, looked]
    assert field_mapping_of(replace(PROFILE, field_mappings={"jira": "damaged"})) is None


def test_statuses_follow_the_categories_of_jira_where_projects_agree() -> None:
    statuses = [StatusInfo("Open", "new"), StatusInfo("Review", "indeterminate"), StatusInfo("Live", "done"),
                StatusInfo("Ready", "new"), StatusInfo("Ready", "done")]  # fmt: skip
    status_lists = detect_statuses(statuses)
    assert (status_lists.done, status_lists.in_progress) == (("Live",), ("Review",))
    assert status_lists.evidence == "Jira's own categories: 1 to do, 1 in progress, 1 done; 1 differ between projects"


def test_types_go_to_classes_of_work() -> None:
    texts = detect_types(["Story", "Bug", "Task", "Sub-task", "Security finding", "Story", "Question"])
    assert texts == {
        "Feature": ("Story",),
        "Defect": ("Bug",),
        "Technical Debt": ("Task",),
        "Risk": ("Security finding",),
    }


# -- JQL ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered", "core"),
    [
        ("project = A ORDER BY rank", "project = A"),
        ('summary ~ "order by me" order  by key desc', 'summary ~ "order by me"'),
        ("labels = 'order by' and project = A", "labels = 'order by' and project = A"),
        (r'summary ~ "say \"order by\"" ORDER BY key', r'summary ~ "say \"order by\""'),
    ],
)
def test_the_order_of_a_query_is_taken_off_and_nothing_else(entered: str, core: str) -> None:
    assert jql.condition(entered) == core


@pytest.mark.parametrize("sign", ['\\"', "'\\"])
def test_a_quote_that_never_ends_goes_to_the_end(sign: str) -> None:
    """Looked for from each mark anew, this would take minutes."""
    entered = sign * 100_000 + " order by x"
    assert jql.condition(entered) == entered


@pytest.mark.parametrize("entered", ["", "  ", "ORDER BY created DESC"])
def test_a_query_for_everything_is_refused(entered: str) -> None:
    with pytest.raises(BadJql, match="project = ABC"):
        jql.condition(entered)


def test_a_query_with_or_is_bounded_as_a_whole() -> None:
    text = jql.by_update("project = A OR project = B", "2026-01-02 10:00")
    assert text == '(project = A OR project = B) AND updated >= "2026-01-02 10:00" ORDER BY updated ASC, key ASC'


def test_a_time_is_written_as_the_slowest_of_the_clocks_shows_it() -> None:
    moment = datetime(2026, 1, 2, 10, 0, 59, tzinfo=UTC)
    east = timezone(timedelta(hours=3))
    assert jql.wall_clock(moment, [UTC, east]) == jql.wall_clock(moment, [east, UTC]) == "2026-01-02 10:00"
    assert jql.wall_clock(moment, [east]) == "2026-01-02 13:00"


@given(
    st.integers(0, 4 * 365 * 24 * 60),
    st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"]),
)
def test_however_jira_reads_the_time_it_is_not_later_than_meant(minutes: int, name: str) -> None:
    zone, moment = ZoneInfo(name), datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    text = datetime.fromisoformat(jql.wall_clock(moment, [zone]))
    read = [text.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    assert max(read) <= moment
    assert moment - min(read) < timedelta(hours=2, minutes=1)


def test_the_hour_that_clocks_show_twice_is_asked_for_from_the_hour_before() -> None:
    first, second = (datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6))
    new_york = ZoneInfo("America/New_York")
    assert jql.wall_clock(first, [new_york]) == jql.wall_clock(second, [new_york]) == "2026-11-01 00:30"
