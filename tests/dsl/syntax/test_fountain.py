"""Given plain Fountain, expect the headings, cues and dialogue that screenplain reads.

The scripts in `scripts/` go into every corner of the syntax. Where screenplain and Fountain's own
description part, a test here says what this parser does and why.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from screenplain.parsers import fountain
from screenplain.types import Dialog, DualDialog, Slug

from dreamrunner.dsl import parse_story
from dreamrunner.story import Dialogue, Story

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.fountain"))
# Emphasis is kept here and taken apart there; both read the same letters.
_MARKS = re.compile(r"\\(?=[*_])|\*+|(?<!\w)_+|_+(?!\w)")


def bare(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())


def parsed(text: str) -> Story:
    found = parse_story(text, path="script.fountain")
    assert found.errors == ()
    assert found.story is not None
    return found.story


def theirs(text: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Return headings and (cue, parentheticals, speech) as screenplain has them."""
    headings: list[str] = []
    speeches: list[tuple[str, str, str]] = []
    for paragraph in fountain.parse_lines(_without_boneyards(text).split("\n")):
        match paragraph:
            case Slug():
                number = f" #{paragraph.scene_number}#" if paragraph.scene_number else ""
                headings.append(bare(str(paragraph.line)).upper() + number.upper())
            case Dialog():
                speeches.append(_speech(paragraph))
            case DualDialog():
                speeches += [_speech(paragraph.left), _speech(paragraph.right)]
    return headings, speeches


def _without_boneyards(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def _speech(dialog: Dialog) -> tuple[str, str, str]:
    inside = " ".join(str(line).strip("()") for is_paren, line in dialog.blocks if is_paren)
    said = " ".join(str(line).lstrip("~") for is_paren, line in dialog.blocks if not is_paren)
    cue = str(dialog.character).rstrip("^ ").upper()
    return bare(cue), bare(inside), bare(said)


def ours(story: Story) -> tuple[list[str], list[tuple[str, str, str]]]:
    headings = []
    for scene in story.scenes:
        number = f" #{scene.heading.number}#" if scene.heading.number else ""
        headings.append(bare(scene.heading.text).upper() + number.upper())
    speeches = []
    for element in [*story.prologue, *(e for s in story.scenes for e in s.elements)]:
        if isinstance(element, Dialogue):
            inside = " ".join(element.parentheticals)
            extensions = "".join(f" ({part})" for part in element.extension.split(", ") if part)
            cue = f"{element.speaker}{extensions}".upper()
            speeches.append((bare(cue), bare(inside), bare(element.text)))
    return headings, speeches


def test_there_are_scripts_for_every_corner() -> None:
    assert len(SCRIPTS) >= 10


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_headings_cues_and_dialogue_are_screenplains(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert ours(parsed(text)) == theirs(text)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_line_ends_change_nothing(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert parsed("\ufeff" + text.replace("\n", "\r\n")) == parsed(text)


def test_dual_dialogue_is_marked_at_the_second_of_the_two() -> None:
    story = parsed((Path(__file__).parent / "scripts" / "dual.fountain").read_text("utf-8"))
    spoken = [e for e in story.scenes[0].elements if isinstance(e, Dialogue)]
    assert [(e.speaker, e.dual) for e in spoken] == [
        ("BRICK", False),
        ("STEEL", True),
        ("ANNE", False),
        ("BERT", True),
        ("CARL", True),
    ]


@pytest.mark.parametrize(
    "slug",
    [
        "BACK TO ELAINE", "INSERT - SEAT BELT SIGN", "CLOSEUP - TED - NIGHT", "ANGLE ON THE DOOR",
        "TED'S POV - TV MONITORS", "REVERSE ANGLE", "CLOSE ON THE GUN", "CAMERA", "CU - THE DIAL",
        "CAMERA MOVES INTO HIS THROAT, QUICK", "OVERHEAD ANGLE, LOOKING DOWN ONTO:", "WIDER SHOT",
        "HIS POV", "12 CONTINUED: 12", "LATER", "ON THE MONITOR.", "QUICK DISSOLVE TO:",
    ],
)  # fmt: skip
def test_words_to_the_camera_on_a_line_of_their_own_are_no_cue(slug: str) -> None:
    # Fountain's page takes any line in capitals for a cue; nobody in a script is called so.
    story = parsed(f"INT. CABIN - NIGHT\n\n{slug}\nShe looks up.\n\nTED\nYes?\n")
    assert [e.speaker for e in story.scenes[0].elements if isinstance(e, Dialogue)] == ["TED"]


@pytest.mark.parametrize("name", ["CAMERAMAN", "CAMERA OPERATOR", "CUTTER", "INEZ", "ONA"])
def test_who_films_speaks_too(name: str) -> None:
    story = parsed(f"INT. CABIN - NIGHT\n\n{name}\nRolling.\n")
    assert [e.speaker for e in story.scenes[0].elements if isinstance(e, Dialogue)] == [name]


@pytest.mark.parametrize("name", ["McCLANE", "MacREADY", "O’BRIEN", "DR. McCOY"])
def test_a_clan_is_in_capitals_too(name: str) -> None:
    story = parsed(f"INT. CABIN - NIGHT\n\n{name}\nHello.\n")
    (line,) = (e for e in story.scenes[0].elements if isinstance(e, Dialogue))
    assert line.speaker.upper() == name.upper()


def test_prose_in_small_letters_is_no_cue() -> None:
    story = parsed("INT. CABIN - NIGHT\n\nMcClane waits.\nThe door opens.\n")
    assert not [e for e in story.scenes[0].elements if isinstance(e, Dialogue)]
