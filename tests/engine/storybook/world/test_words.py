"""Settings, accessories, interactions and camera moves in words, and back."""

from __future__ import annotations

import re

import numpy as np
import pytest

from dreamrunner.engine.storybook.capabilities import storybook_capabilities
from dreamrunner.engine.storybook.world.others import kinds
from dreamrunner.engine.storybook.world.scene import SceneSpec, sample_scene
from dreamrunner.engine.storybook.world.scenes.pairing import Casting, paired
from dreamrunner.engine.storybook.world.vocabulary import (
    CAMERA_WORDS,
    INTERACTIONS,
    PLACES,
    Accessory,
    PlaceSetting,
)
from dreamrunner.engine.storybook.world.words.captions import (
    background_prompt,
    captions,
    joint_prompt,
    region_prompt,
    tied_prompt,
)
from dreamrunner.engine.storybook.world.words.phrasing import (
    FigureWords,
    figure_in,
    setting_in,
    view,
    wear_in,
    where,
)


@pytest.mark.parametrize(
    ("setting", "seen", "stood"),
    [
        (PlaceSetting("meadow"), "a sunny meadow", "on a sunny meadow"),
        (PlaceSetting("meadow", "night"), "a meadow at night", "on a meadow at night"),
        (PlaceSetting("meadow", None, "rain"), "a meadow in the rain", "on a meadow in the rain"),
        (PlaceSetting("forest"), "a forest at night", "in a forest at night"),
        (PlaceSetting("forest", "day"), "a forest by day", "in a forest by day"),
        (
            PlaceSetting("forest", None, "snow"),
            "a forest at night in falling snow",
            "in a forest at night in falling snow",
        ),
        (
            PlaceSetting("town", "night", "rain"),
            "a town street at night in the rain",
            "in a town at night in the rain",
        ),
        (PlaceSetting("room", "night"), "a room at night", "in a room at night"),
    ],
)
def test_settings_in_words(setting: PlaceSetting, seen: str, stood: str) -> None:
    assert view(setting) == seen == background_prompt(setting)
    assert where(setting) == stood
    lit = setting.light or PLACES[setting.place].light
    heard = setting_in(setting.place, seen)
    assert (heard.light or PLACES[setting.place].light, heard.weather) == (lit, setting.weather)


def test_every_wording_of_every_setting_is_heard_again() -> None:
    for place in PLACES.values():
        for light in ("day", "night"):
            for weather in place.weathers:
                for number in range(12):
                    setting = PlaceSetting(place.id, light, weather)  # type: ignore[arg-type]
                    heard = setting_in(place.id, view(setting, number))
                    assert (heard.light or place.light) == light, view(setting, number)
                    assert heard.weather == weather, view(setting, number)


@pytest.mark.parametrize(
    ("look", "wear"),
    [
        ("a small red fox with a green scarf", Accessory("scarf", "green")),
        ("an owl holding a Yellow Lantern", Accessory("lantern", "yellow")),
        ("a fox with a purple scarf", None),
        ("a green scarfed fox", None),
        ("a red fox", None),
    ],
)
def test_accessories_are_read_from_a_look(look: str, wear: Accessory | None) -> None:
    assert wear_in(look) == wear


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("a grey fox doing a somersault, facing left", FigureWords("fox", "grey", None, "left")),
        ("a frog with a green hat walking to the right",
         FigureWords("frog", None, Accessory("hat", "green"), "right")),
        ("a puppy that flips head over heels", FigureWords("dog", None, None, None)),
        ("a teal penguin carried by a fox", FigureWords("penguin", "teal", None, None)),
        ("a fox that looks left and right again", FigureWords("fox", None, None, None)),
        ("a robot facing left", None),
    ],
)  # fmt: skip
def test_a_figure_is_read_from_its_text(text: str, figure: FigureWords | None) -> None:
    assert figure_in(text) == figure


def test_canonical_words_for_accessories() -> None:
    scarf = Accessory("scarf", "green")
    assert region_prompt("fox", "red", "walk", "right", scarf) == (
        "a red fox with a green scarf walking to the right"
    )


@pytest.mark.parametrize(
    ("interaction", "first", "second"),
    [
        ("chase", "a red fox chasing a rabbit to the", "a white rabbit running from a fox to the"),
        ("meet", "a red fox meeting a rabbit to the", "a white rabbit meeting a fox to the"),
        ("carry", "a red fox carrying a rabbit to the", "a white rabbit carried by a fox to the"),
    ],
)
def test_canonical_words_for_two(interaction: str, first: str, second: str) -> None:
    fox, rabbit = (
        Casting(c, colour, role.motion)
        for (c, colour), role in zip(
            (("fox", "red"), ("rabbit", "white")), INTERACTIONS[interaction].roles, strict=True
        )
    )
    spec = SceneSpec("beach", 0, ())
    spec = SceneSpec("beach", 0, paired(np.random.default_rng(0), spec, interaction, (fox, rabbit)))
    said = [tied_prompt(spec, actor) for actor in spec.actors]
    assert [text.rpartition(" ")[0] for text in said] == [first, second]
    assert joint_prompt(spec) == f"{said[0]} on a beach"


def test_captions_name_wear_ties_conditions_and_camera_mostly() -> None:
    rng = np.random.default_rng(7)
    told: dict[str, list[bool]] = {"wear": [], "tie": [], "light": [], "camera": []}
    for _ in range(600):
        spec = sample_scene(rng)
        text = captions(spec, rng)
        for actor, region in zip(spec.actors, text.regions, strict=True):
            if actor.wear:
                told["wear"].append(f"{actor.wear.colour} {actor.wear.item}" in region)
            if actor.tie:
                told["tie"].append(actor.tie.other in re.findall(r"[a-z]+", region))
            assert not any(word in region for word in ("meadow", "the camera", "at night"))
        if spec.light == "night":
            told["light"].append("night" in text.background and "night" in text.joint)
        if spec.camera.move != "static":
            told["camera"].append(any(w in text.joint for w in CAMERA_WORDS[spec.camera.move]))
    shares = {name: float(np.mean(values)) for name, values in told.items()}
    assert 0.75 < shares["wear"] < 0.95 and 0.75 < shares["tie"] < 0.95
    assert shares["light"] == 1.0 and 0.5 < shares["camera"] < 0.9


def test_capabilities_know_the_grown_world() -> None:
    known = storybook_capabilities()
    assert len(known.characters) == 18 + 8 and len(known.places) == 12 + 15
    assert len(known.things) == 7 and set(known.kinds) == {*kinds()}
    assert known.kinds["car"].motions["roll"] == "rolling" and known.kinds["fish"].instead
    assert len(known.motions) == 13 and len(known.library_motions) == 2
    assert known.conditions["forest"]["day"] == "a forest by day"
    assert known.conditions["farm"]["night snow"] == "a farm at night in falling snow"
    assert known.together["chase"] == ("chasing {other}", "running from {other}")
    assert known.synonyms["dash"] == "run" and known.synonyms["lamb"] == "sheep"
    meanings = {*known.characters, *known.places, *known.motions, *known.library_motions}
    meanings |= {*known.things}
    assert set(known.synonyms.values()) <= meanings
    assert not set(known.synonyms) & meanings
