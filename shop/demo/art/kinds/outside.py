"""For the road and the woods."""

from shop.demo.art.canvas import Canvas, arc
from shop.demo.art.colour import RGB, Look, darker, fall, lighter, mix, rounded, sheet
from shop.demo.art.kinds.vessels import shine
from shop.demo.art.registry import kind

TYRE: RGB = (44, 44, 48)


@kind(focus=(40, -330), zoom=1.7, place="outside", scale=1.06)
def bicycle(c: Canvas, look: Look) -> None:
    """Draw a bicycle."""
    c.ground(360, 0.26)
    for x in (-250, 250):
        _wheel(c.at(x, -170), look)
    hub, bracket, seat, head, front = (-250, -170), (-40, -160), (-110, -450), (170, -440), (250, -170)
    tube = 20
    for one, other in ((hub, bracket), (hub, (-104, -430))):
        c.line([one, other], 13, darker(look.main, 0.12))
    c.line([head, (196, -360), front], 15, darker(look.main, 0.1), soft=True)
    low = (150, -360) if look.variant == 0 else head
    top = (-80, -330) if look.variant == 0 else (-106, -432)
    for one, other in ((bracket, seat), (bracket, low), (top, (160, -410))):
        c.line([one, other], tube, look.main)
    c.line([(154, -470), (180, -390)], 22, look.main)
    c.line([(-110, -450), (-124, -510)], 12, (190, 194, 198))
    c.curve([(-200, -520), (-130, -536), (-60, -524), (-60, -510), (-130, -504), (-190, -500)], look.second)
    _cockpit(c, look)
    c.ellipse(*bracket, 44, 44, darker((190, 194, 198), 0.2))
    c.ellipse(*bracket, 28, 28, lighter((190, 194, 198), 0.2))
    c.line([bracket, (0, -80)], 12, (120, 124, 130))
    c.line([(-24, -76), (26, -76)], 14, TYRE)


def _wheel(c: Canvas, look: Look) -> None:
    for i in range(14):
        c.at(0, 0, 1, i * 180 / 14).line([(0, -150), (0, 150)], 2, (150, 152, 156))
    c.line(arc(0, 0, 158, 158), 20, TYRE)
    c.line(arc(0, 0, 145, 145), 7, (206, 208, 210))
    c.ellipse(0, 0, 16, 16, (120, 124, 130))
    c.line(arc(0, 0, 178, 178, 190, 330), 10, look.accent)


def _cockpit(c: Canvas, look: Look) -> None:
    c.line([(154, -470), (146, -510)], 12, (190, 194, 198))
    if look.variant == 0:
        c.line([(146, -510), (170, -540), (120, -556), (70, -540)], 13, (190, 194, 198), soft=True)
        c.line([(104, -552), (64, -538)], 20, look.second)
        c.line([(-330, -370), (-150, -370)], 10, (110, 112, 118))
        c.line([(-300, -370), (-256, -190)], 7, (110, 112, 118))
    else:
        c.line([(140, -510), (214, -516), (246, -470), (206, -420), (176, -424)], 14, look.second, soft=True)
        c.rect(-340, -390, 150, 130, sheet(look.accent), r=16)
        c.rect(-340, -390, 150, 36, darker(look.accent, 0.2), r=12)
        c.line([(-340, -392), (-140, -392)], 9, (110, 112, 118))


@kind(focus=(0, -230), zoom=1.6, scale=1.25)
def bell(c: Canvas, look: Look) -> None:
    """Draw a bell."""
    c.ground(150)
    c.rect(-70, -90, 140, 80, fall(darker(look.second, 0.1)), r=16)
    c.rect(-36, -130, 72, 50, rounded(look.second), r=6)
    c.line([(140, -150), (240, -200)], 26, look.second)
    c.ellipse(246, -204, 26, 26, rounded(look.second))
    c.poly([*arc(0, -140, 220, 250, 180, 360)], rounded(look.main, 1.4))
    c.ellipse(0, -140, 220, 34, rounded(darker(look.main, 0.2), 1.3))
    c.ellipse(0, -140, 196, 24, darker(look.main, 0.5))
    c.lathe([(-420, 16), (-400, 24), (-384, 30)], rounded(look.accent))
    c.curve([(-150, -210), (-110, -310), (-60, -350), (-84, -280), (-120, -200)], (255, 252, 240), 0.4)


