"""Folders of finished films -> the film strips of the README: a picture a shot, a strip a film.

python docs/strip.py out/detective out/fox docs/films-strip.png
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from dreamrunner.engine.video import read_video

MOST = 7
WIDTH_PX, HEIGHT_PX, GAP_PX = 240, 160, 8
EDGE_PX, HOLE_PX = 26, (14, 10)
FILM, HOLE = "#26242c", "#f4f1ea"
# How far into a shot its picture is taken: most motions are at their height there.
MOMENT = 0.41


def strip(folder: Path) -> Image.Image:
    """Return shots from all over a film side by side, as a strip with holes along its edges."""
    film = json.loads((folder / "run.json").read_text(encoding="utf-8"))["film"]
    clips = film["clips"]
    count = min(MOST, len(clips))
    clips = [clips[round(n * (len(clips) - 1) / max(1, count - 1))] for n in range(count)]
    width = len(clips) * (WIDTH_PX + GAP_PX) + GAP_PX
    page = Image.new("RGB", (width, HEIGHT_PX + 2 * EDGE_PX), FILM)
    for number, clip in enumerate(clips):
        frames = read_video(folder / "shots" / Path(clip["path"]).name).frames
        picture = Image.fromarray(frames[int(len(frames) * MOMENT)])
        picture = picture.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS)
        page.paste(picture, (GAP_PX + number * (WIDTH_PX + GAP_PX), EDGE_PX))
    _punch(page)
    return page


def _punch(page: Image.Image) -> None:
    draw, (wide, tall) = ImageDraw.Draw(page), HOLE_PX
    for left in range(GAP_PX, page.width - wide, (WIDTH_PX + GAP_PX) // 8):
        for top in ((EDGE_PX - tall) // 2, page.height - (EDGE_PX + tall) // 2):
            draw.rounded_rectangle((left, top, left + wide, top + tall), 3, fill=HOLE)


def stacked(strips: Sequence[Image.Image]) -> Image.Image:
    """Return strips one above the other."""
    page = Image.new("RGB", (max(s.width for s in strips), sum(s.height for s in strips)), FILM)
    top = 0
    for one in strips:
        page.paste(one, (0, top))
        top += one.height
    return page


if __name__ == "__main__":
    *folders, page = sys.argv[1:]
    stacked([strip(Path(folder)) for folder in folders]).save(page, optimize=True)
