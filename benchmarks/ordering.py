"""Placing orders: how many a second go in, by one buyer and by eight at once, each a process as a web worker is."""

import json
import sys

from benchmarks.catalogue import bench_products
from benchmarks.report import Row, percentile
from benchmarks.stage import Stage

TARGET = 150


def run(stage: Stage, seconds: float) -> list[Row]:
    """Return the rows of placing orders."""
    bench_products()
    return [_row(stage, buyers, seconds) for buyers in (1, 8)]


def _row(stage: Stage, buyers: int, seconds: float) -> Row:
    """Let so many processes buy for so long. All wait for each other's start, so that none buys alone."""
    command = [sys.executable, "-m", "benchmarks.buyer", str(seconds)]
    processes = [stage.start(command) for _ in range(buyers)]
    for process in processes:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise RuntimeError("a buyer did not start")
    for process in processes:
        if process.stdin is not None:
            process.stdin.write("go\n")
            process.stdin.flush()
    results = [json.loads(process.communicate(timeout=seconds + 60)[0]) for process in processes]
    times = [ms for result in results for ms in result["ms"]]
    rate = sum(len(result["ms"]) / result["seconds"] for result in results)
    cpu = sum(result["cpu"] for result in results) * 1000 / max(1, len(times))
    failed = sum(result["failed"] for result in results)
    figures = f"{rate:.0f} orders/s, p50 {percentile(times, 0.5):.1f} ms, p95 {percentile(times, 0.95):.1f} ms, {cpu:.1f} ms CPU"
    name = f"placing orders of two lines, {buyers} buyer{'s' if buyers > 1 else ''}"
    return Row(
        name, figures + (f", {failed} FAILED" if failed else ""), f"{TARGET} orders/s", rate >= TARGET and not failed
    )
