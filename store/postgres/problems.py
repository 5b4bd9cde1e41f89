"""PostgreSQL's errors in the words of `store.errors`: each a sentence that says what to do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from store import echoes
from store.errors import Damaged, DiskFull, NotWritable, Refused, StoreError, Unreachable
from store.postgres.address import Address
from store.postgres.patience import Silent
from store.redaction import in_clear
from store.texts import N_

_log = logging.getLogger(__name__)

# By the server's own codes (https://www.postgresql.org/docs/current/errcodes-appendix.html), the longest that fits.
_BY_CODE: dict[str, tuple[type[StoreError], str]] = {
    "28P01": (
        Unreachable,
        N_(
            "{place} does not know this password for {user}. Look whether PGPASSWORD, the password file, the keyring "
            "or what is sealed in the folder has the right one."
        ),
    ),
    "28000": (
        Unreachable,
        N_(
            "{place} does not let {user} in from this computer. Ask the administrator: a line in "
            "pg_hba.conf is missing, or the server wants TLS or another user."
        ),
    ),
    "3D000": (
        Unreachable,
        N_(
            "There is no database of that name on the server: {place}. Look at the end of the address, "
            "or ask the administrator to make it."
        ),
    ),
    "53300": (
        Unreachable,
        N_(
            "{place} has no connection left for us. Close Burndown where it is not needed, or ask the "
            "administrator for more connections."
        ),
    ),
    "57P03": (Unreachable, N_("{place} is starting or stopping. Try again in a moment.")),
    "57P": (Unreachable, N_("{place} was stopped. What was saved is there; try again when it runs.")),
    "42501": (
        Refused,
        N_(
            "The user {user} may not do this in {place}: {detail}. Ask the administrator for the four "
            "lines of SQL in the README, under A team. Nothing was changed."
        ),
    ),
    # A schema that may not be used is as if it were not there.
    "3F000": (
        Refused,
        N_(
            "The user {user} may not do this in {place}: {detail}. Ask the administrator for the four "
            "lines of SQL in the README, under A team. Nothing was changed."
        ),
    ),
    "25006": (
        NotWritable,
        N_(
            "{place} takes no changes now: it is a copy, or was set to read only. Nothing was changed; "
            "ask the administrator."
        ),
    ),
    "53100": (
        DiskFull,
        N_("The disk of the team's server is full. Nothing was changed; ask the administrator to make room."),
    ),
    "53": (
        NotWritable,
        N_("The team's server has too little of something: {detail}. Nothing was changed; ask the administrator."),
    ),
    "55P03": (
        NotWritable,
        N_("Somebody else is changing the team's data at this moment. Nothing was changed; try again in a moment."),
    ),
    "40": (NotWritable, N_("Somebody else changed the same at the same moment. Nothing was changed; try again.")),
    "57014": (NotWritable, N_("The team's server took too long and was stopped. Nothing was changed; try again.")),
    "54": (Refused, N_("A value is longer than the team's server can keep: {detail}. Nothing was changed.")),
    "22": (Refused, N_("A value cannot be stored: {detail}. Nothing was changed.")),
    "XX001": (
        Damaged,
        N_("The team's data on the server are damaged: {detail}. Nothing was changed; tell the administrator."),
    ),
    "XX002": (
        Damaged,
        N_("The team's data on the server are damaged: {detail}. Nothing was changed; tell the administrator."),
    ),
}
# Before anybody is let in there are no codes, only words: the server's own, or those of libpq on the way to it.
_NO_HOST = N_("There is no computer called {host}. Look at the address, or whether you are in the team's network.")
_BY_WORDS: tuple[tuple[str, str], ...] = (
    ("password authentication failed", _BY_CODE["28P01"][1]),
    ("no pg_hba.conf entry", _BY_CODE["28000"][1]),
    ("pg_hba.conf rejects", _BY_CODE["28000"][1]),
    ("permission denied", _BY_CODE["42501"][1]),
    (
        'role "',
        N_(
            "{place} knows no user {user}. Look at the name before the @ of the address, or ask the "
            "administrator for the four lines of SQL in the README, under A team."
        ),
    ),
    ('database "', _BY_CODE["3D000"][1]),
    ("too many clients", _BY_CODE["53300"][1]),
    ("connection slots", _BY_CODE["53300"][1]),
    ("the database system is", _BY_CODE["57P03"][1]),
    ("could not translate host name", _NO_HOST),
    ("failed to resolve host", _NO_HOST),
    ("Name or service not known", _NO_HOST),
    (
        "Connection refused",
        N_("Nothing answers on {host} at port {port}. Look whether the port is right and the server runs."),
    ),
    (
        "running locally and accepting",
        N_(
            "There is no server at the socket in {host}. Look at the folder in the address, at the port, and "
            "whether the server runs."
        ),
    ),
    (
        "certificate verify failed",
        N_(
            "The certificate of {host} is not signed by anybody whom this computer trusts. Give the "
            "team's own with ?sslrootcert=FILE at the end of the address; do not go on without."
        ),
    ),
    (
        "does not match host name",
        N_(
            "The certificate that answers is not that of {host}. Write the address as the certificate "
            "has it; somebody else may be answering."
        ),
    ),
    (
        "server does not support SSL",
        N_(
            "{host} offers no TLS, so anybody on the way could read the data. Ask the administrator to "
            "switch it on; for a network that you trust add ?sslmode=disable to the address."
        ),
    ),
    (
        "root certificate file",
        N_("The file of certificates that was named cannot be read. Look at sslrootcert in the address."),
    ),
    (
        "no password supplied",
        N_(
            "{place} wants a password for {user}, and none was found. Give it in PGPASSWORD, in a password file "
            "(PGPASSFILE), or in the keyring; where it is sealed in this folder, give the passphrase on the page "
            "Team, or in BURNDOWN_PASSPHRASE."
        ),
    ),
    (
        "definition of service",
        N_("There is no such service in the service file of PostgreSQL. Look at ?service= in the address."),
    ),
    (
        "timeout",
        N_(
            "{host} does not answer at port {port}. Look at the address, whether you are in the team's "
            "network, and whether a firewall is between."
        ),
    ),
)
_NOT_IN = "connection failed"
_CLOSED = N_(
    "{place} could not be reached: {detail}. Look at the address, and whether the server runs; "
    "if both are right, ask the administrator."
)
NEWER = N_(
    "The team's data were brought up to date by a newer version of Burndown. Get that version; nothing was changed."
)
_SILENT = N_(
    "{host} does not answer any more, though the connection to it stands. What was saved before "
    "is there; this was not done. It goes on by itself when the server answers again."
)
_LOST = N_(
    "The connection to the team's server was lost. What was saved before is there; this was not "
    "done. It goes on by itself when the server is back."
)


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Around everything that is asked of the server. Raises StoreError for psycopg's errors."""
    try:
        yield
    except StoreError:
        raise
    except psycopg.Error as exc:
        _log.warning("the team's server: %s", type(exc).__name__, exc_info=True)
        raise in_plain_words(exc, address) from exc


