"""Every word of the table has places on both sides of a door, and is no word of the world's own."""

from __future__ import annotations

import pytest

from dreamrunner.engine.storybook.capabilities import storybook_capabilities
from dreamrunner.engine.storybook.nearest_places import KEPT, nearest_places, written
from dreamrunner.engine.storybook.world.additions import ALL_PLACES, INDOORS


def test_each_word_has_places_inside_and_outside() -> None:
    for word, places in nearest_places().items():
        assert set(places) <= set(ALL_PLACES), word
        sides = [place in INDOORS for place in places]
        assert sides == [True] * KEPT + [False] * KEPT, word


def test_no_word_names_a_place_of_the_world() -> None:
    assert not set(nearest_places()) & set(storybook_capabilities().places)


@pytest.mark.slow  # loads the encoder
def test_the_table_is_what_the_encoder_says() -> None:
    words = ("arena", "kindergarten", "reef")
    lines = written(words).splitlines()[-3:]
    assert [line.split(" = ")[0].strip('"') for line in lines] == list(words)
    for line in lines:
        word = line.split(" = ")[0].strip('"')
        assert all(f'"{place}"' in line for place in nearest_places()[word])
