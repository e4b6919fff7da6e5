"""Clips known to be good and broken -> a critic's thresholds, and what its alarms are worth.

`dreamrunner critic calibrate` draws clips that the critic has never seen, measures each against the
plan it was drawn from, and against plans and clips that are wrong in one thing. A threshold is
where most good clips pass and most broken ones fail. Precision is that of equally many good and
broken clips, so that it does not hang on how many ways to break a clip there are.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from ...engine.miniature.critic import WEIGHTS, MiniatureCritic
from ...engine.storybook.critic import squares
from ...engine.storybook.critic.model import load_critic
from ...engine.storybook.training import critic_damage
from ...engine.storybook.weights import FOLDER
from ...engine.storybook.world.scene import draw_scene
from ...plan import Assertion, ShotPlan
from . import known_clips, metrics, miniature_clips
from .card import PRECISION, CriticCard
from .embedded import embedded_ports
from .evidence import ClipView, Value
from .known_clips import KnownClip, KnownWorld, Scene
from .measure import judged, require_words
from .miniature import miniature_ports
from .ports import CriticPorts, NotMeasurable, SampledFrames

SEED = 770_077  # of no training
OF_ALL = ("place", "text")
METRICS = ("present", "identity", "motion", "layout", "place", "text")
Z95 = 1.959963984540054  # the normal quantile of 0.975


@dataclass(frozen=True, slots=True)
class CheckReading:
    """What a metric said of a clip that is right, or `broken` in one way; None: not measurable."""

    metric: str
    broken: str  # "" for a right clip
    seen: Value | None


def look(ports: CriticPorts, specimen: KnownClip, shot: ShotPlan | None = None) -> ClipView:
    """Return a specimen as it is looked at, for its own plan or another one."""
    numbers = tuple(range(len(specimen.frames)))
    times_s = tuple(i / specimen.fps for i in numbers)
    footage = SampledFrames(specimen.frames, numbers, times_s)
    return ClipView(shot or specimen.shot, footage, ports)


def readings(
    looked: ClipView, metric: str, broken: str = "", who: Sequence[str] | None = None
) -> Iterator[CheckReading]:
    """Yield what a metric says of everybody it can be asked of, or of some of them."""
    names: list[str | None] = [e.id for e in looked.shot.entities if who is None or e.id in who]
    for subject in [None] if metric in OF_ALL else names:
        asked = Assertion(id="it", metric=metric, subject=subject, origin="expect")
        try:
            require_words(looked, asked)
            yield CheckReading(metric, broken, metrics.METRICS_OF_A_CLIP[metric](looked, asked))
        except NotMeasurable:
            yield CheckReading(metric, broken, None)


def collect(
    ports: CriticPorts,
    clips: int,
    seed: int = SEED,
    on_clip: Callable[[int, int], None] = lambda done, total: None,
    *,
    world: KnownWorld[Scene],
) -> list[CheckReading]:
    """Return what every metric says of right clips, and of clips broken in what it measures."""
    rng = np.random.default_rng(seed)
    found: list[CheckReading] = []
    for number in range(clips):
        found.extend(_of_one(ports, world, rng))
        on_clip(number + 1, clips)
    return found


def _of_one(
    ports: CriticPorts, world: KnownWorld[Scene], rng: np.random.Generator
) -> Iterator[CheckReading]:
    scene, kept = world.good(rng)
    right = look(ports, kept)
    for metric in METRICS:
        yield from readings(right, metric)
    spoiled = look(ports, world.spoiled(scene, rng))
    other = look(ports, kept, world.recast(kept.shot, rng))
    for metric in ("present", "identity"):
        yield from readings(spoiled, metric, "spoiled figure")
        yield from readings(other, metric, "another animal")
    recolored = look(ports, kept, world.recolored(kept.shot))
    yield from readings(recolored, "identity", "another colour")
    redirected = look(ports, kept, world.redirected(kept.shot, rng))
    yield from readings(redirected, "motion", "another motion")
    moving = [b.entity for b in kept.shot.beats if not world.rests(b)]
    travelling = [b.entity for b in kept.shot.beats if world.travels(b)]
    yield from readings(look(ports, known_clips.frozen(kept)), "motion", "frozen", moving)
    shuffled = look(ports, known_clips.shuffled(kept, rng))
    yield from readings(shuffled, "motion", "shuffled", travelling)
    mirrored = look(ports, known_clips.mirrored(kept))
    yield from readings(mirrored, "motion", "mirrored", travelling)
    backwards = look(ports, known_clips.backwards(kept))
    yield from readings(backwards, "motion", "reversed", travelling)
    away = look(ports, kept, known_clips.shifted(kept.shot, rng))
    yield from readings(away, "layout", "boxes elsewhere")
    elsewhere = look(ports, kept, world.moved(kept.shot, rng))
    yield from readings(elsewhere, "place", "another place")
    for shot, broken in (
        (elsewhere.shot, "another place"), (other.shot, "another animal"),
        (redirected.shot, "another motion"),
    ):  # fmt: skip
        yield from readings(look(ports, kept, shot), "text", broken)
    gone = [e.id for e in kept.shot.entities]
    yield from readings(other, "absent", "", gone)
    yield from readings(right, "absent", "somebody is there", gone)
    yield from _joins(ports, world, scene, rng)


def _joins(
    ports: CriticPorts, world: KnownWorld[Scene], scene: Scene, rng: np.random.Generator
) -> Iterator[CheckReading]:
    """Yield the likeness of a cut within a clip, and that of a cut to another scene."""
    whole = world.drawn(scene)
    half = len(whole.frames) // 2
    first = look(ports, replace(whole, frames=whole.frames[:half]))
    second = look(ports, replace(whole, frames=whole.frames[half:]))
    other = world.drawn(world.sampled(rng))
    foreign = look(ports, replace(whole, frames=other.frames))
    for after, broken in ((second, ""), (foreign, "another scene")):
        try:
            yield CheckReading("join", broken, metrics.join(first, after))
        except NotMeasurable:
            yield CheckReading("join", broken, None)


def threshold(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Return the value that parts good from bad best, in the middle of the widest such gap."""
    edges = np.unique(np.concatenate([right, wrong, [0.0, 1.0]]))
    middles = (edges[1:] + edges[:-1]) / 2
    good, bad = np.asarray(right), np.asarray(wrong)
    gains = np.array([(good >= m).mean() - (bad >= m).mean() for m in middles])
    gaps = np.where(gains >= gains.max() - 1e-9, np.diff(edges), 0.0)
    return float(min(0.95, max(0.05, middles[gaps.argmax()])))


