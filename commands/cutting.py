"""The commands on a film that is rendered: its credits, its takes, and which of them it shows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .arguments import (
    BurnOption,
    EngineName,
    EngineOption,
    Format,
    FormatOption,
    JsonOption,
    NoCardsOption,
    SilentOption,
    StoreOption,
    StoryFile,
    VoiceOption,
    settings_of,
    voice_of,
)
from .output import say, stderr, stdout, write_json

if TYPE_CHECKING:
    from ..production.settings import Settings

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


ShotName = Annotated[str, typer.Argument(metavar="SHOT", help="The shot, such as 4.1.")]


@app.command(epilog="Example:  `dreamrunner takes stories/fox.story`")
def takes(
    story: StoryFile,
    output: FilmsOption = Path("out"),
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """List all takes of a film, shot by shot, with what each of them failed."""
    from ..production.finished import takes_of
    from .tables import takes_table

    found = takes_of(story, output)
    if as_json or format is Format.JSON:
        write_json([take.model_dump(mode="json", exclude={"plan"}) for take in found])
    else:
        stdout().print(takes_table(found))


@app.command(epilog="Example:  `dreamrunner keep stories/fox.story 4.1 2`")
def keep(
    story: StoryFile,
    shot: ShotName,
    take: Annotated[int, typer.Argument(metavar="TAKE", min=1, help="The number of the take.")],
    output: FilmsOption = Path("out"),
    engine: EngineOption = EngineName.STORYBOOK,
    store: StoreOption = None,
    voice: VoiceOption = None,
    silent: SilentOption = False,
    burn: BurnOption = False,
    no_cards: NoCardsOption = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write the choice into the story, as a `@take`.")
    ] = False,
) -> None:
    """Let a film show a take of a shot, and cut it again in seconds.

    The choice is kept beside the film, in takes.json, and holds for later renders; without --write
    the story stays as it is. Give the options that the film was rendered with.
    """
    from ..production.finished import keep_take
    from .screen import Screen, show_outcome

    settings = _settings(output, engine, store, voice, silent=silent, burn=burn)
    settings = replace(settings, cards=not no_cards)
    with Screen(stderr()) as screen:
        outcome = keep_take(story, shot, take, settings, screen, write=write)
    show_outcome(stdout(), outcome)


@app.command(epilog="Example:  `dreamrunner redo stories/fox.story 4.1`")
def redo(
    story: StoryFile,
    shot: ShotName,
    output: FilmsOption = Path("out"),
    engine: EngineOption = EngineName.STORYBOOK,
    store: StoreOption = None,
    voice: VoiceOption = None,
    silent: SilentOption = False,
    burn: BurnOption = False,
    no_cards: NoCardsOption = False,
) -> None:
    """Make one more take of a shot, and cut the film again with it.

    `keep` goes back to an earlier one. Give the options that the film was rendered with.
    """
    from ..production.finished import redo_shot
    from .screen import Screen, show_outcome

    settings = _settings(output, engine, store, voice, silent=silent, burn=burn)
    settings = replace(settings, cards=not no_cards)
    with Screen(stderr()) as screen:
        outcome = redo_shot(story, shot, settings, screen)
    show_outcome(stdout(), outcome)


def _settings(
    output: Path, engine: str, store: str | None, voice: str | None, *, silent: bool, burn: bool
) -> Settings:
    settings = settings_of(engine, store=store, out=output)
    return replace(settings, voice=voice_of(voice, silent=silent), burn=burn)
