"""Given every story, expect all that its writer fixed to be in the plan, whoever directs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamrunner.agents.director.llm.director import direct_with
from dreamrunner.agents.director.rules import direct
from dreamrunner.chat import Answer, Question
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Capabilities, Plan, ScenePlan, ShotPlan
from dreamrunner.story import Directions, Layout, Scene, Story

from .speaker import ByTheBook, data_of

WORLDS = (
    capabilities("storybook"),
    Capabilities(name="open", clip_frames=49, fps=8, width=720, height=480, max_entities=4),
)
PINNED = """Title: T

@character FOX: a small red fox
@character OWL: an old purple owl
@character BEAR: a brown bear
@prop FENCE: a white picket fence

EXT. MEADOW - DAY #1#
@duration 3s
@seed 99
@camera pan-right slow
@layout FOX {
  0s: box (0.1, 0.5, 0.3, 0.9)
  1.5s: box (0.3, 0.4, 0.5, 0.8) ease in-out
  end: box (0.6, 0.5, 0.8, 0.9)
}
@motion OWL {
  0s..end: sleep
}
@layout FENCE {
  0s: box (0.7, 0.6, 1, 0.9)
  end: box (0.7, 0.6, 1, 0.9)
}

The FOX walks to the right. The OWL is there.

EXT. BEACH - DAY #2#
@duration 8s
@seed 5
@layout BEAR {
  0s: box (0.1, 0.4, 0.4, 0.9)
  end: box (0.5, 0.4, 0.8, 0.9)
}
@depth BEAR front

The BEAR walks to the right. The OWL flies up behind the BEAR.
"""
STORIES = {path.name: path for path in sorted(Path(__file__).parents[4].glob("stories/*.story"))}
WHOLE = {"left": 0.0, "top": 0.0, "right": 1.0, "bottom": 1.0}


def moved(answer: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Give everybody a track, the fixed ones first, all over the frame and as near as can be."""
    for shot, told in zip(answer.get("shots", ()), data.get("shots", ()), strict=True):
        keys = [{"time_s": t, **WHOLE} for t in (0.0, told["seconds"])]
        shot["tracks"] = [
            {"entity": e["id"], "prompt": "IGNORE", "depth": 0, "keys": keys}
            for e in told["entities"]
            if e["fixed"]
        ] + [{**track, "depth": -9} for track in shot["tracks"]]
    return answer


