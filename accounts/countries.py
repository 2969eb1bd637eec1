"""The countries of ISO 3166-1, as a form chooses one of them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django_countries import countries


class CountrySelect(forms.Select):
    """A choice among all countries. It is written the same for everybody but for which one is chosen.

    Django would draw each of the 250 options as a template of its own, which took four fifths of the whole checkout page.
    """

    def use_required_attribute(self, initial: Any) -> bool:
        """Return True: the first option is the empty one, so a browser can tell that nothing was chosen."""
        return True

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Return the element, with the country of the code `value` chosen, or nothing where there is no such country."""
        given = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        options = _options_in(get_language())
        return format_html("<select{}>{}</select>", flatatt(given), _with_chosen(options, self.format_value(value)))


class CountryField(forms.ChoiceField):
    """An ISO 3166-1 alpha-2 code, in either case."""

    widget = CountrySelect

    def to_python(self, value: Any) -> str:
        """Return `value` in capital letters."""
        return str(super().to_python(value)).strip().upper()

    def valid_value(self, value: str) -> bool:
        """Return whether there is such a country."""
        return value in _codes()


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code, _name in countries)


@cache
def _options_in(language: str | None) -> SafeString:
    """Return the empty option and all countries, sorted by their names, which are in the `language` that is active."""
    names = [("", "Choose a country"), *((code, name) for code, name in countries)]
    return format_html_join("", '<option value="{}">{}</option>', names)


def _with_chosen(options: SafeString, values: list[str]) -> SafeString:
    chosen = next(iter(values), "")
    if chosen and chosen not in _codes():
        return options
    return mark_safe(options.replace(f'value="{chosen}"', f'value="{chosen}" selected', 1))  # noqa: S308  (a known code)