def in_plain_words(error: psycopg.Error, address: Address) -> StoreError:
    """What the user is told. An error without a code came from the way to the server, not from the server."""
    code, text = error.sqlstate or "", str(error)
    words = {
        "place": address.place,
        "host": address.host or "the server",
        "port": str(address.port or 5432),
        "user": address.user or "this user",
        "detail": _short(text),
    }
    if not code and isinstance(error, psycopg.DataError):
        # The driver's own word for what came and is none of our values, such as a year beyond every calendar.
        return Damaged(_sentence(_BY_CODE["XX001"][1], words))
    by_code = next((_BY_CODE[code[:length]] for length in (5, 4, 3, 2) if code[:length] in _BY_CODE), None)
    if by_code is None and (not code or code.startswith("08")):
        message = next(
            (sentence for part, sentence in _BY_WORDS if part in text), _CLOSED if _NOT_IN in text else _LOST
        )
        message = _SILENT if isinstance(error, Silent) else message
        return Unreachable(_sentence(message, words))
    if by_code is None:
        return Refused(N_("The team's server refused this: {text}. Nothing was changed.", text=words["detail"]))
    kind, message = by_code
    return kind(_sentence(message, words))


def _sentence(message: str, words: dict[str, str]) -> str:
    """With a capital letter at its beginning, also where that is a name."""
    first = message.partition("}")[0].removeprefix("{")
    if message.startswith("{"):
        words = words | {first: words[first][0].upper() + words[first][1:]}
    return N_(message, **words)


def _short(text: str) -> str:
    """The first line, from where the server itself begins to speak."""
    first = (text.splitlines() or [""])[0]
    # Cut after that, for a part of what is hidden would be left.
    spoken = in_clear(echoes.of_a_server(first.rpartition("failed: ")[2].removeprefix("FATAL:").strip()))
    return spoken[:200].rstrip(".")


def wants_password(error: BaseException) -> bool:
    """Whether another password, or one at all, may let us in."""
    return "no password supplied" in str(error) or "password authentication failed" in str(error)


def is_lost(error: BaseException) -> bool:
    """Whether the connection itself is gone, so that another one may do better."""
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    code = error.sqlstate or ""
    return not code or code.startswith(("08", "57P"))
