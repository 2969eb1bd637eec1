"""What the payment page's script does when an answer is not what it expects."""

import pytest

from cryptons.settings import BASE_DIR

pytestmark = pytest.mark.browser


def test_an_answer_without_a_state_does_not_end_the_script(phone):
    page = phone.new_page()
    troubles = []
    page.on("pageerror", lambda error: troubles.append(error.message))
    page.set_content(
        '<section data-pay><p data-pay-announce></p><p data-pay-offline hidden></p><a id="link" href="#">Link</a></section>'
    )
    page.add_script_tag(path=BASE_DIR / "static/js/payment.js")
    for event in ("htmx:beforeSwap", "htmx:afterSwap", "htmx:afterSettle"):
        page.dispatch_event("[data-pay]", event)
    assert troubles == []


def test_a_headline_that_is_gone_takes_no_focus(phone):
    page = phone.new_page()
    troubles = []
    page.on("pageerror", lambda error: troubles.append(error.message))
    page.set_content(
        "<section data-pay><p data-pay-announce></p><p data-pay-offline hidden></p>"
        '<div id="pay-state" data-headline="Paid"><h2 id="pay-headline">Paid</h2><a id="link" href="#">Link</a></div></section>'
    )
    page.add_script_tag(path=BASE_DIR / "static/js/payment.js")
    page.focus("#link")
    page.dispatch_event("[data-pay]", "htmx:beforeSwap")
    page.evaluate("document.getElementById('pay-state').remove()")
    page.dispatch_event("[data-pay]", "htmx:afterSwap")
    page.dispatch_event("[data-pay]", "htmx:afterSettle")
    assert troubles == []
