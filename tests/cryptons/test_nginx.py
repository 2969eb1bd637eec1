"""The configuration of nginx that comes with the store says what the store says."""

import json
import re

import pytest
from django.conf import settings

from cryptons.api.envelope import plain_error

CONFIGURATION = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text(encoding="utf-8")
ANSWERS = dict(re.findall(r"return (\d{3}) '(.+)';", CONFIGURATION))


def test_it_answers_programs_where_the_store_does_not_see_the_request_or_is_away():
    assert sorted(ANSWERS) == ["413", "503"]


@pytest.mark.parametrize("status", sorted(ANSWERS))
def test_its_own_answers_are_those_of_the_api(status):
    assert json.loads(ANSWERS[status]) == json.loads(plain_error(int(status)).content)
