"""The agent's ports, answered from the store: retrieve, adapt, render, measure, cut, once each.

Each of these is a function of values. What a stage is keyed by stands in its `Job`: all that
changes the pixels and nothing else, so that a moved line, a renamed shot or another subtitle
makes nothing stale that it does not touch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel

from ...engine.code_hash import sources_hash
from ...engine.protocol import Family, OnStep, begun, underpainted
from ...engine.storybook import weights
from ...engine.video import write_video
from ...errors import AdapterError, LibraryError
from ...film import Adapter, Clip, Measurement, Retrieval, RetrievedClip
from ...plan import ShotPlan
from ..store.recipe import JSON
from .runner import Fields, Job, Result, StageRunner

if TYPE_CHECKING:
    from ..library import Library
    from ..training.adapters import AdapterTrainer

CLIP = "clip.mp4"

# Fields of a shot that no pixel depends on.
_UNSEEN = frozenset(
    {"id", "scene", "assertions", "subtitles", "pins", "tries", "text", "notes", "origins", "span"}
)


def fragment(record: BaseModel, *, without: frozenset[str] = frozenset()) -> JSON:
    """Return a record as JSON for a key: no spans anywhere, for they only say where a line is."""
    return _without_spans(record.model_dump(mode="json", exclude=set(without)))


def _without_spans(value: JSON) -> JSON:
    if isinstance(value, dict):
        return {name: _without_spans(item) for name, item in value.items() if name != "span"}
    if isinstance(value, list):
        return [_without_spans(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class StageRenderer:
    """Draws shots with an engine. `story` is the name by which the store remembers them."""

    bench: StageRunner
    family: Family
    story: str

    def render(self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None) -> Clip:
        """Return the clip of a shot, in the store."""
        before = before if shot.settings.continue_from_previous else None
        job = self.job(shot, adapters, before)
        fps = self.family.capabilities.fps

        def make(folder: Path) -> Callable[[], Fields]:
            decode = begun(
                self.family,
                shot,
                adapters,
                before,
                lambda done, total: self.bench.advance(job, done, total),
            )

            def rest() -> Fields:
                frames = decode()
                write_video(folder / CLIP, frames, fps)
                count, height, width, _ = frames.shape
                size = {"width": int(width), "height": int(height)}
                painted = list(underpainted(self.family, shot))
                return {"frames": int(count), "fps": fps, **size, "underpainted": painted}

            return rest

        return _clip(shot.id, self.bench.once(job, make))

    def job(self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None) -> Job:
        """Return what draws a shot; `before` is the clip that it goes on from."""
        return Job(
            stage="render",
            version=1,
            inputs={
                "engine": self.family.fingerprint,
                "shot": fragment(shot, without=_UNSEEN),
                "adapters": [adapter.key for adapter in adapters],
                "before": before.key if before else None,
            },
            label=f"{self.story} shot {shot.id}",
            shot=shot.id,
            parents=(*(adapter.key for adapter in adapters), *((before.key,) if before else ())),
        )


def _clip(shot: str, made: Result) -> Clip:
    clip = {"shot": shot, "path": str(made.folder / CLIP), "key": made.key}
    return Clip.model_validate({**made.fields, **clip, "seconds": made.seconds})


@dataclass(frozen=True, slots=True)
class StageLibrarian:
    """Looks motions up in a library, which is opened by the first question."""

    bench: StageRunner
    open_library: Callable[[], Library]
    story: str

    def retrieve(self, motion: str, subjects: Sequence[str]) -> Retrieval:
        """Return the clips that show a motion; its key is the stage's."""
        library = self.open_library()
        job = Job(
            stage="retrieve",
            version=1,
            inputs={"question": library.retrieval_key(motion, subjects)},
            label=f"{self.story} {motion}",
            note=motion,
        )

        def make(_: Path) -> Mapping[str, JSON]:
            return library.retrieve(motion, subjects).model_dump(mode="json")

        found = self.bench.once(job, make)
        return Retrieval.model_validate({**found.fields, "key": found.key})


class LazyTrainer:
    """The storybook trainer, loaded when the first adapter has to be trained."""

    def train(
        self, clips: Sequence[RetrievedClip], folder: Path, on_step: OnStep
    ) -> TrainedAdapter:
        path, trained = self._trainer.train(clips, folder, on_step)
        return TrainedAdapter(path.name, trained.step, trained.loss)

    @cached_property
    def _trainer(self) -> AdapterTrainer:
        from ..training.adapters import AdapterTrainer

        return AdapterTrainer()


@dataclass(frozen=True, slots=True)
class TrainedAdapter:
    """A trained adapter's file, the step that was kept, and the held-out loss there."""

    file: str
    step: int
    loss: float


