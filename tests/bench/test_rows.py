"""A planned shot as each row asks for it: nothing differs but what the row is named after."""

from __future__ import annotations

from dreamrunner.bench.rows import BEST, BOTH, PLAIN, REGIONS, ROWS, asked
from dreamrunner.engine.diffusion.family import region_texts
from dreamrunner.engine.miniature.world import Figure, WorldScene
from dreamrunner.tools.critic.miniature_clips import shot_of

SHOT = shot_of(
    WorldScene("snow", (Figure("owl", "red", "bow", 24), Figure("frog", "blue", "jump", 72)))
)


def test_a_plain_caption_says_who_does_what_and_where_and_nothing_of_sides() -> None:
    assert region_texts(asked(SHOT, PLAIN)) == [
        "a red owl bows, a blue frog jumps, a snowy field"
    ]  # fmt: skip


def test_the_best_caption_names_sides_too() -> None:
    assert region_texts(asked(SHOT, BEST)) == [
        "a red owl bows on the left, a blue frog jumps on the right, a snowy field"
    ]


def test_regions_have_a_text_each_and_are_the_shot_as_it_was_planned() -> None:
    assert asked(SHOT, REGIONS) == asked(SHOT, BOTH) == SHOT
    assert region_texts(SHOT) == ["a red owl bows", "a blue frog jumps", "a snowy field"]


def test_rows_keep_seed_steps_and_boxes() -> None:
    for row in ROWS:
        shot = asked(SHOT, row)
        assert (shot.seed, shot.settings.steps) == (SHOT.seed, SHOT.settings.steps)
        assert shot.keyframes == SHOT.keyframes
