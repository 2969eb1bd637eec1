from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.services import recount_ratings


class Command(BaseCommand):
    help = "Count every product's stars and every review's votes anew and put wrong sums right; --check only looks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; end with 1 where a sum is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        found = recount_ratings(repair=not options["check"])
        wrong = found.products_wrong + found.reviews_wrong
        told = f"{found.products} products and {found.reviews} reviews were counted: "
        if not wrong:
            self.stdout.write(f"{told}every sum is right.")
            return
        told += (
            f"the ratings of {found.products_wrong} products and the votes of {found.reviews_wrong} reviews were wrong"
        )
        if options["check"]:
            raise CommandError(f"{told}. Nothing was changed; run it without --check to put them right.")
        self.stdout.write(f"{told}, and are right now.")
