"""The figures of a run -> the page of the story benchmark: tables, what was met, plots, gaps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from . import plots, questions
from .checks import quoted
from .intervals import PairedDifference, paired_bootstrap, wilson
from .rows import BEST, BOTH, DRAWN, PLAIN, REGIONS, REPLANNED, RESEEDED, RETRIEVED, ROWS
from .scoring import ShotScore
from .story_run import StoryFigures

Measure = Callable[[ShotScore], float]

COLUMNS: dict[str, Measure] = {
    "character": lambda s: s.character,
    "motion": lambda s: s.motion,
    "place": lambda s: float(s.place),
    "layout IoU": lambda s: s.layout,
    "text": lambda s: s.text,
    "dynamic": lambda s: s.dynamic,
}
# What the paper reports for its method over its own backbone with neither part (its table 3), in
# parts of the backbone's value: fine-grained text by CLIP and by ViCLIP, and transitions.
PAPER = {"text (CLIP)": 0.038, "text (ViCLIP)": 0.053, "transitions": 0.075}

_HEAD = """\
# Stories on the miniature: the paper's claims, with controls

Made by `dreamrunner bench story`; do not edit by hand. Twelve stories in the world of the
[miniature](miniature.md), of 1 to 8 scenes and one of 24, with one to three characters, held-out
motions (a wave, a sway) and characters (a penguin, a hedgehog), and figures that stand before one
another. Every row asks for the same shots with the same seeds; one seed. The last row is the world
itself, drawn as planned: the ceiling of every column.

* **character**: the right animal in its colour where it was planned; **motion**: by crops that
  stand still about the planned boxes; **layout IoU**: planned boxes against boxes of their size
  about where the judge finds the animal, 0 where it finds none; **place**: all by the judge, which
  nothing that makes films asks.
* **text** is the critic's word, because the judge reads no sentences: how likely the shot's
  sentence is among others that differ in one thing. The re-planner asks the same critic, so its
  rows are not to be compared by it.
* **join**: the likeness of the two frames at a cut within a place, by the critic; **dynamic**:
  how much a pixel changes from frame to frame, which stands beside it because a still picture
  joins best.
"""
_HEADLINES = """\
The paper's headline gains (13.1 % of character, 8.56 % of text, 27.2 % of transitions) are over
other systems with other backbones; their scenes are two clips joined hard, and CogVideoX with
nothing added already has 87.1 of its 93.6. They say what a better backbone does as well, so that
nothing here is compared with them. The gates are the paper's own ablation on one backbone: text
+3.8 % (CLIP) and +5.3 % (ViCLIP), transitions +7.5 %. On so small a model that is a comparison of
kind, not of size.
"""
_LEAKS = """\
## Does one region's text reach another's picture?

In a layer it cannot: what a token of the video sees of the texts is decided by its region, and
`tests/engine/sr3ai/test_attention.py` holds this exactly. Over layers it can, since all video
tokens see each other. Here one region's words were exchanged for other words, with the same
noise, and the mean change of a pixel taken, in parts of its range.

| regions rule in | in its own box | in the other's | elsewhere |
|---|---|---|---|
"""
_OCCLUSION = """\
## Occlusion

Two standing figures by regions: whether both are seen anywhere, and how often the one in front in
its own box. What is drawn stands beside it: a figure that is hidden cannot be seen.

"""


def write_page(figures: StoryFigures, folder: Path, results: Path, about: str) -> Path:
    """Write the page and its plots into a folder; `results` has the figures of other checks."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = dict(_plots(figures))
    for name, svg in pictures.items():
        (folder / name).write_text(svg, encoding="utf-8")
    strip = folder / "storybench-strip.png"
    parts = [
        _HEAD, about, _table(figures), *_differences(figures), _gates(figures), _HEADLINES,
        *_strip(strip), *_lengths(figures, pictures), *_occlusion(figures, pictures),
        *_leaks(figures), *quoted(results), *_not_run(figures),
    ]  # fmt: skip
    page = folder / "storybench.md"
    page.write_text("\n".join(part.rstrip() + "\n" for part in parts if part), encoding="utf-8")
    return page


def _of(figures: StoryFigures, row: str) -> dict[tuple[str, str], ShotScore]:
    return {(s.story, s.shot): s for s in figures.shots if s.row == row}


def _mean(values: Sequence[float]) -> str:
    known = [v for v in values if not math.isnan(v)]
    if not known:
        return "-"
    found = paired_bootstrap(known, [0.0] * len(known))
    return f"{found.mean:.2f} [{found.low:.2f}, {found.high:.2f}]"


