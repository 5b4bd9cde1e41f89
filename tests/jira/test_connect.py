from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.errors import BadInput, Cancelled
from app.jira.board import boards_in, merged, query_of
from app.jira.connect import Request, client_for, connect, interruptible
from app.jira.errors import BadJql, NothingFound, NotTrusted
from app.jira.http.authorities import kept_authorities
from app.jira.mapping.remapping import can_remap, change_mapping, mapping_of, remapped, synced_at
from app.jira.sync.sync import sync
from app.turns import note_chosen
from scripts.fake_jira import BOARD, EMAIL, FILTER, OTHER_POINTS, POINTS, TOKEN, FakeJira
from store.documents import board_order_of, field_mapping_of, meaning_of, with_field_mapping
from store.placeholder import note_placeholder
from store.records import Profile, Query, QueryRef
from tests.jira.world import NOON, REF, TESTING, Steps, client, issues, store, world
from tests.memory_backend import MemoryBackend


def _request(jira: FakeJira, **changes: str) -> Request:
    request = Request(jira.url, "Team", "All work", "project = ABC", EMAIL if jira.cloud else "", TOKEN)
    return replace(request, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("flavour", "version"), [("cloud", "1001.0.0-SNAPSHOT"), ("data-center", "9.12.4")])
def test_connecting_finds_out_which_jira_it_is_and_saves_what_a_sync_needs(flavour: str, version: str) -> None:
    backend = MemoryBackend()
    with FakeJira(flavour, issues(7), clock=lambda: NOON) as jira, client(jira) as result:
        connected = connect(result, backend, _request(jira), now=NOON, zone_name="Europe/Berlin")
        document = connected.to_json()
        assert document["deployment"] == flavour.replace("-", " ")
        assert (document["version"], document["user"], document["matches"]) == (version, "Ann Example", 7)
        assert "Story Points: in 57% of issues of type Story, always 1" in document["evidence"]
        assert backend.active_query() == connected.ref
        assert sync(result, backend, connected.ref, now=lambda: NOON).fetched == 7
    (profile,) = backend.list_profiles()
    assert profile.forecast_settings["time_zone"] == "Europe/Berlin"
    assert profile.project_classification["flow_end_statuses"] == ["Done"]
    assert profile.project_classification["active_statuses"] == ["In Progress", "In Review"]
    assert profile.flow_type_mappings["Feature"]["issue_types"] == ["Story"]
    assert profile.field_mappings["jira"]["points"] == POINTS
    assert TOKEN not in repr(profile)


def test_connecting_again_keeps_names_ids_and_what_the_user_chose() -> None:
    backend = MemoryBackend()
    with FakeJira("cloud", issues(3), clock=lambda: NOON) as jira, client(jira) as result:
        first = connect(result, backend, _request(jira), now=NOON)
        profile = backend.get_profile(first.ref.profile_id)
        assert profile is not None
        mapping = mapping_of(backend, profile.id)
        assert mapping is not None
        chosen = replace(mapping, points=OTHER_POINTS)
        mine = {"flow_end_statuses": ["In Review"]}
        backend.save_profile(replace(with_field_mapping(profile, chosen), project_classification=mine))
        second = connect(result, backend, _request(jira, profile="TEAM", query="all work"), now=NOON)
        assert second.ref == first.ref
        kept = backend.get_profile(first.ref.profile_id)
        assert kept is not None
        assert kept.name == "Team"
        assert kept.field_mappings["jira"]["points"] == OTHER_POINTS
        assert kept.project_classification == mine


@pytest.mark.parametrize(
    ("jql", "kind"), [("project = ABC AND status = Done", NothingFound), ("nonsense = 1", BadJql), ("", BadJql)]
)
def test_a_query_that_does_not_work_saves_nothing(jql: str, kind: type[Exception]) -> None:
    backend = MemoryBackend()
    with FakeJira("cloud", issues(3)) as jira, client(jira) as result, pytest.raises(kind):
        connect(result, backend, _request(jira, jql=jql), now=NOON)
    assert backend.list_profiles() == []


def test_names_are_needed() -> None:
    with FakeJira("cloud", issues(3)) as jira, client(jira) as result:
        with pytest.raises(BadInput, match="name of the query"):
            connect(result, MemoryBackend(), _request(jira, query=" "), now=NOON)
        assert jira.requests == 0


def test_the_points_field_of_an_old_installation_is_kept() -> None:
    with world() as here:
        profile = here.backend.get_profile(REF.profile_id)
        assert profile is not None
        here.backend.save_profile(replace(profile, jira_config={"points_field": OTHER_POINTS}))
        here.jira.issues["10001"]["fields"][OTHER_POINTS] = 13.0
        here.sync()
        assert {issue.key: issue.points for issue in here.backend.list_issues(REF)}["ABC-1"] == 13.0


