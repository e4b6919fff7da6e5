"""Given a page, expect every assertion to point at the words that asked for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.errors import Span
from dreamrunner.plan import Plan

WORLD = capabilities("storybook")

PAGE = """\
@character FOX: a red fox
@character OWL: a purple owl

EXT. MEADOW - DAY

The FOX walks to the right. In the oak the OWL
sleeps. Then the FOX jumps.

The OWL {motion=fly, 0s..1s} is  awake \\{now\\}  again. It  sits.
@layout FOX { 0s: box (0.1, 0.5, 0.3, 0.9) }
@expect motion.OWL >= 0.6
"""


def planned(text: str) -> Plan:
    story = parse_story(text, path="t.story").story
    assert story is not None
    return direct(story, WORLD)


def said(span: Span | None, text: str) -> str:
    """Return the words at a span, and check its line and columns by counting."""
    assert span is not None
    before = text[: span.start]
    assert (span.line, span.column) == (before.count("\n") + 1, len(before.split("\n")[-1]) + 1)
    upto = text[: span.end]
    assert (span.end_line, span.end_column) == (
        upto.count("\n") + 1, len(upto.split("\n")[-1]) + 1,
    )  # fmt: skip
    return text[span.start : span.end]


def asked(plan: Plan, text: str) -> list[tuple[str, str]]:
    return [(a.id, said(a.span, text)) for shot in plan.shots for a in shot.assertions]


def test_prose_on_line_six_is_pointed_at_on_line_six() -> None:
    text = "@character FOX: a red fox\n\n\nEXT. MEADOW - DAY\n\nThe FOX walks to the right.\n"
    (shot,) = planned(text).shots
    assert {a.metric: a.span.line for a in shot.assertions if a.span} == {
        "present": 6, "motion": 6, "layout": 6, "place": 4,
    }  # fmt: skip
    (beat,) = shot.beats
    assert said(beat.span, text) == "The FOX walks to the right."
    assert not beat.pinned


def test_every_assertion_points_at_what_asked_for_it() -> None:
    layout = "@layout FOX { 0s: box (0.1, 0.5, 0.3, 0.9) }"
    walks, sleeps = "The FOX walks to the right.", "In the oak the OWL\nsleeps."
    jumps, awake = "Then the FOX jumps.", "The OWL {motion=fly, 0s..1s} is  awake \\{now\\}  again."
    place = "EXT. MEADOW - DAY"
    assert asked(planned(PAGE), PAGE) == [
        ("1.1/present.FOX", walks),
        ("1.1/present.OWL", sleeps),
        ("1.1/motion.FOX", walks),
        ("1.1/motion.OWL", sleeps),
        ("1.1/layout.FOX", layout),
        ("1.1/layout.OWL", sleeps),
        ("1.1/place", place),
        ("1.1/expect.motion.OWL", "motion.OWL >= 0.6"),
        ("1.2/present.FOX", jumps),
        ("1.2/present.OWL", sleeps),
        ("1.2/motion.FOX", jumps),
        ("1.2/motion.OWL", sleeps),
        ("1.2/layout.FOX", layout),
        ("1.2/layout.OWL", sleeps),
        ("1.2/place", place),
        ("1.2/expect.motion.OWL", "motion.OWL >= 0.6"),
        ("1.3/present.OWL", awake),
        ("1.3/motion.OWL", "{motion=fly, 0s..1s}"),
        ("1.3/motion.OWL.2", awake),
        ("1.3/layout.OWL", awake),
        ("1.3/place", place),
        ("1.3/expect.motion.OWL", "motion.OWL >= 0.6"),
    ]


def test_only_what_the_writer_fixed_is_pinned() -> None:
    beats = [
        (b.motion, b.pinned, said(b.span, PAGE)[:8] if b.span else "")
        for shot in planned(PAGE).shots
        for b in shot.beats
    ]
    assert beats == [
        ("walk", False, "The FOX "),
        ("sleep", False, "In the o"),
        ("jump", False, "Then the"),
        ("sleep", False, "In the o"),
        ("fly", True, "{motion="),
        ("stand", False, ""),  # nobody says it: a rule fills the rest of the shot
    ]


def test_a_motion_that_replan_releases_is_no_pin_and_keeps_its_line() -> None:
    text = (
        "@character FOX: a red fox\n\nEXT. MEADOW - DAY\n@motion FOX { 0s..2s: jump }\n"
        "@replan motion\n\nThe FOX is here.\n"
    )
    (shot,) = planned(text).shots
    first = shot.beats[0]
    assert not first.pinned and said(first.span, text) == "0s..2s: jump"
    assert [pin.what for pin in shot.pins] == []


@pytest.mark.parametrize(
    ("body", "who", "words"),
    [
        ("FOX\nHello there.", "FOX", "FOX\nHello there."),
        ("@motion FOX { 0s..1s: jump }\n\nMist.", "FOX", "0s..1s: jump"),
        ("@layout FOX at left\n\nMist.", "FOX", "@layout FOX at left"),
        ("@shot wide on=FOX 2s {}\n\nMist.", "FOX", "@shot wide on=FOX 2s {}"),
        ("Mr. Bear runs. Dr. FOX waits.", "FOX", "Dr. FOX waits."),
        ("The FOX runs; it stops. It waits.", "FOX", "The FOX runs;"),
    ],
    ids=["cue", "motion", "layout", "shot", "abbreviation", "semicolon"],
)
def test_who_is_there_for_another_reason_points_at_it(body: str, who: str, words: str) -> None:
    text = f"@character FOX: a red fox\n\nEXT. MEADOW - DAY\n\n{body}\n"
    shot = planned(text).shots[0]
    (present,) = (a for a in shot.assertions if (a.metric, a.subject) == ("present", who))
    assert said(present.span, text) == words


def test_who_comes_from_another_file_is_pointed_at_in_this_one(tmp_path: Path) -> None:
    (tmp_path / "cast.story").write_text("\n" * 30 + "@character FOX: a red fox\n")
    text = '@use "cast.story"\n\nEXT. MEADOW - DAY\n\nThe FOX walks.\n'
    story = parse_story(text, path="t.story", folder=tmp_path).story
    assert story is not None
    (shot,) = direct(story, WORLD).shots
    found = {a.metric: (a.span.file, said(a.span, text)) for a in shot.assertions if a.span}
    assert found == {
        "present": ("t.story", "The FOX walks."),
        "motion": ("t.story", "The FOX walks."),
        "layout": ("t.story", "The FOX walks."),
        "place": ("t.story", "EXT. MEADOW - DAY"),
    }
