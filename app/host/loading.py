"""Composition root of the running app: opens the store, builds the Dash app, and knows how to close both."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.actions.backups import newest_good
from app.errors import AppError
from app.host.serving import Loaded
from app.host.starting import Offer, Starting
from app.host.upkeep import Upkeep
from store.backend import PersistenceBackend
from store.data import open_data
from store.errors import Damaged, StoreError
from store.opening import Opened
from store.paths import DataFolder
from store.secrets import Secrets
from store.sqlite import backup, restore

if TYPE_CHECKING:
    from app.context import Context

MakeApp = Callable[["Context"], Any]
"""From what the pages work on to the Dash app."""

# Seconds after which the page that was opened stands there: what nobody waits for begins then.
_UNTIL_SHOWN = 3.0
_NO = frozenset({"0", "false", "off", "no"})


def load_app(
    folder: DataFolder, starting: Starting, ask_to_stop: Callable[[], None], make_app: Callable[[], MakeApp]
) -> Loaded:
    """Open the folder, taking over an old one that lies there, and build the app.

    `make_app` brings what builds it: Dash and its components take a second to import, which is done once the data is
    open, since that may take longer itself.

    Raises StoreError, AppError, Cancelled; what was opened is closed again then. For a damaged database the
    starting page gets an offer to put the newest good snapshot back.
    """
    try:
        return _load(folder, starting, ask_to_stop, make_app)
    except Damaged:
        _offer_backup(folder, starting)
        raise
    except Exception as exc:
        damaged = None if isinstance(exc, AppError | StoreError) else backup.damage_behind(folder.path)
        if damaged is None:
            raise
        _offer_backup(folder, starting)
        raise damaged from exc


def _load(
    folder: DataFolder, starting: Starting, ask_to_stop: Callable[[], None], make_app: Callable[[], MakeApp]
) -> Loaded:
    starting.step(0, 0, "Opening your data.")
    store_notices, secrets = _StoreNotices(), Secrets(folder.path)
    password = _password(folder, secrets)
    opened = open_data(
        folder.path, mode="serve", progress=starting, tell=store_notices.hear, store=folder.store, password=password
    )
    # One way to close, for a run that ends and for a start that is stopped half-way: what began last ends first.
    closing = contextlib.ExitStack()
    closing.callback(opened.backend.close)
    if not opened.read_only:
        closing.callback(backup.at_exit, opened.backend, folder.path)
    try:
        starting.step(0, 0, "Loading the pages.")
        loaded = _build(folder, opened, ask_to_stop, closing, store_notices, make_app(), secrets)
        starting.step(0, 0)
    except BaseException:
        closing.close()
        raise
    return loaded


def _password(folder: DataFolder, secrets: Secrets) -> Callable[[], str | None]:
    if folder.store is None:
        return lambda: None
    # It brings the driver along.
    from app.actions.team import password_for  # noqa: PLC0415

    return password_for(folder, folder.store, secrets)


def _offer_backup(folder: DataFolder, starting: Starting) -> None:
    """The newest snapshot that is whole, to be put back at the press of a button."""
    good = newest_good(folder.path) if folder.writable else None
    if good is None:
        return
    snapshot = good.snapshot

    def put_back() -> None:
        starting.step(0, 0, "Putting the backup back.")
        restore.restore(folder.path, snapshot.file)

    starting.offer(Offer(good.label, put_back))


class _StoreNotices:
    """What the store has to say, kept until there are pages to show it on; the same sentence is shown once."""

    def __init__(self) -> None:
        self._heard: dict[str, None] = {}
        self._show: Callable[[str], None] | None = None

    def hear(self, text: str) -> None:
        if text in self._heard:
            return
        self._heard[text] = None
        if self._show is not None:
            self._show(text)

    def show_with(self, show: Callable[[str], None]) -> None:
        self._show = show
        for text in list(self._heard):
            show(text)


def _build(
    folder: DataFolder,
    opened: Opened,
    ask_to_stop: Callable[[], None],
    closing: contextlib.ExitStack,
    store_notices: _StoreNotices,
    create_app: MakeApp,
    secrets: Secrets,
) -> Loaded:
    """What is started here is stopped by `closing`, also when this raises half-way."""
    from app.actions import recording  # noqa: PLC0415 as below
    from app.context import Context, Notice  # noqa: PLC0415 the domain comes with it: only behind the starting page
    from app.jobs import Jobs  # noqa: PLC0415

    notices = tuple(Notice("warning", text) for text in (folder.notice, *opened.notices) if text)

    def context(backend: PersistenceBackend) -> Context:
        return Context(backend, Jobs(backend), folder.path, notices=notices, request_quit=ask_to_stop, secrets=secrets)

    ctx = closing.enter_context(recording.with_what_is_due(opened, context))
    jobs = ctx.jobs
    jobs.explain = lambda: backup.damage_behind(folder.path)
    closing.callback(ctx.keep_numbers)
    closing.callback(jobs.close)

    if folder.store is not None:
        from app.actions.membership import note_connections  # noqa: PLC0415 only where there is a team

        note_connections(ctx, folder.store)

    def warn(text: str, of_damage: bool = True) -> None:
        ctx.notices = (*ctx.notices, Notice("warning", text, of_damage))

    store_notices.show_with(lambda text: warn(text, of_damage=False))
    app = create_app(ctx)
    upkeep = Upkeep(opened.backend, folder.path, warn, tell=store_notices.hear, calm=_UNTIL_SHOWN)
    closing.callback(upkeep.stop)
    upkeep.start()
    return Loaded(
        wsgi=app.server,
        script_hashes=tuple(app.csp_hashes()),
        leaves_when_idle=lambda: _leaves_when_idle(opened.backend),
        is_busy=lambda: jobs.running() is not None,
        close=closing.close,
    )


def _leaves_when_idle(backend: PersistenceBackend) -> bool:
    try:
        return backend.get_state("exit_when_idle") not in _NO
    except StoreError:
        # A pulled stick, or damage: nobody looks at it, and the default is to leave.
        return True