def test_a_profile_without_connection_or_token_says_what_is_missing(tmp_path: Path) -> None:
    profile = Profile("p", "Team", NOON, NOON)
    with pytest.raises(BadInput, match="Connect it first"):
        client_for(profile, TOKEN, tmp_path, TESTING)
    connected = replace(profile, jira_config={"base_url": "https://jira.example.com"})
    with pytest.raises(BadInput, match="Enter it again, or unlock the sealed tokens") as failure:
        client_for(connected, None, tmp_path, TESTING)
    assert "BURNDOWN_" not in str(failure.value)
    client_for(connected, TOKEN, tmp_path, TESTING)


def test_a_job_that_waits_for_a_busy_server_can_be_cancelled() -> None:
    slept: list[float] = []
    with pytest.raises(Cancelled):
        interruptible(Steps(cancel_at=3), slept.append)(60)
    assert slept == [0.5, 0.5]


# -- another mapping --------------------------------------------------------------------------------------


def test_another_field_for_points_is_applied_to_issues_and_histories_without_asking_jira() -> None:
    with world() as here:
        here.jira.issues["10001"]["fields"][OTHER_POINTS] = 13.0
        here.clock.on(hours=1)
        here.jira.set_points("10002", 5)
        here.sync()
        here.clock.on(hours=1)
        here.jira.set_status("10003", "Done")
        here.sync()
        count = here.jira.requests
        mapping = mapping_of(here.backend, REF.profile_id)
        assert mapping is not None
        (result,) = change_mapping(here.backend, REF.profile_id, replace(mapping, points=OTHER_POINTS))
        assert here.jira.requests == count
        points = {issue.key: issue.points for issue in here.backend.list_issues(REF)}
        assert (points["ABC-1"], points["ABC-2"], result.untouched) == (13.0, None, 0)
        assert [change.field for change in here.backend.list_changes(REF)] == ["status"]
        change_mapping(here.backend, REF.profile_id, mapping)
        assert [change.field for change in here.backend.list_changes(REF)] == ["points", "status"]


def test_there_and_back_again_gives_the_same_rows() -> None:
    with world("data-center") as here:
        here.clock.on(hours=1)
        here.jira.set_points("10001", 3)
        here.sync()
        here.clock.on(hours=1)
        here.jira.delete("10002")
        here.jira.set_status("10004", "Done")
        here.sync()
        before = (here.backend.list_issues(REF), here.backend.list_changes(REF))
        mapping = mapping_of(here.backend, REF.profile_id)
        assert mapping is not None
        change_mapping(here.backend, REF.profile_id, replace(mapping, points="", sprint=""))
        assert {issue.sprints for issue in here.backend.list_issues(REF)} == {()}
        change_mapping(here.backend, REF.profile_id, mapping)
        assert (here.backend.list_issues(REF), here.backend.list_changes(REF)) == before


def test_a_preview_changes_nothing() -> None:
    with world() as here:
        here.sync()
        revision, mapping = here.backend.revision(REF), mapping_of(here.backend, REF.profile_id)
        assert mapping is not None
        shown = remapped(here.backend, REF, replace(mapping, points=""))
        assert {issue.points for issue in shown.issues} == {None}
        assert here.backend.revision(REF) == revision


def test_without_stored_answers_another_mapping_says_what_to_do() -> None:
    with world() as here:
        here.sync()
        assert can_remap(here.backend, REF)
        assert synced_at(here.backend, REF) == NOON
        mapping = mapping_of(here.backend, REF.profile_id)
        assert mapping is not None
        empty = store()
        assert not can_remap(empty, REF)
        with pytest.raises(BadInput, match="Fetch everything again"):
            remapped(empty, REF, mapping)


