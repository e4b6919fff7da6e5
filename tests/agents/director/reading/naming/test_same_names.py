"""Given nicknames of one kind of spelling and another, expect one person."""

from __future__ import annotations

from ..test_who_is_there import TED_AND_ANN, shown


def test_a_nickname_is_one_however_its_end_is_written() -> None:
    speaks = f"DEBBIE\nNo.\n\n{TED_AND_ANN}"
    assert shown("Ted hugs Debby.", after=f"Rain falls.\n\n{speaks}") == {"TED", "DEBBIE"}
    both = f"DEBBY\nYes.\n\n{speaks}"
    assert shown("Ted hugs Debby.", after=f"Rain falls.\n\n{both}") == {"TED", "DEBBY"}
