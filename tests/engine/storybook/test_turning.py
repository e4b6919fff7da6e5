"""Who turns over is turned as a picture, and how a motion turns is read off its clips."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKLCogVideoX
from safetensors.torch import save_file
from torch import Tensor

from dreamrunner.engine.sr3ai.lora import load_lora
from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.adapters import PREFIX, stretches
from dreamrunner.engine.storybook.text_encoder import TextEncoder
from dreamrunner.engine.storybook.training.adapter import (
    AdapterSettings,
    Base,
    save_adapter,
    train_adapter,
)
from dreamrunner.engine.storybook.training.clips import LatentClip, encoded
from dreamrunner.engine.storybook.training.drawn_clips import CaptionedClip, planned
from dreamrunner.engine.storybook.training.turn_search import found_turning, upright
from dreamrunner.engine.storybook.turning import (
    TURNS,
    facing_turns,
    turned_frames,
    turned_layers,
    turned_pictures,
)
from dreamrunner.engine.storybook.underpainting import CHANNELS, LATENTS, Underpainter
from dreamrunner.engine.storybook.world.scene import (
    SceneSpec,
    draw_background,
    draw_scene,
    make_actor,
)
from dreamrunner.engine.storybook.world.vocabulary import Facing
from dreamrunner.film import Adapter
from dreamrunner.plan import Beat, Entity, Keyframe, Placement, RenderSettings, ShotPlan
from dreamrunner.story import Box

WHOLE = torch.tensor([[0.0, 0.0, 1.0, 1.0]])
STILL = torch.eye(2, 3)


def turn(degrees: float) -> Tensor:
    """A turn [2, 3] about the box's middle, clockwise as it is seen."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return torch.tensor([[c, s, 0.0], [-s, c, 0.0]])


def angle(turns: Tensor) -> Tensor:
    """Degrees clockwise [T], 0 to 360."""
    return torch.rad2deg(torch.atan2(turns[:, 0, 1], turns[:, 0, 0])).round() % 360


@pytest.fixture(scope="module")
def vae() -> object:
    return models.load_vae()


def clip_of(vae: object, character: str, motion: str, facing: Facing) -> LatentClip:
    actor = make_actor(character, x=0.5, y=0.92, height=0.5, motion=motion, facing=facing)
    spec = SceneSpec("meadow", 3, (actor,), models.WIDTH, models.HEIGHT)
    drawn = draw_scene(spec)
    empty = draw_background(replace(spec, actors=(), frames=1))
    whole = CaptionedClip(
        torch.from_numpy(drawn.frames), torch.from_numpy(empty), torch.from_numpy(drawn.boxes),
        torch.from_numpy(drawn.planned), (planned(spec),),
    )  # fmt: skip
    return encoded(vae, whole, range(models.FRAMES))


def test_a_quarter_turn_takes_what_is_above_to_the_right() -> None:
    picture = torch.zeros(1, 1, 9, 9)
    picture[..., 1, 4] = 1.0
    turned = turned_pictures(picture, WHOLE, turn(90)[None])
    assert turned[0, 0].argmax() == 4 * 9 + 7
    mirrored = turned_pictures(picture, WHOLE, facing_turns(turn(90), "left")[None])
    assert mirrored[0, 0].argmax() == 4 * 9 + 1


def test_a_turn_is_taken_in_pixels_about_the_box_and_not_the_frame() -> None:
    picture = torch.zeros(1, 1, 10, 30)
    picture[..., 2, 7] = 1.0  # three rows above the middle of the box
    box = torch.tensor([[0.0, 0.0, 0.5, 1.1]])
    turned = turned_pictures(picture, box, turn(90)[None])
    row, column = divmod(int(turned[0, 0].argmax()), 30)
    assert (row, column) == (5, 10)


def test_a_shift_is_in_box_heights() -> None:
    picture = torch.zeros(1, 1, 10, 10)
    picture[..., 5, 5] = 1.0
    down = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, -0.4]])
    box = torch.tensor([[0.0, 0.25, 1.0, 0.75]])
    assert turned_pictures(picture, box, down[None])[0, 0].argmax() == 7 * 10 + 5


def test_facing_the_other_way_twice_changes_nothing() -> None:
    turns = torch.randn(5, 2, 3, generator=torch.Generator().manual_seed(0))
    assert torch.equal(facing_turns(facing_turns(turns, "left"), "left"), turns)
    assert facing_turns(turns, "right") is turns


def test_only_frames_that_turn_are_painted_again(vae: object) -> None:
    clip = clip_of(vae, "fox", "stand", "right")
    assert clip.ground is not None
    changed = ((clip.latents - clip.ground).abs().mean(1, keepdim=True) > 0.05).float()
    layers = torch.cat([clip.latents.float() * changed, changed], 1)
    turns = STILL.repeat(models.FRAMES, 1, 1)
    turns[7] = turn(180)
    out = turned_layers(vae, layers, clip.planned[0], turns)
    others = [at for at in range(models.FRAMES) if at != 7]
    assert torch.equal(out[others], layers[others])
    assert out.shape == (models.FRAMES, CHANNELS, *layers.shape[-2:])
    assert not torch.equal(out[7], layers[7])
    nothing = out[7, LATENTS] == 0
    assert nothing.any() and not out[7, :LATENTS, nothing].any()
    # Turned over twice it is itself again, but for what two codings cost.
    again = turned_layers(vae, out, clip.planned[0], turns)
    inside = layers[7, LATENTS] == 1
    error = (again[7] - layers[7])[:LATENTS, inside].square().mean()
    assert error < 0.3 * layers[7][:LATENTS, inside].square().mean()


