"""Given talk on a page, expect whoever speaks in the shot, and nobody who is only heard."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Capabilities, ShotPlan

from ..conftest import OPEN, STORYBOOK


def shots(text: str, world: Capabilities = STORYBOOK) -> tuple[ShotPlan, ...]:
    story = parse_story(text, path="t.story").story
    assert story is not None
    return direct(story, world).shots


def shown(shot: ShotPlan) -> set[str]:
    return {entity.id for entity in shot.entities}


@pytest.mark.parametrize("world", [STORYBOOK, OPEN])
def test_who_speaks_is_seen_where_the_action_names_nobody(world: Capabilities) -> None:
    first, *_, last = shots(
        "EXT. STREET - NIGHT\n\nBoth men are a little drunk.\n\nWILL\nYou were not there.\n\n"
        "EDGAR\nI was everywhere.\n\nINT. ROOM - DAY\n\nRain on the window.\n\nWILL\nListen.\n\n"
        "OLD WOMAN (O.S.)\nI hear it.\n",
        world,
    )
    assert shown(first) == {"WILL", "EDGAR"}
    assert shown(last) == {"WILL"}


@pytest.mark.parametrize(
    ("cue", "seen"),
    [
        ("EDGAR AND WILL", {"EDGAR", "WILL"}),
        ("EDGAR/WILL", {"EDGAR", "WILL"}),
        ("CONSTANCE", {"CONSTANCE"}),
        ("NURSE #2", {"NURSE #2"}),
        ("MR. BELL", {"MR. BELL"}),
        ("RADIO", set()),
        ("MAN'S VOICE", set()),
        ("VOICE ON THE LINE", set()),
        ("CROWD", set()),
        ("WILL (V.O.)", set()),
    ],
)
def test_who_a_cue_brings_into_the_picture(cue: str, seen: set[str]) -> None:
    (shot,) = shots(f"EXT. STREET - NIGHT\n\nA wet pavement.\n\n{cue}\nOh no.\n")
    assert shown(shot) == seen


def test_a_radio_that_the_cast_has_is_seen() -> None:
    (shot,) = shots("@character RADIO: a talking radio\n\nINT. ROOM\n\nA table.\n\nRADIO\nHi.\n")
    assert shown(shot) == {"RADIO"}


def test_all_who_are_there_say_what_all_say() -> None:
    *_, last = shots(
        "EXT. BEACH\n\nThe FOX and the OWL sit.\n\nBEAR\nAnd now we say it together, friends.\n\n"
        "ALL\nGood night!\n"
    )
    assert {"FOX", "OWL", "BEAR"} & shown(last)
    assert "ALL" not in shown(last)


def test_a_short_name_in_a_cue_is_the_long_one_of_the_page() -> None:
    first, *_ = shots(
        "INT. ROOM\n\nMAE DOLAN (34), a porter, runs in. CAPTAIN REYES (50) waits.\n\n"
        "MAE\nHere.\n\nREYES\nLate.\n\nINT. HALL\n\nYOUNG MAE (9) sits. Mae waves.\n"
    )
    assert shown(first) == {"MAE", "REYES"}
    declared = shots("@character MAE DOLAN: a porter\n\nINT. ROOM\n\nFog.\n\nMAE\nHere.\n")
    assert shown(declared[0]) == {"MAE DOLAN"}
