from typing import Any

from django.core.management.base import BaseCommand

from orders.services import sweep


class Command(BaseCommand):
    help = "Finish or undo what a crash left half done: pieces not returned, orders and payments out of step."

    def handle(self, *args: Any, **options: Any) -> None:
        report = sweep()
        if not report:
            self.stdout.write("There was nothing to put right.")
            return
        self.stdout.write(f"Pieces of {report.stock_returned} cancelled orders put back into stock.")
        self.stdout.write(f"{report.unpayable_cancelled} orders without a payment cancelled.")
        self.stdout.write(f"{report.brought_into_step} orders brought into step with their payments.")
        self.stdout.write(f"{report.addresses_made} missing payment addresses made.")