class TestABoard:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("board 7", ("7",)),
            ("Board = 12", ("12",)),
            ("https://team.atlassian.net/jira/software/c/projects/ABC/boards/7?selectedIssue=ABC-1", ("7",)),
            ("https://jira.example.com/jira/secure/RapidBoard.jspa?projectKey=ABC&rapidView=7&view=detail", ("7",)),
            ("board 7, board 12", ("7", "12")),
            ("board 7 board 12\nboard 7", ("7", "12")),
            ("https://a.example.com/boards/7 https://a.example.com/boards/8", ("7", "8")),
            ("project = ABC", ()),
            ('summary ~ "board 7"', ()),
            ("board 7, project = ABC", ()),
            ("filter = 7", ()),
            ("", ()),
            # Each of them looked at from each: that would take minutes.
            (f"project = DEMO{' ' * 200_000}order by created", ()),
            (f"board {' ' * 200_000}x", ()),
        ],
        ids=lambda value: value[:30] if isinstance(value, str) else None,
    )
    def test_is_named_by_its_number_or_the_address_of_its_page(self, text: str, numbers: tuple[str, ...]) -> None:
        assert boards_in(text) == numbers

    @pytest.mark.parametrize(
        ("orders", "order"),
        [
            ([["To Do", "Build", "Done"]], ["To Do", "Build", "Done"]),
            ([["To Do", "Build", "Done"], ["Done", "Build", "To Do"]], ["To Do", "Build", "Done"]),
            ([["To Do", "Build", "Done"], ["Build", "Test", "Review", "Done"]],
             ["To Do", "Build", "Test", "Review", "Done"]),
            ([["To Do", "Done"], ["Ideas", "To Do", "Done", "Live"]], ["Ideas", "To Do", "Done", "Live"]),
            ([["To Do", "Done"], ["A", "B"]], ["To Do", "Done", "A", "B"]),
            ([], []),
        ],
    )  # fmt: skip
    def test_wins_where_it_is_the_first_and_the_rest_of_others_is_put_in(
        self, orders: list[list[str]], order: list[str]
    ) -> None:
        assert list(merged(orders)) == order

    @pytest.mark.parametrize("flavour", ["cloud", "data-center"])
    def test_brings_its_filter_its_estimates_and_what_its_columns_say(self, flavour: str) -> None:
        backend = MemoryBackend()
        with FakeJira(flavour, issues(7), clock=lambda: NOON) as jira, client(jira) as result:
            connected = connect(result, backend, _request(jira, jql=f"board {BOARD}"), now=NOON)
            query = backend.get_query(connected.ref)
            assert query is not None
            assert query.jql == f"filter = {FILTER}"
            assert connected.tested.matches == 7
            profile = backend.get_profile(connected.ref.profile_id)
            assert profile is not None
            fields = field_mapping_of(profile)
            assert fields is not None
            assert fields.points == OTHER_POINTS
            meaning = meaning_of(profile)
            assert {"In Review", "Done"} <= set(meaning.done)
            assert "In Progress" in meaning.active
            assert "In Review" not in meaning.active
            sync(result, backend, connected.ref, now=lambda: NOON)
            assert len(list(backend.list_issues(connected.ref))) == 7

    def test_that_is_not_shown_says_what_to_do_and_saves_nothing(self) -> None:
        backend = MemoryBackend()
        with (
            FakeJira("cloud", issues(3)) as jira,
            client(jira) as result,
            pytest.raises(BadJql, match="shows no board 99 to this account"),
        ):
            connect(result, backend, _request(jira, jql="board 99"), now=NOON)
        assert backend.list_profiles() == []

    def test_of_another_jira_is_not_taken_for_the_one_of_that_number_here(self) -> None:
        backend = MemoryBackend()
        elsewhere = f"https://other.atlassian.net/jira/software/projects/ABC/boards/{BOARD}"
        with FakeJira("cloud", issues(3)) as jira, client(jira) as result:
            with pytest.raises(BadJql, match=r"is a board of other\.atlassian\.net, and this is http"):
                connect(result, backend, _request(jira, jql=f"board 7, {elsewhere}"), now=NOON)
            assert backend.list_profiles() == []
            here = f"{jira.url}/jira/software/projects/ABC/boards/{BOARD}"
            assert connect(result, backend, _request(jira, jql=here), now=NOON).tested.boards == (BOARD,)

    def test_is_of_this_jira_by_the_name_that_it_calls_itself_too(self) -> None:
        class Named(FakeJira):
            @property
            def url(self) -> str:
                return super().url.replace("127.0.0.1", "localhost")

        with Named("cloud", issues(3)) as jira, client(jira) as result:
            result._transport.base_url = jira.url.replace("localhost", "127.0.0.1")
            assert result.hosts() == {"127.0.0.1", "localhost"}
            jql, boards = query_of(result, f"{jira.url.upper()}/secure/RapidBoard.jspa?rapidView={BOARD}")
            assert (jql, boards.numbers) == (f"filter = {FILTER}", (BOARD,))

    def test_gives_its_order_to_the_statuses_and_another_one_with_the_next_sync(self) -> None:
        backend = MemoryBackend()
        with FakeJira("cloud", issues(3), clock=lambda: NOON) as jira, client(jira) as result:
            jira.boards[BOARD] = (("A", ("Done",)), ("B", ("In Review", "To Do")))
            ref = connect(result, backend, _request(jira, jql=f"board {BOARD}"), now=NOON).ref
            assert _order(backend, ref) == ()
            sync(result, backend, ref, now=lambda: NOON)
            assert _order(backend, ref) == ("Done", "In Review", "To Do")
            jira.boards[BOARD] = (("A", ("To Do",)), ("B", ("In Progress",)), ("C", ("Done",)))
            assert sync(result, backend, ref, now=lambda: NOON).mode == "delta"
            assert _order(backend, ref) == ("To Do", "In Progress", "Done")

    def test_beside_another_one_is_fetched_with_it_and_its_own_statuses_stand_where_they_belong(self) -> None:
        backend = MemoryBackend()
        with FakeJira("cloud", issues(3), clock=lambda: NOON) as jira, client(jira) as outcome:
            jira.boards = {"7": (("A", ("To Do",)), ("B", ("Done",))), "8": (("A", ("To Do",)), ("B", ("In Review",)))}
            ref = connect(outcome, backend, _request(jira, jql="board 7, board 8"), now=NOON).ref
            result = sync(outcome, backend, ref, now=lambda: NOON)
            assert result.fetched == 3
            assert _order(backend, ref) == ("To Do", "In Review", "Done")

    def test_that_is_no_longer_shown_leaves_its_order_and_the_sync_says_so(self) -> None:
        backend = MemoryBackend()
        with FakeJira("cloud", issues(3), clock=lambda: NOON) as jira, client(jira) as outcome:
            ref = connect(outcome, backend, _request(jira, jql=f"board {BOARD}"), now=NOON).ref
            sync(outcome, backend, ref, now=lambda: NOON)
            before = _order(backend, ref)
            jira.boards = {}
            result = sync(outcome, backend, ref, now=lambda: NOON)
            assert any("stays as it was. Jira shows no board 7" in warning for warning in result.warnings)
            assert _order(backend, ref) == before == ("To Do", "In Progress", "In Review", "Done")

    def test_counts_no_longer_once_the_query_is_another_one(self) -> None:
        backend = MemoryBackend()
        with FakeJira("cloud", issues(3), clock=lambda: NOON) as jira, client(jira) as result:
            ref = connect(result, backend, _request(jira, jql=f"board {BOARD}"), now=NOON).ref
            sync(result, backend, ref, now=lambda: NOON)
            query = backend.get_query(ref)
            assert query is not None
            backend.save_query(replace(query, jql="project = ABC"))
            sync(result, backend, ref, now=lambda: NOON)
            assert _order(backend, ref) == ()


