"""The embedded model's adapter, part by part: what does each add to a motion that was never taught?

    python benchmarks/adapter_parts.py [--motion somersault] [--count N] [--cache DIR]

One adapter is trained as a film trains it, and then drawn with: none of it, the turn alone, the
turn and the underpainter's layers, all of it, and all but the turn; from the same seeds. Beside
whether the motion is shown stand how far the figure's box is from the world's own drawing (mean
absolute difference of a pixel, 0..255, with the interval of paired differences to the last part
asked for) and its saturation as a part of the drawing's. Seconds of the training are printed.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save_file
from storybench import held_out
from storybench.clips import Frames
from storybench.prompts import Prompt, drawn, to_shot

from dreamrunner.bench.intervals import paired_bootstrap, wilson
from dreamrunner.engine.sr3ai.lora import NO_LAYERS
from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.adapters import PREFIX
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.training.adapter import AdapterSettings
from dreamrunner.engine.storybook.turning import TURNS
from dreamrunner.film import Adapter

FOLDER = Path(__file__).parent
PARTS: dict[str, Callable[[str], bool] | None] = {
    "none of it": None,
    "the turn alone": lambda name: name == PREFIX + TURNS,
    "turn and underpainter": lambda name: name.startswith(PREFIX),
    "turn and transformer": lambda name: name == PREFIX + TURNS or not name.startswith(PREFIX),
    "all of it": lambda name: True,
    "all but the turn": lambda name: name != PREFIX + TURNS,
}


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--motion", default="somersault")
    top.add_argument("--count", type=int, default=6)
    top.add_argument("--cache", type=Path, default=FOLDER.parent / "out" / "adapter-parts")
    top.add_argument("--parts", nargs="*", choices=list(PARTS), default=list(PARTS))
    top.add_argument("--layers", action="store_true", help="train layers beside a turn, too")
    top.add_argument("--out", type=Path, default=FOLDER / "results")
    return top


def part_of(adapter: Adapter, keep: Callable[[str], bool], path: Path) -> Adapter:
    """Return an adapter with some of its layers; those left out add nothing."""
    with safe_open(adapter.path, framework="pt") as opened:
        state = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
    if not keep(PREFIX + TURNS):
        state.pop(PREFIX + TURNS, None)
    for name, value in state.items():
        if name.endswith("lora_B.weight") and not keep(name):
            state[name] = torch.zeros_like(value)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(state, path, None if any("lora" in n for n in state) else {NO_LAYERS: "true"})
    return adapter.model_copy(update={"path": str(path), "key": f"{adapter.key} {path.stem}"})


def seen(prompt: Prompt, frames: Frames) -> tuple[bool, float, float]:
    """Return whether the motion is shown, how far the figure is from the drawing, its saturation's
    part of the drawing's."""
    truth = drawn(prompt)
    errors, found, wanted = [], [], []
    for at, box in enumerate(prompt.roles[0].boxes):
        if np.isnan(box).any():
            continue
        left, top, right, bottom = box * np.array([models.WIDTH, models.HEIGHT] * 2)
        rows = slice(max(0, int(top)), int(bottom) + 1)
        columns = slice(max(0, int(left)), int(right) + 1)
        ours, theirs = frames[at, rows, columns], truth[at, rows, columns]
        errors.append(np.abs(ours.astype(float) - theirs).mean())
        found.append(saturation(ours))
        wanted.append(saturation(theirs))
    return (
        held_out.shown(prompt, frames), float(np.mean(errors)),
        float(np.mean(found) / np.mean(wanted)),
    )  # fmt: skip


def saturation(pixels: NDArray[np.uint8]) -> float:
    """Return the mean saturation (of HSV) of pixels."""
    high, low = pixels.max(-1).astype(float), pixels.min(-1).astype(float)
    return float(((high - low) / np.maximum(high, 1)).mean())


def main() -> None:
    """Train, draw with each part, and write what each shows."""
    args = parser().parse_args()
    began = time.process_time()
    settings = AdapterSettings(turned_layers=args.layers)
    learnt = held_out.adapter(args.motion, args.cache, settings)
    print(f"training: {time.process_time() - began:.0f} s of the processor", flush=True)
    family = StorybookFamily()
    asked = held_out.prompts(args.motion, args.count)
    results: dict[str, list[tuple[bool, float, float]]] = {}
    for name in args.parts:
        keep = PARTS[name]
        path = args.cache / "parts" / f"{name.replace(' ', '-')}.safetensors"
        used = () if keep is None else (part_of(learnt, keep, path),)
        results[name] = []
        for prompt in asked:
            frames = family.render(
                to_shot(prompt, regions=True), used, None, lambda done, total: None
            )
            results[name].append(seen(prompt, frames))
        print(name, results[name], flush=True)
    whole = [error for _, error, _ in results[args.parts[-1]]]
    lines = [f"# Parts of the adapter of {args.motion}, {args.count} shots", "",
             "| part | shown | from the drawing | worse than the last by | saturation |",
             "|---|---|---|---|---|"]  # fmt: skip
    for name, found in results.items():
        errors = [error for _, error, _ in found]
        lines.append(
            f"| {name} | {wilson([shown for shown, *_ in found])} | {np.mean(errors):.1f} | "
            f"{paired_bootstrap(errors, whole)} | {np.mean([s for *_, s in found]):.2f} |"
        )
    args.out.mkdir(parents=True, exist_ok=True)
    stem = args.out / f"adapter-parts-{args.motion}"
    stem.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    stem.with_suffix(".json").write_text(json.dumps(results) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
