"""Things that play music and speak."""

from shop.demo.art.canvas import Canvas, arc
from shop.demo.art.colour import Look, Shade, darker, fall, lighter, mix, rounded, sheet
from shop.demo.art.registry import kind


@kind(focus=(190, -230), zoom=1.7, scale=1.05)
def headphones(c: Canvas, look: Look) -> None:
    """Draw headphones."""
    c.ground(230)
    c.line(arc(0, -330, 236, 270, 180, 360), 44, darker(look.main, 0.15))
    c.line(arc(0, -330, 236, 270, 182, 358), 26, lighter(look.main, 0.08))
    c.line(arc(0, -330, 216, 250, 225, 315), 30, look.second)
    for side in (-1, 1):
        x = side * 236
        c.line([(x, -340), (x, -260)], 16, look.accent)
        c.rect(x - 34 - side * 44, -300, 74, 250, rounded(look.second), r=34)
        c.rect(x - 40 + side * 14, -312, 80, 274, rounded(look.main, 1.2), r=38)
        c.ellipse(x + side * 22, -176, 18, 92, rounded(lighter(look.main, 0.12)))
        c.ellipse(x + side * 22, -176, 9, 44, look.accent)
    c.line([(-236, -40), (-220, -4), (-60, -12), (40, 10), (240, 0)], 7, darker(look.main, 0.3), soft=True)


@kind(focus=(150, -200), zoom=1.8, scale=1.1)
def radio(c: Canvas, look: Look) -> None:
    """Draw a radio."""
    c.ground(290)
    c.line([(-200, -340), (-200, -420), (200, -420), (200, -340)], 22, look.second, soft=True)
    for x in (-220, 220):
        c.rect(x - 30, -24, 60, 24, darker(look.second, 0.3), r=6)
    c.rect(-310, -360, 620, 346, sheet(darker(look.second, 0.05), 1.2), r=40)
    c.rect(-286, -336, 572, 298, sheet(look.main), r=26)
    for row in range(9):
        for column in range(11):
            c.ellipse(-250 + column * 28, -300 + row * 28, 8, 8, darker(look.main, 0.5))
    c.rect(84, -310, 172, 92, (246, 238, 214), r=10)
    for i in range(9):
        c.line([(100 + i * 17, -296), (100 + i * 17, -276 if i % 2 else -266)], 4, (90, 80, 70))
    c.line([(178, -304), (178, -226)], 5, look.accent)
    c.ellipse(128, -130, 54, 54, darker(look.main, 0.35))
    c.ellipse(126, -134, 50, 50, sheet(look.second))
    c.line([(126, -134), (152, -160)], 7, PALE)
    c.ellipse(228, -130, 32, 32, darker(look.main, 0.35))
    c.ellipse(226, -133, 29, 29, sheet(look.accent))
    c.line([(250, -360), (290, -600)], 7, (190, 194, 198))
    c.ellipse(290, -602, 8, 8, (190, 194, 198))


PALE = (252, 248, 238)


@kind(focus=(170, -200), zoom=1.6, scale=1.1)
def speakers(c: Canvas, look: Look) -> None:
    """Draw speakers."""
    for x in (-165, 165):
        box = c.at(x, 0)
        box.ground(135)
        box.rect(-130, -440, 260, 438, rounded(look.main, 0.8), r=14)
        box.rect(-114, -424, 228, 406, sheet(look.second), r=8)
        for y, r in ((-150, 92), (-330, 48)):
            box.ellipse(0, y, r, r, darker(look.second, 0.4))
            box.ellipse(0, y, r * 0.88, r * 0.88, sheet(darker(look.second, 0.2), 1.6))
            box.ellipse(0, y, r * 0.62, r * 0.62, sheet(darker(look.second, 0.5), 1.4))
            box.ellipse(0, y, r * 0.3, r * 0.3, sheet(look.accent, 1.5))
        for sx, sy in ((-98, -408), (98, -408), (-98, -34), (98, -34)):
            box.ellipse(sx, sy, 6, 6, look.accent)


@kind(focus=(-60, -190), zoom=1.7, scale=1.12)
def turntable(c: Canvas, look: Look) -> None:
    """Draw a turntable."""
    c.ground(320)
    for x in (-250, 250):
        c.lathe([(-40, 40), (-2, 44)], rounded((60, 58, 60)), soft=False)
        c.rect(x - 40, -44, 80, 40, rounded((60, 58, 60)), r=8)
    c.poly([(-290, -320), (290, -320), (344, -112), (-344, -112)], sheet(look.main))
    c.rect(-345, -114, 690, 84, fall(darker(look.main, 0.12)), r=8)
    c.ellipse(-66, -206, 222, 88, darker(look.main, 0.4))
    c.ellipse(-66, -214, 218, 84, Shade(((72, 72, 78), (34, 34, 38), (60, 60, 66), (28, 28, 32))))
    for r in (0.86, 0.74, 0.62, 0.5):
        c.line(arc(-66, -214, 218 * r, 84 * r), 2, (82, 82, 88))
    c.ellipse(-66, -214, 74, 28, look.accent)
    c.ellipse(-66, -214, 8, 4, PALE)
    c.ellipse(232, -268, 44, 18, rounded(look.second))
    c.line([(232, -286), (214, -190), (110, -176)], 12, look.second, soft=True)
    c.rect(76, -190, 54, 22, darker(look.second, 0.4), r=6)
    c.ellipse(276, -146, 22, 10, look.accent)
    c.line([(-320, -72), (-300, -72)], 8, mix(look.accent, (255, 255, 255), 0.3))
