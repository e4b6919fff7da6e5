"""Given `@voice FOX start=4s`, expect the line at that time of its scene, whatever is seen."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities

WORLD = capabilities("animatic")

LATE = """\
EXT. MEADOW - DAY
@voice FOX start=4s

The FOX walks.

FOX
Hello, my friend, who goes there?

OWL
It is only me.
"""
FIXED = """\
EXT. MEADOW - DAY
@duration 6s
@voice OWL start={start}

The FOX walks.

FOX
Good evening.

The OWL jumps.

OWL
Who goes there, in the middle of the night?
"""
IN_SHOTS = """\
EXT. MEADOW - DAY
@voice OWL start=3s

@shot WIDE 2s

The FOX walks.

@shot CLOSE 3s on=OWL

The OWL waits.

OWL
Good evening.
"""


def heard(page: str) -> list[tuple[str, float, float]]:
    """Return who says something, from when to when, in seconds of the film."""
    story = parse_story(page, path="a.story").story
    assert story is not None
    found, at_s = [], 0.0
    for shot in direct(story, WORLD).shots:
        for line in shot.subtitles:
            found.append((line.speaker, at_s + line.start_s, at_s + line.end_s))
        at_s += shot.duration_s
    return found


def test_a_line_begins_when_the_page_says_and_the_next_one_after_it() -> None:
    (fox, start_s, end_s), (owl, answer_s, _) = heard(LATE)
    assert (fox, owl) == ("FOX", "OWL")
    assert start_s == pytest.approx(4.0)
    assert answer_s > end_s
    story = parse_story(LATE, path="a.story").story
    assert story is not None
    assert direct(story, WORLD).duration_s >= end_s


def test_without_it_the_line_comes_by_itself() -> None:
    assert heard(LATE.replace("@voice FOX start=4s\n", ""))[0][1] < 2


@pytest.mark.parametrize("start", ["0.25s", "2.5s", "3s"])
def test_in_a_scene_of_a_fixed_length_a_line_goes_over_the_cuts(start: str) -> None:
    said = heard(FIXED.format(start=start))
    owl = [(begin, end) for who, begin, end in said if who == "OWL"]
    assert owl[0][0] == pytest.approx(float(start[:-1]))
    # It is one line, whichever shots show it: no hole, and as long as it takes to say.
    assert all(a[1] == pytest.approx(b[0]) for a, b in zip(owl, owl[1:], strict=False))
    assert owl[-1][1] - owl[0][0] == pytest.approx(43 / 15, abs=0.15)


def test_the_time_of_a_line_in_a_shot_is_the_scenes() -> None:
    assert heard(IN_SHOTS)[0][:2] == ("OWL", pytest.approx(3.0))


def test_a_line_that_begins_too_late_is_told_with_the_seconds_that_lack() -> None:
    parsed = parse_story(FIXED.format(start="5s"), path="a.story")
    (warning,) = [d for d in parsed.diagnostics if d.code == "W171"]
    assert "takes 7.9s of a 6s scene: 1.9s too few" in warning.message


def test_a_start_belongs_to_a_scene() -> None:
    parsed = parse_story("@voice FOX start=2s\n\nEXT. A\n\nThe FOX.\n", path="a.story")
    assert [d.message for d in parsed.errors] == [
        "start is when somebody's next line of a scene begins"
    ]
