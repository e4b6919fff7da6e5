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


def test_notes_of_a_heading_a_cue_and_a_transition_stand_beside_them() -> None:
    def noted(kind: str, note: str, text: str) -> str:
        said = f"<ScriptNote><Paragraph><Text>{note}</Text></Paragraph></ScriptNote>"
        return f'<Paragraph Type="{kind}" Number="7">{said}<Text>{text}</Text></Paragraph>'

    file = script(
        noted("Scene Heading", "Ask the owl first", "EXT. BEACH - DAY"),
        noted("Action", "really?", "The BEAR sits."),
        noted("Character", "or the fox?", "BEAR"),
        paragraph("Dialogue", "Hello, owl."),
        noted("Transition", "slow", "CUT TO:"),
        paragraph("Scene Heading", "EXT. FOREST - NIGHT"),
    )
    (story,) = import_fdx(file, "a.fdx")
    assert story.diagnostics == ()
    assert story.text is not None and story.text.split("\n\n") == [
        "EXT. BEACH - DAY #7#",
        "[[Ask the owl first]]",
        "The BEAR sits. [[really?]]",
        "BEAR\nHello, owl. [[or the fox?]]",
        "CUT TO:",
        "[[slow]]",
        "EXT. FOREST - NIGHT\n",
    ]


def test_a_scenes_summary_is_a_synopsis_and_the_outline_is_not_filmed() -> None:
    summary = "<Summary><Paragraph><Text>The bear learns to wait.</Text></Paragraph></Summary>"
    properties = f'<SceneProperties Title="The wait">{summary}</SceneProperties>'
    file = script(
        f'<Paragraph Type="Scene Heading">{properties}<Text>EXT. BEACH - DAY</Text></Paragraph>',
        paragraph("Shot", "CLOSE ON THE BEAR"),
        paragraph("New Act", "ACT TWO"),
        paragraph("Cast List", "BEAR, OWL"),
        paragraph("Outline 1", "The bear gives up"),
    )
    (story,) = import_fdx(file, "a.fdx")
    assert story.diagnostics == ()
    assert story.text is not None and story.text.split("\n\n") == [
        "EXT. BEACH - DAY",
        "= The bear learns to wait.",
        "[[The wait]]",
        "CLOSE ON THE BEAR",
        "# ACT TWO",
        "[[Cast List: BEAR, OWL]]",
        "## The bear gives up\n",
    ]


def test_what_a_speech_says_in_brackets_is_said() -> None:
    file = script(
        '<Paragraph Type="Character"><Text Style="AllCaps">Bear</Text></Paragraph>',
        paragraph("Parenthetical", "(to the owl (softly))"),
        paragraph("Dialogue", "5 * 3 is fifteen, &amp; [[you]] know_it_too."),
    )
    (story,) = import_fdx(file, "a.fdx")
    assert story.text is not None and story.text.startswith("BEAR\n")
    parsed = parse_story(story.text, path="x").story
    assert parsed is not None
    (speech,) = parsed.prologue or parsed.scenes[0].elements
    assert isinstance(speech, Dialogue)
    assert speech.parentheticals == ("to the owl (softly)",)
    assert speech.text == "5 * 3 is fifteen, & [[you]] know_it_too."
    assert "know_it_too" in export_fdx(story.text, "a.story")


def test_a_title_page_of_several_lines_is_read_whole() -> None:
    def line(text: str, where: str = "Center") -> str:
        return f'<Paragraph Alignment="{where}"><Text>{text}</Text></Paragraph>'

    lines = ["THE LONG", "WAIT", "", "Written by", "", "A. Writer &amp; B. Author", ""]
    lines += ["Based on a tale by C. Teller", "Second draft, May 2026", "For the festival"]
    content = "".join(map(line, lines)) + line("12 Some Street", "Left") + line("London", "Left")
    body = f"<Content>{paragraph('Scene Heading', 'INT. BARN')}</Content>"
    front = f"<TitlePage><Content>{content}</Content></TitlePage>"
    (story,) = import_fdx(f"<FinalDraft>{body}{front}</FinalDraft>", "a.fdx")
    assert story.text is not None and story.text.split("\n\n")[0].split("\n") == [
        "Title: THE LONG WAIT",
        "Author: A. Writer & B. Author",
        "Source: Based on a tale by C. Teller",
        "Notes: For the festival",
        "Draft date: Second draft, May 2026",
        "Contact: 12 Some Street; London",
    ]
    assert back(story.text).split("\n\n")[0] == story.text.split("\n\n")[0]


def test_what_a_story_has_no_place_for_is_said_where_it_stands() -> None:
    arc = '<SceneArcBeats><CharacterArcBeat Name="BEAR"/></SceneArcBeats>'
    file = script(
        f"<Paragraph Type='Scene Heading'><SceneProperties>{arc}</SceneProperties>"
        "<Text>INT. BARN</Text></Paragraph>",
        paragraph("Camera Talk", "The BEAR waits."),
        paragraph("Character", "OWL"),
        "<Paragraph Type='Action'><Aside><Text>unheard</Text></Aside>"
        "<Text>It rains.</Text></Paragraph>",
    ).replace("</FinalDraft>", "<AltCollection><Alt>Or not</Alt></AltCollection></FinalDraft>")
    (story,) = import_fdx(file, "a.fdx")
    assert {d.code for d in story.diagnostics} == {"W183"}
    assert [d.message for d in story.diagnostics] == [
        "the arcs of characters in a scene cannot be carried over: BEAR",
        'a paragraph of the type "Camera Talk" is read as action',
        'nobody says anything under the cue "OWL": it stays as a note',
        'what <Aside> says cannot be carried over: "unheard"',
        "the alternative lines cannot be carried over",
    ]
    assert story.source == file
    assert all(d.span.start > 0 for d in story.diagnostics)
    assert story.text is not None and "[[OWL]]" in story.text


def test_numbers_and_notes_go_out_as_final_drafts_own() -> None:
    text = (
        "INT. SOMEWHERE -- DAY #104# [[COLOR BLUE]]\n\n= They wait.\n\nThe BEAR waits. [[why?]]\n\n"
        "[[marker]] EXT. BEACH - NIGHT #105#\n\n[[alone]]\n\nBEAR [[or OWL]]\nHello.\n"
    )
    content = fromstring(export_fdx(text, "a.story")).find("Content")
    found = [
        (
            p.get("Type"),
            p.get("Number"),
            "".join(t.text for t in p.findall("Text")).strip(),
            [" ".join(t.text for t in n.iter("Text")) for n in p.findall("ScriptNote")],
            [t.text for t in p.iterfind("SceneProperties/Summary/Paragraph/Text")],
        )
        for p in content
    ]
    assert found == [
        ("Scene Heading", "104", "INT. SOMEWHERE -- DAY", ["COLOR BLUE"], ["They wait."]),
        ("Action", None, "The BEAR waits.", ["why?"], []),
        ("Scene Heading", "105", "EXT. BEACH - NIGHT", ["marker"], []),
        ("General", None, "", ["alone"], []),
        ("Character", None, "BEAR", ["or OWL"], []),
        ("Dialogue", None, "Hello.", [], []),
    ]


def test_a_bold_heading_is_a_heading() -> None:
    file = script(
        '<Paragraph Type="Scene Heading"><Text Style="Bold">INT. BARN - DAY</Text></Paragraph>'
    )
    (story,) = import_fdx(file, "a.fdx")
    assert story.text == "INT. BARN - DAY\n"
