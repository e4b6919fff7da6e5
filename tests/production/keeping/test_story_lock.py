"""A lock says what made a film; a frozen render refuses what differs, and diff says why."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dreamrunner.errors import FrozenError, InputError
from dreamrunner.production.facade import render_story
from dreamrunner.production.keeping.comparing import Difference, compare
from dreamrunner.production.settings import Settings
from dreamrunner.tools.sound.choice import VoiceChoice
from dreamrunner.tools.stages.runner import Event, NoteAdded, silent

STORY = """\
Title: Two Walks
Seed: 5

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 0.5s

The FOX walks to the right.

FOX
Hello.

EXT. BEACH - DAY #2#
@duration 0.5s

The FOX jumps.
"""


class Notes:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def report(self, event: Event) -> None:
        if isinstance(event, NoteAdded):
            self.texts.append(event.text)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "walks.story"
    path.write_text(STORY, encoding="utf-8")
    return path


def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, store=tmp_path / "store-2", out=tmp_path / "out-2", frozen=True)


def changed_lock(
    of: Path, to: Path, made: dict[str, object] | None = None, **given: object
) -> None:
    lock = json.loads((of / "story.lock").read_text(encoding="utf-8"))
    lock["given"] |= given
    lock["made"] |= made or {}
    to.write_text(json.dumps(lock), encoding="utf-8")


def test_a_frozen_render_elsewhere_makes_the_film_of_the_lock(
    story: Path, settings: Settings, tmp_path: Path
) -> None:
    made = render_story(story, settings, silent).folder
    shutil.copyfile(made / "story.lock", story.with_suffix(".lock"))
    again = render_story(story, elsewhere(settings, tmp_path), silent).folder
    assert (again / "film.mp4").read_bytes() == (made / "film.mp4").read_bytes()
    lock = json.loads((made / "story.lock").read_text(encoding="utf-8"))
    assert [shot["id"] for shot in lock["given"]["shots"]] == ["1.1", "2.1"]
    assert lock["made"]["clips"]["1.1"]["seed"] == lock["given"]["shots"][0]["seed"]
    assert compare(made, story.with_suffix(".lock"), settings) == []


def test_a_frozen_render_needs_a_lock_and_refuses_another_page(
    story: Path, settings: Settings
) -> None:
    with pytest.raises(InputError, match="there is no lock at"):
        render_story(story, replace(settings, frozen=True), silent)
    render_story(story, settings, silent)
    story.write_text(STORY.replace("0.5s", "0.75s", 1), encoding="utf-8")
    with pytest.raises(FrozenError, match="duration of shot 1.1|duration changed|duration of"):
        render_story(story, replace(settings, frozen=True), silent)


def test_other_weights_are_said_and_under_frozen_refused(story: Path, settings: Settings) -> None:
    made = render_story(story, settings, silent).folder
    changed_lock(made, story.with_suffix(".lock"), engine={"name": "animatic", "weights": "old"})
    notes = Notes()
    render_story(story, settings, notes)
    said = next(text for text in notes.texts if text.startswith("not as in"))
    assert "weights of engine changed" in said
    with pytest.raises(FrozenError, match="weights of engine changed"):
        render_story(story, replace(settings, frozen=True), silent)


def test_a_film_of_other_bytes_is_refused_at_the_end(story: Path, settings: Settings) -> None:
    made = render_story(story, settings, silent).folder
    lock = json.loads((made / "story.lock").read_text(encoding="utf-8"))
    lock["made"]["clips"]["2.1"]["file"] = "0" * 64
    (made / "story.lock").write_text(json.dumps(lock), encoding="utf-8")
    with pytest.raises(FrozenError, match="file of 2.1"):
        render_story(story, replace(settings, frozen=True), silent)


def test_diff_of_stories_says_which_stages_became_stale(
    story: Path, settings: Settings, tmp_path: Path
) -> None:
    said = tmp_path / "said.story"
    said.write_text(STORY.replace("Hello.", "Good day."), encoding="utf-8")
    other = tmp_path / "other.story"
    other.write_text(
        STORY.replace("The FOX jumps.", "The FOX jumps.\n\n@expect motion.FOX >= 0.5"),
        encoding="utf-8",
    )
    assert [(d.what, d.stale) for d in compare(story, said, settings)] == [("shot 1.1", ("cut",))]
    assert [(d.what, d.stale) for d in compare(story, other, settings)] == [
        ("shot 2.1", ("measure",))
    ]


def test_diff_of_stories_knows_what_only_the_cut_shows(
    story: Path, settings: Settings, tmp_path: Path
) -> None:
    titled = tmp_path / "titled.story"
    titled.write_text(STORY.replace("Two Walks", "A Walk and a Jump"), encoding="utf-8")
    (found,) = compare(story, titled, settings)
    assert (found.what, found.stale) == ("the film", ("cut",))
    assert 'title changed from "Two Walks" to "A Walk and a Jump"' in found.reasons
    # What options chose for a film, such as its engine and its sound, does not differ by its page.
    chosen = replace(settings, voice=VoiceChoice("none"), seed=8)
    made = render_story(story, chosen, silent).folder
    assert compare(story, made, replace(settings, engine="storybook")) == []


def test_diff_of_runs_knows_options_of_the_cut(
    story: Path, settings: Settings, tmp_path: Path
) -> None:
    bare = render_story(story, settings, silent).folder
    heard = replace(settings, voice=VoiceChoice("none"), out=tmp_path / "out-2")
    (found,) = compare(bare, render_story(story, heard, silent).folder, settings)
    assert (found.what, found.stale) == ("the film", ("cut",))
    assert "cards changed" in " ".join(found.reasons)


def test_diff_of_runs_knows_adapters_and_the_versions_before_them(
    story: Path, settings: Settings, tmp_path: Path
) -> None:
    made = render_story(story, settings, silent).folder
    locks = [tmp_path / "one.lock", tmp_path / "two.lock"]
    for lock, key in zip(locks, "ab", strict=True):
        clip = {"take": 1, "seed": 5, "key": key, "file": key}
        adapter = {"key": key, "file": key}
        changed_lock(made, lock, {"adapters": {"jump": adapter}, "clips": {"2.1": clip}})
    adapter_differs, clip_differs = compare(*locks, settings)
    assert (adapter_differs.what, adapter_differs.stale[0]) == ("adapter jump", "adapt")
    assert clip_differs == Difference("shot 2.1", ("drawn otherwise",), ())
    stages = json.loads(locks[0].read_text(encoding="utf-8"))["given"]["stages"]
    changed_lock(made, locks[1], stages={**stages, "retrieve": 0})
    (found,) = compare(made, locks[1], settings)
    assert found.stale == ("retrieve", "adapt", "render", "measure", "cut")


def test_diff_of_runs_says_why_all_of_it_is_made_again(
    story: Path, settings: Settings, tmp_path: Path
) -> None:
    made = render_story(story, settings, silent).folder
    lock = json.loads((made / "story.lock").read_text(encoding="utf-8"))
    older = {**lock["given"]["stages"], "cut": 1}
    changed_lock(made, tmp_path / "old.lock", stages=older)
    now = lock["given"]["stages"]["cut"]
    assert compare(tmp_path / "old.lock", made, settings) == [
        Difference("the film", (f"cut of stages changed from 1 to {now}",), ("cut",))
    ]


def test_a_lock_of_another_version_is_told_as_such(story: Path, settings: Settings) -> None:
    made = render_story(story, settings, silent).folder
    lock = json.loads((made / "story.lock").read_text(encoding="utf-8"))
    (made / "story.lock").write_text(json.dumps(lock | {"version": 1}), encoding="utf-8")
    with pytest.raises(InputError, match="is a lock of version 1 and not 2"):
        compare(made, made, settings)


def test_a_torn_lock_is_told_and_written_anew_unless_it_must_hold(
    story: Path, settings: Settings
) -> None:
    film = render_story(story, settings, silent)
    lock = film.folder / "story.lock"
    whole = lock.read_text(encoding="utf-8")
    lock.write_bytes(b"\x80 torn")
    with pytest.raises(InputError, match="is no lock"):
        render_story(story, replace(settings, frozen=True), silent)
    notes = Notes()
    render_story(story, settings, notes)
    assert any("is no lock" in text and "nothing is held" in text for text in notes.texts)
    assert lock.read_text(encoding="utf-8") == whole
