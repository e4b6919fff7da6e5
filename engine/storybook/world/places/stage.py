"""Light and weather -> the tones of a place, and a stage that draws in them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..figures.pen import Pen, Point
from ..vocabulary import Light, Weather

HORIZON = 0.62  # where the ground begins; characters stand below it
_MOON = "#FFF3C4"
# The sky under clouds, by light and weather, and the clouds.
SKIES: dict[tuple[Light, Weather], tuple[str, str]] = {
    ("day", "rain"): ("#A8B9CA", "#8698AC"),
    ("day", "snow"): ("#C6D3E2", "#E4EBF3"),
    ("night", "rain"): ("#495675", "#35415E"),
    ("night", "snow"): ("#5A6990", "#7F8DB0"),
}
_NIGHT_SKY = "#4C5D94"


@dataclass(frozen=True)
class PlaceCanvas:
    """A pen in units of the frame's height (x from 0 to `width`), and this seed's chances."""

    pen: Pen
    width: float
    chance: random.Random
    light: Light = "day"
    weather: Weather = "clear"

    @property
    def night(self) -> bool:
        return self.light == "night"

    def between(self, low: float, high: float) -> float:
        return self.chance.uniform(low, high)

    def sky(self, colour: str, night: str = _NIGHT_SKY) -> None:
        """Fill everything: by night with `night`, under clouds with their grey."""
        if self.weather != "clear":
            self.bare.poly(self._from(0), SKIES[self.light, self.weather][0])
        elif self.night:
            self.bare.poly(self._from(0), night)
        else:
            self.pen.poly(self._from(0), colour)

    def sun(self, x: float, y: float, radius: float, colour: str) -> None:
        """Hang up the sun, by night the moon, and under clouds two of them."""
        if self.weather == "clear":
            shown = _MOON if self.night else colour
            self.bare.oval(x, y, radius, radius, shown)
            return
        cloud = SKIES[self.light, self.weather][1]
        for at in (x, (x + self.width * 0.52) % self.width):
            for dx, dy, rx, ry in ((-0.1, 0.02, 0.13, 0.07), (0.02, -0.03, 0.13, 0.1)):
                self.bare.oval(at + dx, 0.12 + dy, rx, ry, cloud)
            self.bare.oval(at + 0.13, 0.14, 0.11, 0.065, cloud)

    def ground(self, colour: str, top: float = HORIZON) -> None:
        self.pen.poly(self._from(top), colour)

    def hill(self, x: float, half: float, height: float, colour: str) -> None:
        """A low smooth mound standing on the horizon."""
        ring = [math.pi * k / 30 for k in range(31)]
        self.pen.poly(
            [(x + half * math.cos(t), HORIZON + 0.01 - height * math.sin(t)) for t in ring], colour
        )

    def block(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """An upright rectangle."""
        self.pen.poly([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def window(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """A pane that is lit by night."""
        pen, shown = (self.bare, "#FFD978") if self.night else (self.pen, colour)
        pen.poly([(left, top), (right, top), (right, bottom), (left, bottom)], shown)

    def pane(self, left: float, top: float, right: float, bottom: float) -> None:
        """A pane of a room, behind which it is day or night."""
        self.pane_shape([(left, top), (right, top), (right, bottom), (left, bottom)])

    def pane_shape(self, points: Sequence[Point]) -> None:
        """A pane of any shape."""
        self.bare.poly(points, "#4C5D94" if self.night else "#A9DDF5")

    def lamp(self, x: float, y: float, radius: float) -> None:
        """A lamp's shade, which shines by night."""
        pen, colour = (self.bare, "#FFE08A") if self.night else (self.pen, "#EFE3C2")
        low, high = radius * 1.25, radius * 0.62
        pen.poly(
            [(x - high, y - high), (x + high, y - high), (x + low, y + high), (x - low, y + high)],
            colour,
        )

    def glow(self, x: float, y: float, radius: float) -> None:
        """A round light, which shines by night."""
        pen, colour = (self.bare, "#FFE08A") if self.night else (self.pen, "#F4F1E4")
        pen.oval(x, y, radius, radius, colour)

    def side(self) -> float:
        """An x near the left or the right edge, clear of the middle where characters act."""
        offset = self.between(0.13, 0.27)
        return offset if self.chance.random() < 0.5 else self.width - offset

    @property
    def bare(self) -> Pen:
        """The pen without the light's and the weather's tones."""
        return Pen(self.pen.draw, self.pen.axes)

    def _from(self, top: float) -> list[tuple[float, float]]:
        return [(0, top), (self.width, top), (self.width, 1), (0, 1)]


def lamplit(colour: str) -> str:
    """Return what a colour of a room becomes by lamp light: warmer, and not much darker."""
    return _scaled(colour, (((0.74, 0.64, 0.52), (30, 20, 12)),))


def tone(light: Light, weather: Weather) -> Callable[[str], str] | None:
    """Return what a colour of a clear day becomes; None where it stays as it is."""
    steps = [_CLOUDS[weather]] if weather in _CLOUDS else []
    if light == "night":
        steps.append(_NIGHT)
    if not steps:
        return None

    return lambda colour: _scaled(colour, steps)


def grade(light: Light, weather: Weather) -> _Step:
    """Return what takes colours of a clear day or night to those of the same in rain or snow."""
    if weather not in _CLOUDS:
        return (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
    scale, lift = _CLOUDS[weather]
    if light == "day":
        return scale, lift
    # Night is laid over clouds: n(c(x)), of which n(x) is given.
    lifted = (
        (1 - k) * low + dim * up
        for k, up, dim, low in zip(scale, lift, *_NIGHT, strict=True)
    )  # fmt: skip
    red, green, blue = lifted
    return scale, (red, green, blue)


# What colours are scaled by, and lifted.
_Step = tuple[tuple[float, float, float], tuple[float, float, float]]
_CLOUDS: dict[Weather, _Step] = {
    "rain": ((0.68, 0.69, 0.71), (38, 42, 48)),
    "snow": ((0.62, 0.62, 0.62), (88, 91, 96)),
}
_NIGHT: _Step = ((0.46, 0.52, 0.62), (16, 22, 42))


def _scaled(colour: str, steps: Sequence[_Step]) -> str:
    parts = [float(int(colour[i : i + 2], 16)) for i in (1, 3, 5)]
    for scale, lift in steps:
        parts = [p * k + up for p, k, up in zip(parts, scale, lift, strict=True)]
    return "#" + "".join(f"{min(255, round(p)):02X}" for p in parts)
