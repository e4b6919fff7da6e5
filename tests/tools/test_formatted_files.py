"""fmt on files: what is written, what is left alone, and with which exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dreamrunner.cli import app

TIDY = "EXT. FOREST\n@seed 7\n"
UNTIDY = "EXT. FOREST\n@seed    7\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def fmt(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["fmt", *words], input=given)


def test_an_untidy_file_is_written_and_a_tidy_one_is_not_touched() -> None:
    for name, text in (("a.story", UNTIDY), ("b.story", TIDY)):
        Path(name).write_text(text)
    before = Path("b.story").stat().st_mtime_ns
    result = fmt("a.story", "b.story")
    assert (result.exit_code, result.stdout) == (0, "a.story: written\n")
    assert Path("a.story").read_text() == TIDY
    assert Path("b.story").stat().st_mtime_ns == before
    assert sorted(p.name for p in Path().iterdir()) == ["a.story", "b.story"]


def test_check_writes_nothing_and_ends_with_one() -> None:
    Path("a.story").write_text(UNTIDY)
    result = fmt("--check", "a.story")
    assert (result.exit_code, result.stdout) == (1, "a.story: would change\n")
    assert Path("a.story").read_text() == UNTIDY
    Path("a.story").write_text(TIDY)
    assert (fmt("--check", "a.story").exit_code, fmt("--check", "a.story").stdout) == (0, "")


def test_diff_shows_the_change_and_writes_nothing() -> None:
    Path("a.story").write_text(UNTIDY.rstrip())
    result = fmt("--diff", "a.story")
    assert result.exit_code == 0
    assert result.stdout == (
        "--- a.story\n+++ a.story (formatted)\n@@ -1,2 +1,2 @@\n EXT. FOREST\n"
        "-@seed    7\n\\ No newline at end of file\n+@seed 7\n\\ No newline at end of file\n"
    )
    assert Path("a.story").read_text() == UNTIDY.rstrip()
    assert fmt("--diff", "--check", "a.story").exit_code == 1


def test_what_is_piped_in_comes_out_with_its_line_ends() -> None:
    result = fmt("-", given=b"\xef\xbb\xbfEXT. FOREST\r\n@seed    7\r\n")
    assert result.exit_code == 0
    assert result.stdout_bytes == b"\xef\xbb\xbfEXT. FOREST\r\n@seed 7\r\n"


def test_a_file_that_cannot_be_formatted_is_left_alone_and_the_others_are_done() -> None:
    Path("a.story").write_text("@seed    )\n")
    Path("b.story").write_bytes(b"\xc3(")
    Path("d.story").write_text(UNTIDY)
    result = fmt("a.story", "b.story", "c.story", "d.story")
    assert (result.exit_code, result.stdout) == (1, "d.story: written\n")
    assert "--> a.story:1:10" in result.stderr
    assert "b.story is not UTF-8" in result.stderr
    assert "there is no story at c.story" in result.stderr
    assert Path("a.story").read_text() == "@seed    )\n"


def test_a_link_stays_a_link_and_permissions_stay() -> None:
    Path("real.story").write_text(UNTIDY)
    Path("real.story").chmod(0o640)
    Path("link.story").symlink_to("real.story")
    assert fmt("link.story").exit_code == 0
    assert Path("link.story").is_symlink()
    assert Path("real.story").read_text() == TIDY
    assert Path("real.story").stat().st_mode & 0o777 == 0o640
