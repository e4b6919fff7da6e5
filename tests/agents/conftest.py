"""What the tests of agents share: the storybook world and an open one, as capabilities."""

from __future__ import annotations

import pytest

from dreamrunner.plan import Capabilities

STORYBOOK = Capabilities(
    name="storybook",
    clip_frames=25,
    fps=8,
    width=144,
    height=96,
    max_entities=3,
    characters={
        "fox": ("red", "grey"),
        "owl": ("purple", "brown"),
        "bear": ("brown", "honey"),
        "rabbit": ("white", "pink"),
        "frog": ("green", "blue"),
        "cat": ("black", "orange"),
        "penguin": ("navy", "teal"),
        "pig": ("pink", "lilac"),
        "lion": ("yellow", "white"),
    },
    aspects={
        "fox": 0.98, "owl": 0.86, "bear": 0.83, "rabbit": 0.6, "frog": 1.02,
        "cat": 0.88, "penguin": 0.72, "pig": 0.88, "lion": 1.0,
    },
    places={
        "meadow": "a sunny meadow",
        "beach": "a sandy beach",
        "snow": "a snowy landscape",
        "forest": "a forest at night",
        "desert": "a desert",
        "town": "a town street",
    },
    motions={
        "stand": "standing still",
        "walk": "walking",
        "hop": "hopping",
        "jump": "jumping",
        "fly": "flying up",
        "land": "landing",
        "bow": "bowing",
        "sleep": "sleeping",
    },
    library_motions={"spin": "spinning", "somersault": "doing a somersault"},
    traveling=("walk", "hop"),
    synonyms={"bunny": "rabbit", "seaside": "beach", "woods": "forest", "stroll": "walk"},
    metrics=("text", "layout", "identity", "motion", "place", "join"),
)  # fmt: skip
OPEN = Capabilities(
    name="cogvideox-2b", clip_frames=49, fps=8, width=720, height=480, max_entities=4
)


@pytest.fixture
def storybook() -> Capabilities:
    return STORYBOOK


@pytest.fixture
def open_world() -> Capabilities:
    return OPEN
