"""The tables, as the list of steps that made them. The list is only ever appended to.

The number of steps that a store has been through, and a mark that it is ours (the app this one replaces keeps a file
of the same name), lie where the engine has a place for them. The steps are written as SQLite wants them; a `Dialect`
makes of them what another engine wants. Every instant is UTC text with whole seconds (checked), so that text order is
time order. JSON is kept only for what is nested and never charted.
"""

from __future__ import annotations

# "Burn" in ASCII.
APPLICATION_ID = 0x4275726E

_DIGIT = "[0-9]"
_INSTANT_SHAPE = f"{_DIGIT * 4}-{_DIGIT * 2}-{_DIGIT * 2}T{_DIGIT * 2}:{_DIGIT * 2}:{_DIGIT * 2}Z"
_DAY_SHAPE = f"{_DIGIT * 4}-{_DIGIT * 2}-{_DIGIT * 2}"


def _instant(column: str) -> str:
    return f"{column} TEXT NOT NULL CHECK ({column} GLOB '{_INSTANT_SHAPE}')"


def _instant_or_null(column: str) -> str:
    return f"{column} TEXT CHECK ({column} GLOB '{_INSTANT_SHAPE}')"


def _day(column: str, null: str = " NOT NULL") -> str:
    return f"{column} TEXT{null} CHECK ({column} GLOB '{_DAY_SHAPE}')"


_OF_QUERY = "FOREIGN KEY (profile_id, query_id) REFERENCES queries (profile_id, id) ON DELETE CASCADE"
_QUERY_NO = "query_no INTEGER NOT NULL REFERENCES queries (no) ON DELETE CASCADE"

