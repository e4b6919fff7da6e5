"""Clips known to be good and bad -> the thresholds of the critic, and how often it is right.

`python -m dreamrunner.tools.critic.calibrate` draws clips that the critic has never seen, measures
each against the plan it was drawn from and against plans that are wrong in one thing, and spoils
its figures. A threshold is where most good clips pass and most bad ones fail; the card says how
many.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from ...engine.storybook.critic import squares
from ...engine.storybook.critic.model import load_critic
from ...engine.storybook.training import critic_damage
from ...engine.storybook.weights import FOLDER
from ...engine.storybook.world.scene import SceneSpec, draw_scene, sample_scene
from ...plan import Assertion, ShotPlan
from . import known_clips, metrics
from .embedded import RESTING
from .evidence import ClipView
from .known_clips import KnownClip
from .ports import CriticPorts, NotMeasurable, SampledFrames

SEED = 770_077  # of no training
Readings = dict[str, list[float]]  # metric -> values


def look(ports: CriticPorts, specimen: KnownClip, shot: ShotPlan | None = None) -> ClipView:
    """Return a specimen as it is looked at, for its own plan or another one."""
    numbers = tuple(range(len(specimen.frames)))
    times_s = tuple(i / specimen.fps for i in numbers)
    return ClipView(
        shot or specimen.shot, SampledFrames(specimen.frames, numbers, times_s), ports
    )  # fmt: skip


def measured(looked: ClipView, metric: str) -> list[float]:
    """Return the values of a metric for everybody it can be asked of."""
    measure = metrics.METRICS_OF_A_CLIP[metric]
    names: list[str | None] = [e.id for e in looked.shot.entities]
    subjects = [None] if metric in ("place", "text") else names
    values = []
    for subject in subjects:
        try:
            values.append(measure(looked, _asked(metric, subject)).value)
        except NotMeasurable:
            continue
    return values


def collect(ports: CriticPorts, clips: int, seed: int = SEED) -> tuple[Readings, Readings]:
    """Return the values of known-good and of known-bad clips, by metric."""
    rng = np.random.default_rng(seed)
    right: Readings = defaultdict(list)
    wrong: Readings = defaultdict(list)
    for _ in range(clips):
        spec, kept = known_clips.good(rng)
        looked = look(ports, kept)
        for metric in ("present", "identity", "motion", "layout", "place", "text"):
            right[metric] += measured(looked, metric)
        spoiled = look(ports, known_clips.spoiled(spec, rng))
        other = look(ports, kept, known_clips.recast(kept.shot, rng))
        for metric in ("present", "identity"):
            wrong[metric] += measured(spoiled, metric) + measured(other, metric)
        wrong["identity"] += measured(
            look(ports, kept, known_clips.recolored(kept.shot)), "identity"
        )
        wrong["motion"] += measured(
            look(ports, kept, known_clips.redirected(kept.shot, rng)), "motion"
        )
        still = look(ports, known_clips.frozen(kept))
        for beat in kept.shot.beats:
            if beat.motion not in RESTING:
                wrong["motion"].append(metrics.motion(still, _asked("motion", beat.entity)).value)
        away = look(ports, kept, known_clips.shifted(kept.shot, rng))
        wrong["layout"] += measured(away, "layout")
        elsewhere = look(ports, kept, known_clips.moved(kept.shot, rng))
        wrong["place"] += measured(elsewhere, "place")
        for shot in (elsewhere.shot, other.shot, known_clips.redirected(kept.shot, rng)):
            wrong["text"] += measured(look(ports, kept, shot), "text")
        joins(ports, spec, rng, right["join"], wrong["join"])
        gone = [e.id for e in kept.shot.entities]
        right["absent"] += [metrics.absent(other, _asked("absent", name)).value for name in gone]
        wrong["absent"] += [metrics.absent(looked, _asked("absent", name)).value for name in gone]
    return right, wrong


def joins(
    ports: CriticPorts, spec: SceneSpec, rng: np.random.Generator, right: list[float],
    wrong: list[float],
) -> None:  # fmt: skip
    """Add the likeness of a cut within a clip, and that of a cut to another scene."""
    frames = draw_scene(spec).frames
    half = len(frames) // 2
    shot = known_clips.shot_of(spec)
    first = look(ports, KnownClip(shot, frames[:half], spec.fps))
    second = look(ports, KnownClip(shot, frames[half:], spec.fps))
    other = sample_scene(rng, split="library")
    foreign = look(ports, KnownClip(shot, draw_scene(other).frames, spec.fps))
    for values, after in ((right, second), (wrong, foreign)):
        try:
            values.append(metrics.join(first, after).value)
        except NotMeasurable:
            continue


def _asked(metric: str, subject: str | None) -> Assertion:
    return Assertion(id="it", metric=metric, subject=subject, origin="expect")


def threshold(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Return the value that parts good from bad best, in the middle of the widest such gap."""
    edges = np.unique(np.concatenate([right, wrong, [0.0, 1.0]]))
    middles = (edges[1:] + edges[:-1]) / 2
    good, bad = np.asarray(right), np.asarray(wrong)
    gains = np.array([(good >= m).mean() - (bad >= m).mean() for m in middles])
    gaps = np.where(gains >= gains.max() - 1e-9, np.diff(edges), 0.0)
    return float(min(0.95, max(0.05, middles[gaps.argmax()])))


