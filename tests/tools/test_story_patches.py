"""Given this page and what a take changed, expect this patch; applied, the page says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dreamrunner.dsl import parse_story
from dreamrunner.errors import InputError, StoryError
from dreamrunner.film import DirectiveChange
from dreamrunner.production.accept import accept
from dreamrunner.tools.story_patches import applied, patch_name, unified, with_changes

PAGE = """\
Title: Snow

@character FOX: a red fox

EXT. SNOW - DAY #1#
@layout FOX {
  0s: box (0.1, 0.4, 0.2, 0.6)
}
@replan layout

The FOX walks.

EXT. BEACH - DAY #2#

The FOX jumps.
"""
LARGER = DirectiveChange(
    name="layout", entity="FOX", text="@layout FOX {\n  0s: box (0.05, 0.3, 0.25, 0.7)\n}"
)
SEED = DirectiveChange(name="seed", text="@seed 9")


def changed(*changes: DirectiveChange, scene: int = 0, alone: bool = True) -> str:
    story = parse_story(PAGE, path="snow.story").story
    assert story is not None
    return with_changes(PAGE, story.scenes[scene], changes, alone=alone)


def test_a_directive_that_is_there_is_replaced_and_another_comes_below_the_heading() -> None:
    assert unified(PAGE, changed(LARGER, SEED), "snow.story") == (
        "--- a/snow.story\n+++ b/snow.story\n"
        "@@ -3,8 +3,9 @@\n"
        " @character FOX: a red fox\n \n EXT. SNOW - DAY #1#\n"
        "+@seed 9\n @layout FOX {\n"
        "-  0s: box (0.1, 0.4, 0.2, 0.6)\n+  0s: box (0.05, 0.3, 0.25, 0.7)\n"
        " }\n @replan layout\n \n"
    )


def test_what_would_change_other_shots_of_the_scene_is_a_note() -> None:
    page = changed(SEED, scene=1, alone=False)
    assert "#2#\n[[for one shot of this scene: @seed 9]]\n" in page
    (_, second) = parse_story(page, path="snow.story").story.scenes
    assert second.seed is None


def test_a_patch_makes_the_page_that_it_was_made_from() -> None:
    for page in (changed(LARGER, SEED), changed(SEED, scene=1), PAGE.rstrip("\n")):
        assert applied(PAGE, unified(PAGE, page, "s")) == page if page != PAGE else True
    bare = PAGE.rstrip("\n")
    assert applied(bare, unified(bare, bare + "\n\nThe end.", "s")) == bare + "\n\nThe end."


def test_lines_that_moved_are_found_and_lines_that_changed_are_not() -> None:
    patch = unified(PAGE, changed(LARGER), "s")
    moved = PAGE.replace("Title: Snow\n", "Title: Snow\nAuthor: A. B.\nSeed: 4\n")
    assert "0s: box (0.05, 0.3, 0.25, 0.7)" in applied(moved, patch)
    with pytest.raises(InputError, match="changed at line 4 since the take was made"):
        applied(PAGE.replace("0.1, 0.4, 0.2", "0.2, 0.4, 0.3"), patch)
    with pytest.raises(InputError, match="changes nothing"):
        applied(PAGE, "no patch\n")


def test_a_name_is_a_files_name() -> None:
    assert patch_name("4.1", 2) == "4.1-take-2.patch"
    assert patch_name("../4", 2) == "..-4-take-2.patch"


class TestAccept:
    @pytest.fixture
    def story(self, tmp_path: Path) -> Path:
        """Return a page with a render beside it, of which the second take of shot 1 is kept."""
        page = tmp_path / "snow.story"
        page.write_text(PAGE, encoding="utf-8")
        folder = tmp_path / "out" / "snow"
        (folder / "patches").mkdir(parents=True)
        takes = [
            {"shot": "1.1", "number": 1, "kept": False}, {"shot": "1.1", "number": 2, "kept": True},
            {"shot": "2.1", "number": 1, "kept": True},
        ]  # fmt: skip
        (folder / "run.json").write_text(json.dumps({"status": "done", "takes": takes}))
        patch = unified(PAGE, changed(LARGER), "snow.story")
        (folder / "patches" / "1.1-take-2.patch").write_text(patch)
        return page

    def test_a_kept_change_is_written_into_the_page(self, story: Path) -> None:
        assert accept(story, story.parent / "out", "1.1") == ["1.1"]
        assert story.read_text() == changed(LARGER)

    def test_the_writers_line_ends_stay(self, story: Path) -> None:
        story.write_bytes(b"\xef\xbb\xbf" + PAGE.replace("\n", "\r\n").encode())
        accept(story, story.parent / "out")
        page = changed(LARGER).replace("\n", "\r\n").encode()
        assert story.read_bytes() == b"\xef\xbb\xbf" + page

    def test_a_shot_without_a_change_is_told(self, story: Path) -> None:
        with pytest.raises(InputError, match="nothing was changed for shot 2.1; changed: 1.1"):
            accept(story, story.parent / "out", "2.1")
        with pytest.raises(InputError, match="there is no finished render"):
            accept(story, story.parent / "elsewhere")

    def test_a_page_that_would_be_wrong_is_not_written(self, story: Path) -> None:
        broken = PAGE.replace("#2#\n", "#2#\n@seed 3\n@seed 4\n")
        story.write_text(broken)
        with pytest.raises(StoryError):
            accept(story, story.parent / "out")
        assert story.read_text() == broken
