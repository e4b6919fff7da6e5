"""Crops of the miniature's figures, to be named by somebody who never saw what was asked for.

    python benchmarks/crops.py draw [--checkpoint regions] [--count 60] [--out out/crops]
        writes numbered sheets, and the list of names to choose from
    python benchmarks/crops.py score benchmarks/crops-answers.tsv [--json FILE]
        compares answers, a line each: number, animal, colour ("nobody" where none can be told)

Scenes, frames and their order follow from a seed. Whoever answers sees the sheets alone; answers
are committed before they are scored.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from miniature import Painter
from minibench import arms
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dreamrunner.bench.intervals import wilson
from dreamrunner.engine.miniature.judge import CROP, followed
from dreamrunner.engine.miniature.world import CHARACTERS, COLOURS, FRAMES, Figure

SEED = 6060
_ACROSS, _SCALE = 10, 3
_CACHE = Path(__file__).parents[1] / "out" / "miniature"


@dataclass(frozen=True, eq=False)
class Crop:
    """A figure cut out of one frame, and who was asked for."""

    pixels: NDArray[np.uint8]
    figure: Figure


def asked(count: int) -> list[tuple[arms.Asked, int, int]]:
    """Return scenes, one figure's row in each, and a frame: two of three are pairs."""
    chance = random.Random(SEED)
    scenes = [*arms.singles(count // 3), *arms.pairs(count - count // 3)]
    chance.shuffle(scenes)
    return [(one, chance.randrange(len(one.wanted)), chance.randrange(FRAMES)) for one in scenes]


def crops(painter: Painter, count: int) -> list[Crop]:
    """Draw the scenes by regions, and cut a figure out of each."""
    found = []
    for one, row, frame in asked(count):
        frames = painter(arms.by_regions(one, 1))
        found.append(Crop(followed(frames, one.boxes[row])[frame], one.wanted[row]))
    return found


def sheet(shown: list[Crop]) -> Image.Image:
    """Lay crops out in rows, each with its number over it."""
    side, label = CROP * _SCALE, 14
    rows = -(-len(shown) // _ACROSS)
    page = Image.new("RGB", (_ACROSS * (side + 6), rows * (side + label + 6)), "white")
    pen = ImageDraw.Draw(page)
    for number, crop in enumerate(shown):
        x, y = number % _ACROSS * (side + 6), number // _ACROSS * (side + label + 6)
        pen.text((x + 2, y + 1), str(number + 1), fill="black")
        page.paste(Image.fromarray(crop.pixels).resize((side, side)), (x, y + label))
    return page


def draw(args: argparse.Namespace) -> None:
    """Write the sheet and the names to choose from."""
    args.out.mkdir(parents=True, exist_ok=True)
    # The answers that are kept are of crops in twenty steps.
    painter = Painter(args.checkpoint, args.cache, steps=20)
    sheet(crops(painter, args.count)).save(args.out / "crops.png")
    names = f"animals: {', '.join(CHARACTERS)}\ncolours: {', '.join(COLOURS)}\n"
    (args.out / "names.txt").write_text(names, encoding="utf-8")
    print(f"written to {args.out}")


def score(args: argparse.Namespace) -> None:
    """Compare answers with what was asked for."""
    with args.answers.open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file, delimiter="\t") if row and row[0].isdigit()]
    truth = [one.wanted[row] for one, row, _ in asked(len(rows))]
    animal = [row[1] == figure.character for row, figure in zip(rows, truth, strict=True)]
    both = [right and row[2] == figure.colour
            for right, row, figure in zip(animal, rows, truth, strict=True)]  # fmt: skip
    wrong = [
        {"number": int(row[0]), "asked": f"{figure.colour} {figure.character}",
         "answered": f"{row[2]} {row[1]}"}
        for right, row, figure in zip(both, rows, truth, strict=True) if not right
    ]  # fmt: skip
    found = {
        "crops": len(rows), "animal": wilson(animal).plain(), "animal and colour":
        wilson(both).plain(), "wrong": wrong,
    }  # fmt: skip
    print(f"animal {wilson(animal)}, animal and colour {wilson(both)} of {len(rows)}")
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Do what the command line says."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = top.add_subparsers(required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("--checkpoint", choices=("plain", "regions"), default="regions")
    drawing.add_argument("--count", type=int, default=60)
    drawing.add_argument("--out", type=Path, default=_CACHE.parent / "crops")
    drawing.add_argument("--cache", type=Path, default=_CACHE)
    drawing.set_defaults(do=draw)
    scoring = commands.add_parser("score")
    scoring.add_argument("answers", type=Path)
    scoring.add_argument("--json", type=Path)
    scoring.set_defaults(do=score)
    args = top.parse_args()
    args.do(args)


if __name__ == "__main__":
    main()
