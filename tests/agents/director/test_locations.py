"""Given headings and prose, expect where and in which light and weather a scene is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dreamrunner.agents.director.locations import locate_scene
from dreamrunner.agents.director.reading.words.world_words import PLACE_KIN
from dreamrunner.agents.director.rules import direct
from dreamrunner.agents.director.weather import weather_of
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Plan
from dreamrunner.production.facade import check_story

from ..conftest import OPEN

WORLD = capabilities("storybook")


def planned(text: str) -> Plan:
    return direct(parse_story(f"Title: T\n\n{text}", path="t.story").story, WORLD)


def backgrounds(text: str) -> list[str]:
    return [shot.background for shot in planned(text).shots]


@pytest.mark.parametrize(
    ("heading", "background"),
    [
        ("INT. HOSPITAL HALLWAY - DAY", "a hallway with doors and a carpet"),
        ("INT. NEWSROOM - DAY", "an office with a desk and a bookcase"),
        ("INT. WOODEN SHACK - DAY", "a room"),
        ("INT. GARAGE - NIGHT", "a room at night"),
        ("INT. HOTEL LOBBY", "a hallway with doors and a carpet"),
        ("INT. TRAIN STATION - DAY", "a room"),
        ("INT. FOREST HUT - NIGHT", "a room at night"),
        ("INT. KITCHEN - DAY", "a kitchen with a stove and cupboards"),
        ("INT. CAVE - DAY", "a cave"),
        ("EXT. FERRY - DECK", "a harbour with a ship and a lighthouse"),
        ("INT. TUNNEL - NIGHT", "a cave at night"),
        ("EXT. HOUSE - DAY", "a town street"),
        ("EXT. CAVE - DAY", "high mountains"),
        ("EXT. KITCHEN GARDEN - DAY", "a garden"),
        ("EXT. BEACH - NIGHT", "a sandy beach at night"),
        # Nearest by their embedding, on their side of the door.
        ("INT. UNIVERSITY - DAY", "a classroom with a blackboard and desks"),
        ("INT. BARBERSHOP - DAY", "a shop with full shelves and a counter"),
        ("INT. ZOO - THE BUTCHER 5 - DAY", "a kitchen with a stove and cupboards"),
        ("EXT. MOTORWAYS - DAY", "a country road with a road sign"),
        ("EXT. IGLOO - DAY", "a snowy landscape"),
        ("INT. PRISON - DAY", "a hallway with doors and a carpet"),
        ("EXT. GLADE - DAY", "a forest by day"),
    ],
)
def test_int_is_a_room_or_a_cave_and_ext_never_one(heading: str, background: str) -> None:
    assert backgrounds(f"{heading}\n\nThe BEAR waits.\n") == [background]


SIDES = {
    "INT.": True, "int.": True, "INT": True, "INT. -": True, "ＩＮＴ．": True, "ІНТ.": True,
    "INT./EXT.": True, "INT. / EXT.": True, "INT/EXT.": True, "I/E": True, "I./E.": True,
    "12 INT.": True, "EXT.": False, "EXT": False, "EXT. -": False, "EST.": False,
    "EXT./INT.": False, "EXT/INT.": False, "EXT. / INT.": False, "E/I": False,
    "НАТ.": False, "7A. EXT.": False,
}  # fmt: skip
PLACES = sorted({*PLACE_KIN, *WORLD.places, *WORLD.synonyms, "VARIOUS LOCATIONS", "X", "WIDE"})


@given(
    side=st.sampled_from(sorted(SIDES)),
    place=st.lists(st.sampled_from(PLACES), min_size=1, max_size=3).map(" ".join),
    time=st.sampled_from(["", " - DAY", " - NIGHT", " - LATER", " - NIGHT (FLASHBACK)"]),
    prose=st.lists(st.sampled_from(PLACES), max_size=4).map(" ".join),
)
@example("INT./EXT.", "VARIOUS LOCATIONS", " - DAY", "meadow grass river")
@example("EXT/INT.", "SWAMP SHACK", " - DAY", "")
def test_int_is_indoors_and_ext_is_not_whatever_the_words(
    side: str, place: str, time: str, prose: str
) -> None:
    page = f"Title: T\n\n{side} {place.upper()}{time}\n\n!They see the {prose} there.\n"
    story = parse_story(page, path="t.story").story
    assert story is not None
    (scene,) = story.scenes
    assert scene.heading.setting
    where = locate_scene(scene, scene.heading.time, WORLD)
    assert (where.place_id in WORLD.indoors) == SIDES[side]


def test_a_place_that_another_stands_for_is_noted() -> None:
    plan = planned(
        "INT. NEWSROOM - DAY\n\nThe BEAR waits.\n\nINT. KITCHEN - DAY\n\nThe BEAR waits.\n"
    )
    assert plan.notes == (
        "storybook has no NEWSROOM; it is drawn as an office with a desk and a bookcase",
    )


def test_a_scene_that_goes_on_keeps_the_light_of_the_one_before() -> None:
    times = ("NIGHT", "CONTINUOUS", "MOMENTS LATER", "DAY", "LATER", "LATER THAT NIGHT", "SAME")
    text = "\n\n".join(f"EXT. MEADOW - {time}\n\nThe BEAR waits." for time in times)
    night, day = "a meadow at night", "a sunny meadow"
    assert backgrounds(text) == [night, night, night, day, day, night, night]
    plan = direct(parse_story(f"Title: T\n\n{text}", path="t.story").story, OPEN)
    assert [shot.background for shot in plan.shots][:3] == ["a meadow, night"] * 3


@pytest.mark.parametrize(
    ("prose", "weather"),
    [
        ("Snow is falling. The FOX walks.", "snow"),
        ("It is snowing.", "snow"),
        ("The FOX walks through the falling snow.", "snow"),
        ("Snow falls softly on the roofs.", "snow"),
        ("The FOX walks in the rain.", "rain"),
        ("A storm. The BEAR waits.", "rain"),
        ("The FOX shakes the snow off.", ""),
        ("The FOX falls in the snow.", ""),
        ("No rain for weeks.", ""),
        ("It has stopped snowing.", ""),
        ("It rains. Then the rain stops.", ""),
        ("A rainbow. A snowman.", ""),
    ],
)
def test_weather(prose: str, weather: str) -> None:
    assert weather_of(prose) == weather


def test_weather_in_the_prose_holds_for_the_scene_and_indoors_behind_the_panes() -> None:
    text = "{} - DAY\n\nSnow is falling. The FOX walks.\n\nThe FOX bows.\n"
    assert backgrounds(text.format("EXT. MEADOW")) == ["a meadow in falling snow"] * 2
    kitchen = "a kitchen with a stove and cupboards"
    assert backgrounds(text.format("INT. KITCHEN")) == [f"{kitchen}, falling snow outside"] * 2
    assert planned(text.format("INT. KITCHEN")).notes == ()
    assert planned(text.format("INT. BAR")).notes == ()  # without a window
    assert (
        backgrounds(text.format("EXT. ALLEY"))
        == ["an alley between brick walls in falling snow"] * 2
    )
    beach = planned(text.format("EXT. BEACH"))
    assert beach.notes == ("storybook draws no snow here: a sandy beach",)


def test_check_and_plan_speak_of_one_place(tmp_path: Path) -> None:
    text = (
        "INT. NEWSROOM - NIGHT\n\nThe BEAR waits.\n\nEXT. NOWHERE - CONTINUOUS\n\n"
        "The BEAR walks over the ice.\n\nEXT. PLAZA\n\nThe BEAR waits on the sand.\n"
    )
    story = tmp_path / "t.story"
    story.write_text(f"Title: T\n\n{text}", encoding="utf-8")
    told = [d.message for d in check_story(story, "storybook").diagnostics if d.code == "W137"]
    assert told == [note for note in planned(text).notes if "it is drawn as" in note]
    assert len(told) == 3 and "NOWHERE; it is drawn as a snowy landscape at night" in told[1]
