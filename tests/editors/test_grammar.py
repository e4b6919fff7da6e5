"""The extension of VS Code: its own tests, where npm has installed what runs them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from dreamrunner.dsl.schema import TITLE_KEYS


def test_the_grammar_colours_and_the_client_builds_as_their_tests_say(repository: Path) -> None:
    extension = repository / "editors" / "vscode"
    npm = shutil.which("npm")
    if npm is None or not (extension / "node_modules" / "vscode-tmgrammar-test").is_dir():
        pytest.skip("run `npm install` in editors/vscode first")
    done = subprocess.run([npm, "test"], cwd=extension, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_grammar_knows_every_key_of_the_title_page(repository: Path) -> None:
    path = repository / "editors" / "vscode" / "syntaxes" / "story.tmLanguage.json"
    grammar = json.loads(path.read_text(encoding="utf-8"))
    known = grammar["repository"]["titlePage"]["match"]
    for key in TITLE_KEYS:
        assert key.removesuffix("s") in known, key
