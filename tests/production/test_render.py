"""A story goes in, a film comes out; nothing is made twice, and run.json says what was made."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dreamrunner.engine.lazy import LazyFamily
from dreamrunner.engine.video import read_video
from dreamrunner.errors import (
    BusyError,
    OutputError,
    Severity,
    StoreError,
    StoryError,
    WeightsError,
)
from dreamrunner.film import read_account
from dreamrunner.plan import Plan
from dreamrunner.production.facade import check_story, parse_story, plan_story, render_story
from dreamrunner.production.keeping.outcome import RenderResult
from dreamrunner.production.render import RenderRun
from dreamrunner.production.settings import Settings
from dreamrunner.production.speaking import SpokenStory
from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.runner import (
    Event,
    FileWritten,
    NoteAdded,
    ShotsPlanned,
    StageAdvanced,
    StageFinished,
    StageStarted,
    StoreRunner,
    StoryWarned,
    TakeJudged,
)
from dreamrunner.tools.store.lock import RunLock
from dreamrunner.tools.store.store import Store

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

@expect motion.FOX >= 0.5
"""

PAGES = (
    "film.mp4", "film.srt", "film.json", "plan.json", "storyboard.png", "report.html", "run.json",
    "story.lock",
)  # fmt: skip
# What every stage of a run says of itself.
STAGE = {"stage", "shot", "key", "cached", "seconds", "inputs", "note"}


class Watcher:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def report(self, event: Event) -> None:
        self.events.append(event)

    def made(self) -> list[tuple[str, str | None]]:
        """Return the stages that were made, not those that were kept from before."""
        records = [event.record for event in self.events if isinstance(event, StageFinished)]
        return [(record.stage, record.shot) for record in records if not record.cached]


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "walks.story"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "store", engine="animatic", out=tmp_path / "out")


def render(story: Path, settings: Settings) -> tuple[RenderResult, Watcher]:
    watcher = Watcher()
    return render_story(story, settings, watcher), watcher


def account(outcome: RenderResult) -> dict[str, object]:
    return json.loads(outcome.run.read_text(encoding="utf-8"))


KRAKEN = """\
Title: Rain

EXT. STREET - NIGHT
@duration 0.5s

GORM, a huge green kraken, walks in the rain. A door opens.
"""


def test_what_cannot_be_drawn_is_said_before_drawing(story: Path, settings: Settings) -> None:
    story.write_text(KRAKEN, encoding="utf-8")
    _, watcher = render(story, settings)

    warned, *later = watcher.events
    assert isinstance(warned, StoryWarned)
    assert any(isinstance(event, StageStarted | StageFinished) for event in later)
    said = [(d.code, d.span.line, d.span.column) for d in warned.diagnostics]
    assert said == [("W135", 6, 1), ("W148", 6, 47), ("W135", 7, 1)]
    assert warned.diagnostics[-1].message == "1 of 1 figures are unknown to animatic"


def test_one_thing_is_said_of_a_page_wherever_it_is_said(story: Path, settings: Settings) -> None:
    story.write_text(KRAKEN, encoding="utf-8")
    checked = check_story(story, settings.engine, deep=True)
    notes = plan_story(story, settings).notes

    assert notes == tuple(
        f"line {d.span.line}, column {d.span.column}: {d.message}"
        for d in checked.diagnostics
        if d.code != "W019"
    )


def test_the_report_says_of_the_page_once(story: Path, settings: Settings) -> None:
    story.write_text(KRAKEN, encoding="utf-8")
    result, _ = render(story, settings)
    page = result.report.read_text(encoding="utf-8")
    assert page.count("1 of 1 figures are unknown to animatic") == 1


def test_strictly_nothing_is_begun_of_somebody_who_cannot_be_drawn(
    story: Path, settings: Settings
) -> None:
    story.write_text(KRAKEN, encoding="utf-8")

    with pytest.raises(StoryError) as stopped:
        render(story, replace(settings, strict=True))
    assert {d.code for d in stopped.value.diagnostics} == {"E135"}
    assert not settings.out.exists()


