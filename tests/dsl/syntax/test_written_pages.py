"""Given pages as writers and their programs leave them, expect the headings and cues on them."""

from __future__ import annotations

import pytest

from dreamrunner.dsl import parse_story
from dreamrunner.story import Dialogue, Mark, Scene


def scenes(text: str) -> tuple[Scene, ...]:
    story = parse_story(text, path="t.story").story
    assert story is not None
    return story.scenes


def speeches(scene: Scene) -> list[tuple[str, str]]:
    return [(e.speaker, e.text) for e in scene.elements if isinstance(e, Dialogue)]


def marks(scene: Scene) -> list[tuple[str, str]]:
    return [(e.kind, e.text) for e in scene.elements if isinstance(e, Mark)]


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("INT. / EXT. JIM'S HOUSE - DAY", ("INT/EXT", "JIM'S HOUSE", "DAY", None)),
        ("I./E. JIM'S HOUSE - DAY", ("INT/EXT", "JIM'S HOUSE", "DAY", None)),
        ("EXT./INT. JIM'S HOUSE - DAY", ("INT/EXT", "JIM'S HOUSE", "DAY", None)),
        ("I/E JIM'S HOUSE - DAY", ("INT/EXT", "JIM'S HOUSE", "DAY", None)),
        ("INT - JIM'S HOUSE - DAY", ("INT", "JIM'S HOUSE", "DAY", None)),
        ("EST. HOUSE - DAY", ("EST", "HOUSE", "DAY", None)),
        ("12 INT. HOUSE - DAY 12", ("INT", "HOUSE", "DAY", "12")),
        ("12A. EXT. ROUTE 66 - DAY", ("EXT", "ROUTE 66", "DAY", "12A")),
        ("INT. HOUSE -- DAY #104# [[COLOR BLUE]]", ("INT", "HOUSE", "DAY", "104")),
        ("[[marker]] EXT. BEACH - NIGHT #105#", ("EXT", "BEACH", "NIGHT", "105")),
        ("INT. HOUSE - SUMMER KITCHEN", ("INT", "HOUSE - SUMMER KITCHEN", "", None)),
        ("EXT. MOON - LATER THAT DAY", ("EXT", "MOON", "LATER THAT DAY", None)),
        ("EXT. TOWN - DAY (1954)", ("EXT", "TOWN", "DAY (1954)", None)),
        ("INT．病院 - 日", ("INT", "病院", "日", None)),
        ("ＥＸＴ．浜辺 - 夜", ("EXT", "浜辺", "夜", None)),
        ("ΕΣΩΤ. ΚΟΥΖΙΝΑ - ΝΥΧΤΑ", ("INT", "ΚΟΥΖΙΝΑ", "ΝΥΧΤΑ", None)),
        ("ΕΞΩΤ. ΛΙΒΑΔΙ", ("EXT", "ΛΙΒΑΔΙ", "", None)),
        ("ІНТ. КВАРТИРА – КУХНЯ – ДЕНЬ", ("INT", "КВАРТИРА - КУХНЯ", "ДЕНЬ", None)),
        ("НАТ. ЛІС – НІЧ", ("EXT", "ЛІС", "НІЧ", None)),
    ],
)
def test_a_heading_in_the_forms_of_the_trade(
    heading: str, parts: tuple[str, str, str, str | None]
) -> None:
    (scene,) = scenes(f"{heading}\n\nThe BEAR waits.\n")
    found = scene.heading
    assert (found.setting, found.place, found.time, found.number) == parts


def test_prose_that_begins_with_a_number_or_a_letter_is_no_heading() -> None:
    (scene,) = scenes("EXT. A - DAY\n\n12 bears wait.\n\nI / we wait.\n\nInterior monologue.\n")
    assert scene.heading.place == "A"


def test_a_note_beside_a_heading_is_kept() -> None:
    (scene,) = scenes("INT. SOMEWHERE -- DAY #104# [[COLOR BLUE]]\n\nThe BEAR waits.\n")
    assert marks(scene) == [("note", "COLOR BLUE")]


