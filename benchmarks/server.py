"""A web server as `make run` starts it, on a port of its own, and what a load on it brings."""

import subprocess
from dataclasses import dataclass, replace

from django.conf import settings

from benchmarks.load import Load, load
from benchmarks.stage import Stage, cpu_ms, end, free_port, wait_for
from cryptons.launcher.commands import web

STORE = "cryptons.rsgi:application"
BARE = "benchmarks.bare:application"
UNLIMITED = {"RATELIMIT_API": "999999999/1h", "RATELIMIT_USER": "999999999/1h", "RATELIMIT_AUTH": "999999999/1h"}
"""The whole load comes from one address."""


@dataclass(frozen=True)
class Server:
    """Where it listens, and its process with all its workers."""

    base: str
    process: "subprocess.Popen[str]"

    def under_load(self, path: str, connections: int, seconds: float, cookie: str = "") -> Load:
        """Return what a load brought, with the processor time that the server spent on a request."""
        load(f"{self.base}{path}", min(connections, 20), 1, cookie)  # warm up
        before = cpu_ms(self.process)
        brought = load(f"{self.base}{path}", connections, seconds, cookie)
        return replace(brought, cpu_ms=(cpu_ms(self.process) - before) / max(1, brought.count))

    def stop(self) -> None:
        """End it."""
        end(self.process)


def serve(stage: Stage, application: str, path: str, **environment: str) -> Server:
    """Start a server and wait until `path` is answered."""
    port = str(free_port())
    command = [*web()[:-1], application]
    command[command.index("--port") + 1] = port
    base = f"http://{settings.HOST}:{port}"
    process = stage.start(command, PORT=port, SITE_URL=base, **UNLIMITED, **environment)
    wait_for(base + path)
    return Server(base, process)
