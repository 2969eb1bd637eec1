"""Processes that never outlive the one that started them, however it ends (also by `kill -9`)."""

import ctypes
import os
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import Any

from honcho.process import Popen, Process

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(signum: int) -> None:
    """Have the kernel send `signum` to this process when its parent is gone (Linux `prctl`; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signum)


class TetheredPopen(Popen):
    """The leader of a session of its own, which is asked to stop when its starter is gone and whose children end with it."""

    def __init__(self, command: str, **kwargs: Any) -> None:
        super().__init__(command, preexec_fn=partial(die_with_parent, signal.SIGTERM), **kwargs)
        threading.Thread(target=self._end_session, daemon=True).start()

    def _end_session(self) -> None:
        # The leader stays a zombie while its number is used, so that the number cannot belong to anybody else by then.
        with suppress(ChildProcessError, ProcessLookupError):  # then nobody of the session is left
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
            os.killpg(self.pid, signal.SIGKILL)


class TetheredProcess(Process):
    """Honcho's relay for one command, tied to the launcher on one side and to the command on the other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._child_ctor = TetheredPopen

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Start the command, relay its lines and its end to `events`."""
        die_with_parent(signal.SIGKILL)
        super().run(events, ignore_signals)
