"""Ways in which a node can fail, for tests: set them on `SandboxNode.faults`."""

from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple


class Fault(NamedTuple):
    """One way to fail: wait `seconds` first, then do what `kind` says."""

    kind: str
    seconds: float = 0.0
    text: str = ""


@dataclass
class Faults:
    """The faults of the next requests. Each is used up by one request, or stays until `clear` if `times` is None."""

    _queue: list[list[object]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def slow(self, seconds: float, *, times: int | None = None) -> None:
        """Answer rightly, but only after `seconds`."""
        self._add(Fault("none", seconds), times)

    def busy(self, *, times: int | None = None) -> None:
        """Refuse with 503 `Work queue depth exceeded`."""
        self._add(Fault("busy"), times)

    def warming_up(self, message: str = "Loading block index…", *, times: int | None = None) -> None:
        """Answer -28, as a node that is starting."""
        self._add(Fault("warmup", text=message), times)

    def unauthorized(self, *, times: int | None = None) -> None:
        """Answer 401 with an empty body."""
        self._add(Fault("unauthorized"), times)

    def hang_up(self, *, times: int | None = None) -> None:
        """Close the connection instead of doing anything."""
        self._add(Fault("hang_up"), times)

    def hang_up_after(self, *, times: int | None = None) -> None:
        """Do what was asked, then close the connection without answering."""
        self._add(Fault("hang_up_after"), times)

    def garbage(self, text: str = "<html>proxy error</html>", *, times: int | None = None) -> None:
        """Answer 200 with something that is not JSON."""
        self._add(Fault("garbage", text=text), times)

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._queue.clear()

    def next(self) -> Fault | None:
        """Give the fault for the request at hand, None for none."""
        with self._lock:
            if not self._queue:
                return None
            first = self._queue[0]
            fault, left = first
            if isinstance(left, int):
                first[1] = left - 1
                if left <= 1:
                    self._queue.pop(0)
            return fault if isinstance(fault, Fault) else None

    def _add(self, fault: Fault, times: int | None) -> None:
        with self._lock:
            self._queue.append([fault, times])
