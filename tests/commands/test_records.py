"""A command that takes a record has every option of it, and gets the record filled in."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from dreamrunner.commands.records import with_records


@dataclass(frozen=True)
class Speed:
    steps: Annotated[int, typer.Option("--steps", help="How many steps.")] = 5
    trim: Annotated[bool, typer.Option("--trim", help="Trim the text.")] = False


def test_a_record_is_made_of_its_options() -> None:
    got: list[object] = []
    app = typer.Typer()

    @app.command()
    @with_records
    def draw(name: str, loud: bool = False, *, speed: Speed, last: int = 1) -> None:
        """Draw."""
        got.extend((name, loud, speed, last))

    assert list(inspect.signature(draw).parameters) == [
        "name", "loud", "steps", "trim", "last",
    ]  # fmt: skip
    result = CliRunner().invoke(app, ["fox", "--steps", "3", "--loud", "--last", "2"])
    assert result.exit_code == 0, result.output
    assert got == ["fox", True, Speed(steps=3), 2]
    words = CliRunner().invoke(app, ["--help"]).output
    assert "--steps" in words and "How many steps." in words
    assert CliRunner().invoke(app, ["fox", "--steps", "x"]).exit_code == 2
