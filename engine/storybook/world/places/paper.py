"""The words for a place that nobody drew -> a quiet paper stage, tinted by what they say."""

from __future__ import annotations

import re

from ..figures.cutouts import COLOUR_WORDS
from .stage import HORIZON, PlaceCanvas

# Words that tint the paper stage: sky, ground. The first that occurs decides.
_TINTED: tuple[tuple[str, str, str], ...] = (
    ("cave", "#8C8791", "#6F6A76"),
    ("night", "#5E6C94", "#7C8CA6"),
    ("space", "#454C77", "#8B8FB0"),
    ("moon", "#5E6C94", "#A9AFC0"),
    ("underwater", "#7FC3D8", "#E3D6AE"),
    ("river lake", "#D9ECF2", "#7FBFD6"),
    ("sea ocean", "#D2EAF4", "#63B3CF"),
    ("water", "#D2EAF4", "#7FBFD6"),
    ("ice", "#DCE8F4", "#C4DDEE"),
    ("snow winter", "#CFDDED", "#EAF1F8"),
    ("forest wood", "#D6E6D3", "#8FB38A"),
    ("jungle", "#CFE6C9", "#6FA371"),
    ("garden grass", "#DDEEF0", "#A9CF93"),
    ("hill", "#DDEEF0", "#B2CF98"),
    ("field", "#DDEEF0", "#CFD68F"),
    ("mountain", "#DAE4EE", "#A9A9AF"),
    ("rock", "#E2E2E0", "#A9A9AF"),
    ("desert", "#FBEBD3", "#EDCB96"),
    ("sand", "#E3EEF0", "#F0DDB0"),
    ("beach", "#D2EAF4", "#F3E1B4"),
    ("fire", "#F6D3B5", "#C98B6B"),
    ("sunset", "#F9CDB0", "#C79C9A"),
    ("dawn", "#F8DCD0", "#C9B7B5"),
    ("street", "#E0E8EE", "#C8C4C0"),
    ("city", "#DCE3EA", "#BDBBBB"),
    ("town", "#E0E8EE", "#D3CEC9"),
    ("room house", "#F0E4D2", "#C9A884"),
    ("kitchen", "#F3EAD6", "#C9B08C"),
    ("castle", "#DDE0EA", "#B4B1B8"),
    ("sky cloud", "#CBE5F5", "#F2F7FA"),
)
TINTS: dict[str, tuple[str, str]] = {
    word: (sky, ground) for words, sky, ground in _TINTED for word in words.split()
}
_PAPER = ("#F3EBDD", "#DCCFB9")


def draw_paper(s: PlaceCanvas, description: str) -> None:
    """Draw a sky, a ground and nothing else."""
    words = re.findall(r"[a-z]+", description.lower())
    # Plurals count: "rivers" is a river.
    known = [TINTS.get(w) or TINTS.get(w.removesuffix("s")) for w in words]
    sky, ground = next((tint for tint in known if tint), _PAPER)
    if (sky, ground) == _PAPER:
        named = next((COLOUR_WORDS[w] for w in words if w in COLOUR_WORDS), None)
        ground = _pale(named) if named else ground
    if "night" in words:
        sky = TINTS["night"][0]
    s.sky(sky)
    s.pen.oval(s.width * 0.5, HORIZON, s.width * 0.42, 0.46, _pale(sky, 0.25))
    s.ground(ground)
    s.ground(_pale(ground, 0.25), HORIZON + 0.03)


def _pale(colour: str, amount: float = 0.55) -> str:
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(p + (255 - p) * amount):02X}" for p in parts)
