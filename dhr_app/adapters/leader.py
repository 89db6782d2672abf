"""Which of several clockworks works: whoever holds one lock, of a file on this machine or of the PostgreSQL server.

The lock keeps two from doing the same work at once. That nothing is done twice does not rest on it, but on keys that
are unique: a process that was stopped still believes for a while that it holds what another has by now.
"""

from __future__ import annotations

import fcntl
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended('dhr clockwork', 0))")
_HOLD = text("SELECT 1")
_LEAVE = text("SELECT pg_advisory_unlock(hashtextextended('dhr clockwork', 0))")
# Seconds after which the server lets go of a lock whose machine does not answer any more.
_PATIENCE = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}


class LeaderLock(Protocol):
    """A lock that one process at a time holds; it is let go when that process ends, however it does."""

    def take(self) -> bool:
        """Whether it is ours now; it is not waited for."""

    def held(self) -> bool:
        """Whether it is ours still."""

    def leave(self) -> None:
        """Let go of it, if it is ours."""


def leader_lock(url: str, instance: Path) -> LeaderLock:
    """With PostgreSQL the server's: clockworks may stand on several machines. Else that of the instance folder."""
    if make_url(url).get_backend_name() == "postgresql":
        return ServerLock(url)
    return FileLock(instance / "clockwork.lock")


class FileLock:
    """The lock of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Whether it is ours now."""
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def held(self) -> bool:
        """Whether it is ours: nobody takes it from whoever has it."""
        return self._file is not None

    def leave(self) -> None:
        """Let go of it."""
        if self._file is not None:
            self._file.close()
            self._file = None


class ServerLock:
    """An advisory lock, held by a connection of its own: one of a pool would be recycled, and the lock with it."""

    def __init__(self, url: str) -> None:
        options = " ".join(f"-c {name}={seconds}" for name, seconds in _PATIENCE.items())
        self._engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"options": options},
        )
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Whether it is ours now; not while the server cannot be reached."""
        try:
            connection = self._engine.connect()
        except DBAPIError:
            return False
        try:
            ours = bool(connection.execute(_TAKE).scalar_one())
        except DBAPIError:
            ours = False
        if ours:
            self._connection = connection
        else:
            connection.close()
        return ours

    def held(self) -> bool:
        """Whether it is ours still: whether the connection that holds it still answers."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(_HOLD)
        except DBAPIError:
            self._hang_up()
            return False
        return True

    def leave(self) -> None:
        """Let go of it, with its connection: said, because a server notices only later that nobody is there."""
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.execute(_LEAVE)
        self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
