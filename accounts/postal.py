"""The postal address: one shape for the address book and for what an order is sent to."""

from django.db import models
from django_countries import countries

ADDRESS_FIELDS = ("full_name", "line1", "line2", "city", "region", "postal_code", "country", "phone")
"""The columns of a PostalAddress, in the order people write them."""


class PostalAddress(models.Model):
    """An address in any country; `country` is an ISO 3166-1 alpha-2 code."""

    full_name = models.CharField("full name", max_length=120)
    line1 = models.CharField("street and number", max_length=200)
    line2 = models.CharField("addition", max_length=200, blank=True)
    city = models.CharField(max_length=100)
    region = models.CharField("region or state", max_length=100, blank=True)
    postal_code = models.CharField("postal code", max_length=20)
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    def postal_lines(self) -> list[str]:
        """Return the address as the lines of an envelope, without empty ones."""
        town = " ".join(part for part in (self.postal_code, self.city) if part)
        lines = [self.full_name, self.line1, self.line2, town, self.region, self.country_name()]
        return [line for line in lines if line]

    def country_name(self) -> str:
        """Return the country's English name, or its code where the list of ISO 3166-1 no longer has it."""
        return countries.name(self.country) or self.country