@kind(focus=(-90, -300), zoom=1.7, scale=1.15)
def saddle(c: Canvas, look: Look) -> None:
    """Draw a saddle."""
    c.ground(210)
    c.lathe([(-160, 20), (-6, 20)], rounded(look.second), soft=False)
    c.line([(-200, -250), (-90, -170), (100, -170), (270, -270)], 13, look.second, soft=True)
    c.line([(-210, -270), (-100, -196), (110, -196), (280, -290)], 9, darker(look.second, 0.25), soft=True)
    c.curve(
        [
            (-300, -370),
            (-220, -424),
            (-90, -400),
            (80, -396),
            (300, -410),
            (330, -376),
            (280, -330),
            (80, -300),
            (-60, -250),
            (-180, -210),
            (-280, -250),
        ],
        sheet(look.main, 1.6),
    )
    c.curve(
        [
            (-290, -372),
            (-216, -416),
            (-90, -392),
            (80, -388),
            (300, -402),
            (318, -380),
            (80, -362),
            (-90, -350),
            (-220, -340),
        ],
        lighter(look.main, 0.14),
    )
    for x, y in ((-262, -352), (-236, -330), (-262, -300), (304, -384)):
        c.ellipse(x, y, 13, 13, look.accent)
        c.ellipse(x - 2, y - 3, 6, 6, lighter(look.accent, 0.5))


@kind(focus=(60, -120), zoom=1.7)
def pump(c: Canvas, look: Look) -> None:
    """Draw a pump."""
    c.ground(170)
    c.line([(26, -90), (150, -110), (190, -300), (120, -470), (40, -440)], 16, TYRE, soft=True)
    c.rect(-170, -26, 340, 26, fall(look.second), r=12)
    c.lathe([(-60, 46), (-16, 66)], rounded(look.second))
    c.rect(-26, -500, 52, 460, rounded(look.main, 1.3), r=10)
    c.rect(-32, -520, 64, 36, rounded(look.second), r=8)
    c.line([(0, -520), (0, -590)], 16, (196, 200, 204))
    c.rect(-140, -624, 280, 44, fall(look.accent, 1.3), r=22)
    c.ellipse(0, -120, 66, 66, darker(look.second, 0.2))
    c.ellipse(0, -122, 58, 58, (250, 247, 238))
    for i in range(9):
        c.at(0, -122, 1, -120 + i * 30).line([(0, -50), (0, -40)], 4, (60, 58, 60))
    c.at(0, -122, 1, 40).line([(0, 8), (0, -40)], 5, (180, 60, 46))
    shine(c, -16, -460, 240, 8, 0.4)


@kind(focus=(-60, -250), zoom=1.6, scale=1.15)
def headlight(c: Canvas, look: Look) -> None:
    """Draw a headlight."""
    c = c.at(-50, 0)
    c.shadow(-330, -270, 420, 330, 0.6, (255, 240, 190))
    c.ground(150)
    c.lathe([(-60, 70), (-6, 96)], rounded(look.second))
    c.line([(20, -60), (40, -180)], 34, darker(look.second, 0.2))
    c.curve(
        [(-130, -410), (60, -400), (210, -320), (240, -260), (200, -190), (50, -120), (-130, -110)],
        fall(look.main, 1.5),
    )
    c.ellipse(-130, -260, 56, 156, fall(look.accent, 1.4))
    c.ellipse(-136, -260, 44, 136, (255, 250, 226))
    c.ellipse(-138, -260, 26, 88, (255, 240, 180))
    c.line([(230, -240), (300, -200), (330, -60), (420, -10)], 8, TYRE, soft=True)
    c.curve([(-60, -372), (60, -362), (170, -310), (60, -330)], (255, 255, 250), 0.35)


@kind(focus=(0, -260), zoom=1.7, place="camp")
def lantern(c: Canvas, look: Look) -> None:
    """Draw a lantern."""
    c.shadow(0, -270, 420, 380, 0.6, (255, 228, 160))
    c.ground(150)
    c.line(arc(0, -460, 130, 170, 180, 360), 9, (150, 152, 156))
    c.lathe([(-90, 110), (-50, 150), (-8, 140)], rounded(look.main))
    c.lathe([(-110, 70), (-84, 112)], rounded(darker(look.main, 0.12)))
    c.curve(
        [(-70, -110), (-112, -220), (-98, -320), (-60, -380), (60, -380), (98, -320), (112, -220), (70, -110)],
        (255, 236, 184),
        0.75,
    )
    c.curve([(0, -290), (-24, -210), (-14, -150), (14, -150), (24, -210)], (250, 186, 84))
    c.curve([(0, -250), (-12, -200), (0, -160), (12, -200)], (255, 246, 214))
    for side in (-1, 1):
        c.line(
            [(side * 92, -80), (side * 132, -240), (side * 120, -400), (side * 70, -450)],
            14,
            darker(look.main, 0.1),
            soft=True,
        )
    c.line([(-112, -240), (112, -240)], 5, (150, 152, 156))
    c.lathe([(-440, 40), (-410, 84), (-372, 78)], rounded(look.main))
    c.lathe([(-520, 46), (-470, 54), (-434, 40)], rounded(lighter(look.main, 0.06)))
    c.ellipse(110, -52, 20, 16, look.accent)


