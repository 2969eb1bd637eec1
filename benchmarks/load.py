"""A load generator: wrk where it is installed, otherwise a small one of our own, which is slower and says so."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPORT = Path(__file__).parent / "wrk_report.lua"


@dataclass(frozen=True)
class Load:
    """What a load brought: requests a second, times in milliseconds, answers that were not 2xx or never came.

    `cpu_ms` is what the server's processor spent on one of the `count` requests, 0 where that is not known.
    """

    per_second: float
    p50: float
    p95: float
    p99: float
    errors: int
    tool: str
    count: int = 0
    cpu_ms: float = 0.0

    def __str__(self) -> str:
        failed = f", {self.errors} FAILED" if self.errors else ""
        cpu = f", {self.cpu_ms:.2f} ms CPU" if self.cpu_ms else ""
        tool = "" if self.tool == "wrk" else f" ({self.tool})"
        times = f"p50 {self.p50:.0f}, p95 {self.p95:.0f}, p99 {self.p99:.0f} ms"
        return f"{self.per_second:,.0f} requests/s, {times}{cpu}{failed}{tool}"


def load(url: str, connections: int, seconds: float, cookie: str = "") -> Load:
    """Ask for `url` over so many connections for so many seconds, with `cookie` as it is sent."""
    once = _wrk if shutil.which("wrk") else _own
    return once(url, connections, seconds, cookie)


def _wrk(url: str, connections: int, seconds: float, cookie: str) -> Load:
    command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{max(1, round(seconds))}s", "-s", str(REPORT)]
    command += [*(["-H", f"Cookie: {cookie}"] if cookie else []), url]
    return _parsed(subprocess.run(command, capture_output=True, text=True, check=True).stdout, "wrk")


def _own(url: str, connections: int, seconds: float, cookie: str) -> Load:
    command = [sys.executable, "-m", "benchmarks.visitors", url, str(connections), str(seconds), cookie]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    return _parsed(done.stdout, "own generator")


def _parsed(output: str, tool: str) -> Load:
    """Read the line `result <requests/s> <p50 ms> <p95 ms> <p99 ms> <errors> <requests>` that both generators print."""
    line = next(line for line in output.splitlines() if line.startswith("result "))
    per_second, p50, p95, p99, errors, count = (float(value) for value in line.split()[1:])
    return Load(per_second, p50, p95, p99, int(errors), tool, int(count))
