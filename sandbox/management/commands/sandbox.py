"""`manage.py sandbox`: run the play node until it is told to stop."""

import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sandbox.server import SandboxNode
from sandbox.store import StateError


class Command(BaseCommand):
    help = "Run a stand-in for a Bitcoin node (regtest, play money) and its wallet page."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.SANDBOX_HOST)
        parser.add_argument("--port", type=int, default=settings.SANDBOX_PORT, help="JSON-RPC (default %(default)s)")
        parser.add_argument("--wallet-port", type=int, default=settings.SANDBOX_WALLET_PORT, help="play wallet page")
        parser.add_argument("--state", type=Path, default=settings.VAR_DIR / "sandbox", help="where it keeps its chain")
        parser.add_argument(
            "--block-seconds",
            type=float,
            default=settings.SANDBOX_BLOCK_SECONDS,
            help="mine a block so often, 0 only when asked (default %(default)s)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The sandbox makes play money and does not start with production settings.")
        node = SandboxNode(
            state_dir=options["state"],
            host=options["host"],
            port=options["port"],
            block_seconds=options["block_seconds"],
            wallet_port=options["wallet_port"],
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: node.stopping.set())
        self._start(node)
        try:
            self.stdout.write(
                f"Sandbox node on {node.url} (user and password: sandbox), play wallet on {node.wallet_url}"
            )
            node.stopping.wait()
        finally:
            node.stop()
        self.stdout.write("Sandbox stopped.")

    def _start(self, node: SandboxNode) -> None:
        try:
            node.start()
        except StateError as error:
            raise CommandError(f"The sandbox does not start: {error}. Set VAR_DIR or --state.") from error
        except OSError as error:
            ports = f"{node.port} and {node.wallet_port}"
            advice = "Set SANDBOX_PORT and SANDBOX_WALLET_PORT to free ports, or stop what listens there."
            text = f"The sandbox cannot listen on {node.host}, ports {ports} ({error.strerror}). {advice}"
            raise CommandError(text) from error