def _order(backend: MemoryBackend, ref: QueryRef) -> tuple[str, ...]:
    return board_order_of(backend.get_project_data(ref))


@pytest.mark.parametrize(
    "name", ["jira-ca-000000000000.pem", "../jira-ca-x.pem", "a\0b", "/dev/zero", "pipe", "x" * 5000]
)
def test_other_authorities_than_those_that_were_chosen_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "jira-ca-000000000000.pem").write_text("-----BEGIN CERTIFICATE-----")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotTrusted, match="Choose the file again"):
        kept_authorities(tmp_path, name)


def test_the_authorities_that_were_chosen_are_found_by_what_they_hold(tmp_path: Path) -> None:
    content = b"-----BEGIN CERTIFICATE-----"
    file = tmp_path / f"jira-ca-{hashlib.sha256(content).hexdigest()[:12]}.pem"
    file.write_bytes(content)
    assert kept_authorities(tmp_path, file.name) == file
    assert kept_authorities(tmp_path, "") is None


def test_in_a_new_project_the_connected_list_takes_the_place_of_the_empty_one() -> None:
    backend = MemoryBackend()
    backend.save_profile(Profile("p", "Team", NOON, NOON))
    empty = Query("p", "q", "New work list", created_at=NOON, last_used=NOON)
    backend.save_query(empty)
    note_placeholder(backend, empty.ref)
    with FakeJira("cloud", issues(3), clock=lambda: NOON) as jira, client(jira) as result:
        first = connect(result, backend, _request(jira), now=NOON)
        assert first.ref == empty.ref
        assert [query.name for query in backend.list_queries("p")] == ["All work"]
        connect(result, backend, _request(jira, query="Other"), now=NOON)
    assert sorted(query.name for query in backend.list_queries("p")) == ["All work", "Other"]


def test_an_empty_list_of_which_somebody_chose_the_name_stays() -> None:
    backend = MemoryBackend()
    backend.save_profile(Profile("p", "Team", NOON, NOON))
    named = Query("p", "q", "Release 2", created_at=NOON, last_used=NOON)
    backend.save_query(named)
    note_placeholder(backend, named.ref)
    note_chosen(backend, named.ref, ("work-name",), NOON)
    with FakeJira("cloud", issues(3), clock=lambda: NOON) as jira, client(jira) as result:
        connect(result, backend, _request(jira), now=NOON)
    assert sorted(query.name for query in backend.list_queries("p")) == ["All work", "Release 2"]
