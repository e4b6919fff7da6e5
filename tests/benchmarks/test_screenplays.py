"""The score of screenplays: a figure is of a label by one of its names, or is of its several."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from screenplays import Seen, agreement, scored, silent_cast  # noqa: E402

from dreamrunner.engine.family import capabilities  # noqa: E402


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


def test_who_is_in_a_story_without_lines_is_somebody_of_another_paragraph(tmp_path: Path) -> None:
    page, cast = tmp_path / "hall.fountain", tmp_path / "cast.tsv"
    page.write_text(
        "Title: T\n\nINT. HALL - DAY\n\nMAE (40) waits. A nurse nods.\n\nMAE\nHello.\n", "utf-8"
    )
    cast.write_text("script\tnames\nhall\tNURSE|WOMAN\n", "utf-8")
    labels = {"hall:5": [Seen(("MAE",), acts=False, sure=True)]}
    world = capabilities("storybook")
    assert scored([page], labels, world)["figures that are none"] == 1
    known = scored([page], labels, world, silent_cast(cast))
    assert (known["figures that are none"], known["somebody too many"]) == (0, 1)
