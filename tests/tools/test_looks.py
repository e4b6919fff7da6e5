"""A story with reference pictures on the embedded engine: what is read of them and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from dreamrunner.engine.storybook.world.figures.pose import Pose
from dreamrunner.engine.storybook.world.figures.recognised import recognised
from dreamrunner.engine.storybook.world.figures.sprites import sprite_image
from dreamrunner.engine.storybook.world.vocabulary import CHARACTERS, Accessory
from dreamrunner.production.facade import check_story, plan_story
from dreamrunner.production.settings import Settings

STORY = """\
@character FOX: {look} {{ reference "fox.png" }}

EXT. MEADOW - DAY

The FOX waits.
"""


def picture(path: Path, coat: str, ground: str = "#88cc88") -> None:
    seen = Image.new("RGB", (120, 100), ground)
    ImageDraw.Draw(seen).ellipse((30, 20, 90, 80), fill=coat)
    seen.save(path)


@pytest.mark.parametrize(
    ("look", "coat", "color", "said"),
    [
        ("a small fox", "#8a93a5", "grey", "the fox is drawn in grey; its shape"),
        ("a small fox", "#e04f2a", "red", "the fox is drawn in red"),
        ("a small red fox", "#8a93a5", "red", "words outrank pictures"),
        ("a small fox", "#20c020", "red", "is not clearly red or grey"),
    ],
)
def test_a_picture_says_a_colour_where_the_words_say_none(
    tmp_path: Path, look: str, coat: str, color: str, said: str
) -> None:
    story = tmp_path / "a.story"
    story.write_text(STORY.format(look=look))
    picture(tmp_path / "fox.png", coat, ground="#f0e8ff")
    plan = plan_story(story, Settings(store=tmp_path / "store"))
    assert plan.shots[0].entities[0].color == color
    assert any('"fox.png" of FOX' in note and said in note for note in plan.notes), plan.notes
    warned = [d for d in check_story(story, "storybook").diagnostics if d.code == "W019"]
    assert bool(warned) is ("changes nothing" in " ".join(plan.notes))


def test_a_picture_of_the_worlds_own_figure_says_what_it_wears(tmp_path: Path) -> None:
    story = tmp_path / "a.story"
    story.write_text(STORY.format(look="a small fox"))
    seen = Image.new("RGBA", (160, 120), "#88cc88")
    worn = sprite_image("fox", "grey", height=80, facing="left", wear=Accessory("scarf", "green"))
    seen.alpha_composite(worn, (40, 20))
    seen.save(tmp_path / "fox.png")
    plan = plan_story(story, Settings(store=tmp_path / "store"))
    (fox,) = plan.shots[0].entities
    assert fox.color == "grey" and "a green scarf" in fox.prompt
    assert any("the fox is drawn in grey with a green scarf" in note for note in plan.notes)
    assert [d for d in check_story(story, "storybook").diagnostics if d.code == "W019"] == []
    # Words outrank pictures, one by one.
    story.write_text(STORY.format(look="a small red fox"))
    (fox,) = plan_story(story, Settings(store=tmp_path / "store")).shots[0].entities
    assert fox.color == "red" and "a green scarf" in fox.prompt


@pytest.mark.parametrize("wear", [None, Accessory("hat", "blue"), Accessory("bow", "yellow")])
@pytest.mark.parametrize("animal", ["owl", "rabbit"])
def test_figures_are_recognised_at_any_size(animal: str, wear: Accessory | None) -> None:
    color = CHARACTERS[animal].colourways[-1]
    for height in (60, 150):
        found = recognised(sprite_image(animal, color, height=height, wear=wear), animal)
        assert found is not None and (found.colourway, found.worn) == (color, wear)
    for pose in (Pose(lean=20), Pose(angle=90)):
        assert recognised(sprite_image(animal, color, pose, height=96, wear=wear), animal) is None
    assert recognised(sprite_image("elephant", "blue", height=96, wear=wear), animal) is None


def test_whom_the_world_cannot_draw_is_cut_from_its_picture(tmp_path: Path) -> None:
    story = tmp_path / "a.story"
    story.write_text(
        STORY.replace("FOX", "GRIFFIN")
        .format(look="an old griffin")
        .replace('"fox.png" }', '"fox.png"; reference "b.png" }')
    )
    picture(tmp_path / "fox.png", "#20c020")
    picture(tmp_path / "b.png", "#20c020")
    notes = plan_story(story, Settings(store=tmp_path / "store")).notes
    assert any("a paper figure is cut from the picture" in note for note in notes), notes
    lost = [d for d in check_story(story, "storybook").diagnostics if d.code == "W019"]
    assert [d.message for d in lost] == [
        '"b.png" of GRIFFIN changes nothing: a paper figure is cut from the picture before it'
    ]
    (tmp_path / "fox.png").write_text("no picture")
    lost = [d for d in check_story(story, "storybook").diagnostics if d.code == "W019"]
    assert [d.message for d in lost] == [
        '"fox.png" of GRIFFIN changes nothing: it cannot be read as a picture'
    ]
