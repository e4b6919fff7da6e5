"""A small film for the storyboard and the report: a plan, its clips as files, and its verdicts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.engine.video import Frames, write_video
from dreamrunner.errors import Span
from dreamrunner.film import (
    Adapter,
    Clip,
    Film,
    Measurement,
    Remedy,
    Retrieval,
    RetrievedClip,
    StageRecord,
    Take,
    TrialRecord,
    Verdict,
)
from dreamrunner.plan import (
    Assertion,
    Beat,
    Entity,
    Keyframe,
    Placement,
    Plan,
    ScenePlan,
    ShotPlan,
    Subtitle,
)
from dreamrunner.story import Box
from dreamrunner.tools.cutting.film import FilmCutter
from dreamrunner.tools.report.report import ReportInputs, take_id

FPS = 12
Draw = Callable[[ShotPlan, int], Frames]

FOX = Entity(
    id="FOX",
    look="a small red fox with a white-tipped tail",
    prompt="a small red fox walking to the right",
    character="fox",
    color="red",
)
OWL = Entity(
    id="OWL",
    look="an old grey owl with one cloudy eye",
    prompt="an old grey owl flying to the left",
    character="owl",
    color="brown",
)


def line(number: int) -> Span:
    return Span("stories/fox.story", 0, 1, number, 1, number, 2)


def keyframe(time_s: float, *, pinned: bool = False, **boxes: tuple[Box, int]) -> Keyframe:
    placements = tuple(
        Placement(entity=name, box=box, depth=depth, pinned=pinned)
        for name, (box, depth) in boxes.items()
    )
    return Keyframe(time_s=time_s, placements=placements)


def first_shot() -> ShotPlan:
    boxes = [Box(0.06, 0.48, 0.30, 0.92), Box(0.30, 0.46, 0.56, 0.93), Box(0.62, 0.45, 0.90, 0.94)]
    return ShotPlan(
        id="1.1",
        scene="1",
        duration_s=2.0,
        seed=41,
        place="a snowy forest",
        place_id="forest",
        background="the edge of a forest in snow at dawn, tall dark trees, pale light",
        style="storybook watercolor",
        entities=(FOX,),
        keyframes=tuple(keyframe(t, FOX=(box, 0)) for t, box in zip((0, 1, 2), boxes, strict=True)),
        beats=(Beat(entity="FOX", motion="walk", start_s=0, end_s=2, span=line(26)),),
        assertions=(
            Assertion(id="1.1/motion.FOX", metric="motion", subject="FOX"),
            Assertion(id="1.1/layout.FOX", metric="layout", subject="FOX"),
        ),
        subtitles=(
            Subtitle(
                speaker="NARRATOR",
                text="That winter, the river forgot how to move.",
                start_s=0.3,
                end_s=1.9,
            ),
        ),
        text="A small red FOX trots out of the trees and stops at the edge of the snow. "
        "Her breath hangs in the air.",
        span=line(26),
    )


def second_shot() -> ShotPlan:
    fox = [Box(0.58, 0.52, 0.84, 0.95), Box(0.16, 0.52, 0.42, 0.95)]
    owl = [Box(0.68, 0.08, 0.94, 0.46), Box(0.22, 0.06, 0.48, 0.44)]
    return ShotPlan(
        id="2.1",
        scene="2",
        duration_s=3.0,
        seed=7,
        place="a frozen river at night",
        place_id="night",
        background="a riverbank at night under a big moon, still water, stars",
        style="storybook watercolor",
        negative="text, watermark",
        entities=(OWL, FOX),
        keyframes=tuple(
            keyframe(t, pinned=t == 0, OWL=(o, 1), FOX=(f, 0))
            for t, o, f in zip((0, 3), owl, fox, strict=True)
        ),
        beats=(
            Beat(entity="OWL", motion="fly", start_s=0, end_s=3, facing="left", span=line(48)),
            Beat(entity="FOX", motion="run", start_s=0, end_s=3, facing="left", span=line(48)),
        ),
        subtitles=(Subtitle(speaker="OWL", text="You came the long way.", start_s=1, end_s=2.5),),
        text="The OWL glides low over the ice; the FOX runs beneath it, lantern swinging.",
        camera="dolly-in",
        span=line(48),
    )


@pytest.fixture
def plan() -> Plan:
    scenes = (
        ScenePlan(
            id="1", heading="EXT. FOREST EDGE - DAWN", place="forest edge", shots=(first_shot(),)
        ),
        ScenePlan(
            id="2", heading="EXT. RIVERBANK - NIGHT", place="riverbank", shots=(second_shot(),)
        ),
    )
    return Plan(
        title="The Fox and the Frozen River",
        director="rules",
        fps=FPS,
        width=144,
        height=96,
        scenes=scenes,
        style="storybook watercolor",
        notes=("box of FOX in shot 2.1 was moved into the frame",),
    )


def coloured_boxes(shot: ShotPlan, take: int) -> Frames:
    """A stand-in for an engine: every entity is a dark rectangle on a plain field."""
    count = round(shot.duration_s * FPS)
    frames = np.full((count, 96, 144, 3), 150 + 20 * take, np.uint8)
    for number, frame in enumerate(frames):
        for entity in shot.entities:
            box = shot.box_at(entity.id, number / FPS)
            if box:
                rows = slice(int(box.top * 96), int(box.bottom * 96))
                frame[rows, int(box.left * 144) : int(box.right * 144)] = (40, 60, 90)
    return frames


def take_of(
    folder: Path,
    shot: ShotPlan,
    number: int,
    draw: Draw,
    measurements: tuple[Measurement, ...],
    *,
    score: float,
    kept: bool = False,
    remedies: tuple[Remedy, ...] = (),
) -> Take:
    path = folder / f"{shot.id}-{number}.mp4"
    frames = draw(shot, number)
    write_video(path, frames, FPS)
    count, height, width, _ = frames.shape
    clip = Clip(
        shot=shot.id,
        path=str(path),
        key=f"{number}f3a{'0' * 60}",
        frames=count,
        fps=FPS,
        width=width,
        height=height,
        seconds=21.5,
    )
    verdict = Verdict(shot=shot.id, measurements=measurements, score=score)
    return Take(
        shot=shot.id,
        number=number,
        seed=shot.seed + number - 1,
        clip=clip,
        verdict=verdict,
        remedies=remedies,
        kept=kept,
    )


def measured(
    metric: str,
    subject: str | None,
    value: float | None,
    passed: bool | None,
    explanation: str,
    *,
    threshold: float | None = 0.5,
    frames: tuple[int, ...] = (),
    span: Span | None = None,
) -> Measurement:
    return Measurement(
        assertion=f"{metric}.{subject}",
        metric=metric,
        subject=subject,
        value=value,
        threshold=threshold,
        threshold_origin="calibrated on 512 drawn clips" if span is None else "@expect, line 49",
        passed=passed,
        explanation=explanation,
        frames=frames,
        span=span,
    )


def takes_of(plan: Plan, folder: Path, draw: Draw) -> tuple[Take, ...]:
    first, second = plan.shots
    fox_walks = measured("motion", "FOX", 0.81, True, "walk, before run at 0.11", frames=(4, 12))
    fox_placed = measured("layout", "FOX", 0.67, True, "mean IoU over 24 frames", threshold=0.45)
    missing = measured("present", "OWL", 0.12, False, "no owl is seen after 1.1 s", frames=(13, 30))
    found = measured("present", "OWL", 0.88, True, "an owl in every frame looked at", frames=(6,))
    slow = measured(
        "motion",
        "FOX",
        0.41,
        False,
        "walk 0.52, run 0.41",
        threshold=0.6,
        frames=(9,),
        span=line(49),
    )
    join = measured("join", None, None, None, "the picture stands still at the cut", threshold=None)
    larger = Remedy(
        kind="layout",
        reason="OWL was not seen: its box is small for this model",
        change="box of OWL grew by 20 %",
    )
    blocked = Remedy(kind="seed", reason="the motion of FOX failed", change="", blocked_by=line(46))
    return (
        take_of(folder, first, 1, draw, (fox_walks, fox_placed), score=0.9, kept=True),
        take_of(folder, second, 1, draw, (missing, slow, join), score=0.3),
        take_of(
            folder,
            second,
            2,
            draw,
            (found, slow, join),
            score=0.62,
            kept=True,
            remedies=(larger, blocked),
        ),
    )


def retrieval_of() -> Retrieval:
    def clip(name: str, kept: bool, reason: str, score: float) -> RetrievedClip:
        return RetrievedClip(
            id=name,
            path=f"library/{name}.mp4",
            caption=f"{name}: a bear that glides over a meadow",
            motion="fly",
            kept=kept,
            reason=reason,
            scores={"text": score, "video": score - 0.1},
        )

    return Retrieval(
        motion="fly",
        query="an animal flying low",
        key="b" * 64,
        clips=(
            clip("glide-017", True, "agrees in words and in motion", 0.83),
            clip("glide-003", True, "agrees in words and in motion", 0.79),
            clip("stand-101", False, "nothing moves (dynamic degree 0.01)", 0.55),
        ),
    )


def inputs_of(plan: Plan, folder: Path, draw: Draw = coloured_boxes) -> ReportInputs:
    (folder / "takes").mkdir(parents=True, exist_ok=True)
    takes = takes_of(plan, folder / "takes", draw)
    film: Film = FilmCutter(folder).cut(plan, takes)
    return ReportInputs(
        plan=plan,
        film=film,
        engine="storybook",
        director="rules",
        retrievals=(retrieval_of(),),
        adapters=(
            Adapter(
                name="fly",
                kind="motion",
                path="store/fly.safetensors",
                key="c" * 64,
                base="storybook-1",
                steps=400,
                loss=0.0213,
                clips=("glide-017", "glide-003"),
                losses=((200, 0.05), (400, 0.03)),
                checks=((0, 0.08), (400, 0.0213)),
            ),
        ),
        trials={
            "c" * 64: TrialRecord(
                adapter="fly",
                change={"A": {"A": 4.0, "B": 0.25}},
                leak=0.0625,
                saturation=(0.5, 0.4),
            )
        },
        stages=(
            StageRecord(stage="direct", key="d" * 64, cached=True, seconds=0.01),
            StageRecord(
                stage="render",
                shot="2.1",
                key="e" * 64,
                cached=False,
                seconds=21.5,
                note="box of OWL at 0.0s changed",
            ),
        ),
        diagnostics="warning[W101]: NARRATOR is not in the cast\n  --> stories/fox.story:29:1",
        notes=("no endpoint is configured: the director by rules made the plan",),
        patches={take_id(takes[2]): "@layout OWL {\n  0s: box (0.65, 0.05, 0.97, 0.50)\n}"},
    )


@pytest.fixture
def report_inputs(plan: Plan, tmp_path: Path) -> ReportInputs:
    return inputs_of(plan, tmp_path)
