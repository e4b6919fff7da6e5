"""Given looks, places and things, expect what the world has of them, and a note of the rest."""

from __future__ import annotations

from itertools import product

import pytest

from dreamrunner.plan import Capabilities

from ..conftest import OPEN, STORYBOOK
from .planned import FOX_AND_OWL, box_of, only_shot, planned, prompts


def test_a_stranger_keeps_its_look_and_is_noted_with_the_nearest() -> None:
    shot = only_shot("EXT. TOWN\n\nA small boy, TOM, walks to the right. A WOLF waits.\n")
    assert [(e.id, e.character, e.color) for e in shot.entities] == [
        ("TOM", None, None), ("WOLF", None, None),
    ]  # fmt: skip
    assert prompts(shot) == ["a small boy walking to the right", "a wolf standing still"]
    assert shot.notes == (
        "TOM is nothing that storybook knows how to draw; the nearest it knows is a rabbit",
        "WOLF is nothing that storybook knows how to draw; the nearest it knows is a fox",
    )


@pytest.mark.parametrize(
    ("look", "character", "color", "noted"),
    [
        ("a small grey fox", "fox", "grey", False),
        ("a fox with a grey scarf", "fox", "red", False),
        ("a ginger cat in a bear costume", "cat", "orange", False),
        ("a golden lion", "lion", "yellow", False),
        ("a blue fox", "fox", "red", True),
        ("a caterpillar", None, None, True),
        ("a friend of the owl", None, None, True),
    ],
)
def test_looks(look: str, character: str | None, color: str | None, noted: bool) -> None:
    shot = only_shot(f"@character MILO: {look}\n\nEXT. BEACH\n\nMILO waits.\n")
    entity = shot.entity("MILO")
    assert (entity.character, entity.color, bool(shot.notes)) == (character, color, noted)


@pytest.mark.parametrize(
    ("heading", "prose", "place", "noted"),
    [
        ("EXT. BEACH - DAY", "The FOX waits.", "beach", False),
        ("EXT. SEASIDE - DAY", "The FOX waits.", "beach", False),
        ("EXT. DARK WOODS - NIGHT", "The FOX waits.", "forest", False),
        ("EXT. FROZEN RIVER - DAY", "The FOX waits.", "snow", True),
        ("EXT. VILLAGE STREET", "The FOX waits in the snow.", "town", True),
        ("INT. HOLLOW OAK - NIGHT", "The FOX waits.", "forest", True),
        ("EXT. SHORE - DAY", "The FOX waits.", "beach", True),
        ("EXT. RIVERBANK - NIGHT", "The FOX runs over the ice.", "snow", True),
        ("EXT. GREEN HILL - DAY", "The FOX waits.", "meadow", True),
        ("EXT. NOWHERE - NIGHT", "The FOX waits.", "forest", True),
        ("EXT. FOREST - DAWN", "The FOX waits.", "forest", True),
    ],
)
def test_places(heading: str, prose: str, place: str, noted: bool) -> None:
    shot = only_shot(f"{FOX_AND_OWL}\n{heading}\n\n{prose.replace('runs', 'walks')}\n")
    assert shot.place_id == place
    assert shot.background == STORYBOOK.places[place]
    assert bool(shot.notes) == noted


NAMES = ["FOX", "OWL", "MRS. BEAR", "TOM", "OLD KEEPER"]


PLACES = ["THE {}'S DEN", "{} HOUSE", "HOUSE OF {}", "BEHIND THE {}", "{}"]


@pytest.mark.parametrize("capabilities", [STORYBOOK, OPEN], ids=["storybook", "open"])
def test_a_background_names_nobody(capabilities: Capabilities) -> None:
    cast = "\n".join(f"@character {n}: a {n.split()[-1].lower()}" for n in NAMES)
    words = {w.strip(".").lower() for n in NAMES for w in n.split()} - {"old"}
    words |= set(STORYBOOK.characters) | {f"{c}s" for c in STORYBOOK.characters}
    for name, place in product([*NAMES, "RABBIT", "BEARS"], PLACES):
        heading = f"EXT. {place.format(name)} - DAY"
        shot = only_shot(f"{cast}\n\n{heading}\n\nSnow falls. The {name} waits.\n", capabilities)
        said = {w.strip(".,'").removesuffix("'s") for w in shot.background.lower().split()}
        shared = said & words if capabilities is STORYBOOK else said & words - {"rabbits"}
        assert not shared, (heading, shot.background)


def test_more_than_the_engine_draws_are_left_out_with_a_note() -> None:
    shot = only_shot("EXT. TOWN\n\nA fox, a cat and a pig look on. An owl lands. A frog hops.\n")
    assert [e.id for e in shot.entities] == ["FOX", "CAT", "PIG"] or len(shot.entities) == 3
    assert any(n.startswith("storybook draws 3 at once; left out of this shot") for n in shot.notes)


def test_props_are_noted_in_a_small_world_and_spoken_of_in_an_open_one() -> None:
    text = (
        f"{FOX_AND_OWL}@prop LANTERN: a brass lantern\n\nEXT. TOWN\n\nThe FOX holds the LANTERN.\n"
    )
    small, large = only_shot(text), only_shot(text, OPEN)
    assert [e.id for e in small.entities] == ["FOX"]
    assert "LANTERN is a prop that storybook does not draw" in small.notes
    assert prompts(large) == ["a small grey fox, holding the lantern"]


def test_continuity_of_place() -> None:
    plan = planned(
        f"""{FOX_AND_OWL}
EXT. BEACH

The FOX walks to the right.

The FOX jumps.

EXT. TOWN

The FOX waits.
"""
    )
    first, second, elsewhere = plan.shots
    there = box_of(first, "FOX", first.duration_s).center[0]
    assert there > 0.6
    assert box_of(second, "FOX", 0).center[0] == pytest.approx(there, abs=0.01)
    assert box_of(elsewhere, "FOX", 0).center[0] == pytest.approx(0.5, abs=0.01)
