"""Given a story opened in Neovim with the files of editors/vim, expect its type and its colours."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

STORY = """\
Title: One Night

@character FOX: a small red fox

EXT. FOREST - NIGHT #1#
@layout FOX { 0s: box (0.1, 0.4, 0.4, 0.9) }

The FOX walks. {FOX, motion=walk} [[a note]]
// a comment

> CUT TO:
"""
# Line and column, counted from 1, of a word -> the group that colours it.
COLOURED = {
    (1, 1): "storyTitle",
    (3, 1): "storyDirective",
    (5, 1): "storyHeading",
    (6, 1): "storyDirective",
    (6, 25): "storyNumber",
    (8, 5): "storyName",
    (8, 22): "storyKey",
    (8, 37): "storyNote",
    (9, 1): "storyComment",
    (11, 1): "storyTransition",
}
ASK = """\
local told = { type = vim.bo.filetype, comment = vim.bo.commentstring, groups = {} }
for _, at in ipairs(vim.json.decode(%s)) do
  local id = vim.fn.synID(at[1], at[2], 1)
  table.insert(told.groups, vim.fn.synIDattr(id, 'name'))
end
vim.fn.writefile({ vim.json.encode(told) }, 'told.json')
"""


def test_neovim_knows_a_story_and_colours_it(tmp_path: Path, repository: Path) -> None:
    neovim = shutil.which("nvim")
    if neovim is None:
        pytest.skip("neovim is not installed")
    (tmp_path / "night.story").write_text(STORY, encoding="utf-8")
    places = json.dumps(list(COLOURED))
    (tmp_path / "ask.lua").write_text(ASK % f"'{places}'", encoding="utf-8")
    files = repository / "editors" / "vim"
    done = subprocess.run(
        [neovim, "--headless", "--clean", "-i", "NONE", "-n"]
        + ["--cmd", f"set runtimepath^={files}", "night.story"]
        + ["-c", "luafile ask.lua", "-c", "qall!"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    told = json.loads((tmp_path / "told.json").read_text()) if done.returncode == 0 else {}
    assert (told.get("type"), told.get("comment")) == ("story", "// %s"), done.stderr
    assert dict(zip(COLOURED, told["groups"], strict=True)) == COLOURED
