"""A folder as Celery's queue, for one machine: kombu's `filesystem` transport, with each file there whole or not at all.

Kombu 5.7 opens a message's file and fills it afterwards; a reader in between finds an empty file and takes the worker down. Here a file
gets its name when it is complete, and whoever removes it owns the message.
"""

import os
import uuid
from pathlib import Path
from queue import Empty
from time import monotonic_ns
from typing import Any

from kombu.transport.filesystem import Channel as FilesystemChannel
from kombu.transport.filesystem import Transport as FilesystemTransport
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads

_LONGEST_WAIT = 0.5


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` so that `path` is never seen half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".draft-{uuid.uuid4()}")
    draft.write_bytes(content)
    draft.replace(path)


class Channel(FilesystemChannel):
    """Puts and gets messages as files `<time>_<id>.<queue>.msg`; the oldest comes first."""

    def _put(self, *args: Any, **kwargs: Any) -> None:
        queue, payload = args  # kombu's own classes do not agree on their names
        name = f"{monotonic_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        write_whole(Path(self.data_folder_out) / name, str_to_bytes(dumps(payload)))

    def _get(self, queue: str, timeout: Any = None) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder) if folder.is_dir() else ()):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            try:
                content = (folder / name).read_bytes()
                (folder / name).unlink()
                return loads(bytes_to_str(content))
            except (FileNotFoundError, ValueError):
                continue  # another worker took it, or a power cut damaged it: the beat asks again
        raise Empty

    def get_table(self, exchange: str) -> list[Any]:
        """Return which queues `exchange` feeds."""
        try:
            return [exchange_queue_t(*entry) for entry in loads(self._exchange_file(exchange).read_text())]
        except (FileNotFoundError, ValueError):
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        table, entry = self.get_table(exchange), exchange_queue_t(routing_key or "", pattern or "", queue or "")
        if entry not in table:
            write_whole(self._exchange_file(exchange), str_to_bytes(dumps([entry, *table])))


class Transport(FilesystemTransport):
    """What `BROKER_URL=filesystem://` uses (`cryptons.celery` gives it that name)."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> Any:
        """Wait for a message for half a second at most: only in between a worker hears that it is to stop."""
        return super().drain_events(connection, timeout=min(timeout or _LONGEST_WAIT, _LONGEST_WAIT), **kwargs)
