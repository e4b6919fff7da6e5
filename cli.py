"""The command line: arguments -> a command, its output and an exit code; errors -> one message.

Everything heavy is imported by the command that needs it, so that `--help` is fast.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from . import __version__
from .commands import (
    adapters,
    benching,
    critics,
    cutting,
    films,
    library,
    planning,
    scripts,
    serving,
    storing,
)
from .commands.output import (
    FAILED,
    STOPPED,
    complain,
    guard_streams,
    show_diagnostics,
    stderr,
    styled,
)
from .errors import DreamRunnerError, StoppedAtOnceError, StoryError

_NO_MEMORY = "there is not enough free memory; stop other programs, or raise the limit (ulimit -v)"
_NO_THREADS = "no more threads can be started; stop other programs, or raise the limit (ulimit -u)"
# Words by which Python, the loader of libraries and PyTorch say that the machine has no more.
_LACKS = {
    "start new thread": _NO_THREADS,
    "Resource temporarily unavailable": _NO_THREADS,
    "allocate memory": _NO_MEMORY,
    "failed to map segment": _NO_MEMORY,
    "out of memory": _NO_MEMORY,
    "not enough memory": _NO_MEMORY,
}
# Commands that draw everything each time: they keep nothing to go on from.
_BEGIN_ANEW = frozenset({"plan", "storyboard", "animatic"})


class _CommandLine(TyperGroup):
    """Turns what stops the work into a message and an exit code, for every command alike."""

    def make_context(self, *args: Any, **options: Any) -> Any:  # Any: Typer keeps its classes
        with _visible_usage_errors():
            return super().make_context(*args, **options)

    def invoke(self, ctx: Any) -> Any:  # Any: Typer keeps its context class to itself
        try:
            with _visible_usage_errors():
                return super().invoke(ctx)
        except StoryError as error:
            show_diagnostics(error.diagnostics, error.source)
            complain(str(error))
        except DreamRunnerError as error:
            complain(str(error))
        except KeyboardInterrupt as error:
            lost = "what was being made is lost; " * isinstance(error, StoppedAtOnceError)
            kept = f"{lost}every finished shot is kept; the same command goes on from there"
            if ctx.invoked_subcommand == "library":
                kept = "what is finished is kept; the same command goes on from there"
            if ctx.invoked_subcommand in _BEGIN_ANEW:
                kept = "what is written stays; the same command begins anew"
            stderr().print(styled("\n", ("stopped", "yellow"), f"  {kept}"))
            raise typer.Exit(STOPPED) from None
        except (typer.Exit, typer.Abort):  # kinds of RuntimeError
            raise
        except (MemoryError, RuntimeError, ImportError, OSError) as error:
            # With no imports of Rich and the like: there may be no memory for them.
            sys.stderr.write(f"error  {_lacking(error)}\n")
        raise typer.Exit(FAILED)


@contextmanager
def _visible_usage_errors() -> Iterator[None]:
    """Let what was typed, or is a file's name, command no terminal from within Typer's messages."""
    try:
        yield
    except Exception as error:  # Typer keeps its class of usage errors to itself
        if isinstance(message := getattr(error, "message", None), str):
            from .dsl import visible

            error.message = visible(message)  # type: ignore[attr-defined]  # it has one
        raise


def _lacking(error: Exception) -> str:
    """Return what the machine lacks, in words.

    Raises:
        Exception: the error itself, where it is not the machine's: that is a bug, and is shown.
    """
    if isinstance(error, MemoryError):
        return _NO_MEMORY
    for words, message in _LACKS.items():
        if words in str(error):
            return message
    if isinstance(error, OSError) and error.strerror:
        from .dsl import visible

        return visible(f"{error.filename}: {error.strerror}" if error.filename else error.strerror)
    raise error


app = typer.Typer(
    cls=_CommandLine,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Make films from screenplays.\n\n"
    "A `.story` file is a screenplay; `render` plans its shots, draws them, measures "
    "each against the story, and cuts the film. Finished work is kept: after a change, only what "
    "depends on it is made again.",
    epilog="Start with:  `dreamrunner render stories/fox.story`",
)
for part in (scripts, planning, films, cutting, critics, serving):
    app.add_typer(part.app)
app.add_typer(library.app, name="library")
app.add_typer(adapters.app, name="adapters")
app.add_typer(critics.calibration, name="critic")
app.add_typer(benching.benches, name="bench")
app.add_typer(storing.app, name="store")


class _VisibleFormatter(logging.Formatter):
    """Writes log lines in which a story's words and a file's name command no terminal."""

    def format(self, record: logging.LogRecord) -> str:
        from .dsl import visible

        return visible(super().format(record))


def _version(asked: bool) -> None:
    if asked:
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
        bool, typer.Option("--verbose", "-v", help="Write what is being done to standard error.")
    ] = False,
) -> None:
    level = logging.INFO if verbose else logging.ERROR
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_VisibleFormatter("%(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("dreamrunner").setLevel(level)
    if not verbose:
        # What fails in a worker's thread ends the command with that error, shown once.
        logging.getLogger("concurrent.futures").setLevel(logging.CRITICAL)


def main() -> None:
    """Run the command line."""
    guard_streams()
    try:
        app(prog_name="dreamrunner")
    except SystemExit as end:
        if end.code == STOPPED:
            _end_at_once(STOPPED)
        raise


def _end_at_once(code: int) -> NoReturn:
    """End the process without waiting for its threads; all that is kept is on the disk by now.

    Python would wait for threads that are at work, and a thread that comes back from torch while
    Python ends aborts the process.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)
