"""Shots -> frames and scores, with every rendered clip kept so that a stopped run goes on.

A clip is kept under a hash of the family's fingerprint, the version of how it draws and the whole
shot: nothing that changes its pixels can meet an old one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dreamrunner.engine.protocol import Family
from dreamrunner.engine.sr3ai.layout import Overlap
from dreamrunner.engine.storybook.judge import Judge, Judgement
from dreamrunner.engine.storybook.models import FPS
from dreamrunner.errors import DreamRunnerError
from dreamrunner.film import Adapter
from dreamrunner.plan import Capabilities, ShotPlan
from dreamrunner.tools.stages.render import render_version
from storybench.prompts import Prompt, drawn, to_shot
from storybench.scores import ClipScore, failed, score

Frames = NDArray[np.uint8]  # [T, h, w, 3]
Log = Callable[[str], None]


class Painter(Protocol):
    """Makes the clip of a prompt."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities | None: ...

    def paint(self, prompt: Prompt, shot: ShotPlan) -> Frames: ...


class FamilyPainter:
    """A model family, through the seam that productions use.

    `arm` tells clips of one family apart that was told to leave something out, or that works with
    adapters.
    """

    def __init__(self, family: Family, arm: str = "", adapters: Sequence[Adapter] = ()) -> None:
        self._family, self._adapters = family, tuple(adapters)
        version = render_version(family.capabilities.name)
        self.fingerprint = f"{family.fingerprint}, version {version}{arm}"
        self.capabilities = family.capabilities
        self._pace = max(1, round(self._family.capabilities.fps / FPS))

    def paint(self, prompt: Prompt, shot: ShotPlan) -> Frames:
        frames = self._family.render(shot, self._adapters, None, lambda done, total: None)
        # The judge knows the world's own frame rate alone.
        return frames[:: self._pace]


class WorldPainter:
    """The drawn world itself: what a perfect model would score, and so the judge's ceiling."""

    fingerprint = "the drawn world"
    capabilities = None

    def paint(self, prompt: Prompt, shot: ShotPlan) -> Frames:
        return drawn(prompt)


@dataclass(frozen=True, eq=False)
class JudgedClip:
    """A prompt, its shot, what came out and what was seen; frames None where nothing came out."""

    prompt: Prompt
    shot: ShotPlan
    score: ClipScore
    frames: Frames | None
    judgement: Judgement | None


def judge_prompts(
    painter: Painter,
    judge: Judge,
    prompts: Sequence[Prompt],
    *,
    regions: bool,
    overlap: Overlap = "depth",
    cache: Path | None,
    shown: frozenset[str] = frozenset(),
    log: Log = lambda line: None,
) -> list[JudgedClip]:
    """Render and judge every prompt. A prompt whose render fails counts as wrong.

    Frames are kept in the results only for the prompts in `shown`.
    """
    results = []
    for number, prompt in enumerate(prompts, 1):
        shot = to_shot(prompt, regions=regions, overlap=overlap, capabilities=painter.capabilities)
        try:
            frames = kept_frames(painter, prompt, shot, cache)
        except DreamRunnerError as error:
            log(f"{prompt.id} failed: {error}")
            results.append(JudgedClip(prompt, shot, failed(shot, str(error)), None, None))
            continue
        judgement = judge.judge(frames)
        keep = frames if prompt.id in shown else None
        results.append(JudgedClip(prompt, shot, score(shot, judgement, FPS), keep, judgement))
        if number % 20 == 0 or number == len(prompts):
            log(f"{number} of {len(prompts)}")
    return results


def kept_frames(painter: Painter, prompt: Prompt, shot: ShotPlan, cache: Path | None) -> Frames:
    """Return a prompt's frames from the cache, or make and keep them."""
    if cache is None:
        return painter.paint(prompt, shot)
    text = f"{painter.fingerprint}\n{shot.model_dump_json()}"
    path = cache / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.npz"
    if path.is_file():
        frames: Frames = np.load(path)["frames"]
        return frames
    frames = painter.paint(prompt, shot)
    cache.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    with temporary.open("wb") as file:
        np.savez_compressed(file, frames=frames)
    os.replace(temporary, path)
    return frames
