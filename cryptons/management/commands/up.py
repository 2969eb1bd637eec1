"""`manage.py up`: the whole store on this machine, until Ctrl-C."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cryptons.launcher import LaunchError, commands, crew
from cryptons.launcher.greeting import greet_when_open
from cryptons.launcher.preflight import free_port, only_start, usable_folder
from cryptons.launcher.prepare import prepare


class Command(BaseCommand):
    help = (
        "Start web server, worker and (outside production) the sandbox together; prepare everything on the first start."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            usable_folder(settings.VAR_DIR)
            with only_start(settings.VAR_DIR):
                self._check_ports()
                prepare(self._say)
                fallen = crew.run(commands.all_commands(), folder=settings.BASE_DIR, when_started=self._greet)
        except LaunchError as error:
            sys.exit(f"cryptons: {error}")
        except KeyboardInterrupt:
            sys.exit("cryptons: stopped before it was open. Starting again goes on from here.")
        if fallen:
            sys.exit(
                f"cryptons: {fallen} stopped by itself, so the others were stopped too. Its last lines above say why."
            )
        self._say("Everything is stopped.")

    def _check_ports(self) -> None:
        free_port(settings.HOST, settings.PORT, "PORT")
        if settings.SANDBOX:
            free_port(settings.SANDBOX_HOST, settings.SANDBOX_PORT, "SANDBOX_PORT")
            free_port(settings.SANDBOX_HOST, settings.SANDBOX_WALLET_PORT, "SANDBOX_WALLET_PORT")

    def _greet(self) -> None:
        greet_when_open(self._say)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
