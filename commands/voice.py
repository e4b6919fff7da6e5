"""What commands say, and with which exit code they end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..errors import Diagnostic
from .arguments import ReportFormat

if TYPE_CHECKING:
    from rich.console import Console

# What went wrong, for scripts: the story or the work (1); how the command was called (2, which
# Typer itself gives); stopped by whoever ran it (130, as shells say it).
FAILED, STOPPED = 1, 130


def stdout() -> Console:
    """Return where results go."""
    from rich.console import Console

    return Console()


def stderr() -> Console:
    """Return where everything goes that is no result."""
    from rich.console import Console

    return Console(stderr=True)


def write_json(value: Any) -> None:  # Any: what JSON can hold, checked by `json` itself
    """Write a result for another program."""
    typer.echo(json.dumps(value, indent=2))


def complain(message: str) -> None:
    """Say what stopped the work."""
    stderr().print(f"[red]error[/]  {plain(message)}", soft_wrap=True, highlight=False)


def remark(message: str) -> None:
    """Say what the writer should know beside the result."""
    stderr().print(f"[cyan]note[/]   {plain(message)}", soft_wrap=True, highlight=False)


def write_report(
    diagnostics: Sequence[Diagnostic], format: ReportFormat, story: Path, command: str
) -> None:
    """Write a story's diagnostics for CI, as SARIF or as JUnit XML."""
    from .. import __version__
    from ..dsl import junit_xml, sarif_log

    if format is ReportFormat.SARIF:
        write_json(sarif_log(diagnostics, version=__version__))
    elif format is ReportFormat.JUNIT:
        typer.echo(junit_xml(diagnostics, file=str(story), command=command), nl=False)


def show_diagnostics(
    diagnostics: tuple[Diagnostic, ...], source: str, *, to_stdout: bool = False
) -> None:
    """Show a writer's mistakes, each at its line."""
    from .screen import diagnostics_text

    out = stdout() if to_stdout else stderr()
    out.print(diagnostics_text(diagnostics, source), end="", soft_wrap=True)


def plain(text: str) -> str:
    """Return text that a terminal and Rich show as it is."""
    from .screen import plain

    return plain(text)
