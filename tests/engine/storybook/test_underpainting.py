"""Figures are painted where their boxes are, the front one on top, each under its own adapters."""

from __future__ import annotations

import pytest
import torch
from peft import LoraConfig, inject_adapter_in_model
from peft.utils import get_peft_model_state_dict

from dreamrunner.engine.sr3ai.lora import LoraUpdates, LowRank
from dreamrunner.engine.storybook.adapters import PREFIX, merged
from dreamrunner.engine.storybook.underpainting import (
    CHANNELS,
    LATENTS,
    Underpainter,
    flattened,
    underpaint,
)
from dreamrunner.errors import AdapterError

HEIGHT, WIDTH = 24, 36


@pytest.fixture(scope="module")
def painter() -> Underpainter:
    torch.manual_seed(0)
    return Underpainter().requires_grad_(False)


def paint(painter: Underpainter, *boxes: tuple[float, float, float, float]) -> torch.Tensor:
    tokens = torch.randn(1, 16, 384, generator=torch.Generator().manual_seed(1))
    count = len(boxes)
    return painter(
        tokens.expand(count, -1, -1), torch.zeros(count), torch.tensor(boxes), HEIGHT, WIDTH
    )


def test_a_box_moved_by_whole_latents_moves_its_figure_by_as_many(painter: Underpainter) -> None:
    here, there = paint(
        painter,
        (0.25, 0.25, 0.5, 0.75),
        (0.25 + 5 / 36, 0.25 + 2 / 24, 0.5 + 5 / 36, 0.75 + 2 / 24),
    )
    assert here[LATENTS].max() > 0.01
    torch.testing.assert_close(there[:, 2:, 5:], here[:, :-2, :-5], rtol=1e-4, atol=1e-5)


def test_nothing_is_painted_far_from_the_box(painter: Underpainter) -> None:
    layer = paint(painter, (0.25, 0.25, 0.5, 0.75))[0]
    reached = layer[LATENTS] > 0
    rows, columns = reached.any(1).nonzero().flatten(), reached.any(0).nonzero().flatten()
    # Half sides of 6 rows and 4.5 columns about (12, 13.5), a third more of each, and one latent.
    assert rows.min() >= 12 - 9 and rows.max() <= 12 + 9
    assert columns.min() >= 13 - 7 and columns.max() <= 13 + 7


def test_who_is_not_in_the_frame_is_not_painted(painter: Underpainter) -> None:
    nan = float("nan")
    nobody, somebody = paint(painter, (nan, nan, nan, nan), (0.2, 0.2, 0.6, 0.9))
    assert not nobody.any()
    assert somebody[LATENTS].any()


@pytest.mark.parametrize(
    "box", [(-0.3, 0.5, 0.1, 1.2), (0.9, -0.2, 1.4, 0.3), (0.5, 0.5, 0.5, 0.5)]
)
def test_boxes_at_the_edge_and_without_area_are_painted_as_far_as_they_show(
    painter: Underpainter, box: tuple[float, float, float, float]
) -> None:
    layer = paint(painter, box)[0]
    assert layer.shape == (CHANNELS, HEIGHT, WIDTH)
    assert layer.isfinite().all()
    assert ((layer[LATENTS] >= 0) & (layer[LATENTS] <= 1)).all()


def test_figures_cover_each_other_by_depth() -> None:
    layers = torch.zeros(3, 1, CHANNELS, 1, 1)
    layers[:, 0, 0, 0, 0] = torch.tensor([1.0, 2.0, 3.0])
    layers[:, 0, LATENTS, 0, 0] = torch.tensor([1.0, 0.0, 1.0])
    layers[1] = 0
    assert flattened(layers, torch.tensor([0.0, 1.0, 2.0]))[0, 0, 0, 0] == 1.0
    assert flattened(layers, torch.tensor([2.0, 1.0, 0.0]))[0, 0, 0, 0] == 3.0
    layers[0, 0, :LATENTS], layers[0, 0, LATENTS] = 0.5, 0.5  # half covered, premultiplied
    half = flattened(layers, torch.tensor([0.0, 1.0, 2.0]))[0]
    assert half[0, 0, 0] == pytest.approx(0.5 + 0.5 * 3.0)
    assert half[LATENTS, 0, 0] == pytest.approx(1.0)


def test_a_batch_is_composited_as_each_of_its_clips_is() -> None:
    torch.manual_seed(0)
    layers, depths = torch.rand(4, 3, 2, CHANNELS, 5, 6), torch.rand(4, 3)
    together = flattened(layers, depths)
    for row in range(4):
        torch.testing.assert_close(together[row], flattened(layers[row], depths[row]))


def test_figures_of_all_sizes_are_laid_as_each_alone(painter: Underpainter) -> None:
    torch.manual_seed(0)
    corner = torch.rand(24, 2) * 0.6
    boxes = torch.cat([corner, corner + 0.05 + 0.5 * torch.rand(24, 2)], 1)
    tokens, times = torch.randn(24, 5, 384), torch.rand(24)
    with torch.no_grad():
        together = painter(tokens, times, boxes, HEIGHT, WIDTH)
        alone = [painter(t[None], s[None], b[None], HEIGHT, WIDTH)[0]
                 for t, s, b in zip(tokens, times, boxes, strict=True)]  # fmt: skip
    torch.testing.assert_close(together, torch.stack(alone), rtol=1e-4, atol=1e-4)


def test_an_empty_shot_has_a_blank_underpainting(painter: Underpainter) -> None:
    blank = underpaint(
        painter, torch.zeros(0, 16, 384), torch.zeros(0, 5, 4), torch.zeros(0), torch.arange(5.0),
        HEIGHT, WIDTH,
    )  # fmt: skip
    assert blank.shape == (5, CHANNELS, HEIGHT, WIDTH)
    assert not blank.any()


def test_merged_adapters_paint_what_peft_paints(painter: Underpainter) -> None:
    torch.manual_seed(3)
    taught = Underpainter()
    taught.load_state_dict(painter.state_dict())
    targets = ["mix.4", "convs.1", "look", "size"]
    inject_adapter_in_model(
        LoraConfig(r=4, lora_alpha=4, target_modules=targets, init_lora_weights=False), taught
    )
    state = get_peft_model_state_dict(taught)
    updates = {
        PREFIX + name: LowRank(state[f"{name}.lora_A.weight"], state[f"{name}.lora_B.weight"])
        for name in targets
    }
    box = (0.2, 0.2, 0.6, 0.9)
    with torch.no_grad():
        expected = paint(taught, box)
    found = paint(merged(painter, [LoraUpdates("spin", updates)], 1.0), box)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    assert not torch.allclose(found, paint(painter, box), atol=1e-3)


def test_an_adapter_of_another_model_is_refused(painter: Underpainter) -> None:
    updates = {PREFIX + "head.9": LowRank(torch.zeros(4, 8), torch.zeros(8, 4))}
    with pytest.raises(AdapterError, match="another underpainter"):
        merged(painter, [LoraUpdates("spin", updates)], 1.0)
