"""The miniature's world is frozen: what it draws, what training never shows, what its words are."""

from __future__ import annotations

import random
from hashlib import sha256

import numpy as np
import pytest

from dreamrunner.engine.miniature import world
from dreamrunner.engine.miniature.captions import (
    caption,
    is_held_out,
    random_scene,
    region_texts,
)
from dreamrunner.engine.miniature.world import (
    CHARACTERS,
    COLOURS,
    FRAMES,
    HEIGHT,
    MOTIONS,
    PLACES,
    WIDTH,
    Figure,
    WorldScene,
    draw,
)

PAIR = WorldScene("meadow", (Figure("owl", "red", "jump", 24), Figure("frog", "blue", "wave", 72)))


def test_the_world_of_this_version_draws_these_bits() -> None:
    """A change here voids weights and figures: raise VERSION, train and measure anew."""
    digest = sha256(str(world.VERSION).encode())
    for place in PLACES:
        digest.update(world.background(place).tobytes())
    for k, character in enumerate(CHARACTERS):
        for j, motion in enumerate(MOTIONS):
            figure = Figure(character, COLOURS[(k + j) % 3], motion, 48)
            digest.update(draw(WorldScene(PLACES[j % 4], (figure,))).frames.tobytes())
    assert digest.hexdigest() == "184a5989b7fb56b97d41f3ea48fa9a7974c35a2e858c7da8e2fdb4070a35cd53"


def test_a_clip_has_the_size_that_the_models_are_made_for() -> None:
    clip = draw(PAIR)
    assert clip.frames.shape == (FRAMES, HEIGHT, WIDTH, 3)
    assert clip.frames.dtype == np.uint8
    assert clip.boxes.shape == (2, FRAMES, 4)


@pytest.mark.parametrize("motion", MOTIONS)
def test_boxes_hold_all_that_moves(motion: str) -> None:
    clip = draw(WorldScene("snow", (Figure("elephant", "red", motion, 48),)))
    changed = (clip.frames != world.background("snow")).any(-1)  # [T, h, w]
    for frame, box in zip(changed, clip.boxes[0], strict=True):
        rows, columns = np.flatnonzero(frame.any(1)), np.flatnonzero(frame.any(0))
        found = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
        # A sprite's faintest edge may leave the pixels under it as they are.
        np.testing.assert_allclose(box * [WIDTH, HEIGHT, WIDTH, HEIGHT], found, atol=1.01)


def test_motions_go_where_their_words_say() -> None:
    def middles(motion: str) -> tuple[np.ndarray, np.ndarray]:
        box = draw(WorldScene("snow", (Figure("owl", "red", motion, 48),))).boxes[0]
        return (box[:, 0] + box[:, 2]) / 2 * WIDTH, box[:, 3] * HEIGHT

    across, _ = middles("walk right")
    assert 17 < across[-1] - across[0] < 23
    across, _ = middles("walk left")
    assert -23 < across[-1] - across[0] < -17
    _, foot = middles("jump")
    assert foot[0] == foot[-1]
    assert foot[0] - foot.min() == pytest.approx(16, abs=1)
    _, foot = middles("rise")
    assert foot[0] - foot[-1] == pytest.approx(22, abs=1)
    across, _ = middles("sway")
    assert across[0] == pytest.approx(across[-1], abs=0.5)
    assert across.max() - across.min() == pytest.approx(20, abs=1)


def test_a_figure_hides_the_one_before_it_in_the_list() -> None:
    behind, front = Figure("owl", "red", "stand", 48), Figure("frog", "blue", "stand", 48)
    alone = draw(WorldScene("snow", (front,))).frames[0]
    both = draw(WorldScene("snow", (behind, front))).frames[0]
    left, top, right, bottom = (
        draw(WorldScene("snow", (front,))).boxes[0, 0] * [WIDTH, HEIGHT, WIDTH, HEIGHT]
    ).astype(int)
    middle = slice((top + bottom) // 2, bottom - 6), slice(left + 10, right - 10)
    # Within a sprite a seam of two shapes may let a little through.
    assert np.abs(both[middle].astype(int) - alone[middle]).mean() < 1


def test_training_never_shows_what_is_held_out() -> None:
    chance = random.Random(3)
    figures = [f for _ in range(400) for f in random_scene(chance, 2).figures]
    assert not any(is_held_out(figure) for figure in figures)
    assert {figure.character for figure in figures} == set(CHARACTERS[:6])
    assert {figure.motion for figure in figures} == set(MOTIONS[:6])
    other = [f for _ in range(400) for f in random_scene(chance, 2, held_out=True).figures]
    assert {figure.character for figure in other} == set(CHARACTERS)


def test_captions_say_who_does_what_where() -> None:
    assert caption(PAIR) == "a red owl jumps and a blue frog waves a hand in a meadow"
    assert caption(PAIR, sides=True) == (
        "a red owl jumps on the left and a blue frog waves a hand on the right in a meadow"
    )
    assert region_texts(PAIR) == ["a red owl jumps", "a blue frog waves a hand", "a meadow"]
    alone = WorldScene("night", (Figure("elephant", "red", "bow", 48),))
    assert caption(alone) == "a red elephant bows on a hill at night"
    assert caption(alone, sides=True) == "a red elephant bows in the middle on a hill at night"


def test_figures_of_a_pair_stand_in_their_halves() -> None:
    chance = random.Random(5)
    for _ in range(50):
        first, second = sorted(random_scene(chance, 2).figures, key=lambda figure: figure.x)
        assert first.x < WIDTH / 2 < second.x
        assert first.character != second.character
