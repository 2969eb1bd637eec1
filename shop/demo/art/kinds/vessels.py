"""Things turned on a wheel or a lathe: pots, cups, bottles, jars."""

from shop.demo.art.canvas import Canvas, arc, smooth
from shop.demo.art.colour import RGB, Look, darker, lighter, mix, rounded
from shop.demo.art.registry import kind


def rim(c: Canvas, y: float, radius: float, colour: RGB, *, tilt: float = 0.12, wall: float = 0.9) -> None:
    """Draw the open top of a vessel: its edge and the dark inside."""
    c.ellipse(0, y, radius, radius * tilt, rounded(lighter(colour, 0.3)))
    c.ellipse(0, y + radius * tilt * 0.1, radius * wall, radius * tilt * wall * 0.9, rounded(darker(colour, 0.35), 0.8))


def handle(c: Canvas, x: float, top: float, foot: float, reach: float, width: float, colour: RGB) -> None:
    """Draw an ear from (x, top) out by `reach` and back to (x, foot)."""
    middle = (top + foot) / 2
    path = [
        (x, top),
        (x + reach * 0.8, top - 4),
        (x + reach, middle - 20),
        (x + reach * 0.75, foot - 20),
        (x - 6, foot),
    ]
    c.line(path, width, darker(colour, 0.2), soft=True)
    c.line([(px - 2, py - 3) for px, py in path], width * 0.55, lighter(colour, 0.04), soft=True)


def shine(c: Canvas, x: float, y: float, height: float, width: float = 14, alpha: float = 0.35) -> None:
    """Draw the window's reflection on something glazed."""
    c.rect(x, y, width, height, (255, 252, 244), r=width / 2, alpha=alpha)


@kind(focus=(90, -230), scale=1.45)
def mug(c: Canvas, look: Look) -> None:
    """Draw a mug."""
    c = c.at(-55, 0)  # the ear counts: what is seen as its middle lies right of the body's
    c.ground(170)
    handle(c, 150, -285, -90, 130, 42, look.main)
    c.lathe([(-370, 172), (-200, 170), (-60, 160), (-8, 128)], rounded(look.second))
    c.lathe([(-370, 172), (-200, 170), (-136, 167)], rounded(look.main), tilt=0.08)
    rim(c, -370, 172, look.main)
    c.ellipse(0, -358, 148, 13, rounded(mix(look.accent, (60, 34, 20), 0.7)))
    shine(c, -125, -320, 170)


@kind(focus=(70, -220), scale=1.5, place="camp")
def enamel_mug(c: Canvas, look: Look) -> None:
    """Draw an enamel mug."""
    c = c.at(-50, 0)
    c.ground(165)
    handle(c, 150, -260, -90, 110, 26, look.main)
    c.lathe([(-330, 165), (-12, 152)], rounded(look.main), soft=False)
    rim(c, -330, 165, look.main)
    c.line(arc(0, -330, 165, 19), 9, look.second)
    for x, y, r in (
        (-70, -90, 5),
        (40, -200, 4),
        (95, -60, 6),
        (-20, -260, 3),
        (-110, -190, 4),
        (20, -60, 4),
        (70, -150, 3),
    ):
        c.ellipse(x, y, r, r, look.second)
    shine(c, -125, -290, 190)


@kind(focus=(80, -150), scale=1.25)
def bowl(c: Canvas, look: Look) -> None:
    """Draw a bowl."""
    c.ground(170)
    c.lathe([(-22, 92), (-4, 100)], rounded(darker(look.second, 0.1)))
    c.lathe([(-270, 270), (-190, 255), (-90, 190), (-20, 100)], rounded(look.main))
    c.lathe([(-270, 270), (-246, 267)], rounded(look.second))
    rim(c, -270, 270, look.main, tilt=0.17, wall=0.95)
    c.ellipse(0, -252, 190, 22, rounded(look.accent))
    shine(c, -190, -215, 70, 18)


@kind(focus=(120, -240), zoom=1.8, scale=1.22)
def teapot(c: Canvas, look: Look) -> None:
    """Draw a teapot."""
    c.ground(220)
    c.line([(150, -150), (240, -190), (275, -280), (320, -320)], 50, darker(look.main, 0.16), soft=True)
    c.line([(150, -154), (236, -196), (270, -286), (318, -322)], 26, look.main, soft=True)
    handle(c.at(0, 0), -150, -300, -110, -170, 34, look.second)
    c.lathe([(-360, 92), (-330, 160), (-220, 226), (-100, 208), (-14, 130)], rounded(look.main))
    c.lathe([(-408, 30), (-388, 84), (-356, 106)], rounded(lighter(look.main, 0.06)), tilt=0.16)
    c.ellipse(0, -430, 30, 28, rounded(look.second))
    shine(c, -150, -270, 110, 18)


