"""A shot that is filmed in parts: each has its own people and times, and they make one clip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.agents.critic.shot_remedies import in_two_parts
from dreamrunner.engine.family import capabilities
from dreamrunner.engine.protocol import Frames
from dreamrunner.engine.video import read_video
from dreamrunner.film import Adapter, Clip
from dreamrunner.plan import Beat, Entity, Keyframe, Placement, ShotPlan
from dreamrunner.story import Box
from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.parts import parts_of
from dreamrunner.tools.stages.render import StageRenderer
from dreamrunner.tools.stages.runner import StoreRunner, silent
from dreamrunner.tools.store.store import Store

LEFT, RIGHT = Box(0.1, 0.3, 0.4, 0.9), Box(0.6, 0.3, 0.9, 0.9)


class Shades:
    """A family whose pictures are as bright as the name of who is in them is long."""

    capabilities = capabilities("storybook")
    fingerprint = "shades"

    def __init__(self) -> None:
        self.made: list[str] = []

    def render(
        self,
        shot: ShotPlan,
        adapters: Sequence[Adapter],
        before: Clip | None,
        on_step: Callable[[int, int], None],
    ) -> Frames:
        self.made.append(shot.id)
        count = round(shot.duration_s * 8)
        shade = 20 * sum(len(entity.id) for entity in shot.entities)
        return np.full((count, 96, 144, 3), shade, np.uint8)


@pytest.fixture
def crowd() -> ShotPlan:
    names = {"FOX": LEFT, "RABBIT": RIGHT}
    return ShotPlan(
        id="1.1", scene="1", duration_s=3.0, seed=1, place="a wood", background="a wood",
        entities=tuple(Entity(id=n, look=f"a {n}", prompt=f"a {n}") for n in names),
        keyframes=tuple(
            Keyframe(
                time_s=t, placements=tuple(Placement(entity=n, box=b) for n, b in names.items())
            )
            for t in (0.0, 3.0)
        ),
        beats=tuple(Beat(entity=n, motion="walk", start_s=0, end_s=3) for n in names),
    )  # fmt: skip


def test_a_part_has_its_people_and_its_own_time(crowd: ShotPlan) -> None:
    plan = in_two_parts(crowd)
    assert plan is not None
    first, second = parts_of(plan)
    for part, name, box in ((first, "FOX", LEFT), (second, "RABBIT", RIGHT)):
        assert [e.id for e in part.entities] == [name] and part.duration_s == 1.5
        assert part.box_at(name, 0.0) == part.box_at(name, 1.4) == box
        (beat,) = part.beats
        assert beat.entity == name and beat.start_s == 0.0
        assert beat.end_s == pytest.approx(1.5, abs=0.01)
    assert not first.parts and not second.assertions


def test_the_parts_make_one_clip_and_are_drawn_once(crowd: ShotPlan, tmp_path: Path) -> None:
    plan, shades = in_two_parts(crowd), Shades()
    assert plan is not None
    bench = StoreRunner(Store(tmp_path / "store"), Ledger(tmp_path / "run.json", {}), silent)
    renderer = StageRenderer(bench, shades, "film")
    assert renderer.kept_clip(plan, (), None) is None
    clip = renderer.render(plan, (), None)
    frames = read_video(clip.path).frames
    assert clip.shot == "1.1" and clip.frames == len(frames) == 24
    assert frames[:12].mean() == pytest.approx(60, abs=3)
    assert frames[12:].mean() == pytest.approx(120, abs=3)
    assert renderer.render(plan, (), None) == renderer.kept_clip(plan, (), None) == clip
    assert shades.made == ["1.1-1", "1.1-2"]
