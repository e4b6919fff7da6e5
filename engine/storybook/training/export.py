"""Checkpoints -> the family's weights: safetensors of the averages, with what made them."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from ....errors import WeightsError
from .. import models
from ..figure_painting import FigurePainter
from ..others_painting import new_others_painter
from ..place_painting import PlacePainter
from ..underpainting import Underpainter
from .figure_painter import take_out_weights
from .loop import Run, load_checkpoint

LICENCE = "Apache-2.0"


def export_parts(run: Run, folder: Path) -> None:
    """Write the painters by parts that were trained, and their numbers on the card."""
    card = json.loads((folder / "storybook.json").read_text())
    painters: tuple[tuple[str, torch.nn.Module], ...] = (
        ("people", FigurePainter()), ("others", new_others_painter()), ("places", PlacePainter()),
    )  # fmt: skip
    states = [load_checkpoint(run.work / f"{name}.pt", run.device) for name, _ in painters]
    if not any(states):
        raise WeightsError(f"nothing trained in {run.work}: run `people`, `others` or `places`")
    for (name, painter), state in zip(painters, states, strict=True):
        if state is None:
            continue
        painter.load_state_dict(state["average"])
        if isinstance(painter, FigurePainter) and name == "people":
            take_out_weights(painter)
        about = {"licence": LICENCE, "steps": str(state["step"])}
        models.save_weights(painter, folder / f"{name}.safetensors", about, small=True)
        card[name] = {"steps": state["step"], "minutes": round(state["spent_s"] / 60, 1)}
        run.log(f"{name}.safetensors: {card[name]}")
    (folder / "storybook.json").write_text(json.dumps(card, indent=2) + "\n")


def export_weights(run: Run, folder: Path) -> None:
    """Write the weights of codec, underpainter and transformer, and the numbers beside them."""
    made: dict[str, dict[str, float]] = {}
    for name, file, module in (
        ("codec", "vae", models.new_vae()),
        ("underpainter", "underpainter", Underpainter()),
        ("transformer", "transformer", models.new_transformer()),
    ):
        state = load_checkpoint(run.work / f"{name}.pt", run.device)
        if state is None:
            raise WeightsError(f"nothing trained at {run.work / name}.pt: run `{name}` first")
        module.load_state_dict(state["average"])
        made[file] = {"steps": state["step"], "minutes": round(state["spent_s"] / 60, 1)}
        about = {"licence": LICENCE, "steps": str(state["step"])}
        # In fp16 these two alone would fill what the project may weigh.
        small = name != "codec"
        models.save_weights(module, folder / f"{file}.safetensors", about, small=small)
        run.log(f"{file}.safetensors: {made[file]}")
    scale = json.loads((run.work / "clips" / "scale.json").read_text())
    card = {**scale, "seed": run.seed, "licence": LICENCE, **made}
    (folder / "storybook.json").write_text(json.dumps(card, indent=2) + "\n")