def renamed(answer: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Have everybody jump, whatever the writer said."""
    for scene in answer.get("scenes", ()):
        for paragraph in scene["paragraphs"]:
            for deed in (d for shot in paragraph["shots"] for d in shot["deeds"]):
                deed["motion"] = "jump"
    return answer


def hidden(answer: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Leave everybody out of the picture."""
    for scene, told in zip(answer.get("scenes", ()), data.get("scenes", ()), strict=True):
        for paragraph in scene["paragraphs"]:
            paragraph |= {"shots": [{"deeds": []}], "unseen": told["may_be_in_it"]}
    return answer


Spoiler = Callable[[dict[str, Any], dict[str, Any]], Any]
ANSWERS: dict[str, Spoiler] = {
    "good": lambda answer, data: answer,
    "moved": moved,
    "renamed": renamed,
    "hidden": hidden,
    "all at once": lambda answer, data: hidden(renamed(moved(answer, data), data), data),
    "garbage": lambda answer, data: "garbage",
    "empty": lambda answer, data: {},
}


class Spoilt(ByTheBook):
    """A model that answers by the book first and lets a spoiler have it, with the data."""

    def __init__(self, spoil: Spoiler) -> None:
        super().__init__()
        self._by = spoil

    def ask(self, question: Question) -> Answer:
        self._spoil = lambda _, answer: self._by(answer, data_of(question.turns[1].text))
        return super().ask(question)


@pytest.mark.parametrize("answers", ["rules", *ANSWERS])
@pytest.mark.parametrize("name", [*STORIES, "pinned"])
def test_every_pin_of_every_story_survives_every_path(name: str, answers: str) -> None:
    text = STORIES[name].read_text("utf-8") if name in STORIES else PINNED
    story = parse_story(text, path=f"{name}.story").story
    assert story is not None
    for world in WORLDS:
        rules = direct(story, world)
        if answers == "rules":
            plan = rules
        else:
            plan = direct_with(Spoilt(ANSWERS[answers]), story, world, width=1)
        assert list(broken_pins(story, plan)) == []
        assert set(pins(plan)) == set(pins(rules))


def pins(plan: Plan) -> Iterator[str]:
    """Yield all that is fixed in a plan, in a form that can be compared."""
    for shot in plan.shots:
        yield from (f"{shot.scene} {pin!r}" for pin in shot.pins)
        yield f"{shot.scene} {shot.camera} {shot.tries}"
        yield from (f"{shot.scene} {b.entity} {b.motion} {b.span}" for b in shot.beats if b.pinned)


def broken_pins(story: Story, plan: Plan) -> Iterator[str]:
    """Yield every directive of a story that its plan does not keep, by reading the story alone."""
    for scene, planned in zip(story.scenes, plan.scenes, strict=True):
        yield from _broken_times(scene, planned)
        for said in (scene, *scene.shots):
            yield from _broken_motions(said, planned)
            yield from _broken_depths(said, planned)
        if not scene.shots:  # the times of a shot's own layout count from where it begins
            for layout in scene.layouts:
                yield from _broken_boxes(layout, planned)


def _broken_times(scene: Scene, planned: ScenePlan) -> Iterator[str]:
    if scene.duration_s and not scene.shots:
        total = sum(shot.duration_s for shot in planned.shots)
        if abs(total - scene.duration_s.value) > 1e-6:
            yield f"scene {scene.id} lasts {total} s, not {scene.duration_s.value} s"
    if scene.seed and not scene.shots:
        for shot in planned.shots:
            if shot.seed != scene.seed.value:
                yield f"shot {shot.id} has seed {shot.seed}, not {scene.seed.value}"


def _broken_motions(said: Directions, planned: ScenePlan) -> Iterator[str]:
    done = {(b.entity, b.motion, b.span) for shot in planned.shots for b in shot.beats if b.pinned}
    here = {entity.id for shot in planned.shots for entity in shot.entities}
    for beat in said.motions:
        if beat.entity in here and (beat.entity, beat.motion, beat.span) not in done:
            yield f"{beat.entity} does not {beat.motion} as line {beat.span.line} says"


def _broken_depths(said: Directions, planned: ScenePlan) -> Iterator[str]:
    """Look at who is before whom wherever both are in the frame; less is nearer."""
    for order in said.depths:
        back = order.order in ("back", "behind")
        for frame in (frame for shot in planned.shots for frame in shot.keyframes):
            depths = {placed.entity: placed.depth for placed in frame.placements}
            own = depths.pop(order.entity, None)
            others = [d for e, d in depths.items() if order.other in (None, e)]
            if own is not None and any((d >= own) if back else (d <= own) for d in others):
                yield f"{order.entity} is not {order.order}, as line {order.span.line} says"


def _broken_boxes(layout: Layout, planned: ScenePlan) -> Iterator[str]:
    """Look at every keyframe of every shot, and halfway to the next one."""
    start_s = 0.0
    for shot in planned.shots:
        here = any(entity.id == layout.entity for entity in shot.entities)
        begun = layout.keys[0].time_s < start_s + shot.duration_s
        if not here and begun and layout.keys[-1].time_s > start_s:
            yield f"shot {shot.id}: {layout.entity} is not there"
        if here:
            for time_s in _moments(shot):
                box, wanted = shot.box_at(layout.entity, time_s), layout.box_at(start_s + time_s)
                # An eased way is planned in straight pieces, 2 % of the way from it at most.
                if box is None or max(map(abs, _differences(box, wanted))) > 0.02:
                    yield f"shot {shot.id}: {layout.entity} at {time_s} s is in {box}, not {wanted}"
        start_s += shot.duration_s


def _moments(shot: ShotPlan) -> list[float]:
    times = [frame.time_s for frame in shot.keyframes]
    return times + [(a + b) / 2 for a, b in zip(times, times[1:], strict=False)]


def _differences(one: Any, other: Any) -> list[float]:
    return [getattr(one, s) - getattr(other, s) for s in ("left", "top", "right", "bottom")]


def test_a_plan_that_breaks_a_pin_is_found_out() -> None:
    """The oracle is no use if nothing can fail it."""
    story = parse_story(PINNED, path="t.story").story
    assert story is not None
    plan = direct(story, WORLDS[0])
    shot = plan.shots[0]
    boxes = tuple(
        frame.model_copy(
            update={
                "placements": tuple(
                    p.model_copy(update={"box": p.box.__class__(0.0, 0.0, 1.0, 1.0)})
                    for p in frame.placements
                )
            }
        )
        for frame in shot.keyframes
    )
    motions = tuple(beat.model_copy(update={"motion": "jump"}) for beat in shot.beats)
    wrong = {"keyframes": boxes, "beats": motions, "seed": 1, "duration_s": 9.0}
    found = list(broken_pins(story, plan.with_shot(shot.model_copy(update=wrong))))
    for words in ("scene 1 lasts", "has seed 1", "OWL does not sleep", "FOX at 0.0 s is in"):
        assert any(words in line for line in found), found
