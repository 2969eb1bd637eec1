"""Make the staff account of a new store."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.services import ensure_admin
from cryptons.errors import DomainError


class Command(BaseCommand):
    help = (
        "Make a superuser from ADMIN_EMAIL and ADMIN_PASSWORD where the store has none. "
        "Without ADMIN_PASSWORD a random one is made and shown this once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = ensure_admin(email=settings.ADMIN_EMAIL, password=settings.ADMIN_PASSWORD)
        except DomainError as error:
            raise CommandError(error.message) from error
        if made is None:
            self.stdout.write("There is a staff account already.")
        elif made.password:
            self.stdout.write(f"Staff account {made.email}, password {made.password} (shown this once, note it down)")
        else:
            self.stdout.write(f"Staff account {made.email}, with the password of ADMIN_PASSWORD")
