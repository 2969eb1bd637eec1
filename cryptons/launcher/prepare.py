"""From an empty folder to a store that can be opened: database, demo catalogue, staff account."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections

from cryptons.launcher import LaunchError
from cryptons.launcher.preflight import usable_folder
from shop.search.choice import chosen_engine
from shop.search.engine import SearchUnavailable

Say = Callable[[str], None]


def prepare(say: Say) -> None:
    """Bring the database up to date and fill it on the first start. `say` is told each step. Raises LaunchError."""
    queue = settings.VAR_DIR / "queue" / "messages"
    drop_stale_messages(queue)
    for folder in (settings.STATIC_ROOT, settings.MEDIA_ROOT / "products", queue):
        usable_folder(folder)
    if settings.PRODUCTION:
        say("Collecting static files ...")
        call_command("collectstatic", interactive=False, verbosity=0)
    say("Bringing the database up to date ...")
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        raise LaunchError(f"DATABASE_URL: the database does not answer as it should ({_first_line(error)}).") from error
    if settings.DEMO_CATALOGUE:
        load_demo_once(settings.VAR_DIR / "demo-loaded", say)
    make_search_usable(say)
    try:
        call_command("ensure_admin")
    except CommandError as error:
        raise LaunchError(f"ADMIN_EMAIL, ADMIN_PASSWORD: {error}") from error
    # The processes to come are forked: none of them may inherit an open connection.
    connections.close_all()


def load_demo_once(marker: Path, say: Say) -> None:
    """Load the demo catalogue unless `marker` says that it was: products that a merchant deleted stay deleted."""
    if marker.exists():
        return
    say("Loading the demo catalogue (first start only) ...")
    call_command("load_demo")
    call_command("load_demo_reviews")
    marker.write_text(
        "The demo catalogue was loaded. Remove this file to load it again at the next start.\n", encoding="utf-8"
    )


def make_search_usable(say: Say) -> None:
    """Build the search index where there is none that this version of the store can use. A store opens without one, too."""
    try:
        state = chosen_engine().state()
        if not state.ready:
            say(f"Building the search index: {state.detail.split(' Run:')[0]}")
            call_command("rebuild_search")
    except (SearchUnavailable, CommandError) as error:
        say(f"Search is not ready, so the store searches its database until it is. {error}")


def drop_stale_messages(folder: Path) -> None:
    """Empty the embedded broker's folder: what waits there is from the last run, and beat will ask again in seconds."""
    shutil.rmtree(folder, ignore_errors=True)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["no reason given"])[0]
