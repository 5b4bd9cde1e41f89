"""Small things with files."""

from __future__ import annotations

import io
import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from store import files
from store.errors import Refused


def test_a_file_can_be_read_while_it_is_synced(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"content")
    with files.syncing(file):
        assert file.read_bytes() == b"content"


def test_a_sync_that_fails_is_told_once_the_block_is_done(tmp_path: Path) -> None:
    done = []
    with pytest.raises(FileNotFoundError), files.syncing(tmp_path / "absent"):
        done.append("block")
    assert done == ["block"]


def test_what_the_block_raises_comes_first(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="damaged"), files.syncing(tmp_path / "absent"):
        raise ValueError("damaged")


needs_links = pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A file of the user outside of the data folder."""
    path = tmp_path / "precious"
    path.write_text("mine")
    return path


@needs_links
def test_a_new_file_never_goes_through_a_link(tmp_path: Path, precious: Path) -> None:
    for target in (precious, tmp_path / "not there yet"):
        link = tmp_path / f"link to {target.name}"
        link.symlink_to(target)
        with pytest.raises(OSError):  # noqa: PT011 which one differs
            files.new_file(link)
    assert precious.read_text() == "mine"
    assert not (tmp_path / "not there yet").exists()


@needs_links
def test_replacing_a_link_leaves_what_it_leads_to(tmp_path: Path, precious: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(precious)
    with files.replacing(link) as stream:
        stream.write(b"new")
    assert (link.read_text(), link.is_symlink(), precious.read_text()) == ("new", False, "mine")


@needs_links
@pytest.mark.parametrize("linked", [Path.symlink_to, Path.hardlink_to])
def test_nothing_is_appended_through_a_link(tmp_path: Path, precious: Path, linked: Callable[..., None]) -> None:
    linked(tmp_path / "log", precious)
    with pytest.raises(OSError):  # noqa: PT011 as above
        files.appending(tmp_path / "log")
    assert precious.read_text() == "mine"


@needs_links
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for use in (files.appending, files.read_small, files.new_file):
        with pytest.raises(OSError):  # noqa: PT011 as above
            use(tmp_path / "pipe")


def test_a_small_file_that_is_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 11)
    assert files.read_small(tmp_path / "file", 11) == b"x" * 11
    with pytest.raises(OSError, match="large"):
        files.read_small(tmp_path / "file", 10)


def test_what_fails_leaves_the_file_as_it_was_and_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(TypeError), files.replacing(tmp_path / "file") as stream:
        stream.write("no bytes")  # type: ignore[call-overload]
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"file": "old"}


@needs_links
@pytest.mark.parametrize(
    "name",
    ["logs", "backups", "legacy", "secrets.json", "README.txt", "burndown.db", "burndown.db-wal", "burndown.lock"],
)
def test_a_link_among_what_we_write_is_refused_in_words(tmp_path: Path, precious: Path, name: str) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    files.refuse_links(folder)
    (folder / name).symlink_to(precious)
    with pytest.raises(Refused, match=f"{name} is a link"):
        files.refuse_links(folder)


@needs_links
@pytest.mark.parametrize("is_linked", [False, True])
def test_a_pipe_or_a_device_never_makes_room_for_a_file(tmp_path: Path, is_linked: bool) -> None:
    """Run by root, `--out /dev/null` would take it away from the whole computer."""
    named = tmp_path / "pipe"
    os.mkfifo(named)
    if is_linked:
        named = tmp_path / "stdout"
        named.symlink_to(tmp_path / "pipe")
    with pytest.raises(OSError, match="a device or a pipe"), files.replacing(named) as stream:
        stream.write(b"rows")
    assert (tmp_path / "pipe").is_fifo()
    assert named.is_symlink() is is_linked
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({"pipe", named.name})


@needs_links
@pytest.mark.parametrize("name", ["burndown.db", "burndown.db-wal", "burndown.db-shm", "burndown.lock"])
def test_what_is_written_where_it_lies_must_not_lie_elsewhere_too(tmp_path: Path, precious: Path, name: str) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / name).hardlink_to(precious)
    with pytest.raises(Refused, match=f"{name} shares its content"):
        files.refuse_links(folder)
    (folder / name).unlink()
    # A backup is never written again: a copy that shares it is none of our business.
    (folder / "backups").mkdir()
    (folder / "backups" / "burndown-20260302T090000Z.db").hardlink_to(precious)
    files.refuse_links(folder)


@needs_links
def test_a_linked_log_is_refused_in_words(tmp_path: Path, precious: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "burndown.log").symlink_to(precious)
    with pytest.raises(Refused, match=r"burndown\.log is a link"):
        files.refuse_links(tmp_path)


@needs_links
def test_a_data_folder_may_itself_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "profiles").symlink_to(tmp_path / "real", target_is_directory=True)
    files.refuse_links(tmp_path / "profiles")
    files.make_folder(tmp_path / "profiles")
    files.make_private(tmp_path / "profiles")


@needs_links
def test_what_an_earlier_version_left_open_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    (folder / "logs").mkdir(parents=True)
    for path in (folder / "burndown.db", folder / "logs" / "burndown.log"):
        path.touch()
        path.chmod(0o644)
    folder.chmod(0o755)
    files.make_private(folder)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))}
    assert modes == {"profiles": 0o700, "logs": 0o700, "burndown.db": 0o600, "burndown.log": 0o600}


@needs_links
def test_a_file_with_another_name_elsewhere_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "page.html").touch(0o644)
    (tmp_path / "profiles").mkdir()
    os.link(tmp_path / "page.html", tmp_path / "profiles" / "burndown.html")
    files.make_private(tmp_path / "profiles")
    assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o644


def test_a_marked_folder_is_in_use_until_it_is_released(tmp_path: Path) -> None:
    assert not files.is_marked(tmp_path)
    mark = files.mark(tmp_path)
    assert files.is_marked(tmp_path)
    with pytest.raises(OSError):  # noqa: PT011 as above
        files.mark(tmp_path)
    mark.release()
    files.mark(tmp_path).release()


@pytest.mark.parametrize(("year", "kept"), [(1970, 1980), (1968, 1980), (2026, 2026), (2107, 2107), (2300, 2107)])
def test_a_zip_file_is_made_by_a_computer_with_any_clock(year: int, kept: int) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        files.add_to_zip(archive, "a.csv", "x" * 1000, time.struct_time((year, 2, 3, 4, 5, 6, 0, 34, 0)))
    (entry,) = zipfile.ZipFile(stream).infolist()
    assert (entry.date_time[0], entry.file_size, entry.external_attr >> 16) == (kept, 1000, 0o600)
    assert entry.compress_size < 100


def test_nobody_puts_the_clock_into_a_zip_file_as_it_is() -> None:
    root = Path(__file__).parents[2]
    paths = [*root.glob("app/**/*.py"), *root.glob("store/**/*.py")]
    assert [path.name for path in paths if ".writestr(" in path.read_text("utf-8")] == ["files.py"]


@pytest.mark.skipif(os.name != "posix", reason="a folder with an open file in it cannot be moved there")
def test_a_temporary_folder_that_is_tidied_away_before_it_is_held_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen = []

    def mark_of_who_is_late(folder: Path) -> files.Mark:
        seen.append(folder)
        mark = files.mark(folder)
        if len(seen) == 1:
            folder.rename(tmp_path / "going")
        return mark

    monkeypatch.setattr(files, "mark_own", mark_of_who_is_late)
    folder, result = files.scratch()
    assert len(seen) == 2
    assert folder == seen[1]
    assert folder.is_dir()
    result.release()


@pytest.mark.parametrize("name", ["team.json", "secrets.json", "Secrets.json. .", "burndown.db-wal", "jira-ca-1.pem"])
def test_nothing_takes_the_place_of_what_a_folder_without_a_database_keeps(tmp_path: Path, name: str) -> None:
    files.refuse_kept(tmp_path / name)
    (tmp_path / "team.json").write_text("{}")
    with pytest.raises(Refused, match="that Burndown keeps"):
        files.refuse_kept(tmp_path / name)
    files.refuse_kept(tmp_path / "burndown.html")


def test_what_is_handed_on_takes_no_name_of_a_log(tmp_path: Path) -> None:
    target = tmp_path / "logs" / "burndown.log"
    files.refuse_kept(target)
    (tmp_path / files.DATABASE).touch()
    with pytest.raises(Refused, match="that Burndown keeps"):
        files.refuse_kept(target)


def _asked_for(path: Path) -> None:
    with files.replacing(path, private=False, is_text=True) as stream:
        stream.write(b"a,b\n")


@pytest.mark.parametrize(
    "name",
    [
        "backups/burndown-2026-11-30_101500.db",
        "backups/rows.csv",
        "backups/of/mine/rows.csv",
        "legacy/rows.csv",
        "set-aside/rows.csv",
        "logs/rows.csv",
        "burndown-rows.csv.part",
        "burndown.db.new",
    ],
)
def test_a_file_that_somebody_asked_for_passes_for_nothing_that_a_data_folder_keeps(tmp_path: Path, name: str) -> None:
    (tmp_path / files.DATABASE).touch()
    target = tmp_path / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with pytest.raises(Refused, match="that Burndown keeps"):
        _asked_for(target)
    assert not target.exists()
    _asked_for(tmp_path / "rows.csv")


@needs_links
def test_nor_through_a_folder_that_is_a_link_to_the_backups(tmp_path: Path) -> None:
    data = tmp_path / "profiles"
    (data / "backups").mkdir(parents=True)
    (data / files.DATABASE).touch()
    (tmp_path / "here").symlink_to(data / "backups")
    with pytest.raises(Refused, match="that Burndown keeps"):
        _asked_for(tmp_path / "here" / "rows.csv")


@needs_links
def test_a_link_is_neither_written_through_nor_replaced(tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_text("mine")
    link = tmp_path / "rows.csv"
    link.symlink_to("kept.csv")
    with pytest.raises(Refused, match="is a link"):
        _asked_for(link)
    assert link.is_symlink()
    assert link.read_text() == "mine"


@pytest.mark.parametrize("content", [b"PK\x03\x04 a document", b"%PDF-1.7", b"text \0 and more", b"\x89PNG\r\n"])
def test_a_file_of_another_kind_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "budget.xlsx"
    target.write_bytes(content)
    with pytest.raises(Refused, match="another kind"):
        _asked_for(target)
    assert target.read_bytes() == content


def test_the_table_of_yesterday_is_replaced(tmp_path: Path) -> None:
    for _ in range(2):
        _asked_for(tmp_path / "rows.csv")
    assert (tmp_path / "rows.csv").read_bytes() == b"a,b\n"
