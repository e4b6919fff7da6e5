"""A scripted crew: a store that counts what is really made, and ports that answer from it.

Every scripted port answers by key from files, as the real ones do, so that another process finds
what this one made. `made` counts the makings, the store's own word for "not made again".
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dreamrunner.agents.ports import Crew
from dreamrunner.film import (
    Adapter,
    AdapterNeed,
    Clip,
    Film,
    Measurement,
    Retrieval,
    RetrievedClip,
    Take,
)
from dreamrunner.plan import (
    Assertion,
    Beat,
    Capabilities,
    Entity,
    Keyframe,
    Placement,
    Plan,
    RenderSettings,
    ScenePlan,
    ShotPlan,
)
from dreamrunner.story import Box

# Value of a measurement (0..1), or None where it cannot be judged.
Script = Callable[[ShotPlan, Assertion], float | None]

THRESHOLD = 0.5
CAPABILITIES = Capabilities(
    name="scripted",
    clip_frames=49,
    fps=8,
    width=144,
    height=96,
    max_entities=3,
    motions={"walk": "walking", "hop": "hopping"},
    library_motions={"spin": "spinning", "somersault": "doing a somersault"},
    synonyms={"twirl": "spin"},
)


def shot_plan(
    shot: str,
    *,
    motion: str = "walk",
    metrics: Sequence[str] = ("layout",),
    seed: int = 7,
    tries: int = 3,
    continues: bool = False,
) -> ShotPlan:
    """Return a shot of a fox that does `motion`, with one assertion for each metric."""
    box = Box(0.1, 0.3, 0.3, 0.6)
    return ShotPlan(
        id=shot,
        scene="1",
        duration_s=2.0,
        seed=seed,
        place="river",
        background="a frozen river",
        entities=(Entity(id="FOX", look="a red fox", prompt=f"a red fox {motion}"),),
        keyframes=(Keyframe(time_s=0.0, placements=(Placement(entity="FOX", box=box),)),),
        beats=(Beat(entity="FOX", motion=motion, start_s=0.0, end_s=2.0),),
        assertions=tuple(
            Assertion(id=f"{shot}.{m}", metric=m, subject=None if m == "join" else "FOX")
            for m in metrics
        ),
        settings=RenderSettings(continue_from_previous=continues),
        tries=tries,
    )


def film_plan(*shots: ShotPlan) -> Plan:
    """Return a film of one scene."""
    scene = ScenePlan(id="1", heading="EXT. RIVER - DAY", place="river", shots=shots)
    return Plan(title="Fox", director="rules", fps=8, width=144, height=96, scenes=(scene,))


def measured(assertion: Assertion, value: float | None) -> Measurement:
    """Return a measurement against the one threshold of this world."""
    return Measurement(
        assertion=assertion.id,
        metric=assertion.metric,
        subject=assertion.subject,
        value=value,
        threshold=THRESHOLD,
        passed=None if value is None else value >= THRESHOLD,
        explanation="scripted",
    )


@dataclass
class Store:
    """Files by key; every making adds a line to `made`. A sound file holds its own key."""

    folder: Path
    lock: threading.Lock = field(default_factory=threading.Lock)

    def has(self, key: str) -> bool:
        path = self.folder / key
        return path.exists() and path.read_text() == key

    def put(self, key: str) -> None:
        with self.lock:
            with (self.folder / "made").open("a") as made:
                made.write(f"{key}\n")
            (self.folder / key).write_text(key)

    @property
    def made(self) -> list[str]:
        path = self.folder / "made"
        return path.read_text().split() if path.exists() else []


@dataclass
class ScriptedCrew:
    """All ports in one. `script` measures; `during` runs in the renderer before a clip is made."""

    store: Store
    script: Script = lambda shot, assertion: 1.0
    join_script: Callable[[ShotPlan, Clip, Clip], float | None] | None = None
    likeness_script: Callable[[ShotPlan, Sequence[str]], float | None] | None = None
    during: Callable[[ShotPlan, int], None] = lambda shot, made: None
    kept_clips: int = 4
    spare_clips: int = 0
    engine_version: str = ""
    retrieved: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    rendered: list[tuple[str, tuple[str, ...], str | None]] = field(default_factory=list)
    engine: threading.Lock = field(default_factory=threading.Lock)

    def crew(self, width: int = 2, watch: Callable[[Take], None] | None = None) -> Crew:
        joins = self if self.join_script else None
        likeness = self if self.likeness_script else None
        return Crew(self, self, self, self, self, joins, watch, width, identity_measurer=likeness)

    def retrieve(self, motion: str, subjects: Sequence[str]) -> Retrieval:
        self.retrieved.append((motion, tuple(subjects)))
        clips = tuple(
            RetrievedClip(
                id=f"{motion}{i}",
                path=f"{motion}{i}.mp4",
                caption=motion,
                motion=motion,
                kept=i < self.kept_clips,
                reason="shows it" if i < self.kept_clips else "too short",
                stage="likeness" if self.kept_clips <= i < self.kept_clips + self.spare_clips
                else "kept" if i < self.kept_clips else "length",
            )
            for i in range(5 + self.spare_clips)
        )  # fmt: skip
        return Retrieval(motion=motion, query=motion, key=f"retrieval-{motion}", clips=clips)

    def adapt(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter:
        key = self._adapter_key(need, retrieval)
        if not self.store.has(key):
            self.store.put(key)
        return self._adapter(need, key)

    def kept_adapter(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter | None:
        key = self._adapter_key(need, retrieval)
        return self._adapter(need, key) if self.store.has(key) else None

    @staticmethod
    def _adapter_key(need: AdapterNeed, retrieval: Retrieval | None) -> str:
        if need.lesson and retrieval is not None:
            return f"adapter-{need.name}-of-{'-'.join(clip.id for clip in retrieval.kept)}"
        return f"adapter-{need.name}"

    def _adapter(self, need: AdapterNeed, key: str) -> Adapter:
        return Adapter(
            name=f"{need.name}-lora", kind=need.kind, path=str(self.store.folder / key), key=key,
            base="b", steps=1, loss=0.1,
        )  # fmt: skip

    def render(self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None) -> Clip:
        names = tuple(adapter.name for adapter in adapters)
        for used in (*adapters, *((before,) if before else ())):
            assert Path(used.path).read_text() == used.key, "drawn from what is not there"
        key = self._clip_key(shot, adapters, before)
        with self.engine:
            self.rendered.append((shot.id, names, before.key if before else None))
            if not self.store.has(key):
                self.during(shot, sum(made.startswith("clip-") for made in self.store.made))
                self.store.put(key)
        return self._clip(shot, key)

    def kept_clip(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None
    ) -> Clip | None:
        before = before if shot.settings.needs_clip else None
        key = self._clip_key(shot, adapters, before)
        return self._clip(shot, key) if self.store.has(key) else None

    def _clip_key(self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None) -> str:
        again = [a.key for a in adapters if "-of-" in a.key]
        boxes = [p.box.left for k in shot.keyframes for p in k.placements]
        parts = (shot.id, shot.seed, shot.settings.guidance, *boxes, *again, before and before.key)
        return f"clip-{self.engine_version}" + "-".join(str(part) for part in parts)

    def _clip(self, shot: ShotPlan, key: str) -> Clip:
        path = str(self.store.folder / key)
        return Clip(shot=shot.id, path=path, key=key, frames=49, fps=8, width=144, height=96)

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]:
        return [
            measured(a, None if a.metric == "join" else self.script(shot, a))
            for a in shot.assertions
        ]

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> Sequence[Measurement]:
        assert self.join_script is not None
        for used in (before, clip):
            assert Path(used.path).read_text() == used.key, "measured what is not there"
        value = self.join_script(shot, before, clip)
        return [measured(a, value) for a in shot.assertions if a.metric == "join"]

    def measure_identity(
        self, shot: ShotPlan, clip: Clip, earlier: Sequence[tuple[ShotPlan, Clip]]
    ) -> Sequence[Measurement]:
        assert self.likeness_script is not None
        for used in (clip, *(one for _, one in earlier)):
            assert Path(used.path).read_text() == used.key, "measured what is not there"
        value = self.likeness_script(shot, [before.id for before, _ in earlier])
        return [measured(a, value) for a in shot.assertions if a.metric == "identity"]

    def cut(self, plan: Plan, takes: Sequence[Take]) -> Film:
        kept: Mapping[str, Clip] = {take.shot: take.clip for take in takes if take.kept}
        for take in takes:
            assert Path(take.clip.path).read_text() == take.clip.key, "cut from what is not there"
        return Film(
            title=plan.title,
            path="film.mp4",
            clips=tuple(kept[shot.id] for shot in plan.shots),
            takes=tuple(takes),
            duration_s=plan.duration_s,
        )


def exit_at(count: int) -> Callable[[ShotPlan, int], None]:
    """Return a `during` that takes its time, and kills the process when `count` clips are there."""

    def during(shot: ShotPlan, made: int) -> None:
        # Rendering is slower than writing a checkpoint, here as in life.
        time.sleep(0.05)
        if made == count:
            os._exit(9)

    return during
