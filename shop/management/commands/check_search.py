"""`manage.py check_search`: whether the search index, and the texts that the database searches, hold what the database says."""

import sys
from argparse import ArgumentParser
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from shop.models import Product, SearchChange
from shop.search import comparing, spelling
from shop.search.choice import chosen_engine
from shop.search.engine import SearchUnavailable

_SHOWN = 10


class Command(BaseCommand):
    help = "Compare the search index, and the texts the database searches, with the database. Exit status 1 where they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="write such texts anew, and have the worker index what differs"
        )

    def handle(self, *, repair: bool, **options: Any) -> None:
        good = self._check_texts(repair)
        try:
            good = self._check_index(repair) and good
        except SearchUnavailable as error:
            raise CommandError(f"The search index cannot be compared. {error}") from error
        if not good:
            sys.exit(1)

    def _check_texts(self, repair: bool) -> bool:
        wrong = spelling.misspelled()
        for model, keys in wrong.items():
            names = {row.pk: str(row) for row in model._default_manager.filter(pk__in=_shown(keys))}
            self._tell(f"{model._meta.verbose_name_plural} with a text that is not what they spell", keys, names)
        if repair and any(wrong.values()):
            self.stdout.write(f"{spelling.spell_anew()} texts are written anew.")
        return not any(wrong.values())

    def _check_index(self, repair: bool) -> bool:
        engine = chosen_engine()
        found, state = comparing.differences(), engine.state()
        for what, keys in (
            ("missing in the index", found.missing),
            ("in the index, but not shown in the shop", found.superfluous),
            ("in the index as they were once", found.differing),
        ):
            self._tell(what, keys, dict(Product.objects.filter(pk__in=_shown(keys)).values_list("pk", "sku")))
        waiting = SearchChange.objects.count()
        self.stdout.write(f"Search index ({engine.name}): {state.documents} products, {waiting} changes waiting.")
        if not found.all:
            self.stdout.write("It holds what the database says.")
        elif repair:
            comparing.repair(found)
            self.stdout.write(f"{len(found.all)} products are noted; the worker indexes them within seconds.")
        return not found.all

    def _tell(self, what: str, keys: Collection[UUID], names: Mapping[UUID, str]) -> None:
        if not keys:
            return
        self.stdout.write(f"{len(keys)} {what}:")
        for key in _shown(keys):
            self.stdout.write(f"  {key}  {names.get(key, '(not in the database)')}")
        if len(keys) > _SHOWN:
            self.stdout.write(f"  and {len(keys) - _SHOWN} more")


def _shown(keys: Collection[UUID]) -> list[UUID]:
    return sorted(keys)[:_SHOWN]
