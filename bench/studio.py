"""Settings and an unpacked miniature -> clips and takes of shots, each made once by the store."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..agents.critic.attempts import next_attempt
from ..agents.critic.remedies import new_seed
from ..agents.critic.verdict import best
from ..agents.critic.verdict import judge as verdict_of
from ..engine.miniature.captions import caption
from ..engine.miniature.world import (
    COLOURS,
    FPS,
    HEIGHT,
    HELD_OUT_MOTIONS,
    PLACES,
    SPOTS,
    WIDTH,
    Figure,
    draw,
)
from ..engine.miniature.world import WorldScene as Scene
from ..engine.video import read_video, write_video
from ..film import Adapter, AdapterNeed, Clip, Remedy, Take
from ..tools.stages.measure import LazyCritic, StageMeasurer
from ..tools.stages.render import StageRenderer
from .ceiling import drawn
from .rows import Row, asked
from .scoring import Frames

if TYPE_CHECKING:
    from ..engine.protocol import Family
    from ..plan import Plan, ShotPlan
    from ..production.settings import Settings
    from ..tools.stages.runner import StoreRunner

TEACHERS = ("owl", "frog", "turtle")  # who is in the clips of the library
OTHERS = ("walk right", "jump", "bow", "stand")  # what clips show that show no held-out motion
CLIPS_A_MOTION = 10
_SEED = 4_242


@dataclass(frozen=True, eq=False)
class MadeShot:
    """What came of a shot: the frames that are kept, and how many takes it took."""

    frames: Frames
    takes: int


class Studio:
    """Draws, teaches and measures with the product's own stages."""

    def __init__(self, settings: Settings, bench: StoreRunner, family: Family, plan: Plan) -> None:
        from ..production.critics import choose_critic

        self._settings, self._bench, self._family = settings, bench, family
        self._renderer = StageRenderer(bench, family, "storybench")
        chosen = choose_critic(settings, family.capabilities, plan.shots, Path())
        assert chosen is not None  # the miniature has a critic of its own
        self._critic = StageMeasurer(
            bench, LazyCritic(chosen.load), chosen.fingerprint, "storybench"
        )
        self._adapters: dict[str, Adapter] = {}

    def learn(self, library: Path) -> None:
        """Find clips of each held-out motion in a library, and train its adapter on them."""
        from ..production.crew import teachers_of

        settings = replace(self._settings, clips=(library,))
        librarian, trainer = teachers_of(self._family, settings, self._bench, "storybench", Path())
        for motion in HELD_OUT_MOTIONS:
            retrieval = librarian.retrieve(motion, TEACHERS)
            need = AdapterNeed(kind="motion", name=motion)
            self._adapters[motion] = trainer.adapt(need, retrieval)

    def made(self, shot: ShotPlan, row: Row, takes: int = 1) -> MadeShot:
        """Make a shot as a row asks for it; `takes` is how many a row of other seeds may have."""
        if row.takes == "drawn":
            return MadeShot(drawn(shot), 0)
        wanted = asked(shot, row)
        if row.takes == "re-planned":
            found = self._replanned(wanted)
        elif row.takes == "other seeds":
            found = self._reseeded(wanted, takes)
        else:
            return MadeShot(self.frames(wanted, adapted=row.adapters), 1)
        kept = found[best(found).number - 1]
        return MadeShot(_frames(kept.clip), len(found))

    def frames(self, shot: ShotPlan, *, adapted: bool = False) -> Frames:
        """Return the frames [T, h, w, 3] of a shot."""
        used = self._used(shot) if adapted else ()
        return _frames(self._renderer.render(shot, used, None))

    def _used(self, shot: ShotPlan) -> tuple[Adapter, ...]:
        motions = dict.fromkeys(beat.motion for beat in shot.beats)
        return tuple(self._adapters[m] for m in motions if m in self._adapters)

    def _take(self, shot: ShotPlan, number: int, remedies: Sequence[Remedy] = ()) -> Take:
        clip = self._renderer.render(shot, self._used(shot), None)
        verdict = verdict_of(shot, list(self._critic.measure(shot, clip)))
        return Take(shot=shot.id, number=number, seed=shot.seed, clip=clip, plan=shot,
                    verdict=verdict, remedies=tuple(remedies))  # fmt: skip

    def _replanned(self, shot: ShotPlan) -> list[Take]:
        """Return the takes that the product's own re-planner makes of a shot."""
        taught = frozenset(b.entity for b in shot.beats if b.motion in self._adapters)
        found = [self._take(shot, 1)]
        while attempt := next_attempt(shot, found, taught=taught, neighbour=None):
            if attempt.shot.settings.needs_clip or attempt.shot.parts:
                break  # another shot would have to be made for it, which no other row has
            found.append(self._take(attempt.shot, attempt.number, attempt.remedies))
        return found

    def _reseeded(self, shot: ShotPlan, takes: int) -> list[Take]:
        """Return as many takes of other seeds; the first is the shot as it is."""
        found = [self._take(shot, 1)]
        for number in range(2, takes + 1):
            change = new_seed(shot, number - 1)
            found.append(self._take(getattr(change, "shot", shot), number))
        return found


def _frames(clip: Clip) -> Frames:
    """Return a clip's frames in the world's own size; on the disk they are enlarged."""
    return read_video(clip.path, width_px=WIDTH, height_px=HEIGHT).frames


def write_library(folder: Path) -> None:
    """Write clips of the drawn world as videos with captions: held-out motions among others."""
    if (folder / "captions.json").is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    chance, captions = random.Random(_SEED), {}
    for motion in (*HELD_OUT_MOTIONS, *OTHERS):
        for number in range(CLIPS_A_MOTION):
            figure = Figure(
                chance.choice(TEACHERS), chance.choice(COLOURS), motion, chance.choice(SPOTS)
            )
            scene = Scene(chance.choice(PLACES), (figure,))
            name = f"{motion.replace(' ', '-')}-{number:02}.mp4"
            write_video(folder / name, draw(scene).frames, FPS)
            captions[name] = caption(scene)
    (folder / "captions.json").write_text(json.dumps(captions, indent=1))


@lru_cache(maxsize=1)
def story_files() -> tuple[Path, ...]:
    """Return the stories, the shortest first."""
    return tuple(sorted((Path(__file__).parent / "stories").glob("*.story")))
