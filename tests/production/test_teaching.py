"""A published model's folder, clips of somebody's own, a story: taught, drawn, reported, reused."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dreamrunner.engine.diffusion.teaching.recipes import TeachSettings
from dreamrunner.engine.lossy import parse_lossy
from dreamrunner.engine.video import write_video
from dreamrunner.errors import InputError
from dreamrunner.production.adapters import need_of, registry, train_adapter, try_adapter
from dreamrunner.production.facade import rehearse_story, render_story
from dreamrunner.production.settings import Settings, parse_teaching
from dreamrunner.tools.library import Request, Tools, add_clips
from dreamrunner.tools.stages.runner import Event, silent

from ..engine.diffusion.pipelines import tiny_pipeline

STORY = """\
Title: A Spin
Seed: 5

@character FOX: a red fox { reference "fox.png" }

EXT. MEADOW - DAY
@duration 0.5s
@motion FOX { 0s..0.5s: spin }

The FOX spins.
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tiny_pipeline("cogvideox-2b").save_pretrained(folder, safe_serialization=True)
    return folder


def clips(folder: Path) -> None:
    """Write four squares that turn and two that stand, with captions."""
    captions = []
    for number in range(6):
        spins = number < 4
        # A wall of its own for each: clips that look alike are taken in once.
        wall = np.random.default_rng(number).integers(40, 200, (8, 8, 3)).repeat(8, 0).repeat(8, 1)
        frames = np.repeat(wall[None], 20, axis=0).astype(np.uint8)
        for at in range(20):
            left = 8 + (2 * at if spins else at % 3)
            frames[at, 20:40, left : left + 12] = 255 - 30 * number
        name = f"{number}.mp4"
        write_video(folder / name, frames, 8, scale=1)
        said = f"an animal number {number} {'spinning' if spins else 'walking slowly'}"
        captions.append(json.dumps({"file": name, "caption": said}))
    (folder / "captions.jsonl").write_text("\n".join(captions))