@dataclass(frozen=True, slots=True)
class StageTrainer:
    """Trains an adapter a motion; `base` stands for the model's weights and the trainer's code."""

    bench: StageRunner
    trainer: LazyTrainer
    base: str
    story: str

    def adapt(self, retrieval: Retrieval) -> Adapter:
        """Return the adapter that teaches the retrieved motion."""
        job = Job(
            stage="adapt",
            version=1,
            inputs={"base": self.base, "motion": retrieval.motion, "retrieval": retrieval.key},
            label=f"{self.story} {retrieval.motion}",
            parents=(retrieval.key,),
            note=retrieval.motion,
        )

        def make(folder: Path) -> Mapping[str, JSON]:
            learnt = self.trainer.train(
                retrieval.kept, folder, lambda done, total: self.bench.advance(job, done, total)
            )
            return {"file": learnt.file, "steps": learnt.step, "loss": learnt.loss}

        made = self.bench.once(job, make)
        return Adapter(
            name=retrieval.motion,
            kind="motion",
            path=str(made.folder / made.fields["file"]),
            key=made.key,
            base=self.base,
            steps=made.fields["steps"],
            loss=made.fields["loss"],
            clips=tuple(clip.id for clip in retrieval.kept),
        )


def trainer_fingerprint() -> str:
    """Return what an adapter depends on beside its clips: the base model and the training code.

    Raises:
        WeightsError: the base model has no weights.
    """
    training = Path(weights.__file__).parent / "training"
    names = (
        "adapter",
        "batches",
        "clips",
        "denoiser",
        "stated_boxes",
        "turn_search",
        "underpainter",
    )
    code = sources_hash(
        Path(__file__).parent / "adapters.py", *(training / f"{name}.py" for name in names)
    )
    return f"{weights.fingerprint()} {code}"


class ClipMeasurer(Protocol):
    """A critic, as the measuring stage calls it."""

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]: ...

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> Sequence[Measurement]: ...


class LazyCritic:
    """The storybook critic, loaded when it first has to look."""

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]:
        return self._critic.measure(shot, clip)

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> Sequence[Measurement]:
        return self._critic.measure_join(shot, before, clip)

    @cached_property
    def _critic(self) -> ClipMeasurer:
        from ..critic.measure import StorybookMeasurer

        return StorybookMeasurer()


def critic_fingerprint() -> str:
    """Return what the storybook critic's measurements depend on beside the clip and the shot.

    Raises:
        WeightsError: its weights are missing.
    """
    here = Path(__file__).parent
    code = sources_hash(*(here / f"{name}.py" for name in ("measure", "looking", "reading")))
    return f"{weights.critic_fingerprint()} {code}"


@dataclass(frozen=True, slots=True)
class StageMeasurer:
    """Measures clips with a critic; `fingerprint` stands for its weights and its code."""

    bench: StageRunner
    critic: ClipMeasurer
    fingerprint: str
    story: str

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]:
        """Return one measurement for each of the shot's assertions, in their order."""
        return self._once(shot, (clip,), lambda: self.critic.measure(shot, clip))

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> Sequence[Measurement]:
        """Return one measurement for each `join` assertion of the shot, in their order."""
        clips = (before, clip)
        return self._once(shot, clips, lambda: self.critic.measure_join(shot, before, clip))

    def _once(
        self, shot: ShotPlan, clips: Sequence[Clip], look: Callable[[], Sequence[Measurement]]
    ) -> Sequence[Measurement]:
        keys = [clip.key for clip in clips]
        job = Job(
            stage="measure",
            version=1,
            inputs={
                "critic": self.fingerprint,
                "shot": fragment(shot, without=_UNSEEN - {"assertions"}),
                "clips": list(keys),
            },
            label=f"{self.story} shot {shot.id}" + " join" * (len(clips) > 1),
            shot=shot.id,
            parents=tuple(keys),
            note="the join with the shot before" if len(clips) > 1 else "",
        )

        def make(_: Path) -> Mapping[str, JSON]:
            return {"found": [found.model_dump(mode="json") for found in look()]}

        made = self.bench.once(job, make).fields["found"]
        found = [Measurement.model_validate(value) for value in made]
        # A line that moved since it was measured is still the line to point at.
        spans = {wanted.id: wanted.span for wanted in shot.assertions}
        return [m.model_copy(update={"span": spans.get(m.assertion)}) for m in found]


@dataclass(frozen=True, slots=True)
class NoMeasurer:
    """The critic of an engine that only shows the plan: it judges nothing, and says why."""

    engine: str

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]:
        """Return each of the shot's assertions as not measured, which is never a pass."""
        return [
            Measurement(
                assertion=wanted.id,
                metric=wanted.metric,
                subject=wanted.subject,
                value=None,
                threshold=wanted.threshold,
                threshold_origin="asked by the "
                + ("page" if wanted.origin == "expect" else "plan"),
                passed=None,
                explanation=f"not measured: the {self.engine} engine draws the plan itself",
                span=wanted.span,
            )
            for wanted in shot.assertions
        ]


@dataclass(frozen=True, slots=True)
class NoTraining:
    """The library and the trainer of an engine that knows every motion it can draw."""

    engine: str

    def retrieve(self, motion: str, subjects: Sequence[str]) -> Retrieval:
        raise LibraryError(f"the {self.engine} engine needs no clips of {motion}")

    def adapt(self, retrieval: Retrieval) -> Adapter:
        raise AdapterError(
            f"the {self.engine} engine takes no adapters, so none for {retrieval.motion}"
        )
