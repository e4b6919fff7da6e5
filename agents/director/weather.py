"""Prose -> the weather that it puts a scene in: "Snow is falling.", "in the pouring rain"."""

from __future__ import annotations

import re
from typing import Literal

from .reading.words.world_words import RAIN_WORDS, SNOWING_WORDS

Weather = Literal["rain", "snow", ""]

# Snow may lie; only where it moves does it snow.
_FALLING = r"fall|falls|falling|drifts|drifting|swirls|swirling|whirls|whirling|blows|blowing"
_SNOW = r"snow|snowflakes|flakes"
_SNOWS = re.compile(
    rf"\b(?:{_SNOW})\s+(?:(?:is|are|has|begins|starts|keeps|still|softly|gently|slowly|to)\s+)*"
    rf"(?:{_FALLING}|comes\s+down|coming\s+down)\b"
    rf"|\b(?:falling|drifting|swirling|whirling|driving|blowing)\s+(?:{_SNOW})\b"
    rf"|\b(?:{'|'.join(sorted(SNOWING_WORDS))})\b"
)
_RAINS = re.compile(rf"\b(?:{'|'.join(sorted(RAIN_WORDS))})\b")
# What is over, or not there, is no weather of the scene.
_OVER_BEFORE = re.compile(r"\b(?:no|not|never|without|stops?|stopped|after|before)(?:\s+the)?\s+$")
_OVER_AFTER = re.compile(r"^\s+(?:(?:has|had|have)\s+)?(?:stops|stopped|ends|ended|is\s+over)\b")


def weather_of(text: str) -> Weather:
    """Return the weather that a text speaks of last, empty where it speaks of none."""
    said = text.lower()
    found: list[tuple[int, Weather]] = []
    kinds: tuple[tuple[re.Pattern[str], Weather], ...] = ((_SNOWS, "snow"), (_RAINS, "rain"))
    for pattern, weather in kinds:
        for match in pattern.finditer(said):
            before, after = said[max(0, match.start() - 20) : match.start()], said[match.end() :]
            over = _OVER_BEFORE.search(before) or _OVER_AFTER.match(after)
            found.append((match.start(), "" if over else weather))
    return max(found, default=(0, ""))[1]


def is_weather(text: str) -> bool:
    """Say whether a sentence speaks of rain or snow, which the place is then drawn in."""
    return weather_of(text) != ""
