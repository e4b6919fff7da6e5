"""Whom the world has no drawing of stands in a shot as a paper figure, cut from a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.paper_figures import paper_of, paper_pictures
from dreamrunner.engine.storybook.world.figures.picture_cuts import cut_from
from dreamrunner.errors import AdapterError, TooFewClipsError
from dreamrunner.film import Adapter
from dreamrunner.plan import Entity, Keyframe, Placement, RenderSettings, ShotPlan
from dreamrunner.story import Box
from dreamrunner.tools.training.paper import paper_figure

GROUND, COAT = (244, 239, 224), (122, 79, 176)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    seen = Image.new("RGB", (200, 160), GROUND)
    drawn = ImageDraw.Draw(seen)
    drawn.ellipse((60, 20, 140, 140), fill=COAT)
    drawn.ellipse((90, 50, 110, 70), fill=GROUND)  # an eye of the ground's colour is no hole
    seen.save(tmp_path / "griffin.png")
    return tmp_path / "griffin.png"


def adapter(picture: Path, folder: Path) -> Adapter:
    folder.mkdir()
    made = paper_figure([picture], folder)
    assert made.means.startswith("a paper figure from griffin.png, cut out along its outline")
    return Adapter(
        name="GRIFFIN", kind="character", path=str(folder / made.file), key="k", base="b", steps=0,
        loss=0.0,
    )  # fmt: skip


def test_a_figure_is_cut_along_its_outline_and_has_a_rim(picture: Path) -> None:
    cut = cut_from(picture)
    pixels = np.asarray(cut.image)
    assert not cut.card
    assert cut.image.size == pytest.approx((81 + 12, 121 + 12), abs=3)
    high, wide = pixels.shape[:2]
    assert tuple(pixels[high // 2 + 20, wide // 2]) == (*COAT, 255)
    assert tuple(pixels[46, wide // 2]) == (*GROUND, 255)
    assert pixels[0, 0, 3] == 0 and pixels[high // 2, 2, 3] == 255


def test_a_picture_without_an_even_ground_is_a_card(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (60, 90, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "crowd.png")
    cut = cut_from(tmp_path / "crowd.png")
    assert cut.card and cut.image.size == (90 + 12, 60 + 12)


def test_the_first_picture_that_can_be_read_is_taken(picture: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_text("no picture")
    (tmp_path / "a").mkdir()
    assert "griffin.png" in paper_figure([broken, picture], tmp_path / "a").means
    with pytest.raises(TooFewClipsError, match="is no picture that can be read"):
        paper_figure([broken], tmp_path / "a")


def test_it_stands_in_its_boxes_with_its_name(picture: Path, tmp_path: Path) -> None:
    one = adapter(picture, tmp_path / "paper")
    assert paper_of([one]) == {"GRIFFIN": one}
    boxes = torch.tensor([[0.1, 0.2, 0.5, 0.9], [torch.nan] * 4, [0.8, 0.3, 1.2, 1.1]])
    shown = paper_pictures(one, boxes)
    assert shown.shape == (3, 4, models.HEIGHT, models.WIDTH)
    rows, columns = shown[0, 3].nonzero().unbind(1)
    assert float(columns.float().mean()) == pytest.approx(0.3 * models.WIDTH, abs=2)
    assert int(rows.max()) < 0.9 * models.HEIGHT + 1 and int(rows.min()) >= 0.2 * models.HEIGHT - 1
    assert not shown[1].any() and shown[2].any()
    named = paper_pictures(one.model_copy(update={"name": "ORC"}), boxes)
    assert not torch.equal(named[0], shown[0]) and torch.equal(named[0, :, :60], shown[0, :, :60])
    with pytest.raises(AdapterError, match="cannot be read"):
        paper_pictures(one.model_copy(update={"path": str(tmp_path / "gone.png")}), boxes)


def test_a_shot_shows_it_where_it_was_planned_and_the_model_draws_nobody(
    picture: Path, tmp_path: Path
) -> None:
    one = adapter(picture, tmp_path / "paper")
    box = Box(0.3, 0.2, 0.6, 0.9)
    shot = ShotPlan(
        id="1", scene="1", duration_s=1.0, seed=1, place="", place_id="meadow",
        background="a sunny meadow",
        entities=(Entity(id="GRIFFIN", look="an old griffin", prompt="an old griffin"),),
        keyframes=(Keyframe(time_s=0, placements=(Placement(entity="GRIFFIN", box=box),)),),
        settings=RenderSettings(steps=1, guidance=1.0),
    )  # fmt: skip
    family = StorybookFamily()
    frames = family.render(shot, [one], None, lambda done, total: None)
    bare = shot.model_copy(update={"entities": (), "keyframes": ()})
    empty = family.render(bare, [], None, lambda done, total: None)
    assert frames.shape == empty.shape == (8, models.HEIGHT, models.WIDTH, 3)
    middle = frames[:, round(0.7 * models.HEIGHT), round(0.45 * models.WIDTH)]
    assert np.abs(middle.astype(int) - COAT).max() <= 12
    outside = np.ones(frames.shape[1:3], bool)
    left, right = round(0.25 * models.WIDTH), round(0.65 * models.WIDTH)
    outside[round(0.15 * models.HEIGHT) :, left:right] = False
    assert np.array_equal(frames[:, outside], empty[:, outside])
