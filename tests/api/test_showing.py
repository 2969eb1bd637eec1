"""How shapes show things: the same from objects and dicts, with fields that are made once."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from rest_framework.serializers import SerializerMethodField

from cryptons.api.fields import Secret, Shape, Text, Whole, told, told_all


class Inner(Shape):
    city_name = Text()


class Outer(Shape):
    made = 0

    a_number = Whole(source="count")
    inner = Inner(allow_null=True)
    many = Inner(many=True)
    same = Inner(source="*")
    added = SerializerMethodField()
    left_out = Text(required=False)
    usual = Text(default="as usual")
    password = Secret(required=False)

    def get_fields(self):
        Outer.made += 1
        return super().get_fields()

    def get_added(self, thing):
        return "added"


def _thing(city):
    one = {"city_name": city}
    return {"count": 3, "inner": one, "many": [one, SimpleNamespace(**one)], **one, "password": "secret"}


def _shown(city):
    one = {"cityName": city}
    return {
        "aNumber": 3,
        "inner": one,
        "many": [one, one],
        "same": one,
        "added": "added",
        "usual": "as usual",
    }


def test_a_dict_and_an_object_are_shown_alike():
    assert told(Outer, _thing("Lisbon")) == told(Outer, SimpleNamespace(**_thing("Lisbon"))) == _shown("Lisbon")


def test_what_is_none_is_shown_as_null():
    assert told(Outer, {**_thing("Lisbon"), "inner": None})["inner"] is None


def test_a_thing_that_lacks_what_has_to_be_there_is_not_shown():
    with pytest.raises(KeyError):
        told(Outer, {})
    with pytest.raises(AttributeError):
        told(Outer, SimpleNamespace())


def test_fields_are_made_once_however_much_is_shown():
    told(Outer, _thing("Lisbon"))
    before = Outer.made
    assert told_all(Outer, [_thing("Lisbon"), _thing("Porto")]) == [_shown("Lisbon"), _shown("Porto")]
    assert Outer.made == before


def test_threads_that_show_at_once_do_not_mix_what_they_show():
    cities = [f"city {number}" for number in range(200)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda city: told(Outer, _thing(city)), cities)) == [_shown(city) for city in cities]
