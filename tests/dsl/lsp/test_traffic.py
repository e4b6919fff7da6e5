"""An editor talks to the language server: every feature, over the protocol."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from dreamrunner.dsl import parse_story

from .conftest import STORY, Editor


def test_mistakes_are_told_at_their_utf16_columns(edit) -> None:
    text = STORY.replace("The FOX walks", "🦊🦊 The FOX walks").replace(
        "motion=walk", "motoin=walk"
    )

    async def talk(editor: Editor) -> None:
        (found,) = await editor.diagnostics()
        line = text.split("\n")[9]
        units = len(line[: line.index("motoin")].encode("utf-16-le")) // 2
        assert units == line.index("motoin") + 2
        assert (found.range.start.line, found.range.start.character) == (9, units)
        assert found.code == "E003"
        assert "did you mean motion=?" in found.message

    edit(talk, text)


def test_a_keystroke_is_answered_before_the_pause(edit, monkeypatch) -> None:
    monkeypatch.setattr("dreamrunner.dsl.lsp.server.PAUSE_S", 3600)

    async def talk(editor: Editor) -> None:
        assert await editor.diagnostics() == []
        editor.type("@duration |3s", "two", instead="3s")
        (found,) = await editor.diagnostics()
        assert found.range.start.line == 6
        editor.type("@duration |two", "3s", instead="two")
        assert await editor.diagnostics() == []

    edit(talk)


def test_a_pause_brings_what_only_the_whole_story_tells(edit) -> None:
    async def talk(editor: Editor) -> None:
        await editor.diagnostics()
        editor.type("NOON #|2#", "1", instead="2")
        while [d.code for d in await editor.diagnostics()] != ["E103"]:
            pass

    edit(talk)


def test_a_closed_story_leaves_no_mistakes_behind(edit) -> None:
    async def talk(editor: Editor) -> None:
        assert await editor.diagnostics()
        editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(editor.document))
        assert await editor.diagnostics() == []

    edit(talk, STORY + "\n@nonsense\n")


def test_every_feature_answers_over_the_protocol(edit, tmp_path: Path) -> None:
    async def talk(editor: Editor) -> None:
        await editor.diagnostics()
        ask, document = editor.client, editor.document
        fox = editor.position("The F|OX walks")
        symbols = await ask.text_document_document_symbol_async(lsp.DocumentSymbolParams(document))
        assert [s.name for s in symbols][:3] == ["FOX", "OLD OWL", "EXT. FOREST - NIGHT #1#"]
        folds = await ask.text_document_folding_range_async(lsp.FoldingRangeParams(document))
        assert (5, 16) in [(fold.start_line, fold.end_line) for fold in folds]
        hover = await ask.text_document_hover_async(lsp.HoverParams(document, fox))
        assert "a small red fox" in hover.contents.value
        place = await ask.text_document_definition_async(lsp.DefinitionParams(document, fox))
        assert place.range.start == lsp.Position(2, 11)
        context = lsp.ReferenceContext(include_declaration=True)
        uses = await ask.text_document_references_async(lsp.ReferenceParams(context, document, fox))
        assert len(uses) == 8
        renamed = await ask.text_document_rename_async(
            lsp.RenameParams(text_document=document, position=fox, new_name="Wolf")
        )
        assert {edit.new_text for edit in renamed.changes[editor.uri]} == {"WOLF"}
        items = await ask.text_document_completion_async(
            lsp.CompletionParams(document, editor.position("@layout |FOX"))
        )
        assert [item.label for item in items] == ["FOX", "OLD OWL"]
        where = lsp.Range(lsp.Position(0, 0), lsp.Position(99, 0))
        hints = await ask.text_document_inlay_hint_async(lsp.InlayHintParams(document, where))
        assert [hint.label for hint in hints] == ["3.0 s", "7.5 s"]
        edits = await ask.text_document_formatting_async(
            lsp.DocumentFormattingParams(document, lsp.FormattingOptions(4, True))
        )
        assert [edit.new_text for edit in edits] == [STORY.upper()]

    edit(talk, scene_seconds=lambda story: 7.5, format_text=str.upper)


def test_somebody_of_a_used_file_is_known_found_and_renamed_there(edit, tmp_path: Path) -> None:
    (tmp_path / "cast").mkdir()
    cast = tmp_path / "cast" / "birds.story"
    cast.write_text("// 🦉\n@character HERON: a tall grey heron\n", encoding="utf-8")
    text = '@use "cast/birds.story"\n\nEXT. BEACH\n\nThe HERON walks.\n@layout HERON at left\n'

    async def talk(editor: Editor) -> None:
        assert await editor.diagnostics() == []
        ask, document = editor.client, editor.document
        heron = editor.position("The H|ERON walks")
        place = await ask.text_document_definition_async(lsp.DefinitionParams(document, heron))
        assert (place.uri, place.range.start) == (cast.as_uri(), lsp.Position(1, 11))
        hover = await ask.text_document_hover_async(lsp.HoverParams(document, heron))
        assert "declared on line 2 of birds.story, named 2 times" in hover.contents.value
        items = await ask.text_document_completion_async(
            lsp.CompletionParams(document, editor.position("@layout |HERON"))
        )
        assert [(item.label, item.detail) for item in items] == [("HERON", "a tall grey heron")]
        renamed = await ask.text_document_rename_async(
            lsp.RenameParams(text_document=document, position=heron, new_name="stork")
        )
        edits = {uri: [e.new_text for e in edits] for uri, edits in renamed.changes.items()}
        assert edits == {editor.uri: ["STORK", "STORK"], cast.as_uri(): ["STORK"]}

    edit(talk, text)


def test_formatting_is_offered_only_where_there_is_a_formatter(edit) -> None:
    async def talk(editor: Editor) -> None:
        assert editor.capabilities.document_formatting_provider is None

    edit(talk)


def test_a_rename_to_somebody_else_is_refused_with_the_reason(edit) -> None:
    async def talk(editor: Editor) -> None:
        params = lsp.RenameParams(
            text_document=editor.document,
            position=editor.position("The F|OX walks"),
            new_name="old owl",
        )
        with pytest.raises(Exception, match="OLD OWL is already in the story"):
            await editor.client.text_document_rename_async(params)

    edit(talk)


def test_the_quick_fix_of_a_misspelt_name_mends_the_story(edit) -> None:
    async def talk(editor: Editor) -> None:
        (found,) = await editor.diagnostics()
        actions = await editor.client.text_document_code_action_async(
            lsp.CodeActionParams(editor.document, found.range, lsp.CodeActionContext([found]))
        )
        assert [action.title for action in actions] == ["Change to FOX"]
        (mend,) = actions[0].edit.changes[editor.uri]
        mended = editor.page.edited(mend.range, mend.new_text)
        assert parse_story(mended.text, path="x").diagnostics == ()

    edit(talk, STORY.replace("@layout FOX", "@layout FOXX"))


def test_the_scores_of_the_last_render_stand_at_its_scenes(edit, tmp_path: Path) -> None:
    out = tmp_path / "out" / "night"
    out.mkdir(parents=True)
    clip = {"shot": "1.1", "path": "", "key": "", "frames": 1, "fps": 8, "width": 8, "height": 8}
    found = {"assertion": "a", "metric": "motion", "subject": "FOX", "value": 0.31}
    found |= {"threshold": 0.5, "passed": False, "explanation": ""}
    verdict = {"shot": "1.1", "measurements": [found], "score": 0.42}
    take = {"shot": "1.1", "number": 1, "seed": 1, "clip": clip, "verdict": verdict, "kept": True}
    (out / "run.json").write_text(json.dumps({"takes": [take]}))

    async def talk(editor: Editor) -> None:
        (lens,) = await editor.client.text_document_code_lens_async(
            lsp.CodeLensParams(editor.document)
        )
        assert lens.range.start.line == 5
        expected = "last render 0.42 · not met: motion of FOX 0.31, wanted 0.50"
        assert lens.command.title == expected
        assert list(lens.command.arguments) == [(out / "report.html").as_uri()]

    edit(talk)


def test_a_story_that_is_not_open_is_an_error_and_no_crash(edit) -> None:
    async def talk(editor: Editor) -> None:
        unknown = lsp.TextDocumentIdentifier("file:///nowhere.story")
        with pytest.raises(Exception, match="is not open"):
            await editor.client.text_document_folding_range_async(lsp.FoldingRangeParams(unknown))
        assert await editor.diagnostics() == []

    edit(talk)


def test_without_pygls_the_command_says_what_to_install(repository: Path) -> None:
    script = (
        "import sys\n"
        "sys.modules['pygls'] = None\n"
        "sys.modules['lsprotocol'] = None\n"
        "sys.argv = ['dreamrunner', 'lsp']\n"
        "from dreamrunner.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=repository, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 1
    assert "pip install dreamrunner[lsp]" in " ".join(done.stderr.split())


NEOVIM = """\
vim.cmd('edit ' .. vim.env.STORY)
local client = vim.lsp.start_client({
  name = 'dreamrunner', cmd = { vim.env.PYTHON, '-m', 'dreamrunner', 'lsp' },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(0, client)
vim.wait(200000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local found = {}
for _, d in ipairs(vim.diagnostic.get(0)) do
  table.insert(found, { line = d.lnum, byte = d.col, code = d.code })
end
local params = { textDocument = vim.lsp.util.make_text_document_params() }
local outline = vim.lsp.buf_request_sync(0, 'textDocument/documentSymbol', params, 60000)
local names = {}
for _, s in ipairs(outline[client].result) do table.insert(names, s.name) end
vim.fn.writefile({ vim.json.encode({ found = found, names = names }) }, vim.env.TOLD)
vim.cmd('qall!')
"""


def test_neovim_shows_mistakes_at_the_right_byte(tmp_path: Path, repository: Path) -> None:
    neovim = shutil.which("nvim")
    if neovim is None:
        pytest.skip("neovim is not installed")
    story, told, script = (tmp_path / n for n in ("night.story", "told.json", "talk.lua"))
    text = STORY.replace("The FOX walks", "🦊🦊 The FOX walks").replace(
        "motion=walk", "motoin=walk"
    )
    story.write_text(text, encoding="utf-8")
    script.write_text(NEOVIM, encoding="utf-8")
    environment = {
        **os.environ,
        "STORY": str(story),
        "TOLD": str(told),
        "PYTHON": sys.executable,
        "XDG_STATE_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [neovim, "--headless", "--clean", "-u", "NONE", "-c", f"luafile {script}", "-c", "qall!"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert told.is_file(), done.stderr
    answer = json.loads(told.read_text())
    line = text.split("\n")[9]
    byte = len(line[: line.index("motoin")].encode())
    assert answer["found"] == [{"line": 9, "byte": byte, "code": "E003"}]
    assert answer["names"][0] == "FOX"
