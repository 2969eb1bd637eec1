"""A short line to Redis for what every request asks: one connection a thread, one command at a time, packed once.

The client's own call costs twice as much processor time, most of it for choices that are always the same here. Connecting, names,
passwords and TLS stay its business.
"""

import threading
from typing import Any, cast

from redis import ConnectionPool
from redis.connection import AbstractConnection
from redis.exceptions import ConnectionError as LineDown


class RedisLine:
    """A connection for each thread that asks. A server that does not answer within `patience` seconds is taken for away."""

    def __init__(self, url: str, *, patience: float = 0.5) -> None:
        self._pool = ConnectionPool.from_url(url, socket_timeout=patience, socket_connect_timeout=patience)
        self._mine = threading.local()

    def ask(self, *command: bytes | str | int) -> Any:
        """Return what Redis answers to `command`. Raises RedisError."""
        connection = self._connection()
        try:
            return _asked(connection, command)
        except LineDown:
            # It was closed since it was last used; a command that was sent on a closed line was never read.
            connection.disconnect()
            return _asked(connection, command)

    def _connection(self) -> AbstractConnection:
        connection: AbstractConnection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = cast("AbstractConnection", self._pool.get_connection())
        return connection


def _asked(connection: AbstractConnection, command: tuple[bytes | str | int, ...]) -> Any:
    # Whatever goes wrong in here closes the connection, so that half an answer is never taken for the next one.
    connection.send_command(*command, check_health=False)
    return connection.read_response()
