"""A motion or a character + what it is learnt from -> its adapter, trained at most once.

What is trained lies in the store under the hash of the base and of what it was learnt from: the
contents of a motion's clips, whoever shall perform it and however they were found, or those of a
character's pictures. A training that was stopped lies beside the store and goes on. A file of the
writer's own is taken as it is.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ...engine.libraries import importing_alone
from ...engine.protocol import Announce, TrainingWatch
from ...errors import AdapterError
from ...film import Adapter, AdapterNeed, Retrieval, RetrievedClip
from ..store.output import file_hash
from ..store.recipe import JSON, STAGE_VERSIONS, stage_key
from ..training.trained import TrainedAdapter
from .calls import TrainAdapter
from .job import Job, Result
from .runner import StageRunner

if TYPE_CHECKING:
    from ...engine.diffusion.checkpoints import Checkpoint
    from ...engine.diffusion.weights import LoadOptions
    from ..library import Library
    from ..training.adapters import AdapterTrainer
    from ..training.published import PublishedTrainer


class ModelTrainer(Protocol):
    """Trains adapters of one model into a folder."""

    def motion(
        self, clips: Sequence[RetrievedClip], folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter: ...

    def character(
        self, pictures: Sequence[Path], look: str, folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter: ...


class LazyTrainer:
    """The storybook trainer, loaded when the first adapter has to be trained."""

    def motion(
        self, clips: Sequence[RetrievedClip], folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter:
        return self._trainer.train(
            clips, folder, lambda done, total: watch.on_step(done, total, math.nan)
        )

    def character(
        self, pictures: Sequence[Path], look: str, folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter:
        from ..training.paper import paper_figure

        return paper_figure(pictures, folder)

    @cached_property
    def _trainer(self) -> AdapterTrainer:
        with importing_alone():
            from ..training.adapters import AdapterTrainer

        return AdapterTrainer()


@dataclass(frozen=True)
class LazyPublishedTrainer:
    """A published model's trainer, loaded when the first adapter has to be trained."""

    checkpoint: Checkpoint
    options: LoadOptions
    announce: Announce

    def motion(
        self, clips: Sequence[RetrievedClip], folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter:
        return self._trainer.motion(clips, folder, watch)

    def character(
        self, pictures: Sequence[Path], look: str, folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter:
        return self._trainer.character(pictures, look, folder, watch)

    @cached_property
    def _trainer(self) -> PublishedTrainer:
        with importing_alone():
            from ..training.published import PublishedTrainer

        return PublishedTrainer(self.checkpoint, self.options, self.announce)


@dataclass(frozen=True, slots=True)
class StageTrainer:
    """Trains what a film needs; `base` is the hash of the weights that it is trained on.

    `open_library` opens the library in whose folder the retrieved clips have their places; `root`
    is the story's folder, and `work` where stopped trainings are kept. Where the trainer has models
    of its own it works `beside` the engine; else `release` makes the engine leave its device.
    """

    runner: StageRunner
    trainer: ModelTrainer
    open_library: Callable[[], Library]
    base: str
    story: str
    root: Path = Path()
    work: Path | None = None
    beside: bool = False
    release: Callable[[], None] = lambda: None

    def adapt(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter:
        """Return the adapter that a need asks for.

        Raises:
            TooFewClipsError: there is too little to learn from.
            AdapterError: a file or picture cannot be read, or training fell apart.
        """
        if need.file:
            return self._brought(need)
        job = self._job(need, retrieval)

        def make(folder: Path) -> Mapping[str, JSON]:
            self.release()
            work = self.work / job.recipe.key if self.work else None
            watch = TrainingWatch(
                on_step=self._advance(job),
                on_clip=lambda done, total: self.runner.advance(job, done, total, "reading"),
                stopped=lambda: self.runner.stopped,
                folder=work,
            )
            if retrieval is not None:
                learnt = self.trainer.motion(self._with_files(retrieval), folder, watch)
            else:
                learnt = self.trainer.character(self._pictures(need), need.look, folder, watch)
            if work is not None:
                shutil.rmtree(work, ignore_errors=True)
            about = {"need": need.model_dump(mode="json"), "base": self.base}
            return {**asdict(learnt), **about, "clips": list(_learnt_from(need, retrieval))}

        return self._adapter(need, retrieval, self.runner.once(job, make))

    def kept_adapter(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter | None:
        """Return the adapter that a need asks for if the store has it."""
        if need.file:
            return self._brought(need)
        found = self.runner.kept(self._job(need, retrieval))
        return self._adapter(need, retrieval, found) if found else None

    def _advance(self, job: Job) -> Callable[[int, int, float], None]:
        def on_step(done: int, total: int, loss: float) -> None:
            note = "" if math.isnan(loss) else f"loss {loss:.3f}"
            self.runner.advance(job, done, total, note)

        return on_step

    def _job(self, need: AdapterNeed, retrieval: Retrieval | None) -> Job:
        inputs: dict[str, JSON] = {"base": self.base}
        if retrieval is not None:
            inputs |= {"motion": need.name, "clips": _contents(retrieval)}
        else:
            hashes = sorted(_hash(path) for path in self._pictures(need))
            inputs |= {"look": need.look, "pictures": hashes}
        return Job(
            stage="adapt",
            version=STAGE_VERSIONS["adapt"],
            inputs=inputs,
            label=f"{self.story} {need.name}",
            parents=(retrieval.key,) if retrieval else (),
            note=need.name,
            beside=self.beside,
            broken_off=not self.beside,
            call=TrainAdapter(need, retrieval),
        )

    def _pictures(self, need: AdapterNeed) -> list[Path]:
        return [self.root / picture for picture in need.pictures]

    def _with_files(self, retrieval: Retrieval) -> Sequence[RetrievedClip]:
        """Return the kept clips where they lie: a retrieval knows them by their place within."""
        files = self.open_library().files([clip.id for clip in retrieval.kept])
        return [clip.model_copy(update={"path": str(files[clip.id])}) for clip in retrieval.kept]

    def _brought(self, need: AdapterNeed) -> Adapter:
        path = self.root / need.file
        inputs: dict[str, JSON] = {"file": _hash(path), "weight": need.weight}
        return Adapter(
            name=need.name,
            kind=need.kind,
            path=str(path),
            key=stage_key("adapter file", 1, inputs),
            base=self.base,
            steps=0,
            loss=0.0,
            entity=need.entity,
            weight=need.weight,
            means=f"the writer's own file {need.file}, at a weight of {need.weight:g}",
        )

    def _adapter(self, need: AdapterNeed, retrieval: Retrieval | None, made: Result) -> Adapter:
        fields = made.fields
        strip = fields.get("strip", "")
        return Adapter(
            name=need.name,
            kind=need.kind,
            path=str(made.folder / fields["file"]),
            key=made.key,
            base=self.base,
            steps=fields.get("step", 0),
            loss=fields["loss"],
            clips=_learnt_from(need, retrieval),
            trigger=fields.get("trigger", ""),
            means=fields.get("means", ""),
            strip=str(made.folder / strip) if strip else "",
            losses=fields.get("losses", ()),
            checks=fields.get("checks", ()),
        )


def _contents(retrieval: Retrieval) -> Sequence[JSON]:
    """Return what a motion is learnt from: pictures, words and crops, wherever they were found.

    How they were searched is no part of it: a library that grows by clips of something else finds
    the same ones again.
    """
    return sorted(
        [clip.sha256, clip.caption, repr(clip.crop) if clip.crop else ""] for clip in retrieval.kept
    )


def _learnt_from(need: AdapterNeed, retrieval: Retrieval | None) -> tuple[str, ...]:
    """Return the ids of the clips, or the names of the pictures, that are learnt from."""
    if retrieval is not None:
        return tuple(clip.id for clip in retrieval.kept)
    return tuple(Path(picture).name for picture in need.pictures)


def _hash(path: Path) -> str:
    try:
        return file_hash(path)
    except OSError as error:
        raise AdapterError(f"{path} cannot be read: {error.strerror or error}") from error
