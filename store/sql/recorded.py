"""What was recorded about a query: weekly snapshots, forecasts made, notes, and the tracker's answers."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from store.backend import Answers, Recorded
from store.errors import Damaged
from store.records import CachedChangelog, CachedPage, ForecastMade, MigrationEntry, QueryRef, Snapshot
from store.sql.profiles import HIDDEN, Row, query_no, write_state
from store.sql.session import Stored
from store.sql.text import decoding, extras, instant, instant_text, object_text, optional_day, optional_day_text
from store.storable import refuse_nul, refuse_nul_in_texts
from store.texts import N_

# A page of 100 issues is far below; a few kilobytes that swell beyond are not an answer of a tracker.
_INFLATED_CAP = 256_000_000
# A sync spends a quarter of its time at level 6, for a fifth less on disk.
_LEVEL = 3
FORECAST_COLUMNS = 'made_at, as_of, unit, method, remaining, weeks, "window", trials, seed, deadline, chance'
FORECASTS = (
    f"SELECT {FORECAST_COLUMNS} FROM forecasts WHERE query_no = "
    "(SELECT no FROM queries WHERE profile_id = ? AND id = ?) ORDER BY as_of, unit, method"
)
# What waits to be taken back is not tidied up.
_NOT_WAITING = f"profile_id NOT IN (SELECT id FROM profiles WHERE {HIDDEN} IS NOT NULL)"
_PAGES = "SELECT cache_key, response, created_at, expires_at FROM jira_cache WHERE profile_id = ? AND query_id = ?"
_DAMAGED_ANSWER = N_("A stored answer of the tracker is damaged. Fetch the work list again, or put back a backup.")


class SQLRecorded(Stored, Recorded):
    """See Recorded."""

    def save_snapshots(self, ref: QueryRef, snapshots: Iterable[Snapshot]) -> None:
        saved = list(snapshots)
        refuse_nul(saved)
        with self._sessions.writing() as session:
            query_no(session, ref)
            session.executemany(
                "INSERT INTO metrics_snapshots (profile_id, query_id, snapshot_date, metric_type, metrics, forecast, "
                "created_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (profile_id, query_id, snapshot_date, metric_type) DO UPDATE SET "
                "metrics = excluded.metrics, forecast = excluded.forecast, created_at = excluded.created_at",
                ((*ref, *_snapshot_row(snapshot)) for snapshot in saved),
            )

    def list_snapshots(self, ref: QueryRef) -> list[Snapshot]:
        rows = self._sessions.rows(
            "SELECT snapshot_date, metric_type, metrics, created_at, forecast FROM metrics_snapshots "
            "WHERE profile_id = ? AND query_id = ? ORDER BY snapshot_date, metric_type",
            ref,
        )
        with decoding():
            return [
                Snapshot(week, metric, extras(values), instant(made_at), None if forecast is None else extras(forecast))
                for week, metric, values, made_at, forecast in rows
            ]

    def save_forecast(self, ref: QueryRef, forecast: ForecastMade) -> None:
        refuse_nul([forecast])
        with self._sessions.writing() as session:
            session.execute(
                'INSERT INTO forecasts (query_no, as_of, unit, method, made_at, remaining, weeks, "window", trials, '
                "seed, deadline, chance) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (query_no, as_of, unit, method) DO UPDATE SET made_at = excluded.made_at, "
                'remaining = excluded.remaining, weeks = excluded.weeks, "window" = excluded."window", '
                "trials = excluded.trials, seed = excluded.seed, deadline = excluded.deadline, "
                "chance = excluded.chance",
                (query_no(session, ref), *_forecast_row(forecast)),
            )

    def list_forecasts(self, ref: QueryRef) -> list[ForecastMade]:
        rows = self._sessions.rows(FORECASTS, ref)
        with decoding():
            return [forecast_of(row) for row in rows]

    def get_note(self, ref: QueryRef, name: str) -> str | None:
        row = self._sessions.first_row("SELECT value FROM app_state WHERE key = ?", (_note_key(ref, name),))
        return None if row is None else row[0]

    def set_note(self, ref: QueryRef, name: str, text: str | None) -> None:
        key = _note_key(ref, name)
        refuse_nul_in_texts(key, text)
        with self._sessions.writing() as session:
            write_state(session, key, text)

    def add_migration(self, entry: MigrationEntry) -> None:
        refuse_nul([entry])
        row = (
            entry.source,
            entry.fingerprint,
            instant_text(entry.started_at),
            instant_text(entry.finished_at),
            entry.outcome,
            object_text(entry.report),
        )
        with self._sessions.writing() as session:
            session.insert("migrations", "source, fingerprint, started_at, finished_at, outcome, report", [row])

    def list_migrations(self) -> list[MigrationEntry]:
        rows = self._sessions.rows(
            "SELECT source, fingerprint, started_at, finished_at, outcome, report FROM migrations ORDER BY no"
        )
        with decoding():
            return [
                MigrationEntry(source, fingerprint, instant(started), instant(finished), outcome, extras(report))
                for source, fingerprint, started, finished, outcome, report in rows
            ]


def _note_key(ref: QueryRef, name: str) -> str:
    return f"{name}/{ref.profile_id}/{ref.query_id}"


def _snapshot_row(snapshot: Snapshot) -> Row:
    return (
        snapshot.week,
        snapshot.metric,
        object_text(snapshot.values),
        None if snapshot.forecast is None else object_text(snapshot.forecast),
        instant_text(snapshot.created_at),
    )


def _forecast_row(forecast: ForecastMade) -> Row:
    return (
        forecast.as_of.isoformat(),
        str(forecast.unit),
        str(forecast.method),
        instant_text(forecast.made_at),
        forecast.remaining,
        object_text({str(level): weeks for level, weeks in forecast.weeks.items()}),
        forecast.window,
        forecast.trials,
        forecast.seed,
        optional_day_text(forecast.deadline),
        forecast.chance,
    )


def forecast_of(row: Row) -> ForecastMade:
    return ForecastMade(
        made_at=instant(row[0]),
        as_of=date.fromisoformat(row[1]),
        unit=row[2],
        method=row[3],
        remaining=row[4],
        weeks={int(level): weeks for level, weeks in extras(row[5]).items()},
        window=row[6],
        trials=row[7],
        seed=row[8],
        deadline=optional_day(row[9]),
        chance=row[10],
    )


class SQLAnswers(Stored, Answers):
    """See Answers. They lie compressed, and expire for refetching, not as history."""

    def save_pages(self, ref: QueryRef, pages: Iterable[CachedPage]) -> None:
        saved = list(pages)
        refuse_nul(saved)
        with self._sessions.writing() as session:
            query_no(session, ref)
            session.executemany(
                "INSERT INTO jira_cache (profile_id, query_id, cache_key, response, expires_at, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (profile_id, query_id, cache_key) DO UPDATE SET "
                "response = excluded.response, expires_at = excluded.expires_at, created_at = excluded.created_at",
                ((*ref, page.cache_key, zlib.compress(page.response, _LEVEL), *_lifetime(page)) for page in saved),
            )

    def get_page(self, ref: QueryRef, cache_key: str, now: datetime) -> CachedPage | None:
        row = self._sessions.first_row(
            f"{_PAGES} AND cache_key = ? AND expires_at > ?", (*ref, cache_key, instant_text(now))
        )
        with decoding():
            return None if row is None else page_of(row)

    def list_pages(self, ref: QueryRef) -> list[CachedPage]:
        with self._sessions.reading() as session:
            return [page_of(row) for row in session.execute(f"{_PAGES} ORDER BY id", ref)]

    def save_changelogs(self, ref: QueryRef, changelogs: Iterable[CachedChangelog]) -> None:
        saved = list(changelogs)
        refuse_nul(saved)
        with self._sessions.writing() as session:
            query_no(session, ref)
            session.executemany(
                "INSERT INTO jira_changelog_cache (profile_id, query_id, issue_key, changelog, expires_at, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (profile_id, query_id, issue_key) DO UPDATE SET "
                "changelog = excluded.changelog, expires_at = excluded.expires_at, created_at = excluded.created_at",
                ((*ref, entry.issue_key, zlib.compress(entry.changelog, _LEVEL), *_lifetime(entry)) for entry in saved),
            )

    def list_changelogs(self, ref: QueryRef) -> list[CachedChangelog]:
        with self._sessions.reading() as session:
            rows = session.execute(
                "SELECT issue_key, changelog, created_at, expires_at FROM jira_changelog_cache "
                "WHERE profile_id = ? AND query_id = ? ORDER BY issue_key",
                ref,
            )
            return [
                CachedChangelog(key, _inflated(blob), instant(made_at), instant(end))
                for key, blob, made_at, end in rows
            ]

    def cleanup_expired(self, now: datetime, named: Mapping[QueryRef, Collection[str]] | None = None) -> int:
        named = named or {}
        with self._sessions.writing() as session:
            at = (instant_text(now),)
            pages = session.execute(
                f"SELECT id, profile_id, query_id, cache_key FROM jira_cache WHERE expires_at <= ? AND {_NOT_WAITING}",
                at,
            )
            gone = [(no,) for no, *ref, key in pages.fetchall() if key not in named.get(QueryRef(*ref), ())]
            session.executemany("DELETE FROM jira_cache WHERE id = ?", gone)
            logs = session.execute(
                f"SELECT DISTINCT profile_id, query_id FROM jira_changelog_cache WHERE {_NOT_WAITING}"
            ).fetchall()
            return len(gone) + sum(
                session.execute(
                    "DELETE FROM jira_changelog_cache WHERE profile_id = ? AND query_id = ? AND expires_at <= ?",
                    (*ref, *at),
                ).rowcount
                for ref in logs
                if QueryRef(*ref) not in named
            )


def _lifetime(entry: CachedPage | CachedChangelog) -> tuple[str, str]:
    return instant_text(entry.expires_at), instant_text(entry.created_at)


def page_of(row: Row) -> CachedPage:
    return CachedPage(row[0], _inflated(row[1]), instant(row[2]), instant(row[3]))


def _inflated(compressed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(compressed, _INFLATED_CAP)
    except zlib.error as exc:
        raise Damaged(_DAMAGED_ANSWER) from exc
    if inflater.unconsumed_tail or not inflater.eof:
        raise Damaged(_DAMAGED_ANSWER)
    return plain
