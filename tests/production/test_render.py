"""A story goes in, a film comes out; run.json says what was made, and one error what was not."""

from __future__ import annotations

import json
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
from dreamrunner.plan import Plan
from dreamrunner.production.facade import check_story, parse_story, plan_story
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

from .walks import PAGES, STORY, Watcher, account, render

# What every stage of a run says of itself.
STAGE = {"stage", "shot", "key", "cached", "seconds", "inputs", "note"}

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
