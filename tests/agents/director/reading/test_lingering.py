"""Given paragraphs of a scene, expect who is still there though no word tells of them."""

from __future__ import annotations

import pytest

from .test_who_is_there import TED_AND_ANN, shown

LATER = f"Rain falls.\n\n{TED_AND_ANN}"
ON = ("TED opens a box.", "ANN looks in.", "TED shuts the box.")


@pytest.mark.parametrize(
    ("before", "said", "seen"),
    [
        # A waiter who came once is not of "they" four paragraphs later; who has lines is.
        (("A waiter brings TED the bill.", *ON), "They leave.", {"TED", "ANN"}),
        (("A waiter brings TED the bill.", *ON), "Their eyes meet. They smile.", {"TED", "ANN"}),
        (("ANN kneels.", "TED opens a box.", "TED yawns.", "TED sits."), "They leave.",
         {"TED", "ANN"}),
        # Two paragraphs later he is, and whoever the page tells of again is told anew.
        (("A waiter brings TED the bill.", "TED pays."), "They shake hands.", {"TED", "WAITER"}),
        (("A waiter comes in.", *ON, "The waiter comes back."), "They eat.",
         {"TED", "ANN", "WAITER"}),
        # "The waiter" and "everyone" mean him all the same.
        (("A waiter brings TED the bill.", *ON), "TED pays the waiter.", {"TED", "WAITER"}),
    ],
)  # fmt: skip
def test_who_has_no_lines_is_there_as_long_as_the_page_tells_of_them(
    before: tuple[str, ...], said: str, seen: set[str]
) -> None:
    assert shown(*before, said, after=LATER) == seen


def test_who_has_no_lines_stays_behind_in_the_scene_before() -> None:
    before = "INT. BAR - NIGHT\n\nA waiter brings TED the bill. He yawns.\n\n"
    after = "Rain falls.\n\nANN\nHello.\n\n"
    assert "WAITER" not in shown("He falls.", before=before, after=after)
    assert shown("The waiter falls.", before=before, after=LATER) == {"WAITER"}


def test_where_nobody_speaks_a_scene_goes_on_with_everybody() -> None:
    page = ("A fox comes in.", "A rabbit sits down.", *["The fox looks up."] * 4, "They run.")
    assert shown(*page) == {"FOX", "RABBIT"}


def test_they_are_the_two_whom_the_paragraph_named() -> None:
    before = ("TED watches BO (20) and his sisters drive off.", "TED waves.")
    said = "As TED turns, ANN stares at the window. They lock eyes."
    assert shown(*before, said, after=LATER) == {"TED", "ANN"}
