"""Kitchen machines and the apron of the person who works them."""

from shop.demo.art.canvas import Canvas, arc
from shop.demo.art.colour import Look, darker, fall, lighter, mix, rounded, sheet
from shop.demo.art.kinds.vessels import handle, rim, shine
from shop.demo.art.registry import kind


@kind(focus=(0, -330), scale=1.05)
def grinder(c: Canvas, look: Look) -> None:
    """Draw a grinder."""
    c.ground(110)
    c.lathe([(-180, 92), (-120, 104), (-10, 108)], rounded(look.main))
    c.lathe([(-380, 100), (-300, 104), (-200, 98), (-176, 92)], rounded(lighter(look.main, 0.08)))
    c.lathe([(-206, 98), (-170, 98)], rounded(look.second), soft=False)
    c.lathe([(-450, 30), (-420, 88), (-378, 102)], rounded(look.second))
    c.line([(0, -450), (0, -500)], 22, darker(look.accent, 0.2))
    c.line([(0, -500), (190, -520)], 18, look.accent)
    c.line([(0, -504), (188, -524)], 6, lighter(look.accent, 0.4))
    knob = c.at(190, 0)
    knob.lathe([(-596, 20), (-566, 34), (-524, 16)], rounded(look.main))
    shine(c, -70, -360, 130)


@kind(focus=(60, -330), zoom=1.8, scale=0.98)
def espresso(c: Canvas, look: Look) -> None:
    """Draw an espresso."""
    c.ground(270)
    c.rect(-270, -46, 500, 42, fall(darker(look.main, 0.3)), r=12)
    c.rect(-250, -64, 460, 26, rounded(look.accent), r=10)
    c.rect(-250, -520, 200, 460, rounded(look.main), r=26)
    c.rect(-250, -540, 380, 190, rounded(lighter(look.main, 0.08)), r=60)
    c.ellipse(-160, -445, 46, 46, darker(look.accent, 0.1))
    c.ellipse(-160, -445, 37, 37, (250, 247, 240))
    c.line([(-160, -445), (-138, -466)], 5, (160, 50, 40))
    c.rect(40, -380, 96, 110, rounded(look.accent), r=10)
    c.line([(88, -520), (88, -640)], 22, look.accent)
    c.line([(88, -640), (210, -720)], 20, look.accent)
    c.line([(160, -688), (236, -737)], 38, darker(look.second, 0.1))
    c.rect(26, -282, 124, 40, rounded(darker(look.accent, 0.25)), r=10)
    c.line([(140, -262), (282, -244)], 34, look.second)
    cup = c.at(88, -64, 0.36)
    handle(cup, 150, -190, -70, 100, 34, (245, 240, 230))
    cup.lathe([(-250, 160), (-120, 140), (-8, 90)], rounded((245, 240, 230)))
    rim(cup, -250, 160, (245, 240, 230))
    c.line([(-40, -330), (-10, -200), (-4, -150)], 13, lighter(look.accent, 0.1), soft=True)
    shine(c, -225, -340, 220, 12, 0.4)


@kind(focus=(0, -400), place="wall")
def apron(c: Canvas, look: Look) -> None:
    """Draw an apron."""
    c.shadow(26, -270, 290, 400, 0.35)
    c.ellipse(0, -640, 15, 15, look.accent)
    for side in (-1, 1):
        c.line([(0, -630), (side * 60, -590), (side * 104, -520)], 20, darker(look.main, 0.1), soft=True)
    body = [
        (-108, -530),
        (108, -530),
        (126, -400),
        (214, -320),
        (232, -20),
        (200, -4),
        (-200, -4),
        (-232, -20),
        (-214, -320),
        (-126, -400),
    ]
    c.poly(body, sheet(look.main, 1.3))
    for x in (-150, -60, 40, 130):
        c.line([(x, -300), (x * 1.12, -20)], 5, darker(look.main, 0.12), soft=True)
    c.rect(-130, -250, 260, 120, sheet(lighter(look.main, 0.07)), r=8)
    c.line([(-130, -250), (130, -250)], 9, look.second)
    c.line([(0, -246), (0, -134)], 4, look.second)
    c.line([(-106, -522), (106, -522)], 9, look.second)
    towel = mix(look.second, (255, 255, 255), 0.2)
    c.poly([(150, -330), (196, -326), (210, -150), (140, -150)], sheet(towel))
    c.line(arc(172, -330, 22, 14, 180, 360), 8, look.accent)
