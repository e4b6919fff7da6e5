"""Given a page, expect whom it calls "he" and whom "she"."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.pronouns import pronouns_of, sexes_of, surely
from dreamrunner.dsl import parse_story


def _sexes(*paragraphs: str) -> dict[str, str]:
    page = "Title: T\n\nINT. HALL - DAY\n\n" + "\n\n".join(paragraphs) + "\n"
    return sexes_of(parse_story(page, path="t.story").story, ["DOC", "QUILL"])


@pytest.mark.parametrize(
    ("page", "sexes"),
    [
        (("Doc sits. He yawns.",), {"DOC": "male"}),
        (("Doc brushes her hair.",), {"DOC": "female"}),
        # What is done to somebody is done to another, and so is what that one does.
        (("Doc looks at her. She smiles.", "Doc rubs his eyes."), {"DOC": "male"}),
        (("Doc follows him. He runs.",), {}),
        (("Doc watches her through the glass.",), {}),
        # One paragraph, in which an unnamed woman does much, is not more than two.
        (
            ("Doc leaves. She sits. She reads. She sleeps. She wakes.",
             "Doc coughs. He spits.", "Doc sighs. He sits down."),
            {"DOC": "male"},
        ),
        (("Doc and Quill sit. He nods.",), {}),
    ],
)  # fmt: skip
def test_pronouns_tell_who_is_he_and_who_is_she(
    page: tuple[str, ...], sexes: dict[str, str]
) -> None:
    assert _sexes(*page) == sexes


def test_only_what_a_page_says_often_is_sure() -> None:
    page = "Title: T\n\nINT. HALL - DAY\n\n{}\n"
    often = [f"Doc sits {n}. She yawns." for n in range(4)]
    cases = ((often, True), (often[:2], False), ([*often, *["Doc nods. He sits."] * 2], False))
    for paragraphs, sure in cases:
        story = parse_story(page.format("\n\n".join(paragraphs)), path="t.story").story
        assert ("DOC" in surely(pronouns_of(story, ["DOC"]))) is sure
