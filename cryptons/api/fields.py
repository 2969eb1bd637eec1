"""Fields that take exactly what they are declared as: a number is no text and a text no number, unless a form or an address sent it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from rest_framework import serializers
from rest_framework.utils import html
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from cryptons import money
from cryptons.api.names import camel
from cryptons.api.showing import Plan, plan_of
from cryptons.errors import NotFound

LARGEST_INTEGER = 2**31 - 1
_WHOLE = re.compile(r"-?[0-9]{1,30}")
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
"""How numbers are spelled in an address or a form: Python would take `1_0` and other scripts' digits, too."""


def is_typed(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Return whether the value came as JSON, which has types; forms and addresses are all text."""
    root = field.root
    return not (getattr(root, "tolerant", False) or html.is_html_input(getattr(root, "initial_data", None)))


def _is_whole(data: object) -> bool:
    return isinstance(data, int) and not isinstance(data, bool)


def identifier(text: object) -> UUID:
    """Return the id that `text` spells in its usual form. Raises NotFound for anything else: a malformed id names nothing."""
    try:
        key = UUID(str(text))
    except ValueError:
        raise NotFound("There is no such thing.") from None
    if str(key) != str(text).lower():
        raise NotFound("There is no such thing.")
    return key


class _NoSurrogates(ProhibitSurrogateCharactersValidator):
    """Looks at each sign of a text only where there is something to tell of: where it cannot be written."""

    def __call__(self, value: Any) -> None:
        try:
            str(value).encode()
        except UnicodeEncodeError:
            super().__call__(value)


class Text(serializers.CharField):
    """A text; never a number that happens to look like one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        others = [one for one in self.validators if not isinstance(one, ProhibitSurrogateCharactersValidator)]
        self.validators = [*others, _NoSurrogates()]

    def to_internal_value(self, data: Any) -> str:
        """Return the text. Raises ValidationError."""
        if is_typed(self) and not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Secret(Text):
    """A password or token: not trimmed, never sent back."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "max_length": 1000, "write_only": True, **kwargs})


class Whole(serializers.IntegerField):
    """A whole number that every database can hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_value": LARGEST_INTEGER, "min_value": -LARGEST_INTEGER, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        """Return the number. Raises ValidationError."""
        if not (_is_whole(data) if is_typed(self) else _WHOLE.fullmatch(str(data))):
            self.fail("invalid")
        return super().to_internal_value(data)


class Number(serializers.DecimalField):
    """A number with a fraction, exact both ways."""

    def __init__(self, max_digits: int = 14, decimal_places: int = 3, **kwargs: Any) -> None:
        super().__init__(max_digits, decimal_places, **{"coerce_to_string": False, **kwargs})

    def to_internal_value(self, data: Any) -> Decimal:
        """Return the number. Raises ValidationError."""
        if not (_is_whole(data) or isinstance(data, Decimal) if is_typed(self) else _NUMBER.fullmatch(str(data))):
            self.fail("invalid")
        return super().to_internal_value(data)

    def to_representation(self, value: Any) -> Any:
        """Return the number with the digits it has."""
        return Decimal(value)


class Fiat(Number):
    """An amount in the store's currency, shown with that currency's places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"decimal_places": money.exponent(settings.CURRENCY), "min_value": Decimal(0), **kwargs})

    def to_representation(self, value: Any) -> Any:
        """Return the amount in the store's currency."""
        return money.fiat(value, settings.CURRENCY)


class Flag(serializers.BooleanField):
    """Yes or no."""

    def to_internal_value(self, data: Any) -> bool:
        """Return which. Raises ValidationError."""
        if is_typed(self) and not isinstance(data, bool):
            self.fail("invalid", input=data)
        return bool(super().to_internal_value(data))


class Choice(serializers.ChoiceField):
    """One of a few words."""

    def to_internal_value(self, data: Any) -> str:
        """Return the word. Raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return str(super().to_internal_value(data))


class Identifier(Text):
    """The id of something. One that is malformed names nothing: NotFound, as the contract has it."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the key, a UUID. Raises ValidationError where it is no text, NotFound where no id looks like it."""
        return identifier(super().to_internal_value(data))


class Moment(serializers.DateTimeField):
    """A moment in UTC, ISO 8601."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default_timezone": UTC, **kwargs})

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment. Raises ValidationError."""
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        return super().to_internal_value(value)

    def to_representation(self, value: datetime) -> str:
        """Return the moment as text; it knows its offset."""
        return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


class Shape(serializers.Serializer[Any]):
    """What is sent or answered: declared in snake_case, camelCase on the wire; a key it does not know is an error by name.

    `ignored` names keys that are dropped without a word; an `extensible` shape drops all that it does not know. `example` is one as it
    stands on the wire, and of the names in `any_of` one at least has to be there: both are for the API's description alone.
    """

    ignored: frozenset[str] = frozenset()
    extensible = False
    example: ClassVar[Mapping[str, Any] | None] = None
    any_of: ClassVar[Sequence[str]] = ()
    tolerant = False

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return the fields by the names they have on the wire."""
        return {_wired(name, field): field for name, field in super().get_fields().items()}

    def to_internal_value(self, data: Any) -> Any:
        """Return the values by the names they have inside. Raises ValidationError for unknown keys and wrong values."""
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping) and not (self.tolerant or self.extensible):
            errors = {str(key): ["This field is not known here."] for key in data if key not in self._taken}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**_tree(error.detail), **errors}) from error
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return what is shown of `instance`, an object or a dict, by the names on the wire."""
        return self._plan.shown(instance)

    def run_validators(self, value: Any) -> None:
        """Have what looks at the whole look at it, if there is anything. Raises ValidationError."""
        if self.validators:
            super().run_validators(value)

    @cached_property
    def _taken(self) -> frozenset[str]:
        return frozenset(name for name, field in self.fields.items() if not field.read_only) | self.ignored

    @cached_property
    def _plan(self) -> Plan:
        return plan_of(self.fields.values())


@cache
def _teller(shape: type[Shape]) -> Shape:
    return shape()


@cache
def _reader(shape: type[Shape], *, partial: bool) -> Shape:
    return shape(partial=partial)


def understood(shape: type[Shape], sent: Any, *, partial: bool = False) -> dict[str, Any]:
    """Return what was `sent` by the names of `shape`, read by fields that are made once for the process. Raises ValidationError."""
    if html.is_html_input(sent):
        reader = shape(data=sent, partial=partial)  # its fields look at what was sent to see that it is a form
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)
    return dict(_reader(shape, partial=partial).run_validation(sent))


def told(shape: type[Shape], thing: Any) -> dict[str, Any]:
    """Return `thing` as `shape` shows it. The shape's fields are made once for the process, so it may read nothing of a `context`."""
    return _teller(shape).to_representation(thing)


def told_all(shape: type[Shape], things: Iterable[Any]) -> list[dict[str, Any]]:
    """Return each of `things` as `shape` shows it."""
    return [_teller(shape).to_representation(thing) for thing in things]


@cache
def names_of(shape: type[Shape]) -> tuple[str, ...]:
    """Return the names of a shape's fields on the wire, in their order."""
    return tuple(shape().fields)


class Query(Shape):
    """What an address says after its question mark. Keys that mean nothing here are let be."""

    tolerant = True


def _tree(detail: Any) -> dict[str, Any]:
    return dict(detail) if isinstance(detail, Mapping) else {"non_field_errors": detail}


def _wired(name: str, field: Any) -> str:
    sent = camel(name)
    if sent != name and field.source is None:
        field.source = name
    return sent
