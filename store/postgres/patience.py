"""A connection that does not wait for ever: a server that took a question and then falls silent is given up.

A computer that sleeps, a server that hangs and a firewall that swallows everything look the same from here: nothing
comes, and nothing says that nothing will. The server's own limits do not help where it is the server that hangs.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.errors import _WaitTimeout

# For one answer, in seconds. Who only looks waits for nobody, so a server that is well answers at once.
READING = 15.0
# Somebody else's change may come first, for as long as the server lets us wait for it.
LOCK = 30
WRITING = LOCK + 10.0
# A whole store that is copied or brought up to date is checked by the server at the end of a table.
WHOLE = 600.0
# Whoever listens for changes asks from time to time, and nothing else of it.
LISTENING = 8.0


class Silent(psycopg.OperationalError):
    """The server did not answer in time; the connection was given up."""


class PatientConnection(psycopg.Connection[Any]):
    """`patience`: how long one answer may take, in seconds."""

    patience = READING

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except _WaitTimeout as exc:
            self.pgconn.finish()
            raise Silent(f"no answer within {self.patience:.0f} seconds") from exc

    def give_up(self) -> None:
        """For another thread: whoever waits on this connection waits no longer."""
        with suppress(psycopg.Error, OSError, ValueError):
            line = socket.socket(fileno=self.pgconn.socket)
            try:
                line.shutdown(socket.SHUT_RDWR)
            finally:
                # It is libpq that closes it.
                line.detach()