def test_who_is_not_in_the_frame_is_left_alone(vae: object) -> None:
    layers = torch.zeros(2, CHANNELS, models.HEIGHT // 4, models.WIDTH // 4)
    boxes = torch.full((2, 4), torch.nan)
    assert not turned_layers(vae, layers, boxes, turn(90).repeat(2, 1, 1)).any()


@pytest.fixture(scope="module")
def somersaults(vae: object) -> list[LatentClip]:
    cast: list[tuple[str, Facing]] = [("fox", "right"), ("penguin", "left"), ("cat", "right")]
    return [clip_of(vae, who, "somersault", facing) for who, facing in cast]


def test_a_somersault_is_seen_to_turn_once_around(
    vae: object, somersaults: list[LatentClip]
) -> None:
    found = found_turning(models.load_underpainter(), somersaults, TextEncoder())
    assert found is not None
    assert found.facings == (("right",), ("left",), ("right",))
    moved = turned_frames(found.turns)
    assert not moved[:5].any() and not moved[-5:].any()
    degrees = angle(found.turns[moved])
    assert len(degrees) >= 8
    assert (degrees.diff() >= 0).all() and degrees[0] <= 90 and degrees[-1] >= 270
    # Turned back, the fox stands as it stood before it jumped.
    back = upright(vae, somersaults[0], found.of(0, 0))
    assert back.ground is not None and len(back.ground) == models.FRAMES
    at = int(moved.nonzero()[0]) + int(moved.sum()) // 2
    assert not torch.equal(back.latents[at], somersaults[0].latents[at])
    assert torch.equal(back.latents[0], somersaults[0].latents[0])


def test_a_motion_that_turns_is_taught_by_its_turn_alone(
    vae: AutoencoderKLCogVideoX, somersaults: list[LatentClip], tmp_path: Path
) -> None:
    base = Base(models.load_transformer(), models.load_underpainter())
    done: list[tuple[int, int]] = []
    made = train_adapter(
        base, vae, [*somersaults, somersaults[0]], TextEncoder(), AdapterSettings(),
        lambda at, of: done.append((at, of)),
    )  # fmt: skip
    assert list(made.state) == [PREFIX + TURNS] and 0 < made.loss < 1
    assert done == [(at, 4) for at in (1, 2, 3, 4)]
    assert made.means.startswith("a turn of whole figures") and "layers" not in made.means
    assert load_lora(save_adapter(made, tmp_path), "somersault").updates == {}


def test_who_walks_does_not_turn_over(vae: object) -> None:
    clips = [clip_of(vae, who, "walk", "right") for who in ("fox", "owl")]
    assert found_turning(models.load_underpainter(), clips, TextEncoder()) is None


def test_of_a_stranger_nothing_can_be_said(somersaults: list[LatentClip]) -> None:
    told = [replace(clip, regions=(("a robot turning over",),)) for clip in somersaults]
    assert found_turning(models.load_underpainter(), told, TextEncoder()) is None


@pytest.mark.parametrize("facing", ["right", "left"])
def test_an_adapter_turns_its_entity_as_it_faces_during_its_beat(
    facing: Facing, tmp_path: Path
) -> None:
    turns = STILL.repeat(models.FRAMES, 1, 1)
    turns[12] = turn(90)
    pair = {
        f"{PREFIX}mix.0.lora_A.weight": torch.zeros(1, 640),
        f"{PREFIX}mix.0.lora_B.weight": torch.zeros(512, 1),
    }
    file = tmp_path / "somersault.safetensors"
    save_file({**pair, PREFIX + TURNS: turns.half()}, file)
    adapter = Adapter(
        name="somersault", kind="motion", path=str(file), key="", base="", steps=1, loss=0.0,
        clips=(),
    )  # fmt: skip
    fox = Entity(id="FOX", look="", prompt="a fox", character="fox", color="red")
    keyframe = Keyframe(
        time_s=0.0, placements=(Placement(entity="FOX", box=Box(0.2, 0.2, 0.6, 0.9), depth=0),)
    )
    shot = ShotPlan(
        id="1", scene="1", duration_s=3.0, seed=0, place="", background="", entities=(fox,),
        keyframes=(keyframe,),
        beats=(
            Beat(entity="FOX", motion="somersault", facing=facing, start_s=1.0, end_s=2.0),
        ),
    )  # fmt: skip
    times = torch.arange(models.FRAMES) / models.FPS
    found = list(stretches(Underpainter(), shot, fox, [adapter], times))
    turned = [one for one in found if one.turns is not None]
    assert len(found) == 2 and len(turned) == 1
    assert turned[0].turns is not None
    assert torch.equal(turned[0].frames, (times >= 1.0) & (times <= 2.0))
    expected = facing_turns(turn(90), facing)
    middle = int(1.5 * models.FPS)  # of the beat, however long that is
    torch.testing.assert_close(turned[0].turns[middle], expected, atol=1e-3, rtol=0)
    assert turned_frames(turned[0].turns).sum() == 1
    # A second somersault, the other way: each beat turns as it faces.
    other: Facing = "left" if facing == "right" else "right"
    again = Beat(entity="FOX", motion="somersault", facing=other, start_s=2.25, end_s=3.0)
    twice = shot.model_copy(update={"beats": (*shot.beats, again)})
    over = [one.turns for one in stretches(Underpainter(), twice, fox, [adapter], times)]
    seen = next(turns for turns in over if turns is not None)
    torch.testing.assert_close(seen[middle], expected, atol=1e-3, rtol=0)
    torch.testing.assert_close(seen[21], facing_turns(turn(90), other), atol=1e-3, rtol=0)
    off = shot.model_copy(update={"settings": RenderSettings(adapter_scale=0.0)})
    assert all(one.turns is None for one in stretches(Underpainter(), off, fox, [adapter], times))
