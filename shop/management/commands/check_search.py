"""`manage.py check_search`: whether the search index holds what the database says."""

import sys
from argparse import ArgumentParser
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from shop.models import Product, SearchChange
from shop.search import comparing
from shop.search.choice import chosen_engine
from shop.search.engine import SearchUnavailable

_SHOWN = 10


class Command(BaseCommand):
    help = "Compare the search index with the database. Exit status 1 where they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="have the worker index what differs anew")

    def handle(self, *, repair: bool, **options: Any) -> None:
        try:
            engine = chosen_engine()
            found, state = comparing.differences(), engine.state()
        except SearchUnavailable as error:
            raise CommandError(f"The search index cannot be compared. {error}") from error
        self._tell("missing in the index", found.missing)
        self._tell("in the index, but not shown in the shop", found.superfluous)
        self._tell("in the index as they were once", found.differing)
        waiting = SearchChange.objects.count()
        self.stdout.write(f"Search index ({engine.name}): {state.documents} products, {waiting} changes waiting.")
        if not found.all:
            self.stdout.write("It holds what the database says.")
            return
        if repair:
            comparing.repair(found)
            self.stdout.write(f"{len(found.all)} products are noted; the worker indexes them within seconds.")
        sys.exit(1)

    def _tell(self, what: str, keys: Collection[UUID]) -> None:
        if not keys:
            return
        self.stdout.write(f"{len(keys)} {what}:")
        skus = dict(Product.objects.filter(pk__in=sorted(keys)[:_SHOWN]).values_list("pk", "sku"))
        for key in sorted(keys)[:_SHOWN]:
            self.stdout.write(f"  {key}  {skus.get(key, '(not in the database)')}")
        if len(keys) > _SHOWN:
            self.stdout.write(f"  and {len(keys) - _SHOWN} more")
