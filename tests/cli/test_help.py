"""Every command has its help in a golden file, and every engine can be chosen."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

import pytest

from dreamrunner.cli import app

from .calling import call

HELP = {
    "dreamrunner": (),
    **{
        name.replace(" ", "-"): tuple(name.split())
        for name in (
            "check",
            "explain",
            "fmt",
            "write",
            "import",
            "export",
            "plan",
            "storyboard",
            "animatic",
            "render",
            "doctor",
            "report",
            "critique",
            "accept",
            "credits",
            "diff",
            "store",
            "store du",
            "store gc",
            "store verify",
            "store push",
            "store pull",
            "takes",
            "keep",
            "redo",
            "watch",
            "lsp",
            "library",
            "library add",
            "library search",
            "library list",
            "adapters",
            "adapters list",
            "adapters show",
            "adapters train",
            "adapters test",
            "adapters export",
            "adapters remove",
            "critic",
            "critic calibrate",
            "bench",
            "bench story",
            "library show",
            "library remove",
            "library credits",
        )
    },
}


@pytest.mark.parametrize("name", HELP)
def test_help(name: str, golden: Callable[[str, str], None]) -> None:
    result = call(*HELP[name], "--help")
    assert result.exit_code == 0
    # The words are ours; boxes, columns and the names of types are Typer's, and change with it.
    words = re.sub(r"[╭╮╰╯│─]|<[\w\[\] ]*>", " ", result.stdout)
    sections = re.split(
        r" (?=(?:Arguments|Options|Commands|Examples?:|-\S+ ) )", " ".join(words.split())
    )
    golden(f"help/{name}.txt", "\n".join(textwrap.fill(s, 96) for s in sections) + "\n")


def test_every_command_is_in_the_help_table() -> None:
    import typer.main

    group = typer.main.get_command(app)
    assert set(group.commands) == {words[0] for words in HELP.values() if words}


def test_the_engines_to_choose_from_are_those_that_there_are() -> None:
    from dreamrunner.commands.arguments import EngineName
    from dreamrunner.engine.family import FAMILIES

    assert [engine.value for engine in EngineName] == list(FAMILIES)
