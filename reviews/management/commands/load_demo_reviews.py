"""`manage.py load_demo_reviews`: what people say of the demo catalogue."""

from django.core.management.base import BaseCommand

from reviews.demo.loader import load


class Command(BaseCommand):
    help = "Load reviews of the demo catalogue, after load_demo. Run again, it adds only what is missing."

    def handle(self, *, verbosity: int, **options: object) -> None:
        added = load()
        if verbosity > 0:
            self.stdout.write(f"Demo reviews: {added} added." if added else "Demo reviews: complete, nothing to add.")
