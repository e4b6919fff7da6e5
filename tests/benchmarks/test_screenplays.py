"""The score of screenplays: a figure is of a label by one of its names, or is of its several."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from screenplays import Seen, agreement  # noqa: E402


@pytest.mark.parametrize(
    ("names", "figure", "meant"),
    [
        (("MAE",), "MAE DOLAN", True),
        (("MR. FOX",), "MR FOX", True),
        (("CURATOR",), "THE CURATOR", True),
        (("PRIESTS",), "CHANTING PRIESTS", True),
        (("PEOPLE",), "WORKING-CLASS PEOPLE", True),
        (("DOGS",), "DOG-1", True),
        (("DOLAN",), "MAE DOLAN", False),
        (("PRIEST",), "OLD PRIEST", False),
        (("DOGS",), "DOG HANDLER", False),
    ],
)
def test_whom_a_label_means(names: tuple[str, ...], figure: str, meant: bool) -> None:
    assert Seen(names, acts=False, sure=True).is_meant_by(figure) is meant


@pytest.mark.parametrize(
    ("names", "figure", "told"),
    [
        (("TV CREWS",), "CREWS", True),
        (("FBI MEN", "AGENTS"), "MEN", True),
        (("OLD MAN",), "MEN", False),
        (("MAN",), "MAN", False),
        (("DOG HANDLER",), "DOG", False),
    ],
)
def test_whose_noun_ends_a_labels_name_is_nobody_else(
    names: tuple[str, ...], figure: str, told: bool
) -> None:
    assert Seen(names, acts=False, sure=True).is_told_by(figure) is told


def test_two_people_agree_where_each_names_whom_the_other_must_have() -> None:
    mae, ben, crowd = (Seen((n,), acts=False, sure=True) for n in ("MAE", "BEN", "CROWD"))
    perhaps = Seen(("BEN",), acts=False, sure=False)
    one = {"a": [mae, ben], "b": [mae], "c": [mae, perhaps]}
    other = {"a": [mae], "b": [mae, crowd], "c": [mae, ben]}
    assert agreement(one, other) == {
        "paragraphs": 3, "everybody is there": 2, "somebody too many": 1
    }  # fmt: skip
