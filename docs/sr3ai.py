"""The embedded model + the speed table's results -> the pictures and the timings of docs/sr3ai.md.

    python docs/sr3ai.py

Each shot is drawn three times from one seed: under regions, with and without the underpainting, and
from one caption that says the same. The page shows the layout on the model's own tokens above.
Seeds are fixed and every shot that is drawn is shown. Timings come from
benchmarks/results/speed-c.json, and are left as they are where that file is not there.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dreamrunner.engine.sr3ai.layout import TokenLayout, shot_layout
from dreamrunner.engine.storybook.capabilities import storybook_capabilities
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.models import FPS, FRAMES, token_grid
from dreamrunner.plan import Beat, Entity, Keyframe, Placement, RenderSettings, ShotPlan
from dreamrunner.story import Box

FOLDER = Path(__file__).parent
PAGE, PICTURE = FOLDER / "sr3ai.md", FOLDER / "sr3ai.png"
RESULTS = FOLDER.parent / "benchmarks" / "results" / "speed-c.json"
BEGIN, END = "<!-- timings: written by docs/sr3ai.py -->", "<!-- end of timings -->"

LENGTH_S = FRAMES / FPS
SAMPLED = storybook_capabilities()
MOMENTS = (0, 8, 16, 24)  # frames
SCALE, GAP_PX, SIDE_PX = 2, 8, 150
PAPER, INK = "#f4f1ea", "#26242c"
# A colour a text; what two texts see is their mixture.
COLOURS = np.array([[226, 122, 63], [122, 92, 176], [196, 200, 190]], np.float64)


def shot(number: int, *, regions: bool) -> ShotPlan:
    """Return one of the shots: a text a region, or one caption without regions."""
    roles, background, caption = SHOTS[number]
    entities = [
        Entity(id=name, look=f"{color} {name.lower()}", prompt=prompt,
               character=name.lower(), color=color)
        for name, color, _, prompt, _, _ in roles
    ]  # fmt: skip
    return ShotPlan(
        id=str(number), scene="1", duration_s=LENGTH_S, seed=number, place="", place_id="meadow",
        background=background if regions else caption,
        entities=tuple(entities),
        beats=tuple(
            Beat(entity=name, motion=motion, start_s=0.0, end_s=LENGTH_S)
            for name, _, motion, _, _, _ in roles
        ),
        keyframes=tuple(
            Keyframe(
                time_s=time_s,
                placements=tuple(
                    Placement(entity=role[0], box=role[which], depth=depth)
                    for depth, role in enumerate(roles)
                ),
            )
            for time_s, which in ((0.0, 4), (LENGTH_S, 5))
        ),
        settings=RenderSettings(regions=regions, steps=SAMPLED.steps, guidance=SAMPLED.guidance),
    )  # fmt: skip


# Who, colour, motion, prompt, box at the beginning and at the end; background; caption.
SHOTS = (
    (
        (
            ("FOX", "red", "walk", "a red fox walking to the right",
             Box(0.02, 0.45, 0.32, 0.92), Box(0.28, 0.45, 0.58, 0.92)),
            ("OWL", "purple", "stand", "a purple owl standing still, facing left",
             Box(0.66, 0.40, 0.94, 0.90), Box(0.66, 0.40, 0.94, 0.90)),
        ),
        "a sunny meadow",
        "a red fox walking to the right on the left and a purple owl standing still on the right "
        "on a sunny meadow",
    ),
    (
        (
            ("CAT", "black", "hop", "a black cat hopping to the right",
             Box(0.03, 0.42, 0.33, 0.92), Box(0.20, 0.42, 0.50, 0.92)),
            ("BEAR", "brown", "sleep", "a brown bear sleeping, facing left",
             Box(0.56, 0.55, 0.96, 0.92), Box(0.56, 0.55, 0.96, 0.92)),
        ),
        "a sunny meadow",
        "a black cat hopping to the right on the left and a brown bear sleeping on the right on a "
        "sunny meadow",
    ),
)  # fmt: skip


def layout_picture(layout: TokenLayout, frame: int, size: tuple[int, int]) -> Image.Image:
    """Draw which texts the tokens of a frame see: a square a token, in the colour of its texts."""
    grid = token_grid()
    seen = layout.visible.view(layout.regions, grid.frames, grid.height, grid.width)
    nearest = np.abs(np.array(grid.times_s) - frame / FPS).argmin()
    mine = seen[:, nearest].numpy().astype(np.float64)  # [R, H, W]
    mixed = np.einsum("rhw,rc->hwc", mine, COLOURS) / mine.sum(0)[..., None]
    picture = Image.fromarray(mixed.round().astype(np.uint8))
    picture = picture.resize(size, Image.Resampling.NEAREST)
    draw = ImageDraw.Draw(picture)
    for column in range(1, grid.width):
        x = column * size[0] / grid.width
        draw.line((x, 0, x, size[1]), fill=PAPER)
    for row in range(1, grid.height):
        y = row * size[1] / grid.height
        draw.line((0, y, size[0], y), fill=PAPER)
    return picture


def page() -> Image.Image:
    """Draw every shot with and without regions, below its layout."""
    family, bare = StorybookFamily(), StorybookFamily(underpainted=False)
    rows: list[tuple[str, list[Image.Image]]] = []
    size = (family.capabilities.width * SCALE, family.capabilities.height * SCALE)
    for number in range(len(SHOTS)):
        planned = shot(number, regions=True)
        layout = shot_layout(planned, token_grid())
        rows.append(("regions", [layout_picture(layout, frame, size) for frame in MOMENTS]))
        for words, drawer, regions in (
            ("SR3AI,\nunderpainted", family, True), ("SR3AI alone", bare, True),
            ("one caption", family, False),
        ):  # fmt: skip
            frames = drawer.render(shot(number, regions=regions), (), None, _quiet)
            pictures = [Image.fromarray(frames[frame]) for frame in MOMENTS]
            rows.append((words, [p.resize(size, Image.Resampling.LANCZOS) for p in pictures]))
    width = SIDE_PX + len(MOMENTS) * (size[0] + GAP_PX)
    sheet = Image.new("RGB", (width, len(rows) * (size[1] + GAP_PX) + GAP_PX), PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(20)
    for row, (words, pictures) in enumerate(rows):
        top = GAP_PX + row * (size[1] + GAP_PX)
        draw.text((GAP_PX, top + size[1] / 2), words, INK, font=font, anchor="lm")
        for column, picture in enumerate(pictures):
            sheet.paste(picture, (SIDE_PX + column * (size[0] + GAP_PX), top))
    return sheet


def _quiet(done: int, total: int) -> None:
    """Hear of a step."""


def timings(account: dict[str, dict[str, object]]) -> str:
    """Return the C rows of a run of benchmarks/run.py as a table, with the machine below."""
    names = {
        "C1": "attention under regions / plain attention over the video tokens",
        "C2": "attention under regions / unmasked attention over the whole sequence",
        "C3": "dense bool mask, as published / ours, bf16",
        "C3 bias": "dense float mask, built once / ours, bf16",
        "C3 fp32": "dense bool mask, as published / ours, fp32",
        "C3 fp32 bias": "dense float mask, built once / ours, fp32",
        "C4": "a linear with three adapters on their regions / bare",
        "C5": "full-sequence masked adapters / ours",
        "C6": "a whole block: published form / ours", "C6 plain": "a whole block: ours / plain",
        "C7": "bytes of masks / S^2", "C8": "layout of a shot / a denoising step",
    }  # fmt: skip
    machine, figures = account["machine"], account["figures"]
    quartiles = account.get("quartiles", {})
    lines = ["| ratio | measured | quartiles of the turns |", "|---|---|---|"]
    for name, row in names.items():
        value = f"{figures[name]:.3g}" if name in figures else "not run"
        spread = " to ".join(f"{end:.3g}" for end in quartiles.get(name, ()))
        lines.append(f"| {row} | {value} | {spread} |")
    about = f"{machine['processor']}, {machine['threads']} threads, PyTorch {machine['torch']}"
    return "\n".join([*lines, "", f"On {about}, {machine['date']}."])


def main() -> None:
    """Draw the pictures, and put the timings into the page."""
    page().quantize(128, method=Image.Quantize.MEDIANCUT).save(PICTURE, optimize=True)
    if RESULTS.is_file():
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2]
        table = timings(json.loads(RESULTS.read_text(encoding="utf-8")))
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
