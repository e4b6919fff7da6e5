"""The door: commands in, text and exit codes out.

The only module that prints, catches and reads the environment. Everything heavy is imported by
the command that needs it, so that help is there at once.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from . import __version__
from .arguments import (
    Engine,
    EngineOption,
    Format,
    FormatOption,
    JsonOption,
    SeedOption,
    StoreOption,
    StoryFile,
)
from .errors import Diagnostic, DreamRunnerError, StoryError

if TYPE_CHECKING:
    from rich.console import Console

    from .settings import Settings

# What went wrong, for scripts: the story or the work (1); how the command was called (2, which
# Typer itself gives); stopped by whoever ran it (130, as shells say it).
FAILED, STOPPED = 1, 130


class _Door(TyperGroup):
    """Turns what stops the work into a message and an exit code, for every command alike."""

    def invoke(self, ctx: Any) -> Any:  # Any: Typer keeps its context class to itself
        try:
            return super().invoke(ctx)
        except StoryError as error:
            _show_diagnostics(error.diagnostics, error.source)
            _complain(str(error))
        except DreamRunnerError as error:
            _complain(str(error))
        except KeyboardInterrupt:
            _stderr().print(
                "\n[yellow]stopped[/]  every finished shot is kept; "
                "the same command goes on from there",
                highlight=False,
            )
            raise typer.Exit(STOPPED) from None
        raise typer.Exit(FAILED)


app = typer.Typer(
    cls=_Door,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Make films from screenplays.\n\n"
    "A `.story` file is a screenplay; `render` plans its shots, draws them, measures "
    "each against the page, and cuts the film. Nothing is made twice: change a line, and only "
    "what depends on it is made again.",
    epilog="Start with:  `dreamrunner render stories/fox.story`",
)
library_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Search the clips that motions are learnt from.",
)
app.add_typer(library_app, name="library")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dreamrunner {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say on standard error what is being done.")
    ] = False,
) -> None:
    level = logging.INFO if verbose else logging.ERROR
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger(__package__).setLevel(level)


@app.command(epilog="Example:  `dreamrunner check stories/fox.story`")
def check(
    story: StoryFile,
    engine: EngineOption = Engine.STORYBOOK,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Find every mistake of a story, each at its line, without rendering anything.

    Ends with 1 if there is an error; warnings alone end with 0.
    """
    from .dsl import diagnostic_records, summary_line
    from .production import check_story

    checked = check_story(story, engine.value)
    if as_json or format is Format.JSON:
        typer.echo(json.dumps(diagnostic_records(checked.diagnostics), indent=2))
    elif checked.diagnostics:
        _show_diagnostics(checked.diagnostics, checked.source, to_stdout=True)
    else:
        typer.echo(f"{story}: {summary_line(checked.diagnostics)}")
    if checked.errors:
        raise typer.Exit(FAILED)


