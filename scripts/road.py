"""A road to a server on this computer: slow where asked, counted, and it can be cut."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

_PIECE = 65_536


class Road:
    """Passes everything on between a port of its own and another's, each piece `delay` seconds later, until it is cut.

    `journeys`: how often something was asked after something had come back, or at the beginning. What is asked in one
    go is one journey, however many statements it holds.
    """

    def __init__(self, port: int, delay: float = 0.0) -> None:
        self.delay = delay
        self.journeys = 0
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._open = True
        self._swallows = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._open:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                near.close()
                continue
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pairs.append((near, far))
            turn = _Turn()
            for source, sink, asks in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pass_on, args=(source, sink, asks, turn), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, asks: bool, turn: _Turn) -> None:
        with suppress(OSError):
            while data := source.recv(_PIECE):
                begins = turn.begins(asks)
                self.journeys += asks and begins
                if begins:
                    # What follows in the same direction is on its way already.
                    time.sleep(self.delay / 2)
                if not self._swallows:
                    sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """All connections break, and new ones are turned away."""
        self._open = False
        for pair in self._pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
        self._pairs = []

    def swallow(self) -> None:
        """From now on everything that is sent is lost without a word, as behind some firewalls."""
        self._swallows = True

    def mend(self) -> None:
        self._open = True

    def close(self) -> None:
        self.cut()
        self._listener.close()


class _Turn:
    """Which end of a connection speaks."""

    def __init__(self) -> None:
        self._asks: bool | None = None
        self._lock = threading.Lock()

    def begins(self, asks: bool) -> bool:
        with self._lock:
            other, self._asks = self._asks is not asks, asks
            return other
