"""A line of words -> pixels, each stretch of it in a typeface that has its characters.

A character that no typeface here has is drawn as the replacement character, and `unwritable` says
which those are: whoever draws says so once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageDraw

from .typefaces import Typeface, noto_sans, script_of, typeface_of

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class _LetteredRun:
    """Characters that stand side by side in one typeface."""

    text: str
    face: Typeface


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    words: str,
    size_px: float,
    colour: str,
    *,
    anchor: str = "la",
    stroke_px: float = 0,
) -> None:
    """Write one line. `anchor` is Pillow's: l, m, r and a (ascender), m, s (baseline)."""
    x = at[0] - {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]] * width(words, size_px)
    # The first typeface's measures hold for the line, whatever else is in it.
    ascent, descent = noto_sans().at(size_px).getmetrics()
    y = at[1] + {"a": ascent, "m": (ascent - descent) / 2, "s": 0.0}[anchor[1]]
    for run in _runs(words):
        font = run.face.at(size_px)
        draw.text((x, y), run.text, fill=colour, font=font, anchor="ls", stroke_width=stroke_px)
        x += font.getlength(run.text)


@lru_cache(maxsize=4096)
def width(words: str, size_px: float) -> float:
    """Return the width of a line in pixels."""
    return sum(run.face.at(size_px).getlength(run.text) for run in _runs(words))


def unwritable(texts: Iterable[str]) -> str | None:
    """Return a note on the characters that cannot be written here; None where all can."""
    scripts: dict[str, list[str]] = {}
    for character in dict.fromkeys(c for text in texts for c in _line(text)):
        if not _draws_nothing(character) and typeface_of(character) is None:
            scripts.setdefault(script_of(character) or "signs", []).append(character)
    if not scripts:
        return None
    said = "; ".join(f"{script} ({_few(found)})" for script, found in scripts.items())
    return (
        f"no font here can write these characters, and {_REPLACEMENT} stands for each in the "
        f"pictures: {said}; install a font that has them, such as one of the Noto Sans family"
    )


def _few(characters: list[str]) -> str:
    more = len(characters) - _MOST_SHOWN
    return " ".join(characters[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


@lru_cache(maxsize=4096)
def _runs(words: str) -> tuple[_LetteredRun, ...]:
    runs: list[_LetteredRun] = []
    for character in _line(words):
        before = runs[-1].face if runs else noto_sans()
        # A space, an accent or a joiner belongs to the letters that it follows.
        follows = character == " " or unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
        if follows and character in before.characters:
            face: Typeface | None = before
        elif _draws_nothing(character):
            continue
        else:
            face = typeface_of(character)
        if face is None:
            character, face = _REPLACEMENT, noto_sans()
        if runs and face == before:
            runs[-1] = _LetteredRun(runs[-1].text + character, face)
            continue
        if runs and runs[-1].text.endswith(" ") and before != noto_sans():
            # The space after a word that runs from the right is not at its left.
            runs[-1:] = [
                _LetteredRun(runs[-1].text.rstrip(" "), before),
                _LetteredRun(" ", noto_sans()),
            ]
        if runs and runs[-1].face == face:
            runs[-1] = _LetteredRun(runs[-1].text + character, face)
        else:
            runs.append(_LetteredRun(character, face))
    return tuple(runs)


def _draws_nothing(character: str) -> bool:
    """Say whether a character is a control, a joiner or the choice of another's shape."""
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return is_selector or unicodedata.category(character) in ("Cc", "Cf")


def _line(words: str) -> str:
    """Return one line of whole characters: no line breaks, no halves, accents on their letters."""
    whole = " ".join(words.split()).encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", whole)
