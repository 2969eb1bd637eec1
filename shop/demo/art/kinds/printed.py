"""Pictures for walls, in frames, and books."""

from collections.abc import Callable

from shop.demo.art.canvas import Canvas, arc
from shop.demo.art.colour import Look, Shade, darker, lighter, mix, rounded, sheet
from shop.demo.art.registry import kind

PAPER = (250, 245, 234)


@kind(focus=(0, -360), zoom=1.7, place="wall", scale=1.12)
def wall_print(c: Canvas, look: Look) -> None:
    """Draw a wall print."""
    c.shadow(44, -260, 300, 370, 0.55)
    c.rect(-250, -640, 500, 640, darker(look.accent, 0.2))
    c.rect(-250, -640, 494, 632, sheet(look.accent))
    c.rect(-226, -616, 446, 584, sheet(PAPER, 0.5))
    sea_pears_train_hills_moon = (_tide, _pears, _train, _hills, _moon, _boats)
    draw: Callable[[Canvas, Look], None] = sea_pears_train_hills_moon[look.variant % 6]
    draw(c.at(-3, -324), look)


def _ground_of(c: Canvas, top: tuple[int, int, int], foot: tuple[int, int, int]) -> None:
    c.rect(-180, -236, 360, 460, Shade((top, foot), down=True))


