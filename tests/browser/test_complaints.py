"""What every page says when an answer does not come."""

import pytest

from cryptons.settings import BASE_DIR

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("trouble", ["htmx:sendError", "htmx:responseError"])
def test_what_somebody_asked_for_is_complained_of_and_what_the_page_asks_by_itself_is_not(phone, trouble):
    page = phone.new_page()
    page.set_content(
        '<div id="messages"></div><p id="announcer"></p>'
        '<div data-live-part id="part"><form id="form"><button>Cancel</button></form></div>'
    )
    page.add_script_tag(path=BASE_DIR / "static/js/app.js")
    page.dispatch_event("#part", trouble)
    assert page.inner_text("#messages") == ""
    page.dispatch_event("#form", trouble)
    assert "try again" in page.inner_text("#messages")