def recall_at(precision: float, right: Sequence[float], wrong: Sequence[float]) -> float:
    """Return the greatest share of broken clips found by any threshold at a precision, 0 if none.

    Precision is that of equally many right and broken clips.
    """
    good, bad = np.asarray(right), np.asarray(wrong)
    best = 0.0
    for edge in np.unique(np.concatenate([good, bad, [1.01]])):
        found, false = float((bad < edge).mean()), float((good < edge).mean())
        if found > 0 and found / (found + false) >= precision:
            best = max(best, found)
    return best


def area_under_roc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Return how often a right clip has a greater value than a broken one; a tie counts half."""
    good, bad = np.asarray(right)[:, None], np.asarray(wrong)[None]
    return float((good > bad).mean() + (good == bad).mean() / 2)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate by Wilson's score (Wilson 1927)."""
    if count == 0:
        return 0.0, 1.0
    p, z2 = hits / count, Z95 * Z95
    middle = (p + z2 / (2 * count)) / (1 + z2 / count)
    reach = Z95 / (1 + z2 / count) * math.sqrt(p * (1 - p) / count + z2 / (4 * count * count))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def card_of(found: Sequence[CheckReading]) -> dict[str, dict[str, object]]:
    """Return the card of readings: thresholds, and how every kind of check fares by its verdicts.

    `alarms` has, for each metric, the share of right clips that fail (false alarms) and of each
    kind of broken clips that do (recall), with 95 % intervals.
    """
    values: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for reading in found:
        if reading.seen is not None:
            values[reading.metric][bool(reading.broken)].append(reading.seen.value)
    limits = {m: round(threshold(*values[m]), 3) for m in sorted(values)}
    return {
        "thresholds": dict(limits),
        "known_good": {m: _reach(values[m][0], limit) for m, limit in limits.items()},
        "known_bad": {m: _reach(values[m][1], limit) for m, limit in limits.items()},
        "recall_at_90": {m: round(recall_at(PRECISION, *values[m]), 3) for m in limits},
        "roc_area": {m: round(area_under_roc(*values[m]), 3) for m in limits},
        "alarms": dict(alarms(found, limits)),
    }


def alarms(
    found: Sequence[CheckReading], limits: Mapping[str, float]
) -> Iterator[tuple[str, dict[str, Mapping[str, float | int]]]]:
    """Yield how often each kind of clip fails by its verdict, by metric.

    Of each broken kind it also says how surely it is told from right clips, whatever the limit
    (`roc_area`, `recall_at_90`), and what an alarm is worth (`precision`).
    """
    card = CriticCard(limits)
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for reading in found:
        limit = card.threshold(reading.metric, None, None)
        assert limit is not None  # a metric without a value has no reading that is one
        wanted = Assertion(id="it", metric=reading.metric)
        verdict = judged(wanted, reading.seen, limit).passed if reading.seen else None
        seen = counts[reading.metric][reading.broken or "right"]
        seen[0] += 1
        seen[1] += verdict is False
        seen[2] += verdict is None
    for metric, kinds in sorted(counts.items()):
        rates = {kind: _rate(*seen) for kind, seen in kinds.items()}
        good = _values(found, metric, "")
        false = rates["right"]["fails"] if "right" in rates else 0.0
        for kind in rates:
            bad = _values(found, metric, kind)
            if kind == "right" or not good or not bad:
                continue
            hits = rates[kind]["fails"]
            rates[kind] = {
                **rates[kind],
                "precision": round(hits / (hits + false), 3) if hits else 0.0,
                "recall_at_90": round(recall_at(PRECISION, good, bad), 3),
                "roc_area": round(area_under_roc(good, bad), 3),
            }
        yield metric, rates


