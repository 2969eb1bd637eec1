"""The parts of the store as the page of its health words them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.timesince import timesince

from cryptons import clock
from cryptons.dashboard.health import StoreHealth
from cryptons.outbox import Backlog
from cryptons.probing import Component


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, how it is, and its facts in words."""

    name: str
    component: Component
    lines: list[tuple[str, str]]


def parts_of(found: StoreHealth) -> Iterator[Part]:
    """Yield every part in words."""
    for name, component in found.components.items():
        lines = [(label.replace("_", " ").capitalize(), _words(value)) for label, value in component.facts.items()]
        yield Part(name.capitalize(), component, lines)


def _words(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, datetime):
        return f"{timesince(value, clock.now())} ago"
    if isinstance(value, Backlog):
        since = f", the oldest due for {timesince(value.oldest, clock.now())}" if value.oldest else ""
        failing = f", {value.failing} tried in vain" if value.failing else ""
        return f"{value.waiting} waiting{since}{failing}"
    return str(value)
