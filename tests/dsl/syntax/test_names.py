"""Given a name in any script, expect it to be one name wherever it may stand."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable

import pytest

from dreamrunner.dsl import ParsedStory
from dreamrunner.dsl.syntax.names import capitals_in, marks, name_key
from dreamrunner.story import Action, Dialogue, Story

Check = Callable[..., ParsedStory]

EVERYWHERE = """\
@character {0}: a red fox

EXT. MEADOW - DAY
@duration 3s
@layout {0} {{ 0s: at left; end: at right-third }}
@motion {0} {{ 0s..2s: walk; 2s..end: leap }}
@depth {0} front

The fox walks. {{{0}, motion=walk, 0s..1s}}

@{0}
Hello.
@expect {0} present, motion.{0} >= 0.5
"""


def story_of(check: Check, text: str) -> Story:
    parsed = check(text)
    assert parsed.diagnostics == ()
    assert parsed.story is not None
    return parsed.story


@pytest.mark.parametrize(
    "name",
    [
        "狐狸", "लोमड़ी", "จิ้งจอก", "ثَعْلَب", "שׁוּעָל", "여우", "ሐበሻ", "நரி", "ДІД МОРОЗ", "ЛУК'ЯН",
        "L’ÉLAN", "E\u0301LAN", "O'BRIEN", "MARY-ANN", "MR. FOX", "FOX JR.", "GUARD 2",
        "GUARD #2", "3PO", "AGENT 007", "ROOM 101 GHOST",
    ],
)  # fmt: skip
def test_a_name_of_any_script_is_one_name_in_every_directive(check: Check, name: str) -> None:
    story = story_of(check, EVERYWHERE.format(name))
    (scene,) = story.scenes
    assert [member.name for member in story.cast] == [name]
    assert [layout.entity for layout in scene.layouts] == [name]
    assert [beat.entity for beat in scene.motions] == [name, name]
    assert [depth.entity for depth in scene.depths] == [name]
    assert [expected.subject for expected in scene.expectations] == [name, name]
    action, spoken = scene.elements
    assert isinstance(action, Action) and [tag.entity for tag in action.tags] == [name]
    assert isinstance(spoken, Dialogue) and spoken.speaker == name


def test_two_guards_with_numbers_are_two(check: Check) -> None:
    story = story_of(
        check,
        "@character GUARD 1: a red fox\n@character GUARD 2: a brown bear\n\nEXT. A\n"
        "@layout GUARD 1 at left\n@layout GUARD 2 at right\n@motion GUARD 2 walk\n\n"
        "GUARD 1 stands.\n@expect GUARD 1 left-of GUARD 2\n",
    )
    (scene,) = story.scenes
    assert [layout.entity for layout in scene.layouts] == ["GUARD 1", "GUARD 2"]
    assert [(beat.entity, beat.motion) for beat in scene.motions] == [("GUARD 2", "walk")]
    assert [(e.subject, e.other) for e in scene.expectations] == [("GUARD 1", "GUARD 2")]


@pytest.mark.parametrize("name", ["BOY & GIRL", "MR. FOX", "GUARD #2", "A/B", "लोमड़ी", "O'NEIL"])
def test_the_help_for_somebody_unknown_declares_them(check: Check, name: str) -> None:
    text = f"EXT. A\n\n@{name}\nHello.\n"
    (found,) = check(text).diagnostics
    assert found.help is not None
    assert check(f"{found.help.removeprefix('declare it: ')}\n\n{text}").diagnostics == ()


@pytest.mark.parametrize("tag", ["{2s}", "{FOX, 2s}", "{FOX, 0s..2s}"])
def test_a_time_in_a_tag_is_no_name(check: Check, tag: str) -> None:
    story = story_of(check, f"@character FOX: a red fox\n\nEXT. A\n\nThe FOX walks. {tag}\n")
    (action,) = story.scenes[0].elements
    assert isinstance(action, Action)
    assert action.tags[0].start_s == (0 if ".." in tag else 2)


def test_a_possessive_within_braces_is_no_name(check: Check) -> None:
    assert [d.code for d in check("EXT. A\n\nHe reads {the sign's}.\n").diagnostics] == ["E003"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OLD MAN", "old_man"),
        ("MR. FOX", "Mr Fox"),
        ("GUARD #2", "GUARD-2"),
        ("\u00c9LAN", "e\u0301lan"),
        ("लोमड़ी", unicodedata.normalize("NFD", "लोमड़ी")),
    ],
)
def test_case_and_what_joins_the_words_of_a_name_do_not_matter(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_names_that_differ_in_a_vowel_mark_are_two() -> None:
    assert name_key("मोर") != name_key("मार")


def test_names_in_capitals_keep_their_accents() -> None:
    assert capitals_in("Then E\u0301LAN and ÀJÀPÁ meet OLD MAN.") == [
        "E\u0301LAN",
        "ÀJÀPÁ",
        "OLD MAN",
    ]


def test_the_marks_are_all_that_unicode_has() -> None:
    mark = re.compile(f"[{marks()}]")
    missing = [
        f"{code:x}"
        for code in range(sys.maxunicode + 1)
        if (unicodedata.category(chr(code)) in ("Mn", "Mc")) != bool(mark.match(chr(code)))
        and chr(code) not in "\u200c\u200d"
    ]
    assert missing == []
