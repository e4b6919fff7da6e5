"""Given a cue and what is said, expect whether one sees who says it, which words, and how long."""

from __future__ import annotations

import pytest

from dreamrunner.errors import Span
from dreamrunner.speech import is_heard_only, is_unseen, spoken_words, talk_s
from dreamrunner.story import Dialogue


def said(text: str, *, dual: bool = False) -> Dialogue:
    return Dialogue("FOX", "", text, Span("t.story", 0, 1, 1, 1, 1, 2), (), dual)


@pytest.mark.parametrize(
    "extension",
    [
        "V.O.", "VO", "V. O.", "V/O", "V.O", "v.o.", "O.S.", "O.S", "O/S", "OS", "O.C.", "OFF",
        "voice over", "Voice-Over", "voiceover", "off-screen", "off screen", "offscreen",
        "off camera", "PRELAP", "PRE-LAP", "O.S., PRELAP", "V.O., CONT'D", "CONT'D, O.S.",
        "V.O. CONT'D", "V.O. (CONT’D)", "VO/SUBTITLED", "on the radio", "over radio", "ON TV",
        "from the loudspeaker", "over the phone", "through the door", "V.O. on tape",
    ],
)  # fmt: skip
def test_who_is_only_heard(extension: str) -> None:
    assert is_unseen(extension)


@pytest.mark.parametrize(
    "extension",
    ["", "CONT'D", "CONT’D", "CONTINUED", "into phone", "on phone", "subtitled", "in Greek",
     "whispering", "backing off", "to Osric", "OSCAR"],
)  # fmt: skip
def test_who_is_seen(extension: str) -> None:
    assert not is_unseen(extension)


def test_a_narrator_is_a_voice_by_name() -> None:
    assert is_heard_only("NARRATOR", "") and is_heard_only("Narrator", "CONT'D")
    assert not is_heard_only("FOX", "") and is_heard_only("FOX", "O.S.")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("*Did you know?*", "Did you know?"),
        ("_Permanently_. And **never** say it.", "Permanently. And never say it."),
        ("***Both*** and _**one in another**_.", "Both and one in another."),
        (r"Say \*that\* and snake\_case.", "Say *that* and snake_case."),
        ("5 * 3 * 2 is file_name_one.", "5 * 3 * 2 is file_name_one."),
        ("An * alone and a _ too", "An * alone and a _ too"),
        (r"A path\\name", "A path\\name"),
        ("  ", ""),
    ],
)
def test_emphasis_is_not_said(written: str, words: str) -> None:
    assert spoken_words(written) == words


def test_how_long_talk_takes() -> None:
    assert talk_s([said("Ask.")]) == 1.0  # no line is shorter
    assert talk_s([said("x" * 30)]) == 2.0
    assert talk_s([said("x" * 30)], 10) == 3.0
    assert talk_s([said("x" * 30), said("y" * 45)]) == 5.375  # a breath between two
    assert talk_s([said("x" * 30), said("y" * 45, dual=True)]) == 3.0  # both at once
    assert talk_s([said(""), said("x" * 30), said("* *")]) == pytest.approx(2.0 + 0.375 + 1.0)
    assert talk_s([]) == 0.0
