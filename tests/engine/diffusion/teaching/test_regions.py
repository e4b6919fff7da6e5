"""A clip with boxes is learnt as it will be drawn: by regions, and in its figure's rows alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dreamrunner.engine.diffusion.teaching.buckets import Bucket, fitted
from dreamrunner.engine.diffusion.teaching.checkpoint import Progress
from dreamrunner.engine.diffusion.teaching.layers import (
    KEPT,
    add_layers,
    borrowed,
    kept_state,
    use_layers,
)
from dreamrunner.engine.diffusion.teaching.losses import motion_loss
from dreamrunner.engine.diffusion.teaching.recipes import TeachSettings
from dreamrunner.engine.diffusion.teaching.regions import (
    RowGate,
    fitted_box,
    lesson_layout,
    subject_latents,
    subject_rows,
)
from dreamrunner.engine.diffusion.teaching.teachable import Teachable, teachable
from dreamrunner.engine.diffusion.teaching.teacher import save_taught
from dreamrunner.engine.diffusion.teaching.train import (
    LatentExample,
    TaughtAdapter,
    teach_motion,
)
from dreamrunner.engine.sr3ai.layout import region_masks
from dreamrunner.engine.sr3ai.lora import load_lora
from dreamrunner.engine.sr3ai.region_lora import PlacedLora, region_lora
from dreamrunner.story import Box

from ..pipelines import tiny_pipeline

NAMES = ("cogvideox-2b", "cogvideox-1.5-5b")
LEFT, RIGHT = Box(0.0, 0.0, 0.5, 1.0), Box(0.5, 0.0, 1.0, 1.0)
QUICK = TeachSettings(rank=2, clip_rank=2, steps=4, check_every=2, held_out=5, dropout=0.0)


def lessons(model: Teachable, count: int = 4) -> list[LatentExample]:
    generator = torch.Generator().manual_seed(3)
    said = ("a fox spinning", "an owl standing", "a meadow")
    text = torch.cat([model.embed(one) for one in said])
    found = []
    for number in range(count):
        video = torch.rand(3, 5, 32, 64, generator=generator) * 2 - 1
        with torch.no_grad():
            latents = model.encode(video)
        found.append(LatentExample(f"c{number}", latents, text, (LEFT, RIGHT)))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_what_is_learnt_is_what_is_drawn(name: str, tmp_path: Path) -> None:
    """Layers that are being learnt answer as the finished file does in its region."""
    model = teachable(tiny_pipeline(name))
    net, example = model.pipe.transformer.eval(), lessons(model, 1)[0]
    grid = model.grid(example.latents)
    layout = lesson_layout(example.boxes, grid)
    rows = subject_rows(layout, grid, len(example.text) // 3)
    time = torch.tensor(500)
    with torch.no_grad(), borrowed(net):
        layers = add_layers(net, KEPT, model.motion_layers(), rank=2, dropout=0.0, seed=1)
        gate = RowGate(net, KEPT)
        for path, weight in layers.weights.items():
            if "lora_B" in path:
                weight.copy_(torch.randn(weight.shape) * 0.3)
        use_layers(net, [KEPT], learning=None)
        with model.laid(layout), gate.opened(rows):
            learning = model.predict(example.latents, time, example.text)
        with model.laid(layout):
            everywhere = model.predict(example.latents, time, example.text)
        state = kept_state(net, layers)
    file = save_taught(TaughtAdapter(state, 1, 0.0, Progress()), tmp_path)
    placed = PlacedLora(load_lora(file, "spin"), rows)
    with torch.no_grad(), model.laid(layout), region_lora(net, [placed]):
        drawn = model.predict(example.latents, time, example.text)
    torch.testing.assert_close(learning, drawn, rtol=1e-2, atol=1e-3)  # the file is fp16
    assert not torch.allclose(learning, everywhere, atol=1e-2)


@pytest.mark.parametrize("name", NAMES)
def test_regions_are_learnt_on_the_way_back_as_well(name: str) -> None:
    """Blocks that are computed again find the same regions and rows."""
    model = teachable(tiny_pipeline(name))
    once = teach_motion(model, lessons(model), QUICK)
    again = teach_motion(
        model, lessons(model),
        TeachSettings(rank=2, clip_rank=2, steps=4, check_every=2, held_out=5, dropout=0.0,
                      recompute=True),
    )  # fmt: skip
    assert again.progress.losses == pytest.approx(once.progress.losses, rel=1e-5)
    moved = [LatentExample(e.id, e.latents, e.text, (RIGHT, LEFT)) for e in lessons(model)]
    other = teach_motion(model, moved, QUICK)
    assert other.progress.losses[0] != pytest.approx(once.progress.losses[0], rel=1e-6)


def test_a_box_is_brought_to_a_bucket_with_its_picture() -> None:
    frames = np.zeros((1, 40, 80, 3), np.uint8)
    frames[:, 10:30, 36:52] = 255
    bucket = Bucket(32, 32, 1)
    box = fitted_box(Box(36 / 80, 10 / 40, 52 / 80, 30 / 40), 80, 40, bucket)
    lit = fitted(frames, bucket)[0, 0] > 0
    columns, rows = lit.any(0).nonzero().flatten(), lit.any(1).nonzero().flatten()
    assert box is not None
    assert (box.left * 32, box.right * 32) == pytest.approx(
        (float(columns[0]), float(columns[-1]) + 1), abs=1
    )
    assert (box.top * 32, box.bottom * 32) == pytest.approx(
        (float(rows[0]), float(rows[-1]) + 1), abs=1
    )
    assert fitted_box(Box(0.0, 0.0, 0.2, 1.0), 80, 40, bucket) is None


def test_levels_what_moves_what_is_outside_and_a_falling_rate_are_settings() -> None:
    model = teachable(tiny_pipeline("cogvideox-2b"))
    fields = {"rank": 2, "clip_rank": 2, "check_every": 4, "held_out": 5, "dropout": 0.0}
    plain = teach_motion(model, lessons(model), TeachSettings(steps=4, **fields))  # type: ignore[arg-type]  # as they are named
    noisy = teach_motion(model, lessons(model), TeachSettings(steps=4, noisy=0.5, **fields))  # type: ignore[arg-type]  # as they are named
    assert noisy.progress.losses != plain.progress.losses
    wide = teach_motion(model, lessons(model), TeachSettings(steps=4, outside=0.5, **fields))  # type: ignore[arg-type]  # as they are named
    assert wide.progress.losses[0] != pytest.approx(plain.progress.losses[0], rel=1e-6)
    moving = teach_motion(model, lessons(model), TeachSettings(steps=4, moving=4.0, **fields))  # type: ignore[arg-type]  # as they are named
    assert moving.progress.losses != plain.progress.losses
    still = teach_motion(
        model, lessons(model), TeachSettings(steps=4, decay=1e9, **fields)  # type: ignore[arg-type]  # as they are named
    )  # fmt: skip
    assert still.progress.checks[4] == pytest.approx(still.progress.checks[0], rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_motion_is_asked_for_in_its_own_region(name: str) -> None:
    """The loss is that of the latents in the subject's tokens, found by hand here."""
    model = teachable(tiny_pipeline(name))
    latents = lessons(model, 1)[0].latents
    grid = model.grid(latents)
    where = subject_latents(LEFT, grid, latents)
    frames, channels, height, width = latents.shape
    assert where.shape == (frames, 1, height, width)
    box_mask = region_masks([[LEFT]], grid.height, grid.width)[0, 0]
    side = height // grid.height
    output, target = torch.randn_like(latents), torch.randn_like(latents)
    total, count = 0.0, 0
    for t in range(frames):
        for y in range(height):
            for x in range(width):
                inside = bool(box_mask[y // side, x // side])
                assert inside == bool(where[t, 0, y, x])
                if inside:
                    error = output[t, :, y, x] - target[t, :, y, x]
                    apart = 2**0.5 * error - (output[0, :, y, x] - target[0, :, y, x])
                    total += float(error.square().sum() + apart.square().sum())
                    count += channels
    assert 0 < count < latents.numel()
    assert float(motion_loss(output, target, 0, where)) == pytest.approx(total / count, rel=1e-4)
