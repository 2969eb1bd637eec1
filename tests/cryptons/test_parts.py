"""A part of a page is drawn once for the same things, and anew for others."""

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString

from cryptons.templatetags import parts
from cryptons.templatetags.parts import drawn, remembered
from tests.factories import CategoryFactory, ProductFactory


def count_drawings(monkeypatch):
    drawings = []
    render = parts.render_to_string
    monkeypatch.setattr(parts, "render_to_string", lambda *given: drawings.append(given) or render(*given))
    return drawings


def test_the_same_is_drawn_once_and_another_anew(monkeypatch):
    drawings = count_drawings(monkeypatch)
    pages = [drawn("includes/breadcrumbs.html", crumbs=(("All", "/"), (name, ""))) for name in ("Mug", "Mug", "Bowl")]
    assert pages[0] == pages[1]
    assert "Mug" in pages[0]
    assert "Bowl" in pages[2]
    assert len(drawings) == 2


def test_with_debug_each_is_drawn_anew_so_that_an_edited_template_is_seen(monkeypatch, settings):
    settings.DEBUG = True
    drawings = count_drawings(monkeypatch)
    for _ in range(2):
        drawn("includes/breadcrumbs.html", crumbs=(("All", "/"), ("Mug", "")))
    assert len(drawings) == 2


def test_what_is_safe_to_write_is_not_taken_for_what_is_not():
    safe = drawn("shop/_added.html", message=SafeString("<b>"), ok=True, pieces=1)
    assert "<b>" in safe
    assert "&lt;b&gt;" in drawn("shop/_added.html", message="<b>", ok=True, pieces=1)


def test_numbers_that_are_equal_and_look_different_are_drawn_apart():
    assert ">1</span>" in drawn("includes/cart_link.html", pieces=1)
    assert ">True</span>" in drawn("includes/cart_link.html", pieces=True)


def test_a_part_knows_nothing_but_what_it_is_given():
    page = Template('{% load parts %}{% part "shop/_added.html" ok=True pieces=2 %}')
    assert "secret" not in page.render(Context({"message": "secret"}))


def test_it_refuses_what_may_change_while_it_is_remembered():
    with pytest.raises(TypeError):
        drawn("includes/breadcrumbs.html", crumbs=[("Mug", "")])


def test_what_a_visitor_typed_is_shown_and_not_remembered():
    remembered.clear()
    assert 'value="a mug"' in drawn("includes/header_search.html", site_name="Shop", typed="a mug")
    assert remembered.size == 0
    assert 'value=""' in drawn("includes/header_search.html", site_name="Shop", typed="")
    assert remembered.size > 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["q=mug {0}", "q=no-such-thing-{0}", "min={0}", "max=9{0}", "min=cheap {0}", "sort=name&max={0} or so"]
)
def test_no_number_of_searches_pushes_out_what_everybody_sees(client, settings, typed):
    settings.PAGE_CACHE_SECONDS = 0
    for price in (5, 10, 200):
        ProductFactory(name=f"Mug of {price}", price=price)
    remembered.clear()
    for address in ("/products/", "/products/?sort=name", "/products/?sort=price"):
        client.get(address)
    size = remembered.size
    for number in range(3):
        page = client.get(f"/products/?{typed.format(number)}").content.decode()
        assert f'value="{typed.format(number).rpartition("=")[2]}"' in page
    assert remembered.size == size > 0


@pytest.mark.django_db(transaction=True)
def test_what_a_part_shows_is_another_the_moment_it_is_changed(client, settings):
    settings.PAGE_CACHE_SECONDS = 0
    product = ProductFactory(name="Mug", slug="mug", category=CategoryFactory(name="Cups", slug="cups"))
    put = {"product": str(product.pk), "quantity": 3}
    client.post("/cart/add/", put, headers={"Sec-Fetch-Site": "same-origin"})
    assert ">Cups</a>" in client.get("/").content.decode()
    product.category.name = "Vessels"
    product.category.save()
    for address in ("/", "/products/", "/p/mug/", "/cart/"):
        page = client.get(address).content.decode()
        assert ">Vessels</a>" in page
        assert "Cups" not in page
        assert '<span class="count">3</span>\n  <span class="visually-hidden">pieces</span>' in page
