"""Where a request may ask to be sent next."""

import pytest
from django.test import RequestFactory

from cryptons.redirects import local_url


@pytest.mark.parametrize("candidate", ["/", "/cart/", "/orders/AB/?key=x#pay", "/p/tea?q=//x"])
def test_a_path_of_this_store_is_kept(candidate):
    assert local_url(RequestFactory().get("/"), candidate, "/else/") == candidate


@pytest.mark.parametrize(
    "candidate",
    [
        None,
        "",
        "home",
        "shop:home",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "http://testserver.evil.example/",
        "javascript:alert(1)",
        " /\x00/evil.example",
        "\t//evil.example",
    ],
)
def test_anything_else_is_not(candidate):
    assert local_url(RequestFactory().get("/"), candidate, "/else/") == "/else/"