@pytest.fixture
def settings(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    quick = partial(TeachSettings, rank=2, clip_rank=2, steps=2, check_every=2)
    monkeypatch.setattr("dreamrunner.tools.training.published.motion_recipe", lambda *_: quick())
    monkeypatch.setattr("dreamrunner.tools.training.published.look_recipe", lambda _: quick())
    found = Settings(
        store=tmp_path / "store", engine=str(model), out=tmp_path / "out",
        lossy=parse_lossy("steps=2"),
    )  # fmt: skip
    (tmp_path / "videos").mkdir()
    clips(tmp_path / "videos")
    taken = Request((tmp_path / "videos",), captions=tmp_path / "videos" / "captions.jsonl")
    made = add_clips(taken, found.library, Tools())
    assert len(made.added) == 6, made.refused
    Image.new("RGB", (80, 64), (200, 90, 30)).save(tmp_path / "fox.png")
    return found


class Heard:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def report(self, event: Event) -> None:
        self.events.append(event)


def test_a_pinned_motion_and_a_character_are_taught_and_drawn(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "spin.story").write_text(STORY)
    heard = Heard()
    outcome = render_story(tmp_path / "spin.story", settings, heard)
    run = json.loads(outcome.run.read_text())
    made = {one["kind"]: one for one in run["adapters"]}
    assert set(made) == {"motion", "character"}, run["notes"]
    assert made["motion"]["name"] == "spin" and len(made["motion"]["clips"]) == 4
    assert made["character"]["clips"] == ["fox.png"] and made["character"]["trigger"]
    assert run["takes"][0]["adapters"] == ["FOX", "spin"]
    assert any("learns from clips of full size" in note for note in run["notes"])
    steps = [e for e in heard.events if getattr(e, "note", "").startswith("loss ")]
    assert len(steps) == 4
    report = outcome.report.read_text()
    assert "low-rank layers on every second block" in report and "<polyline" in report
    assert report.count("alt=&quot;What") + report.count('alt="What') == 2
    assert not any(settings.trainings.glob("*/*.safetensors"))

    # A hedgehog's spin is the same motion, and another film trains nothing for it.
    other = STORY.replace("FOX", "HEDGEHOG").replace("a red fox", "a hedgehog")
    (tmp_path / "other.story").write_text(other.replace('{ reference "fox.png" }', ""))
    again = json.loads(render_story(tmp_path / "other.story", settings, silent).run.read_text())
    adapted = [s for s in again["stages"] if s["stage"] == "adapt"]
    assert [stage["cached"] for stage in adapted] == [True]
    assert again["adapters"][0]["key"] == made["motion"]["key"]

    found = registry(settings)
    assert [one.name for one in found.listed()] == ["FOX", "spin"]
    file = found.export(found.one("spin"), tmp_path / "spin.safetensors")
    assert found.loads_elsewhere(found.one("spin"))
    brought = STORY.replace("{ 0s..", '{ lora "spin.safetensors" weight=0.5; 0s..')
    (tmp_path / "brought.story").write_text(brought.replace('{ reference "fox.png" }', ""))
    third = json.loads(render_story(tmp_path / "brought.story", settings, silent).run.read_text())
    (own,) = third["adapters"]
    assert (own["entity"], own["weight"], own["steps"]) == ("FOX", 0.5, 0)
    assert file.with_suffix(".json").is_file()
    found.remove(found.one("spin"))
    assert [one.name for one in found.listed()] == ["FOX"]


def test_without_clips_a_pinned_motion_is_a_note(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "spin.story").write_text(STORY.replace('{ reference "fox.png" }', ""))
    empty = replace(settings, store=tmp_path / "other")
    run = json.loads(render_story(tmp_path / "spin.story", empty, silent).run.read_text())
    assert run["adapters"] == []
    assert any(
        note.startswith('motion "spin" is not taught and is drawn from the words alone')
        for note in run["notes"]
    )


def test_the_folder_that_a_story_names_teaches_a_whole_render(
    settings: Settings, tmp_path: Path
) -> None:
    bare = replace(settings, store=tmp_path / "other")
    story = STORY.replace('{ reference "fox.png" }', "").replace(
        "@character", '@motion-library "videos"\n@character'
    )
    (tmp_path / "spin.story").write_text(story)
    outcome = render_story(tmp_path / "spin.story", bare, silent)
    run = json.loads(outcome.run.read_text())
    (made,) = run["adapters"]
    assert made["name"] == "spin" and len(made["clips"]) == 4, run["notes"]
    assert run["takes"][0]["adapters"] == ["spin"]
    assert {c["caption"] for c in run["retrieved"] if c["kept"]} == {
        f"an animal number {number} spinning" for number in range(4)
    }
    assert "an animal number 3 spinning" in outcome.report.read_text()


def test_a_motion_that_the_model_is_said_not_to_know_is_taught(
    settings: Settings, tmp_path: Path
) -> None:
    story = STORY.replace('{ reference "fox.png" }', "").replace(
        "@motion FOX { 0s..0.5s: spin }\n", ""
    )
    (tmp_path / "spin.story").write_text(story)
    told = replace(settings, teach=parse_teaching("spin, limp"))
    due = [p.stage for p in rehearse_story(tmp_path / "spin.story", told, silent).pending]
    assert {"retrieve", "adapt"} <= set(due)
    run = json.loads(render_story(tmp_path / "spin.story", told, silent).run.read_text())
    assert [one["name"] for one in run["adapters"]] == ["spin"], run["notes"]
    assert 'nobody does "limp" in this film, which --teach names' in run["notes"]
    due = [p.stage for p in rehearse_story(tmp_path / "spin.story", settings, silent).pending]
    assert "adapt" not in due


@pytest.mark.parametrize("said", ["needed,spin", "spin,,limp", ""])
def test_what_cannot_be_taught_is_an_error(said: str) -> None:
    with pytest.raises(InputError, match="--teach takes needed, all, none, or motions"):
        parse_teaching(said)


def test_a_trial_says_what_changes_in_whose_region(settings: Settings, tmp_path: Path) -> None:
    adapter = train_adapter(need_of("spin", (), ""), settings, silent)
    assert adapter.steps in (0, 2) and Path(adapter.path).is_file()
    tried = try_adapter("spin", settings, silent, tmp_path / "trial")
    assert set(tried.trial.change) == {"A", "B"}
    assert set(tried.trial.change["A"]) == {"A", "B", "background"}
    assert tried.sheet.is_file() and not tried.trial.shown
    assert registry(settings).trial_of(adapter.key) == tried.trial
