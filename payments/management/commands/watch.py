"""Watch the node without a Celery worker."""

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections

from payments.watcher import TickReport, tick


class Command(BaseCommand):
    help = "Looks at the Bitcoin node every two seconds and moves payments on, as the worker does. Stops with Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once; exit with 1 where that failed")
        parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="how often (default: 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            report = tick()
            self.stdout.write(told(report))
            if report.outcome == "failed" or report.failed:
                raise CommandError("Not everything could be looked at; see above and the log.")
            return
        pause = threading.Event()
        last = ""
        try:
            while not pause.wait(options["every"]):
                now = self._look()
                if now != last:
                    self.stdout.write(now)
                last = now
        except KeyboardInterrupt:
            self.stdout.write("Stopped. Nothing is lost: the next look begins where this one ended.")

    def _look(self) -> str:
        close_old_connections()
        try:
            return told(tick())
        except DatabaseError as error:
            return f"The database could not be used, so nothing was written; trying again: {error}"


def told(report: TickReport) -> str:
    """Return what a look did, in a sentence."""
    if report.outcome == "busy":
        return "Another process is looking at the node right now."
    if report.outcome != "done":
        return f"The node could not be asked: {report.error or 'another process took over'}"
    behind = " The node is catching up; nothing expires until it has." if report.behind else ""
    trouble = f" {report.failed} could not be written and will be tried again." if report.failed else ""
    return f"Looked: {report.listed} outputs listed, {report.changed} payments changed.{trouble}{behind}"
