"""What is right of a shot, by a judge and a critic whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from dreamrunner.bench.scoring import Scorer, dynamic_degree, planned
from dreamrunner.engine.miniature.judge import FoundFigure, MiniatureJudge
from dreamrunner.engine.miniature.world import Figure, WorldScene, draw
from dreamrunner.tools.critic.miniature import MiniatureWording
from dreamrunner.tools.critic.miniature_clips import shot_of
from dreamrunner.tools.critic.ports import CriticPorts, Region

SCENE = WorldScene("snow", (Figure("owl", "red", "bow", 24), Figure("frog", "blue", "jump", 72)))
SHOT = shot_of(SCENE)


class KnownJudge(MiniatureJudge):
    """Sees the owl where it is, the frog in the wrong colour, both bowing, in snow."""

    def __init__(self) -> None:
        pass

    def found(
        self, frames: NDArray[np.uint8], parts: Sequence[NDArray[np.float32]]
    ) -> list[FoundFigure]:
        return [FoundFigure("owl", "red", 0.25, 0.6), FoundFigure("frog", "red", 0.75, 0.6)]

    def place(self, frames: NDArray[np.uint8]) -> str:
        return "snow"

    def motion_in_place(self, frames: NDArray[np.uint8], boxes: NDArray[np.float32]) -> str:
        return "bow"

    def track(self, frames: NDArray[np.uint8], character: str) -> list[tuple[float, float] | None]:
        if character == "frog":
            return [None] * 5
        boxes = planned(SHOT, "OWL", len(frames))[2::5]
        return [(float(b[0] + b[2]) / 2, float(b[1] + b[3]) / 2) for b in boxes]


class KnownEyes:
    """Says that the first text is nine parts of ten, and that frames are half alike."""

    def find(self, *_: object) -> list[object]:
        return []

    def pictures(self, region: Region, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError("only whole sentences are compared")

    def movement(self, region: Region, texts: Sequence[str]) -> NDArray[np.float32]:
        assert region.boxes is None and texts[0].startswith("a red owl bows and a blue frog")
        return np.array([0.9] + [0.1 / (len(texts) - 1)] * (len(texts) - 1), np.float32)

    def alike(self, *_: object) -> NDArray[np.float32]:
        return np.array([[0.5]], np.float32)


@pytest.fixture
def scorer() -> Scorer:
    eyes = KnownEyes()
    ports = CriticPorts(eyes, eyes, eyes, MiniatureWording())  # type: ignore[arg-type]  # a fake
    return Scorer(KnownJudge(), ports)


def test_a_shot_is_scored_figure_by_figure(scorer: Scorer) -> None:
    frames = draw(SCENE).frames
    found = scorer.shot("a story", "a row", SHOT, frames, 3)
    owl, frog = found.figures
    assert (owl.character, owl.motion, owl.found) == (True, True, 1.0)
    assert owl.iou == pytest.approx(1.0, abs=1e-3)
    assert (frog.character, frog.motion, frog.iou, frog.found) == (False, False, 0.0, 0.0)
    assert (found.character, found.motion, found.place) == (0.5, 0.5, True)
    assert found.layout == pytest.approx(0.5, abs=1e-3)
    assert found.text == pytest.approx(0.9)
    assert found.takes == 3
    assert scorer.join("a story", "a row", SHOT, frames, frames).alike == 0.5


def test_frames_of_another_size_are_no_frames_for_the_judge(scorer: Scorer) -> None:
    enlarged = draw(SCENE).frames.repeat(6, axis=1).repeat(6, axis=2)
    with pytest.raises(ValueError, match="64 x 96"):
        scorer.shot("a story", "a row", SHOT, enlarged, 1)


def test_a_still_picture_has_no_dynamic_degree() -> None:
    frames = draw(SCENE).frames
    assert dynamic_degree(np.repeat(frames[:1], 5, axis=0)) == 0
    flicker = np.zeros((4, 2, 2, 3), np.uint8)
    flicker[1::2] = 255
    assert dynamic_degree(flicker) == 1


def test_a_planned_track_is_the_shots_boxes_in_time() -> None:
    track = planned(SHOT, "FROG", 25)
    assert track.shape == (25, 4)
    box = SHOT.box_at("FROG", 12 / 8)
    assert box is not None
    np.testing.assert_allclose(track[12], [box.left, box.top, box.right, box.bottom], rtol=1e-6)
    assert track[12, 1] < track[0, 1]  # it jumps
