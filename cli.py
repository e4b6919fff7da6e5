"""The door: commands in, text and exit codes out; and what becomes of errors.

Everything heavy is imported by the command that needs it, so that help is there at once.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from . import __version__
from .commands import films, library, planning, scripts, serving
from .commands.voice import FAILED, STOPPED, complain, show_diagnostics, stderr
from .errors import DreamRunnerError, StoppedAtOnceError, StoryError


class _Door(TyperGroup):
    """Turns what stops the work into a message and an exit code, for every command alike."""

    def invoke(self, ctx: Any) -> Any:  # Any: Typer keeps its context class to itself
        try:
            return super().invoke(ctx)
        except StoryError as error:
            show_diagnostics(error.diagnostics, error.source)
            complain(str(error))
        except DreamRunnerError as error:
            complain(str(error))
        except KeyboardInterrupt as error:
            lost = "what was being made is lost; " * isinstance(error, StoppedAtOnceError)
            stderr().print(
                f"\n[yellow]stopped[/]  {lost}every finished shot is kept; "
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
for part in (scripts, planning, films, serving):
    app.add_typer(part.app)
app.add_typer(library.app, name="library")


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
    logging.getLogger("dreamrunner").setLevel(level)


def main() -> None:
    """Run the command line."""
    try:
        app(prog_name="dreamrunner")
    except SystemExit as end:
        if end.code == STOPPED:
            # Python would wait for threads that are at work, and a thread that comes back from
            # torch while Python ends aborts the process. All that is kept is on the disk by now.
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(STOPPED)
        raise
