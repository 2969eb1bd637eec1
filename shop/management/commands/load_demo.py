"""`manage.py load_demo`: a believable store to try everything on."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from shop.demo.loader import PICTURE_SIZE, load


class Command(BaseCommand):
    help = "Load the demo catalogue: categories, products and drawn pictures. Run again, it adds only what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--size", type=int, default=PICTURE_SIZE, help="side of the pictures in pixels (default %(default)s)"
        )

    def handle(self, *, size: int, verbosity: int, **options: object) -> None:
        loud = verbosity > 0 and self.stdout.isatty()
        report = load(size=size, progress=self._show) if loud else load(size=size)
        if verbosity > 0:
            self.stdout.write(
                f"Demo catalogue: {report.products} products, {report.pictures} pictures and "
                f"{report.categories} categories added."
                if report.products or report.pictures or report.categories
                else "Demo catalogue: complete, nothing to add."
            )

    def _show(self, done: int, total: int, name: str) -> None:
        bar = "#" * round(24 * done / total)
        self.stdout.write(f"\r  [{bar:<24}] {done}/{total} {name:<40.40}", ending="" if done < total else "\n")
        self.stdout.flush()
