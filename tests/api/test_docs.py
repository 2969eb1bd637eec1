"""The page that shows the description."""

from django.test import Client


def test_the_page_is_html_from_our_own_server_alone(db):
    page = Client().get("/api/docs")
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert 'data-schema="/api/schema"' in page.text
    assert "//" not in page.text.replace("<!DOCTYPE", "")
    assert "<script>" not in page.text
    assert " style=" not in page.text


def test_whatever_it_refuses_it_refuses_in_the_envelope(api):
    answer = api.post("/docs", {})
    assert (answer.status, answer.code, answer.headers["Allow"]) == (405, "METHOD_NOT_ALLOWED", "GET, HEAD")
    assert api.get("/docs/").code == "NOT_FOUND"
