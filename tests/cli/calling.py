"""A story to call commands on, and a way to call them within the tests' own process."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from dreamrunner.cli import app

STORY = """\
Title: A Walk [not markup]

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 0.5s

The FOX walks to the right.
@expect motion.FOX >= 0.5
"""


def call(*words: str) -> Result:
    result = CliRunner().invoke(app, list(words), prog_name="dreamrunner")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