def test_a_story_becomes_a_film_with_everything_beside_it(story: Path, settings: Settings) -> None:
    outcome, _ = render(story, settings)

    assert outcome.folder == settings.out / "walks"
    assert {path.name for path in outcome.folder.iterdir() if path.name[0] != "."} == {
        *PAGES,
        "shots",
    }
    film = read_video(outcome.folder / "film.mp4")
    assert film.frames.shape == (24, 384, 576, 3)
    assert film.fps == 24
    clips = sorted((outcome.folder / "shots").iterdir())
    assert [clip.name for clip in clips] == ["shot-1.1.mp4", "shot-2.1.mp4"]
    assert "Hello." in (outcome.folder / "film.srt").read_text()
    plan = Plan.model_validate_json((outcome.folder / "plan.json").read_text())
    assert [shot.id for shot in plan.shots] == ["1.1", "2.1"]


def test_the_run_says_what_was_made_from_what(story: Path, settings: Settings) -> None:
    outcome, _ = render(story, settings)
    run = account(outcome)

    assert run["status"] == "done"
    assert (run["engine"], run["director"], run["error"]) == ("animatic", "rules", None)
    assert run["retrieved"] == run["rejected"] == []
    stages = run["stages"]
    assert all(set(stage) == STAGE for stage in stages)
    assert not any(stage["cached"] for stage in stages)
    by_name = {(stage["stage"], stage["shot"]): stage for stage in stages}
    assert set(by_name) == {("plan", None), ("render", "1.1"), ("render", "2.1"), ("cut", None)}
    clips = [by_name["render", shot]["key"] for shot in ("1.1", "2.1")]
    assert by_name["cut", None]["inputs"] == clips
    assert [take["clip"]["key"] for take in run["takes"]] == clips
    assert all(take["kept"] for take in run["takes"])


def test_the_animatic_measures_nothing_and_says_so(story: Path, settings: Settings) -> None:
    outcome, watcher = render(story, settings)

    assert [(unmet.shot, unmet.wanted.metric) for unmet in outcome.unmet] == [("2.1", "motion")]
    assert outcome.unmet[0].found.passed is None
    said = [event.text for event in watcher.events if isinstance(event, NoteAdded)]
    assert any("animatic engine" in text and "no model" in text for text in said)
    assert said == account(outcome)["notes"]
    assert "draws the plan itself, with no model" in outcome.report.read_text(encoding="utf-8")


def test_progress_is_told_in_steps(story: Path, settings: Settings) -> None:
    _, watcher = render(story, settings)

    assert ShotsPlanned(("1.1", "2.1")) in watcher.events
    steps = [e for e in watcher.events if isinstance(e, StageAdvanced) and e.shot == "1.1"]
    assert [step.done for step in steps] == list(range(1, 13))
    assert {step.total for step in steps} == {12}