@kind(focus=(-120, -250), zoom=1.8, scale=1.22)
def kettle(c: Canvas, look: Look) -> None:
    """Draw a kettle."""
    c.ground(200)
    spout = [(-150, -90), (-240, -110), (-250, -230), (-270, -330), (-330, -360)]
    c.line(spout, 30, darker(look.main, 0.2), soft=True)
    c.line([(x - 3, y - 3) for x, y in spout], 14, lighter(look.main, 0.12), soft=True)
    c.line([(150, -290), (290, -320), (315, -200), (280, -80)], 40, look.second, soft=True)
    c.lathe([(-320, 130), (-200, 180), (-90, 200), (-10, 196)], rounded(look.main))
    c.lathe([(-352, 40), (-338, 120), (-316, 134)], rounded(darker(look.main, 0.08)))
    c.lathe([(-400, 24), (-384, 30), (-354, 18)], rounded(look.second))
    c.lathe([(-44, 199), (-10, 197)], rounded(darker(look.main, 0.25)))
    shine(c, -110, -270, 190, 16, 0.45)


@kind(focus=(0, -300), scale=1.2)
def dripper(c: Canvas, look: Look) -> None:
    """Draw a dripper."""
    c.ground(150)
    glass, coffee = mix(look.second, (255, 255, 255), 0.45), mix(look.accent, (40, 20, 10), 0.65)
    c.lathe([(-262, 70), (-200, 100), (-110, 150), (-14, 140)], rounded(glass, 0.7))
    c.lathe([(-96, 150), (-60, 154), (-18, 138)], rounded(coffee))
    c.ellipse(0, -96, 150, 15, lighter(coffee, 0.15))
    c.lathe([(-290, 130), (-268, 130)], rounded(darker(look.main, 0.05)))
    handle(c, 130, -420, -310, 90, 26, look.main)
    c.lathe([(-470, 190), (-288, 62)], rounded(look.main), soft=False)
    for x in (-110, -60, 0, 60, 110):
        c.line([(x, -452), (x * 0.42, -300)], 5, darker(look.main, 0.12))
    c.ellipse(0, -470, 190, 24, rounded(lighter(look.main, 0.3)))
    c.ellipse(0, -468, 172, 19, lighter(look.second, 0.6))
    c.ellipse(0, -462, 130, 11, coffee)
    shine(c, -96, -170, 110)


@kind(focus=(0, -330), scale=1.08)
def carafe(c: Canvas, look: Look) -> None:
    """Draw a carafe."""
    c.ground(135)
    glass = mix(look.main, (255, 255, 255), 0.35)
    c.lathe([(-520, 62), (-430, 58), (-330, 90), (-180, 140), (-14, 132)], rounded(glass, 0.8))
    c.lathe([(-250, 118), (-160, 139), (-20, 126)], rounded(look.main))
    c.ellipse(0, -250, 118, 13, lighter(look.main, 0.3))
    rim(c, -520, 62, glass)
    c.lathe([(-600, 46), (-560, 52), (-516, 50)], rounded(look.second))
    c.ellipse(0, -600, 46, 7, lighter(look.second, 0.25))
    shine(c, -88, -290, 210, 16, 0.5)


@kind(focus=(40, -300), scale=1.15, place="camp")
def flask(c: Canvas, look: Look) -> None:
    """Draw a flask."""
    c.ground(115)
    c.lathe([(-440, 70), (-400, 108), (-340, 114), (-14, 114)], rounded(look.main))
    c.lathe([(-60, 114), (-14, 114)], rounded(look.second), soft=False)
    c.lathe([(-560, 64), (-440, 72)], rounded(look.second), soft=False)
    c.ellipse(0, -560, 64, 10, lighter(look.second, 0.3))
    c.lathe([(-452, 72), (-434, 74)], rounded(darker(look.second, 0.3)))
    c.line([(60, -520), (150, -500), (150, -420), (100, -395)], 18, look.accent, soft=True)
    shine(c, -78, -370, 270, 16, 0.3)


@kind(focus=(0, -200), scale=1.4)
def tin(c: Canvas, look: Look) -> None:
    """Draw a tin."""
    c.ground(150)
    c.lathe([(-330, 150), (-10, 150)], rounded(look.main), soft=False)
    c.lathe([(-250, 150.5), (-90, 150.5)], rounded(lighter(look.accent, 0.2), 0.7), soft=False, tilt=0.1)
    _emblem(c, look)
    c.lathe([(-410, 154), (-320, 154)], rounded(look.second), soft=False)
    c.ellipse(0, -410, 154, 17, rounded(lighter(look.second, 0.25)))
    c.ellipse(0, -412, 128, 12, rounded(look.second))
    shine(c, -118, -300, 270, 12, 0.25)


