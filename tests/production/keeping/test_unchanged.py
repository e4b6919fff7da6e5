"""Given a finished film, expect it at once while nothing has changed, and never after a change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from dreamrunner.engine.lossy import Lossy
from dreamrunner.errors import OutputError
from dreamrunner.production.facade import kept_film, render_story
from dreamrunner.production.keeping import unchanged
from dreamrunner.production.keeping.outcome import RenderResult
from dreamrunner.production.settings import Budget, Llm, Settings
from dreamrunner.tools.stages.runner import (
    Event,
    NoteAdded,
    StageFinished,
    StageStarted,
    StoryWarned,
    TakeJudged,
    silent,
)

STORY = """\
Title: Two Walks
Seed: 5

@use "cast.story"

EXT. MEADOW - DAY #1#
@duration 0.5s

The FOX walks to the right.

EXT. BEACH - DAY #2#
@duration 0.5s

The FOX jumps.

@expect motion.FOX >= 0.5
"""


class Watcher:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def report(self, event: Event) -> None:
        self.events.append(event)


@pytest.fixture(autouse=True)
def in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # A test writes its story just before it is read; the clock of a test's disk may be trusted.
    monkeypatch.setattr(unchanged, "_STEP_NS", 0)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    (tmp_path / "cast.story").write_text("@character FOX: a red fox\n", encoding="utf-8")
    path = tmp_path / "walks.story"
    path.write_text(STORY, encoding="utf-8")
    return path


def made(story: Path, settings: Settings) -> RenderResult:
    result = render_story(story, settings, silent)
    assert kept_film(story, settings, silent) is not None
    return result


def test_the_film_of_before_is_the_answer_in_the_same_words(
    story: Path, settings: Settings
) -> None:
    first = made(story, settings)
    watcher = Watcher()

    again = kept_film(story, settings, watcher)

    assert again is not None
    same = ("film", "engine", "folder", "unmet", "strict", "shortfalls", "diagnostics", "source")
    assert all(getattr(again, name) == getattr(first, name) for name in same)
    assert len(again.unmet) == 1
    assert [e.take for e in watcher.events if isinstance(e, TakeJudged)] == list(first.film.takes)
    finished = [e.record for e in watcher.events if isinstance(e, StageFinished)]
    # Two shots that were drawn at once finished in either order.
    told = sorted((r.stage, r.shot or "", r.cached) for r in finished)
    assert told == [
        ("cut", "", True),
        ("plan", "", True),
        ("render", "1.1", True),
        ("render", "2.1", True),
    ]
    assert [e.text for e in watcher.events if isinstance(e, NoteAdded)] == list(
        json.loads(first.run.read_text(encoding="utf-8"))["notes"]
    )


def test_warnings_of_the_story_are_told_again(story: Path, settings: Settings) -> None:
    story.write_text(STORY.replace("Seed: 5", "Seed: 5\nMood: grim"), encoding="utf-8")
    made(story, settings)
    watcher = Watcher()

    kept_film(story, settings, watcher)

    [warned] = [event for event in watcher.events if isinstance(event, StoryWarned)]
    assert [(one.code, one.span.line) for one in warned.diagnostics] == [("W011", 3)]


def test_nothing_is_written_and_nothing_heavy_imported(story: Path, settings: Settings) -> None:
    made(story, settings)
    before = {f: unchanged._signature(f) for f in story.parent.rglob("*") if f.is_file()}
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from dreamrunner.production.facade import kept_film\n"
        "from dreamrunner.production.settings import Settings\n"
        "from dreamrunner.tools.stages.runner import silent\n"
        f"settings = Settings(store=Path({str(settings.store)!r}), engine='animatic',"
        f" out=Path({str(settings.out)!r}))\n"
        f"assert kept_film(Path({str(story)!r}), settings, silent) is not None\n"
        "heavy = ('torch', 'diffusers', 'langgraph', 'langchain_core', 'numpy', 'av')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
    after = {f: unchanged._signature(f) for f in story.parent.rglob("*") if f.is_file()}
    assert after == before


def rewrite(file: Path) -> None:
    file.write_bytes(file.read_bytes())


def flip(file: Path) -> None:
    status = file.stat()
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))  # even where the time is put back


def store_clip(story: Path) -> Path:
    return next((story.parent / "store").rglob("clip.mp4"))


CHANGES: dict[str, Callable[[Path], object]] = {
    "the story": lambda s: s.write_text(STORY.replace("jumps", "bows"), encoding="utf-8"),
    "a space in the story": lambda s: s.write_text(STORY + " ", encoding="utf-8"),
    "a used file": lambda s: (s.parent / "cast.story").write_text("@character FOX: a grey fox\n"),
    "a used file is gone": lambda s: (s.parent / "cast.story").unlink(),
    "the film flipped": lambda s: flip(s.parent / "out/walks/film.mp4"),
    "the film gone": lambda s: (s.parent / "out/walks/film.mp4").unlink(),
    "a clip flipped": lambda s: flip(s.parent / "out/walks/shots/shot-1.1.mp4"),
    "the report written anew": lambda s: rewrite(s.parent / "out/walks/report.html"),
    "the plan gone": lambda s: (s.parent / "out/walks/plan.json").unlink(),
    "the run gone": lambda s: (s.parent / "out/walks/run.json").unlink(),
    "a clip of the store flipped": lambda s: flip(store_clip(s)),
    "a clip of the store gone": lambda s: store_clip(s).unlink(),
    "a library": lambda s: (
        (s.parent / "store/library").mkdir(),
        (s.parent / "store/library/library.json").write_text("{}"),
    ),
    "the record torn": lambda s: (s.parent / "out/walks/.fresh.json").write_text('{"made_of": 3}'),
    "the record no JSON": lambda s: (s.parent / "out/walks/.fresh.json").write_bytes(b"\x00"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(story: Path, settings: Settings, change: str) -> None:
    made(story, settings)
    CHANGES[change](story)
    assert kept_film(story, settings, silent) is None


@pytest.mark.parametrize(
    "other",
    [
        {"engine": "storybook"},
        {"seed": 6},
        {"strict": True},
        {"weights": Path("weights")},
        {"download": True},
        {"fit": 10**9},
        {"compile": True},
        {"lossy": Lossy(fp8=True)},
        {"llm": Llm("a-model")},
        {"budget": Budget(minutes=3.0)},
        {"store": Path("elsewhere")},
        {"out": Path("elsewhere")},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_setting_is_another_film(
    story: Path, settings: Settings, other: dict[str, object]
) -> None:
    made(story, settings)
    assert kept_film(story, replace(settings, **other), silent) is None  # type: ignore[arg-type]


def test_another_program_looks_for_itself(
    story: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "module.py"
    module.write_text("one = 1")
    inputs = unchanged._inputs
    monkeypatch.setattr(unchanged, "_inputs", lambda chosen: [*inputs(chosen), module])
    made(story, settings)
    module.write_text("one = 2")
    assert kept_film(story, settings, silent) is None


def test_the_program_is_its_code_its_grammar_and_its_weights(settings: Settings) -> None:
    root = Path(unchanged.__file__).parents[2]
    names = {str(f.relative_to(root)) for f in unchanged._inputs(settings)[:-1]}
    assert {"film.py", "production/keeping/unchanged.py", "tools/store/store.py"} <= names
    assert {"engine/storybook/weights/transformer.safetensors"} <= names
    assert any(name.startswith("dsl/") and name.endswith(".lark") for name in names)
    assert not any("__pycache__" in name for name in names)


def test_another_folder_of_work_is_another_story(
    story: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(story, settings)
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path / "deeper")
    assert kept_film(story, settings, silent) is None


def test_a_story_saved_while_it_is_rendered_is_not_taken_for_the_one_that_was_read(
    story: Path, settings: Settings
) -> None:
    class Writer:
        def report(self, event: Event) -> None:
            if isinstance(event, StageStarted) and event.stage == "render":
                story.write_text(STORY.replace("jumps", "bows"), encoding="utf-8")

    render_story(story, settings, Writer())
    assert kept_film(story, settings, silent) is None


def test_a_stopped_render_leaves_no_record(story: Path, settings: Settings) -> None:
    class Stopper:
        def report(self, event: Event) -> None:
            if isinstance(event, StageFinished):
                raise KeyboardInterrupt

    made(story, settings)
    with pytest.raises(KeyboardInterrupt):
        render_story(story, settings, Stopper())
    assert kept_film(story, settings, silent) is None


def test_a_story_with_pictures_is_looked_at_every_time(story: Path, settings: Settings) -> None:
    Image.new("RGB", (64, 64), "red").save(story.parent / "fox.png")
    cast = story.parent / "cast.story"
    cast.write_text('@character FOX: a red fox { reference "fox.png" }\n', encoding="utf-8")
    render_story(story, settings, silent)
    assert kept_film(story, settings, silent) is None


@pytest.mark.parametrize("name", [".fresh.json", "film.srt", "shots/shot-9.mp4"])
def test_a_folder_in_a_files_place_is_one_clear_error(
    story: Path, settings: Settings, name: str
) -> None:
    (settings.out / "walks" / name).mkdir(parents=True)
    with pytest.raises(OutputError, match="a folder stands in its place; move it away"):
        render_story(story, settings, silent)