def accuracy(
    ports: CriticPorts, clips: int, *, worn: bool, seed: int = SEED + 1
) -> dict[str, float]:
    """Return how often the right text is the likeliest, on clips as drawn or worn."""
    rng = np.random.default_rng(seed)
    hits: dict[str, list[bool]] = defaultdict(list)
    overlaps: list[float] = []
    for _ in range(clips):
        spec = sample_scene(rng, split="library")
        pixels = squares.to_pixels(draw_scene(spec).frames)
        if worn:
            pixels = critic_damage.wear(pixels, rng)
        looked = look(
            ports, KnownClip(known_clips.shot_of(spec), known_clips.to_frames(pixels), spec.fps)
        )
        for entity in looked.shot.entities:
            tracks = [looked.planned[entity.id]]
            who = looked.viewing.who(tracks, entity.character or "", entity.color)
            kind = looked.viewing.kind(tracks, entity.character or "")
            hits["character"].append(kind is not None and kind.wins)
            hits["color"].append(who is not None and who.wins)
        for beat in looked.shot.beats:
            sight, still = metrics.motion_sight(looked, beat)
            hits["motion"].append(sight.wins and not still)
        overlaps += measured(looked, "layout")
        hits["place"].append(looked.viewing.place(spec.place, list(looked.planned.values())).wins)
    found = {name: float(np.mean(values)) for name, values in hits.items()}
    return {**found, "layout_iou": float(np.mean(overlaps))}


def main() -> None:
    """Write the card of the critic whose weights lie in a folder."""
    parser = argparse.ArgumentParser(prog="python -m dreamrunner.tools.critic.calibrate")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--clips", type=int, default=80)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    critic = load_critic(args.folder)
    right, wrong = collect(critic, args.clips)
    path = args.folder / "critic.json"
    card = json.loads(path.read_text()) if path.is_file() else {}
    limits = {name: round(threshold(right[name], wrong[name]), 3) for name in sorted(right)}
    card |= {
        "thresholds": limits,
        "known_good": {n: _share(right[n], limit) for n, limit in limits.items()},
        "known_bad": {n: _share(wrong[n], limit) for n, limit in limits.items()},
        "drawn": _rounded(accuracy(critic, args.clips, worn=False)),
        "worn": _rounded(accuracy(critic, args.clips, worn=True)),
        "calibrated_on": {"clips": args.clips, "seed": SEED},
    }
    path.write_text(json.dumps(card, indent=2) + "\n")


def _share(values: Sequence[float], limit: float) -> float:
    return round(float(np.mean(np.asarray(values) >= limit)), 3)


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}


if __name__ == "__main__":
    main()
