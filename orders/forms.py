"""The forms of the orders pages."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms

from accounts.models import Address, User
from accounts.postal import ADDRESS_FIELDS
from accounts.postal_form import PostalAddressForm
from accounts.selectors import addresses_of

NEW_ADDRESS = "new"


class CheckoutForm(PostalAddressForm):
    """All that a checkout asks: a guest's e-mail address, where to send the parcel, a note.

    Somebody signed in chooses a saved address instead, or types a new one, which can be kept.
    """

    autocomplete_section = "shipping"
    field_order = ("email", "saved_address", *PostalAddressForm.base_fields, "keep_address", "note")

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="The confirmation and the link to your order go there.",
        error_messages={"required": "Enter your e-mail address.", "invalid": "Enter an address like name@example.org."},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    saved_address = forms.ChoiceField()
    keep_address = forms.BooleanField(label="Keep this address in my account", required=False)
    note = forms.CharField(
        label="Note to the shop", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User | None) -> None:
        self.user = user
        self._saved = {str(address.pk): address for address in addresses_of(user=user)} if user else {}
        super().__init__(data, initial={"saved_address": next(iter(self._saved), NEW_ADDRESS)})
        if user:
            del self.fields["email"]
        else:
            del self.fields["keep_address"]
        if self._saved:
            book = [(key, ", ".join(address.postal_lines())) for key, address in self._saved.items()]
            self.fields["saved_address"] = _choice([*book, (NEW_ADDRESS, "A new address")])
        else:
            del self.fields["saved_address"]
        if self._chosen():
            for name in ADDRESS_FIELDS:
                self.fields[name].required = False

    @property
    def is_blank(self) -> bool:
        """Tell whether this is what every guest sees who has typed nothing yet."""
        return self is blank_checkout()

    def email_address(self) -> str:
        """Return the address the order's e-mails go to."""
        return self.user.email if self.user else str(self.cleaned_data["email"])

    def address(self) -> dict[str, str]:
        """Return the address to deliver to: the chosen one of the address book, or the one that was typed."""
        saved = self._chosen()
        if saved:
            return {name: getattr(saved, name) for name in ADDRESS_FIELDS}
        return super().address()

    @property
    def keeps_address(self) -> bool:
        """Tell whether the typed address goes into the address book."""
        return bool(self.cleaned_data.get("keep_address")) and self._chosen() is None

    def _chosen(self) -> Address | None:
        if not self.is_bound or not self._saved:
            return None
        return self._saved.get(str(self.data.get("saved_address", "")))

    def clean(self) -> dict[str, Any]:
        """Forgive what is wrong in the address fields where a saved address was chosen: it is not what the parcel goes to."""
        if self._chosen():
            for name in ADDRESS_FIELDS:
                self.errors.pop(name, None)
        return super().clean() or self.cleaned_data


@cache
def blank_checkout() -> CheckoutForm:
    """Return the form that a guest fills in: one for all, so that its fields are drawn once (`cryptons.templatetags.parts`)."""
    return CheckoutForm(user=None)


def _choice(choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Deliver to",
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where the parcel goes.", "invalid_choice": "Choose one of these."},
    )


class PasswordForm(forms.Form):
    """One password, for an account after the order."""

    password = forms.CharField(
        label="Choose a password",
        strip=False,
        max_length=128,
        help_text="At least 10 characters.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
