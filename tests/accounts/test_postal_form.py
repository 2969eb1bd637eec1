"""What the address fields accept, for the address book and the checkout alike."""

import pytest
from django.forms import Select
from django_countries import countries
from pytest_django.asserts import assertHTMLEqual

from accounts.forms import PostalAddressForm
from accounts.postal_form import clean_postal_address
from cryptons.errors import InvalidInput

GOOD = {
    "full_name": "Ada Example",
    "line1": "Long Lane 1",
    "line2": "",
    "postal_code": "10115",
    "city": "Berlin",
    "region": "",
    "country": "DE",
    "phone": "+49 30 1234567",
}


def test_it_returns_every_column_trimmed_and_the_country_in_capitals():
    messy = {**GOOD, "full_name": "  Ada   Example ", "country": "de", "unknown": "x"}
    assert clean_postal_address(messy) == GOOD


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("full_name", "", "Enter the name of the person who receives the parcel."),
        ("line1", "   ", "Enter the street and the house number."),
        ("country", "", "Choose a country."),
        ("country", "XX", "Choose a country from the list."),
        ("country", "Germany", "Choose a country from the list."),
        ("postal_code", "1" * 21, "Ensure this value has at most 20 characters (it has 21)."),
        ("city", "Ber\x00lin", "Null characters are not allowed."),
        ("phone", "call me", "Enter a phone number with digits, for example +49 30 123456."),
        ("phone", "12", "Enter a phone number with digits, for example +49 30 123456."),
    ],
)
def test_it_names_the_field_and_says_what_to_do(field, value, message):
    with pytest.raises(InvalidInput) as refusal:
        clean_postal_address({**GOOD, field: value})
    assert {"field": field, "message": message} in refusal.value.details
    assert {detail["field"] for detail in refusal.value.details} == {field}


@pytest.mark.parametrize("character", ["\n", "\t", "\r", "\x1b", "\u2028", "\u202e", "\u2066"])
def test_it_refuses_invisible_characters(character):
    with pytest.raises(InvalidInput) as refusal:
        clean_postal_address({**GOOD, "city": f"Ber{character}lin"})
    assert [detail["field"] for detail in refusal.value.details] == ["city"]


@pytest.mark.parametrize("name", ["Søren Ångström-O’Neill", "山田太郎", "محمد علی", "नमस्ते"])
def test_it_takes_names_of_the_world(name):
    assert clean_postal_address({**GOOD, "full_name": name})["full_name"] == name


def test_it_tells_the_browser_what_each_field_is_for():
    form = PostalAddressForm()
    assert {name: field.widget.attrs["autocomplete"] for name, field in form.fields.items()} == {
        "full_name": "name",
        "line1": "address-line1",
        "line2": "address-line2",
        "postal_code": "postal-code",
        "city": "address-level2",
        "region": "address-level1",
        "country": "country",
        "phone": "tel",
    }
    assert 'type="tel"' in str(form["phone"])
    assert '<option value="DE">Germany</option>' in str(form["country"])


def test_a_section_goes_before_each_token():
    class Shipping(PostalAddressForm):
        autocomplete_section = "shipping"

    assert 'autocomplete="shipping postal-code"' in str(Shipping()["postal_code"])
    assert 'autocomplete="postal-code"' in str(PostalAddressForm()["postal_code"])


@pytest.mark.parametrize("chosen", ["", "DE", "ZZ", None, '"><script>'])
def test_the_countries_are_the_element_that_django_draws(chosen):
    form = PostalAddressForm({**GOOD, "country": chosen})
    form.fields["country"].widget.attrs["data-note"] = 'a "b" <c>'
    ours = form["country"].as_widget()
    everybody = [("", "Choose a country"), *((code, name) for code, name in countries)]
    theirs = form["country"].as_widget(widget=Select(attrs=form.fields["country"].widget.attrs, choices=everybody))
    assertHTMLEqual(ours, theirs)


def test_a_choice_of_country_is_not_remembered_for_the_next_form():
    assert '<option value="DE" selected>' in str(PostalAddressForm({"country": "DE"})["country"])
    assert '<option value="DE">' in str(PostalAddressForm({"country": "FR"})["country"])
    assert " selected" not in str(PostalAddressForm({"country": "ZZ"})["country"])
