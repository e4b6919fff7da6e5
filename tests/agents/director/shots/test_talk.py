"""Given dialogue, expect lines that can be read, over shots of those who speak and listen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamrunner.agents.director.rules import direct
from dreamrunner.agents.director.shots.talk import in_pieces
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Capabilities, Plan, ShotPlan, Subtitle

from ...conftest import OPEN, STORYBOOK

CAST = "@character FOX: a red fox\n@character OWL: a purple owl\n@character BEAR: a brown bear\n"
SITTING = STORYBOOK.model_copy(update={"motions": {**STORYBOOK.motions, "sit": "sitting"}})
KITCHEN = """\
INT. KITCHEN - DAY

The FOX and the OWL sit.

FOX
When I was young there was a river behind the house, and every morning my mother walked down to it \
and told it what she had dreamt the night before.

OWL
You have told me that one before, and the time before it the river was a lake, and the time before \
that it was the sea.

FOX
Then you know how it ends, and you may as well let me tell it, because I am the only one of us who \
was there.

OWL
I know that you tell it so that nobody asks you anything, and I have wanted to ask you something \
for eleven years.

FOX
Ask.

OWL
Who are you when you are not telling a story?
"""


def planned(text: str, world: Capabilities = STORYBOOK) -> Plan:
    return direct(parse_story(f"Title: T\n\n{CAST}\n{text}", path="t.story").story, world)


def rate(line: Subtitle) -> float:
    return len(line.text) / (line.end_s - line.start_s)


def lines_of(plan: Plan) -> list[Subtitle]:
    return [line for shot in plan.shots for line in shot.subtitles]


def said(lines: Sequence[Subtitle]) -> list[tuple[str, str]]:
    """Return who says what, the pieces of a line put together."""
    whole: list[tuple[str, str]] = []
    spans = [line.span for line in lines]
    for index, line in enumerate(lines):
        if index and spans[index] == spans[index - 1]:
            whole[-1] = (line.speaker, f"{whole[-1][1]} {line.text}")
        else:
            whole.append((line.speaker, line.text))
    return whole


def cast_of(shot: ShotPlan) -> list[str]:
    return [entity.id for entity in shot.entities]


def test_a_page_of_talk_becomes_shots_that_can_be_read() -> None:
    plan = planned(KITCHEN, SITTING)
    blocks = [block.split("\n") for block in KITCHEN.strip().split("\n\n")[2:]]
    assert said(lines_of(plan)) == [(speaker, text) for speaker, text in blocks]
    assert max(map(rate, lines_of(plan))) <= 15.001
    assert all(shot.duration_s <= STORYBOOK.clip_s for shot in plan.shots)
    assert len(plan.shots) == 16
    first, *talk = plan.shots
    assert [line.start_s for line in first.subtitles] == [0.75]  # and to the end of the shot
    assert {shot.text for shot in plan.shots} == {"The FOX and the OWL sit."}
    for shot in talk:  # both in the picture, or the one who listens while a long line goes on
        speaking = {line.speaker for line in shot.subtitles}
        assert cast_of(shot) == ["FOX", "OWL"] or not speaking & set(cast_of(shot))
    assert {beat.motion for shot in plan.shots for beat in shot.beats} == {"sit"}
    assert [cast_of(shot) for shot in talk[:4]] == [
        ["OWL"],
        ["FOX", "OWL"],
        ["OWL"],
        ["FOX", "OWL"],
    ]
    breaths = [
        shot.duration_s - line.end_s
        for shot in talk
        for line in shot.subtitles[-1:]
        if line.text[-1] in ".?"
    ]
    assert min(breaths) >= 0.375


def test_a_short_line_is_said_over_the_action_once_it_has_begun() -> None:
    (shot,) = planned(
        "EXT. BEACH - DAY\n\nThe FOX walks to the right.\n\nFOX\nGood evening.\n"
    ).shots
    (line,) = shot.subtitles
    assert (line.start_s, line.end_s, shot.duration_s) == (0.5, 1.5, 3.125)
    first, second = planned(
        "EXT. BEACH - DAY\n\nThe FOX walks to the right, then bows.\n\nFOX\nGood evening.\n"
    ).shots
    assert first.subtitles == ()
    assert [line.start_s for line in second.subtitles] == [0.5]


def test_who_speaks_alone_is_seen_while_a_long_line_goes_on() -> None:
    text = "word " * 60
    plan = planned(f"EXT. BEACH - DAY\n\nThe FOX waits.\n\nFOX\n{text}\n")
    assert {tuple(cast_of(shot)) for shot in plan.shots} == {("FOX",)}
    assert said(lines_of(plan)) == [("FOX", text.strip())]


def test_a_voice_is_heard_over_whoever_is_there() -> None:
    text = "word " * 30
    plan = planned(f"EXT. BEACH - DAY\n\nThe FOX waits.\n\nOWL (V.O.)\n{text}\n")
    assert len(plan.shots) == 4
    assert {tuple(cast_of(shot)) for shot in plan.shots} == {("FOX",)}


def test_of_three_who_talk_each_is_seen_when_they_do() -> None:
    line = "this is just about as long as it may be"
    plan = planned(
        "EXT. BEACH - DAY\n\nThe FOX, the OWL and the BEAR wait.\n\n"
        f"FOX\n{line}\n\nOWL\n{line}\n\nBEAR\n{line}\n\nFOX\nYes.\n\nBEAR\nNo.\n"
    )
    talk = [shot for shot in plan.shots if shot.subtitles]
    assert [sorted({line.speaker for line in shot.subtitles}) for shot in talk] == [
        ["FOX"], ["OWL"], ["BEAR"], ["BEAR", "FOX"],
    ]  # fmt: skip
    for shot in talk:
        assert {line.speaker for line in shot.subtitles} <= set(cast_of(shot))
    assert [len(shot.entities) for shot in talk] == [3, 2, 2, 2]


def test_what_is_said_before_anything_is_done_is_said_first() -> None:
    plan = planned("EXT. BEACH - DAY\n\nFOX\nLook there.\n\nThe OWL lands.\n\nOWL\nGood evening.\n")
    assert [(cast_of(s), [x.text for x in s.subtitles]) for s in plan.shots] == [
        (["FOX"], ["Look there."]),
        (["OWL"], ["Good evening."]),
    ]


def test_a_pinned_duration_wins_and_lines_are_squeezed_into_it() -> None:
    text = KITCHEN.replace("DAY\n", "DAY\n@duration 10s\n")
    plan = planned(text, SITTING)
    assert plan.duration_s == pytest.approx(10)
    assert len(plan.shots) == 4 and all(s.duration_s <= STORYBOOK.clip_s for s in plan.shots)
    assert [who for who, _ in said(lines_of(plan))] == ["FOX", "OWL", "FOX", "OWL", "FOX", "OWL"]
    assert min(map(rate, lines_of(plan))) > 15


def test_a_pinned_duration_gives_each_line_its_time_while_there_is_any() -> None:
    plan = planned(
        "EXT. BEACH - DAY\n@duration 6s\n\nThe FOX bows.\n\nFOX\n"
        "This line takes all of two and a half.\n\nThe OWL lands.\n"
        "\nOWL\nAnd this one has three dear readers.\n\nThe BEAR waits.\n"
    )
    assert plan.duration_s == pytest.approx(6)
    assert max(map(rate, lines_of(plan))) <= 15.001


def test_the_writers_own_shot_lasts_as_long_as_its_talk() -> None:
    text = "word " * 20
    plan = planned(f"EXT. BEACH - DAY\n\n@shot CLOSE on=FOX\n\nThe FOX waits.\n\nFOX\n{text}\n")
    assert max(map(rate, lines_of(plan))) <= 15.001
    assert said(lines_of(plan)) == [("FOX", text.strip())]
    assert {tuple(cast_of(shot)) for shot in plan.shots} == {("FOX",)}


def test_two_speak_at_once() -> None:
    plan = planned(
        "EXT. BEACH - DAY\n\nThe BEAR and the OWL wait.\n\nBEAR\nNow or never!\n\nOWL ^\nNever!\n\n"
        "BEAR\nI have something important to say!\n\nOWL ^\nI have something really, really "
        "important to say to everyone who can hear me on this beach!\n\nThe OWL flies up.\n"
    )
    short = plan.shots[0].subtitles
    assert [(x.speaker, x.start_s, x.end_s) for x in short] == [
        ("BEAR", 0.5, 1.5),
        ("OWL", 0.5, 1.5),
    ]
    both = plan.shots[1].subtitles
    assert [x.speaker for x in both] == ["BEAR", "OWL"]
    assert (both[0].start_s, both[0].end_s) == (both[1].start_s, both[1].end_s)
    assert [x.speaker for x in plan.shots[2].subtitles] == ["OWL"]
    assert max(map(rate, lines_of(plan))) <= 15.001


def test_emphasis_and_empty_cues_leave_the_subtitles() -> None:
    plan = planned(
        "INT. TRAILER - DAY\n\nThe FOX and the OWL wait.\n\nFOX\n(in Vietnamese, subtitled)\n"
        "*Did you know they are retired?*\n\nOWL\nThen let's retire them. _Permanently_. And "
        r"**never** say \*that\* again."
        + "\n\nBEAR\n(nods)\n\nOWL\n[[cut this?]]Fine. /* or */ Go.\n"
    )
    assert said(lines_of(plan)) == [
        ("FOX", "Did you know they are retired?"),
        ("OWL", "Then let's retire them. Permanently. And never say *that* again."),
        ("OWL", "Fine. Go."),
    ]


VOICES = [
    "(V.O.)", "(O.S., PRELAP)", "(V.O.) (CONT'D)", "(on the radio)", "(V.O)", "(voice over)",
    "(off-screen)", "(VO/SUBTITLED)", "(OFF)",
]  # fmt: skip


@pytest.mark.parametrize("extension", VOICES)
def test_who_is_only_heard_is_not_in_the_picture(extension: str) -> None:
    text = "EXT. BEACH - DAY\n\nThe FOX waits.\n\nOWL {}\nIt is late, and the tide is coming in.\n"
    heard, seen = planned(text.format(extension)), planned(text.format("(CONT'D)"))
    assert not any("OWL" in cast_of(shot) for shot in heard.shots)
    assert [x.speaker for x in lines_of(heard)] == ["OWL"]
    assert any("OWL" in cast_of(shot) for shot in seen.shots)


def test_the_rate_of_speech_is_the_writers() -> None:
    page = f"@defaults {{ speech 10 }}\n\n{KITCHEN}"
    assert max(map(rate, lines_of(planned(page)))) <= 10.001
    faster = KITCHEN.replace("DAY\n", "DAY\n@speech 20\n")
    assert (
        15 < max(map(rate, lines_of(planned(f"@defaults {{ speech 10 }}\n\n{faster}")))) <= 20.001
    )


TALKING = STORYBOOK.model_copy(
    update={"motions": {**STORYBOOK.motions, "sit": "sitting", "talk": "talking"}}
)


def test_whoever_speaks_in_the_picture_is_drawn_speaking_where_the_engine_can() -> None:
    text = "EXT. BEACH - DAY\n\nThe FOX waits. The OWL sleeps.\n\n{}\nGood evening, old friend.\n"
    (shot,) = planned(text.format("FOX"), TALKING).shots
    assert [(b.motion, b.start_s, b.end_s) for b in shot.beats if b.entity == "FOX"] == [
        ("stand", 0, 0.5), ("talk", 0.5, 2.25), ("stand", 2.25, 3.125),
    ]  # fmt: skip
    assert "then talking" in shot.entity("FOX").prompt
    assert {b.motion for b in shot.beats if b.entity == "OWL"} == {"sleep"}
    for cue, world in (("FOX (V.O.)", TALKING), ("OWL", TALKING), ("FOX", STORYBOOK)):
        (shot,) = planned(text.format(cue), world).shots
        assert "talk" not in {beat.motion for beat in shot.beats}


def test_what_the_writer_fixed_goes_on_while_somebody_talks() -> None:
    text = "EXT. BEACH - DAY\n@motion FOX stand\n\nThe FOX waits.\n\nFOX\nGood evening.\n"
    (shot,) = planned(text, TALKING).shots
    assert [(b.motion, b.pinned) for b in shot.beats] == [("stand", True)]


SPEECHES = st.lists(
    st.tuples(
        st.sampled_from(["FOX", "OWL", "BEAR", "OWL (V.O.)", "FOX ^"]),
        st.lists(st.integers(1, 70), min_size=1, max_size=40).map(
            lambda lengths: " ".join("m" * length for length in lengths)
        ),
    ),
    max_size=6,
)
DEEDS = ["The FOX waits.", "The FOX walks to the right, then bows.", "The OWL sleeps.", ""]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(DEEDS), SPEECHES), min_size=1, max_size=3),
       st.sampled_from([STORYBOOK, OPEN]))  # fmt: skip
def test_no_line_is_faster_than_it_can_be_read(
    page: list[tuple[str, list[tuple[str, str]]]], world: Capabilities
) -> None:
    blocks = ["EXT. BEACH - DAY"]
    wanted: list[tuple[str, str]] = []
    for deed, speeches in page:
        blocks += [deed] if deed else []
        for cue, text in speeches:
            blocks.append(f"{cue}\n{text}")
            wanted.append((cue.split(" ")[0], text.replace(" ", "")))
    plan = planned("\n\n".join(blocks) + "\n", world)
    heard: dict[object, tuple[str, str]] = {}
    for shot in plan.shots:
        assert 0 < shot.duration_s <= world.clip_s + 1e-6
        for line in shot.subtitles:
            assert 0 <= line.start_s < line.end_s <= shot.duration_s + 1e-6
            assert line.end_s - line.start_s >= 1 - 1e-6 and rate(line) <= 15.001
            key = line.span.start if line.span else None
            heard[key] = (line.speaker, heard.get(key, ("", ""))[1] + line.text.replace(" ", ""))
    assert list(heard.values()) == wanted


@given(st.text(st.characters(categories=["L", "P", "Zs"]), max_size=300), st.integers(1, 60))
def test_pieces_are_the_line(text: str, most: int) -> None:
    text = text.strip()
    pieces = in_pieces(text, most)
    assert all(0 < len(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_title_stays_with_its_name() -> None:
    line = "Somebody took my umbrella, Mr. Marlowe. A red one."
    assert in_pieces(line, 36) == ["Somebody took my umbrella,", "Mr. Marlowe. A red one."]
