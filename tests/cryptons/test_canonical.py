"""Sender and receiver sign the same bytes, however the message was spelled on its way."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptons.canonical import DuplicateKey, members_of, spelled

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def forms(text):
    return [form.decode() for form in spelled(members_of(text.encode())).forms()]


@given(st.dictionaries(texts, values, max_size=5), st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_any_spelling_of_a_message_has_the_senders_canonical_form(body, escaped, indent):
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    sent = json.dumps(body, ensure_ascii=escaped, indent=indent)
    assert canonical in forms(sent)


@given(st.dictionaries(texts, values, max_size=5))
def test_a_sender_who_escapes_what_it_signs_is_understood_too(body):
    canonical = json.dumps({"data": body}, sort_keys=True, separators=(",", ":"))
    assert canonical in forms(json.dumps({"data": body}, indent=2))


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", fullmatch=True))
def test_a_number_stays_as_it_was_spelled(number):
    assert forms(f'{{"b": [ {number} ], "a": {number}}}') == [f'{{"a":{number},"b":[{number}]}}']


def test_what_needs_escaping_stays_escaped_and_all_else_is_itself():
    assert forms(r'{"a": {"\u00e9\/": "\u0000\n\u0041"}}') == [
        r'{"a":{"é/":"\u0000\nA"}}',
        r'{"a":{"\u00e9\/":"\u0000\n\u0041"}}',
    ]


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', '{"x":[{"a":1,"\\u0061":2}]}'])
def test_a_key_that_comes_twice_is_refused(text):
    with pytest.raises(DuplicateKey):
        members_of(text.encode())


@pytest.mark.parametrize("text", ["[]", "1", '"a"', "null", "{}"])
def test_what_is_no_object_has_no_members(text):
    assert members_of(text.encode()) == {}
