"""A video + the story that it should show -> what was measured of each shot, at the page's lines.

The video may come from anywhere. A film is cut where the plan cuts it; where it is longer or
shorter than planned, every shot has its share of the time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Diagnostic, InputError

if TYPE_CHECKING:
    from ..dsl import ParsedStory
    from ..engine.video import Video
    from ..film import Measurement, Verdict
    from ..plan import Plan, ShotPlan
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
    from .critics import choose_critic, with_critic
    from .direct import direct_story, keep_parses
    from .facade import parse_story

    known = with_critic(capabilities(settings.engine), settings)
    keep_parses(settings)
    parsed = parse_story(story, settings.engine, known)
    plan = direct_story(parsed, settings, story).plan
    shots = _shots(plan, scene)
    chosen = choose_critic(settings, known, plan, story.parent)
    if chosen is None:
        raise InputError(
            f"nothing measures the pictures of {settings.engine}; choose --critic published"
        )
    measurer = CriticMeasurer(chosen.load)
    seen = measurer.read(video)
    total_s = sum(shot.duration_s for shot in shots)
    seen = _without_cards(seen, total_s, parsed, plan) if scene is None else seen
    length_s = len(seen.frames) / seen.fps
    notes: tuple[str, ...] = ()
    if abs(total_s - length_s) > _NEAR_S:
        notes = (
            f"the video lasts {length_s:.2f} s and the plan {total_s:.2f} s; every shot is looked "
            "for in its share of the video",
        )
    verdicts, start, before = [], 0.0, None
    for shot in shots:
        end = start + shot.duration_s / total_s
        first = min(round(start * len(seen.frames)), len(seen.frames) - 1)
        frames = seen.frames[first : max(first + 1, round(end * len(seen.frames)))]
        fps = len(frames) / shot.duration_s
        measured = {m.assertion: m for m in measurer.measure_frames(shot, frames, fps)}
        if before is not None:
            measured |= {m.assertion: m for m in measurer.measure_cut(shot, before, frames, fps)}
        verdicts.append(judge(shot, list(measured.values())))
        start, before = end, frames
    diagnostics = _diagnostics(parsed, shots, verdicts)
    return VideoCritique(chosen.name, tuple(verdicts), diagnostics, parsed.source, notes)


def _without_cards(seen: Video, total_s: float, parsed: ParsedStory, plan: Plan) -> Video:
    """Return a video without the cards of our own films, where it is as long as one with them."""
    from ..tools.cutting.form import cards_of
    from ..tools.cutting.styles import CARDS

    assert parsed.story is not None  # it was planned
    kinds = [card.kind for card in cards_of(parsed.story, plan)]
    length_s = len(seen.frames) / seen.fps
    if not kinds or abs(length_s - total_s - CARDS.length_s * len(kinds)) > _NEAR_S:
        return seen
    first = round(CARDS.length_s * kinds.count("title") * seen.fps)
    last = len(seen.frames) - round(CARDS.length_s * kinds.count("end") * seen.fps)
    return seen._replace(frames=seen.frames[first:last])


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
