"""How well people and places are painted by parts, against the drawn world.

`python benchmarks/people.py`

Figures are drawn that training has not seen: looks and motions as in training, with its seed left
aside, and looks that it holds out (`world/held_out.py`). A cell counts where the painter names the
part that is drawn there; only cells of figures count. The floor is another figure of the kind in
its place; the ceiling is one. Intervals are bootstrapped over figures, at 95 %.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.figure_painting import (
    MOTIONS,
    FigurePainter,
    PersonWords,
    codes_of,
    pose_vector,
    settled,
)
from dreamrunner.engine.storybook.place_painting import PlacePainter, number_of
from dreamrunner.engine.storybook.world.additions import Framing
from dreamrunner.engine.storybook.world.figures.motions import pose_at
from dreamrunner.engine.storybook.world.figures.parts import draw_parts
from dreamrunner.engine.storybook.world.held_out import HELD_OUT_LOOKS, is_held_out
from dreamrunner.engine.storybook.world.places.place_parts import LAYOUTS, PAINTED, place_parts
from dreamrunner.engine.storybook.world.scenes.people_scenes import sample_look, sample_motion

SEED = 5_150_019
FRAMINGS: tuple[Framing, ...] = ("wide", "medium", "close")


def drawn_words(rng: np.random.Generator, framing: Framing, *, held_out: bool) -> PersonWords:
    """Return somebody to paint whom training has not seen, or a look that it holds out."""
    look, motion = sample_look(rng), sample_motion(rng, framing)
    if held_out:
        garment, headgear = HELD_OUT_LOOKS[int(rng.integers(len(HELD_OUT_LOOKS)))]
        return PersonWords(replace(look, garment=garment, headgear=headgear), motion, framing)
    while is_held_out(look, motion):
        look = sample_look(rng)
    return PersonWords(look, motion, framing)


@torch.no_grad()
def shares(painter: FigurePainter, rng: np.random.Generator, framing: Framing, count: int,
           *, held_out: bool) -> tuple[list[float], list[float], list[float]]:  # fmt: skip
    """Return of each figure the cells that are right, those of the floor, and its outline's IoU."""
    words = [drawn_words(rng, framing, held_out=held_out) for _ in range(count)]
    frames = [int(rng.integers(models.FRAMES)) for _ in words]
    codes, motions = codes_of(words)
    poses = settled(painter.posed(motions, torch.tensor(frames) / models.FPS))
    named = torch.cat([
        painter(c, p).argmax(1) for c, p in zip(codes.split(32), poses.split(32), strict=True)
    ]).numpy()  # fmt: skip
    true = np.stack([
        draw_parts(w.look, framing, pose_at(w.motion, k, models.FRAMES, models.FPS), w.item)
        for w, k in zip(words, frames, strict=True)
    ])  # fmt: skip
    right, floor, outline = [], [], []
    for at, drawn in enumerate(true):
        figure = drawn > 0
        right.append(float((named[at] == drawn)[figure].mean()))
        floor.append(float((true[at - 1] == drawn)[figure].mean()))
        both = (named[at] > 0) & figure
        outline.append(float(both.sum() / ((named[at] > 0) | figure).sum()))
    return right, floor, outline


def interval(values: Sequence[float]) -> list[float]:
    """Return a mean and its bootstrapped 95 % interval."""
    rng = np.random.default_rng(0)
    found = np.asarray(values)
    means = found[rng.integers(len(found), size=(2000, len(found)))].mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return [round(float(x), 3) for x in (found.mean(), low, high)]


@torch.no_grad()
def poses_right(painter: FigurePainter) -> float:
    """Return the share of all motions and times at which legs, arms, mouth and gaze are right."""
    motions = torch.arange(len(MOTIONS)).repeat_interleave(models.FRAMES)
    times = (torch.arange(models.FRAMES) / models.FPS).repeat(len(MOTIONS))
    said = settled(painter.posed(motions, times))
    true = torch.stack([
        pose_vector(pose_at(m, k, models.FRAMES, models.FPS))
        for m in MOTIONS for k in range(models.FRAMES)
    ])  # fmt: skip
    return float((said[:, :30] == true[:, :30]).all(-1).float().mean())


@torch.no_grad()
def places_right(painter: PlacePainter) -> float:
    """Return the share of all places' cells that are right."""
    rows = [(place, layout) for place in PAINTED for layout in range(LAYOUTS)]
    named = painter(torch.tensor([number_of(*row) for row in rows])).argmax(1).numpy()
    return float((named == np.stack([place_parts(*row) for row in rows])).mean())


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--weights", type=Path, default=models.WEIGHTS)
    read.add_argument("--figures", type=int, default=150, help="of each kind")
    read.add_argument("--json", type=Path)
    args = read.parse_args()
    people = models.load_parts(FigurePainter(), args.weights / "people.safetensors")
    places = models.load_parts(PlacePainter(), args.weights / "places.safetensors")
    if people is None or places is None:
        sys.exit(f"{args.weights} has no painters by parts: train `people` and `places` first")
    rng, kept = np.random.default_rng(SEED), {}
    print("| figures | cells right | floor: another figure | outline, IoU |\n|---|---|---|---|")
    for held_out in (False, True):
        for framing in FRAMINGS:
            found = shares(people, rng, framing, args.figures, held_out=held_out)
            name = f"{framing}{', held out' if held_out else ''}"
            kept[name] = [interval(values) for values in found]
            cells = (f"{m:.3f} [{a:.3f}, {b:.3f}]" for m, a, b in kept[name])
            print(f"| {name} | {' | '.join(cells)} |")
    told = {"figures": kept, "poses": poses_right(people), "places": places_right(places)}
    print(f"\nposes right: {told['poses']:.3f}; cells of places right: {told['places']:.4f}")
    if args.json:
        args.json.write_text(json.dumps({"seed": SEED, "each": args.figures, **told}, indent=1))


if __name__ == "__main__":
    main()
