"""Place id -> its drawing on a stage: a flat sky, a flat ground, and a few bold things."""

from __future__ import annotations

import math
from collections.abc import Callable

from .stage import HORIZON, PlaceCanvas

_FORESTS: dict[str, tuple[str, str, str, str, str]] = {  # sky, far, floor, trunk, leaves
    "day": ("#CDEBEF", "#8FC28E", "#B4D98A", "#8A6248", "#5C9E5A"),
    "night": ("#66789F", "#54708A", "#86AFA0", "#3F4F6E", "#3E6B6A"),
}
OWN_NIGHT = ("forest",)  # places whose night is drawn, not toned


def _meadow(s: PlaceCanvas) -> None:
    s.sky("#CBEAF6")
    s.sun(s.between(0.2, s.width - 0.2), s.between(0.12, 0.2), 0.085, "#FFDD6B")
    s.hill(s.between(0.1, 0.5), s.between(0.55, 0.7), s.between(0.14, 0.22), "#A5D08A")
    s.hill(s.between(1.0, 1.4), s.between(0.5, 0.7), s.between(0.1, 0.18), "#94C67C")
    s.ground("#B9DD8F")
    x = s.side()
    s.pen.stroke([(x, 0.4), (x, 0.66)], 0.045, "#9A6B4A")
    s.pen.oval(x, 0.36, 0.125, 0.14, "#6FAE62")


def _beach(s: PlaceCanvas) -> None:
    s.sky("#C8ECF8")
    s.sun(s.between(0.2, s.width - 0.2), s.between(0.12, 0.2), 0.085, "#FFE07A")
    s.ground("#4DB7D3", HORIZON - s.between(0.13, 0.17))
    s.ground("#F8E4B5", HORIZON + 0.02)
    s.ground("#E8F7F5", HORIZON)
    s.ground("#F8E4B5", HORIZON + 0.025)
    x = s.side()
    s.pen.stroke([(x, 0.36), (x, 0.7)], 0.024, "#B98A5E")
    canopy = [(x + 0.19 * math.cos(t), 0.42 - 0.16 * math.sin(t)) for t in _half_turn()]
    s.pen.poly(canopy, "#F0705F")
    s.pen.poly([(x + 0.4 * (p - x), q) for p, q in canopy], "#FFF6E6")


def _snow(s: PlaceCanvas) -> None:
    s.sky("#BDD3EC")
    s.hill(s.between(0.2, 0.5), s.between(0.5, 0.7), s.between(0.16, 0.24), "#D4E3F4")
    s.hill(s.between(1.0, 1.4), s.between(0.5, 0.7), s.between(0.12, 0.2), "#C9DBF0")
    s.ground("#E6EFF9")
    x = s.side()
    for apex, half in ((0.22, 0.1), (0.33, 0.135)):
        s.pen.poly([(x, apex), (x + half, apex + 0.19), (x - half, apex + 0.19)], "#5B8C8A")
    s.pen.poly([(x, 0.22), (x + 0.045, 0.305), (x - 0.045, 0.305)], "#F7FBFF")
    s.pen.stroke([(x, 0.53), (x, 0.66)], 0.04, "#8C6A58")


def _forest(s: PlaceCanvas) -> None:
    # Its night has colours of its own, and is what it looks like unless somebody says otherwise.
    sky, far, floor, trunk, leaves = _FORESTS[s.light]
    s.sky(sky, sky)
    s.sun(s.between(0.5, s.width - 0.5), s.between(0.13, 0.2), 0.085, "#FFE07A")
    s.ground(far, HORIZON - 0.16)
    s.ground(floor)
    for x in (s.between(0.04, 0.2), s.width - s.between(0.04, 0.2)):
        s.pen.stroke([(x, -0.1), (x, 0.68)], s.between(0.075, 0.11), trunk)
        s.pen.oval(x, -0.02, s.between(0.22, 0.3), s.between(0.2, 0.26), leaves)


def _desert(s: PlaceCanvas) -> None:
    s.sky("#FBEBD3")
    s.sun(s.between(0.25, s.width - 0.25), s.between(0.14, 0.22), 0.11, "#F9A66C")
    s.hill(s.between(0.2, 0.5), s.between(0.5, 0.75), s.between(0.12, 0.2), "#EBC08C")
    s.hill(s.between(1.0, 1.4), s.between(0.5, 0.7), s.between(0.1, 0.16), "#E4B47C")
    s.ground("#F4D6A2")
    x, arm = s.side(), s.chance.choice((-1, 1))
    for path in (
        [(x, 0.34), (x, 0.66)],
        [(x, 0.54), (x + arm * 0.09, 0.52), (x + arm * 0.09, 0.44)],
    ):
        s.pen.stroke(path, 0.062, "#5F9F6B")


