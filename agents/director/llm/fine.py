"""A scene's answer + its planned shots -> the shots with the answer's boxes (the second level).

An answer changes only what the writer left open: a pinned entity keeps every box, and an engine
with a fixed vocabulary keeps its prompts and backgrounds. Mechanical mistakes are repaired and
noted; boxes that make no sense are faults, which the model is asked to correct.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ....plan import Capabilities, Keyframe, Origin, Placement, ShotPlan
from ....story import Box
from ..beats import path_of
from ..blocking.keyframes import box_at
from ..reading.complements import EntityRelation
from ..reading.glossary import Glossary, tokens
from .ask import CheckedAnswer
from .plausibility import Tracks, layout_faults
from .prompts import Data, one_line
from .repair import repair_track
from .schemas import FineForm, ShotForm, TrackForm

_MOST_WORDS, _MOST_PROSE, _MOST_TEXT = 200, 700, 600  # characters
_DEEPEST = 9


@dataclass(frozen=True, slots=True)
class FineContext:
    """What a scene's answer is checked against: each shot's relations, by its id, and the words."""

    ties: Mapping[str, tuple[EntityRelation, ...]]
    glossary: Glossary
    capabilities: Capabilities

    @property
    def open(self) -> bool:
        """Whether the engine takes any words, so that a model may choose them."""
        return not self.capabilities.motions

    @property
    def words(self) -> Literal["fixed", "open", "long"]:
        """Which prompts a model may write: none, short ones, or the prose a model learnt from."""
        if not self.open:
            return "fixed"
        return "long" if self.capabilities.prose else "open"

    @property
    def most(self) -> int:
        """How many characters a prompt or a background may have."""
        return _MOST_PROSE if self.words == "long" else _MOST_WORDS


def scene_data(
    shots: Sequence[ShotPlan],
    context: FineContext,
    wears: Mapping[str, str],
    *,
    previous: ShotPlan | None,
) -> Data:
    """Return the data of a question about one scene; `previous` is the shot before these."""
    shots_data = []
    for shot in shots:
        shots_data.append(_shot_data(shot, context, wears, previous))
        previous = shot
    return {
        "frame_width_to_height": round(context.capabilities.width / context.capabilities.height, 3),
        "words": context.words,
        "shots": shots_data,
    }


def _shot_data(
    shot: ShotPlan, context: FineContext, wears: Mapping[str, str], previous: ShotPlan | None
) -> Data:
    follows = shot.settings.continue_from_previous
    return {
        "shot": shot.id,
        "text": one_line(shot.text, _MOST_TEXT),
        "place": one_line(shot.place, 120),
        "seconds": shot.duration_s,
        "continues_the_shot_before": follows,
        "entities": [
            {
                "id": entity.id,
                "look": one_line(entity.look, 160),
                "wears": wears.get(entity.id, ""),
                "width_to_height": _shape(shot, entity.id),
                "does": [
                    {
                        "motion": beat.motion,
                        "from": beat.start_s,
                        "to": beat.end_s,
                        "facing": beat.facing,
                    }
                    for beat in shot.beats
                    if beat.entity == entity.id
                ],
                "fixed": _boxes_data(shot, entity.id)
                if _is_fixed(shot, "layout", entity.id)
                else None,
                "was": _last_box_data(previous, entity.id)
                if previous and previous.place == shot.place
                else None,
            }
            for entity in shot.entities
        ],
        "relations": [
            " ".join(filter(None, (t.subject, t.bond, t.other, t.third and f"and {t.third}")))
            for t in context.ties.get(shot.id, ())
        ],
    }


def _shape(shot: ShotPlan, entity: str) -> float:
    box = shot.box_at(entity, 0.0)
    return round(box.width / box.height, 3) if box and box.height > 0 else 1.0


def _boxes_data(shot: ShotPlan, entity: str) -> Data:
    return [
        {"time_s": k.time_s, **_box_data(p.box)}
        for k in shot.keyframes
        if (p := k.placement(entity)) is not None
    ]


def _last_box_data(previous: ShotPlan, entity: str) -> Data:
    box = previous.box_at(entity, previous.duration_s)
    return _box_data(box) if box else None


def _box_data(box: Box) -> dict[str, Data]:
    sides = {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}
    return {side: round(value, 3) for side, value in sides.items()}


def _is_fixed(shot: ShotPlan, what: Literal["layout", "motion"], entity: str) -> bool:
    """Return whether the writer fixed this of an entity, even where `@replan` releases the pin."""
    return any(o.what == what and o.by == "pin" and o.entity == entity for o in shot.origins)


def check_fine(
    form: FineForm, shots: Sequence[ShotPlan], context: FineContext, *, previous: ShotPlan | None
) -> CheckedAnswer[ShotPlan]:
    """Return the shots of an answer that make sense, and what is wrong with the others."""
    answers = {answer.shot: answer for answer in form.shots}
    parts: dict[str, ShotPlan] = {}
    faults: dict[str, tuple[str, ...]] = {}
    for shot in shots:
        if shot.id not in answers:
            faults[shot.id] = (f"shot {shot.id} is missing from the answer",)
            continue
        before = previous if previous and shot.settings.continue_from_previous else None
        merged = _Merger(shot, context, before, [], []).merge(answers[shot.id])
        if isinstance(merged, ShotPlan):
            parts[shot.id] = previous = merged
        else:
            faults[shot.id], previous = merged, shot
    return CheckedAnswer(parts, faults)


@dataclass(frozen=True, slots=True)
class _Merger:
    """Merges one answer into its shot; `before` is the shot that this one continues."""

    shot: ShotPlan
    context: FineContext
    before: ShotPlan | None
    repairs: list[tuple[str, str]]
    faults: list[str]

    def merge(self, form: ShotForm) -> ShotPlan | tuple[str, ...]:
        """Return the shot with the answer's boxes, or what is wrong with them."""
        given = self._by_entity(form.tracks)
        tracks: Tracks = {}
        for entity in self.shot.entities:
            if _is_fixed(self.shot, "layout", entity.id):
                tracks[entity.id] = self._pinned_track(entity.id)
            elif entity.id in given:
                tracks[entity.id] = self._track(given[entity.id])
            else:
                self.faults.append(f"{entity.id} has no track")
        if not self.faults:
            paths = {
                beat.motion: path_of(beat.motion, self.context.glossary) for beat in self.shot.beats
            }
            free = {e for e in tracks if not _is_fixed(self.shot, "layout", e)}
            ties = self.context.ties.get(self.shot.id, ())
            self.faults.extend(layout_faults(self.shot, tracks, free, ties, paths))
        if self.faults:
            return tuple(f"shot {self.shot.id}: {fault}" for fault in dict.fromkeys(self.faults))
        return self._merged(form, given, tracks)

    def _by_entity(self, forms: Sequence[TrackForm]) -> dict[str, TrackForm]:
        known = {entity.id.casefold(): entity.id for entity in self.shot.entities}
        given: dict[str, TrackForm] = {}
        for form in forms:
            entity = known.get(form.entity.strip().casefold())
            if entity is None:
                self.repairs.append(
                    ("", f'"{one_line(form.entity, 40)}" is not in the shot: left out')
                )
            elif _is_fixed(self.shot, "layout", entity):
                self.repairs.append((entity, "the writer's boxes kept"))
            else:
                given.setdefault(entity, form.model_copy(update={"entity": entity}))
        return given

    def _pinned_track(self, entity: str) -> list[tuple[float, Box]]:
        frames = self.shot.keyframes
        return [(k.time_s, p.box) for k in frames if (p := k.placement(entity)) is not None]

    def _track(self, form: TrackForm) -> list[tuple[float, Box]]:
        repaired = repair_track(form.keys, self.shot.duration_s)
        if isinstance(repaired, str):
            self.faults.append(f"{form.entity}: {repaired}")
            return []
        self.repairs.extend((form.entity, repair) for repair in repaired.repairs)
        track = list(repaired.track)
        last = self.before.box_at(form.entity, self.before.duration_s) if self.before else None
        if last is not None and track[0][1] != last:
            track[0] = (0.0, last)
            self.repairs.append((form.entity, "begins where the shot before leaves it"))
        return track

    def _merged(self, form: ShotForm, given: Mapping[str, TrackForm], tracks: Tracks) -> ShotPlan:
        shot = self.shot
        entities = tuple(
            e.model_copy(update={"prompt": self._prompt(e.id, e.prompt, given)})
            for e in shot.entities
        )
        background = self._background(form.background)
        origins = tuple(self._origins(given, entities != shot.entities, background))
        notes = [
            f"shot {shot.id}: mended: {f'{e}: ' if e else ''}{what}" for e, what in self.repairs
        ]
        return shot.model_copy(
            update={
                "entities": entities,
                "background": background,
                "keyframes": self._keyframes(given, tracks),
                "origins": origins,
                "notes": (*shot.notes, *dict.fromkeys(notes)),
            }
        )

    def _keyframes(self, given: Mapping[str, TrackForm], tracks: Tracks) -> tuple[Keyframe, ...]:
        """Return a keyframe wherever a track has a key; one the writer placed keeps its own."""
        pinned = [e for e in tracks if e not in given]
        fixed = {t for e in pinned for t, _ in tracks[e]}
        times = {t for e in given for t, _ in tracks[e]}
        times = fixed | {t for t in times if all(abs(t - f) > 1e-3 for f in fixed)}
        return tuple(
            Keyframe(
                time_s=time_s,
                placements=tuple(self._placement(e.id, time_s, given, tracks)
                                 for e in self.shot.entities),
            )
            for time_s in sorted(times)
        )  # fmt: skip

    def _placement(
        self, entity: str, time_s: float, given: Mapping[str, TrackForm], tracks: Tracks
    ) -> Placement:
        box = box_at(tracks[entity], time_s)
        planned = self.shot.keyframes[0].placement(entity)
        assert planned is not None  # everybody in a shot is somewhere
        if entity not in given:
            return planned.model_copy(update={"box": box})
        depth = max(-_DEEPEST, min(_DEEPEST, given[entity].depth))
        ordered = any(pin.what == "depth" for pin in self.shot.pins)
        return Placement(entity=entity, box=box, depth=planned.depth if ordered else depth)

    def _prompt(self, entity: str, own: str, given: Mapping[str, TrackForm]) -> str:
        """Return a model's words for a region where they may stand: an open world, no pin."""
        pinned = _is_fixed(self.shot, "motion", entity)
        words = one_line(given[entity].prompt, self.context.most) if entity in given else ""
        if not self.context.open or pinned or not words:
            return own
        others = {t for e in self.shot.entities if e.id != entity for t in tokens(e.id.lower())}
        if others & {t.lower() for t in tokens(words)}:
            self.repairs.append((entity, "a prompt that names somebody else left out"))
            return own
        return words

    def _background(self, answered: str) -> str:
        """Return a model's background where the engine takes any words and it names nobody."""
        words = one_line(answered, self.context.most)
        if not self.context.open or not words:
            return self.shot.background
        named = self.context.glossary.entity_words & {t.lower() for t in tokens(words)}
        if named:
            self.repairs.append(("", f"a background that names {min(named)} left out"))
            return self.shot.background
        return words

    def _origins(
        self, given: Mapping[str, TrackForm], prompted: bool, background: str
    ) -> Iterator[Origin]:
        """Yield where each decision of the shot comes from, now that an answer is in it."""
        repairs: dict[str, list[str]] = {}
        for entity, what in self.repairs:
            repairs.setdefault(entity, []).append(what)
        for origin in self.shot.origins:
            if origin.what == "layout" and origin.entity and origin.entity in given:
                what = "; ".join(dict.fromkeys(repairs.get(origin.entity, ())))
                yield Origin(
                    what="layout",
                    by="repair" if what else "llm",
                    entity=origin.entity,
                    words=what,
                    span=origin.span,
                )
            elif origin.what == "background" and background != self.shot.background:
                yield Origin(what="background", by="llm", words=background, span=origin.span)
            else:
                yield origin
        if prompted:
            yield from (Origin(what="prompt", by="llm", entity=entity) for entity in given)
