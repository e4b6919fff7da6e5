"""Committed results of other scripts -> the sections of the benchmark's page that quote them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

_CURVE = """\
## How many clips a motion takes

A held-out motion is taught by drawn clips of five animals, and asked of a sixth, which is in none
(`benchmarks/adapter_curve.py`, one seed, by the training loop of that script). Of unfiltered clips
every other one shows another motion than its words say. The paper has 23.42 at no clips, 24.01 at
20 unfiltered and 25.47 at 20 filtered (CLIP, another measure on another model).

| clips | the motion is made | the animal is who was asked for | it is one of the clips |
|---|---|---|---|
"""


def quoted(results: Path) -> Iterator[str]:
    """Yield sections that quote what other scripts have committed to a folder."""
    lines = [*_planned_checks(results), *_retrieved_checks(results / "retrieval.json")]
    if lines:
        yield "\n".join(["## Plans and retrieval", "", *lines])
    yield from _curve(results / "adapter-curve.json")


def _planned_checks(results: Path) -> Iterator[str]:
    rules, model = results / "plans-rules.json", results / "plans-smollm2.json"
    if rules.is_file():
        groups = json.loads(rules.read_text())["groups"]
        said = "; ".join(f"{n}: {g['right']} of {g['scenes']}" for n, g in groups.items())
        yield f"* Plans by rules (boxes, motions, who is there; `benchmarks/plans.py`): {said}."
    if model.is_file():
        asked = json.loads(model.read_text())
        scenes = sum(group["scenes"] for group in asked["groups"].values())
        right = sum(group["right"] for group in asked["groups"].values())
        left = max(asked["fallen back"].values(), default=0)
        yield (
            f"* Plans by a language model of 135 million parameters (SmolLM2, `benchmarks/plans.py "
            f"--llm`): {left} of {scenes} scenes were left to the rules, because no answer held "
            f"after it was asked again; {right} of the plans are right."
        )


def _retrieved_checks(found: Path) -> Iterator[str]:
    if not found.is_file():
        return
    kept = json.loads(found.read_text())
    for what in ("filmed", "drawn"):
        if what not in kept:
            continue
        stage = kept[what]["stages"]["weighed against other motions"]
        means = {name: value["mean"] for name, value in stage.items()}
        yield (
            f"* Retrieval among {kept[what]['clips']} {what} clips (`benchmarks/retrieval.py`, "
            f"captions weighed against other motions): R-precision {means['r_precision']:.2f}, "
            f"precision at 10 {means['precision_at_10']:.2f} of "
            f"{kept[what]['best_precision_at_10']['mean']:.2f} that can be had, nDCG "
            f"{means['ndcg']:.2f}"
            + (f", alignment {means['alignment_at_10']:.2f}" if "alignment_at_10" in means else "")
            + "."
        )


def _curve(found: Path) -> Iterator[str]:
    if not found.is_file():
        return
    kept = json.loads(found.read_text())
    names = ("as asked", "the animal asked for", "an animal of the clips")
    rows = [
        f"| {name} | {' | '.join(_rate(arm[one]) for one in names)} |"
        for name, arm in kept["arms"].items()
    ]
    yield _CURVE + "\n".join(
        [*rows, "", f"{kept['shots']} shots of a {kept['asked']} an arm, `{kept['motion']}`."]
    )


def _rate(plain: Mapping[str, float]) -> str:
    return f"{plain['value']:.2f} [{plain['low']:.2f}, {plain['high']:.2f}]"
