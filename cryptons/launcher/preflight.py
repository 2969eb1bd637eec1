"""What has to be true before anything is started. Each failure is one line that names its setting."""

import errno
import fcntl
import os
import socket
import tempfile
from pathlib import Path
from typing import IO

from cryptons.launcher import LaunchError


def usable_folder(folder: Path) -> None:
    """Make `folder` and write to it. Raises LaunchError where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise LaunchError(
            f"VAR_DIR: {folder} cannot be written to ({error.strerror}). Make it writable, or name another folder: VAR_DIR=/path."
        ) from error


def only_start(folder: Path) -> IO[str]:
    """Return the open lock file of `folder`; the lock holds until it is closed or the process is gone.

    Raises LaunchError where a store already runs on this folder: two would answer each other's messages.
    """
    lock = (folder / "up.lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise LaunchError(
            f"VAR_DIR: a store already runs with {folder}. Stop it first, or name another folder: VAR_DIR=/path."
        ) from error
    return lock


def free_port(host: str, port: int, setting: str) -> None:
    """Make sure that `host`:`port` can be listened on. Raises LaunchError that names `setting`, the port's variable."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise LaunchError(_why_not(host, port, setting, error)) from error


def _why_not(host: str, port: int, setting: str, error: OSError) -> str:
    host_setting = "HOST" if setting == "PORT" else "SANDBOX_HOST"
    if error.errno == errno.EADDRINUSE:
        return f"{setting}: {port} on {host} is taken by another program. Stop that one, or choose another port: {setting}={port + 1}."
    if error.errno == errno.EACCES:
        return f"{setting}: {port} is not open to this user ({os.strerror(errno.EACCES)}). Choose one above 1023: {setting}=8000."
    return f"{host_setting}: this machine cannot listen on {host} ({error.strerror}). Give an address of this machine, such as 127.0.0.1."
