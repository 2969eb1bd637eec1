"""Colours of the demo pictures: a small named set, so that seventy pictures look like one shop."""

from dataclasses import dataclass

RGB = tuple[int, int, int]


def rgb(code: str) -> RGB:
    """Return the colour of a code like `d9734f`."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


NAMED: dict[str, RGB] = {
    name: rgb(code)
    for name, code in {
        "white": "fbf8f2",
        "cream": "f1e6d0",
        "oat": "e2d3b8",
        "sand": "d8bf98",
        "butter": "eec766",
        "honey": "d99a3a",
        "brass": "c9a24d",
        "copper": "c77b52",
        "clay": "c8714f",
        "rust": "a94f33",
        "brick": "8c3b2e",
        "rose": "d99a91",
        "plum": "6d3f55",
        "moss": "7d8a52",
        "sage": "a3b18c",
        "pine": "2f5546",
        "teal": "3d7d7a",
        "sky": "8fb7c4",
        "blue": "3f6c9a",
        "indigo": "2d3e66",
        "slate": "5b6b77",
        "steel": "b9c1c6",
        "ash": "e3cda6",
        "oak": "c89b63",
        "walnut": "7b5138",
        "leather": "9c5f35",
        "charcoal": "33363b",
        "black": "1f2124",
        "stone": "a9a79f",
        "lilac": "a79bc0",
        "leaf": "5f8f56",
        "fern": "3f6f47",
    }.items()
}

# Backdrops as (wall, table) pairs; quiet enough that a white shop page and a dark one both carry them.
BACKDROPS: dict[str, tuple[RGB, RGB]] = {
    name: (rgb(wall), rgb(table))
    for name, (wall, table) in {
        "oat": ("efe6d6", "e3d5bd"),
        "sage": ("d9e0cf", "c5cfb7"),
        "mist": ("d6e1e5", "c1d0d6"),
        "blush": ("f0dcd1", "e5c8b9"),
        "butter": ("f3e6c4", "e8d5a4"),
        "lilac": ("dedae6", "cbc4d8"),
        "clay": ("e6c8b3", "d8b197"),
        "pine": ("4a6358", "3c5348"),
        "ink": ("4a586c", "3c495b"),
        "teal": ("b9d3cf", "a2c1bd"),
    }.items()
}


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """Return `one` with a `share` (0 to 1) of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def lighter(colour: RGB, share: float = 0.2) -> RGB:
    """Return the colour nearer to warm white."""
    return mix(colour, (255, 250, 240), share)


def darker(colour: RGB, share: float = 0.2) -> RGB:
    """Return the colour nearer to a blue black, as shadows are."""
    return mix(colour, (24, 24, 40), share)


@dataclass(frozen=True)
class Shade:
    """A fill that runs through `stops`, from left to right or, when `down`, from top to bottom of the shape."""

    stops: tuple[RGB, ...]
    down: bool = False


Fill = RGB | Shade


def rounded(colour: RGB, depth: float = 1.0) -> Shade:
    """Return the fill of something round, lit from the left."""
    return Shade(
        (
            mix(colour, lighter(colour, 0.25), depth * 0.6),
            lighter(colour, 0.22 * depth),
            colour,
            darker(colour, 0.14 * depth),
            darker(colour, 0.28 * depth),
        )
    )


def sheet(colour: RGB, depth: float = 1.0) -> Shade:
    """Return the fill of something flat that the light crosses from the upper left."""
    return Shade((lighter(colour, 0.12 * depth), colour, darker(colour, 0.1 * depth)))


def fall(colour: RGB, depth: float = 1.0) -> Shade:
    """Return the fill of something lit from above."""
    return Shade((lighter(colour, 0.16 * depth), colour, darker(colour, 0.14 * depth)), down=True)


@dataclass(frozen=True)
class Look:
    """What tells one product of a kind from another: three colours and a number for its variant."""

    main: RGB
    second: RGB
    accent: RGB
    variant: int = 0
