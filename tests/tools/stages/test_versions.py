"""A stage's version is raised: that stage and what is made from it are made again, nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.engine.family import capabilities
from dreamrunner.engine.protocol import Frames, TrainingWatch
from dreamrunner.engine.storybook import weights
from dreamrunner.errors import WeightsError
from dreamrunner.film import Adapter, Clip, Measurement, Retrieval, RetrievedClip
from dreamrunner.plan import ShotPlan
from dreamrunner.production.facade import plan_story, rehearse_story, render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.library import Library, Tools
from dreamrunner.tools.library.records import LibraryClip, Manifest
from dreamrunner.tools.stages.render import fragment
from dreamrunner.tools.stages.runner import Event, StageFinished, silent
from dreamrunner.tools.store.recipe import STAGE_VERSIONS, canonical_json
from dreamrunner.tools.training.trained import TrainedAdapter

# One shot that the base model can draw, and one for which a motion has to be learnt.
STORY = """\
Title: Two Ways

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 1s

The FOX walks to the right.

EXT. BEACH - DAY #2#
@duration 1s

The FOX does a somersault.
"""

Made = list[tuple[str, str | None]]

MEASURED: Made = [("measure", "1.1"), ("measure", "2.1")]
DRAWN_BY_THE_ADAPTER: Made = [("render", "2.1"), ("measure", "2.1"), ("cut", None)]
DRAWN: Made = [("render", "1.1"), ("render", "2.1"), *MEASURED, ("cut", None)]

# What each raised version makes stale of a film by the embedded model, in alphabetical order.
STALE: dict[str, Made] = {
    "plan": [("plan", None)],
    # The search finds the same clips again, from which the adapter is there.
    "retrieve": [("retrieve", None)],
    "adapt": [("adapt", None), *DRAWN_BY_THE_ADAPTER],
    "render storybook": DRAWN,
    "measure": MEASURED,
    "cut": [("cut", None)],
    "animatic": [("animatic", None)],
    "render animatic": [("animatic", None)],
    # Another engine's, and what is no part of a film.
    "render published": [],
    "library": [],
    "index": [],
    # Nobody speaks in it, and no sound lies under it.
    "voice": [],
    "mix": [],
}


class Grey:
    """The storybook family with grey pictures."""

    capabilities = capabilities("storybook")
    fingerprint = "not asked: a lazy family knows it without its model"

    def render(
        self,
        shot: ShotPlan,
        adapters: Sequence[Adapter],
        before: Clip | None,
        on_step: Callable[[int, int], None],
    ) -> Frames:
        world = self.capabilities
        count = round(shot.duration_s * world.fps)
        return np.full((count, world.height, world.width, 3), 90, np.uint8)


class Content:
    """A critic that finds all as it was planned."""

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]:
        return [
            Measurement(
                assertion=wanted.id, metric=wanted.metric, value=1.0, threshold=0.5, passed=True,
                explanation="seen",
            )
            for wanted in shot.assertions
        ]  # fmt: skip

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> Sequence[Measurement]:
        return []


class Quick:
    """A trainer that has learnt already."""

    def motion(
        self, clips: Sequence[RetrievedClip], folder: Path, watch: TrainingWatch
    ) -> TrainedAdapter:
        assert all(Path(clip.path).is_file() for clip in clips)
        (folder / "lora").write_bytes(b"learnt")
        return TrainedAdapter("lora", 1, 0.5)


class Shelf(Library):
    """A library whose answer is known; its key is a library's own."""

    def retrieve(self, motion: str, subjects: Sequence[str], *, gerund: str = "") -> Retrieval:
        clip = RetrievedClip(
            id="00", path="", caption="a fox", motion=motion, kept=True, reason="it is the only one"
        )
        key = self.retrieval_key(motion, subjects, gerund=gerund)
        return Retrieval(motion=motion, query=motion, key=key, clips=(clip,))


def shelf(libraries: Path) -> Shelf:
    """Return a library of one clip, in a folder of its own below that of all libraries."""
    folder = libraries / "drawn"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "0.mp4").write_bytes(b"a clip")
    clip = LibraryClip(
        id="00", file="0.mp4", caption="a fox", frames=25, fps=8, width=192, height=128,
        size_bytes=1, sha256="0", licence="CC0-1.0", source="",
    )  # fmt: skip
    return Shelf(folder, Manifest(name="one", clips=(clip,)), Tools())


