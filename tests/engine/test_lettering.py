"""Given words of any script, expect letters, or one note on those that nothing here can write."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from dreamrunner.engine.animatic import unwritable_names
from dreamrunner.engine.lettering import unwritable, width, write
from dreamrunner.engine.typefaces import noto_sans, script_of, typeface_of, typefaces_in
from dreamrunner.plan import Entity, ShotPlan

# For private use, on the last plane: no typeface has it.
NOWHERE = "\U0010fff0"
NOTO_SHA256 = "bfb7bb691513f12e734dc346c03a03f784912432d7e3fa8e56efcf906fe86b3d"


def ink(words: str, anchor: str = "la") -> tuple[Image.Image, tuple[int, int, int, int]]:
    """Return a picture of words at its middle, and where the ink is."""
    image = Image.new("L", (600, 120))
    write(ImageDraw.Draw(image), (300, 60), words, 32, "#ffffff", anchor=anchor)
    box = image.getbbox()
    assert box is not None
    return image, box


def test_the_typeface_is_the_one_that_the_package_declares() -> None:
    assert hashlib.sha256(noto_sans().path.read_bytes()).hexdigest() == NOTO_SHA256


@pytest.mark.parametrize("character", "aé—–…“”«»ßłŽőĐđẵƏΩμΈЖяҐїЄЂқ€№·?�")
def test_latin_greek_and_cyrillic_are_written_alike_everywhere(character: str) -> None:
    assert typeface_of(character) == noto_sans()


def test_letters_of_one_word_are_no_boxes() -> None:
    drawn = {ink(letter)[0].tobytes() for letter in "ЛИСЯґ—éΩ"}
    assert len(drawn) == 8


def test_what_nothing_can_write_is_said_once_and_drawn_as_its_replacement() -> None:
    assert unwritable(["Лисиця — Ω", "é\n\t\u200d\ufe0f\x00"]) is None
    note = unwritable([f"a{NOWHERE}b", f"{NOWHERE}"])
    assert note is not None
    assert f"� stands for each in the pictures: signs ({NOWHERE});" in note
    assert ink(f"a{NOWHERE}b")[0].tobytes() == ink("a\N{REPLACEMENT CHARACTER}b")[0].tobytes()


def test_a_long_list_of_characters_is_cut() -> None:
    many = "".join(chr(0x10FFE0 + n) for n in range(11))
    assert "and 3 more)" in (unwritable([many]) or "")


@pytest.mark.parametrize(
    ("character", "script"),
    [("狐", "CJK"), ("の", "Hiragana"), ("Ж", "Cyrillic"), ("ع", "Arabic"), ("🦊", ""), ("。", "")],
)
def test_a_letter_has_a_script_and_a_sign_none(character: str, script: str) -> None:
    assert script_of(character) == script


def test_controls_joiners_and_half_characters_write_nothing_or_a_question_mark() -> None:
    assert width("a\x00b\u200d\ufe0f", 20) == width("ab", 20)
    assert width("a\ud83d", 20) == width("a?", 20)
    assert width("e\u0301", 20) == width("é", 20)


@pytest.mark.parametrize(
    ("anchor", "side", "at"), [("ls", 0, 300), ("rs", 2, 300), ("ls", 3, 60), ("la", 1, 60)]
)
def test_a_line_stands_where_its_anchor_says(anchor: str, side: int, at: int) -> None:
    far = 12 if anchor[1] == "a" else 3  # between the ascender's line and a capital there is air
    assert abs(ink("HÉH", anchor)[1][side] - at) <= far


def test_a_line_in_the_middle_has_as_much_on_either_side() -> None:
    left, _, right, _ = ink("Жук — Ω", "mm")[1]
    assert abs((left + right) / 2 - 300) <= 2


@pytest.mark.skipif(typeface_of("ש") is None, reason="no typeface on this system writes Hebrew")
def test_the_space_after_a_word_from_the_right_stands_after_it() -> None:
    assert ink("שלום x", "la")[1][0] - ink("שלום", "la")[1][0] == 0


def test_plain_cuts_of_known_families_are_found_and_others_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "truetype" / "noto"
    folder.mkdir(parents=True)
    names = ("DejaVuSans.ttf", "NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf")
    for name in (*names, "DejaVuSansMono.ttf", "Nobody.ttf", "NotoSans.txt", "NotoSerif.ttf"):
        shutil.copyfile(noto_sans().path, folder / name)
    (folder / "NotoSansBroken-Regular.ttf").write_bytes(b"no font")
    found = typefaces_in([tmp_path, tmp_path / "missing"])
    assert [face.path.name for face in found] == [
        "NotoSansArabic-Regular.ttf",
        "NotoSansBroken-Regular.ttf",
        "DejaVuSans.ttf",
    ]
    assert "Ж" in found[0].characters
    assert "Ж" not in found[1].characters


def test_only_a_paper_figure_has_a_name_to_be_written() -> None:
    def shot(entity: Entity) -> ShotPlan:
        return ShotPlan(
            id="1.1", scene="1", duration_s=1, seed=1, place="", background="", entities=(entity,)
        )

    animal = Entity(id=NOWHERE, look="a red fox", prompt="", character="fox", color="red")
    paper = Entity(id=NOWHERE, look="a dragon", prompt="")
    assert unwritable_names([shot(animal)]) is None
    note = unwritable_names([shot(paper)])
    assert note is not None and NOWHERE in note
