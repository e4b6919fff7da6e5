"""Results, errors and notes -> standard output and standard error, safe to show; and exit codes.

Everything that a person reads passes through `visible` here: a plain string given to one of these
consoles is text, never markup, and nothing in it reaches the terminal as a command. What another
program reads (JSON, a story, a patch) is written as it is.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..errors import Diagnostic, OutputError
from .arguments import ReportFormat

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

# What went wrong, for scripts: the story or the work (1); how the command was called (2, which
# Typer itself gives); stopped by the user (130, as shells say it).
FAILED, STOPPED = 1, 130


def stdout() -> Console:
    """Return where results for a person go."""
    return _console(to_stderr=False)


def stderr() -> Console:
    """Return where everything goes that is no result."""
    return _console(to_stderr=True)


def _console(*, to_stderr: bool) -> Console:
    from rich.console import Console

    from ..dsl import visible

    class SafeConsole(Console):
        """A console that shows strings as they are; only a `Text` carries styles."""

        def render_str(self, text: str, **options: Any) -> Text:  # Any: Rich's own options
            return super().render_str(visible(text), **options)

    return SafeConsole(stderr=to_stderr, markup=False, emoji=False, highlight=False)


def styled(*parts: str | tuple[str, str]) -> Text:
    """Return text in which some parts have a style: `styled(("error", "red"), "  no room")`."""
    from rich.text import Text

    from ..dsl import visible

    return Text.assemble(
        *(visible(p) if isinstance(p, str) else (visible(p[0]), p[1]) for p in parts)
    )


def say(line: object, *, to_stderr: bool = False) -> None:
    """Write one line of a result for a person, such as the path of what was made."""
    from ..dsl import visible

    typer.echo(visible(str(line)), err=to_stderr)


def write_json(value: Any) -> None:  # Any: what JSON can hold, checked by `json` itself
    """Write a result for another program, in ASCII: every other character is an escape."""
    typer.echo(json.dumps(value, indent=2).replace("\x7f", "\\u007f"))


def write_text(text: str) -> None:
    """Write a result that is a file's text: in UTF-8 as it is, to a terminal with escapes."""
    from ..dsl import visible

    if sys.stdout is not None and sys.stdout.isatty():
        typer.echo(visible(text), nl=False)
    else:
        typer.echo(text.encode("utf-8", "surrogateescape"), nl=False)


def write_report(
    diagnostics: Sequence[Diagnostic], format: ReportFormat, story: Path, command: str
) -> None:
    """Write a story's diagnostics for CI, as SARIF or as JUnit XML."""
    from .. import __version__
    from ..dsl import junit_xml, sarif_log, visible

    if format is ReportFormat.SARIF:
        write_json(sarif_log(diagnostics, version=__version__))
    elif format is ReportFormat.JUNIT:
        write_text(junit_xml(diagnostics, file=visible(str(story)), command=command))


def complain(message: str) -> None:
    """Write what stopped the work."""
    stderr().print(styled(("error", "red"), f"  {message}"), soft_wrap=True)


def remark(message: str) -> None:
    """Write what the writer should know beside the result."""
    stderr().print(styled(("note", "cyan"), f"   {message}"), soft_wrap=True)


def show_diagnostics(
    diagnostics: tuple[Diagnostic, ...], source: str, *, to_stdout: bool = False
) -> None:
    """Show a writer's mistakes, each at its line."""
    from .screen import diagnostics_text

    out = stdout() if to_stdout else stderr()
    out.print(diagnostics_text(diagnostics, source), end="", soft_wrap=True)


class _Descriptor(io.FileIO):
    """A standard stream's descriptor that never ends a command in a traceback.

    Where a pipe's reader has left, the rest is dropped and the command goes on to its own exit
    code. Where nothing can be written (a full disk), standard output raises one error, and
    standard error, which is the only place to say so, drops the rest.
    """

    def __init__(self, descriptor: int, *, title: str, loud: bool) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._title, self._loud, self._gone = title, loud, False

    def write(self, data: Any) -> int:  # Any: a buffer, as in io.FileIO
        try:
            return len(data) if self._gone else super().write(data)
        except BrokenPipeError:
            self._gone = True
        except OSError as error:
            self._gone = True
            if self._loud:
                raise OutputError(f"cannot write to {self._title}: {error.strerror}") from error
        return len(data)


def guard_streams() -> None:
    """Put guarded streams in the place of standard output and standard error.

    A character that the stream's encoding lacks, as in ASCII, is written as an escape.
    """
    for stream, title in (("stdout", "standard output"), ("stderr", "standard error")):
        plain = getattr(sys, stream)
        if plain is None:  # closed by the caller: whatever is written goes nowhere
            continue
        descriptor = _Descriptor(plain.fileno(), title=title, loud=stream == "stdout")
        guarded = io.TextIOWrapper(
            io.BufferedWriter(descriptor),
            encoding=plain.encoding,
            errors="backslashreplace",
            line_buffering=plain.line_buffering,
            write_through=plain.write_through,
        )
        setattr(sys, stream, guarded)
