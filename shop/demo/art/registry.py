"""The kinds of things that can be drawn. Each drawing stands on its own foot at (0, 0), at most about 600 units high or 700 wide."""

from collections.abc import Callable
from dataclasses import dataclass

from shop.demo.art.canvas import Canvas, Point
from shop.demo.art.colour import Look

Draw = Callable[[Canvas, Look], None]


@dataclass(frozen=True)
class Kind:
    """How a thing is drawn and looked at: where its detail picture looks, how near, and what it rests on."""

    draw: Draw
    focus: Point
    zoom: float
    place: str
    scale: float


KINDS: dict[str, Kind] = {}


def kind(
    *, focus: Point = (0, -260), zoom: float = 1.9, place: str = "table", scale: float = 1.0
) -> Callable[[Draw], Draw]:
    """Register a drawing under its function's name.

    `place` is table, floor, wall, flat or boards (both seen from above), camp or outside.
    """

    def register(draw: Draw) -> Draw:
        KINDS[draw.__name__] = Kind(draw, focus, zoom, place, scale)
        return draw

    return register