def _table(figures: StoryFigures) -> str:
    lines = [
        f"| row | shots | {' | '.join(COLUMNS)} | join | takes |",
        "|---" * (len(COLUMNS) + 4) + "|",
    ]
    for row in ROWS:
        shots = list(_of(figures, row.name).values())
        if not shots:
            lines.append(f"| {row.name} | not run |" + " |" * (len(COLUMNS) + 2))
            continue
        joins = [j.alike for j in figures.joins if j.row == row.name]
        cells = [
            f"{np.mean([s.dynamic for s in shots]):.4f}" if name == "dynamic"
            else _mean([measure(s) for s in shots])
            for name, measure in COLUMNS.items()
        ]  # fmt: skip
        takes = sum(s.takes for s in shots)
        lines.append(
            f"| {row.name} | {len(shots)} | {' | '.join(cells)} | {_mean(joins)} | {takes} |"
        )
    return "\n".join(["## The rows", "", "Means over shots with 95 % intervals.", "", *lines])


_PAIRS = (
    (BEST, PLAIN), (REGIONS, PLAIN), (REGIONS, BEST), (RETRIEVED, BEST), (BOTH, PLAIN),
    (BOTH, BEST), (BOTH, REGIONS), (REPLANNED, BOTH), (REPLANNED, REGIONS), (REPLANNED, RESEEDED),
    (DRAWN, BOTH),
)  # fmt: skip


def difference(
    figures: StoryFigures, ours: str, theirs: str, measure: Measure
) -> PairedDifference | None:
    """Return how much more one row has than another on the shots that both have."""
    mine, other = _of(figures, ours), _of(figures, theirs)
    shared = [
        (measure(mine[k]), measure(other[k])) for k in mine.keys() & other.keys()
        if not math.isnan(measure(mine[k]) + measure(other[k]))
    ]  # fmt: skip
    if len(shared) < 2:
        return None
    shared.sort()
    return paired_bootstrap([a for a, _ in shared], [b for _, b in shared])


def join_difference(figures: StoryFigures, ours: str, theirs: str) -> PairedDifference | None:
    """Return how much more alike one row's cuts are than another's."""
    mine = {(j.story, j.shot): j.alike for j in figures.joins if j.row == ours}
    other = {(j.story, j.shot): j.alike for j in figures.joins if j.row == theirs}
    shared = sorted(mine.keys() & other.keys())
    if len(shared) < 2:
        return None
    return paired_bootstrap([mine[k] for k in shared], [other[k] for k in shared])


def _differences(figures: StoryFigures) -> Iterator[str]:
    lines = []
    for ours, theirs in _PAIRS:
        found = [difference(figures, ours.name, theirs.name, m) for m in COLUMNS.values()]
        if any(found):
            names = f"{ours.name} minus {theirs.name}"
            cells = [
                "-" if d is None else _signed(d, 4 if name == "dynamic" else 2)
                for name, d in zip(COLUMNS, found, strict=True)
            ]
            join = join_difference(figures, ours.name, theirs.name)
            lines.append(f"| {names} | {' | '.join(cells)} | {'-' if join is None else join} |")
    if lines:
        head = [f"| difference | {' | '.join(COLUMNS)} | join |", "|---" * (len(COLUMNS) + 2) + "|"]
        yield "\n".join(
            ["## Paired differences", "", "Shot by shot, with 95 % intervals by bootstrap.", "",
             *head, *lines]
        )  # fmt: skip


def _signed(found: PairedDifference, digits: int) -> str:
    return f"{found.mean:+.{digits}f} [{found.low:+.{digits}f}, {found.high:+.{digits}f}]"


def _gates(figures: StoryFigures) -> str:
    """Say which of the paper's gains are met, in parts of the plain caption's value."""
    ours = BOTH if _of(figures, BOTH.name) else REGIONS
    plain = list(_of(figures, PLAIN.name).values())
    text = difference(figures, ours.name, PLAIN.name, COLUMNS["text"])
    join = join_difference(figures, ours.name, PLAIN.name)
    moves = difference(figures, ours.name, PLAIN.name, COLUMNS["dynamic"])
    lines = [f"## What was met, {ours.name} against {PLAIN.name}", ""]
    texts = [s.text for s in plain if not math.isnan(s.text)]
    cuts = [j.alike for j in figures.joins if j.row == PLAIN.name]
    for name, found, values in (
        ("text (CLIP)", text, texts), ("text (ViCLIP)", text, texts), ("transitions", join, cuts),
    ):  # fmt: skip
        if found is None or not values or not np.mean(values):
            lines.append(f"* {name}: not run.")
            continue
        base = float(np.mean(values))
        share, low = found.mean / base, found.low / base
        met = "met" if low > PAPER[name] else "not met"
        most = _ceiling(figures, name) / base - 1
        lines.append(
            f"* {name}: {share:+.1%}, at least {low:+.1%}; the paper has {PAPER[name]:+.1%}: {met}."
            + (f" The drawn world has {most:+.1%}." if not math.isnan(most) else "")
        )
    if moves is not None:
        held = "not shown to be lower" if moves.high >= 0 else "lower"
        lines.append(f"* dynamic degree: {_signed(moves, 4)}, {held} than plain's.")
    return "\n".join(lines)


