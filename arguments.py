"""What the commands may be given: story, engine, seed, store, format."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Engine(StrEnum):
    """Who draws the shots."""

    STORYBOOK = "storybook"
    ANIMATIC = "animatic"


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"


StoryFile = Annotated[
    Path,
    typer.Argument(
        metavar="STORY",
        help="The screenplay, a .story or Fountain file.",
        exists=True,
        dir_okay=False,
        readable=True,
        show_default=False,
    ),
]
EngineOption = Annotated[
    Engine,
    typer.Option(
        "--engine",
        "-e",
        help="Who draws the shots: `storybook`, the embedded model, or `animatic`, "
        "which draws the plan itself with no model.",
    ),
]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", min=0, help="Seed of every shot that the story gives none."),
]
StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        envvar="DREAMRUNNER_STORE",
        file_okay=False,
        help="Where finished work is kept; the user's cache if not given.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to write the result.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
