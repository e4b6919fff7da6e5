"""Values of right and broken clips -> thresholds, recall at a precision, the worth of alarms."""

from __future__ import annotations

import numpy as np
import pytest

from dreamrunner.engine.storybook.training.critic_samples import known_scene
from dreamrunner.engine.storybook.world.additions import ALL_PLACES
from dreamrunner.engine.storybook.world.people import PERSON
from dreamrunner.engine.storybook.world.vocabulary import CHARACTERS, MOTIONS
from dreamrunner.tools.critic import known_clips
from dreamrunner.tools.critic.calibrate import (
    CheckReading,
    area_under_roc,
    card_of,
    recall_at,
    wilson,
)
from dreamrunner.tools.critic.card import CriticCard
from dreamrunner.tools.critic.embedded import WorldWording
from dreamrunner.tools.critic.evidence import Value
from dreamrunner.tools.critic.ports import NotMeasurable


def values(metric: str, broken: str, *numbers: float | None, rival: str = "") -> list[CheckReading]:
    return [
        CheckReading(
            metric, broken, None if n is None else Value(n, (), "", rival=rival, contest=True)
        )
        for n in numbers
    ]


def test_recall_at_a_precision_counts_right_and_broken_clips_alike() -> None:
    right, wrong = [0.9] * 10, [0.1, 0.1, 0.95, 0.95]
    assert recall_at(0.9, right, wrong) == 0.5
    assert recall_at(0.9, right * 5, wrong * 7) == 0.5  # however many there are
    assert recall_at(0.9, [0.5, 0.6], [0.5, 0.6]) == 0.0
    assert recall_at(0.9, [0.9], [0.1]) == 1.0


def test_the_area_under_roc_is_the_chance_of_the_right_order() -> None:
    assert area_under_roc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert area_under_roc([0.5], [0.5]) == 0.5
    rng = np.random.default_rng(0)
    right, wrong = rng.random(20), rng.random(15)
    slow = np.mean([[1.0 if a > b else 0.5 if a == b else 0.0 for b in wrong] for a in right])
    assert area_under_roc(right, wrong) == pytest.approx(float(slow))


def test_wilsons_interval_holds_the_rate_and_keeps_within_0_and_1() -> None:
    low, high = wilson(8, 10)
    assert (low, high) == (pytest.approx(0.490, abs=1e-3), pytest.approx(0.943, abs=1e-3))
    assert wilson(0, 5)[0] == 0.0 and wilson(5, 5)[1] == 1.0 and wilson(0, 0) == (0.0, 1.0)


def test_a_card_says_how_each_kind_of_clip_fares_by_its_verdict() -> None:
    found = [
        *values("present", "", 0.9, 0.8, 0.9, 0.7),
        *values("present", "another animal", 0.1, 0.2, rival="a bear"),
        # It reaches any threshold and loses its contest: it is not present.
        *values("present", "spoiled figure", 0.9, None, rival="a blob"),
    ]
    card = card_of(found)
    kinds = card["alarms"]["present"]
    assert kinds["right"]["fails"] == 0.0
    assert kinds["another animal"]["fails"] == 1.0
    assert kinds["another animal"]["roc_area"] == kinds["another animal"]["precision"] == 1.0
    assert kinds["another animal"]["recall_at_90"] == 1.0 and "roc_area" not in kinds["right"]
    assert (kinds["spoiled figure"]["fails"], kinds["spoiled figure"]["not_measured"]) == (0.5, 0.5)
    read = CriticCard.read({k: card[k] for k in ("thresholds", "recall_at_90")})
    assert read.binds("present") == (card["recall_at_90"]["present"] >= 0.6)


def test_broken_clips_are_broken_in_what_they_are_called() -> None:
    rng = np.random.default_rng(4)
    _, clip = known_clips.good(rng)
    turned = known_clips.mirrored(clip)
    assert np.array_equal(turned.frames[:, :, ::-1], clip.frames)
    boxes = [
        (p.box.left, q.box.right)
        for a, b in zip(clip.shot.keyframes, turned.shot.keyframes, strict=True)
        for p, q in zip(a.placements, b.placements, strict=True)
    ]
    assert all(left == pytest.approx(1 - right) for left, right in boxes)
    back = known_clips.backwards(clip)
    assert np.array_equal(back.frames[::-1], clip.frames)
    name, end_s = clip.shot.entities[0].id, (len(clip.frames) - 1) / clip.fps
    assert back.shot.box_at(name, end_s) == clip.shot.box_at(name, 0.0)
    mixed = known_clips.shuffled(clip, rng).frames
    assert not np.array_equal(mixed, clip.frames)
    assert np.array_equal(np.sort(mixed, axis=0), np.sort(clip.frames, axis=0))
    other = known_clips.redirected(clip.shot, rng).beats
    for before, after in zip(clip.shot.beats, other, strict=True):
        assert (before.motion, before.facing) != (after.motion, after.facing)
        assert after.motion in MOTIONS


def test_of_a_person_the_critic_says_that_somebody_is_there_and_no_more() -> None:
    rng, wording = np.random.default_rng(3), WorldWording()
    spec = known_scene(rng, peopled=1.0)
    while [actor.character for actor in spec.actors] != [PERSON]:
        spec = known_scene(rng, peopled=1.0)
    shot = known_clips.shot_of(spec)
    (somebody,) = shot.entities
    assert wording.kind(somebody).right == "a person"
    assert wording.place(shot).right in {p.bare_views[0] for p in ALL_PLACES.values()}
    with pytest.raises(NotMeasurable, match="neither who it is nor what it does"):
        wording.target(somebody)
    with pytest.raises(NotMeasurable, match="neither who it is"):
        wording.whole(shot)
    (animal,) = known_clips.recast(shot, rng).entities
    assert animal.character in CHARACTERS
    assert animal.color == CHARACTERS[animal.character].colourways[0]
