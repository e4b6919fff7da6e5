"""A director asks for one more take, prefers another by hand, and the film is cut again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dreamrunner.errors import InputError
from dreamrunner.film import read_account
from dreamrunner.production.facade import render_story
from dreamrunner.production.finished import keep_take, redo_shot, takes_of
from dreamrunner.production.render import RenderResult
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.runner import Event, StageFinished, silent

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

    def report(self, event: Event) -> None:
        if isinstance(event, StageFinished) and not event.record.cached:
            self.made.append((event.record.stage, event.record.shot))


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "two.story"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "store", engine="animatic", out=tmp_path / "out")


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