def test_a_boneyard_of_several_lines_parts_what_it_stands_between() -> None:
    page = (
        "INT. SHED - DAY\n\nThe FOX counts.\n\nCUT TO:\n/*\nINT. BARN - DAY\n\n"
        "The FOX gets into the cart.\n\nCUT TO:\n*/\nEXT. BEACH - DAY\n\nThe OWL sleeps.\n"
    )
    shed, beach = scenes(page)
    assert marks(shed) == [("transition", "CUT TO:")]
    assert (beach.heading.place, speeches(shed)) == ("BEACH", [])


def test_a_boneyard_on_one_line_parts_no_paragraph() -> None:
    (scene,) = scenes("EXT. A - DAY\n\nThe FOX\n/* slowly */\nwalks.\n")
    assert [getattr(e, "text", "") for e in scene.elements] == ["The FOX walks."]


def test_a_lyric_right_under_action_is_no_action() -> None:
    page = "EXT. A - DAY\n\nThe FOX sits.\n~Run, rabbit, run\n~The bear sleeps\n\nThe FOX stands.\n"
    (scene,) = scenes(page)
    assert marks(scene) == [("lyric", "Run, rabbit, run"), ("lyric", "The bear sleeps")]


def test_notes_and_comments_beside_the_name_in_a_cue() -> None:
    page = (
        "EXT. A - DAY\n\nThey sit.\n\nBEAR [[or the fox?]]\nHello.\n\nOWL /* was: FOX */\n"
        "Hello you.\n\n[[start]] FOX (V.O.)\nHi.\n\n/* gone */ FOX ^\nHi again.\n\n"
        "BEAR\n/* nothing. */\nNothing.\n"
    )
    (scene,) = scenes(page)
    said = [("BEAR", "Hello."), ("OWL", "Hello you."), ("FOX", "Hi."), ("FOX", "Hi again.")]
    assert speeches(scene) == [*said, ("BEAR", "Nothing.")]
    assert marks(scene) == [("note", "or the fox?"), ("note", "start")]
    by_name = {e.text: e for e in scene.elements if isinstance(e, Dialogue)}
    assert by_name["Hi."].extension == "V.O."
    assert by_name["Hi again."].dual


def test_prose_with_a_note_in_it_is_no_cue() -> None:
    (scene,) = scenes("EXT. A - DAY\n\nThe fox [[maybe]] walks\nto the left.\n")
    assert speeches(scene) == []
    assert marks(scene) == [("note", "maybe")]


def test_full_width_signs_of_a_japanese_keyboard() -> None:
    text = "Title：映画\n\nINT．病院 - 日\n\n誰か。\n\n@ジョン\n（静かに）\nここはどこですか。\n"
    story = parse_story(text, path="t.story").story
    assert story is not None
    assert story.title_value("Title") == "映画"
    (speech,) = (e for e in story.scenes[0].elements if isinstance(e, Dialogue))
    assert (speech.parentheticals, speech.text) == (("静かに",), "ここはどこですか。")


def test_a_cue_for_several_of_the_cast_asks_for_no_declaration() -> None:
    page = (
        "@character EDGAR: an old man\n@character WILL: a young man\n\nINT. ROOM - DAY\n\n"
        "EDGAR stands. WILL stands.\n\nEDGAR AND WILL\nWe.\n\nBOTH\nHa.\n\nALL\nHa ha.\n\n"
        "EDGAR/WILL\nOh.\n\nEDGAR AND NORMA\nWho?\n"
    )
    found = [d.message for d in parse_story(page, path="t.story").diagnostics if d.code == "W101"]
    assert found == ["EDGAR AND NORMA speaks and is not in the cast"]


def test_a_number_after_an_empty_line_of_a_block_begins_no_scene() -> None:
    page = "EXT. A - DAY\n\n@audio FOX { FOX\n\n.5 {}\n}\n"
    found = parse_story(page, path="t.story").diagnostics
    # What is wrong with it is what it says, and not where it is cut.
    assert {d.code for d in found if d.code < "E010"} == {"E006"}
