"""A crowd in a process of its own: it comes at a steady rate, whether the store is quick or not, and does all sorts of things.

Reads a plan from its input, prints what came of it. Times count from the moment somebody wanted something, so that a store
which makes people wait cannot hide it by being asked less.
"""

import asyncio
import itertools
import json
import random
import sys
import time
import uuid
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

import uvloop

from benchmarks.report import percentile

Request = tuple[str, bytes]
_Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
TIME_OUT = 20.0
HERE = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true", "HX-Target": "cart-feedback"}
ADDRESS = {
    "fullName": "Ada Byron",
    "line1": "Mill Lane 12",
    "city": "Lisbon",
    "postalCode": "1100-148",
    "country": "PT",
}


class Crowd:
    """People over kept connections, as many as are needed."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.host = urlsplit(plan["base"]).netloc
        self.random = random.Random(7)
        self.idle: list[_Line] = []
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.failed: dict[str, int] = defaultdict(int)

    async def come(self) -> None:
        """Let everybody come when it is their time, and wait for the last answer."""
        rate, seconds = self.plan["rate"], self.plan["seconds"]
        tasks: list[asyncio.Task[None]] = []
        began = time.perf_counter()
        for number in itertools.count():
            due = began + number / rate
            if due - began >= seconds:
                break
            while (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            tasks.append(asyncio.create_task(self.one(due)))
        await asyncio.gather(*tasks)

    async def one(self, due: float) -> None:
        """Do one thing."""
        kind, request = self.wish()
        try:
            status = await asyncio.wait_for(self.send(request), TIME_OUT)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            status = type(error).__name__
        self.taken[kind].append((time.perf_counter() - due) * 1000)
        if status not in {"200", "201", "302"}:
            self.failed[f"{kind} {status}"] += 1

    def wish(self) -> Request:
        """Return what the next one wants: 80 % look, 15 % have to do with their cart, 5 % order."""
        pick, chance = self.random.choice, self.random.random()
        if chance < 0.80:
            return "looks", self.written("GET", pick(self.plan["looks"]))
        if chance < 0.95:
            cookie = {"Cookie": pick(self.plan["cookies"])}
            if chance < 0.875:
                return "carts", self.written("GET", "/cart/", **cookie)
            form = {"Content-Type": "application/x-www-form-urlencoded", **HERE, **cookie}
            return "carts", self.written(
                "POST", "/cart/add/", f"product={pick(self.plan['products'])}&quantity=1", **form
            )
        items = [{"productId": key, "quantity": 1} for key in self.random.sample(self.plan["products"], 2)]
        body = json.dumps({"cryptocurrency": "BTC", "shippingAddress": ADDRESS, "items": items})
        named = {"Authorization": f"Bearer {pick(self.plan['tokens'])}", "Idempotency-Key": uuid.uuid4().hex}
        return "orders", self.written("POST", "/api/orders", body, **{"Content-Type": "application/json", **named})

    def written(self, method: str, path: str, body: str = "", **headers: str) -> bytes:
        """Return a request as it is sent."""
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.host}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        if method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", body]).encode()

    async def send(self, request: bytes) -> str:
        """Send it over an idle connection or a new one; return the answer's status."""
        line = self.idle.pop() if self.idle else await asyncio.open_connection(*self.host.split(":"))
        reader, writer = line
        try:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            await reader.readexactly(int(head.partition("content-length:")[2].split("\r\n")[0] or 0))
        except BaseException:
            writer.close()
            raise
        self.idle.append(line)
        return head.split(" ", 2)[1]

    def told(self) -> dict[str, Any]:
        """Return the times of each kind and of all, and what failed."""
        everything = list(itertools.chain.from_iterable(self.taken.values()))
        kinds = {**self.taken, "all": everything}
        shares = (0.5, 0.95, 0.99)
        times = {kind: [round(percentile(ms, share), 1) for share in shares] for kind, ms in kinds.items()}
        return {"count": {kind: len(ms) for kind, ms in kinds.items()}, "ms": times, "failed": dict(self.failed)}


if __name__ == "__main__":
    crowd = Crowd(json.loads(sys.stdin.readline()))
    uvloop.run(crowd.come())  # the crowd shares the cores with the store, and should take as little of them as it can
    print(json.dumps(crowd.told()))
