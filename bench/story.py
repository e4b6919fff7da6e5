"""Settings -> one run of the story benchmark, its figures and its page in a folder."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..engine.lazy import LazyFamily
from ..engine.miniature.capabilities import WORLD
from ..engine.miniature.export import Checkpoint, unpacked
from ..engine.miniature.judge import MiniatureJudge
from ..engine.numbers import multiplies_bf16
from ..errors import InputError
from ..production.facade import plan_story
from ..production.settings import store_of
from ..tools.critic.miniature import load_miniature
from ..tools.stages.ledger import Ledger
from ..tools.stages.runner import StoreRunner
from .rows import BEST, PLAIN, REGIONS
from .scoring import Frames, Scorer
from .story_page import write_page
from .story_run import Amount, StoryFigures, StoryRun
from .studio import Studio, story_files

if TYPE_CHECKING:
    from ..plan import Plan
    from ..production.settings import Settings
    from ..tools.stages.runner import Observer

RESULTS = "storybench.json"
_SHOWN = 8  # shots on the strip


def bench_story(
    settings: Settings,
    out: Path,
    amount: Amount,
    observer: Observer,
    *,
    checkpoint: Checkpoint = "regions",
    minutes: float | None = None,
    say: Callable[[str], None],
) -> Path:
    """Run the benchmark as far as a budget goes, and return its page.

    Args:
        settings: its engine is a folder of the miniature, or any other name for the committed one.
        minutes: of the processor; None for as long as it takes.

    Raises:
        InputError: the engine is a folder of something else.
        WeightsError: the miniature, its critic or its judge is not there.
    """
    numbers = replace(settings.lossy, bf16=multiplies_bf16())
    settings = replace(settings, lossy=numbers)
    if not Path(settings.engine).is_dir():
        settings = replace(settings, engine=str(unpacked(checkpoint)))
    family = LazyFamily(settings.engine, settings.load_options)
    if family.capabilities.world != WORLD:
        raise InputError(f"{settings.engine} is no checkpoint of the miniature")
    out.mkdir(parents=True, exist_ok=True)
    plans = {
        path.stem: _planned(path, settings, amount) for path in story_files()[: amount.stories]
    }
    judge = MiniatureJudge.load()
    with Ledger(out / "run.json", {"engine": settings.engine}) as ledger:
        bench = StoreRunner(store_of(settings), ledger, observer)
        studio = Studio(settings, bench, family, next(iter(plans.values())))
        scorer = Scorer(judge, load_miniature().ports)
        run = StoryRun(studio, scorer, judge, plans, out / "library", amount, say)
        run.run(minutes, lambda figures: _keep(figures, out, settings))
    _keep(run.figures, out, settings)
    _write_strip(run.strips, out / "storybench-strip.png")
    return page_of(out / RESULTS, out)


def page_of(results: Path, out: Path) -> Path:
    """Write the page of kept figures, and its plots.

    Raises:
        InputError: they cannot be read.
    """
    try:
        about = str(json.loads(results.read_text(encoding="utf-8"))["about"])
        figures = StoryFigures.read(results)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{results} holds no figures of this benchmark: {error}") from error
    return write_page(figures, out, results.parent, about)


def _planned(path: Path, settings: Settings, amount: Amount) -> Plan:
    plan = plan_story(path, settings)
    scenes = []
    for scene in plan.scenes:
        shots = tuple(
            shot.model_copy(
                update={"settings": shot.settings.model_copy(update={"steps": amount.steps})}
            )
            for shot in scene.shots
        )
        scenes.append(scene.model_copy(update={"shots": shots}))
    return plan.model_copy(update={"scenes": tuple(scenes)})


def _keep(figures: StoryFigures, out: Path, settings: Settings) -> None:
    import torch

    about = (
        f"The engine is `{Path(settings.engine).name}`"
        f"{' in bf16' if settings.lossy.bf16 else ''}; {datetime.now(UTC):%Y-%m-%d}, "
        f"{platform.machine()}, torch {torch.__version__}; "
        f"{figures.processor_s / 60:.1f} minutes of the processor for what the store did not have."
    )
    text = json.dumps({"about": about, **figures.plain()}) + "\n"
    part = out / f"{RESULTS}.partial"
    part.write_text(text, encoding="utf-8")
    part.replace(out / RESULTS)


def _write_strip(strips: dict[str, list[Frames]], path: Path) -> None:
    """Lay shots under each other: three frames of each of the first rows side by side."""
    from PIL import Image

    columns = [strips[row.name] for row in (PLAIN, BEST, REGIONS) if row.name in strips]
    if not columns:
        return
    count = min(map(len, columns))
    chosen = np.linspace(0, count - 1, min(_SHOWN, count)).round().astype(int)
    lines = []
    for at in chosen:
        parts = [clip for column in columns for clip in column[at][[3, 12, 21]]]
        lines.append(np.concatenate(parts, axis=1))
    picture = np.concatenate(lines).repeat(2, axis=0).repeat(2, axis=1)
    Image.fromarray(picture).quantize(128).save(path, optimize=True)
