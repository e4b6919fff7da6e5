"""Clips of the miniature's world, with boxes beside them, teach its folder by the same commands."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from dreamrunner.engine.diffusion.teaching import train
from dreamrunner.engine.diffusion.teaching.recipes import TeachSettings
from dreamrunner.engine.diffusion.teaching.train import LatentExample, TaughtAdapter
from dreamrunner.engine.family import capabilities
from dreamrunner.engine.lossy import parse_lossy
from dreamrunner.engine.miniature.captions import PLACE_NOUNS, caption, region_text
from dreamrunner.engine.miniature.export import unpacked
from dreamrunner.engine.miniature.world import FPS, PLACES, Figure, WorldScene, draw
from dreamrunner.engine.video import write_video
from dreamrunner.production.adapters import _shown, registry
from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import silent
from dreamrunner.tools.training.tracks import ClipTracks, FigureTrack, write_tracks
from dreamrunner.tools.training.trial import AdapterTrial, trial_shot

STORY = """\
Title: To and Fro
Seed: 5

@motion-library "clips"
@character OWL: a red owl

EXT. MEADOW - DAY

The OWL glides.
"""


def clips(folder: Path) -> None:
    """Write four figures that slide to and fro and two that jump, with captions and boxes."""
    folder.mkdir()
    said = []
    for number, animal in enumerate(("owl", "rabbit", "frog", "turtle", "fox", "elephant")):
        figure = Figure(animal, "red", "sway" if number < 4 else "jump", x=48)
        scene = WorldScene(PLACES[number % 4], (figure,))
        clip, video = draw(scene), folder / f"{number}.mp4"
        write_video(video, clip.frames, FPS, scale=1)
        said.append(json.dumps({"file": video.name, "caption": caption(scene)}))
        boxes = tuple((b[0], b[1], b[2], b[3]) for b in clip.boxes[0].tolist())
        own = FigureTrack(text=region_text(figure), boxes=boxes)
        write_tracks(video, ClipTracks(background=PLACE_NOUNS[scene.place], figures=(own,)))
    (folder / "captions.jsonl").write_text("\n".join(said))


def test_a_held_out_motion_is_found_learnt_by_regions_and_drawn(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips(tmp_path / "clips")
    quick = partial(TeachSettings, rank=2, clip_rank=2, steps=2, check_every=2)
    changing: list[float] = []

    def recipe(_: object, share: float) -> TeachSettings:
        changing.append(share)
        return quick()

    monkeypatch.setattr("dreamrunner.tools.training.published.motion_recipe", recipe)
    lessons: list[LatentExample] = []

    def noted(model: object, examples: list[LatentExample], *rest: object) -> TaughtAdapter:
        lessons.extend(examples)
        return train.teach_motion(model, examples, *rest)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr("dreamrunner.engine.diffusion.teaching.teacher.teach_motion", noted)
    settings = Settings(
        store=tmp_path / "store", engine=str(unpacked("regions", weights, tmp_path / "cache")),
        out=tmp_path / "out", lossy=parse_lossy("steps=1"), critic="none",
    )  # fmt: skip
    (tmp_path / "sway.story").write_text(STORY)
    run = json.loads(render_story(tmp_path / "sway.story", settings, silent).run.read_text())
    (made,) = run["adapters"]
    assert made["name"] == "sway", run["notes"]
    kept = [one["caption"] for one in run["retrieved"]]
    assert len(kept) == 4 and all("slides to and fro" in one for one in kept)
    assert run["takes"][0]["adapters"] == ["sway"]
    assert len(lessons) == 4
    assert len(changing) == 1 and 0.3 < changing[0] < 0.7  # of the boxes beside the clips
    for one in lessons:
        (box,) = one.boxes
        assert 0.3 < box.width < 0.8 and len(one.text) == 2 * 32
    assert registry(settings).one("sway").key == made["key"]


def test_a_trial_is_judged_by_the_critic_of_its_own_world(weights: Path, tmp_path: Path) -> None:
    """The storybook's critic knows nothing of these pictures."""
    folder = unpacked("regions", weights, tmp_path / "cache")
    settings = Settings(store=tmp_path / "store", engine=str(folder), out=tmp_path / "out")
    known = capabilities(str(folder))
    shot = trial_shot(known, "sway")
    drawn = {
        name: draw(WorldScene("meadow", (Figure("owl", "red", motion, x=24),))).frames
        for name, motion in (("without", "stand"), ("for A", "sway"))
    }
    trial = AdapterTrial("sway", {}, (0.5, 0.5), drawn)
    shown = _shown(trial, shot, known, settings, tmp_path)
    before, after = shown["without"], shown["for A"]
    assert before is not None and after is not None and after > before + 0.3
    assert _shown(trial, shot, known, replace(settings, critic="none"), tmp_path) == {}
