"""The postal address as a form: the address book and the checkout use the same fields and the same rules."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.countries import CountryField, CountrySelect
from accounts.models import Address
from accounts.postal import ADDRESS_FIELDS, PostalAddress
from accounts.text import validate_line
from cryptons.errors import InvalidInput

_PHONE = re.compile(r"\+?[0-9 ()./-]+(?:(?:ext|x|#)\.? ?[0-9]+)?", re.IGNORECASE)


def validate_phone(value: str) -> None:
    """Refuse what nobody could dial. Raises ValidationError."""
    if not _PHONE.fullmatch(value) or not 5 <= sum(character.isdigit() for character in value) <= 20:
        raise ValidationError("Enter a phone number with digits, for example +49 30 123456.", code="phone")


class LineField(forms.CharField):
    """One line of text: trimmed, several spaces made one, without invisible characters."""

    default_validators = [validate_line]

    def to_python(self, value: Any) -> str:
        """Return `value` without spaces around it and with single spaces within."""
        return re.sub(r" {2,}", " ", str(super().to_python(value) or ""))


class PhoneField(LineField):
    """A phone number as people write it; may stay empty."""

    default_validators = [*LineField.default_validators, validate_phone]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
        super().__init__(label="Phone", required=False, widget=widget, **kwargs)


def _line(name: str, label: str, autocomplete: str, missing: str = "", **attrs: str) -> LineField:
    """Return the field for the column `name` of PostalAddress, with the limit of that column."""
    column = getattr(PostalAddress, name).field
    return LineField(
        label=label,
        max_length=column.max_length,
        required=not column.blank,
        error_messages={"required": missing} if missing else None,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete, **attrs}),
    )


class PostalAddressForm(forms.Form):
    """The address fields. A form that has more (the checkout) inherits from this one.

    `autocomplete_section` goes before every autocomplete token: "shipping" where a page also asks for another address.
    """

    autocomplete_section = ""

    full_name = _line("full_name", "Full name", "name", "Enter the name of the person who receives the parcel.")
    line1 = _line("line1", "Street and number", "address-line1", "Enter the street and the house number.")
    line2 = _line("line2", "Apartment, company, c/o", "address-line2")
    postal_code = _line(
        "postal_code", "Postal code", "postal-code", "Enter the postal code.", autocapitalize="characters"
    )
    city = _line("city", "City", "address-level2", "Enter the city.")
    region = _line("region", "Region or state", "address-level1")
    country = CountryField(
        label="Country",
        error_messages={"required": "Choose a country.", "invalid_choice": "Choose a country from the list."},
        widget=CountrySelect(attrs={"autocomplete": "country"}),
    )
    phone = PhoneField(max_length=PostalAddress.phone.field.max_length, help_text="For the carrier only.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.autocomplete_section:
            for name in ADDRESS_FIELDS:
                attrs = self.fields[name].widget.attrs
                attrs["autocomplete"] = f"{self.autocomplete_section} {attrs['autocomplete']}"

    def address(self) -> dict[str, str]:
        """Return the valid address by column name, each of ADDRESS_FIELDS present."""
        return {name: self.cleaned_data[name] for name in ADDRESS_FIELDS}


class AddressForm(PostalAddressForm):
    """An entry of the address book: the address, what its owner calls it, and whether it comes first."""

    label = LineField(
        label="Name of this address",
        help_text="For yourself, for example Home or Office.",
        required=False,
        max_length=Address.label.field.max_length,
    )
    make_default = forms.BooleanField(label="Use this address first", required=False)


def details_of(form: forms.BaseForm) -> list[dict[str, str]]:
    """Return what is wrong with a form as `{"field": …, "message": …}`, one entry a message."""
    return [
        {"field": "" if name == "__all__" else name, "message": str(message)}
        for name, messages in form.errors.items()
        for message in messages
    ]


def clean_postal_address(data: Mapping[str, Any]) -> dict[str, str]:
    """Return `data` as an address that may be stored: each of ADDRESS_FIELDS, trimmed, the country in capitals.

    Raises InvalidInput with one detail for each wrong field.
    """
    values, details = {}, []
    for name, field in PostalAddressForm.base_fields.items():
        try:
            values[name] = field.clean(data.get(name) or "")
        except ValidationError as error:
            details += [{"field": name, "message": message} for message in error.messages]
    if details:
        raise InvalidInput("The address is not complete.", details=details)
    return {name: values[name] for name in ADDRESS_FIELDS}


def clean_label(label: str) -> str:
    """Return what an address is called, trimmed. Raises InvalidInput naming the field."""
    try:
        return str(AddressForm.base_fields["label"].clean(label))
    except ValidationError as error:
        details = [{"field": "label", "message": message} for message in error.messages]
        raise InvalidInput("The address is not complete.", details=details) from error
