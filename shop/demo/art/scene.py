"""The pictures of a product: alone, from near by, and where it is used."""

from hashlib import sha256

from PIL import Image

from shop.demo.art.canvas import Canvas
from shop.demo.art.colour import BACKDROPS, Look, darker, lighter
from shop.demo.art.kinds import KINDS
from shop.demo.art.places import (
    Tones,
    at_the_camp,
    boards,
    by_the_window,
    in_the_open,
    on_the_floor,
    on_the_wall,
    soft_wall,
    studio,
    worktop,
)
from shop.demo.art.registry import Kind

VIEWS = ("front", "detail", "context")
LIGHT = ("oat", "sage", "mist", "blush", "butter", "lilac", "clay", "teal")
GROUND = 735.0
# For each place: the surroundings, where the foot stands, how large the product is in them.
SURROUNDINGS = {
    "table": (by_the_window, (500.0, 820.0), 0.74),
    "floor": (on_the_floor, (500.0, 850.0), 0.9),
    "wall": (on_the_wall, (500.0, 660.0), 0.74),
    "flat": (worktop, (500.0, 745.0), 0.82),
    "boards": (boards, (500.0, 770.0), 0.95),
    "camp": (at_the_camp, (500.0, 850.0), 0.74),
    "outside": (in_the_open, (500.0, 850.0), 0.9),
}


def picture(*, kind: str, view: str, look: Look, backdrop: str, seed: str, size: int) -> Image.Image:
    """Return one square picture of `size` pixels; the same input gives the same picture. Raises KeyError for an unknown name."""
    what = KINDS[kind]
    chance = int.from_bytes(sha256(f"{seed}/{view}".encode()).digest()[:6], "big")
    canvas = Canvas.blank(size, BACKDROPS[backdrop][0])
    if view == "front":
        _front(canvas, what, look, BACKDROPS[backdrop])
    elif view == "detail":
        _detail(canvas, what, look, BACKDROPS[_neighbour(backdrop, chance)])
    else:
        _in_use(canvas, what, look, BACKDROPS[_neighbour(backdrop, chance + 3)], chance)
    return canvas.picture()


def _neighbour(backdrop: str, chance: int) -> str:
    others = [name for name in LIGHT if name != backdrop]
    return others[chance % len(others)]


def _stands(what: Kind) -> bool:
    return what.place not in {"flat", "boards", "wall"}


def _front(c: Canvas, what: Kind, look: Look, tones: Tones) -> None:
    studio(c, tones, ground=GROUND if _stands(what) else None)
    what.draw(c.at(500, 805 if _stands(what) else 800, what.scale), look)


def _detail(c: Canvas, what: Kind, look: Look, tones: Tones) -> None:
    x, y = what.focus
    zoom = what.zoom * what.scale
    foot = 520 - y * zoom
    soft_wall(c, lighter(tones[1], 0.1), lighter(tones[0], 0.5), 360, 320)
    if _stands(what) and foot < 1080:
        c.rect(0, foot - 90, 1000, 1090 - foot, darker(tones[1], 0.08))
    what.draw(c.at(500 - x * zoom, foot, zoom), look)


def _in_use(c: Canvas, what: Kind, look: Look, tones: Tones, chance: int) -> None:
    surroundings, (x, y), scale = SURROUNDINGS[what.place]
    surroundings(c, tones, chance)
    what.draw(c.at(x, y, scale * what.scale), look)
