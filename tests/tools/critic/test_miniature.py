"""The miniature's critic behind the ports: what its texts say, and what its sight makes of them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dreamrunner.engine.miniature.critic import (
    COLUMNS,
    NOBODY,
    ROWS,
    SHAPELESS,
    FrameSight,
    MiniatureCritic,
    token_middles,
)
from dreamrunner.engine.miniature.world import (
    CHARACTERS,
    COLOURS,
    FRAMES,
    MOTIONS,
    PLACES,
    Figure,
    WorldScene,
)
from dreamrunner.plan import Beat, Entity
from dreamrunner.story import Box
from dreamrunner.tools.critic import miniature_clips
from dreamrunner.tools.critic.card import CriticCard
from dreamrunner.tools.critic.measure import CriticMeasurer, CriticSetup
from dreamrunner.tools.critic.miniature import (
    BLUR,
    EMPTY,
    MiniatureEyes,
    MiniatureWording,
    Said,
    miniature_ports,
    motion_of,
    read_text,
)
from dreamrunner.tools.critic.ports import NotMeasurable, Region, SampledFrames, Target

SCENE = WorldScene("snow", (Figure("owl", "red", "bow", 24), Figure("frog", "blue", "jump", 72)))
LEFT, RIGHT = Box(0.05, 0.2, 0.45, 0.9), Box(0.55, 0.2, 0.95, 0.9)
THRESHOLDS = dict.fromkeys(("present", "identity", "motion", "layout", "place", "text"), 0.5)


class KnownViewer(nn.Module):
    """Sees a red owl on the left and a blue frog on the right, in snow, in every frame."""

    def forward(self, frames: Tensor) -> FrameSight:
        count, middles = len(frames), token_middles()
        who = torch.zeros(count, ROWS * COLUMNS, NOBODY + 1)
        colour = torch.zeros(count, ROWS * COLUMNS, len(COLOURS))
        edges = torch.zeros(count, ROWS * COLUMNS, 4)
        who[..., NOBODY] = 9
        for box, animal, hue in ((LEFT, "owl", "red"), (RIGHT, "frog", "blue")):
            there = (middles[:, 0] > box.left + 0.1) & (middles[:, 0] < box.right - 0.1)
            there &= (middles[:, 1] > box.top + 0.1) & (middles[:, 1] < box.bottom - 0.1)
            who[:, there, NOBODY] = 0
            who[:, there, CHARACTERS.index(animal)] = 9
            colour[:, there, COLOURS.index(hue)] = 9
            edges[:, there] = torch.tensor([box.left, box.top, box.right, box.bottom])
        place = torch.zeros(count, len(PLACES))
        place[:, PLACES.index("snow")] = 9
        tokens = torch.nn.functional.pad(who, (0, 64 - who.shape[-1]))
        return FrameSight(who, colour, edges, place, tokens)


class KnownReader(nn.Module):
    """Reads a bow where the crop is red on the whole, else a jump."""

    def forward(self, crops: Tensor) -> Tensor:
        found = torch.zeros(len(crops), len(MOTIONS))
        red = crops[:, :, 0].mean() > crops[:, :, 2].mean()
        found[:, MOTIONS.index("bow" if red else "jump")] = 9
        return found


@pytest.fixture
def critic() -> MiniatureCritic:
    made = MiniatureCritic()
    made.viewer, made.reader = KnownViewer(), KnownReader()  # type: ignore[assignment]
    return made


@pytest.fixture
def footage() -> SampledFrames:
    frames = np.zeros((FRAMES, 64, 96, 3), np.uint8)
    frames[:, :, :48, 0], frames[:, :, 48:, 2] = 200, 200
    frames[::2] //= 2  # it moves
    return SampledFrames(frames, tuple(range(FRAMES)), tuple(i / 8 for i in range(FRAMES)))


def test_texts_say_who_in_which_colour_doing_what_and_where() -> None:
    owl, frog = CHARACTERS.index("owl"), CHARACTERS.index("frog")
    whole = read_text("a red owl walks to the left and a blue frog bows, a hill at night")
    assert whole.place == PLACES.index("night")
    assert whole.figures == (
        Said(owl, 0, MOTIONS.index("walk left")), Said(frog, 1, MOTIONS.index("bow")),
    )  # fmt: skip
    swaying = read_text("a red owl slides to and fro and a blue frog bows")
    assert [f.motion for f in swaying.figures] == [MOTIONS.index("sway"), MOTIONS.index("bow")]
    assert read_text("a snowy field").figures == ()
    assert read_text("an owl").figures == (Said(owl),)
    assert read_text(BLUR).figures == (Said(SHAPELESS),)
    assert read_text(EMPTY).figures == (Said(NOBODY),)


def test_every_contest_of_a_shot_is_of_texts_that_differ_and_can_be_read() -> None:
    shot, wording = miniature_clips.shot_of(SCENE), MiniatureWording()
    owl = shot.entities[0]
    contests = [
        wording.kind(owl), wording.identity(owl), wording.motion(owl, shot.beats[0]),
        wording.place(shot), wording.whole(shot),
    ]  # fmt: skip
    for contest in contests:
        read = [read_text(text) for text in contest.texts]
        assert len(set(contest.texts)) == len(contest.texts) > 3
        assert len(set(read)) == len(read)
    with pytest.raises(NotMeasurable, match="cannot draw"):
        wording.target(Entity(id="CAR", look="a car", prompt="a car"))
    with pytest.raises(NotMeasurable, match="never shown"):
        motion_of(Beat(entity="OWL", motion="somersault", start_s=0, end_s=1))


def test_figures_are_found_where_they_are(critic: MiniatureCritic, footage: SampledFrames) -> None:
    eyes = MiniatureEyes(critic)
    owl, frog, fox = eyes.find(footage, [Target("a red owl"), Target("a frog"), Target("a fox")])
    assert owl.boxes[4] is not None and owl.boxes[4].iou(LEFT) > 0.99
    assert frog.boxes[4] is not None and frog.boxes[4].iou(RIGHT) > 0.99
    assert fox.boxes == (None,) * FRAMES
    wrong = eyes.find(footage, [Target("a blue owl")])[0]
    assert wrong.boxes == (None,) * FRAMES


def test_comparisons_are_distributions_won_by_what_is_true(
    critic: MiniatureCritic, footage: SampledFrames
) -> None:
    eyes = MiniatureEyes(critic)
    within = Region(footage, (LEFT,) * FRAMES)
    who = eyes.pictures(within, ["an owl", "a frog", BLUR, EMPTY])
    assert who.shape == (FRAMES, 4)
    np.testing.assert_allclose(who.sum(1), 1, rtol=1e-5)
    assert (who.argmax(1) == 0).all()
    hidden = Region(footage, hidden=((LEFT,) * FRAMES,))
    place = eyes.pictures(hidden, ["a meadow", "a snowy field"])
    assert (place.argmax(1) == 1).all()
    motion = eyes.movement(within, ["a red owl jumps", "a red owl bows"])
    assert motion.shape == (2,) and motion[1] > 0.9
    whole = eyes.movement(Region(footage), [
        "a red owl bows and a blue frog jumps, a snowy field",
        "a red owl jumps and a blue frog jumps, a snowy field",
        "a red fox bows and a blue frog jumps, a snowy field",
        "a red owl bows and a blue frog jumps, a meadow",
    ])  # fmt: skip
    assert whole[0] > 0.9
    picture = footage.frames[0]
    np.testing.assert_allclose(eyes.alike([picture], [picture]), 1, rtol=1e-5)


def test_the_measures_of_a_shot_hold_of_what_is_seen_and_fail_of_what_is_not(
    critic: MiniatureCritic, footage: SampledFrames
) -> None:
    measurer = CriticMeasurer(lambda: CriticSetup(miniature_ports(critic), CriticCard(THRESHOLDS)))
    shot = miniature_clips.shot_of(SCENE)
    seen = measurer.measure_frames(shot, footage.frames, 8)
    right = {m.assertion: m.passed for m in seen}
    for check in ("present.OWL", "place", "motion.OWL"):
        assert right[f"shot/{check}"], [m.explanation for m in seen]
    other = miniature_clips.recast(shot, np.random.default_rng(0))
    wrong = {m.assertion: m.passed for m in measurer.measure_frames(other, footage.frames, 8)}
    assert wrong["shot/present.OWL"] is False
    elsewhere = miniature_clips.moved(shot, np.random.default_rng(0))
    found = {m.assertion: m.passed for m in measurer.measure_frames(elsewhere, footage.frames, 8)}
    assert found["shot/place"] is False


def test_clips_are_broken_in_one_thing() -> None:
    rng = np.random.default_rng(2)
    scene, clip = miniature_clips.good(rng)
    assert clip.frames.shape == (FRAMES, 64, 96, 3)
    assert {e.character for e in clip.shot.entities} == {f.character for f in scene.figures}
    shot = clip.shot
    before = [motion_of(beat) for beat in shot.beats]
    after = [motion_of(beat) for beat in miniature_clips.redirected(shot, rng).beats]
    assert all(a != b for a, b in zip(before, after, strict=True))
    colours = [e.color for e in miniature_clips.recolored(shot).entities]
    assert all(a != e.color for a, e in zip(colours, shot.entities, strict=True))
    assert miniature_clips.moved(shot, rng).place_id != shot.place_id
    empty = [miniature_clips.spoiled(scene, np.random.default_rng(s)).frames for s in range(6)]
    assert any(not np.array_equal(one, empty[0]) for one in empty)
