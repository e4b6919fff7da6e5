"""A drawn clip and its shot -> the same story passes, and every kind of other story fails."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from dreamrunner.engine.storybook.critic.model import Critic
from dreamrunner.engine.storybook.weights import FOLDER
from dreamrunner.engine.storybook.world.scene import SceneSpec, draw_scene, make_actor
from dreamrunner.engine.video import write_video
from dreamrunner.film import Clip, Measurement
from dreamrunner.plan import Assertion, ShotPlan
from dreamrunner.tools.critic import known_clips
from dreamrunner.tools.critic.calibrate import threshold
from dreamrunner.tools.critic.card import Threshold
from dreamrunner.tools.critic.embedded import load_embedded
from dreamrunner.tools.critic.measure import CriticMeasurer

needs_weights = pytest.mark.skipif(
    not (FOLDER / "critic.safetensors").is_file(), reason="the critic has not been trained"
)

FOX = make_actor("fox", x=0.15, y=0.9, height=0.48, motion="walk", extent=0.3)
OWL = make_actor("owl", x=0.8, y=0.88, height=0.45, motion="stand")
SCENE = SceneSpec("forest", 5, (FOX, OWL))


def asked(metric: str, subject: str | None = None, other: str | None = None) -> Assertion:
    words = [w for w in (subject, metric, other) if w]
    return Assertion(
        id=".".join(words), metric=metric, subject=subject, other=other, origin="expect"
    )


def shot(*assertions: Assertion) -> ShotPlan:
    return known_clips.shot_of(SCENE).model_copy(update={"assertions": assertions})


def clip_of(path: Path, frames: np.ndarray) -> Clip:
    write_video(path, frames, 8)
    count, height, width, _ = frames.shape
    return Clip(
        shot="shot", path=str(path), key="k", frames=count, fps=8, width=width, height=height
    )


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    return clip_of(tmp_path_factory.mktemp("clip") / "clip.mp4", draw_scene(SCENE).frames)


@pytest.fixture(scope="module")
def measurer() -> CriticMeasurer:
    return CriticMeasurer(load_embedded)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> CriticMeasurer:
    """A measurer with an untrained critic: what it says of pictures is worth nothing."""
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(0)
    Critic().save(folder / "critic.safetensors", {})
    card = {
        "thresholds": {"place": 0.5},
        "known_good": {"place": 0.97},
        "known_bad": {"place": 0.02},
    }
    (folder / "critic.json").write_text(json.dumps(card))
    return CriticMeasurer(lambda: load_embedded(folder))


def test_every_assertion_is_answered_in_order_or_says_why_not(
    stranger: CriticMeasurer, clip: Clip
) -> None:
    wanted = (
        asked("place"),
        asked("clip"),
        asked("identity", "BEAR"),
        asked("join"),
        asked("absent", "ROBOT"),
        asked("identity", "FOX"),
    )
    found = stranger.measure(shot(*wanted), clip)
    assert [m.assertion for m in found] == [a.id for a in wanted]
    assert found[0].passed is not None and found[0].value is not None
    assert found[0].threshold_origin == (
        "calibrated: 97% of known-good and 2% of known-bad clips reach it"
    )
    assert [m.explanation for m in found[1:]] == [
        "not measured: this critic does not measure clip",
        "not measured: BEAR is not in this shot's plan",
        "not measured: a join needs the shot before",
        "not measured: nothing says what ROBOT looks like",
        "not measured: no threshold is known",
    ]
    assert all(m.value is None and m.passed is None for m in found[1:])


def test_the_writers_threshold_goes_before_the_calibrated_one(
    stranger: CriticMeasurer, clip: Clip
) -> None:
    wish = asked("place").model_copy(update={"threshold": 1.0, "comparison": "<="})
    (found,) = stranger.measure(shot(wish), clip)
    assert (found.passed, found.threshold, found.threshold_origin) == (
        True,
        1.0,
        "asked for on the page",
    )


@pytest.mark.parametrize(
    ("comparison", "value", "met"),
    [
        (">=", 0.5, True),
        (">", 0.5, False),
        ("<=", 0.5, True),
        ("<", 0.5, False),
        ("==", 0.504, True),
        ("==", 0.51, False),
    ],
)
def test_comparisons(comparison: str, value: float, met: bool) -> None:
    assert Threshold(0.5, comparison, "").met(value) is met


def test_a_threshold_parts_good_from_bad_in_the_middle() -> None:
    assert threshold([0.8, 0.9], [0.1, 0.2]) == pytest.approx(0.5)
    assert threshold([0.3, 0.6, 0.9], [0.1, 0.2, 0.4]) == pytest.approx(0.5)


def by_metric(found: tuple[Measurement, ...]) -> dict[str, bool | None]:
    return {m.assertion.removeprefix("shot/"): m.passed for m in found}


@needs_weights
def test_the_right_story_passes(measurer: CriticMeasurer, clip: Clip) -> None:
    found = measurer.measure(known_clips.shot_of(SCENE), clip)
    assert by_metric(found) == dict.fromkeys(by_metric(found), True), found
    assert all(m.frames for m in found)


@needs_weights
def test_other_animals_fail(measurer: CriticMeasurer, clip: Clip) -> None:
    other = known_clips.recast(known_clips.shot_of(SCENE), np.random.default_rng(0))
    found = by_metric(measurer.measure(other, clip))
    assert found["present.FOX"] is False
    assert found["present.OWL"] is False
    assert found["place"] is True


@needs_weights
def test_another_place_fails(measurer: CriticMeasurer, clip: Clip) -> None:
    elsewhere = known_clips.moved(known_clips.shot_of(SCENE), np.random.default_rng(0))
    found = by_metric(measurer.measure(elsewhere, clip))
    assert found["place"] is False
    assert found["present.FOX"] is True


@needs_weights
def test_swapped_sides_fail(measurer: CriticMeasurer, clip: Clip) -> None:
    wanted = (asked("left-of", "FOX", "OWL"), asked("right-of", "FOX", "OWL"))
    found = measurer.measure(shot(*wanted, asked("layout", "FOX")), clip)
    assert [m.passed for m in found] == [True, False, True]
    planned = shot(asked("layout", "FOX"), asked("layout", "OWL"))
    placed = {"FOX": "OWL", "OWL": "FOX"}
    keyframes = tuple(
        key.model_copy(
            update={
                "placements": tuple(
                    p.model_copy(update={"entity": placed[p.entity]}) for p in key.placements
                )
            }
        )
        for key in planned.keyframes
    )
    found = measurer.measure(planned.model_copy(update={"keyframes": keyframes}), clip)
    assert [m.passed for m in found] == [False, False]


@needs_weights
def test_a_still_picture_is_no_walk(measurer: CriticMeasurer, clip: Clip, tmp_path: Path) -> None:
    frames = np.repeat(draw_scene(SCENE).frames[12:13], 25, axis=0)
    still = clip_of(tmp_path / "still.mp4", frames)
    wanted = shot(asked("motion", "FOX"))
    (found,) = measurer.measure(wanted, still)
    assert found.passed is False
    assert found.explanation == 'FOX: should be "walk", but the picture stands still'
    assert measurer.measure(wanted, clip)[0].passed is True


@needs_weights
def test_a_cut_within_a_scene_joins_and_one_to_another_does_not(
    measurer: CriticMeasurer, clip: Clip, tmp_path: Path
) -> None:
    frames = draw_scene(SCENE).frames
    first = clip_of(tmp_path / "first.mp4", frames[:13])
    second = clip_of(tmp_path / "second.mp4", frames[13:])
    bear = make_actor("bear", x=0.3, y=0.88, height=0.5, motion="jump")
    other = clip_of(tmp_path / "o.mp4", draw_scene(SceneSpec("beach", 2, (bear,))).frames)
    wanted = shot(asked("join"))
    assert measurer.measure_join(wanted, first, second)[0].passed is True
    assert measurer.measure_join(wanted, other, second)[0].passed is False


@needs_weights
def test_nothing_is_measured_of_somebody_whom_the_world_lacks(
    measurer: CriticMeasurer, clip: Clip
) -> None:
    known = known_clips.shot_of(SCENE)
    fox = known.entities[0]
    stranger = fox.model_copy(update={"character": None, "look": "a detective"})
    owl = known.entities[1].id
    wanted = [asked("present", fox.id), asked("left-of", owl, fox.id), asked("place")]
    page = known.model_copy(
        update={"entities": (stranger, *known.entities[1:]), "assertions": tuple(wanted)}
    )

    of_him, beside_him, place = measurer.measure(page, clip)

    why = "not measured: storybook cannot draw a detective"
    assert (of_him.value, of_him.passed, of_him.explanation) == (None, None, why)
    assert (beside_him.passed, beside_him.explanation) == (None, why)
    assert place.passed is True
