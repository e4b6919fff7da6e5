"""Retrieved clips -> the adapter that teaches their motion, trained at most once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.protocol import OnStep
from ...film import Adapter, Retrieval, RetrievedClip
from ..store.recipe import JSON, STAGE_VERSIONS
from .runner import Job, Result, StageRunner

if TYPE_CHECKING:
    from ..library import Library
    from ..training.adapters import AdapterTrainer


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
    """Trains an adapter a motion; `base` is the hash of the weights that it is trained on.

    `open_library` opens the library in whose folder the retrieved clips have their places.
    """

    runner: StageRunner
    trainer: LazyTrainer
    open_library: Callable[[], Library]
    base: str
    story: str

    def adapt(self, retrieval: Retrieval) -> Adapter:
        """Return the adapter that teaches the retrieved motion."""
        job = self._job(retrieval)

        def make(folder: Path) -> Mapping[str, JSON]:
            learnt = self.trainer.train(
                self._with_files(retrieval),
                folder,
                lambda done, total: self.runner.advance(job, done, total),
            )
            return {"file": learnt.file, "steps": learnt.step, "loss": learnt.loss}

        return self._adapter(retrieval, self.runner.once(job, make))

    def kept_adapter(self, retrieval: Retrieval) -> Adapter | None:
        """Return the adapter that teaches the retrieved motion if the store has it."""
        found = self.runner.kept(self._job(retrieval))
        return self._adapter(retrieval, found) if found else None

    def _job(self, retrieval: Retrieval) -> Job:
        return Job(
            stage="adapt",
            version=STAGE_VERSIONS["adapt"],
            inputs={"base": self.base, "motion": retrieval.motion, "retrieval": retrieval.key},
            label=f"{self.story} {retrieval.motion}",
            parents=(retrieval.key,),
            note=retrieval.motion,
        )

    def _with_files(self, retrieval: Retrieval) -> Sequence[RetrievedClip]:
        """Return the kept clips where they lie: a retrieval knows them by their place within."""
        files = self.open_library().files([clip.id for clip in retrieval.kept])
        return [clip.model_copy(update={"path": str(files[clip.id])}) for clip in retrieval.kept]

    def _adapter(self, retrieval: Retrieval, made: Result) -> Adapter:
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