@app.command(epilog="Example:  `dreamrunner plan stories/fox.story --json > plan.json`")
def plan(
    story: StoryFile,
    engine: EngineOption = Engine.STORYBOOK,
    seed: SeedOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show what the director makes of a story: its shots, and who does what in each.

    As JSON the whole plan comes out: keyframes, boxes, prompts, seeds and what is expected.
    """
    from .production import plan_story
    from .screen import plan_table

    made = plan_story(story, _settings(engine, seed=seed))
    if as_json or format is Format.JSON:
        typer.echo(made.model_dump_json(indent=2))
        return
    out = _stdout()
    out.print(f"[bold]{_plain(made.title)}[/]  {_shots(len(made.shots))}, {made.duration_s:.1f} s")
    out.print()
    out.print(plan_table(made))
    for note in made.notes:
        out.print(f"\n[yellow]note[/]  {_plain(note)}", highlight=False)


@app.command(epilog="Example:  `dreamrunner storyboard stories/fox.story -o fox.png`")
def storyboard(
    story: StoryFile,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", dir_okay=False, help="The picture; STORY's name if left."),
    ] = None,
    engine: EngineOption = Engine.STORYBOOK,
    seed: SeedOption = None,
) -> None:
    """Draw the plan of a story as one picture: every keyframe with its boxes, names and paths."""
    from .production import draw_storyboard

    path = output or Path(f"{story.stem}-storyboard.png")
    for page in draw_storyboard(story, path, _settings(engine, seed=seed)):
        typer.echo(page)


@app.command(epilog="Example:  `dreamrunner animatic stories/fox.story -o fox.mp4`")
def animatic(
    story: StoryFile,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", dir_okay=False, help="The video; STORY's name if left."),
    ] = None,
    seed: SeedOption = None,
) -> None:
    """Draw the plan of a story as a moving picture, in seconds and with no model.

    Who the storybook world doesn't know is a paper figure with a label.
    """
    from .production import draw_animatic
    from .screen import Screen

    path = output or Path(f"{story.stem}-animatic.mp4")
    with Screen(_stderr()) as screen:
        draw_animatic(story, path, _settings(Engine.ANIMATIC, seed=seed), screen)
    typer.echo(path)


@app.command(
    epilog="Examples:\n\n- `dreamrunner render stories/fox.story`\n"
    "- `dreamrunner render stories/fox.story -o films --strict`\n"
    "- `dreamrunner render stories/fox.story --engine animatic`"
)
def render(
    story: StoryFile,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            envvar="DREAMRUNNER_OUT",
            file_okay=False,
            help="The folder of films; this one goes into a folder of its own there.",
        ),
    ] = Path("out"),
    engine: EngineOption = Engine.STORYBOOK,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 1 where an expectation is not met.")
    ] = False,
    seed: SeedOption = None,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Make the film of a story.

    Leaves film.mp4, film.srt, a clip a shot, plan.json, storyboard.png, report.html and run.json
    in OUTPUT/STORY. Stop it whenever you like: what is finished is kept, and the same command
    goes on from there.
    """
    from .production import render_story
    from .screen import Screen, show_outcome

    settings = _settings(engine, store=store, seed=seed, out=output, strict=strict)
    with Screen(_stderr()) as screen:
        outcome = render_story(story, settings, screen)
    if as_json or format is Format.JSON:
        typer.echo(outcome.run.read_text(encoding="utf-8"), nl=False)
    else:
        show_outcome(_stdout(), outcome)
    if outcome.strict and outcome.unmet:
        raise typer.Exit(FAILED)


@app.command(epilog="Example:  `dreamrunner report stories/fox.story --open`")
def report(
    story: StoryFile,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", envvar="DREAMRUNNER_OUT", help="The folder of films."),
    ] = Path("out"),
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Say where the report of a story's last render is, or open it."""
    from .production import find_report

    page = find_report(story, output)
    typer.echo(page)
    if open_it:
        typer.launch(page.resolve().as_uri())


@library_app.command(epilog='Example:  `dreamrunner library search "a fox doing a somersault"`')
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What the clip should show.")],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many clips.")] = 10,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Find clips by words and by meaning, best first.

    The library is drawn on first use, which takes a moment.
    """
    from .production import search_library
    from .screen import Screen, hits_table

    with Screen(_stderr()) as screen:
        hits = search_library(query, limit, _settings(Engine.STORYBOOK, store=store), screen)
    if as_json or format is Format.JSON:
        found = [
            {
                "rank": hit.rank,
                "id": hit.clip.id,
                "caption": hit.clip.caption,
                "path": str(hit.path),
                "bm25": hit.bm25,
                "dense": hit.dense,
                "fused": hit.fused,
            }
            for hit in hits
        ]
        typer.echo(json.dumps(found, indent=2))
    else:
        _stdout().print(hits_table(hits))


@library_app.command("list", epilog="Example:  `dreamrunner library list`")
def list_library(
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Say what the library holds: how many clips of which motion, character and place."""
    from dataclasses import asdict

    from .production import describe_library
    from .screen import Screen, holdings_table

    with Screen(_stderr()) as screen:
        held = describe_library(_settings(Engine.STORYBOOK, store=store), screen)
    if as_json or format is Format.JSON:
        typer.echo(json.dumps(asdict(held), indent=2))
    else:
        _stdout().print(holdings_table(held))


def _settings(
    engine: Engine,
    *,
    seed: int | None = None,
    store: Path | None = None,
    out: Path = Path("out"),
    strict: bool = False,
) -> Settings:
    from .settings import Settings, default_store

    return Settings(
        engine=engine.value, out=out, store=store or default_store(), seed=seed, strict=strict
    )


def _show_diagnostics(
    diagnostics: tuple[Diagnostic, ...], source: str, *, to_stdout: bool = False
) -> None:
    from .screen import diagnostics_text

    out = _stdout() if to_stdout else _stderr()
    out.print(diagnostics_text(diagnostics, source), end="", soft_wrap=True)


def _shots(count: int) -> str:
    return f"{count} shot{'s' * (count != 1)}"


def _complain(message: str) -> None:
    _stderr().print(f"[red]error[/]  {_plain(message)}", soft_wrap=True, highlight=False)


def _plain(text: str) -> str:
    from .screen import plain

    return plain(text)


def _stdout() -> Console:
    from rich.console import Console

    return Console()


def _stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True)


def main() -> None:
    """Run the command line."""
    app(prog_name="dreamrunner")
