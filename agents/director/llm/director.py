"""Story -> Plan by a language model, scene by scene, with the rules beneath it.

The rules read the whole script first; what the model says of a paragraph takes the place of that
reading where it holds, and what it says of boxes takes the place of the rules' boxes. So whatever
fails falls back to a plan that is there already, one scene at a time, and is announced; and what
the writer fixed is set by the same code as ever (arXiv 2411.16657, 3.1: two levels).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from ....chat import Question
from ....errors import Span
from ....plan import Capabilities, Plan, ScenePlan, ShotPlan
from ....story import Story
from ...ports import LanguageModel
from ..reading.complements import EntityRelation
from ..reading.glossary import Glossary, gather
from ..rules import DEFAULT_SEED, ReadScene, film_scenes, read_scenes, refuse_too_long
from .ask import settle
from .coarse import ReadPassage, check_coarse
from .fine import FineContext, check_fine, scene_data
from .prompts import question
from .schemas import CoarseForm, FineForm
from .windows import (
    MOST_PARAGRAPH,
    EntityState,
    ParagraphToRead,
    carry_on,
    pages_of,
    window_data,
    windows,
)

_log = logging.getLogger(__name__)
# As many shots as one answer can hold without losing its thread.
_SHOTS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class _Fallback:
    """Something of a scene that the rules do, not the model, and why."""

    scene: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class _CoarsePlan:
    """The first level, settled: scenes, what was mended, what the rules had to read, who wears."""

    scenes: tuple[ReadScene, ...]
    fallbacks: tuple[_Fallback, ...]
    repairs: tuple[str, ...]
    wears: Mapping[str, Mapping[str, str]]


def direct_with(
    model: LanguageModel,
    story: Story,
    capabilities: Capabilities,
    *,
    default_seed: int = DEFAULT_SEED,
    width: int = 4,
) -> Plan:
    """Return the plan that a language model makes of a story for an engine.

    Args:
        model: who is asked.
        story: what the writer said.
        capabilities: what the engine can draw.
        default_seed: where the title page has no `Seed:`.
        width: how many scenes are asked about at once.

    Raises:
        LanguageModelError: the model cannot be used at all. A scene that it cannot plan is planned
            by the rules and noted, which is no error.
        StoryError: the film would be longer than a film may be.
    """
    glossary = gather(story, capabilities)
    scenes = read_scenes(story, glossary, capabilities)
    refuse_too_long(scenes, capabilities)
    coarse = _read(model, scenes, glossary, capabilities)
    plan = film_scenes(story, coarse.scenes, glossary, capabilities, default_seed=default_seed)
    setting = FineContext(_ties(plan, coarse.scenes), glossary, capabilities)
    before = dict(zip((s.id for s in plan.shots), (None, *plan.shots), strict=False))
    lay_out = partial(_lay_out, model, setting, coarse.wears, before)
    with ThreadPoolExecutor(max(1, width), thread_name_prefix="director") as pool:
        laid = list(pool.map(lay_out, plan.scenes))
    fallbacks = (*coarse.fallbacks, *(fallback for _, fallback in laid if fallback))
    notes = dict.fromkeys((*_announced(fallbacks), *coarse.repairs))
    for note in notes:
        _log.info("%s", note)
    shots = [shot for scene, _ in laid for shot in scene.shots]
    noted = (*plan.notes, *notes, *(n for shot in shots for n in shot.notes))
    return plan.model_copy(
        update={
            "director": f"llm {model.name}",
            "scenes": tuple(scene for scene, _ in laid),
            "notes": tuple(dict.fromkeys(noted)),
        }
    )


def _read(
    model: LanguageModel,
    scenes: Sequence[ReadScene],
    glossary: Glossary,
    capabilities: Capabilities,
) -> _CoarsePlan:
    """Ask about the scenes in windows, one after the other, with what is known carried along."""
    pages = [page for scene in scenes for page in pages_of(scene, glossary)]
    told: dict[str, ReadPassage] = {}
    lost: dict[str, str] = {
        p.id: "the paragraph is too long to be asked about" for p in pages if _too_long(p)
    }
    carried: dict[str, EntityState] = {}
    wears: dict[str, dict[str, str]] = {}
    for window in windows([page for page in pages if not _too_long(page)]):
        asked = _window_question(window, glossary, capabilities, carried)
        check = partial(check_coarse, window=window, glossary=glossary, capabilities=capabilities)
        settled = settle(model, asked, CoarseForm, [page.id for page in window], check)
        told |= settled.parts
        lost |= settled.lost
        last = list(settled.parts.values())[-1] if settled.parts else None
        carried = carry_on(carried, window, last.carried if last else ())
        for page in window:
            worn = {e: c.wears for e, c in carried.items() if c.wears}
            wears[page.scene.scene.id] = worn
    return _CoarsePlan(
        tuple(_with_told(scene, told, lost) for scene in scenes),
        tuple(_lost_scenes(pages, lost)),
        tuple(_repairs(pages, told)),
        wears,
    )


def _too_long(page: ParagraphToRead) -> bool:
    return len(page.text) > MOST_PARAGRAPH


def _window_question(
    window: Sequence[ParagraphToRead],
    glossary: Glossary,
    capabilities: Capabilities,
    carried: Mapping[str, EntityState],
) -> Question:
    first, last = window[0].scene.scene.id, window[-1].scene.scene.id
    about = f"scene {first}" if first == last else f"scenes {first} to {last}"
    data = window_data(window, glossary, capabilities, carried)
    return question(about, "coarse", data, CoarseForm)


def _with_told(
    scene: ReadScene, told: Mapping[str, ReadPassage], lost: Mapping[str, str]
) -> ReadScene:
    """Return a scene as the model reads it; where one paragraph is lost, as the rules do."""
    ids = [f"{scene.scene.id}/{n}" for n in range(1, len(scene.passages) + 1)]
    if any(page in lost for page in ids):
        return scene
    passages = (
        told[page].passage if page in told else passage
        for page, passage in zip(ids, scene.passages, strict=True)
    )
    return replace(scene, passages=tuple(passages))


def _lost_scenes(pages: Sequence[ParagraphToRead], lost: Mapping[str, str]) -> Iterator[_Fallback]:
    """Yield each scene that the rules read, with the first reason."""
    said: set[str] = set()
    for page in pages:
        scene = page.scene.scene.id
        if page.id in lost and scene not in said:
            said.add(scene)
            yield _Fallback(scene, "read", lost[page.id])


def _repairs(pages: Sequence[ParagraphToRead], told: Mapping[str, ReadPassage]) -> Iterator[str]:
    for page in pages:
        for repair in told[page.id].repairs if page.id in told else ():
            yield f"scene {page.scene.scene.id}: mended: {repair}"


def _announced(fallbacks: Sequence[_Fallback]) -> Iterator[str]:
    """Yield what the rules do instead of the model; scenes with one reason are one note."""
    scenes: dict[tuple[str, str], list[str]] = {}
    for fallback in fallbacks:
        scenes.setdefault((fallback.what, fallback.why), []).append(fallback.scene)
    for (what, why), some in scenes.items():
        yield (
            f"scene{'s' * (len(some) > 1)} {', '.join(some)}: {what} by the rules, "
            f"not by the model: {why}"
        )


def _ties(plan: Plan, scenes: Sequence[ReadScene]) -> dict[str, tuple[EntityRelation, ...]]:
    """Return the bonds that the page states, by shot."""
    told: dict[tuple[str, Span | None], tuple[EntityRelation, ...]] = {
        (scene.scene.id, passage.action.span): passage.reading.ties
        for scene in scenes
        for passage in scene.passages
        if passage.action is not None and passage.reading is not None
    }
    return {shot.id: told.get((shot.scene, shot.span), ()) for shot in plan.shots}


def _lay_out(
    model: LanguageModel,
    setting: FineContext,
    wears: Mapping[str, Mapping[str, str]],
    before: Mapping[str, ShotPlan | None],
    scene: ScenePlan,
) -> tuple[ScenePlan, _Fallback | None]:
    """Return a scene with the model's boxes, or as it is, and why."""
    done: list[ShotPlan] = []
    was = before[scene.shots[0].id] if scene.shots else None
    for first in range(0, len(scene.shots), _SHOTS_AT_ONCE):
        part = [s for s in scene.shots[first : first + _SHOTS_AT_ONCE] if s.entities]
        if part:
            data = scene_data(part, setting, wears.get(scene.id, {}), was=was)
            asked = question(f"boxes of scene {scene.id}", "fine", data, FineForm)
            check = partial(check_fine, shots=part, setting=setting, was=was)
            settled = settle(model, asked, FineForm, [shot.id for shot in part], check)
            if settled.lost:
                return scene, _Fallback(scene.id, "boxes", next(iter(settled.lost.values())))
            done += settled.parts.values()
            was = done[-1]
    planned = {shot.id: shot for shot in done}
    shots = tuple(planned.get(shot.id, shot) for shot in scene.shots)
    return scene.model_copy(update={"shots": shots}), None
