"""The command lines of the store's processes, from the settings."""

import sys

from django.conf import settings

# Per web worker: connections held at once, beside those of listeners. A connection that is kept alive holds its place, so this bounds
# visitors, not work: the threads bound the work.
_CONNECTIONS = 1024
_BACKLOG = 2048


def all_commands() -> dict[str, list[str]]:
    """Return name to command line of every process that the settings ask for."""
    commands = {"web": web(), "worker": worker()}
    if settings.SANDBOX:
        commands["sandbox"] = [sys.executable, "manage.py", "sandbox"]
    return commands


def web() -> list[str]:
    """Return the web server: granian, whose loop holds the lines of events and hands requests to a few threads (`cryptons.serving`).

    A worker that is told to stop while it still starts misses it (granian 2.8), hence the time-out.
    """
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--http", "1", "--no-ws"]
    command += ["--log-level", "warning"]
    command += ["--host", settings.HOST, "--port", str(settings.PORT), "--workers", str(settings.WEB_WORKERS)]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "3"]
    command += ["--backlog", str(_BACKLOG), "--backpressure", str(_CONNECTIONS + settings.EVENTS_LISTENERS)]
    if settings.SERVE_MEDIA:
        # Granian reads pictures off the disk itself: a third of the time, and no thread of the pages' is held for it. It writes no
        # headers of ours, so it is given this folder alone, where nothing lies but WebP that the store made itself (`shop.images`).
        command += ["--static-path-route", "/media/products"]
        command += ["--static-path-mount", str(settings.MEDIA_ROOT / "products")]
    return [*command, "cryptons.rsgi:application"]


def worker() -> list[str]:
    """Return the one Celery worker with the beat inside. Its tasks wait for the node and the disk, so threads serve them.

    Of seven tasks that may wait long for others (mail servers, node, prices, search engine) one of each is under way at most
    (`cryptons.alone`), so there is a thread for each of them and one for all else.
    """
    command = [sys.executable, "-W", "ignore:You're running the worker with superuser"]
    command += ["-m", "celery", "--quiet", "-A", "cryptons.celery", "worker", "--beat"]
    command += ["--pool", "threads", "--concurrency", "8", "--loglevel", "WARNING", "--hostname", "worker@%h"]
    return [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"]
