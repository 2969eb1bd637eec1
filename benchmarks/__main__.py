"""`python -m benchmarks` (or `make bench`): how fast the store is, on this machine, as one table.

Everything runs on the loopback, in a temporary directory and on free ports; nothing of a store's own data is touched.
Rows with a target tell whether it was met. Absolute figures belong to the machine they were taken on; the bare Django view,
measured in the same run by the same server and load generator, is what pages are to be compared with.
"""

import argparse
import sys
import time

from benchmarks import report
from benchmarks.stage import Stage

PARTS = ("watcher", "orders", "shopping", "pages", "mixed", "events")
ONLY_BY_NAME = ("rows", "search")
"""What takes minutes, or makes up so much that the other figures would change: measured last, and only when asked for."""


def main() -> int:
    """Run what was asked for and print the table; the exit status is 0 also where a target was missed."""
    options = _options()
    started = time.monotonic()
    rows: list[report.Row] = []
    with Stage(database=options.database, cache=options.cache) as stage:
        if options.redis:
            stage.start_redis()
        stage.prepare()
        # Imported here: these need Django, which the stage has just set up with the temporary settings.
        from benchmarks import following, large, mixed, ordering, pages, search, shopping, watching  # noqa: PLC0415

        parts = {"watcher": watching.run, "orders": ordering.run, "pages": pages.run, "mixed": mixed.run}
        parts |= {"events": following.run, "search": search.run, "shopping": shopping.run}
        parts["rows"] = lambda stage, _: large.run(stage, options.rows)
        for name in sorted(options.parts, key=[*PARTS, *ONLY_BY_NAME].index) or PARTS:
            print(f"Measuring {name} …", file=sys.stderr, flush=True)
            rows += parts[name](stage, options.seconds)
        print(report.table(rows, stage.describe()))
    print(f"\n{time.monotonic() - started:.0f} s in all.")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the store on this machine.")
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, *ONLY_BY_NAME, []], help=f"what to measure (default: {', '.join(PARTS)})"
    )
    parser.add_argument("--seconds", type=float, default=4, help="how long each load lasts (default %(default)s)")
    parser.add_argument(
        "--rows", type=int, default=100_000, help="products and orders for `rows` (default %(default)s)"
    )
    parser.add_argument("--database", default="", help="URL of an EMPTY database (default: SQLite in a temporary file)")
    parser.add_argument("--cache", default="", help="CACHE_URL, e.g. redis://127.0.0.1:6379/9 (default: in process)")
    parser.add_argument(
        "--redis", action="store_true", help="with a Redis of its own as the cache, where one is installed"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