def _tide(c: Canvas, look: Look) -> None:
    _ground_of(c, lighter(look.second, 0.5), lighter(look.second, 0.2))
    c.ellipse(70, -120, 56, 56, lighter(look.second, 0.85))
    for i in range(7):
        y, tone = -30 + i * 36, mix(look.main, look.second, 0.7 - i * 0.1)
        wave = [(-180 + x, y + (12 if (x // 45 + i) % 2 else -8)) for x in range(0, 361, 45)]
        c.poly([(-180, 224), *wave, (180, 224)], tone)


def _pears(c: Canvas, look: Look) -> None:
    _ground_of(c, lighter(look.second, 0.45), lighter(look.second, 0.3))
    c.rect(-180, 90, 360, 134, darker(look.second, 0.1))
    for x, y, tone in (
        (-100, 130, look.main),
        (100, 126, lighter(look.main, 0.15)),
        (0, 164, mix(look.main, (240, 220, 120), 0.4)),
    ):
        pear = c.at(x, y)
        pear.curve(
            [
                (0, -210),
                (-34, -170),
                (-44, -110),
                (-78, -50),
                (-60, 6),
                (0, 18),
                (60, 6),
                (78, -50),
                (44, -110),
                (34, -170),
            ],
            rounded(tone, 0.8),
        )
        pear.line([(0, -204), (12, -250)], 8, darker(look.main, 0.6))


def _train(c: Canvas, look: Look) -> None:
    _ground_of(c, darker(look.main, 0.35), look.main)
    for i in range(26):
        c.ellipse((i * i * 37) % 340 - 170, (i * 61) % 190 - 226, 3, 3, PAPER)
    c.poly([(-180, 60), (-80, -40), (10, 40), (90, -70), (180, 30), (180, 224), (-180, 224)], darker(look.main, 0.5))
    c.rect(-180, 120, 360, 104, darker(look.main, 0.7))
    for i in range(4):
        c.rect(-176 + i * 89, 78, 84, 46, look.second, r=6)
        for j in range(3):
            c.rect(-166 + i * 89 + j * 25, 88, 17, 18, (255, 226, 150), r=3)
    c.line([(-180, 132), (180, 132)], 4, lighter(look.main, 0.3))


def _hills(c: Canvas, look: Look) -> None:
    _ground_of(c, lighter(look.second, 0.7), lighter(look.second, 0.4))
    c.ellipse(-70, -110, 44, 44, look.second)
    for i in range(5):
        y, tone = -50 + i * 58, mix(lighter(look.main, 0.45), darker(look.main, 0.25), i / 4)
        c.poly(
            [
                (-180, 224),
                (-180, y + (i % 2) * 40),
                (-60, y - 24 + (i % 3) * 20),
                (70, y + 30 - (i % 2) * 50),
                (180, y + (i % 3) * 14),
                (180, 224),
            ],
            tone,
        )
    for x in (-120, -96, 60, 92, 118):
        c.ellipse(x, 150 - abs(x) * 0.2, 15, 26, darker(look.main, 0.5))


def _moon(c: Canvas, look: Look) -> None:
    _ground_of(c, darker(look.main, 0.3), darker(look.main, 0.45))
    c.ellipse(0, -30, 132, 132, lighter(look.second, 0.5))
    for x, y, r in (
        (-50, -70, 30),
        (36, -94, 17),
        (60, -10, 36),
        (-40, 26, 22),
        (8, 58, 14),
        (-84, -14, 12),
        (14, -40, 9),
    ):
        c.ellipse(x, y, r, r, mix(look.second, look.main, 0.25))
    for i, r in enumerate((150, 168)):
        c.line(arc(0, -30, r, r, i * 40, 330 - i * 60), 3, lighter(look.main, 0.4))
    for i in range(5):
        phase = c.at(-116 + i * 58, 180)
        phase.ellipse(0, 0, 18, 18, lighter(look.second, 0.5))
        phase.ellipse(-22 + i * 11, 0, 18, 18, darker(look.main, 0.42))


def _boats(c: Canvas, look: Look) -> None:
    _ground_of(c, lighter(look.second, 0.65), lighter(look.main, 0.4))
    c.rect(-180, 20, 360, 204, Shade((lighter(look.main, 0.2), darker(look.main, 0.2)), down=True))
    for x, y, s, tone in (
        (-90, 60, 0.7, look.second),
        (70, 110, 1.1, (250, 245, 234)),
        (-30, 26, 0.4, (250, 245, 234)),
    ):
        boat = c.at(x, y, s)
        boat.poly([(-70, 0), (70, 0), (46, 34), (-46, 34)], darker(look.main, 0.55))
        boat.poly([(-4, -10), (-4, -150), (-62, -10)], tone)
        boat.poly([(6, -10), (6, -130), (52, -10)], lighter(tone, 0.4))


@kind(focus=(-30, -330), zoom=1.7, scale=1.12)
def book(c: Canvas, look: Look) -> None:
    """Draw a book."""
    c.ground(220)
    c.poly([(206, -560), (244, -540), (244, -14), (206, 0)], Shade((darker(PAPER, 0.05), darker(PAPER, 0.2))))
    for i in range(5):
        c.line([(212 + i * 7, -556 + i * 3), (212 + i * 7, -4 - i * 3)], 2, darker(PAPER, 0.25))
    c.rect(-210, -566, 420, 566, sheet(look.main), r=6)
    c.rect(-210, -566, 40, 566, rounded(darker(look.main, 0.14)), r=6)
    (_spoon_cover, _stitch_cover, _bird_cover, _boat_cover, _cloud_cover)[look.variant % 5](c.at(20, -330), look)
    c.rect(-110, -88, 260, 14, look.second, r=4)
    c.rect(-110, -60, 150, 8, lighter(look.main, 0.4), r=4)


def _spoon_cover(c: Canvas, look: Look) -> None:
    c.ellipse(0, 0, 140, 140, look.second)
    c.ellipse(0, 0, 112, 112, lighter(look.second, 0.5))
    c.line([(-30, 170), (-30, 10)], 16, look.accent)
    c.ellipse(-30, -40, 34, 60, look.accent)
    c.line([(42, 170), (42, -90)], 14, look.accent)
    for x in (22, 42, 62):
        c.line([(x, -30), (x, -100)], 8, look.accent)


def _stitch_cover(c: Canvas, look: Look) -> None:
    c.rect(-120, -150, 240, 260, look.second, r=16)
    c.rect(-60, -100, 150, 150, look.accent, r=8)
    for i in range(7):
        for x, y in ((-70 + i * 28, -112), (-70 + i * 28, 60)):
            c.line([(x, y), (x + 14, y)], 7, PAPER)
        for x in (-74, 102):
            c.line([(x, -100 + i * 24), (x, -88 + i * 24)], 7, PAPER)
    c.line([(40, 150), (-130, -190)], 9, (214, 214, 210))


def _bird_cover(c: Canvas, look: Look) -> None:
    c.line([(-170, 120), (-40, 90), (160, 130)], 12, darker(look.accent, 0.3), soft=True)
    c.poly([(70, 30), (200, 90), (110, 80)], darker(look.second, 0.2))
    c.curve([(-110, -70), (-60, -130), (10, -90), (100, 10), (90, 80), (0, 100), (-80, 50)], look.second)
    c.curve([(-30, -20), (60, 10), (110, 70), (20, 60)], darker(look.second, 0.25))
    c.curve([(-80, -20), (-30, 30), (20, 90), (-50, 70)], look.accent)
    c.poly([(-108, -84), (-160, -62), (-104, -58)], (230, 170, 70))
    c.ellipse(-70, -84, 10, 10, (30, 30, 34))
    for x in (-20, 20):
        c.line([(x, 96), (x - 6, 112)], 6, darker(look.accent, 0.4))


def _boat_cover(c: Canvas, look: Look) -> None:
    c.rect(-140, -180, 290, 300, Shade((lighter(look.second, 0.6), look.second), down=True))
    c.rect(-140, 10, 290, 110, darker(look.main, 0.2))
    for x, s in ((-70, 0.8), (60, 1.1)):
        boat = c.at(x, 30, s)
        boat.poly([(-60, 0), (60, 0), (40, 30), (-40, 30)], look.accent)
        boat.poly([(-2, -8), (-2, -130), (-52, -8)], PAPER)


def _cloud_cover(c: Canvas, look: Look) -> None:
    for y, shift, size in ((-130, -40, 0.7), (-20, 30, 1.1), (100, -50, 0.8)):
        cloud = c.at(shift, y, size)
        for x, up, r in ((-90, 0, 40), (-30, -26, 62), (44, -18, 54), (96, 4, 34)):
            cloud.ellipse(x, up, r, r, look.second)
        cloud.rect(-126, 4, 252, 36, look.second, r=18)