def _ceiling(figures: StoryFigures, name: str) -> float:
    """Return what the drawn world has on the shots or cuts of the plain caption."""
    if name == "transitions":
        asked = {(j.story, j.shot) for j in figures.joins if j.row == PLAIN.name}
        found = [
            j.alike for j in figures.joins
            if j.row == DRAWN.name and (j.story, j.shot) in asked
        ]  # fmt: skip
    else:
        plain, world = _of(figures, PLAIN.name), _of(figures, DRAWN.name)
        texts = [world[k].text for k in world.keys() & plain.keys()]
        found = [text for text in texts if not math.isnan(text)]
    return float(np.mean(found)) if found else math.nan


def _strip(strip: Path) -> Iterator[str]:
    if strip.is_file():
        yield (
            "## Seen\n\n"
            f"![Shots by rows]({strip.name})\n\n*A shot a line, a row of the table a column: "
            f"{PLAIN.name}, {BEST.name}, {REGIONS.name}; three frames each.*\n"
        )


def _plots(figures: StoryFigures) -> Iterator[tuple[str, str]]:
    by_length = {r.name: _by_position(figures, r.name) for r in (PLAIN, BEST, REGIONS)}
    if any(by_length.values()):
        title = "Right characters by the scene's place in its story"
        yield "storybench-scenes.svg", plots.lines(by_length, title, "scene", "character")
    if figures.occlusion:
        by_mode = {
            mode: [
                (overlap, _share([o.both for o in figures.occlusion
                                  if (o.mode, o.overlap) == (mode, overlap)]))
                for overlap in questions.OVERLAPS
            ]
            for mode in questions.MODES
        }  # fmt: skip
        title = "Both figures seen, by the overlap of their boxes"
        yield "storybench-occlusion.svg", plots.lines(by_mode, title, "overlap", "both seen")


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held) if held else 0.0


def _by_position(figures: StoryFigures, row: str) -> list[tuple[float, float]]:
    """Return the mean of characters over scenes 1-2, 3-4, 5-8, 9-16, 17-24 of all stories."""
    found = []
    for low, high in ((1, 2), (3, 4), (5, 8), (9, 16), (17, 24)):
        held = [
            s.character for s in _of(figures, row).values()
            if low <= int(s.shot.split(".")[0]) <= high
        ]  # fmt: skip
        if held:
            found.append(((low + high) / 2, float(np.mean(held))))
    return found


def _lengths(figures: StoryFigures, pictures: dict[str, str]) -> Iterator[str]:
    if not figures.shots:
        return
    lines = ["## By how many are there, and by scene", "", "| row | one | two | three |",
             "|---|---|---|---|"]  # fmt: skip
    for row in ROWS:
        shots = _of(figures, row.name).values()
        if shots:
            cells = [_mean([s.character for s in shots if len(s.figures) == n]) for n in (1, 2, 3)]
            lines.append(f"| {row.name} | {' | '.join(cells)} |")
    lines += ["", "The share of right characters by how many are in the shot."]
    if "storybench-scenes.svg" in pictures:
        lines += ["", "![By scene](storybench-scenes.svg)"]
    yield "\n".join(lines)


def _occlusion(figures: StoryFigures, pictures: dict[str, str]) -> Iterator[str]:
    if not figures.occlusion:
        return
    modes = questions.MODES
    lines = [f"| overlap | {' | '.join(modes)} |", "|---" * (len(modes) + 1) + "|"]
    for overlap in questions.OVERLAPS:
        cells = []
        for mode in questions.MODES:
            own = [o for o in figures.occlusion if (o.mode, o.overlap) == (mode, overlap)]
            cells.append(
                f"{wilson([o.both for o in own])}, front {_share([o.front for o in own]):.2f}"
            )
        lines.append(f"| {overlap:.0%} | {' | '.join(cells)} |")
    yield _OCCLUSION + "\n".join([*lines, "", "![By overlap](storybench-occlusion.svg)"])


def _leaks(figures: StoryFigures) -> Iterator[str]:
    if not figures.leaks:
        return
    lines = []
    for layers in questions.LAYERS:
        own = [x for x in figures.leaks if x.layers == layers]
        if own:
            cells = [
                f"{np.mean([getattr(x, part) for x in own]):.3f}"
                for part in ("own", "other", "rest")
            ]
            lines.append(f"| {layers:.0%} of the layers | {' | '.join(cells)} |")
    yield _LEAKS + "\n".join([*lines, "", f"{len(figures.leaks) // len(questions.LAYERS)} scenes."])


def _not_run(figures: StoryFigures) -> Iterator[str]:
    if figures.not_run:
        yield "\n".join(["## Not run", "", *(f"* {name}" for name in figures.not_run)])
