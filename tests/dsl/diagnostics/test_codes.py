"""Given the code of a diagnostic, expect a page whose examples are true."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import dreamrunner.agents
import dreamrunner.dsl
from dreamrunner.dsl import CodePage, explanation, pages
from dreamrunner.errors import Severity
from dreamrunner.production.facade import check_story
from dreamrunner.tools.screenplays import import_file

# What is measured of a film has no mistake in its story: `tests/tools/test_shortfalls.py` has it.
MEASURED = {"W201", "E201", "W202", "E202"}
EVERY = [page for code, page in pages().items() if code == page.code and code not in MEASURED]


def said(page: CodePage, text: str, folder: Path) -> set[str]:
    """Check a page's example beside its files and return the codes."""
    for name, content in page.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    if page.form:
        script = folder / "script"
        script.write_text(text, encoding="utf-8")
        made = import_file(script, page.form, repair=page.repair)
        return {d.code for one in made for d in one.diagnostics}
    story = folder / "story.story"
    story.write_text(text, encoding="utf-8")
    return {d.code for d in check_story(story, page.engine, deep=True).diagnostics}


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.code)
def test_the_wrong_example_has_the_mistake_and_the_right_one_has_not(
    page: CodePage, tmp_path: Path
) -> None:
    assert page.code in said(page, page.wrong * page.times, tmp_path)
    right = said(page, page.right * page.times, tmp_path)
    assert page.code not in right
    assert not {code for code in right if code.startswith("E") and code != "E001"}


@pytest.mark.parametrize("page", [p for p in EVERY if p.strict], ids=lambda page: page.code)
def test_in_a_strict_story_the_mistake_has_its_strict_code(page: CodePage, tmp_path: Path) -> None:
    assert page.strict in said(page, f"Strict: yes\n\n{page.wrong}", tmp_path)
    assert page.strict not in said(page, f"Strict: yes\n\n{page.right}", tmp_path)


def emitted() -> set[str]:
    """Return every code that the sources of the language and of the remarks can make."""
    found: set[str] = set()
    letters = {"error": "E", "warning": "W", "strict_error": "EW"}
    for package in (dreamrunner.dsl, dreamrunner.agents):
        for file in Path(package.__path__[0]).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                first = node.args[0]
                number = first.value if isinstance(first, ast.Constant) else None
                if not (isinstance(number, str) and len(number) == 3 and number.isdigit()):
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                made = node.func.id if isinstance(node.func, ast.Name) else ""
                is_made = made in ("SyntaxFault", "_Problem")
                kinds = "E" if is_made else letters.get(name, "")
                found |= {f"{kind}{number}" for kind in kinds}
    return found


def test_every_code_that_the_language_can_emit_has_a_page() -> None:
    remarks = {f"{letter}{number}" for letter in "EW" for number in range(135, 140)}
    made_elsewhere = {"W000", "W140", "W148", "W150", "W192", *remarks, *MEASURED}
    assert emitted() | made_elsewhere == set(pages())


@pytest.mark.parametrize("code", sorted(c for c in MEASURED if c[0] == "W"))
def test_what_is_measured_is_asked_for_by_a_story_without_a_mistake(
    code: str, tmp_path: Path
) -> None:
    page = pages()[code]
    assert page.measured and pages()[f"E{code[1:]}"] is page
    assert said(page, page.wrong, tmp_path) | said(page, page.right, tmp_path) <= {"W154"}
    assert f"Under Strict: yes or --strict this is an error, E{code[1:]}." in explanation(page)


def test_a_page_as_it_is_read() -> None:
    page = pages()["E121"]
    assert page is pages()["W121"]
    assert explanation(page).startswith("W121 E121  longer than one clip\n\nA model draws clips")
    assert "\n\nWrong:\n\n    EXT. FOREST - DAY\n    @duration 9s\n" in explanation(page)
    assert all(len(line) <= 80 for line in explanation(page).splitlines())


def test_the_letter_of_a_code_is_its_severity(tmp_path: Path) -> None:
    page = pages()["W137"]
    said(page, page.wrong, tmp_path)
    (found,) = check_story(tmp_path / "story.story", "storybook").diagnostics
    assert (found.severity, found.span.line) == (Severity.WARNING, 1)
    assert "it is drawn as" in found.message
