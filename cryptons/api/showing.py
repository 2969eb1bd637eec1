"""How a shape shows things: which of its fields says what is worked out once, and not for each thing that is shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

from rest_framework.fields import SkipField, empty

_Field = Any
_Step = tuple[str, Callable[[Any], Any], Callable[[Any], Any]]
"""The name on the wire, what reads the value of a thing, and what says that value."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do for each field, for objects and for dicts. Holds nothing of what is shown: any number of threads share one."""

    of_object: tuple[_Step, ...]
    of_dict: tuple[_Step, ...]

    def shown(self, thing: Any) -> dict[str, Any]:
        """Return what is shown of `thing`, an object or a dict, by the names on the wire; None stays None.

        Raises AttributeError or KeyError where it lacks what a field wants: only fields with a default, or not `required`, may lack it.
        """
        told: dict[str, Any] = {}
        for name, read, say in self.of_dict if isinstance(thing, dict) else self.of_object:
            try:
                value = read(thing)
            except SkipField:
                continue
            told[name] = None if value is None else say(value)
        return told


def plan_of(fields: Iterable[_Field]) -> Plan:
    """Return how a serializer with these `fields` shows things; those that are only written are left out."""
    shown = [field for field in fields if not field.write_only]
    return Plan(
        tuple((field.field_name, _reader(field, attrgetter), field.to_representation) for field in shown),
        tuple((field.field_name, _reader(field, itemgetter), field.to_representation) for field in shown),
    )


def _reader(field: _Field, getter: Callable[[str], Callable[[Any], Any]]) -> Callable[[Any], Any]:
    if field.source == "*":
        return _itself
    is_plain = len(field.source_attrs) == 1 and field.default is empty and (field.required or field.read_only)
    return getter(field.source) if is_plain else field.get_attribute


def _itself(thing: Any) -> Any:
    return thing
