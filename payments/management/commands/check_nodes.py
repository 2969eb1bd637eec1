"""Find out what keeps the store from being paid."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments.diagnosis import examine


class Command(BaseCommand):
    help = "Checks node, wallet, watcher and rate, and says what to do about what is wrong. Exits with 1 where anything is."

    def handle(self, *args: Any, **options: Any) -> None:
        troubles = 0
        for finding in examine():
            if finding.is_well:
                self.stdout.write(self.style.SUCCESS("ok       ") + finding.text)
                continue
            troubles += 1
            self.stdout.write(self.style.ERROR("trouble  ") + finding.text)
            self.stdout.write(f"         What to do: {finding.advice}")
        if troubles:
            things = "1 thing keeps" if troubles == 1 else f"{troubles} things keep"
            raise CommandError(f"{things} the store from being paid as it should.")
        self.stdout.write("The store can be paid.")