class Watcher:
    """An observer that remembers what was made and not kept from before."""

    def __init__(self) -> None:
        self.made: Made = []

    def report(self, event: Event) -> None:
        if isinstance(event, StageFinished) and not event.record.cached:
            self.made.append((event.record.stage, event.record.shot))


def in_order(made: Sequence[tuple[str, str | None]]) -> Made:
    return sorted(made, key=lambda one: (one[0], one[1] or ""))


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[Made, Made]]:
    """Return what makes the film, and says what a rehearsal foresaw and what was then made."""
    story = tmp_path / "ways.story"
    story.write_text(STORY, encoding="utf-8")
    settings = Settings(store=tmp_path / "store", engine="storybook", out=tmp_path / "out")
    settings.library.mkdir(parents=True)
    monkeypatch.setattr("dreamrunner.engine.lazy.load_family", lambda *_: Grey())
    monkeypatch.setattr("dreamrunner.tools.stages.measure.LazyCritic", lambda _: Content())
    monkeypatch.setattr("dreamrunner.tools.stages.adapt.LazyTrainer", Quick)
    monkeypatch.setattr(
        "dreamrunner.production.libraries.open_library", lambda *_: shelf(settings.library)
    )
    # How long a shot takes here is measured with the model itself.
    monkeypatch.setattr("dreamrunner.production.forecast._pace", lambda *_, **__: {})

    def make() -> tuple[Made, Made]:
        foreseen = rehearse_story(story, settings, silent).pending
        watcher = Watcher()
        render_story(story, settings, watcher)
        return in_order([(p.stage, p.shot) for p in foreseen]), in_order(watcher.made)

    return make


def test_a_raised_version_makes_its_stage_and_what_depends_on_it_stale(
    film: Callable[[], tuple[Made, Made]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: Made = [("plan", None), ("animatic", None)]
    search: Made = [("retrieve", None), *STALE["adapt"]]
    first = in_order([*begun, *search, ("render", "1.1"), ("measure", "1.1")])
    assert film()[1] == first
    assert film() == ([], [])

    stale: dict[str, Made] = {}
    for stage, version in STAGE_VERSIONS.items():
        monkeypatch.setitem(STAGE_VERSIONS, stage, version + 1)
        foreseen, stale[stage] = film()
        # A rehearsal directs by itself, and an animatic is there in a moment. What a search will
        # bring it cannot know.
        due = in_order(search) if stage == "retrieve" else stale[stage]
        assert foreseen == [one for one in due if one[0] not in ("plan", "animatic")]
    assert stale == {stage: in_order(made) for stage, made in STALE.items()}


def test_the_director_makes_the_plans_of_its_version(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where code alone decides, nothing but its version tells old results from new ones."""
    monkeypatch.chdir(repository)  # notes name a story as it was named
    digest = hashlib.sha256()
    for story in sorted(Path("stories").glob("*.story")):
        for engine in ("storybook", "animatic"):
            plan = plan_story(story, Settings(store=tmp_path, engine=engine))
            spanless = {"shots": [fragment(shot) for shot in plan.shots], "title": plan.title}
            digest.update(canonical_json(spanless))
    golden = repository / "tests" / "golden" / "plans.txt"
    made = f"version {STAGE_VERSIONS['plan']}: {digest.hexdigest()}\n"
    assert made == golden.read_text(encoding="utf-8"), (
        "the director makes other plans of stories/ than its version did: raise "
        f"STAGE_VERSIONS['plan'] by one and write the line above into {golden.name}"
    )


def test_weights_are_hashed_with_their_card_and_a_missing_file_is_told(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "equal", "other", "none")]
    for folder, card in zip(folders[:3], ("{}", "{}", "{ }"), strict=True):
        folder.mkdir()
        (folder / "critic.safetensors").write_bytes(b"weights")
        (folder / "critic.json").write_text(card)
    one, equal, other = map(weights.critic_fingerprint, folders[:3])
    assert one == equal != other
    with pytest.raises(WeightsError, match=r"no critic\.safetensors, critic\.json"):
        weights.critic_fingerprint(folders[3])
