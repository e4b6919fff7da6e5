"""A command that takes a record has every option of it, and gets the record filled in."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from typing import Annotated, get_type_hints

import typer
from typer.testing import CliRunner

from dreamrunner.cli import app as dreamrunner
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


def commands(app: typer.Typer) -> Iterator[tuple[str, object]]:
    for command in app.registered_commands:
        assert command.callback is not None
        yield command.name or command.callback.__name__, command.callback
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from commands(group.typer_instance)


def test_no_command_asks_for_a_record_by_itself() -> None:
    """Typer would take it for an argument, which nobody can give."""
    found = dict(commands(dreamrunner))
    assert {"train", "render", "add"} <= found.keys()
    left = {
        name: parameter
        for name, callback in found.items()
        for parameter, hint in get_type_hints(callback).items()
        if is_dataclass(hint)
    }
    assert left == {}