@kind(focus=(-60, -150), zoom=1.7, place="outside")
def tent(c: Canvas, look: Look) -> None:
    """Draw a tent."""
    c.ground(380, 0.3)
    c.poly([(-380, 0), (-60, -400), (330, -330), (400, 0)], sheet(darker(look.main, 0.15)))
    c.poly([(-380, 0), (-60, -400), (120, 0)], sheet(look.main, 1.2))
    c.poly([(-60, -400), (330, -330), (400, 0), (120, 0)], sheet(darker(look.main, 0.2), 1.2))
    c.poly([(-190, 0), (-76, -290), (-10, 0)], darker(look.main, 0.62))
    c.curve([(-76, -290), (-10, -200), (46, -60), (30, -4), (-6, -4), (-30, -120)], look.second)
    c.line([(-60, -400), (330, -330)], 9, look.accent)
    c.line([(-380, 0), (-60, -400), (120, 0)], 7, lighter(look.main, 0.2))
    for x, y, top in ((-440, 14, (-60, -400)), (470, 10, (330, -330))):
        c.line([top, (x, y)], 4, look.accent)
        c.line([(x - 6, y + 12), (x + 6, y - 16)], 9, darker(look.accent, 0.3))


@kind(focus=(-90, -430), zoom=1.6, place="flat")
def axe(c: Canvas, look: Look) -> None:
    """Draw an axe."""
    for offset, shadow in ((16, True), (0, False)):
        one = c.at(0 if not shadow else 10, -290 + offset, 1.1, 40)
        handle = [(-20, -240), (20, -240), (24, 60), (40, 280), (56, 330), (6, 340), (-8, 280), (-24, 60)]
        head = [(-60, -320), (46, -310), (50, -220), (-50, -210), (-150, -150), (-176, -280), (-160, -380)]
        if shadow:
            one.poly(handle, (46, 36, 44), 0.2)
            one.poly(head, (46, 36, 44), 0.2)
            continue
        one.curve(handle, rounded(look.main))
        one.poly(head, sheet(look.second, 1.6))
        one.poly(
            [(-150, -150), (-176, -280), (-160, -380), (-136, -366), (-150, -280), (-130, -166)],
            lighter(look.second, 0.6),
        )
        one.rect(-30, -334, 54, 26, darker(look.main, 0.2), r=4)
        one.rect(4, 250, 50, 26, look.accent, r=8)


@kind(focus=(60, -280), zoom=1.7, place="flat", scale=1.1)
def pocket_knife(c: Canvas, look: Look) -> None:
    """Draw a pocket knife."""
    for offset, tone in ((18, None), (0, look)):
        one = c.at(40 if tone else 50, -280 + offset, 1.15, -28)
        blade = [(-40, -10), (-300, -30), (-372, 4), (-320, 30), (-40, 40)]
        body = [(-60, -34), (120, -44), (290, -30), (306, 14), (280, 46), (100, 40), (-60, 46)]
        if tone is None:
            one.poly(blade, (46, 36, 44), 0.2)
            one.curve(body, (46, 36, 44), 0.2)
            continue
        one.poly(blade, fall(tone.second, 1.5))
        one.poly([(-40, 18), (-330, 14), (-372, 4), (-320, 30), (-40, 40)], lighter(tone.second, 0.6))
        one.line([(-230, -10), (-150, -8)], 6, darker(tone.second, 0.35))
        one.curve(body, fall(tone.main, 1.6))
        one.rect(-66, -38, 46, 88, fall(tone.accent), r=8)
        for x in (20, 140, 250):
            one.ellipse(x, 2, 8, 8, tone.accent)


def strap(c: Canvas, points: list[tuple[float, float]], width: float, colour: RGB) -> None:
    """Draw a strap of leather or webbing with its lit edge."""
    c.line(points, width, darker(colour, 0.16), soft=True)
    c.line([(x - 2, y - 2) for x, y in points], width * 0.6, mix(colour, (255, 250, 240), 0.08), soft=True)
