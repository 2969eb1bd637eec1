from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.services import recount_sales


class Command(BaseCommand):
    help = "Add up what was earned on every day anew and put wrong sums right; --check only looks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; end with 1 where a sum is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        found = recount_sales(repair=not options["check"])
        told = f"{found.days} days were added up: "
        if not found.wrong:
            self.stdout.write(f"{told}every sum is right.")
            return
        told += f"{len(found.wrong)} had wrong sums, the first of them {found.wrong[0]}"
        if options["check"]:
            raise CommandError(f"{told}. Nothing was changed; run it without --check to put them right.")
        self.stdout.write(f"{told}; all are right now.")
