"""What the director decided: the second noun. Plan > ScenePlan > ShotPlan > Keyframe > Placement.

Plans come back from files and from language models, so they are pydantic models: frozen, with no
extra field. Times are seconds from the start of the shot, boxes are normalised. Entities are
known by id everywhere; no prompt is ever searched for a name.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .capabilities import Capabilities as Capabilities
from .capabilities import KindWords as KindWords
from .capabilities import PeopleWords as PeopleWords
from .capabilities import Record as Record
from .capabilities import Stage as Stage
from .errors import Span
from .story import LONGEST_SCENE_S, Box


class Placement(Record):
    """Where an entity is at a keyframe. A smaller `depth` is nearer to the camera."""

    entity: str
    box: Box
    depth: int = 0
    pinned: bool = False


class Keyframe(Record):
    """Every entity in the frame at one time of the shot. Who is not placed is not in the frame."""

    time_s: float
    placements: tuple[Placement, ...]

    def placement(self, entity: str) -> Placement | None:
        return next((p for p in self.placements if p.entity == entity), None)


class LoraFile(Record):
    """An adapter of the writer's own: its file, relative to the story, and how strongly it acts."""

    path: str
    weight: float = 1.0


def _nothing(value: object) -> bool:
    return value is None


def _unset(value: object) -> bool:
    return value is False


def _empty(value: object) -> bool:
    return not value


class Beat(Record):
    """What an entity does from one time of the shot to another.

    `motion` is a verb in its base form; `facing` the direction of travel or look. `pinned` says
    that the writer fixed it and has not released it; `lesson` which choice of clips it is learnt
    from, 0 the first; `span` is where the page says it, None where a rule made it up.
    """

    entity: str
    motion: str
    detail: str = ""
    start_s: float
    end_s: float
    facing: Literal["left", "right"] = "right"
    pinned: bool = False
    lora: LoraFile | None = Field(default=None, exclude_if=_nothing)
    lesson: int = Field(default=0, ge=0, exclude_if=_empty)
    span: Span | None = None


class Entity(Record):
    """Somebody or something in a shot, with the prompt of its region.

    `character` and `color` are ids of the engine's own world where it has one and knows the
    entity, else None; `prompt` says who and what it does, and nothing of the place.
    """

    id: str
    look: str
    prompt: str
    character: str | None = None
    color: str | None = None
    references: tuple[str, ...] = ()
    lora: LoraFile | None = Field(default=None, exclude_if=_nothing)
    span: Span | None = None


class Assertion(Record):
    """Something that must hold of the rendered shot.

    `metric` is a row of the table of `@expect` (`motion`, `place`, `identity`, `layout`, ...) or a
    relation (`left-of`, `present`, ...). `threshold` None asks the critic for its calibrated one.
    `origin` says who asks: the plan itself or the writer; `span` is where the page says what is
    asked for.
    """

    id: str
    metric: str
    subject: str | None = None
    other: str | None = None
    comparison: Literal[">=", "<=", ">", "<", "=="] | None = None
    threshold: float | None = None
    origin: Literal["plan", "expect"] = "plan"
    span: Span | None = None


class Subtitle(Record):
    """A line of dialogue within a shot, or a title on the picture, which has no `speaker`.

    `card` says that a title has a card of its own instead.
    """

    speaker: str
    text: str
    start_s: float
    end_s: float
    span: Span | None = None
    card: bool = Field(default=False, exclude_if=_unset)

    @property
    def caption(self) -> str:
        """Return what is said with who says it: "FOX: Hello"."""
        return f"{self.speaker}: {self.text}" if self.speaker else self.text


class PlaceFrame(Record):
    """The last frame of an earlier shot, from which a shot takes its place.

    `covered` are the boxes of those who stand before the place in it.
    """

    shot: str
    covered: tuple[Box, ...] = ()


class RenderSettings(Record):
    """How a shot is sampled; the re-planner's knobs.

    `region_steps` and `region_layers` are the share of the steps and of the layers (from, to) in
    which regions rule; outside, every token sees every text. `region_guidance` holds guidance
    scales by entity id, `guidance` is everybody else's. Two settings are lossy: `trim_text` cuts
    the padding off texts, which CogVideoX was trained to see, and `first_block_cache` is the
    relative change of a model's first block below which the others are skipped at a step.
    `scheduler` is empty for the one that the model comes with; with `dynamic_guidance` the scale
    changes from step to step, and `guidance` is what it rises by at most. With a `place_frame` a
    shot begins in the place of an earlier one, its own people drawn anew.
    """

    steps: int = 20
    guidance: float = 2.5
    scheduler: str = ""
    dynamic_guidance: bool = False
    regions: bool = True
    overlap: Literal["union", "depth"] = "union"
    adapter_scale: float = 1.0
    continue_from_previous: bool = False
    soft_edge_tokens: int = Field(default=0, ge=0)
    region_steps: tuple[float, float] = (0.0, 1.0)
    region_layers: tuple[float, float] = (0.0, 1.0)
    region_guidance: dict[str, float] = Field(default_factory=dict)
    trim_text: bool = False
    first_block_cache: float = Field(default=0.0, ge=0.0, lt=1.0)
    place_frame: PlaceFrame | None = Field(default=None, exclude_if=_nothing)

    @property
    def needs_clip(self) -> bool:
        """Whether another shot's clip is needed to draw this one."""
        return self.continue_from_previous or self.place_frame is not None

    @property
    def lossy(self) -> tuple[str, ...]:
        """Name the settings that trade faithfulness for speed; none are on by default."""
        cache = (f"first_block_cache {self.first_block_cache:g}",) if self.first_block_cache else ()
        return (*(("trim_text",) if self.trim_text else ()), *cache)


