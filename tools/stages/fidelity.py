"""A lossy film + the exact clips that the store has of its shots -> the levers' cost in decibels.

An exact clip is never made for this: a shot that was not drawn exactly before has no figure, and
that is said. Shots that go on from the one before have none either, for that one is lossy too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isinf

from ...engine.diffusion.psnr import region_psnr
from ...engine.lossy import NUMBERS
from ...engine.video import read_video
from ...film import Adapter, Take
from ...plan import Plan, ShotPlan
from .parts import CLIP
from .render import StageRenderer
from .runner import StoreRunner


def decibels(
    runner: StoreRunner,
    renderer: StageRenderer,
    directed: Plan,
    takes: Sequence[Take],
    adapters: Sequence[Adapter],
) -> Iterator[str]:
    """Yield a sentence for each kept take: how far it is from the exact clip, region by region.

    Args:
        directed: the plan without the levers.
    """
    exact = {shot.id: shot for shot in directed.shots}
    for take in takes:
        if take.kept and take.plan is not None:
            used = [one for name in take.adapters for one in adapters if one.name == name]
            yield _sentence(runner, renderer, exact[take.shot], take, take.plan, used)


def _sentence(
    runner: StoreRunner,
    renderer: StageRenderer,
    exact: ShotPlan,
    take: Take,
    drawn: ShotPlan,
    adapters: Sequence[Adapter],
) -> str:
    levers = ("steps", "first_block_cache", "trim_text")
    changes = {name: getattr(exact.settings, name) for name in levers}
    wanted = drawn.model_copy(update={"settings": drawn.settings.model_copy(update=changes)})
    job = renderer.job(wanted, adapters, None)
    words = str(job.inputs["engine"]).split()
    engine = " ".join(word for word in words if word not in NUMBERS)
    found = runner.kept(replace(job, inputs={**job.inputs, "engine": engine}))
    if found is None or drawn.settings.needs_clip:
        return f"shot {take.shot}: no exact clip to compare with"
    size = {"width_px": take.clip.width, "height_px": take.clip.height}
    one, other = (read_video(path, **size).frames for path in (found.folder / CLIP, take.clip.path))
    said = region_psnr(one, other, drawn, take.clip.fps)
    return f"shot {take.shot} against the exact clip: " + ", ".join(
        f"{name} equal" if isinf(value) else f"{name} {value:.1f} dB"
        for name, value in said.items()
    )
