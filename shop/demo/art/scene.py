"""The pictures of a product: alone, from near by, and where it is used."""

from hashlib import sha256

from PIL import Image

from shop.demo.art.canvas import Canvas
from shop.demo.art.colour import BACKDROPS, RGB, Look, Shade, darker, lighter, mix
from shop.demo.art.kinds import KINDS
from shop.demo.art.registry import Kind

__all__ = ["VIEWS", "picture"]

VIEWS = ("front", "detail", "context")
FOOT = 800.0


def picture(*, kind: str, view: str, look: Look, backdrop: str, seed: str, size: int) -> Image.Image:
    """Return one square picture of `size` pixels; the same input gives the same picture. Raises KeyError for an unknown name."""
    what = KINDS[kind]
    wall, table = BACKDROPS[backdrop]
    chance = int.from_bytes(sha256(f"{seed}/{view}".encode()).digest()[:8], "big")
    canvas = Canvas.blank(size, wall)
    {"front": front, "detail": detail, "context": context}[view](canvas, what, look, (wall, table), chance)
    return canvas.picture()


def front(c: Canvas, what: Kind, look: Look, tones: tuple[RGB, RGB], chance: int) -> None:
    wall, table = tones
    room(c, wall, table, flat=what.place in {"flat", "wall"})
    what.draw(c.at(500, FOOT if what.place != "flat" else 790, what.scale), look)


def detail(c: Canvas, what: Kind, look: Look, tones: tuple[RGB, RGB], chance: int) -> None:
    wall, table = tones[1], darker(tones[1], 0.12)
    x, y = what.focus
    c.rect(0, 0, 1000, 1000, Shade((lighter(wall, 0.25), wall), down=True))
    zoom = what.zoom * what.scale
    ground = 520 - y * zoom
    if ground < 1000 and what.place not in {"flat", "wall"}:
        c.rect(0, ground - 40, 1000, 1040 - ground, table)
    what.draw(c.at(500 - x * zoom, ground, zoom), look)


def context(c: Canvas, what: Kind, look: Look, tones: tuple[RGB, RGB], chance: int) -> None:
    wall, table = tones
    room(c, wall, table, flat=what.place in {"flat", "wall"})
    what.draw(c.at(500, FOOT, 0.7 * what.scale), look)


def room(c: Canvas, wall: RGB, table: RGB, *, flat: bool) -> None:
    """Draw the wall with a pool of light, and the table unless things hang or are seen from above."""
    c.rect(0, 0, 1000, 1000, Shade((lighter(wall, 0.3), wall, darker(wall, 0.06)), down=True))
    c.shadow(420, 380, 620, 560, 0.55, mix(wall, (255, 252, 240), 0.75))
    if not flat:
        c.rect(0, 735, 1000, 265, Shade((table, lighter(table, 0.12)), down=True))
        c.rect(0, 733, 1000, 5, darker(table, 0.06))
