"""A story that changed makes only what depends on the change, and an unchanged one nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dreamrunner.plan import Plan
from dreamrunner.production.settings import Settings

from .walks import PAGES, STORY, account, render


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
