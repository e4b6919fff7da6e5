"""People and places by parts: what is painted lies in its box, keeps its shape, and mirrors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.figure_painting import (
    MOTIONS,
    PEOPLE,
    POSE,
    FigurePainter,
    PersonWords,
    codes_of,
    pose_vector,
    settled,
    whole_poses,
)
from dreamrunner.engine.storybook.others_painting import new_others_painter
from dreamrunner.engine.storybook.pictures_by_parts import (
    PartPainters,
    is_person,
    other_pictures,
    person_pictures,
)
from dreamrunner.engine.storybook.place_painting import PlacePainter, layout_of, number_of
from dreamrunner.engine.storybook.training.figure_painter import (
    draw_samples,
    part_weights,
    put_in_weights,
    take_out_weights,
    train_mover,
)
from dreamrunner.engine.storybook.world.figures.motions import pose_at
from dreamrunner.engine.storybook.world.figures.parts import COUNT, HIGH, WIDE
from dreamrunner.engine.storybook.world.figures.pose import Pose
from dreamrunner.engine.storybook.world.people import PersonLook
from dreamrunner.engine.storybook.world.places.place_parts import (
    LAYOUTS,
    PAINTED,
    place_palette,
    place_parts,
)
from dreamrunner.engine.storybook.world.places.places import draw_place
from dreamrunner.engine.storybook.world.words.captions import region_prompt
from dreamrunner.errors import WeightsError
from dreamrunner.plan import Beat, Entity, RenderSettings, ShotPlan

LOOK = PersonLook(garment="coat", colour="red")


def _shot(facing: str, framing: str = "wide") -> tuple[ShotPlan, Entity]:
    prompt = region_prompt("person", str(LOOK), "talk", facing, None, framing)  # type: ignore[arg-type]
    entity = Entity(id="ANNA", look="a woman", prompt=prompt)
    beat = Beat(entity="ANNA", motion="talk", start_s=0, end_s=3, facing=facing)  # type: ignore[arg-type]
    shot = ShotPlan(
        id="1.1", scene="1", duration_s=3.125, seed=0, place="KITCHEN", background="a kitchen",
        entities=(entity,), keyframes=(), beats=(beat,), settings=RenderSettings(), text="",
    )  # fmt: skip
    return shot, entity


class _Block(FigurePainter):
    """Paints every cell of the canvas as cloth, so that its place can be seen."""

    def posed(self, motions: torch.Tensor, times_s: torch.Tensor) -> torch.Tensor:
        return pose_vector(Pose()).expand(len(motions), -1)

    def forward(self, codes: torch.Tensor, poses: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(len(codes), COUNT, HIGH, WIDE)
        logits[:, 5, :, : WIDE // 2] = 30.0
        logits[:, 6, :, WIDE // 2 :] = 30.0
        return logits


def test_the_losses_weights_are_taken_out_of_what_is_painted() -> None:
    torch.manual_seed(0)
    painter = FigurePainter()
    codes, _ = codes_of([PersonWords(LOOK, "talk")])
    poses = pose_vector(pose_at("talk", 3, 25, 8))[None]
    with torch.no_grad():
        weighed = painter(codes, poses)
        take_out_weights(painter)
        said = painter(codes, poses)
        put_in_weights(painter)
        again = painter(codes, poses)
    moved = (weighed - said).mean((0, 2, 3))
    assert torch.allclose(moved, part_weights().log(), atol=1e-4)
    assert torch.allclose(again, weighed, atol=1e-5), "what was exported goes on where it was"


def test_poses_of_all_motions_are_learnt_and_decided() -> None:
    torch.manual_seed(0)
    painter = FigurePainter()
    train_mover(painter, 250)
    words = [PersonWords(LOOK, motion) for motion in MOTIONS]
    _, motions = codes_of(words)
    poses = settled(painter.posed(motions, torch.full((len(MOTIONS),), 1.5)))
    true = torch.stack([pose_vector(pose_at(m, 12, 25, 8)) for m in MOTIONS])
    assert poses.shape == true.shape == (len(MOTIONS), POSE)
    arms = slice(6, 20)
    assert (poses[:, arms] == true[:, arms]).all(-1).float().mean() > 0.8
    lying = [pose.lying for pose in whole_poses(true)]
    assert [m for m, down in zip(MOTIONS, lying, strict=True) if down] == ["sleep"]


def test_samples_are_what_is_drawn() -> None:
    samples = draw_samples(np.random.default_rng(3), 6)
    assert samples.codes.shape == (6, 10) and samples.parts.shape == (6, HIGH, WIDE)
    assert samples.parts.dtype == torch.uint8 and int(samples.parts.max()) < COUNT
    assert FigurePainter()(samples.codes, samples.poses).shape == (6, COUNT, HIGH, WIDE)


@pytest.mark.parametrize("framing", ["wide", "close"])
def test_a_person_lies_about_its_box_and_mirrors(framing: str) -> None:
    box = torch.tensor([[0.4, 0.3, 0.6, 1.0]] * 2)
    box = torch.cat([box, torch.full((1, 4), torch.nan)])
    times = torch.tensor([0.0, 1.0, 2.0])
    right, left = (
        person_pictures(_Block(), *_shot(facing, framing), box, times)
        for facing in ("right", "left")
    )
    assert right.shape == (3, 4, models.HEIGHT, models.WIDTH)
    assert right[2].abs().max() == 0  # not in the frame
    covered = (right[0, 3] > 0.5).nonzero()
    low, high = covered.amin(0), covered.amax(0)
    middle = (low[1] + high[1]) / 2 / models.WIDTH
    assert abs(float(middle) - 0.5) < 0.03
    assert float(high[1] - low[1]) / models.WIDTH < 0.2 * 1.35 + 0.05
    assert (right[0] - left[0].flip(-1)).abs().mean() < 0.5


class _Counting(_Block):
    """Counts the figures that it is asked to paint."""

    painted = 0

    def posed(self, motions: torch.Tensor, times_s: torch.Tensor) -> torch.Tensor:
        mouths = [Pose(mouth=int(time) % 2) for time in times_s]
        return torch.stack([pose_vector(pose) for pose in mouths])

    def forward(self, codes: torch.Tensor, poses: torch.Tensor) -> torch.Tensor:
        self.painted += len(codes)
        return super().forward(codes, poses) * (1 + poses[:, 21, None, None, None])  # an open mouth


def test_each_shape_of_a_clip_is_painted_once_and_where_it_is() -> None:
    box, times = torch.tensor([[0.4, 0.3, 0.6, 1.0]]), torch.tensor([0.0, 1.0, 2.0, 3.0])
    painter = _Counting()
    together = person_pictures(painter, *_shot("right"), box.expand(4, 4), times)
    assert painter.painted == 2
    for at, time in enumerate(times):
        alone = person_pictures(painter, *_shot("right"), box, time[None])
        assert torch.equal(together[at], alone[0])


def test_a_grown_painter_begins_with_what_an_earlier_one_had_alike(tmp_path: Path) -> None:
    torch.manual_seed(0)
    earlier = FigurePainter(replace(PEOPLE, widths=(96, 64, 48)))
    models.save_weights(earlier, tmp_path / "people.safetensors", {})
    grown = FigurePainter()
    new = models.load_what_fits(grown, tmp_path / "people.safetensors")
    assert "convs.3.weight" in new and "parts.weight" in new and "mix.0.weight" not in new
    assert torch.allclose(grown.mix[0].weight, earlier.mix[0].weight, atol=1e-2)
    with pytest.raises(WeightsError, match="no weights to begin with"):
        models.load_what_fits(grown, tmp_path / "nothing.safetensors")


def test_who_is_a_person() -> None:
    assert is_person(_shot("left")[1])
    assert not is_person(Entity(id="FOX", look="a fox", prompt="a red fox walking to the left"))


@pytest.mark.parametrize("place", PAINTED)
def test_parts_filled_in_are_the_place(place: str) -> None:
    for light in ("day", "night"):
        for layout in range(LAYOUTS):
            filled = place_palette(place, layout, light)[place_parts(place, layout)]  # type: ignore[arg-type]
            drawn = draw_place(place, layout, (96, 64), light=light)  # type: ignore[arg-type]
            off = np.abs(filled.astype(int) - drawn.astype(int)).sum(-1)
            assert (off < 24).mean() > 0.8


def test_a_place_has_one_layout_by_its_words() -> None:
    assert layout_of("Anna's KITCHEN") == layout_of("ANNA'S  kitchen")
    assert len({layout_of(f"ROOM {k}") for k in range(20)}) == LAYOUTS
    numbers = torch.tensor([number_of(place, 1) for place in PAINTED])
    assert PlacePainter()(numbers).shape[0] == len(PAINTED)


def _kind_shot(facing: str, motion: str, kind: str = "dragon") -> tuple[ShotPlan, Entity]:
    shot, _ = _shot(facing)
    entity = Entity(id="ANNA", look="a dragon", prompt=f"a red {kind}", character=kind, color="red")
    beat = Beat(entity="ANNA", motion=motion, start_s=0, end_s=3, facing=facing)  # type: ignore[arg-type]
    return shot.model_copy(update={"entities": (entity,), "beats": (beat,)}), entity


def test_a_dragon_lies_in_its_box_in_its_colour_and_mirrors() -> None:
    torch.manual_seed(3)
    painter = new_others_painter()
    box = torch.tensor([[0.3, 0.4, 0.7, 0.95], [torch.nan] * 4])
    times = torch.tensor([0.5, 1.0])
    right, left = (
        other_pictures(painter, *_kind_shot(facing, "stand"), box, times)
        for facing in ("right", "left")
    )
    assert right.shape == (2, 4, models.HEIGHT, models.WIDTH) and right[1].abs().max() == 0
    assert (right[0] - left[0].flip(-1)).abs().mean() < 1.0
    green = other_pictures(
        painter,
        *[
            part.model_copy(update={"color": "green"}) if isinstance(part, Entity) else part
            for part in _kind_shot("right", "stand")
        ],
        box,
        times,
    )
    assert torch.equal(green[:, 3], right[:, 3]) and not torch.equal(green, right)


def test_who_is_painted_by_parts_depends_on_whose_weights_are_there() -> None:
    dragon, woman = _kind_shot("left", "fly")[1], _shot("left")[1]
    both = PartPainters(FigurePainter(), new_others_painter())
    people = PartPainters(FigurePainter(), None)
    assert both.paints(dragon) and both.paints(woman)
    assert people.paints(woman) and not people.paints(dragon)


def test_a_shadow_stays_on_the_ground_under_one_who_flies() -> None:
    high = torch.tensor([[0.3, 0.1, 0.6, 0.5]] * 2)
    painters = PartPainters(None, new_others_painter())
    flying = painters.shadows(*_kind_shot("left", "fly"), high)
    standing = painters.shadows(*_kind_shot("left", "stand"), high)
    assert flying is not None and standing is not None
    rows = [shade[0, 0].amax(1).argmax() / models.HEIGHT for shade in (flying, standing)]
    assert rows[0] > 0.85 and abs(rows[1] - 0.47) < 0.04
    assert (flying[0] > 0).sum() < (standing[0] > 0).sum()
