"""The processes of a running store, started and stopped together through honcho."""

import shlex
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from honcho.manager import Manager

from cryptons.launcher.tether import TetheredProcess

PATIENCE = 20.0
"""Seconds for which a process may finish what it has begun, once it was asked to stop. Docker is told to wait longer than that."""


class Crew(Manager):
    """Runs commands until one of them ends or the crew is told to stop; then all of them end."""

    def __init__(self, when_started: Callable[[], None]) -> None:
        super().__init__()
        self._process_ctor = TetheredProcess
        self._when_started = when_started
        self._stop_wanted = False
        self._asked_at = 0.0
        self.fallen: list[str] = []

    def terminate(self) -> None:
        """Stop all; remember in `fallen` who had ended by itself before."""
        if not super()._all_started():
            # A signal in the first moments: honcho does not know every process yet, so stopping waits for it.
            self._stop_wanted = True
            return
        if not self._terminating:
            self.fallen = [name for name, process in self._processes.items() if "returncode" in process]
            self._asked_at = time.monotonic()
        super().terminate()

    def kill(self) -> None:
        """End those that do not end, once PATIENCE is over; honcho asks for it five seconds after the first has ended, and ever again.

        A worker on a busy machine takes longer than that to finish its tasks and to leave.
        """
        if time.monotonic() - self._asked_at >= PATIENCE:
            super().kill()

    def _all_started(self) -> bool:
        started = bool(super()._all_started())
        if started and self._stop_wanted and not self._terminating:
            self.terminate()
        return started

    def _start(self) -> None:
        super()._start()
        # A thread only after the forks: a forked copy of a lock that a thread held would never open again.
        threading.Thread(target=self._when_started, daemon=True).start()


def run(commands: Mapping[str, Sequence[str]], *, folder: Path, when_started: Callable[[], None]) -> str:
    """Run `commands` (name to command line) in `folder` until they end; call `when_started` in a thread beside them.

    Returns the name of the process that ended by itself, or nothing where the stop was asked for (SIGINT, SIGTERM).
    """
    crew = Crew(when_started)
    for name, command in commands.items():
        crew.add_process(name, f"exec {shlex.join(command)}", cwd=str(folder))
    crew.loop()
    sys.stdout.flush()
    return ", ".join(crew.fallen)
