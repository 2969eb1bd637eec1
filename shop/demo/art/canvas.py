"""A drawing surface in scene units: shapes with soft shades and shadows, smooth edges through supersampling.

A scene is 1000 units wide and high, whatever the picture's size in pixels. `Canvas.at` gives a surface moved, scaled and
turned, on which a product is drawn around its own foot (0, 0) with negative y going up.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

from PIL import Image, ImageDraw

from shop.demo.art.colour import RGB, Fill, Shade

Point = tuple[float, float]
OVERSAMPLE = 2
SHADOW: RGB = (46, 36, 44)


@dataclass(frozen=True)
class Canvas:
    """A view on an image: where its origin lies (pixels), how large a unit is, how far it is turned (degrees)."""

    image: Image.Image
    unit: float
    x: float = 0.0
    y: float = 0.0
    turn: float = 0.0

    @classmethod
    def blank(cls, size: int, colour: RGB) -> Self:
        """Return an empty canvas for a picture of `size` by `size` pixels."""
        return cls(Image.new("RGB", (size * OVERSAMPLE, size * OVERSAMPLE), colour), size * OVERSAMPLE / 1000)

    def under(self, backdrop: Image.Image) -> None:
        """Cover everything with a small picture of something soft, spread over the whole scene."""
        # Interpolated at a quarter of the size and then repeated: on something this soft nobody sees it, and it is three times faster.
        quarter = backdrop.resize((self.image.width // 4, self.image.height // 4), Image.Resampling.BILINEAR)
        blown_up = (0.25, 0, 0, 0, 0.25, 0)
        self.image.paste(quarter.transform(self.image.size, Image.Transform.AFFINE, blown_up, Image.Resampling.NEAREST))

    def picture(self) -> Image.Image:
        """Return what was drawn, at its final size."""
        return self.image.reduce(OVERSAMPLE)

    def at(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0) -> "Canvas":
        """Return a view whose origin is at (x, y) of this one, scaled and turned clockwise by degrees."""
        ((px, py),) = self._pixels([(x, y)])
        return replace(self, unit=self.unit * scale, x=px, y=py, turn=self.turn + turn)

    def poly(self, points: Sequence[Point], fill: Fill, alpha: float = 1.0) -> None:
        """Fill a polygon."""
        self._paint(self._pixels(points), fill, alpha)

    def curve(self, points: Sequence[Point], fill: Fill, alpha: float = 1.0) -> None:
        """Fill the smooth closed shape through the points."""
        self.poly(smooth(points, closed=True), fill, alpha)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: Fill, alpha: float = 1.0) -> None:
        """Fill an ellipse around (x, y)."""
        self.poly(arc(x, y, rx, ry), fill, alpha)

    def rect(self, x: float, y: float, w: float, h: float, fill: Fill, r: float = 0, alpha: float = 1.0) -> None:
        """Fill a rectangle from its upper left corner, its corners rounded by `r`."""
        self.poly(rounded_box(x, y, w, h, r), fill, alpha)

    def line(self, points: Sequence[Point], width: float, fill: RGB, *, soft: bool = False) -> None:
        """Draw a line with round ends through the points, as a smooth curve when `soft`."""
        path = self._pixels(smooth(points, closed=False) if soft else points)
        draw, pixels = ImageDraw.Draw(self.image), max(1, round(width * self.unit))
        draw.line(path, fill=fill, width=pixels)
        radius = (pixels - 1) / 2
        if pixels > 3:  # thinner lines show no gaps at their corners
            for px, py in path:
                draw.ellipse((px - radius, py - radius, px + radius, py + radius), fill=fill)

    def lathe(self, profile: Sequence[Point], fill: Fill, *, soft: bool = True, tilt: float = 0.1) -> None:
        """Fill a body turned around the y axis: `profile` is (y, radius) from top to foot, seen a little from above."""
        foot_y, foot = profile[-1]
        self.ellipse(0, foot_y, foot, foot * tilt, fill)
        side: Sequence[Point] = [(radius, y) for y, radius in profile]
        side = smooth(side, closed=False) if soft else side
        self.poly([*side, *[(-x, y) for x, y in reversed(side)]], fill)

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: float = 0.5, colour: RGB = SHADOW) -> None:
        """Lay a soft shadow, or with a light colour a glow, around (x, y)."""
        ((px, py),) = self._pixels([(x, y)])
        w, h = max(2, round(2 * rx * self.unit)), max(2, round(2 * ry * self.unit))
        mask = _soft_disc(strength).resize((w, h), Image.Resampling.BILINEAR)
        self.image.paste(colour, (round(px - w / 2), round(py - h / 2)), mask)

    def ground(self, half_width: float, strength: float = 0.5) -> None:
        """Stand something of this half width on the ground: a contact shadow and a longer one away from the light."""
        self.shadow(half_width * 0.45, half_width * 0.02, half_width * 1.75, half_width * 0.2 + 14, strength * 0.65)
        self.shadow(half_width * 0.05, half_width * 0.01, half_width * 1.22, half_width * 0.1 + 10, strength)

    def _pixels(self, points: Sequence[Point]) -> list[Point]:
        cos, sin = math.cos(math.radians(self.turn)) * self.unit, math.sin(math.radians(self.turn)) * self.unit
        return [(self.x + x * cos - y * sin, self.y + x * sin + y * cos) for x, y in points]

    def _paint(self, path: list[Point], fill: Fill, alpha: float) -> None:
        if alpha >= 1 and not isinstance(fill, Shade):
            ImageDraw.Draw(self.image).polygon(path, fill=fill)
            return
        xs, ys = [x for x, _ in path], [y for _, y in path]
        left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
        right, bottom = min(self.image.width, math.ceil(max(xs))), min(self.image.height, math.ceil(max(ys)))
        if right <= left or bottom <= top:
            return
        whole = (max(xs) - min(xs), max(ys) - min(ys))
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in path], fill=round(255 * alpha))
        if not isinstance(fill, Shade):
            self.image.paste(fill, (left, top), mask)
            return
        window = (left - min(xs), top - min(ys), right - min(xs), bottom - min(ys))
        self.image.paste(_gradient(fill, whole, window), (left, top), mask)


def _gradient(shade: Shade, whole: Point, window: tuple[float, float, float, float]) -> Image.Image:
    """Return the part `window` of a shade spread over a box of `whole` pixels."""
    strip = _strip(shade)
    w, h = round(window[2] - window[0]), round(window[3] - window[1])
    start, end, length = (window[1], window[3], whole[1]) if shade.down else (window[0], window[2], whole[0])
    factor = (strip.height if shade.down else strip.width) / max(1.0, length)
    low, high = max(0.0, start * factor), min(255.0, end * factor)
    high = max(high, low + 0.01)
    # One row or column is interpolated and then repeated, which is several times faster than interpolating the area.
    if shade.down:
        line = strip.resize((1, max(1, h)), Image.Resampling.BILINEAR, box=(0.0, low, 1.0, high))
    else:
        line = strip.resize((max(1, w), 1), Image.Resampling.BILINEAR, box=(low, 0.0, high, 1.0))
    return line.resize((max(1, w), max(1, h)), Image.Resampling.NEAREST)


@lru_cache(maxsize=256)
def _strip(shade: Shade) -> Image.Image:
    count = len(shade.stops)
    size = (1, count) if shade.down else (count, 1)
    strip = Image.new("RGB", size)
    for place, stop in enumerate(shade.stops):
        strip.putpixel((0, place) if shade.down else (place, 0), stop)
    return strip.resize((1, 256) if shade.down else (256, 1), Image.Resampling.BICUBIC)


@lru_cache(maxsize=64)
def _soft_disc(strength: float) -> Image.Image:
    return Image.radial_gradient("L").point(lambda value: 255 * strength * max(0.0, 1 - value / 180) ** 1.6).reduce(4)


def arc(x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360) -> list[Point]:
    """Return points on an ellipse from `start` to `end` degrees, clockwise from the right."""
    steps = max(8, round(abs(end - start) / 5))
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def rounded_box(x: float, y: float, w: float, h: float, r: float) -> list[Point]:
    """Return the outline of a rectangle whose corners are rounded by `r`."""
    r = min(r, w / 2, h / 2)
    if r <= 0:
        return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    return [
        *arc(x + r, y + r, r, r, 180, 270),
        *arc(x + w - r, y + r, r, r, 270, 360),
        *arc(x + w - r, y + h - r, r, r, 0, 90),
        *arc(x + r, y + h - r, r, r, 90, 180),
    ]


def smooth(points: Sequence[Point], *, closed: bool, steps: int = 10) -> list[Point]:
    """Return a Catmull-Rom curve through the points."""
    around = [*points[-1:], *points, *points[:2]] if closed else [points[0], *points, points[-1]]
    corners = zip(around, around[1:], around[2:], around[3:], strict=False)
    path = [_between(a, b, c, d, i / steps) for a, b, c, d in corners for i in range(steps)]
    return path if closed else [*path, points[-1]]


def _between(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    x, y = (
        0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)
        for p, q, r, s in zip(a, b, c, d, strict=True)
    )
    return x, y
