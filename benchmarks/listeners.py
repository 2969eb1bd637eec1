"""Listeners in a process of their own: each opens the line of one order, and prints the order and the moment of every later event."""

import asyncio
import resource
import sys
import time
from pathlib import Path

_AT_ONCE = 50


async def listen(host: str, port: int, token: str, order: str, gate: asyncio.Semaphore, opened: asyncio.Event) -> None:
    """Listen until the line ends."""
    async with gate:
        reader, writer = await asyncio.open_connection(host, port)
        head = (
            f"GET /api/orders/{order}/events HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"
        )
        writer.write(head.encode())
        status = await reader.readline()
        if b" 200 " not in status:
            sys.exit(f"a listener was refused: {status.decode()!r}")
        await _event(reader)
        opened.set()
    while await _event(reader):
        print(order, time.time(), flush=True)


async def _event(reader: asyncio.StreamReader) -> bool:
    """Wait for the next event; return False at the end of the line."""
    while line := await reader.readline():
        if line.startswith(b"data: "):
            return True
    return False


async def main(host: str, port: int, token: str, orders: list[str]) -> None:
    """Open all lines, say so, and go on."""
    gate, opened = asyncio.Semaphore(_AT_ONCE), [asyncio.Event() for _ in orders]
    tasks = [
        asyncio.create_task(listen(host, port, token, order, gate, event))
        for order, event in zip(orders, opened, strict=True)
    ]
    for event in opened:
        await event.wait()
    print("ready", flush=True)
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    _host, _port, _token, _orders = sys.argv[1:5]
    asyncio.run(main(_host, int(_port), _token, Path(_orders).read_text().split()))
