"""A label and colour words -> a paper doll, for characters the world has no drawing of."""

from __future__ import annotations

import re

from PIL import Image, ImageDraw

from ....lettering import width, write
from .pen import Pen
from .pose import Pose

PAPER = "#FFFDF6"
INK = "#2A2633"
_LABEL = 45.0  # units across the doll that its name may take

COLOUR_WORDS: dict[str, str] = {
    "red": "#E4512B",
    "crimson": "#C32F3C",
    "scarlet": "#DE3A2E",
    "orange": "#F59332",
    "yellow": "#F7C93B",
    "gold": "#E5AE2C",
    "golden": "#E5AE2C",
    "honey": "#DB9A2C",
    "green": "#3FA648",
    "olive": "#8A9440",
    "teal": "#1C9C97",
    "turquoise": "#35BDB6",
    "cyan": "#49BFD9",
    "blue": "#3285D6",
    "navy": "#273F78",
    "indigo": "#4A4AA8",
    "purple": "#7B4FB0",
    "violet": "#8B5CC4",
    "lilac": "#B99BE0",
    "pink": "#F28CA6",
    "brown": "#8A5433",
    "tan": "#C9A073",
    "beige": "#E4D3B2",
    "grey": "#8D97A8",
    "gray": "#8D97A8",
    "silver": "#B8C0CC",
    "black": "#35323F",
    "white": "#F1ECE2",
}
_FALLBACKS = ("#C97B63", "#6C8EBF", "#7FA66B", "#A77BB5", "#C9A44C", "#5FA3A3")


def colour_of(words: str, label: str = "") -> str:
    """The first colour named in `words`, else a steady muted one chosen by the label."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", words.strip()):
        return words.strip()
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in COLOUR_WORDS:
            return COLOUR_WORDS[word]
    # Not hash(): that differs from one process to the next.
    return _FALLBACKS[sum(map(ord, label)) % len(_FALLBACKS)]


def draw_doll(image: Image.Image, pen: Pen, label: str, colour: str, pose: Pose) -> None:
    """A rounded figure with a paper rim, two eyes, and its name across the front."""
    fill = colour_of(colour, label)
    shade = _mixed(fill, INK, 0.28)
    if pose.lying:
        body, head = pen.moved(-48, 66), pen.moved(38, 74)
        parts = [(body, [(0, 4), (70, 0), (82, 30), (-8, 30)]), (head, None)]
        label_at = (-17.0, 83.0)
    else:
        upper = pen.moved(0, 92, pose.lean).moved(0, -92)
        body, head = upper.moved(0, 48), upper.moved(0, 28)
        parts = [(body, [(-19, 2), (19, 2), (29, 49), (-29, 49)]), (head, None)]
        label_at = (0.0, 76.0)
    for rim, tone in ((4.0, PAPER), (0.0, fill)):
        for part, outline in parts:
            if outline is None:
                part.oval(0, 0, 25 + rim - 3, 25 + rim - 3, tone)
            else:
                part.poly(outline, tone)
                part.stroke([*outline, outline[0]], 1 + 2 * rim, tone)
    for side in (-1, 1):
        if pose.eyes_open:
            head.oval(4 + side * 9, 0, 6.6, 7.2, PAPER)
            head.oval(5.5 + side * 9, 0.5, 4.2, 5, INK)
        else:
            head.curve([(side * 9 - 2, 0), (4 + side * 9, 4), (side * 9 + 10, 0)], 3, shade)
    if pose.lean == 0:
        _write(image, pen, label, label_at, PAPER if _is_dark(fill) else INK)


def _write(image: Image.Image, pen: Pen, label: str, at: tuple[float, float], ink: str) -> None:
    detail = pen.axes[0]
    text = label.strip()[:18] or "?"
    size = 17.0
    # Long names shrink until they fit across the doll.
    while size > 7 and width(text, size * detail) > _LABEL * detail:
        size -= 1
    at = (at[0] * detail + pen.axes[2], at[1] * detail + pen.axes[5])
    write(ImageDraw.Draw(image), at, text, size * detail, ink, anchor="mm", stroke_px=detail * 0.3)


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue < 150


def _mixed(colour: str, other: str, amount: float) -> str:
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * amount):02X}" for a, b in pairs)
