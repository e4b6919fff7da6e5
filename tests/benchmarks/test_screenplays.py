"""The score of screenplays: a figure is of a label by one of its names, or is of its several."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from screenplays import Seen  # noqa: E402


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
