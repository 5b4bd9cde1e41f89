"""SQLite from the package pysqlite3, newer than the one any Python brings; see README.txt beside this."""

from pysqlite3 import _sqlite3
from pysqlite3.dbapi2 import *  # noqa: F403 the interface is the library's

# Error codes and settings: the library's own module leaves them out of what it exports.
globals().update({name: getattr(_sqlite3, name) for name in dir(_sqlite3) if name.startswith("SQLITE_")})
