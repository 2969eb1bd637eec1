"""Short lines to Redis for what every request asks: one connection a thread, or one for a loop; commands are packed once.

The client's own call costs twice as much processor time, most of it for choices that are always the same here. Connecting, names,
passwords and TLS stay its business.

A line that was closed while nobody used it is opened again before anything is sent. What was sent once is never sent again: where the
line breaks then nobody knows whether Redis has done it, and doing it twice would count a sender twice.
"""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any, cast

from redis import ConnectionPool
from redis.asyncio import ConnectionPool as LoopPool
from redis.asyncio.connection import AbstractConnection as LoopConnection
from redis.connection import AbstractConnection
from redis.exceptions import ConnectionError as LineDown

Command = tuple[bytes | str | int, ...]


class RedisLine:
    """A connection for each thread that asks. A server that does not answer within `patience` seconds is taken for away."""

    def __init__(self, url: str, *, patience: float = 0.5) -> None:
        self._pool = ConnectionPool.from_url(url, socket_timeout=patience, socket_connect_timeout=patience)
        self._mine = threading.local()

    def ask(self, *command: bytes | str | int) -> Any:
        """Return what Redis answers to `command`. Raises RedisError."""
        connection = self._connection()
        if _is_closed(connection):
            connection.disconnect()  # sending connects
        return _asked(connection, command)

    def _connection(self) -> AbstractConnection:
        connection: AbstractConnection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = cast("AbstractConnection", self._pool.get_connection())
        return connection


def _is_closed(connection: AbstractConnection) -> bool:
    """Return whether Redis has closed the line since it was last used, or sent what nobody asked for."""
    try:
        return bool(connection.can_read())
    except LineDown:
        return True


def _asked(connection: AbstractConnection, command: Command) -> Any:
    # Whatever goes wrong in here closes the connection, so that half an answer is never taken for the next one.
    connection.send_command(*command, check_health=False)
    return connection.read_response()


class LoopLine:
    """One connection for an event loop; commands that go together make one trip."""

    def __init__(self, url: str, *, patience: float = 0.5) -> None:
        pool = LoopPool.from_url(url, socket_timeout=None)
        self._connection = cast("LoopConnection", pool.make_connection())  # it connects when it is first used
        self._patience = patience

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        """Return what Redis answers to each of `commands`. Ask again only when that is over. Raises RedisError."""
        try:
            async with asyncio.timeout(self._patience):
                return await self._asked(commands)
        except TimeoutError as error:
            raise LineDown("Redis takes too long to answer") from error

    async def _asked(self, commands: Sequence[Command]) -> list[Any]:
        if self._connection.is_connected and await self._connection.can_read():
            await self._connection.disconnect(nowait=True)  # Redis closed it since it was last used; sending connects
        return await _told(self._connection, commands)


async def _told(connection: LoopConnection, commands: Sequence[Command]) -> list[Any]:
    try:
        await connection.send_packed_command(connection.pack_commands(commands), check_health=False)
        return [await connection.read_response() for _ in commands]
    except BaseException:
        # Whatever goes wrong, being cancelled included: half an answer must never be taken for the next one.
        await connection.disconnect(nowait=True)
        raise
