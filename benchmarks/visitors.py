"""The load generator for machines without wrk: visitors over kept connections, one asyncio task each.

It understands answers with a Content-Length, which all pages have.
"""

import asyncio
import sys
import time
from urllib.parse import urlsplit

from benchmarks.report import percentile


async def visit(host: str, port: int, request: bytes, until: float, taken: list[float], errors: list[str]) -> None:
    """Ask for the page again and again until the time is over."""
    reader, writer = await asyncio.open_connection(host, port)
    while time.monotonic() < until:
        started = time.monotonic()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await reader.readexactly(int(head.partition("content-length:")[2].split("\r\n")[0]))
        taken.append((time.monotonic() - started) * 1000)
        if " 200 " not in head.split("\r\n")[0]:
            errors.append(head.split("\r\n")[0])
    writer.close()


async def main(url: str, connections: int, seconds: float, cookie: str) -> None:
    """Send so many visitors for so long and print what came of it."""
    parts = urlsplit(url)
    request = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookie}\r\n\r\n".encode()
    taken: list[float] = []
    errors: list[str] = []
    until = time.monotonic() + seconds
    visits = [visit(parts.hostname or "", parts.port or 80, request, until, taken, errors) for _ in range(connections)]
    results = await asyncio.gather(*visits, return_exceptions=True)
    if not taken:
        sys.exit(f"not one answer came: {results[0]!r}")
    failed = len(errors) + sum(isinstance(result, Exception) for result in results)
    times = " ".join(f"{percentile(taken, share):.2f}" for share in (0.5, 0.95, 0.99))
    print(f"result {len(taken) / seconds:.1f} {times} {failed} {len(taken)}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]))
