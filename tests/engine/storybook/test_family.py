"""The embedded model draws shots: the right shape, the same film from the same seed, and joins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dreamrunner.engine.storybook.falling import fallen
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.training.adapter import TrainingResult, save_adapter
from dreamrunner.engine.storybook.world.scene import draw_scene, sample_scene
from dreamrunner.engine.video import write_video
from dreamrunner.errors import AdapterError, EngineError, WeightsError
from dreamrunner.film import Adapter, Clip
from dreamrunner.plan import Beat, Entity, Keyframe, Placement, RenderSettings, ShotPlan
from dreamrunner.story import Box


@pytest.fixture(scope="module")
def family() -> StorybookFamily:
    return StorybookFamily()


def shot(seed: int = 1, duration_s: float = 3.125, **changes: object) -> ShotPlan:
    placements = (
        Placement(entity="FOX", box=Box(0.1, 0.3, 0.45, 0.9)),
        Placement(entity="OWL", box=Box(0.55, 0.3, 0.9, 0.9)),
    )
    settings = RenderSettings.model_validate({"steps": 2, **changes})
    return ShotPlan(
        id="1.1",
        scene="1",
        duration_s=duration_s,
        seed=seed,
        place="meadow",
        background="a sunny meadow",
        entities=(
            Entity(id="FOX", look="", prompt="a red fox walking to the right"),
            Entity(id="OWL", look="", prompt="a purple owl spinning"),
        ),
        keyframes=(Keyframe(time_s=0.0, placements=placements),),
        beats=(Beat(entity="OWL", motion="spin", start_s=0.0, end_s=3.125),),
        settings=settings,
    )


def draw(
    family: StorybookFamily, plan: ShotPlan, *adapters: Adapter, before: Clip | None = None
) -> np.ndarray:
    return family.render(plan, adapters, before, lambda done, total: None)


def test_a_shot_is_as_long_as_it_was_planned(family: StorybookFamily) -> None:
    assert draw(family, shot()).shape == (25, 128, 192, 3)
    assert draw(family, shot(duration_s=1.0)).shape == (8, 128, 192, 3)


def test_figures_of_regions_are_underpainted_and_those_of_a_caption_are_not(
    family: StorybookFamily,
) -> None:
    assert family.underpainted(shot()) == ("FOX", "OWL")
    assert family.underpainted(shot(regions=False)) == ()
    assert StorybookFamily(underpainted=False).underpainted(shot()) == ()


def test_numbers_that_are_not_finite_stop_the_shot(family: StorybookFamily) -> None:
    def overflow(_module: object, _args: object, out: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
        return (out[0] * torch.inf,)

    handle = family._transformer.register_forward_hook(overflow)
    try:
        with pytest.raises(EngineError, match="shot 1.1: the latents after step 1 of 2 are not"):
            draw(family, shot())
    finally:
        handle.remove()


def test_equal_seeds_give_equal_films_and_others_do_not(family: StorybookFamily) -> None:
    first = draw(family, shot(seed=3))
    assert first.dtype == np.uint8
    assert np.array_equal(first, draw(family, shot(seed=3)))
    assert not np.array_equal(first, draw(family, shot(seed=4)))


def test_progress_is_told_step_by_step(family: StorybookFamily) -> None:
    told: list[tuple[int, int]] = []
    family.render(shot(steps=3), (), None, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_regions_decide_what_is_drawn(family: StorybookFamily) -> None:
    with_regions = draw(family, shot())
    assert not np.array_equal(with_regions, draw(family, shot(regions=False)))


def test_a_shot_that_is_too_long_is_refused(family: StorybookFamily) -> None:
    with pytest.raises(EngineError, match="lasts 4 s, a storybook clip at most 3.125 s"):
        draw(family, shot(duration_s=4.0))


def test_a_continued_shot_begins_where_the_one_before_ended(
    family: StorybookFamily, tmp_path: Path
) -> None:
    spec = sample_scene(np.random.default_rng(4), width=192, height=128)
    frames = draw_scene(spec).frames[:5]
    path = tmp_path / "before.mp4"
    write_video(path, frames, 8)
    before = Clip(shot="1", path=str(path), key="k", frames=5, fps=8, width=192, height=128)
    joined = draw(family, shot(continue_from_previous=True), before=before)
    difference = np.abs(joined[0].astype(int) - frames[-1]).mean()
    assert difference < 12
    with pytest.raises(EngineError, match="continues a shot that was not given"):
        draw(family, shot(continue_from_previous=True))


def test_an_adapter_changes_its_entity_and_needs_a_beat(
    family: StorybookFamily, tmp_path: Path
) -> None:
    import torch

    generator = torch.Generator().manual_seed(0)
    name = "transformer_blocks.0.attn1.to_v"
    width = family._transformer.get_submodule(name).in_features
    state = {
        f"{name}.lora_A.weight": torch.randn(2, width, generator=generator),
        f"{name}.lora_B.weight": torch.randn(width, 2, generator=generator),
    }
    path = save_adapter(TrainingResult(state, 1, 0.0), tmp_path)

    def adapter(motion: str) -> Adapter:
        return Adapter(
            name=motion, kind="motion", path=str(path), key="k", base="b", steps=1, loss=0.0
        )

    plain, adapted = draw(family, shot()), draw(family, shot(), adapter("spin"))
    assert not np.array_equal(plain, adapted)
    assert np.array_equal(plain, draw(family, shot(adapter_scale=0.0), adapter("spin")))
    with pytest.raises(AdapterError, match="no use for adapter 'somersault'"):
        draw(family, shot(), adapter("somersault"))


def test_missing_weights_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="make train"):
        StorybookFamily(tmp_path)


def test_a_place_stands_still_where_nobody_is(family: StorybookFamily) -> None:
    moving = StorybookFamily(still_places=False)
    corner = np.s_[:, :30]  # over both heads
    changes = [
        float(np.abs(np.diff(draw(drawer, shot())[corner].astype(int), axis=0)).mean())
        for drawer in (family, moving)
    ]
    assert changes[0] < 0.7 * changes[1]  # what is left is the codec's


def test_rain_falls_behind_who_is_in_it(family: StorybookFamily) -> None:
    dry = shot(7)
    wet = dry.model_copy(update={"background": "a meadow in the rain"})
    assert (family.drawn(dry), family.drawn(wet)) == ((), ("rain",))
    drops = np.abs(fallen(wet)[:, 3].numpy()) > 0.99
    blue = draw(family, wet).astype(int)
    tint = np.abs(blue - [0x5F, 0x8C, 0xC4]).sum(-1)
    sky = drops & (np.arange(128)[:, None] < 30)
    assert (tint[sky] < 12).mean() > 0.95
    owl = np.zeros_like(drops)
    owl[:, 60:90, 130:150] = True  # the middle of the owl
    assert (tint[drops & owl] < 12).mean() < 0.2
