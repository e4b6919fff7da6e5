"""A motion -> the clips that show it, looked up in the library at most once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...film import Retrieval
from ..store.recipe import JSON, STAGE_VERSIONS
from .job import Job
from .runner import StageRunner

if TYPE_CHECKING:
    from ..library import Library


@dataclass(frozen=True, slots=True)
class StageLibrarian:
    """Looks motions up in a library, which is opened by the first question."""

    runner: StageRunner
    open_library: Callable[[], Library]
    story: str

    def retrieve(self, motion: str, subjects: Sequence[str]) -> Retrieval:
        """Return the clips that show a motion, each with its place in the library's folder.

        Its key is the stage's.
        """
        library = self.open_library()
        job = Job(
            stage="retrieve",
            version=STAGE_VERSIONS["retrieve"],
            inputs={"question": library.retrieval_key(motion, subjects)},
            label=f"{self.story} {motion}",
            note=motion,
        )

        def make(_: Path) -> Mapping[str, JSON]:
            return library.retrieve(motion, subjects).model_dump(mode="json")

        found = self.runner.once(job, make)
        retrieval = Retrieval.model_validate({**found.fields, "key": found.key})
        # By the library that is open now: the one that was asked may have been moved since.
        places = {clip.id: clip.file for clip in library.manifest.clips}
        clips = tuple(
            clip.model_copy(update={"path": places.get(clip.id, clip.path)})
            for clip in retrieval.clips
        )
        return retrieval.model_copy(update={"clips": clips})
