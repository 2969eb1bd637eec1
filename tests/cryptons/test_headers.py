"""What every answer tells a browser it may do with it."""

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD, ProductFactory, StaffFactory

pytestmark = pytest.mark.django_db
CSP = "Content-Security-Policy"
NOTHING = "default-src 'none'; frame-ancestors 'none'"


def policy_of(response):
    parts = (part.partition(" ") for part in response[CSP].split("; "))
    return {name: sources for name, _, sources in parts}


@pytest.fixture
def staff(client):
    member = StaffFactory()
    client.login(username=member.email, password=PASSWORD)
    return member


@pytest.fixture
def lenient():
    return Client(raise_request_exception=False)


@pytest.fixture
def broken(monkeypatch):
    def crash(request):
        raise RuntimeError("a crash")

    monkeypatch.setattr("cryptons.health.import_string", crash)


def check_page(response):
    policy = policy_of(response)
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
    assert (policy["frame-ancestors"], policy["base-uri"], policy["form-action"]) == ("'none'", "'none'", "'self'")
    assert "unsafe" not in response[CSP]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/", "/products/", "/cart/", "/account/sign-in/", "/healthz", "/nothing/here"])
def test_a_page_loads_from_this_server_only_and_stands_in_no_frame(client, path):
    check_page(client.get(path))


def test_the_admin_has_a_policy_of_its_own(client, staff):
    for path in ("/admin/", "/admin/shop/product/", "/admin/shop/product/add/", "/admin/nothing/"):
        response = client.get(path)
        check_page(response)
        assert policy_of(response)["img-src"] == "'self'"
    check_page(Client().get("/admin/login/"))


def test_error_pages_and_redirects_carry_it_too(lenient, broken):
    check_page(lenient.get("/readyz"))
    assert lenient.get("/readyz").status_code == 500
    for response in (
        lenient.get("/", headers={"host": "elsewhere.example"}),
        lenient.get("/orders/"),
        Client(enforce_csrf_checks=True).post("/account/sign-in/", {}),
    ):
        assert response.status_code in {302, 400, 403}
        check_page(response)


@pytest.mark.parametrize("visitor", ["stranger", "member"])
def test_a_page_from_the_cache_carries_the_same(client, settings, visitor, request):
    settings.PAGE_CACHE_SECONDS = 60
    ProductFactory(slug="mug")
    if visitor == "member":
        request.getfixturevalue("staff")
    first, second = client.get("/p/mug/"), client.get("/p/mug/")
    for response in (first, second):
        check_page(response)
    assert first.headers.keys() == second.headers.keys()


def test_what_fails_around_a_page_carries_it_too(lenient, monkeypatch):
    def crash(path):
        raise RuntimeError("a crash")

    monkeypatch.setattr("cryptons.api.middleware.is_api", crash)
    response = lenient.get("/healthz")
    assert response.status_code == 500
    check_page(response)


@pytest.mark.parametrize("path", ["/api/products", "/api/nothing", "/api/auth/profile", "/api"])
def test_an_answer_of_the_api_runs_nothing(client, path):
    response = client.get(path)
    assert response[CSP] == NOTHING
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_an_api_answer_that_the_envelope_was_put_around_has_them_too(lenient):
    response = lenient.get("/api/products", headers={"host": "elsewhere.example"})
    assert (response.status_code, response[CSP]) == (400, NOTHING)
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_was_uploaded_is_shut_in(client, settings, tmp_path):
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    drawing = settings.MEDIA_ROOT / "drawing.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    response = client.get("/media/drawing.svg")
    assert response.status_code == 200
    assert policy_of(response) == {
        "default-src": "'none'",
        "frame-ancestors": "'none'",
        "img-src": "'self'",
        "sandbox": "",
    }
    assert response["X-Content-Type-Options"] == "nosniff"
    # Other stores' pages and apps show the product's pictures.
    assert not response.has_header("Cross-Origin-Resource-Policy")


def test_no_page_of_another_origin_may_read_static_files(client):
    response = client.get("/static/css/base.css")
    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.has_header("Access-Control-Allow-Origin")


def test_the_policy_is_written_alike_by_every_process():
    parts = Client().get("/healthz")[CSP].split("; ")
    assert parts == sorted(parts)


def test_every_template_keeps_to_it(settings):
    """Nothing inline: no style, no script but data, no handler in an attribute, no address that is a script."""
    wrong = re.compile(
        r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on|<script(?![^>]*\s(src|type=.application/ld\+json))"
    )
    templates = settings.BASE_DIR / "templates"
    found = [
        f"{path.relative_to(templates)}: {match[0]}"
        for path in templates.rglob("*.html")
        if "email" not in path.parts
        for match in wrong.finditer(path.read_text())
    ]
    assert found == []


def test_no_script_reads_a_cookie_and_in_production_it_goes_by_https_only(client, settings):
    settings.CSRF_COOKIE_SECURE = True  # tests/cryptons/test_settings.py: production does this
    client.get("/account/sign-in/")
    cookie = client.cookies["csrftoken"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")


@pytest.mark.parametrize("path", ["/", "/api/products", "/api/nothing", "/static/css/base.css"])
def test_by_https_browsers_are_told_to_stay_with_it(settings, path):
    settings.PAGE_CACHE_SECONDS = 60
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    browser = Client()
    for _ in range(2):
        assert browser.get(path, secure=True)["Strict-Transport-Security"].startswith(
            "max-age=31536000; includeSubDomains"
        )
        assert not browser.get(path).has_header("Strict-Transport-Security")