def _emblem(c: Canvas, look: Look) -> None:
    ink = darker(look.main, 0.1)
    if look.variant % 3 == 0:
        for turn in (-40, 0, 40):
            c.at(0, -118, 1, turn).curve([(0, 0), (-24, -50), (0, -112), (24, -50)], ink)
    elif look.variant % 3 == 1:
        c.poly([(-92, -100), (-30, -200), (0, -158), (26, -190), (92, -100)], ink)
        c.ellipse(50, -200, 17, 17, look.second)
    else:
        for i in range(4):
            c.line(
                smooth(
                    [(-90, -190 + i * 30), (-30, -202 + i * 30), (30, -178 + i * 30), (90, -190 + i * 30)], closed=False
                ),
                9,
                ink,
            )


@kind(focus=(0, -280), scale=1.2)
def coffee_bag(c: Canvas, look: Look) -> None:
    """Draw a coffee bag."""
    c.ground(165)
    c.curve(
        [(-150, -500), (150, -500), (172, -420), (178, -60), (160, -4), (-160, -4), (-178, -60), (-172, -420)],
        rounded(look.main, 0.7),
    )
    c.poly([(-152, -500), (152, -500), (166, -430), (-166, -430)], rounded(darker(look.main, 0.14), 0.6))
    c.rect(-158, -470, 316, 16, rounded(look.second), r=6)
    c.rect(-108, -360, 216, 230, rounded(lighter(look.accent, 0.45), 0.4), r=8)
    for x, y in ((-44, -280), (36, -300), (2, -222)):
        bean = c.at(x, y, 1, look.variant * 35 + x)
        bean.ellipse(0, 0, 24, 36, look.main)
        bean.line([(0, -26), (7, -8), (-7, 8), (0, 26)], 5, lighter(look.accent, 0.45), soft=True)
    c.rect(-70, -164, 140, 8, look.second)
    c.ellipse(0, -408, 11, 11, darker(look.main, 0.3))


@kind(focus=(-30, -230))
def vase(c: Canvas, look: Look) -> None:
    """Draw a vase."""
    c.ground(130)
    for x, top, bend in ((-90, -640, -40), (20, -690, 10), (110, -610, 50)):
        c.line([(x * 0.1, -330), (x * 0.5 + bend * 0.2, -480), (x, top)], 8, look.accent, soft=True)
        for i in range(5):
            y, shift = top + i * 44, (x * 0.5) * (i * 44 / 300)
            for side in (-1, 1):
                leaf = c.at(x - shift, y, 1, side * 52)
                leaf.curve([(0, 0), (-15, -30), (0, -66), (15, -30)], mix(look.accent, (255, 255, 240), 0.08 * i))
    c.lathe([(-360, 52), (-320, 44), (-260, 70), (-150, 140), (-50, 118), (-10, 80)], rounded(look.second))
    c.lathe([(-360, 52), (-320, 44), (-260, 74), (-150, 142), (-84, 132)], rounded(look.main), tilt=0.09)
    rim(c, -360, 52, look.main)
    shine(c, -84, -200, 90)


@kind(focus=(0, -200))
def pot(c: Canvas, look: Look) -> None:
    """Draw a pot."""
    c.ground(170)
    _plant(c, look)
    c.lathe([(-26, 168), (-6, 150)], rounded(darker(look.main, 0.08)))
    c.lathe([(-270, 158), (-26, 118)], rounded(look.main), soft=False)
    c.lathe([(-320, 182), (-252, 176)], rounded(lighter(look.main, 0.06)), soft=False, tilt=0.07)
    c.ellipse(0, -320, 182, 18, rounded(lighter(look.main, 0.2)))
    c.ellipse(0, -319, 164, 14, (74, 56, 46))
    _plant_front(c, look)


def _plant(c: Canvas, look: Look) -> None:
    for turn in (-58, -34, -12, 12, 36, 60):
        colour = mix(look.accent, (30, 60, 50), 0.1 + abs(turn) / 160)
        leaf = c.at(0, -315, 1, turn)
        leaf.curve([(0, 0), (-34, -110), (-30, -220), (0, -330), (30, -220), (34, -110)], rounded(colour))
        leaf.line([(0, 0), (0, -290)], 5, lighter(colour, 0.2))


def _plant_front(c: Canvas, look: Look) -> None:
    for turn in (-24, 2, 26):
        leaf = c.at(turn * 0.6, -314, 0.72, turn)
        leaf.curve(
            [(0, 0), (-36, -110), (-30, -220), (0, -320), (30, -220), (36, -110)], rounded(lighter(look.accent, 0.12))
        )
        leaf.line([(0, 0), (0, -280)], 5, lighter(look.accent, 0.35))