class FolderWatcher(Watcher):
    """An observer that remembers which files were there when a shot was drawn."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.there: dict[str, set[str]] = {}

    def report(self, event: Event) -> None:
        super().report(event)
        if isinstance(event, StageFinished) and event.record.stage == "render":
            shot = event.record.shot or ""
            self.there[shot] = {path.name for path in self.folder.iterdir()}


def drawn_as_by_a_model(story: Path, settings: Settings, watcher: FolderWatcher) -> None:
    """Render with the animatic's family in the place of a model's."""
    parsed = parse_story(story, "storybook")
    folder = watcher.folder
    with Ledger(folder / "run.json", {"engine": "storybook"}) as ledger:
        bench = StoreRunner(Store(settings.store), ledger, watcher)
        family = LazyFamily("animatic")
        model = replace(settings, engine="storybook")
        RenderRun(story, SpokenStory(parsed), model, folder, family, bench, ledger).make()


def test_the_first_minute_shows_something(story: Path, settings: Settings) -> None:
    folder = settings.out / "walks"
    watcher = FolderWatcher(folder)
    drawn_as_by_a_model(story, settings, watcher)

    assert [stage for stage, _ in watcher.made()][:2] == ["plan", "animatic"]
    assert {"animatic.mp4", "storyboard.png", "plan.json"} <= watcher.there["1.1"]
    assert read_video(folder / "animatic.mp4").frames.shape == (24, 384, 576, 3)
    written = [event.path for event in watcher.events if isinstance(event, FileWritten)]
    assert written == [folder / "animatic.mp4", folder / "report.html"]
    events = [type(event) for event in watcher.events]
    cut = next(
        e for e in watcher.events if isinstance(e, StageFinished) and e.record.stage == "cut"
    )
    page = watcher.events.index(FileWritten("the report, which grows with every shot", written[1]))
    assert events.index(TakeJudged) < page < watcher.events.index(cut)

    again = FolderWatcher(folder)
    drawn_as_by_a_model(story, settings, again)
    assert again.made() == []
    assert not any(isinstance(event, FileWritten) for event in again.events)


def test_an_unchanged_story_is_not_made_again(story: Path, settings: Settings) -> None:
    first, _ = render(story, settings)
    film = first.folder.joinpath("film.mp4").read_bytes()
    second, watcher = render(story, settings)

    assert watcher.made() == []
    assert all(stage["cached"] for stage in account(second)["stages"])
    assert second.folder.joinpath("film.mp4").read_bytes() == film


def test_another_folder_is_filled_from_the_store(story: Path, settings: Settings) -> None:
    render(story, settings)
    elsewhere = Settings(store=settings.store, engine="animatic", out=settings.out / "elsewhere")
    outcome, watcher = render(story, elsewhere)

    assert watcher.made() == []
    assert all((outcome.folder / page).is_file() for page in PAGES)


@pytest.mark.parametrize(
    ("before", "after", "made"),
    [
        ("The FOX jumps.", "The FOX bows.", [("render", "2.1"), ("cut", None)]),
        ("Hello.", "Good day.", [("cut", None)]),
        ("Title: Two Walks", "Title: Two Walks\nAuthor: somebody", []),
        ("motion.FOX >= 0.5", "motion.FOX >= 0.6", []),
        (
            "EXT. MEADOW",
            "EXT. SNOW - DAY #0#\n@duration 0.5s\n\nThe FOX sleeps.\n\nEXT. MEADOW",
            [("render", "0.1"), ("cut", None)],
        ),
    ],
    ids=[
        "what happens",
        "what is said",
        "what a card would say that a bare film has not",
        "what is expected",
        "a scene before",
    ],
)
def test_a_change_makes_only_what_depends_on_it(
    story: Path, settings: Settings, before: str, after: str, made: list[tuple[str, str | None]]
) -> None:
    render(story, settings)
    story.write_text(STORY.replace(before, after), encoding="utf-8")
    _, watcher = render(story, settings)

    # The director reads every change.
    assert watcher.made() == [("plan", None), *made]


@pytest.fixture
def shared_cast(story: Path) -> Path:
    """Make the story take its FOX from another file, and return that file."""
    cast = story.parent / "cast" / "c.story"
    cast.parent.mkdir()
    cast.write_text("@character FOX: a red fox\n", encoding="utf-8")
    used = STORY.replace("@character FOX: a red fox", '@use "cast/c.story"')
    story.write_text(used, encoding="utf-8")
    return cast


def test_a_changed_file_that_the_story_uses_is_drawn_anew(
    story: Path, settings: Settings, shared_cast: Path
) -> None:
    render(story, settings)
    shared_cast.write_text("@character FOX: a grey fox\n", encoding="utf-8")
    second, watcher = render(story, settings)

    first, *shots, last = watcher.made()
    assert (first, last) == (("plan", None), ("cut", None))
    assert sorted(shots) == [("render", "1.1"), ("render", "2.1")]  # they are drawn at once
    plan = Plan.model_validate_json((second.folder / "plan.json").read_text())
    assert [shot.entities[0].look for shot in plan.shots] == ["a grey fox", "a grey fox"]
    made = next(stage for stage in account(second)["stages"] if stage["stage"] == "plan")
    assert made["note"] == 'look of FOX changed from "a red fox" to "a grey fox"'


def test_a_comment_in_a_file_that_the_story_uses_changes_nothing(
    story: Path, settings: Settings, shared_cast: Path
) -> None:
    render(story, settings)
    shared_cast.write_text("/* ours */\n\n@character FOX: a red fox\n", encoding="utf-8")
    _, watcher = render(story, settings)

    assert watcher.made() == []


def test_a_moved_line_is_pointed_at_where_it_is_now(story: Path, settings: Settings) -> None:
    first, _ = render(story, settings)
    story.write_text(STORY.replace("EXT. BEACH", "\n\nEXT. BEACH"), encoding="utf-8")
    second, watcher = render(story, settings)

    assert watcher.made() == [("plan", None)]
    before, after = (unmet.wanted.span for o in (first, second) for unmet in o.unmet)
    assert before is not None and after is not None
    assert (before.line, after.line) == (19, 21)
    plan = next(stage for stage in account(second)["stages"] if stage["stage"] == "plan")
    assert plan["note"] == "lines have moved"


def test_a_clip_of_a_scene_that_is_gone_is_gone(story: Path, settings: Settings) -> None:
    render(story, settings)
    story.write_text(STORY[: STORY.index("EXT. BEACH")], encoding="utf-8")
    outcome, _ = render(story, settings)

    assert [clip.name for clip in (outcome.folder / "shots").iterdir()] == ["shot-1.1.mp4"]


def test_a_damaged_clip_in_the_store_is_made_again(story: Path, settings: Settings) -> None:
    outcome, _ = render(story, settings)
    clip = Path(account(outcome)["takes"][0]["clip"]["path"])
    clip.write_bytes(clip.read_bytes()[:-100])
    second, watcher = render(story, settings)

    assert watcher.made() == [("render", "1.1")]
    [made] = [stage for stage in account(second)["stages"] if not stage["cached"]]
    assert made["note"] == "it was damaged in the store: clip.mp4 has changed"


def test_a_story_with_errors_leaves_no_folder(story: Path, settings: Settings) -> None:
    story.write_text(STORY + "\n@layout OWL {\n  0s: box (0.1, 0.1, 0.5, 0.5)\n}\n", "utf-8")
    with pytest.raises(StoryError) as failure:
        render(story, settings)

    errors = [d for d in failure.value.diagnostics if d.severity is Severity.ERROR]
    assert [d.span.line for d in errors] == [21]
    assert not settings.out.exists()


def test_the_storybook_engine_without_weights_says_how_to_get_them(
    story: Path, settings: Settings, tmp_path: Path
) -> None:
    from dreamrunner.engine.storybook.weights import fingerprint

    with pytest.raises(WeightsError, match="make train"):
        fingerprint(tmp_path)


def test_two_renders_into_one_folder_do_not_meet(story: Path, settings: Settings) -> None:
    with RunLock(settings.out / "walks"), pytest.raises(BusyError, match="-o"):
        render(story, settings)


def test_a_folder_that_cannot_be_made_is_an_output_error(story: Path, settings: Settings) -> None:
    settings.out.write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"):
        render(story, settings)


def test_a_store_that_cannot_be_written_fails_the_run_and_says_so(
    story: Path, settings: Settings, tmp_path: Path
) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder", encoding="utf-8")
    broken = Settings(store=nowhere / "store", engine="animatic", out=settings.out)
    with pytest.raises(StoreError):
        render(story, broken)

    run = json.loads((settings.out / "walks" / "run.json").read_text())
    assert run["status"] == "failed"
    assert str(nowhere) in run["error"]


RUN = [sys.executable, "-m", "dreamrunner", "render", "--engine", "animatic"]


@pytest.fixture
def killed(story: Path, settings: Settings) -> Iterator[list[dict[str, object]]]:
    """Start a render of six shots, kill it when two are done, and return what it had finished."""
    scenes = "".join(
        f"EXT. MEADOW - DAY #{n}#\n@duration 1s\n\nThe FOX walks to the right.\n\n"
        for n in range(1, 7)
    )
    story.write_text(STORY[: STORY.index("EXT.")] + scenes, encoding="utf-8")
    command = [*RUN, str(story), "-o", str(settings.out), "--store", str(settings.store)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    run = settings.out / "walks" / "run.json"
    finished: list[dict[str, object]] = []
    limit = time.monotonic() + 120
    while len(finished) < 2 and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.02)
        if run.is_file():
            stages = read_account(run)["stages"]
            finished = [stage for stage in stages if stage["stage"] == "render"]
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL, "the render ended before it could be killed"
    assert read_account(run)["status"] == "running"
    yield finished


def test_a_killed_render_goes_on_where_it_was(
    story: Path, settings: Settings, killed: list[dict[str, object]]
) -> None:
    outcome, watcher = render(story, settings)

    kept = {stage["shot"] for stage in killed}
    made = {shot for stage, shot in watcher.made() if stage == "render"}
    assert len(kept) >= 2
    assert not kept & made
    assert outcome.film.duration_s == pytest.approx(6.0)
    run = account(outcome)
    assert run["status"] == "done"
    rendered = {s["shot"]: s for s in run["stages"] if s["stage"] == "render"}
    assert set(rendered) == {f"{n}.1" for n in range(1, 7)}
    assert all(rendered[shot]["cached"] for shot in kept)


def test_ctrl_c_says_that_the_work_is_kept(story: Path, settings: Settings) -> None:
    scenes = "".join(
        f"EXT. MEADOW - DAY #{n}#\n@duration 3s\n\nThe FOX walks to the right.\n\n"
        for n in range(1, 7)
    )
    story.write_text(STORY[: STORY.index("EXT.")] + scenes, encoding="utf-8")
    command = [*RUN, str(story), "-o", str(settings.out), "--store", str(settings.store)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background may have had Ctrl-C ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("render"):
            process.send_signal(signal.SIGINT)
            break
    told = process.stderr.read()
    assert process.wait(timeout=120) == 130
    assert "finished shot is kept" in told
    assert "Traceback" not in told
    assert json.loads((settings.out / "walks" / "run.json").read_text())["status"] == "stopped"


SLOW = """
import sys, time
from pathlib import Path
import torch
from dreamrunner import cli
from dreamrunner.tools.stages import render

