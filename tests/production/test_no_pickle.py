"""Whatever file of the store or of a film's folder becomes a pickle, nobody unpickles it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamrunner.dsl.lsp.hints import last_render
from dreamrunner.production.facade import find_report, render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.stages.pace import pace_of
from dreamrunner.tools.stages.runner import silent

from ..poison import poisoned

STORY = """\
Title: One Walk

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 0.5s

The FOX walks to the right.

FOX
Hello.
"""
# Its own tests stand beside the graph, whose file it is.
CHECKPOINT = ".agent.sqlite"


def test_every_file_of_store_and_output_may_be_a_pickle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = poisoned(tmp_path / "marker", monkeypatch)
    story = tmp_path / "walk.story"
    story.write_text(STORY, encoding="utf-8")
    settings = Settings(store=tmp_path / "store", engine="animatic", out=tmp_path / "out")
    film = render_story(story, settings, silent).folder / "film.mp4"
    whole = film.read_bytes()
    read = 0
    for folder in (settings.store, settings.out):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if not path.name.startswith(CHECKPOINT):
                path.write_bytes(poison.pickle)
                read += 1
    assert read > 15
    last_render(story, settings.out)
    assert pace_of(settings.out, "animatic") == {}
    find_report(story, settings.out)
    for path in (settings.out / "walk").glob(f"{CHECKPOINT}*"):
        path.unlink()
    render_story(story, settings, silent)
    assert film.read_bytes() == whole
    poison.assert_untouched()
