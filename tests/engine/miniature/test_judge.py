"""The miniature's judge: labels, crops and answers are those of the drawn truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dreamrunner.engine.miniature.judge import (
    CROP,
    NOBODY,
    WIDE_CROP,
    FigureFinder,
    MiniatureJudge,
    MotionReader,
    followed,
    watched,
)
from dreamrunner.engine.miniature.judging import (
    Shown,
    Shows,
    cell_labels,
    damaged,
    export_judge,
    unsteady,
)
from dreamrunner.engine.miniature.running import TrainingRun
from dreamrunner.engine.miniature.transformer import GATHERED
from dreamrunner.engine.miniature.world import (
    CHARACTERS,
    COLOURS,
    FRAMES,
    HEIGHT,
    WIDTH,
    Figure,
    WorldScene,
    draw,
)

PAIR = WorldScene("snow", (Figure("owl", "red", "stand", 28), Figure("frog", "blue", "rise", 68)))


def test_the_cell_of_a_figures_middle_is_named_and_those_beside_it_are_left_open() -> None:
    who, colour = cell_labels(Shown(PAIR, draw(PAIR)), 0)
    named = {
        (int(r), int(c)): CHARACTERS[who[r, c]] for r, c in np.argwhere((who >= 0) & (who < NOBODY))
    }
    assert sorted(named.values()) == ["frog", "owl"]
    (row, column) = next(place for place, name in named.items() if name == "owl")
    assert column == 28 // 8
    assert COLOURS[colour[row, column]] == "red"
    assert who[row, column + 1] == -100
    assert who[0, 6] == NOBODY


def test_crops_follow_the_middle_of_a_box() -> None:
    clip = draw(PAIR)
    crops = followed(clip.frames, clip.boxes[1])
    assert crops.shape == (FRAMES, CROP, CROP, 3)
    left, top, right, bottom = clip.boxes[1, 0] * [WIDTH, HEIGHT, WIDTH, HEIGHT]
    x, y = round((left + right) / 2), round((top + bottom) / 2)
    np.testing.assert_array_equal(crops[0, CROP // 2, CROP // 2], clip.frames[0, y, x])
    # A figure that rises with its box stays where it is in its crop, but for what rounding adds.
    early, late = crops[5, 15:29, CROP // 2].astype(int), crops[20, :, CROP // 2]
    assert min(np.abs(early - late[15 + k : 29 + k]).mean() for k in (-1, 0, 1)) < 4


def test_crops_that_stand_still_show_where_a_figure_goes() -> None:
    clip = draw(PAIR)
    crops = watched(clip.frames, clip.boxes[1])
    assert crops.shape == (FRAMES, WIDE_CROP, WIDE_CROP, 3)
    blue = (crops[..., 2].astype(int) - crops[..., 0] > 90).any(2)  # [T, s] rows with the frog
    heads = blue.argmax(1)
    assert heads[0] - heads[-1] == pytest.approx(22, abs=3)  # it rises by 22 pixels
    half = watched(clip.frames[12:], clip.boxes[1, 12:])
    assert half.shape == (FRAMES - 12, WIDE_CROP, WIDE_CROP, 3)


def test_damage_leaves_the_range_and_is_the_same_for_a_seed() -> None:
    frames = torch.rand(3, 4, 3, 16, 24, generator=torch.Generator().manual_seed(0))
    first = damaged(frames, torch.Generator().manual_seed(1))
    assert first.shape == frames.shape
    assert first.min() >= 0 and first.max() <= 1
    assert not torch.equal(first, frames)
    torch.testing.assert_close(first, damaged(frames, torch.Generator().manual_seed(1)))


def test_unsteady_damage_is_the_same_within_a_token_and_another_in_the_next() -> None:
    still = torch.from_numpy(draw(PAIR).frames[:1]).movedim(-1, -3).float() / 255
    clips = still.expand(4, 2 * GATHERED, -1, -1, -1)
    harmed = unsteady(clips, torch.Generator().manual_seed(3))
    assert harmed.shape == clips.shape and harmed.min() >= 0 and harmed.max() <= 1
    runs = harmed.unflatten(1, (2, GATHERED))
    torch.testing.assert_close(runs, runs[:, :, :1].expand_as(runs))
    assert not torch.equal(runs[:, 0], runs[:, 1])
    torch.testing.assert_close(clips[0, 0], still[0])  # what is given stays as it was


def test_who_stands_is_read_as_standing_in_an_unsteady_picture() -> None:
    judge, generator = MiniatureJudge.load(), torch.Generator().manual_seed(4)
    said = []
    for character in ("owl", "fox", "turtle"):
        clip = draw(WorldScene("beach", (Figure(character, "red", "stand", 48),)))
        frames = torch.from_numpy(clip.frames).movedim(-1, -3).float()[None] / 255
        shown = (unsteady(frames, generator)[0] * 255).byte().movedim(1, -1).numpy()
        said.append(judge.motion(shown, clip.boxes[0]))
    assert said == ["stand"] * 3


class KnownFinder(FigureFinder):
    """Sees an owl in red at one cell, and nobody elsewhere."""

    def forward(self, frames: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        count = len(frames)
        who = torch.zeros(count, NOBODY + 1, 8, 12)
        who[:, NOBODY] = 8
        who[:, CHARACTERS.index("owl"), 5, 3] = 20
        colour = torch.zeros(count, len(COLOURS), 8, 12)
        colour[:, COLOURS.index("red")] = 5
        return who, colour, torch.tensor([[0.0, 0, 0, 9]]).expand(count, 4)


def test_a_figure_is_found_in_the_part_that_it_stands_in() -> None:
    judge = MiniatureJudge(KnownFinder(), MotionReader())
    clip = draw(PAIR)
    halves = np.zeros((2, FRAMES, 4), np.float32)
    halves[0], halves[1] = (0, 0, 0.5, 1), (0.5, 0, 1, 1)
    left, right = judge.found(clip.frames, list(halves))
    assert (left.character, left.colour) == ("owl", "red")
    assert (left.x, left.y) == pytest.approx((3.5 / 12, 5.5 / 8))
    assert right.character is None
    assert judge.place(clip.frames) == "snow"


def test_training_writes_a_judge_that_can_be_loaded_with_its_card(tmp_path: Path) -> None:
    run = TrainingRun(tmp_path, 0.02, 3, 4, 1e-3, lambda _: None, every_s=0)
    card = export_judge(run, tmp_path, clips=2)
    assert set(card) == {"clean", "damaged"}
    assert all(0 <= rate <= 1 for rates in card.values() for rate in rates.values())
    judge = MiniatureJudge.load(tmp_path / "judge.safetensors")
    assert judge.place(draw(PAIR).frames) in ("meadow", "beach", "night", "snow")


def test_shows_hold_everything_that_the_world_can_draw() -> None:
    shows = Shows(2, pool=80)
    figures = [f for shown in shows.next(300) for f in shown.scene.figures]
    assert {figure.character for figure in figures} == set(CHARACTERS)
