"""Given a library that was moved, expect its clips where they are, and nothing searched again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from dreamrunner.engine.protocol import TrainingWatch
from dreamrunner.errors import AdapterError, StoppedError
from dreamrunner.film import AdapterNeed, Retrieval, RetrievedClip
from dreamrunner.story import Box
from dreamrunner.tools.stages.adapt import LazyTrainer, StageTrainer
from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.retrieve import StageLibrarian
from dreamrunner.tools.stages.runner import StoreRunner, silent
from dreamrunner.tools.store.store import Store
from dreamrunner.tools.training.trained import TrainedAdapter

SPIN = AdapterNeed(kind="motion", name="spin")


@dataclass
class OneClip:
    """A library of one clip, somewhere."""

    folder: Path
    searched: int = 0
    manifest: object = field(
        default_factory=lambda: SimpleNamespace(
            clips=(SimpleNamespace(id="a", file="clips/a.mp4"),)
        )
    )

    def retrieval_key(self, motion: str, subjects: Sequence[str]) -> str:
        return motion

    def files(self, ids: Sequence[str]) -> dict[str, Path]:
        return {one: self.folder / f"clips/{one}.mp4" for one in ids}

    def retrieve(self, motion: str, subjects: Sequence[str]) -> Retrieval:
        self.searched += 1
        clip = RetrievedClip(
            id="a", path=str(self.folder / "clips/a.mp4"), caption="", motion=motion, kept=True,
            reason="shows it",
        )  # fmt: skip
        return Retrieval(motion=motion, query=motion, key="", clips=(clip,))


class Trainer(LazyTrainer):
    """A trainer that writes down what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def motion(
        self, clips: Sequence[RetrievedClip], folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter:
        self.given += [clip.path for clip in clips]
        (folder / "spin.safetensors").write_text("weights")
        return TrainedAdapter("spin.safetensors", 3, 0.1)


def test_a_moved_library_is_trained_from_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    store = Store(tmp_path / "store")
    library, trainer = OneClip(tmp_path / "before"), Trainer()
    with Ledger(tmp_path / "out" / "run.json", {}) as ledger:
        bench = StoreRunner(store, ledger, silent)
        librarian = StageLibrarian(bench, lambda: library, "fox")  # type: ignore[arg-type, return-value]
        first = librarian.retrieve("spin", ())
        library.folder = tmp_path / "after"
        second = librarian.retrieve("spin", ())
        stage = StageTrainer(bench, trainer, lambda: library, "base", "fox")  # type: ignore[arg-type, return-value]
        assert stage.kept_adapter(SPIN, second) is None
        adapter = stage.adapt(SPIN, second)

        assert first == second and library.searched == 1
        assert [clip.path for clip in second.clips] == ["clips/a.mp4"]
        assert trainer.given == [str(tmp_path / "after" / "clips/a.mp4")]
        assert stage.kept_adapter(SPIN, first) == adapter
        Path(adapter.path).write_text("flipped")
        assert stage.kept_adapter(SPIN, first) is None
        assert stage.adapt(SPIN, first) == adapter
        assert ledger.stages[-1].note == (
            "spin; it was damaged in the store: spin.safetensors has changed"
        )


def test_a_library_that_grows_by_other_clips_trains_nothing_again(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    library, trainer = OneClip(tmp_path / "clips"), Trainer()
    with Ledger(tmp_path / "out" / "run.json", {}) as ledger:
        bench = StoreRunner(Store(tmp_path / "store"), ledger, silent)
        found = StageLibrarian(bench, lambda: library, "fox").retrieve("spin", ())  # type: ignore[arg-type, return-value]
        stage = StageTrainer(bench, trainer, lambda: library, "base", "fox")  # type: ignore[arg-type, return-value]
        first = stage.adapt(SPIN, found)
        (clip,) = found.clips
        beside = clip.model_copy(update={"id": "b", "sha256": "other", "kept": False})
        grown = found.model_copy(update={"key": "another question", "clips": (clip, beside)})
        assert stage.adapt(SPIN, grown) == first and len(trainer.given) == 1
        for change in ({"sha256": "cut"}, {"caption": "a fox turns"}, {"crop": Box(0, 0, 1, 0.5)}):
            other = found.model_copy(update={"clips": (clip.model_copy(update=change),)})
            assert stage.kept_adapter(SPIN, other) is None


class StoppedTrainer(Trainer):
    """A trainer that keeps something at each step, and is stopped at the second."""

    def motion(
        self, clips: Sequence[RetrievedClip], folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter:
        assert watch.folder is not None
        watch.folder.mkdir(parents=True, exist_ok=True)
        done = len(list(watch.folder.iterdir()))
        (watch.folder / str(done)).touch()
        watch.on_step(done + 1, 2, 0.5)
        if done == 0:
            raise StoppedError("training was stopped")
        return super().motion(clips, folder, watch)


def test_a_stopped_training_is_kept_beside_the_store_until_it_is_done(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    library, work = OneClip(tmp_path / "clips"), tmp_path / "trainings"
    with Ledger(tmp_path / "out" / "run.json", {}) as ledger:
        bench = StoreRunner(Store(tmp_path / "store"), ledger, silent)
        found = StageLibrarian(bench, lambda: library, "fox").retrieve("spin", ())  # type: ignore[arg-type, return-value]
        stage = StageTrainer(
            bench, StoppedTrainer(), lambda: library, "base", "fox", work=work  # type: ignore[arg-type, return-value]
        )  # fmt: skip
        with pytest.raises(StoppedError):
            stage.adapt(SPIN, found)
        (kept,) = work.iterdir()
        assert [one.name for one in kept.iterdir()] == ["0"]
        assert stage.adapt(SPIN, found).steps == 3
        assert list(work.iterdir()) == []


def test_an_adapter_of_the_writers_own_is_known_by_its_bytes_and_weight(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "fox.safetensors").write_bytes(b"one")
    need = AdapterNeed(kind="character", name="FOX", file="fox.safetensors", weight=0.5)
    with Ledger(tmp_path / "out" / "run.json", {}) as ledger:
        bench = StoreRunner(Store(tmp_path / "store"), ledger, silent)
        stage = StageTrainer(
            bench, Trainer(), lambda: None, "base", "fox", root=tmp_path  # type: ignore[arg-type, return-value]
        )  # fmt: skip
        first = stage.adapt(need, None)
        assert (first.weight, first.steps, first.clips) == (0.5, 0, ())
        assert stage.kept_adapter(need, None) == first
        assert stage.adapt(need.model_copy(update={"weight": 1.0}), None).key != first.key
        (tmp_path / "fox.safetensors").write_bytes(b"two")
        assert stage.adapt(need, None).key != first.key
        (tmp_path / "fox.safetensors").unlink()
        with pytest.raises(AdapterError, match="cannot be read"):
            stage.adapt(need, None)