class Pin(Record):
    """A value the writer fixed and the place where, so that a remedy can say what blocks it."""

    what: Literal[
        "motion", "layout", "place", "identity", "seed", "join", "duration", "camera", "depth",
        "style",
    ]  # fmt: skip
    entity: str | None = None
    span: Span


class Origin(Record):
    """Why one thing in a shot is as it is, for a writer who asks.

    `by` says who decided: the writer by a pin, the words of the page, a rule where the page is
    silent, a language model, or a repair of what a language model said. `words` is what of the
    page was heard, or what was done to it; `span` where the page says it.
    """

    what: Literal["motion", "layout", "prompt", "background"]
    by: Literal["pin", "text", "rule", "llm", "repair"]
    entity: str | None = None
    words: str = ""
    span: Span | None = None


class ShotPlan(Record):
    """All an engine needs to draw one clip, and all a critic needs to judge it.

    `page_shot` is the number of the `@shot` of its scene that it films, from 1; None where the page
    has none.
    A shot with `parts` is filmed in so many clips of equal length, one after another, each with
    those of its people whose ids stand there.
    """

    id: str
    scene: str
    duration_s: float = Field(ge=0, le=LONGEST_SCENE_S)
    seed: int
    place: str
    place_id: str | None = None
    background: str
    style: str = ""
    negative: str = ""
    entities: tuple[Entity, ...] = ()
    keyframes: tuple[Keyframe, ...] = ()
    beats: tuple[Beat, ...] = ()
    camera: str = "static"
    assertions: tuple[Assertion, ...] = ()
    subtitles: tuple[Subtitle, ...] = ()
    settings: RenderSettings = RenderSettings()
    pins: tuple[Pin, ...] = ()
    tries: int = 3
    text: str = ""
    notes: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()
    page_shot: int | None = Field(default=None, exclude_if=_nothing)
    parts: tuple[tuple[str, ...], ...] = Field(default=(), exclude_if=_empty)
    span: Span | None = None

    def entity(self, entity_id: str) -> Entity:
        """Return the entity with this id; KeyError if the shot has none."""
        for entity in self.entities:
            if entity.id == entity_id:
                return entity
        raise KeyError(entity_id)

    def beat(self, entity_id: str) -> Beat | None:
        """Return the first beat of an entity, or None if it has none."""
        return next((beat for beat in self.beats if beat.entity == entity_id), None)

    def box_at(self, entity_id: str, time_s: float) -> Box | None:
        """Return an entity's box at a time, linear between keyframes; None where it is absent.

        Before its first and after its last keyframe an entity stays where it is. Between two
        keyframes of which one lacks it, it is in the frame for the half that is nearer to the
        keyframe that has it.
        """
        if not self.keyframes:
            return None
        frames = self.keyframes
        if time_s <= frames[0].time_s:
            return _box(frames[0], entity_id)
        for before, after in zip(frames, frames[1:], strict=False):
            if time_s <= after.time_s:
                length = after.time_s - before.time_s
                amount = (time_s - before.time_s) / length if length > 0 else 1.0
                return _between(_box(before, entity_id), _box(after, entity_id), amount)
        return _box(frames[-1], entity_id)


def _box(keyframe: Keyframe, entity_id: str) -> Box | None:
    placement = keyframe.placement(entity_id)
    return placement.box if placement else None


def _between(before: Box | None, after: Box | None, amount: float) -> Box | None:
    if before is None:
        return after if amount >= 0.5 else None
    if after is None:
        return before if amount < 0.5 else None
    return before.blend(after, amount)


class ScenePlan(Record):
    """The shots of one scene of the story."""

    id: str
    heading: str
    place: str
    shots: tuple[ShotPlan, ...]
    span: Span | None = None


class Plan(Record):
    """A whole film, decided. `notes` are the director's own remarks, such as a repair."""

    title: str
    director: str
    fps: int
    width: int
    height: int
    scenes: tuple[ScenePlan, ...]
    style: str = ""
    negative: str = ""
    notes: tuple[str, ...] = ()

    @property
    def shots(self) -> tuple[ShotPlan, ...]:
        """Every shot in the film's order."""
        return tuple(shot for scene in self.scenes for shot in scene.shots)

    @property
    def duration_s(self) -> float:
        return sum(shot.duration_s for shot in self.shots)

    def with_shot(self, changed: ShotPlan) -> Plan:
        """Return the plan with the shot of the same id replaced."""
        scenes = tuple(
            scene.model_copy(
                update={"shots": tuple(changed if s.id == changed.id else s for s in scene.shots)}
            )
            for scene in self.scenes
        )
        return self.model_copy(update={"scenes": scenes})
