"""`box (left, top, right, bottom)` and `at left-third` -> a Box of the frame."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...story import Box
from ..diagnostics.findings import Findings, did_you_mean
from ..syntax import tree

_TINY_SIDE = 0.05
_SIDES = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True)
class _Size:
    """What a distance word says: the size of the box and where its foot stands."""

    width: float
    height: float
    foot: float


_DISTANCES = {
    "far": _Size(0.14, 0.28, 0.62),
    "background": _Size(0.18, 0.36, 0.68),
    "middle": _Size(0.3, 0.55, 0.92),
    "foreground": _Size(0.4, 0.75, 1.0),
    "near": _Size(0.5, 0.9, 1.0),
}
# The centre across the frame; the thirds are those of the rule of thirds.
_ACROSS = {
    "far-left": 0.15,
    "left": 0.25,
    "left-third": 1 / 3,
    "center": 0.5,
    "centre": 0.5,
    "right-third": 2 / 3,
    "right": 0.75,
    "far-right": 0.85,
}
# The centre down the frame, for who does not stand on the ground.
_DOWN = {"top": 0.22, "upper-third": 1 / 3, "sky": 0.25, "lower-third": 2 / 3, "bottom": 0.78}
# What the words for a position say -> the words.
POSITIONS: Mapping[str, tuple[str, ...]] = {
    "across": tuple(_ACROSS),
    "down": tuple(_DOWN),
    "away": tuple(_DISTANCES),
}
POSITION_WORDS = tuple(word for words in POSITIONS.values() for word in words)


def resolve_box(words: Sequence[tree.Arg], at: tree.Node, findings: Findings) -> Box | None:
    """Return the box that a keyframe writes, or None with the reason reported."""
    match words:
        case [tree.Word(text="box"), tree.ValueGroup() as group] | [tree.ValueGroup() as group]:
            return _box(group, findings)
        case [tree.Word(text="box"), *_]:
            _report_arity(at, len(words) - 1, findings)
            return None
        case [tree.Word(text="at"), first, *rest]:
            return _position([first, *rest], findings)
        case [tree.Word(), *_]:
            return _position(words, findings)
    findings.error(
        "141", at, "this says no place in the frame", "box (0.1, 0.2, 0.4, 0.9) or at left-third"
    )
    return None


def _box(group: tree.ValueGroup, findings: Findings) -> Box | None:
    if len(group.values) != 4:
        _report_arity(group, len(group.values), findings)
        return None
    numbers = []
    for side, value in zip(_SIDES, group.values, strict=True):
        number = _coordinate(side, value, findings)
        if number is None:
            return None
        numbers.append(number)
    box = Box(*numbers)
    if box.width <= 0 or box.height <= 0:
        left, right = sorted((box.left, box.right))
        top, bottom = sorted((box.top, box.bottom))
        message = "box has no area: right must exceed left, and bottom must exceed top"
        swapped = f"did you swap them? ({left:g}, {top:g}, {right:g}, {bottom:g})"
        help = swapped if left < right and top < bottom else None
        findings.error("142", group, message, help)
        return None
    if min(box.width, box.height) < _TINY_SIDE:
        message = f"this box is tiny ({box.width:.2g} x {box.height:.2g} of the frame)"
        findings.warning("145", group, message, "a model hardly draws what is smaller than 5 %")
    return box


def _coordinate(side: str, value: tree.Value, findings: Findings) -> float | None:
    if not isinstance(value, tree.Quantity) or value.unit not in ("", "%"):
        findings.error("141", value, f"the {side} edge of a box is a number", "0.3 or 30%")
        return None
    number = value.number / 100 if value.unit == "%" else value.number
    if 0 <= number <= 1:
        return number
    help = None
    if value.unit == "" and 2 <= number <= 100:
        help = f"did you mean {number:g}%? A box is in 0..1, not in pixels"
    elif math.isfinite(number):
        help = f"{0 if number < 0 else 1} is the edge of the frame"
    findings.error("143", value, f"the {side} edge of a box lies in 0..1", help)
    return None


def _report_arity(at: tree.Node, count: int, findings: Findings) -> None:
    message = f"a box has four numbers (left, top, right, bottom), not {count}"
    findings.error("141", at, message, "box (0.1, 0.2, 0.4, 0.9)")


def _position(words: Sequence[tree.Arg], findings: Findings) -> Box | None:
    across, down = 0.5, None
    size = _DISTANCES["middle"]
    for word in words:
        if not isinstance(word, tree.Word):
            findings.error("147", word, "a position is made of words", "at left-third")
            return None
        if word.text in _ACROSS:
            across = _ACROSS[word.text]
        elif word.text in _DOWN:
            down = _DOWN[word.text]
        elif word.text in _DISTANCES:
            # `far background` is one distance: the further of the two.
            size = (
                min(size, _DISTANCES[word.text], key=lambda s: s.foot)
                if (word.text == "background")
                else _DISTANCES[word.text]
            )
        else:
            _report_position(words, word, findings)
            return None
    top = size.foot - size.height if down is None else down - size.height / 2
    left = min(max(0.0, across - size.width / 2), 1 - size.width)
    top = min(max(0.0, top), 1 - size.height)
    return Box(left, top, left + size.width, top + size.height)


def _report_position(words: Sequence[tree.Arg], wrong: tree.Word, findings: Findings) -> None:
    """Report a word that is no position, or two that would be one with a hyphen."""
    before = words[words.index(wrong) - 1] if wrong is not words[0] else None
    joined = f"{before.text}-{wrong.text}" if isinstance(before, tree.Word) else ""
    if before is not None and joined in POSITION_WORDS:
        place = tree.Node(before.start, wrong.end)
        message = f'"{joined.replace("-", " ")}" is one word'
        findings.error("147", place, message, f"did you mean {joined}?")
        return
    help = did_you_mean(wrong.text, POSITION_WORDS)
    findings.error("147", wrong, f'"{wrong.text}" is no position', help)
