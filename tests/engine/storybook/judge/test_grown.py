"""The judge of the grown world sees what is drawn, and names no figure where none is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.judge.grown import GrownJudge
from dreamrunner.engine.storybook.judge.grown.accuracy import SAME_MOTIONS, alike
from dreamrunner.engine.storybook.judge.grown.judge import new_nets
from dreamrunner.engine.storybook.judge.grown.nets import (
    ATTRIBUTES,
    KINDS,
    MOTIONS,
    NOBODY,
    READ,
)
from dreamrunner.engine.storybook.judge.grown.samples import (
    UNKNOWN,
    FrameSamples,
    LookSamples,
    MotionSamples,
    draw_grown,
    look_of,
    read_look,
)
from dreamrunner.engine.storybook.judge.grown.scenes import sample_grown_scene
from dreamrunner.engine.storybook.judge.grown.train import (
    PARTS,
    checkpoint_of,
    fit,
    fitted,
    lengths,
)
from dreamrunner.engine.storybook.training.loop import Run, save_checkpoint
from dreamrunner.engine.storybook.world.people import PERSON, PersonLook
from dreamrunner.engine.storybook.world.scene import SceneSpec, draw_scene, make_actor
from dreamrunner.errors import WeightsError

LOOK = PersonLook(
    female=True, skin="brown", hair="black", hair_style="long", glasses=True, garment="dress",
    colour="red",
)  # fmt: skip


@pytest.fixture(scope="module")
def judge() -> GrownJudge:
    return GrownJudge.load()


def filmed(motion: str = "talk", place: str = "kitchen") -> NDArray[np.uint8]:
    actor = make_actor(PERSON, x=0.3, y=0.92, height=0.6, motion=motion, colourway=str(LOOK))
    robot = make_actor("robot", x=0.75, y=0.92, height=0.6, colourway="blue")
    return draw_scene(SceneSpec(place, 3, (actor, robot), 192, 128)).frames


def test_a_drawn_scene_is_read(judge: GrownJudge) -> None:
    found = judge.judge(filmed())
    assert found.place == "kitchen"
    person, other = sorted(found.sightings, key=lambda s: s.boxes[0].center[0])  # type: ignore[union-attr]  # both are seen
    for sighting, x in ((person, 0.3), (other, 0.75)):
        middles = [box.center[0] for box in sighting.boxes if box is not None]
        assert len(middles) == len(found.looked_at)
        assert max(abs(middle - x) for middle in middles) < 0.06
    assert person.kind == PERSON and person.look["colour"] == "red"
    assert person.look["skin"] == "brown" and person.look["headgear"] == "none"


@pytest.mark.parametrize("motion", ["stand", "nod", "walk"])
def test_motions_are_told(judge: GrownJudge, motion: str) -> None:
    actor = make_actor(PERSON, x=0.3, y=0.92, height=0.6, motion=motion, colourway=str(LOOK))
    (sighting,) = judge.judge(
        draw_scene(SceneSpec("office", 3, (actor,), 192, 128)).frames
    ).sightings
    # One who walks may as well be entering.
    assert alike(sighting.motion, motion, SAME_MOTIONS)
    assert sighting.direction == ("right" if motion == "walk" else None)


def test_nobody_is_seen_in_an_empty_place(judge: GrownJudge) -> None:
    for place in ("kitchen", "beach", "street"):
        assert judge.judge(draw_scene(SceneSpec(place, 1, (), 192, 128)).frames).sightings == ()


def test_noise_is_nobody(judge: GrownJudge) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (25, 128, 192, 3), dtype=np.uint8)
    assert judge.judge(noise).sightings == ()


def test_missing_weights_are_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(WeightsError, match="no weights at"):
        GrownJudge.load(tmp_path / "none.safetensors")


def test_samples_say_what_is_drawn() -> None:
    sample = FrameSamples(7, pool=8).next(4, 2)
    assert sample.frames.shape == (4, 3, 128, 192) and sample.frames.min() >= 0
    named = (sample.kinds != UNKNOWN) & (sample.kinds != NOBODY)
    # Wherever a figure is named its edges are told, and nowhere are edges told of nobody.
    assert not sample.edges.isnan()[named[:, None].expand_as(sample.edges)].any()
    assert sample.edges.isnan()[(sample.kinds == NOBODY)[:, None].expand_as(sample.edges)].all()


def test_looks_stand_in_crops_as_drawn() -> None:
    crops, looks = LookSamples(7, pool=8).next(6, 1)
    assert crops.shape == (6, 3, 64, 64) and set(looks) == set(READ)
    people = looks["age"] != UNKNOWN
    assert ((looks["garment"] != UNKNOWN) == people).all()  # nothing of a beast but its colour
    assert (looks["colour"] != UNKNOWN).all() and (looks["kind"] != UNKNOWN).all()
    # Under a hood no hair is drawn, so none is asked for.
    hooded = read_look(PERSON, str(PersonLook(hair="red", headgear="hood")), None)
    assert not {"hair", "hair style"} & set(hooded) and hooded["head colour"] == "black"


def test_every_kind_and_motion_is_drawn() -> None:
    rng = np.random.default_rng(1)
    specs = [sample_grown_scene(rng) for _ in range(1500)]
    actors = [actor for spec in specs for actor in spec.actors]
    assert {a.character for a in actors} == set(KINDS)
    assert {a.motion for a in actors} == set(MOTIONS)
    for actor in actors:
        assert all(value in ATTRIBUTES[name] for name, value in look_of(actor).items())


def test_motions_stand_in_crops_as_drawn() -> None:
    crops, motions = MotionSamples(5, pool=6).next(4, 1)
    assert crops.shape == (4, 13, 4, 64, 64) and motions.max() < len(MOTIONS)
    assert ((crops[:, :, 3] > 0.5).float().mean((1, 2, 3)) > 0.02).all()  # the figure's box


def test_a_frame_is_drawn_with_its_own_boxes() -> None:
    whole = draw_grown(np.random.default_rng(3))
    one = draw_grown(np.random.default_rng(3), frame=9)
    assert np.array_equal(one.frames[0], whole.frames[9])
    assert np.array_equal(one.boxes[:, 0], whole.boxes[:, 9])


def test_looks_are_taught_by_more_people_seen_in_part() -> None:
    rng = np.random.default_rng(0)
    near = [sample_grown_scene(rng, near=1.0) for _ in range(20)]
    assert all(any(actor.framing != "wide" for actor in spec.actors) for spec in near)


def test_training_begins_with_weights_and_says_so_on_the_card(tmp_path: Path) -> None:
    said: list[str] = []
    run = Run(tmp_path, torch.device("cpu"), 1, 1, 1.0, 4, 1e-3, 60.0, said.append)
    start = new_nets()
    models.save_weights(start, tmp_path / "weights.safetensors", {}, small=False)
    begun = fitted("cells", run, tmp_path / "weights.safetensors")
    for name, value in start["cells"].state_dict().items():
        assert torch.allclose(value, begun.state_dict()[name], atol=1e-3)
    assert not said, "what has no checkpoint learns nothing"
    save_checkpoint(checkpoint_of(tmp_path, "cells"), step=7, spent_s=60.0)
    earlier = {"cells": {"steps": 5, "minutes": 2.0}, "looks": {"steps": 9, "minutes": 3.0}}
    assert lengths(tmp_path, earlier) == {
        "cells": {"steps": 7, "minutes": 1.0, "started_from": {"steps": 5, "minutes": 2.0}},
        "looks": {"steps": 9, "minutes": 3.0},
    }
    assert lengths(tmp_path, {}) == {"cells": {"steps": 7, "minutes": 1.0}}


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_training_goes_on_from_its_checkpoint(part: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    said: list[str] = []
    run = Run(tmp_path, torch.device("cpu"), 1, 10**9, 0.05, 4, 1e-3, 60.0, said.append)
    nets = fit(part, run)
    again = fit(part, replace(run, minutes=0.01))
    for name, value in nets.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])
    assert any("step" in line for line in said)