def _town(s: PlaceCanvas) -> None:
    s.sky("#DCEBF4")
    walls = ["#F2C8B4", "#BFD6C5", "#F3DDA6", "#C9C6E3"]
    s.chance.shuffle(walls)
    x = s.between(-0.16, -0.04)
    for wall in walls[:3]:
        wide, top = s.between(0.56, 0.62), s.between(0.3, 0.38)
        s.block(x, top, x + wide, 0.7, wall)
        s.pen.poly([(x - 0.02, top), (x + wide / 2, top - 0.19), (x + wide + 0.02, top)], "#B5746B")
        for at in (0.27, 0.73):
            middle = x + wide * at
            s.window(middle - 0.055, top + 0.07, middle + 0.055, top + 0.19, "#8EA3BA")
        x += wide
    s.ground("#D3CEC9")


def _mountain(s: PlaceCanvas) -> None:
    s.sky("#CFE3F2")
    s.sun(s.between(0.2, s.width - 0.2), s.between(0.1, 0.14), 0.08, "#FFDD6B")
    peaks = (
        (s.between(0.2, 0.5), s.between(0.5, 0.6), s.between(0.12, 0.2), "#8E9BB8"),
        (s.between(0.95, 1.3), s.between(0.55, 0.65), s.between(0.08, 0.16), "#7C8AAB"),
    )
    for x, half, top, colour in peaks:
        s.pen.poly([(x, top), (x + half, HORIZON + 0.02), (x - half, HORIZON + 0.02)], colour)
        cap = half * 0.34
        foot = top + (HORIZON + 0.02 - top) * 0.34
        s.pen.poly([(x, top), (x + cap, foot), (x, foot - 0.05), (x - cap, foot)], "#F7FBFF")
    s.ground("#B5C29B")
    s.pen.oval(s.side(), 0.66, 0.14, 0.09, "#9A9FA8")


def _lake(s: PlaceCanvas) -> None:
    s.sky("#D3EDF3")
    s.sun(s.between(0.3, s.width - 0.3), s.between(0.1, 0.16), 0.085, "#FFDD6B")
    for x in (s.between(0.1, 0.3), s.between(0.65, 0.85), s.between(1.2, 1.4)):
        s.pen.oval(x, 0.46, s.between(0.3, 0.4), s.between(0.12, 0.2), "#6FAE7F")
    s.ground("#58A9DC", 0.45)
    s.pen.oval(s.between(0.4, s.width - 0.4), 0.55, 0.2, 0.022, "#8CC8EB")
    s.ground("#A8D388", 0.66)
    x = s.side()
    for dx, top in ((-0.055, 0.4), (0.02, 0.33), (0.09, 0.43)):
        s.pen.stroke([(x + dx, top), (x + dx * 0.5, 0.7)], 0.026, "#4F8A55")
        s.pen.stroke([(x + dx, top), (x + dx * 0.93, top + 0.08)], 0.052, "#8A5A3C")


def _farm(s: PlaceCanvas) -> None:
    s.sky("#D2EBF5")
    s.sun(s.between(0.3, s.width - 0.3), s.between(0.12, 0.18), 0.085, "#FFDD6B")
    s.hill(s.between(0.5, 0.9), s.between(0.6, 0.75), s.between(0.1, 0.16), "#C9D27C")
    s.ground("#E4CF82")
    x = s.between(0.28, 0.34)
    x = x if s.chance.random() < 0.5 else s.width - x
    s.block(x - 0.24, 0.34, x + 0.24, 0.66, "#C9504A")
    roof = [(x - 0.28, 0.36), (x - 0.17, 0.2), (x, 0.12), (x + 0.17, 0.2), (x + 0.28, 0.36)]
    s.pen.poly(roof, "#8C3A3C")
    s.block(x - 0.11, 0.44, x + 0.11, 0.66, "#FBF1E0")
    s.block(x - 0.08, 0.47, x + 0.08, 0.66, "#A63F3E")
    bale = s.width - x + s.between(-0.06, 0.06)
    s.pen.oval(bale, 0.6, 0.115, 0.1, "#D3A945")
    s.pen.oval(bale, 0.6, 0.06, 0.052, "#B98B2F")


