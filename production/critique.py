"""A video + the story that it should show -> what was measured of each shot, at the page's lines.

The video may come from anywhere. A film of this program says itself when each shot of it is seen.
Any other, or one of another page, is cut where the plan cuts it; where it is longer or shorter than
planned, every shot has its share of the time, and cards have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Diagnostic, InputError

if TYPE_CHECKING:
    from ..dsl import ParsedStory
    from ..engine.video import Frames, Video
    from ..film import Measurement, Verdict
    from ..plan import Plan, ShotPlan
    from ..tools.cutting.provenance import FilmMarks
    from .settings import Settings

# A video that differs by more than this from the plan is told to.
_NEAR_S = 0.25


@dataclass(frozen=True, slots=True)
class VideoCritique:
    """What came of a video: a verdict a shot, and all that fell short as diagnostics.

    `diagnostics` are errors for what failed and warnings for what the writer asked for and could
    not be measured, in the order of the text that is `source`. `notes` say what else to know.
    """

    critic: str
    verdicts: tuple[Verdict, ...]
    diagnostics: tuple[Diagnostic, ...]
    source: str
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many checks passed, failed, and could not be measured."""
        found = [m.passed for verdict in self.verdicts for m in verdict.measurements]
        return found.count(True), found.count(False), found.count(None)


def critique_video(
    video: Path, story: Path, settings: Settings, scene: str | None = None
) -> VideoCritique:
    """Measure a video against a story, or against one scene of it.

    Raises:
        InputError: there is no such scene, nothing measures it, or the story cannot be read.
        StoryError: the story has errors.
        VideoError: the video cannot be read.
        WeightsError: the critic has no weights.
    """
    from ..agents.critic.verdict import judge
    from ..engine.family import capabilities
    from ..tools.critic.measure import CriticMeasurer
    from ..tools.cutting.provenance import marks_in
    from .critics import choose_critic, with_critic
    from .direct import direct_story, keep_parses
    from .facade import parse_story

    known = with_critic(capabilities(settings.engine), settings)
    keep_parses(settings)
    parsed = parse_story(story, settings.engine, known)
    plan = direct_story(parsed, settings, story).plan
    shots = _shots(plan, scene)
    chosen = choose_critic(settings, known, plan.shots, story.parent)
    if chosen is None:
        raise InputError(
            f"nothing measures the pictures of {settings.engine}; choose --critic published"
        )
    measurer = CriticMeasurer(chosen.load)
    found = seen_shots(measurer.read(video), shots, marks_in(video))
    verdicts, before = [], None
    for shot, frames in zip(shots, found.frames, strict=True):
        fps = len(frames) / shot.duration_s
        measured = {m.assertion: m for m in measurer.measure_frames(shot, frames, fps)}
        if before is not None:
            measured |= {m.assertion: m for m in measurer.measure_cut(shot, before, frames, fps)}
        verdicts.append(judge(shot, list(measured.values())))
        before = frames
    diagnostics = _diagnostics(parsed, shots, verdicts)
    return VideoCritique(chosen.name, tuple(verdicts), diagnostics, parsed.source, found.notes)


@dataclass(frozen=True, slots=True)
class SeenShots:
    """The frames of each shot in a video, and what to know of how they were found."""

    frames: tuple[Frames, ...]
    notes: tuple[str, ...] = ()


def seen_shots(seen: Video, shots: Sequence[ShotPlan], marks: FilmMarks) -> SeenShots:
    """Return what a video shows of each shot: where it says so itself, else the shot's share."""
    ends_s = [end_s for _, end_s in (*marks.shots.values(), *marks.cards)]
    whole = ends_s and abs(float(max(ends_s)) - len(seen.frames) / seen.fps) <= _NEAR_S
    if whole and all(shot.id in marks.shots for shot in shots):
        return SeenShots(tuple(_frames_at(seen, *marks.shots[shot.id]) for shot in shots))
    if whole:
        seen = without_cards(seen, marks.cards)
    return SeenShots(tuple(_shares(seen, shots)), tuple(_differs(seen, shots)))


def _frames_at(seen: Video, start_s: Fraction, end_s: Fraction) -> Frames:
    """Return the frames of a stretch of a video; at least one."""
    first = min(round(start_s * Fraction(seen.fps)), len(seen.frames) - 1)
    return seen.frames[first : max(first + 1, round(end_s * Fraction(seen.fps)))]


def _shares(seen: Video, shots: Sequence[ShotPlan]) -> Iterator[Frames]:
    """Yield the frames of each shot: its share of a video as the plan has it."""
    total_s = sum(shot.duration_s for shot in shots)
    length_s = len(seen.frames) / seen.fps
    start_s = 0.0
    for shot in shots:
        end_s = start_s + shot.duration_s / total_s * length_s
        yield _frames_at(seen, Fraction(start_s), Fraction(end_s))
        start_s = end_s


def _differs(seen: Video, shots: Sequence[ShotPlan]) -> Iterator[str]:
    total_s = sum(shot.duration_s for shot in shots)
    length_s = len(seen.frames) / seen.fps
    if abs(total_s - length_s) > _NEAR_S:
        yield (
            f"the video lasts {length_s:.2f} s and the plan {total_s:.2f} s; every shot is looked "
            "for in its share of the video"
        )


def without_cards(video: Video, cards: Sequence[tuple[Fraction, Fraction]]) -> Video:
    """Return what a video shows beside its cards; the whole of it if it shows nothing else."""
    shown = [
        number
        for number in range(len(video.frames))
        if not any(start_s <= (number + 0.5) / video.fps < end_s for start_s, end_s in cards)
    ]
    return video._replace(frames=video.frames[shown]) if cards and shown else video


def _shots(plan: Plan, scene: str | None) -> tuple[ShotPlan, ...]:
    chosen = [one for one in plan.scenes if scene is None or one.id == scene]
    shots = tuple(shot for one in chosen for shot in one.shots)
    if not shots:
        known = ", ".join(one.id for one in plan.scenes)
        raise InputError(f"the story has no scene {scene} that is filmed; it has {known}")
    return shots


def _diagnostics(
    parsed: ParsedStory, shots: tuple[ShotPlan, ...], verdicts: list[Verdict]
) -> tuple[Diagnostic, ...]:
    from ..plan import Assertion
    from ..tools.shortfalls import shortfall

    assert parsed.story is not None  # it was planned
    found: list[Diagnostic] = []
    for shot, verdict in zip(shots, verdicts, strict=True):
        asked = {a.id: a for a in shot.assertions}
        for m in verdict.measurements:
            wanted = asked.get(m.assertion) or Assertion(
                id=m.assertion, metric=m.metric, span=m.span
            )
            if m.passed is False or (m.passed is None and wanted.origin == "expect"):
                strict = m.passed is False or parsed.story.strict
                found.append(shortfall(shot, wanted, m, parsed.story.span, strict=strict))
    return replace(parsed, diagnostics=()).with_more(found).diagnostics


def critique_record(found: VideoCritique, video: Path) -> dict[str, object]:
    """Return a critique as plain values, for JSON."""
    from ..dsl import diagnostic_records

    def measured(m: Measurement) -> dict[str, object]:
        return m.model_dump(mode="json")

    return {
        "video": str(video),
        "critic": found.critic,
        "shots": [
            {
                "shot": verdict.shot,
                "score": verdict.score,
                "measurements": [measured(m) for m in verdict.measurements],
            }
            for verdict in found.verdicts
        ],
        "diagnostics": diagnostic_records(found.diagnostics),
        "notes": list(found.notes),
    }
