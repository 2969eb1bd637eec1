"""The forms of the accounts pages."""

from accounts.postal_form import PostalAddressForm

__all__ = ["PostalAddressForm"]
