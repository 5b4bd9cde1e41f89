"""A legacy token, from the old files to where the user wants it, in clear text nowhere."""

from __future__ import annotations

import base64
import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.actions import tokens
from app.actions.token_places import server_of
from app.context import Context
from app.errors import BadInput
from app.pages import PAGES
from app.web.page import visit_of
from app.web.parts import token_form
from app.words.formats import formats_for
from store.errors import WrongPassphrase
from store.legacy import migrate
from store.records import Profile
from store.secrets import Cost, Secrets
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend
from tests.fake_keyring import FakeKeyring
from tests.pages.reading import properties, texts
from tests.pages.sample import NOW, ImmediateJobs, sample_context
from tests.store.legacy.old_folder import write_folder

TOKEN = "planted-Token-9c41"
PASSPHRASE = "four words of mine"
FORMATS = formats_for(["en-GB"])


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    """An old folder with a planted token, taken over."""
    write_folder(tmp_path, 12)
    profile = tmp_path / "profiles" / "p_0123456789ab" / "profile.json"
    profile.write_text(profile.read_text(encoding="utf-8").replace('"dummy"', f'"{TOKEN}"'), encoding="utf-8")
    profiles = tmp_path / "profiles"
    migrate.take_over(profiles, clock=lambda: NOW)
    backend = SQLiteBackend(profiles / "burndown.db")
    secrets = Secrets(profiles, FakeKeyring(), Cost(operations=1, memory_bytes=8192))
    yield Context(backend, ImmediateJobs(), profiles, lambda: NOW, secrets=secrets)
    backend.close()


def profile_of(ctx: Context) -> Profile:
    return ctx.backend.list_profiles()[0]


def section_text(ctx: Context) -> str:
    return " ".join(texts(token_form.section(visit_of(ctx, "", FORMATS))))


def files_with_token(folder: Path) -> list[str]:
    forms = [TOKEN.encode(), TOKEN.encode("utf-16-le"), base64.b64encode(TOKEN.encode())]
    paths = [path for path in folder.rglob("*") if path.is_file() and any(form in path.read_bytes() for form in forms)]
    return [path.relative_to(folder).as_posix() for path in paths]


def as_sent(part: Any) -> str:
    return json.dumps(part, default=lambda each: each.to_plotly_json())


@pytest.mark.slow
@pytest.mark.parametrize("where", [name for name, _ in tokens.WHERE])
def test_a_planted_token_is_in_no_file_log_or_page_but_its_original(
    ctx: Context, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tokens.take_over(ctx, profile_of(ctx), where, PASSPHRASE)
    backup.snapshot_file(ctx.profiles_dir, reason="manual", clock=lambda: NOW)
    sent = [as_sent(page.layout(visit_of(ctx, "", FORMATS))) for page in PAGES]
    assert ctx.secrets.get(profile_of(ctx).id, server_of(ctx, profile_of(ctx))) == TOKEN
    assert files_with_token(ctx.profiles_dir) == ["legacy/20260330T120000Z/profiles/p_0123456789ab/profile.json"]
    assert not any(TOKEN in page for page in sent)
    assert TOKEN not in caplog.text


def test_after_blanking_no_file_holds_it_and_the_profile_no_longer_says_so(ctx: Context) -> None:
    assert "hold a Jira token in clear text" in section_text(ctx)
    done = tokens.blank_originals(ctx)
    assert done.done == ("profiles/p_0123456789ab/profile.json",)
    assert files_with_token(ctx.profiles_dir) == []
    assert "token_in_legacy" not in profile_of(ctx).jira_config
    assert section_text(ctx) == ""
    assert tokens.blanked_since(ctx, FORMATS) == "On 30 March 2026 the token was blanked in 1 of them."


@pytest.mark.skipif(os.name != "posix", reason="links")
@pytest.mark.parametrize("place", ["the originals", "a folder of them", "legacy"])
def test_nothing_behind_a_link_is_blanked(ctx: Context, tmp_path_factory: pytest.TempPathFactory, place: str) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    originals = ctx.profiles_dir / "legacy" / "20260330T120000Z"
    moved = {"the originals": originals, "a folder of them": originals / "profiles", "legacy": originals.parent}[place]
    moved.rename(elsewhere / "theirs")
    moved.symlink_to(elsewhere / "theirs", target_is_directory=True)
    (elsewhere / "theirs" / "app_settings.json").write_text('{"jira_token": "of-another-program"}')
    before = {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()}
    with suppress(BadInput):
        tokens.blank_originals(ctx)
    assert {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()} == before


def test_a_blanked_token_cannot_be_taken_over_any_more(ctx: Context) -> None:
    tokens.blank_originals(ctx)
    with pytest.raises(BadInput, match="hold no token"):
        tokens.take_over(ctx, profile_of(ctx), "memory", "")


def test_a_sealed_token_is_locked_after_a_restart_until_the_passphrase_is_given(ctx: Context) -> None:
    tokens.take_over(ctx, profile_of(ctx), "stick", PASSPHRASE)
    assert "locked" not in section_text(ctx)
    ctx.secrets = Secrets(ctx.profiles_dir, FakeKeyring(), Cost(1, 8192))
    assert "It is locked until the passphrase is given." in section_text(ctx)
    tokens.unlock(ctx, PASSPHRASE)
    assert ctx.secrets.get(profile_of(ctx).id, server_of(ctx, profile_of(ctx))) == TOKEN


def test_a_changed_passphrase_is_the_only_one_that_opens(ctx: Context) -> None:
    tokens.take_over(ctx, profile_of(ctx), "stick", PASSPHRASE)
    tokens.change_passphrase(ctx, PASSPHRASE, "another few words")
    tokens.unlock(ctx, "another few words")
    with pytest.raises(WrongPassphrase):
        tokens.unlock(ctx, PASSPHRASE)


@pytest.mark.parametrize("where", ["computer", "stick"])
def test_forgetting_leaves_it_nowhere(ctx: Context, where: str) -> None:
    tokens.take_over(ctx, profile_of(ctx), where, PASSPHRASE)
    tokens.blank_originals(ctx)
    assert "Forget it" in section_text(ctx)
    tokens.forget(ctx, profile_of(ctx).id)
    assert ctx.secrets.get(profile_of(ctx).id, server_of(ctx, profile_of(ctx))) is None
    assert section_text(ctx) == ""


def test_a_short_passphrase_is_refused(ctx: Context) -> None:
    with pytest.raises(BadInput, match="8 characters"):
        tokens.take_over(ctx, profile_of(ctx), "stick", "short")


def test_a_token_in_a_folder_that_was_only_copied_is_told_of_without_an_offer() -> None:
    ctx = sample_context()
    profile = profile_of(ctx)
    ctx.backend.save_profile(replace(profile, jira_config={"token_in_legacy": True}))
    section = token_form.section(visit_of(ctx, "", FORMATS))
    assert "Delete it there" in " ".join(texts(section))
    assert "token-take" not in properties(section, "id")
    with pytest.raises(BadInput, match="nothing to blank"):
        tokens.blank_originals(ctx)


def test_without_any_token_nothing_is_said() -> None:
    assert token_form.section(visit_of(sample_context(), "", FORMATS)) == []
