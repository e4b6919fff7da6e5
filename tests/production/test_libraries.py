"""Settings and a story -> the clips that a render searches, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dreamrunner.dsl import load_story
from dreamrunner.engine.video import write_video
from dreamrunner.errors import InputError, LibraryError
from dreamrunner.production import libraries
from dreamrunner.production.libraries import LibraryOpener, open_library, untaken, with_clips_of
from dreamrunner.production.settings import Settings
from dreamrunner.tools.library import Request, Tools, add_clips
from dreamrunner.tools.stages.runner import Event, NoteAdded

from ..tools.library.test_index import WordBag
from ..tools.library.test_ingest import moving

STORY = """\
Title: One Way

@motion-library "motions"
@character FOX: a red fox

EXT. MEADOW - DAY

The FOX walks.
"""


class Notes:
    """An observer that keeps what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def report(self, event: Event) -> None:
        if isinstance(event, NoteAdded):
            self.said.append(event.text)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(libraries, "tools_of", lambda *_: Tools(embedder=WordBag()))
    (tmp_path / "one.story").write_text(STORY)
    write_video(tmp_path / "motions" / "a-fox-cartwheels.mp4", moving(seed=1), 8, scale=1)
    (tmp_path / "motions" / "spoilt-film.mp4").write_bytes(b"no video")
    return Settings(store=tmp_path / "store", engine="storybook", out=tmp_path / "out")


def of_story(settings: Settings, folder: Path) -> Settings:
    story = load_story(folder / "one.story").story
    return with_clips_of(settings, story, folder / "one.story")


def test_the_folder_of_a_story_is_searched_with_the_drawn_clips_and_the_users(
    settings: Settings, tmp_path: Path
) -> None:
    write_video(tmp_path / "mine" / "a-dog-backflips.mp4", moving(seed=2), 8, scale=1)
    add_clips(Request((tmp_path / "mine",)), settings.library, Tools(embedder=WordBag()))
    using, notes = of_story(settings, tmp_path), Notes()
    assert untaken(using) == 2
    opener = LibraryOpener(using, notes)
    library = opener()
    assert opener() is library
    assert untaken(using) == 0
    captions = {clip.caption for clip in library.manifest.clips}
    assert {"a fox cartwheels", "a dog backflips"} <= captions and len(captions) > 200
    [said] = notes.said
    assert said.endswith(
        "motions: 1 clips are used, 1 left out: spoilt-film.mp4: it cannot be read: "
        "Invalid data found when processing input"
    )
    found = library.search("a fox cartwheels", 1)[0]
    assert found.path == (tmp_path / "motions" / "a-fox-cartwheels.mp4").resolve()
    # What is left out is said by every run, not only by the one that looked.
    again = Notes()
    open_library(using, again)
    assert again.said == notes.said


def test_an_engine_of_no_drawn_world_searches_what_people_brought(
    settings: Settings, tmp_path: Path
) -> None:
    using = replace(of_story(settings, tmp_path), engine="cogvideox-2b")
    assert [c.caption for c in open_library(using, Notes()).manifest.clips] == ["a fox cartwheels"]


def test_a_folder_without_one_clip_or_that_is_gone_says_so(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "motions" / "a-fox-cartwheels.mp4").unlink()
    with pytest.raises(LibraryError, match="no clip of the folder .* can be used"):
        open_library(of_story(settings, tmp_path), Notes())
    with pytest.raises(InputError, match="there is no folder of clips"):
        open_library(replace(settings, clips=(tmp_path / "gone",)), Notes())
