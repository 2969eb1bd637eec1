"""What people say about themselves."""

from collections.abc import Mapping

from django import forms

from accounts.models import User
from accounts.postal_form import LineField, PhoneField, details_of
from cryptons.errors import InvalidInput


def _name(column: str, label: str, autocomplete: str) -> LineField:
    return LineField(
        label=label,
        required=False,
        max_length=getattr(User, column).field.max_length,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
    )


class ProfileForm(forms.Form):
    """Names and phone number; all may stay empty."""

    first_name = _name("first_name", "First name", "given-name")
    last_name = _name("last_name", "Last name", "family-name")
    phone = PhoneField(max_length=User.phone.field.max_length)


def clean_profile(data: Mapping[str, str]) -> dict[str, str]:
    """Return names and phone number as they may be stored. Raises InvalidInput with one detail for each wrong field."""
    form = ProfileForm(data=dict(data))
    if not form.is_valid():
        raise InvalidInput("The profile could not be stored.", details=details_of(form))
    return dict(form.cleaned_data)
