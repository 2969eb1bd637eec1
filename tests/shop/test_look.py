"""What the design promises, held against the style sheets and the pages themselves."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

STATIC = Path(__file__).resolve().parents[2] / "static"
TEXT_ON = [
    ("ink", "page"),
    ("muted", "page"),
    ("muted", "raised"),
    ("muted", "plate"),
    ("accent", "page"),
    ("accent", "raised"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ok", "ok-soft"),
    ("warn", "warn-soft"),
    ("warn", "page"),
    ("error", "error-soft"),
    ("error", "page"),
    ("info", "info-soft"),
    ("accent", "error-soft"),
    ("accent", "warn-soft"),
    ("accent", "ok-soft"),
    ("accent", "info-soft"),
]
EDGES_ON = [("line-strong", "page"), ("line-strong", "surface"), ("line-strong", "raised"), ("focus", "page")]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def colours() -> dict[str, dict[str, str]]:
    light, dark = (STATIC / "css/tokens.css").read_text().split("@media", 1)
    return {
        name: dict(re.findall(r"--color-([\w-]+): (#[0-9a-f]{6});", part))
        for name, part in (("light", light), ("dark", dark))
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(scheme):
    found = colours()[scheme]
    weak = {pair: contrast(found[pair[0]], found[pair[1]]) for pair in TEXT_ON}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_the_focus_stand_out(scheme):
    found = colours()[scheme]
    assert all(contrast(found[one], found[other]) >= 3 for one, other in EDGES_ON)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/products/", "/c/kitchen/", "/p/copper-kettle/", "/cart/"])
def test_pages_hold_no_inline_script_or_style_and_ask_nobody_else(client, kettle, address):
    body = client.get(address).content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", body)
    for script in re.findall(r"<script[^>]*>", body):
        assert "src=" in script or "application/ld+json" in script
    outside = re.findall(r'(?:src|<link[^>]* href)="(https?://[^"]+)"', body)
    assert all(link.startswith("http://127.0.0.1:8000/") for link in outside)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/products/", "/p/copper-kettle/", "/cart/"])
def test_pages_have_their_landmarks(client, kettle, address):
    body = client.get(address).content.decode()
    for part in ('href="#main"', "<main", "<header", "<footer", 'role="search"', 'role="status"', '<html lang="en">'):
        assert part in body
    assert len(re.findall(r"<h1[ >]", body)) == 1


@pytest.mark.django_db
def test_the_first_page_weighs_less_than_100_kilobytes_without_pictures(client, kettle):
    body = client.get("/").content
    parts = re.findall(r'(?:src|href)="/static/([^"]+\.(?:css|js|svg))"', body.decode())
    files = [Path(finders.find(part)).read_bytes() for part in set(parts)]
    assert len(files) >= 6
    assert sum(len(gzip.compress(data)) for data in [body, *files]) < 60_000