_FIRST = (
    f"""CREATE TABLE profiles (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        description TEXT NOT NULL,
        {_instant("created_at")},
        {_instant("last_used")},
        jira_config TEXT NOT NULL,
        field_mappings TEXT NOT NULL,
        forecast_settings TEXT NOT NULL,
        project_classification TEXT NOT NULL,
        flow_type_mappings TEXT NOT NULL,
        show_milestone INTEGER NOT NULL CHECK (show_milestone IN (0, 1)),
        show_points INTEGER NOT NULL CHECK (show_points IN (0, 1)),
        extras TEXT
    ) STRICT""",
    # A copied folder gives the same query id under two profiles, hence the key of both. `no` is the
    # short reference of the tables with many rows.
    f"""CREATE TABLE queries (
        no INTEGER NOT NULL UNIQUE,
        profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        jql TEXT NOT NULL,
        description TEXT NOT NULL,
        {_instant("created_at")},
        {_instant("last_used")},
        {_instant_or_null("updated_at")},
        revision INTEGER NOT NULL,
        extras TEXT,
        PRIMARY KEY (profile_id, id),
        UNIQUE (profile_id, name)
    ) STRICT""",
    """CREATE TABLE app_state (
        key TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # One row per fetched page, compressed. The id keeps the order of insertion.
    f"""CREATE TABLE jira_cache (
        id INTEGER PRIMARY KEY,
        profile_id TEXT NOT NULL,
        query_id TEXT NOT NULL,
        cache_key TEXT NOT NULL,
        response BLOB NOT NULL,
        {_instant("expires_at")},
        {_instant("created_at")},
        UNIQUE (profile_id, query_id, cache_key),
        {_OF_QUERY}
    ) STRICT""",
    "CREATE INDEX idx_jira_cache_expiry ON jira_cache (expires_at)",
    f"""CREATE TABLE jira_changelog_cache (
        id INTEGER PRIMARY KEY,
        profile_id TEXT NOT NULL,
        query_id TEXT NOT NULL,
        issue_key TEXT NOT NULL,
        changelog BLOB NOT NULL,
        {_instant("expires_at")},
        {_instant("created_at")},
        UNIQUE (profile_id, query_id, issue_key),
        {_OF_QUERY}
    ) STRICT""",
    "CREATE INDEX idx_changelog_expiry ON jira_changelog_cache (expires_at)",
    f"""CREATE TABLE project_data (
        id INTEGER PRIMARY KEY,
        profile_id TEXT NOT NULL,
        query_id TEXT NOT NULL,
        data TEXT NOT NULL,
        {_instant("updated_at")},
        UNIQUE (profile_id, query_id),
        {_OF_QUERY}
    ) STRICT""",
    f"""CREATE TABLE metrics_snapshots (
        id INTEGER PRIMARY KEY,
        profile_id TEXT NOT NULL,
        query_id TEXT NOT NULL,
        snapshot_date TEXT NOT NULL,
        metric_type TEXT NOT NULL,
        metrics TEXT NOT NULL,
        forecast TEXT,
        {_instant("created_at")},
        UNIQUE (profile_id, query_id, snapshot_date, metric_type),
        {_OF_QUERY}
    ) STRICT""",
    f"""CREATE TABLE task_progress (
        task_name TEXT NOT NULL PRIMARY KEY,
        progress_percent REAL NOT NULL,
        status TEXT NOT NULL,
        message TEXT NOT NULL,
        {_instant("updated_at")}
    ) STRICT, WITHOUT ROWID""",
    # `no` keeps the order of insertion. Lists are JSON, NULL where empty.
    f"""CREATE TABLE issues (
        no INTEGER PRIMARY KEY,
        {_QUERY_NO},
        key TEXT NOT NULL,
        summary TEXT NOT NULL,
        type TEXT NOT NULL,
        status TEXT NOT NULL,
        category TEXT NOT NULL CHECK (category IN ('todo', 'in_progress', 'done')),
        {_instant_or_null("created")},
        {_instant_or_null("updated")},
        {_instant_or_null("started")},
        {_instant_or_null("resolved")},
        points REAL,
        source_id TEXT NOT NULL,
        project TEXT NOT NULL,
        priority TEXT NOT NULL,
        resolution TEXT NOT NULL,
        parent TEXT NOT NULL,
        assignee TEXT NOT NULL,
        labels TEXT,
        components TEXT,
        fix_versions TEXT,
        sprints TEXT,
        url TEXT NOT NULL,
        in_query INTEGER NOT NULL CHECK (in_query IN (0, 1)),
        {_instant_or_null("left_query")},
        extras TEXT,
        UNIQUE (query_no, key)
    ) STRICT""",
    f"""CREATE TABLE issue_changes (
        issue_no INTEGER NOT NULL REFERENCES issues (no) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        {_instant("at")},
        field TEXT NOT NULL,
        from_value TEXT,
        to_value TEXT,
        PRIMARY KEY (issue_no, position)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE sprints (
        {_QUERY_NO},
        name TEXT NOT NULL,
        source_id TEXT NOT NULL,
        state TEXT NOT NULL,
        {_instant_or_null("start")},
        {_instant_or_null("end")},
        {_instant_or_null("completed")},
        goal TEXT NOT NULL,
        PRIMARY KEY (query_no, name)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE weeks (
        {_QUERY_NO},
        position INTEGER NOT NULL,
        {_day("day", null="")},
        completed_items INTEGER,
        completed_points REAL,
        created_items INTEGER,
        created_points REAL,
        source TEXT NOT NULL,
        extras TEXT,
        PRIMARY KEY (query_no, position)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE milestones (
        profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
        {_day("day")},
        name TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (profile_id, day, name, position)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE forecasts (
        {_QUERY_NO},
        {_day("as_of")},
        unit TEXT NOT NULL,
        method TEXT NOT NULL,
        {_instant("made_at")},
        remaining REAL NOT NULL,
        weeks TEXT NOT NULL,
        window INTEGER NOT NULL,
        trials INTEGER NOT NULL,
        seed INTEGER NOT NULL,
        {_day("deadline", null="")},
        chance REAL,
        PRIMARY KEY (query_no, as_of, unit, method)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE migrations (
        no INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        {_instant("started_at")},
        {_instant("finished_at")},
        outcome TEXT NOT NULL,
        report TEXT NOT NULL
    ) STRICT""",
)

_CORRECTIONS = (
    f"""CREATE TABLE week_corrections (
        {_QUERY_NO},
        {_day("day")},
        completed_items INTEGER,
        completed_points REAL,
        created_items INTEGER,
        created_points REAL,
        PRIMARY KEY (query_no, day)
    ) STRICT, WITHOUT ROWID""",
)

# NULL: not known, or not wanted, as for nearly all.
_AUTHORS = ("ALTER TABLE issue_changes ADD COLUMN author TEXT",)

# What waits lies under a hidden profile, and goes when its row here does. `made`: what an import had to make first.
_UNDOABLE = (
    f"""CREATE TABLE undoable (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('profile', 'query', 'import')),
        what TEXT NOT NULL,
        profile_id TEXT NOT NULL,
        profile TEXT NOT NULL,
        query_id TEXT NOT NULL,
        query TEXT NOT NULL,
        {_instant("at")},
        {_instant("until")},
        made TEXT NOT NULL CHECK (made IN ('', 'profile', 'query'))
    ) STRICT""",
    "ALTER TABLE profiles ADD COLUMN hidden_by TEXT REFERENCES undoable (id) ON DELETE CASCADE",
    # Without it every row of `undoable` that goes looks through all profiles; they are few, but so is the cost.
    "CREATE INDEX idx_profiles_hidden ON profiles (hidden_by) WHERE hidden_by IS NOT NULL",
)

# Before, work that was given up counted as finished, and epics beside their parts. What was said then stays true:
# projects of before go on counting like that, until somebody changes the setting.
_COUNTED_AS_BEFORE = tuple(
    f"""UPDATE profiles SET forecast_settings = json_set(forecast_settings, '$.{name}', '{value}')
        WHERE json_valid(forecast_settings) AND json_type(forecast_settings, '$.{name}') IS NULL"""
    for name, value in (("given_up", "done"), ("counting", "everything"))
)

# Since then all numbers come from one counter, and are told apart by it also in the order of what can be taken back.
_NUMBERED = (
    "ALTER TABLE undoable ADD COLUMN no INTEGER NOT NULL DEFAULT 0",
    "UPDATE undoable SET no = rowid",
    """UPDATE app_state SET value = (SELECT max(no) FROM queries) + (SELECT count(*) FROM undoable)
        WHERE key = 'last_revision'
        AND CAST(value AS INTEGER) < (SELECT max(no) FROM queries) + (SELECT count(*) FROM undoable)""",
)

# A milestone may be of a part of the work, stand in an order, need several teams, and be closed.
_MILESTONES = (
    "ALTER TABLE milestones ADD COLUMN work TEXT",
    "ALTER TABLE milestones ADD COLUMN rank INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE milestones ADD COLUMN teams TEXT NOT NULL DEFAULT ''",
    f"ALTER TABLE milestones ADD COLUMN {_day('closed', null='')}",
    "ALTER TABLE milestones ADD COLUMN notes TEXT",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    _FIRST,
    _CORRECTIONS,
    _AUTHORS,
    _UNDOABLE,
    _COUNTED_AS_BEFORE,
    _NUMBERED,
    _MILESTONES,
)
SCHEMA_VERSION = len(MIGRATIONS)
