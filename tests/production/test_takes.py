"""A director asks for one more take, prefers another by hand, and the film is cut again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dreamrunner.errors import InputError
from dreamrunner.film import read_account
from dreamrunner.production.facade import render_story
from dreamrunner.production.finished import keep_take, redo_shot, takes_of
from dreamrunner.production.keeping.outcome import RenderResult
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import Event, NoteAdded, StageFinished, silent

STORY = """\
EXT. MEADOW - DAY
@duration 0.5s

The FOX walks.

EXT. BEACH - DAY
@duration 0.5s

The FOX jumps.
"""


class Watcher:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str | None]] = []
        self.notes: list[str] = []

    def report(self, event: Event) -> None:
        if isinstance(event, NoteAdded) and event.text.startswith("line "):
            self.notes.append(event.text)
        if isinstance(event, StageFinished) and not event.record.cached:
            self.made.append((event.record.stage, event.record.shot))


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "two.story"
    path.write_text(STORY, encoding="utf-8")
    return path


def shown(film: RenderResult) -> list[tuple[str, int]]:
    return [(take.shot, take.number) for take in film.film.takes if take.kept]


def test_one_more_take_is_made_of_one_shot_and_the_first_one_comes_back(
    story: Path, settings: Settings
) -> None:
    first = render_story(story, settings, silent)
    assert shown(first) == [("1.1", 1), ("2.1", 1)]

    watcher = Watcher()
    again = redo_shot(story, "2.1", settings, watcher)
    assert shown(again) == [("1.1", 1), ("2.1", 2)]
    assert watcher.made == [("render", "2.1"), ("cut", None)]
    one, two = (take for take in again.film.takes if take.shot == "2.1")
    assert one.seed != two.seed
    assert one.clip.key != two.clip.key
    assert [take.number for take in takes_of(story, settings.out)] == [1, 1, 2]

    back = keep_take(story, "2.1", 1, settings, silent)
    assert shown(back) == shown(first)
    # It holds for later renders, and so does every take.
    watcher = Watcher()
    later = render_story(story, settings, watcher)
    assert (shown(later), watcher.made) == (shown(first), [])
    assert len(later.film.takes) == 3
    assert [take["kept"] for take in read_account(later.run)["takes"]] == [True, True, False]


def test_a_choice_that_is_written_into_the_story_holds_anywhere(
    story: Path, settings: Settings, tmp_path: Path
) -> None:
    render_story(story, settings, silent)
    redo_shot(story, "2.1", settings, silent)
    redo_shot(story, "2.1", settings, silent)
    kept = keep_take(story, "2.1", 2, settings, silent, write=True)
    assert shown(kept) == [("1.1", 1), ("2.1", 2)]
    page = STORY.replace("EXT. BEACH - DAY\n", "EXT. BEACH - DAY\n@take 2\n")
    assert story.read_text(encoding="utf-8") == page

    # Another machine, with an empty store and no film, makes the same takes of it.
    elsewhere = replace(settings, store=tmp_path / "other", out=tmp_path / "there")
    again = render_story(story, elsewhere, silent)
    assert shown(again) == shown(kept)
    assert Path(again.film.path).read_bytes() == Path(kept.film.path).read_bytes()

    # What the page says is not changed behind its back, and is changed in its place.
    for change in (lambda: keep_take(story, "2.1", 1, settings, silent),
                   lambda: redo_shot(story, "2.1", settings, silent)):  # fmt: skip
        with pytest.raises(InputError, match=r"line 7 of .* shows take 2 of shot 2\.1"):
            change()
    keep_take(story, "2.1", 3, settings, silent, write=True)
    assert story.read_text(encoding="utf-8") == page.replace("@take 2", "@take 3")


def test_without_write_the_story_stays_as_it_is(story: Path, settings: Settings) -> None:
    render_story(story, settings, silent)
    redo_shot(story, "2.1", settings, silent)
    keep_take(story, "2.1", 1, settings, silent)
    assert story.read_text(encoding="utf-8") == STORY


def test_a_take_of_a_shot_that_is_not_there_is_said(story: Path, settings: Settings) -> None:
    page = STORY.replace("EXT. BEACH - DAY\n", "EXT. BEACH - DAY\n@take 2 shot=5\n")
    story.write_text(page, encoding="utf-8")
    watcher = Watcher()
    made = render_story(story, settings, watcher)
    assert shown(made) == [("1.1", 1), ("2.1", 1)]
    assert watcher.notes == [
        "line 7: scene 2 has no shot 5 of which a take could be shown; it has 1"
    ]


def test_what_is_not_there_is_said_with_what_is(story: Path, settings: Settings) -> None:
    with pytest.raises(InputError, match="there is no film"):
        keep_take(story, "1.1", 1, settings, silent)
    render_story(story, settings, silent)
    with pytest.raises(InputError, match="has no shot 9.9; it has 1.1, 2.1"):
        redo_shot(story, "9.9", settings, silent)
    with pytest.raises(InputError, match="shot 1.1 has no take 7; it has 1"):
        keep_take(story, "1.1", 7, settings, silent)


def test_nothing_is_drawn_anew_for_a_film_of_other_options(story: Path, settings: Settings) -> None:
    render_story(story, settings, silent)
    with pytest.raises(InputError, match="rendered with other options"):
        redo_shot(story, "1.1", replace(settings, seed=99), silent)
    assert shown(render_story(story, settings, silent)) == [("1.1", 1), ("2.1", 1)]