def _garden(s: PlaceCanvas) -> None:
    s.sky("#D8F0F4")
    s.sun(s.between(0.2, s.width - 0.2), s.between(0.1, 0.15), 0.08, "#FFDD6B")
    for k in range(6):
        s.pen.oval(k * s.width / 5, 0.42, 0.2, 0.11, "#5FA463")
    s.ground("#5FA463", 0.42)
    s.ground("#C6E59A")
    petals = ["#F0647F", "#FFC94A", "#B278E0", "#FF8E5C"]
    s.chance.shuffle(petals)
    for k, x in enumerate((s.between(0.06, 0.14), s.between(0.27, 0.36))):
        for mirrored, at in ((0, x), (1, s.width - x)):
            top = 0.4 + 0.1 * ((k + mirrored) % 2)
            s.pen.stroke([(at, top), (at, 0.68)], 0.032, "#3F7F48")
            for turn in range(5):
                angle = turn * math.tau / 5
                across, down = 0.055 * math.cos(angle), 0.055 * math.sin(angle)
                s.pen.oval(at + across, top + down, 0.047, 0.047, petals[2 * k + mirrored])
            s.pen.oval(at, top, 0.036, 0.036, "#FFF3C4")


def _room(s: PlaceCanvas) -> None:
    walls = s.chance.choice(("#F4DCC0", "#DCE3C8", "#F3D5CF"))
    s.ground(walls, 0)
    s.ground("#C79868")
    s.ground("#E9CFA8", HORIZON - 0.035)
    s.ground("#C79868")
    x = s.between(0.5, s.width - 0.5)
    s.block(x - 0.2, 0.1, x + 0.2, 0.43, "#FFF8EC")
    pane = "#4C5D94" if s.night else "#A9DDF5"
    s.bare.poly([(x - 0.17, 0.13), (x + 0.17, 0.13), (x + 0.17, 0.4), (x - 0.17, 0.4)], pane)
    s.sun(x + 0.07, 0.21, 0.045, "#FFDD6B")
    s.block(x - 0.016, 0.12, x + 0.016, 0.42, "#FFF8EC")
    s.pen.oval(s.width / 2, 0.84, 0.52, 0.1, "#D9776C")
    at = s.side()
    s.block(at - 0.03, 0.3, at + 0.03, 0.66, "#8A5F42")
    lamp, glow = (s.bare, "#FFD978") if s.night else (s.pen, "#6FA3A0")
    lamp.poly([(at - 0.07, 0.16), (at + 0.07, 0.16), (at + 0.13, 0.34), (at - 0.13, 0.34)], glow)


def _cave(s: PlaceCanvas) -> None:
    s.ground("#6E6787", 0)
    x = s.between(0.5, s.width - 0.5)
    s.pen.oval(x, 0.5, 0.5, 0.4, "#57506F")
    mouth = "#4C5D94" if s.night else "#BFE3F2"
    s.bare.oval(x, 0.42, 0.3, 0.28, mouth)
    s.sun(x + s.between(-0.1, 0.1), 0.3, 0.065, "#FFDD6B")
    s.ground("#9088A0")
    for at in (s.between(0.06, 0.16), s.between(0.3, 0.4), s.width - s.between(0.1, 0.3)):
        long = s.between(0.16, 0.28)
        s.pen.poly([(at - 0.075, 0), (at + 0.075, 0), (at, long)], "#4A4462")
    at = s.side()
    s.pen.poly([(at - 0.09, 0.68), (at - 0.03, 0.46), (at + 0.03, 0.68)], "#7FD1D8")
    s.pen.poly([(at - 0.01, 0.68), (at + 0.06, 0.53), (at + 0.11, 0.68)], "#A6E3E3")


def _half_turn() -> list[float]:
    return [math.pi * k / 24 for k in range(25)]


DRAWINGS: dict[str, Callable[[PlaceCanvas], None]] = {
    "meadow": _meadow,
    "beach": _beach,
    "snow": _snow,
    "forest": _forest,
    "desert": _desert,
    "town": _town,
    "mountain": _mountain,
    "lake": _lake,
    "farm": _farm,
    "garden": _garden,
    "room": _room,
    "cave": _cave,
}
