"""The commands on a film that is rendered: its credits, its takes, and which of them it shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from .arguments import Format, FormatOption, JsonOption, StoryFile
from .output import say, write_json

app = typer.Typer(rich_markup_mode="markdown")

FilmsOption = Annotated[
    Path,
    typer.Option("--output", "-o", envvar="DREAMRUNNER_OUT", help="The folder of films."),
]


@app.command(epilog="Example:  `dreamrunner credits stories/fox.story`")
def credits(
    story: StoryFile,
    output: FilmsOption = Path("out"),
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show of what a film was made: sources and licences of all that taught its motions, voices."""
    from ..production.finished import film_sources
    from ..tools.cutting.provenance import credits_of

    made = film_sources(story, output)
    if as_json or format is Format.JSON:
        write_json(json.loads(made.model_dump_json()))
        return
    for line in credits_of(made):
        say(line)
