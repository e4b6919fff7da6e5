"""A name is declared once and known wherever the story says it, or the writer is told."""

from __future__ import annotations

from collections.abc import Callable

from dreamrunner.dsl import ParsedStory

Check = Callable[..., ParsedStory]


def test_whom_the_page_brings_on_may_be_directed(check: Check) -> None:
    parsed = check("EXT. LANE\n\nA small boy, TOM, walks.\n@layout TOM at left\n")
    assert [d.code for d in parsed.diagnostics] == ["W101"]
    assert parsed.story is not None
    assert parsed.story.scenes[0].layouts[0].entity == "TOM"


def test_a_name_of_two_words_is_one_name(check: Check) -> None:
    parsed = check(
        "@character Old Man: tired\n\nEXT. A\n@layout OLD MAN at left\n"
        "@expect identity.OLD_MAN > 0.5\n"
        "@expect motion.OLD MAN > 0.5\n\nThe old man walks. {old man, 0s..1s}\n\nOLD MAN\nHello.\n"
    )
    assert parsed.diagnostics == ()
    assert parsed.story is not None
    (scene,) = parsed.story.scenes
    assert scene.layouts[0].entity == "OLD MAN"
    assert {e.subject for e in scene.expectations} == {"OLD MAN"}


def test_the_cast_keeps_looks_and_references(check: Check) -> None:
    parsed = check(
        '@character FOX: a small fox {\n  reference "a.png"\n  reference "b/c.png"\n}\n'
        "@prop LAMP: brass\n\nEXT. A\n\nThe FOX and the LAMP.\n"
    )
    assert parsed.diagnostics == () and parsed.story is not None
    fox, lamp = parsed.story.cast
    assert (fox.name, fox.look, fox.kind) == ("FOX", "a small fox", "character")
    assert [r.path for r in fox.references] == ["a.png", "b/c.png"]
    assert (lamp.name, lamp.kind) == ("LAMP", "prop")


def test_duplicates_and_the_unused_are_reported(check: Check) -> None:
    parsed = check(
        "@character FOX: a\n@character fox: b\n@prop LAMP: c\n\n"
        "EXT. A #1#\n\nThe fox.\n\nEXT. B #1#\n"
    )
    assert [(d.code, d.span.line) for d in parsed.diagnostics] == [
        ("E102", 2),
        ("W010", 3),
        ("E103", 9),
    ]
    assert parsed.story is not None
    assert len({scene.id for scene in parsed.story.scenes}) == 2


def test_a_speaker_is_reported_once_with_the_name_that_was_meant(check: Check) -> None:
    parsed = check("@character FOX: a\n\nEXT. A\n\nFOXY\nHi.\n\nFOX\nHo.\n\nFOXY\nHi.\n")
    assert [(d.code, d.span.line, d.help) for d in parsed.diagnostics] == [
        ("W101", 5, "did you mean FOX?")
    ]


def test_a_speaker_is_known_by_the_id_of_the_cast(check: Check) -> None:
    parsed = check("@character OLD-MAN: a\n\nEXT. A\n\nOLD MAN\nHi.\n")
    assert parsed.story is not None
    assert parsed.story.scenes[0].elements[0].speaker == "OLD-MAN"  # type: ignore[union-attr]