def _values(found: Sequence[CheckReading], metric: str, broken: str) -> list[float]:
    return [
        r.seen.value for r in found if r.metric == metric and r.broken == broken and r.seen
    ]  # fmt: skip


def _rate(count: int, failed: int, unsaid: int) -> Mapping[str, float | int]:
    low, high = wilson(failed, count)
    return {
        "n": count, "fails": round(failed / count, 3), "low": round(low, 3),
        "high": round(high, 3), "not_measured": round(unsaid / count, 3),
    }  # fmt: skip


def _reach(values: Sequence[float], limit: float) -> float:
    return round(float(np.mean(np.asarray(values) >= limit)), 3)


def accuracy(
    ports: CriticPorts, clips: int, *, worn: bool, seed: int = SEED + 1
) -> dict[str, float]:
    """Return how often the right text is the likeliest, on clips as drawn or worn."""
    rng = np.random.default_rng(seed)
    hits: dict[str, list[bool]] = defaultdict(list)
    overlaps: list[float] = []
    for _ in range(clips):
        spec = known_clips.sampled(rng)
        pixels = squares.to_pixels(draw_scene(spec).frames)
        if worn:
            pixels = critic_damage.wear(pixels, rng)
        looked = look(
            ports, KnownClip(known_clips.shot_of(spec), known_clips.to_frames(pixels), spec.fps)
        )
        for name, metric in (("character", "present"), ("color", "identity"), ("place", "place")):
            hits[name] += [not r.seen.rival for r in readings(looked, metric) if r.seen]
        for beat in looked.shot.beats:
            with suppress(NotMeasurable):
                require_words(looked, Assertion(id="it", metric="motion", subject=beat.entity))
                scores, still = metrics.motion_scores(looked, beat)
                hits["motion"].append(scores.wins and not still)
        overlaps += [r.seen.value for r in readings(looked, "layout") if r.seen]
    found = {name: round(float(np.mean(values)), 3) for name, values in hits.items()}
    return {**found, "layout_iou": round(float(np.mean(overlaps)), 3)}


World = Literal["storybook", "miniature"]
FOLDERS: Mapping[World, Path] = {"storybook": FOLDER, "miniature": WEIGHTS.parent}


def calibrate(
    folder: Path,
    clips: int,
    on_clip: Callable[[int, int], None] = lambda done, total: None,
    *,
    renders: int = 0,
    world: World = "storybook",
) -> dict[str, dict[str, object]]:
    """Write the card of the critic whose weights lie in a folder, and return what was found.

    What the card says of how the critic was trained stays. `renders` are as many scenes by the
    engine itself, right and broken; they stand beside the drawn ones and set no threshold.

    Raises:
        WeightsError: the folder has no critic, or the engine no weights.
    """
    path = folder / "critic.json"
    if world == "miniature":
        ports = miniature_ports(MiniatureCritic.load(folder / WEIGHTS.name))
        found = card_of(collect(ports, clips, on_clip=on_clip, world=miniature_clips))
    else:
        ports = embedded_ports(load_critic(folder))
        found = card_of(collect(ports, clips, on_clip=on_clip, world=known_clips))
    if renders:
        from .rendered_clips import collect_renders
        from .rendered_worlds import rendered_world

        made = collect_renders(ports, rendered_world(world), renders)
        limits = {name: float(str(value)) for name, value in found["thresholds"].items()}
        found["renders"] = dict(alarms(made, limits))
    card = json.loads(path.read_text()) if path.is_file() else {}
    card |= found
    card["calibrated_on"] = {
        "clips": clips, "seed": SEED, "from": "the drawn world", "renders": renders
    }  # fmt: skip
    path.write_text(json.dumps(card, indent=2) + "\n")
    return found


def main() -> None:
    """Write the card of the critic whose weights lie in a folder."""
    parser = argparse.ArgumentParser(prog="python -m dreamrunner.tools.critic.calibrate")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--clips", type=int, default=80)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    calibrate(args.folder, args.clips)
    path = args.folder / "critic.json"
    ports = embedded_ports(load_critic(args.folder))
    card = json.loads(path.read_text())
    card |= {
        "drawn": accuracy(ports, args.clips, worn=False),
        "worn": accuracy(ports, args.clips, worn=True),
    }
    path.write_text(json.dumps(card, indent=2) + "\n")


if __name__ == "__main__":
    main()
