"""One open line: from the first bytes until either side ends it."""

import asyncio
from dataclasses import dataclass
from typing import Any

from granian.rsgi import HTTPProtocol, ProtocolClosed

from cryptons.streams.answer import Subscription
from cryptons.streams.hub import Hub


@dataclass(frozen=True, slots=True)
class Opening:
    """What a line begins with."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes
    subscription: Subscription


class Line:
    """What is sent on one line. The line ends when granian's end of it is let go of, so nobody but this holds it."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    async def send(self, data: bytes) -> bool:
        """Send; return False where nobody is there any more."""
        if self._transport is None:
            return False
        try:
            await self._transport.send_bytes(data)
        except ProtocolClosed:
            return False
        return True

    def close(self) -> None:
        """End the line."""
        self._transport = None


async def keep_open(opening: Opening, protocol: HTTPProtocol, hub: Hub) -> None:
    """Send the opening and let `hub` send what follows, until the client is gone or the hub ends it."""
    headers = [(name, value) for name, value in opening.headers if name.lower() != "content-length"]
    line, task = Line(protocol.response_stream(opening.status, headers)), asyncio.current_task()
    if task is None or not await line.send(opening.content):
        return
    listener = hub.add(opening.subscription, send=line.send, end=task.cancel)
    try:
        if listener is not None:
            await protocol.client_disconnect()
    except asyncio.CancelledError:
        return  # the hub ended it
    finally:
        line.close()
        if listener is not None:
            hub.remove(listener)
