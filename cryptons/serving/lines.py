"""One open line: from the first bytes until either side ends it."""

import asyncio
from dataclasses import dataclass

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


async def keep_open(opening: Opening, protocol: HTTPProtocol, hub: Hub) -> None:
    """Send the opening and let `hub` send what follows, until the client is gone or the hub ends it."""
    headers = [(name, value) for name, value in opening.headers if name.lower() != "content-length"]
    line = protocol.response_stream(opening.status, headers)

    async def send(data: bytes) -> bool:
        try:
            await line.send_bytes(data)
        except ProtocolClosed:
            return False
        return True

    task = asyncio.current_task()
    if task is None or not await send(opening.content):
        return
    listener = hub.add(opening.subscription, send=send, end=task.cancel)
    if listener is None:
        return
    try:
        await protocol.client_disconnect()
    except asyncio.CancelledError:
        return  # the hub ended it
    finally:
        hub.remove(listener)
