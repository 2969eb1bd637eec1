"""Where the measuring takes place: a temporary store of its own, and processes that are ended with it."""

import contextlib
import io
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent


class Stage:
    """A temporary VAR_DIR with a migrated database. `database` names an empty one to use instead of SQLite, `cache` a CACHE_URL."""

    def __init__(self, *, database: str = "", cache: str = "") -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="cryptons-bench-"))
        self.busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        self.processes: list[subprocess.Popen[str]] = []
        self.environment = {
            "VAR_DIR": str(self.directory),
            "CRYPTONS_ENV": "development",
            "HOST": "127.0.0.1",
            "LOG_LEVEL": "ERROR",
            "RATE_SOURCE": "fixed",
            "MAX_OPEN_ORDERS": "0",  # the whole load comes from one address
            "EMAIL_URL": "embedded://",
            "DJANGO_SETTINGS_MODULE": "cryptons.settings",
            "DATABASE_URL": database or f"sqlite:///{self.directory / 'bench.sqlite3'}",
            "CACHE_URL": cache or "locmem://",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in self.processes:
            end(process)
        shutil.rmtree(self.directory, ignore_errors=True)

    def prepare(self) -> None:
        """Start the sandbox node, point the settings at it, set Django up and migrate. Exits where the database is not empty."""
        node = json.loads(self.python("benchmarks.node", ready=True))
        self.environment |= {"BITCOIN_RPC_URL": node["url"], "BITCOIN_RPC_USER": "sandbox"}
        self.environment |= {"BITCOIN_RPC_PASSWORD": "sandbox", "BITCOIN_RPC_WALLET": "store"}
        os.environ.update(self.environment)
        import django  # noqa: PLC0415  (the settings are read at import, and the environment is only now complete)

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415

        if connection.introspection.table_names():
            sys.exit("The database named by --database has tables. Benchmarks only run on an empty one.")
        call_command("migrate", verbosity=0, interactive=False)
        for folder in ("static", "media/products", "queue/messages"):
            (self.directory / folder).mkdir(parents=True, exist_ok=True)
        call_command("rebuild_search", verbosity=0, stdout=io.StringIO())

    def start_redis(self) -> None:
        """Start a Redis of the stage's own, in memory, and make it the cache. Exits where none is installed."""
        program = shutil.which("redis-server")
        if program is None:
            sys.exit("redis-server is not installed (apt install redis-server); or name a Redis by --cache.")
        port = free_port()
        self.start([program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--loglevel", "warning"])
        self.environment["CACHE_URL"] = f"redis://127.0.0.1:{port}/0"

    def python(self, module: str, *arguments: str, ready: bool = False) -> str:
        """Start `python -m module` with the stage's settings; return its first line when `ready`, else nothing."""
        process = self.start([sys.executable, "-m", module, *arguments])
        return (process.stdout.readline() if process.stdout else "") if ready else ""

    def start(self, command: list[str], *, unheard: bool = False, **environment: str) -> "subprocess.Popen[str]":
        """Start a process that ends with the stage. `unheard`: what it prints goes nowhere, and no full pipe makes it wait."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **self.environment, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if unheard else subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def describe(self) -> str:
        """Return what this run was taken on, in one line."""
        from django.db import connection  # noqa: PLC0415

        cache = "Redis" if self.environment["CACHE_URL"].startswith("redis") else "in-process cache"
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        version = ".".join(str(part) for part in sys.version_info[:3])
        machine = f"{cores} cores, load average before the run {self.busy:.1f}; the load comes from the same machine"
        return (
            f"Python {version}, {connection.display_name}, {cache}, {platform.system()} {platform.machine()}\n{machine}"
        )


def end(process: "subprocess.Popen[str]") -> None:
    """End a process and its children."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
            return


def cpu_ms(process: "subprocess.Popen[str]") -> float:
    """Return how many milliseconds of processor time a process and its children have used, 0 where Linux' /proc is missing.

    Unlike requests a second it does not depend on what else the machine is doing.
    """
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = file.read_text().rpartition(")")[2].split()
            if int(fields[2]) == process.pid:  # the process group
                ticks += int(fields[11]) + int(fields[12])
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, seconds: float = 20) -> None:
    """Wait until `url` answers 200. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(url, timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer within {seconds} s")


def as_json(value: Any) -> str:
    """Return one line of JSON."""
    return json.dumps(value, separators=(",", ":"))
