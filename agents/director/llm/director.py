"""Story -> Plan by a language model, scene by scene, over a plan by the rules.

The rules read and plan the whole script first. A model's reading of a paragraph replaces theirs
where it passes the checks, and its boxes replace theirs. So a scene for which the model fails keeps
the rules' plan, and a note says so; and what the writer fixed is set by the same code in both
(arXiv 2411.16657, 3.1: two levels).
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
from .ask import ask_for_parts
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
    """A part of a scene's plan that the rules make in place of the model, and why."""

    scene: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class _CoarsePlan:
    """The first level: scenes, where the rules had to read, repairs, and who wears what when."""

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
        story: the story to film.
        capabilities: what the engine can draw.
        default_seed: where the title page has no `Seed:`.
        width: how many scenes are asked about at once.

    Raises:
        LanguageModelError: the model cannot be used at all. A scene that it cannot plan is no
            error: the rules plan it, and a note says so.
        StoryError: the film would be longer than a film may be.
    """
    glossary = gather(story, capabilities)
    scenes = read_scenes(story, glossary, capabilities)
    refuse_too_long(scenes, capabilities)
    coarse = _read_by_model(model, scenes, glossary, capabilities)
    plan = film_scenes(story, coarse.scenes, glossary, capabilities, default_seed=default_seed)
    context = FineContext(_ties(plan, coarse.scenes), glossary, capabilities)
    previous_shots = dict(zip((s.id for s in plan.shots), (None, *plan.shots), strict=False))
    lay_out = partial(_lay_out, model, context, coarse.wears, previous_shots)
    with ThreadPoolExecutor(max(1, width), thread_name_prefix="director") as pool:
        outcomes = list(pool.map(lay_out, plan.scenes))
    fallbacks = (*coarse.fallbacks, *(fallback for _, fallback in outcomes if fallback))
    notes = dict.fromkeys((*_fallback_notes(fallbacks), *coarse.repairs))
    for note in notes:
        _log.info("%s", note)
    shots = [shot for scene, _ in outcomes for shot in scene.shots]
    # What the rules note of a figure or a place is the page's, and `remarks` says it at its line.
    by_rules = {note for shot in plan.shots for note in shot.notes}
    of_page = (note for note in plan.notes if note not in by_rules)
    mended = (note for shot in shots for note in shot.notes if note not in by_rules)
    noted = (*of_page, *notes, *mended)
    return plan.model_copy(
        update={
            "director": f"llm {model.name}",
            "scenes": tuple(scene for scene, _ in outcomes),
            "notes": tuple(dict.fromkeys(noted)),
        }
    )


def _read_by_model(
    model: LanguageModel,
    scenes: Sequence[ReadScene],
    glossary: Glossary,
    capabilities: Capabilities,
) -> _CoarsePlan:
    """Ask about the scenes window by window, and carry on what is known of the entities."""
    pages = [page for scene in scenes for page in pages_of(scene, glossary)]
    readings: dict[str, ReadPassage] = {}
    lost: dict[str, str] = {
        p.id: "the paragraph is too long to be asked about" for p in pages if _too_long(p)
    }
    carried: dict[str, EntityState] = {}
    wears: dict[str, dict[str, str]] = {}
    for window in windows([page for page in pages if not _too_long(page)]):
        asked = _window_question(window, glossary, capabilities, carried)
        check = partial(check_coarse, window=window, glossary=glossary, capabilities=capabilities)
        result = ask_for_parts(model, asked, CoarseForm, [page.id for page in window], check)
        readings |= result.parts
        lost |= result.lost
        last = list(result.parts.values())[-1] if result.parts else None
        carried = carry_on(carried, window, last.carried if last else ())
        for page in window:
            worn = {e: c.wears for e, c in carried.items() if c.wears}
            wears[page.scene.scene.id] = worn
    return _CoarsePlan(
        tuple(_with_readings(scene, readings, lost) for scene in scenes),
        tuple(_reading_fallbacks(pages, lost)),
        tuple(_repairs(pages, readings)),
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


def _with_readings(
    scene: ReadScene, readings: Mapping[str, ReadPassage], lost: Mapping[str, str]
) -> ReadScene:
    """Return a scene as the model reads it; where one paragraph is lost, as the rules do."""
    ids = [f"{scene.scene.id}/{n}" for n in range(1, len(scene.passages) + 1)]
    if any(page in lost for page in ids):
        return scene
    passages = (
        readings[page].passage if page in readings else passage
        for page, passage in zip(ids, scene.passages, strict=True)
    )
    return replace(scene, passages=tuple(passages))


def _reading_fallbacks(
    pages: Sequence[ParagraphToRead], lost: Mapping[str, str]
) -> Iterator[_Fallback]:
    """Yield each scene that the rules read in place of the model, with the first reason."""
    noted: set[str] = set()
    for page in pages:
        scene = page.scene.scene.id
        if page.id in lost and scene not in noted:
            noted.add(scene)
            yield _Fallback(scene, "read", lost[page.id])


def _repairs(
    pages: Sequence[ParagraphToRead], readings: Mapping[str, ReadPassage]
) -> Iterator[str]:
    for page in pages:
        for repair in readings[page.id].repairs if page.id in readings else ():
            yield f"scene {page.scene.scene.id}: mended: {repair}"


def _fallback_notes(fallbacks: Sequence[_Fallback]) -> Iterator[str]:
    """Yield what the rules plan in place of the model; scenes with one reason share a note."""
    scenes: dict[tuple[str, str], list[str]] = {}
    for fallback in fallbacks:
        scenes.setdefault((fallback.what, fallback.why), []).append(fallback.scene)
    for (what, why), some in scenes.items():
        yield (
            f"scene{'s' * (len(some) > 1)} {', '.join(some)}: {what} by the rules, "
            f"not by the model: {why}"
        )


def _ties(plan: Plan, scenes: Sequence[ReadScene]) -> dict[str, tuple[EntityRelation, ...]]:
    """Return the relations that the text states, by shot."""
    stated: dict[tuple[str, Span | None], tuple[EntityRelation, ...]] = {
        (scene.scene.id, passage.action.span): passage.reading.ties
        for scene in scenes
        for passage in scene.passages
        if passage.action is not None and passage.reading is not None
    }
    return {shot.id: stated.get((shot.scene, shot.span), ()) for shot in plan.shots}


def _lay_out(
    model: LanguageModel,
    context: FineContext,
    wears: Mapping[str, Mapping[str, str]],
    previous_shots: Mapping[str, ShotPlan | None],
    scene: ScenePlan,
) -> tuple[ScenePlan, _Fallback | None]:
    """Return a scene with the model's boxes, or unchanged with the reason."""
    done: list[ShotPlan] = []
    previous = previous_shots[scene.shots[0].id] if scene.shots else None
    for first in range(0, len(scene.shots), _SHOTS_AT_ONCE):
        part = [s for s in scene.shots[first : first + _SHOTS_AT_ONCE] if s.entities]
        if part:
            data = scene_data(part, context, wears.get(scene.id, {}), previous=previous)
            asked = question(f"boxes of scene {scene.id}", "fine", data, FineForm)
            check = partial(check_fine, shots=part, context=context, previous=previous)
            result = ask_for_parts(model, asked, FineForm, [shot.id for shot in part], check)
            if result.lost:
                return scene, _Fallback(scene.id, "boxes", next(iter(result.lost.values())))
            done += result.parts.values()
            previous = done[-1]
    planned = {shot.id: shot for shot in done}
    shots = tuple(planned.get(shot.id, shot) for shot in scene.shots)
    return scene.model_copy(update={"shots": shots}), None
