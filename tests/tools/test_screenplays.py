"""import and export at the door: what goes where, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dreamrunner.cli import app

STORY = "Title: A Walk\n\n@character FOX: a red fox\n\nEXT. MEADOW - DAY #1#\n\nThe FOX walks.\n"
BOXES = '[["fox", "walking", "a fox"], [0.1, 0.4, 0.4, 0.9]]'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    Path("walk.story").write_text(STORY)


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize("format", ["fountain", "fdx"])
def test_a_story_goes_out_and_comes_back(format: str) -> None:
    out = call("export", "walk.story", "--to", format, "-o", f"out.{format}")
    assert (out.exit_code, out.stdout) == (0, f"out.{format}\n")
    back = call("import", f"out.{format}", "-o", "back.story")
    assert (back.exit_code, back.stdout) == (0, "back.story\n")
    assert Path("back.story").read_text() == STORY


def test_an_export_without_a_file_is_printed() -> None:
    result = call("export", "walk.story", "--to", "outline")
    assert result.exit_code == 0
    assert result.stdout == "A Walk\n\n1. EXT. MEADOW - DAY\n   - The FOX walks.\n"


def test_plans_go_out_as_json_lines() -> None:
    result = call("export", "walk.story", "--to", "plans")
    rows = [json.loads(row) for row in result.stdout.splitlines()]
    assert [name for name, _ in rows] == ["1.1.mp4"]


def test_without_an_output_nothing_is_written_over() -> None:
    Path("walk.txt").write_text("1. Forest: wind\n")
    result = call("import", "walk.txt")
    assert result.exit_code == 1
    assert "walk.story is already there" in result.stderr
    assert Path("walk.story").read_text() == STORY


def test_several_plans_go_into_a_folder_and_bad_ones_are_said() -> None:
    good, bad = BOXES, BOXES.replace("0.9]", "1.9]")
    rows = [["a.mp4", f"Background: x\nFrame_1: {b}"] for b in (good, bad, good)]
    Path("p.jsonl").write_text("\n".join(map(json.dumps, rows)))
    result = call("import", "p.jsonl")
    assert (result.exit_code, result.stdout) == (1, "p/a.story\np/a-3.story\n")
    assert "E181" in result.stderr and "p.jsonl:2:" in result.stderr
    mended = call("import", "p.jsonl", "-o", "m", "--repair")
    assert mended.exit_code == 0
    assert "W182" in mended.stderr


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.doc", "x", "say what it is with --from"),
        ("a.fdx", "x", "no XML"),
        ("a.fountain", " \n", "is empty"),
    ],
)
def test_junk_is_a_clear_error(name: str, text: str, words: str) -> None:
    Path(name).write_text(text)
    result = call("import", name)
    assert result.exit_code == 1
    assert words in result.stderr
    assert not Path("a.story").exists()


FDX = (
    "<FinalDraft><Content>"
    '<Paragraph Type="Scene Heading"><Text>INT. CAFÉ - DAY</Text></Paragraph>'
    "</Content></FinalDraft>"
)


@pytest.mark.parametrize(
    ("written", "declared"),
    [
        ("latin-1", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
        ("utf-8", "ISO-8859-1"),  # wrongly
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
    ],
)
def test_final_draft_is_read_in_the_encoding_it_is_written_in(written: str, declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>\n{FDX}'
    Path("cafe.fdx").write_bytes(text.encode(written))
    assert call("import", "cafe.fdx").exit_code == 0
    assert Path("cafe.story").read_text(encoding="utf-8") == "INT. CAFÉ - DAY\n"


@pytest.mark.parametrize("declared", ["UTF-8", "punycode", "x-none"])
def test_final_draft_in_no_known_encoding_is_refused(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>\n{FDX}'
    Path("cafe.fdx").write_bytes(text.encode("latin-1"))
    result = call("import", "cafe.fdx")
    assert result.exit_code == 1
    assert f"cafe.fdx is no text in {declared}, which it should be" in result.stderr
