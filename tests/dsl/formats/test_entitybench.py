"""Given an episode in EntityBench's form, expect a story with a shot for each of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.dsl.formats import entitybench_clips, import_entitybench
from dreamrunner.errors import InputError
from dreamrunner.plan import Capabilities
from dreamrunner.tools.screenplays import import_folder, write_stories

OPEN = Capabilities(
    name="cogvideox-2b", clip_frames=49, fps=8, width=720, height=480, max_entities=4
)
EPISODE = {
    "story_name": "two-keepers",
    "story_overview": "Two keepers of a lighthouse lose their lamp.",
    "scenes": [
        {
            "scene_num": 1,
            "video_prompts": ["...", "..."],
            "cut": [True, False],
            "action_descriptions": [
                "Wide shot. Ann-Lee and Mr. Bo walk along the shore. The oil lamp swings.",
                "Close-up of Mr. Bo, who stops and looks at the oil lamp.",
            ],
        },
        {
            "scene_num": 2,
            "cut": [True],
            "action_descriptions": ["At night Ann-Lee sleeps in The Lamp Room while Mr. Bo reads."],
        },
    ],
    "entity_schedule": {
        "1:1": {"characters": ["Ann-Lee", "Mr. Bo"], "places": ["The Shore"],
                "objects": ["the oil lamp"]},
        "1:2": {"characters": ["Mr. Bo"], "places": ["The Shore"], "objects": ["the oil lamp"]},
        "2:1": {"characters": ["Ann-Lee", "Mr. Bo"], "places": ["The Lamp Room"], "objects": None},
    },
    "entity_descriptions": {
        "Character 1": {"name": "Ann-Lee", "label": "Character 1",
                        "description": "Woman with grey hair in an oilskin coat."},
        "Character 2": {"name": "Mr. Bo", "label": "Character 2", "description": "Tall man."},
        "Location 1": {"name": "The Shore", "label": "Location 1",
                       "description": "A stony beach under a grey sky."},
        "Location 2": {"name": "The Lamp Room", "label": "Location 2",
                       "description": "Round room of glass."},
        "Object 1": {"name": "the oil lamp", "label": "Object 1", "description": "Brass lamp."},
    },
    "_num_shots": 3,
}  # fmt: skip


def text_of(episode: object) -> str:
    (story,) = import_entitybench(json.dumps(episode), "two-keepers.json")
    assert story.text is not None, story.diagnostics
    return story.text


def test_an_episode_checks_and_has_a_shot_for_each_of_its_own() -> None:
    parsed = parse_story(text_of(EPISODE), path="e.story", capabilities=OPEN)
    assert parsed.errors == ()
    assert parsed.story is not None
    plan = direct(parsed.story, OPEN)

    assert [shot.id for shot in plan.shots] == ["1.1", "1.2", "2.1"]
    shown = [[e.id for e in shot.entities if e.id != "OIL LAMP"] for shot in plan.shots]
    assert [sorted(names) for names in shown] == [["ANN-LEE", "MR BO"], ["MR BO"],
                                                  ["ANN-LEE", "MR BO"]]  # fmt: skip
    assert [scene.heading for scene in plan.scenes] == [
        "EXT. SHORE - DAY", "INT. LAMP ROOM - NIGHT"
    ]  # fmt: skip
    woman = plan.shots[0].entity("ANN-LEE")
    assert woman.look == "woman with grey hair in an oilskin coat"


def test_clips_have_the_names_that_the_scorer_reads() -> None:
    assert entitybench_clips(json.dumps(EPISODE)) == ["001_001.mp4", "001_002.mp4", "002_001.mp4"]


def test_what_no_directive_says_and_what_is_missing_is_said() -> None:
    lacking = {**EPISODE, "entity_schedule": {}}
    (story,) = import_entitybench(json.dumps(lacking), "e.json")
    said = [d.message for d in story.diagnostics]
    assert story.text is not None
    assert any("the schedule has no shot 1:2" in words for words in said)
    assert any("1 shot that continue" in words for words in said)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"),
        ("[]", "no episode"),
        ('{"scenes": []}', "scenes"),
        ('{"scenes": [{"scene_num": 1, "action_descriptions": [7]}]}', "action_descriptions"),
        ("[" * 50_000, "no JSON"),
    ],
)
def test_what_is_no_episode_is_an_error(text: str, words: str) -> None:
    (story,) = import_entitybench(text, "e.json")
    assert story.text is None
    assert [d.code for d in story.diagnostics] == ["E180"]
    assert words in story.diagnostics[0].message


def test_a_place_that_changes_within_a_scene_gets_a_heading() -> None:
    moved = json.loads(json.dumps(EPISODE))
    moved["entity_schedule"]["1:2"]["places"] = ["The Lamp Room"]
    text = text_of(moved)
    assert "INT. LAMP ROOM - DAY #1A#" in text
    assert parse_story(text, path="e.story").errors == ()


def test_prose_that_looks_like_a_directive_stays_prose() -> None:
    odd = json.loads(json.dumps(EPISODE))
    odd["scenes"][1]["action_descriptions"] = ["@seed 7 {FOX, motion=walk} [[a note"]
    text = text_of(odd)
    parsed = parse_story(text, path="e.story")
    assert parsed.errors == ()


def test_a_folder_becomes_a_folder_of_stories(tmp_path: Path) -> None:
    folder = tmp_path / "episodes"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.json").write_text(json.dumps(EPISODE), encoding="utf-8")
    made = write_stories(import_folder(folder, "entitybench"), folder, tmp_path / "out")
    assert [path.name for path in made] == ["a.story", "b.story"]

    with pytest.raises(InputError, match=r"no \.json file"):
        import_folder(tmp_path, None)
    with pytest.raises(InputError, match="only episodes of EntityBench"):
        import_folder(folder, "fdx")
