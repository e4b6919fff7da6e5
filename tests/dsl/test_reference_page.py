"""Given the tables of the language, expect the reference page to say them, and to say true."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from dreamrunner.dsl import DIRECTIVES, parse_story
from dreamrunner.engine.storybook.capabilities import storybook_capabilities

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "language.md").read_text(encoding="utf-8")
PAGES = [
    ROOT / "README.md",
    *sorted(DOCS.rglob("*.md")),
    *sorted((ROOT / "editors").glob("*/*.md")),
]
FENCED = re.compile(r"^```(story|fountain)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(found[2], id=f"{page.name}-{number}")
    for page in PAGES
    if page.name != "language.in.md"
    for number, found in enumerate(FENCED.finditer(page.read_text(encoding="utf-8")), start=1)
]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("language_page", DOCS / "language.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_script_writes(script: ModuleType) -> None:
    assert script.page() == PAGE, "run python docs/language.py"


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_has_no_mistake(example: str) -> None:
    parsed = parse_story(example, path="page.story", capabilities=storybook_capabilities())
    assert not [d for d in parsed.diagnostics if d.code != "W101"]


@pytest.mark.parametrize("name", DIRECTIVES)
def test_the_usage_of_a_directive_is_right(name: str) -> None:
    spec = DIRECTIVES[name]
    cast = "" if spec.takes == "new name" else "@character FOX: a fox\n@character OWL: an owl\n"
    above, within = (spec.usage, "") if spec.where == "story" else ("", spec.usage)
    text = f"{cast}{above}\n\nEXT. FOREST\n{within}\n\nThe FOX, the OWL.\n\nRIVER\nLANTERN.\n"
    parsed = parse_story(text, path="usage.story", capabilities=storybook_capabilities())
    assert {d.code for d in parsed.diagnostics} <= {"W019", "W101", "W121", "W126"}
    assert {d.code for d in parsed.errors} == set()
