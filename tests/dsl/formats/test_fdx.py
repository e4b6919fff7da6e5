"""Final Draft both ways: what stands on the page stays, and nothing in a file is trusted."""

from __future__ import annotations

import dataclasses

import pytest
from defusedxml.ElementTree import fromstring

from dreamrunner.dsl import parse_story
from dreamrunner.dsl.formats import export_fdx, import_fdx
from dreamrunner.story import Dialogue, Mark

STORY = """\
Title: A Walk
Author: Somebody
Seed: 41

@character FOX: a red fox { reference "<&>.png" }

# Act one

EXT. FOREST - DAY #1A#

@seed 7

The **FOX** walks *slowly*. {FOX, motion=walk}

FOX (V.O.)
(softly)
_Hello_ there.

OWL ^
And you?

CUT TO:

~la la la

.NOWHERE #2#

!EXT. is a word here

> THE END <
"""


def said(text: str) -> list[object]:
    story = parse_story(text, path="x").story
    assert story is not None
    elements = [e for scene in story.scenes for e in scene.elements]
    headings = [(s.heading.text, s.heading.number, s.seed and s.seed.value) for s in story.scenes]
    return headings + [
        tuple(getattr(e, f.name) for f in dataclasses.fields(e) if f.name not in ("span", "tags"))
        for e in elements
    ]


def back(text: str) -> str:
    (story,) = import_fdx(export_fdx(text, "a.story"), "a.fdx")
    assert story.diagnostics == ()
    assert story.text is not None
    return story.text


def test_a_story_comes_back_with_all_that_it_said() -> None:
    assert said(back(STORY)) == said(STORY)
    assert back(STORY) == back(back(STORY))
    for line in (
        "Author: Somebody",
        "Seed: 41",
        '@character FOX: a red fox { reference "<&>.png" }',
    ):
        assert line in back(STORY).splitlines()


def test_paragraphs_have_final_drafts_types_numbers_and_styles() -> None:
    content = fromstring(export_fdx(STORY, "a.story")).find("Content")
    kinds = [
        p.get("Type") for p in content.iter("Paragraph") if p.get("Type") not in (None, "General")
    ]
    assert kinds == [
        *("Scene Heading", "Action", "Character", "Parenthetical", "Dialogue", "Character"),
        *("Dialogue", "Transition", "Lyrics", "Scene Heading", "Action", "Action"),
    ]
    numbers = [p.get("Number") for p in content.iter("Paragraph") if p.get("Number")]
    assert numbers == ["1A", "2"]
    styled = [(t.text, t.get("Style")) for t in content.iter("Text") if t.get("Style")]
    assert styled == [("FOX", "Bold"), ("slowly", "Italic"), ("Hello", "Underline")]
    (dual,) = content.iter("DualDialogue")
    assert [p.find("Text").text for p in dual if p.get("Type") == "Character"] == [
        "FOX (V.O.)",
        "OWL",
    ]


def script(*paragraphs: str) -> str:
    return f"<FinalDraft><Content>{''.join(paragraphs)}</Content></FinalDraft>"


def paragraph(kind: str, text: str) -> str:
    return f'<Paragraph Type="{kind}"><Text>{text}</Text></Paragraph>'


@pytest.mark.parametrize(
    "text",
    [
        "EXT. not a heading",
        "@seed is no directive",
        "CUT TO:",
        "A {brace}",
        "# no section",
        "/* no",
    ],
)
def test_action_stays_action_whatever_it_looks_like(text: str) -> None:
    (story,) = import_fdx(script(paragraph("Action", text), paragraph("Action", "More.")), "a.fdx")
    assert story.text is not None and story.diagnostics == ()
    parsed = parse_story(story.text, path="x").story
    assert parsed is not None
    elements = [e for s in parsed.scenes for e in s.elements] + list(parsed.prologue)
    assert not any(isinstance(e, Mark | Dialogue) for e in elements)
    assert [getattr(e, "text", "").replace("\\", "") for e in elements] == [text, "More."]


def test_a_cue_in_any_letters_is_a_speech() -> None:
    file = script(paragraph("Character", "mcClane"), paragraph("Dialogue", "EXT. Hi"))
    (story,) = import_fdx(file, "a.fdx")
    assert story.text == "@McClane\nEXT. Hi\n"


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><FinalDraft><Content/></FinalDraft>'
OUTSIDE = (
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    "<FinalDraft><Content>&a;</Content></FinalDraft>"
)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (BOMB, "is not trusted"),
        (OUTSIDE, "is not trusted"),
        ("Title: no XML", "this is no XML"),
        ("<FinalDraft>", "this is no XML"),
        ("<html/>", "no Final Draft file"),
        ("<FinalDraft/>", "no Final Draft file"),
        ('<?xml version="1.0" encoding="x-none"?><FinalDraft/>', "this is no XML"),
    ],
)
def test_what_is_no_final_draft_file_is_refused(file: str, words: str) -> None:
    (story,) = import_fdx(file, "a.fdx")
    assert story.text is None
    assert [d.code for d in story.diagnostics] == ["E180"]
    assert words in story.diagnostics[0].message


def test_a_note_of_final_draft_stays_a_note() -> None:
    note = "<ScriptNote><Paragraph><Text>Too ]] dark?</Text></Paragraph></ScriptNote>"
    action = f'<Paragraph Type="Action"><Text>The FOX</Text>{note}<Text> sleeps.</Text></Paragraph>'
    (story,) = import_fdx(script(paragraph("Scene Heading", "INT. BARN"), action), "a.fdx")
    assert story.text is not None and "The FOX [[Too ] ] dark?]] sleeps." in story.text