draw = render.begun

def slowly(*given):
    weights = torch.zeros(64, 64, requires_grad=True)
    Path({folder!r}, "working").touch()
    while not Path({folder!r}, "ready").exists():
        (weights @ weights).square().sum().backward()
    return draw(*given)

render.begun = slowly
sys.argv = ["dreamrunner", "render", "--engine", "animatic", *{arguments!r}]
cli.main()
"""


@pytest.fixture
def slow(story: Path, settings: Settings, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Begin a render whose first shot is at work in torch until the file `ready` is there."""
    arguments = [str(story), "-o", str(settings.out), "--store", str(settings.store)]
    code = SLOW.format(folder=str(tmp_path), arguments=arguments)
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        # Whoever runs the tests in the background may have had Ctrl-C ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        limit = time.monotonic() + 300
        while not (tmp_path / "working").exists():
            assert process.poll() is None and time.monotonic() < limit
            time.sleep(0.05)
        yield process
        process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Return the line of standard error that has these words."""
    assert process.stderr is not None
    return next(line for line in process.stderr if words in line)


def test_the_first_ctrl_c_says_what_is_being_finished_and_finishes_it(
    slow: subprocess.Popen[str], settings: Settings, tmp_path: Path
) -> None:
    slow.send_signal(signal.SIGINT)
    said = read_until(slow, "stopping")
    assert "being finished first: render shot" in said
    assert "(Ctrl-C again to stop now)" in said
    (tmp_path / "ready").touch()
    assert slow.wait(timeout=300) == 130
    run = json.loads((settings.out / "walks" / "run.json").read_text())
    assert (run["status"], run["error"]) == ("stopped", None)
    assert len([stage for stage in run["stages"] if stage["stage"] == "render"]) == 1
    assert len(list(settings.store.rglob("clip.mp4"))) == 1


def test_the_second_ctrl_c_stops_at_once_and_aborts_nothing(
    slow: subprocess.Popen[str], settings: Settings, tmp_path: Path
) -> None:
    slow.send_signal(signal.SIGINT)
    read_until(slow, "stopping")
    slow.send_signal(signal.SIGINT)
    assert slow.stderr is not None
    said = slow.stderr.read()
    assert slow.wait(timeout=300) == 130  # `ready` is never there: nobody waits for the shot
    assert "what was being made is lost; every finished shot is kept" in said
    assert "terminate" not in said and "Traceback" not in said
    run = json.loads((settings.out / "walks" / "run.json").read_text())
    assert (run["status"], run["error"]) == ("stopped", None)
    assert not list(settings.store.rglob("clip.mp4"))
    (tmp_path / "ready").touch()


def test_an_unchanged_story_needs_no_model_library(story: Path, settings: Settings) -> None:
    """Whoever changed nothing does not wait for torch to be imported."""
    render(story, settings)
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from dreamrunner.production.facade import render_story\n"
        "from dreamrunner.production.settings import Settings\n"
        "class Silent:\n"
        "    def report(self, event): pass\n"
        f"settings = Settings(store=Path({str(settings.store)!r}), engine='animatic',"
        f" out=Path({str(settings.out)!r}))\n"
        f"render_story(Path({str(story)!r}), settings, Silent())\n"
        "heavy = ('torch', 'diffusers', 'transformers', 'peft', 'open_clip', 'qdrant_client')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
