"""Shot plan + adapters -> its clip in the store, drawn at most once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from ...engine.family import OWN
from ...engine.protocol import Family, begun, drawn, underpainted
from ...engine.video import write_video
from ...film import Adapter, Clip
from ...plan import ShotPlan
from ..store.recipe import JSON, STAGE_VERSIONS
from .calls import DrawShot
from .job import Fields, Job, Result
from .parts import CLIP, joined, parts_of
from .runner import StageRunner

# Fields of a shot that no pixel depends on.
UNSEEN = frozenset(
    {
        "id",
        "scene",
        "assertions",
        "subtitles",
        "pins",
        "tries",
        "text",
        "notes",
        "origins",
        "page_shot",
        "span",
    }  # fmt: skip
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

    runner: StageRunner
    family: Family
    story: str

    def render(self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None) -> Clip:
        """Return the clip of a shot, in the store."""
        before = before if shot.settings.needs_clip else None
        if shot.parts:
            first, *others = parts_of(shot)
            parts = [self.render(first, adapters, before)]
            parts += [self.render(part, adapters, None) for part in others]
            return _clip(shot.id, joined(self.runner, self._joining(shot, parts), parts))
        job = self.job(shot, adapters, before)
        fps = self.family.capabilities.fps

        def make(folder: Path) -> Callable[[], Fields]:
            decode = begun(
                self.family,
                shot,
                adapters,
                before,
                lambda done, total: self.runner.advance(job, done, total),
            )

            def rest() -> Fields:
                frames = decode()
                write_video(folder / CLIP, frames, fps)
                count, height, width, _ = frames.shape
                size = {"width": int(width), "height": int(height)}
                parts = {
                    "underpainted": list(underpainted(self.family, shot)),
                    "drawn": list(drawn(self.family, shot)),
                }
                return {"frames": int(count), "fps": fps, **size, **parts}

            return rest

        return _clip(shot.id, self.runner.once(job, make))

    def kept_clip(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None
    ) -> Clip | None:
        """Return the clip of a shot if the store has it; only keys count."""
        before = before if shot.settings.needs_clip else None
        if shot.parts:
            return self._kept_in_parts(shot, adapters, before)
        found = self.runner.kept(self.job(shot, adapters, before))
        return _clip(shot.id, found) if found else None

    def _kept_in_parts(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None
    ) -> Clip | None:
        parts: list[Clip] = []
        for part in parts_of(shot):
            clip = self.kept_clip(part, adapters, None if parts else before)
            if clip is None:
                return None
            parts.append(clip)
        found = self.runner.kept(self._joining(shot, parts))
        return _clip(shot.id, found) if found else None

    def _joining(self, shot: ShotPlan, parts: Sequence[Clip]) -> Job:
        """Return what joins the clips of a shot that is filmed in parts."""
        keys = [part.key for part in parts]
        return Job(
            stage="render",
            version=render_version(self.family.capabilities.name),
            inputs={"parts": list(keys)},
            label=f"{self.story} shot {shot.id}",
            shot=shot.id,
            parents=tuple(keys),
            note="its parts, one after another",
        )

    def job(self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None) -> Job:
        """Return what draws a shot; `before` is the clip that it goes on from."""
        return Job(
            stage="render",
            version=render_version(self.family.capabilities.name),
            inputs={
                "engine": self.family.fingerprint,
                "shot": fragment(shot, without=UNSEEN),
                "adapters": [adapter.key for adapter in adapters],
                "before": before.key if before else None,
            },
            label=f"{self.story} shot {shot.id}",
            shot=shot.id,
            parents=(*(adapter.key for adapter in adapters), *((before.key,) if before else ())),
            call=DrawShot(shot, tuple(adapters), before),
        )


def render_version(engine: str) -> int:
    """Return the version of how an engine draws; published models are drawn by the same code."""
    return STAGE_VERSIONS[f"render {engine if engine in OWN else 'published'}"]


def _clip(shot: str, made: Result) -> Clip:
    clip = {"shot": shot, "path": str(made.folder / CLIP), "key": made.key}
    return Clip.model_validate({**made.fields, **clip, "seconds": made.seconds})
