"""`manage.py rebuild_search`: the search index and the texts that the database searches anew, from the database."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.models import Product
from shop.search import spelling
from shop.search.choice import chosen_engine
from shop.search.documents import BATCH
from shop.search.engine import SearchUnavailable
from shop.search.rebuilding import rebuild


class Command(BaseCommand):
    help = (
        "Build the search index anew from the database. The old one answers until the new one is whole, and changes made "
        "meanwhile are not lost. Before that, the texts are written anew that the database searches, where they are wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--batch", type=int, default=BATCH, help="products read from the database at once (default %(default)s)"
        )

    def handle(self, *, batch: int, verbosity: int, **options: Any) -> None:
        if not 1 <= batch <= 10_000:
            raise CommandError("--batch takes a whole number from 1 to 10000.")
        written = spelling.spell_anew()
        if written and verbosity > 0:
            self.stdout.write(f"Texts that the database searches: {written} were wrong and are written anew.")
        loud = verbosity > 0 and self.stdout.isatty()
        began = time.monotonic()
        try:
            engine = chosen_engine()
            total = Product.objects.filter(is_visible=True).count() if loud else 0
            held = rebuild((lambda done: self._show(done, total)) if loud else None, batch=batch)
        except SearchUnavailable as error:
            raise CommandError(f"The search index was not rebuilt, and what was there stays in use. {error}") from error
        if verbosity > 0:
            self.stdout.write(
                f"Search index ({engine.name}): {held} products in {time.monotonic() - began:.1f} seconds."
            )

    def _show(self, done: int, total: int) -> None:
        self.stdout.write(f"\r  {done} of about {total} products", ending="" if done < total else "\n")
        self.stdout.flush()
