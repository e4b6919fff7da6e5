"""Commands on the script itself: check, explain, fmt, import, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import DreamRunnerError, StoryError
from .arguments import (
    FOR_CI,
    EngineName,
    EngineOption,
    Format,
    FormatOption,
    JsonOption,
    ReportFormat,
    ReportFormatOption,
    ScriptFile,
    ScriptFormat,
    SeedOption,
    StoryFile,
    StoryFiles,
    settings_of,
)
from .voice import FAILED, complain, show_diagnostics, write_json, write_report

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example:  `dreamrunner check stories/fox.story`")
def check(
    story: StoryFile,
    engine: EngineOption = EngineName.STORYBOOK,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every sentence too: who has left and is there.")
    ] = False,
    format: ReportFormatOption = ReportFormat.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Find every mistake of a story, each at its line, without rendering anything.

    Ends with 1 if there is an error; warnings alone end with 0.
    """
    from ..dsl import diagnostic_records, summary_line
    from ..production.facade import check_story

    checked = check_story(story, engine.value, deep=deep)
    if as_json or format is ReportFormat.JSON:
        write_json(diagnostic_records(checked.diagnostics))
    elif format in FOR_CI:
        write_report(checked.diagnostics, format, story, "check")
    elif checked.diagnostics:
        show_diagnostics(checked.diagnostics, checked.source, to_stdout=True)
    else:
        typer.echo(f"{story}: {summary_line(checked.diagnostics)}")
    if checked.errors:
        raise typer.Exit(FAILED)


@app.command(epilog="Example:  `dreamrunner explain E142`")
def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="As in error[E142]; all if left.")
    ] = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Say what a mistake means and how to write it instead, or list every code."""
    from dataclasses import asdict

    from ..dsl import explanation, pages

    known = pages()
    if code is not None and code.upper() not in known:
        raise typer.BadParameter(f"there is no code {code}; dreamrunner explain lists them all")
    shown = [known[code.upper()]] if code else [p for c, p in known.items() if c == p.code]
    if as_json or format is Format.JSON:
        write_json([asdict(page) for page in shown])
    elif code:
        typer.echo(explanation(shown[0]), nl=False)
    else:
        for page in shown:
            typer.echo(f"{' '.join(page.codes):<10}  {page.title}")


@app.command(
    epilog="Examples:\n\n- `dreamrunner fmt stories/fox.story`\n"
    "- `dreamrunner fmt --check --diff stories/*.story`\n- `dreamrunner fmt - < fox.story`"
)
def fmt(
    stories: StoryFiles,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; end with 1 if a file would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show the changes.")] = False,
) -> None:
    """Write stories neatly: directives, empty lines, boxes in columns.

    Prose and comments stay as they are, and so does what the story says. A file with syntax
    errors is left alone. `-` reads a story and writes it out again.
    """
    from ..tools.screenplays import STDIN, Manuscript

    failed = False
    for path in stories:
        try:
            data = sys.stdin.buffer.read() if path == STDIN else None
            manuscript = Manuscript.read(path, data)
            if diff:
                typer.echo(manuscript.diff(), nl=False)
            elif path == STDIN and not check:
                typer.echo(manuscript.after.encode(), nl=False)
            if manuscript.is_untidy and check:
                typer.echo(f"{path}: would change", err=diff)
                failed = True
            elif manuscript.is_untidy and not diff and path != STDIN:
                manuscript.write()
                typer.echo(f"{path}: written")
        except StoryError as error:
            show_diagnostics(error.diagnostics, error.source)
            failed = True
        except DreamRunnerError as error:
            complain(str(error))
            failed = True
    if failed:
        raise typer.Exit(FAILED)


@app.command(
    "import",
    epilog="Examples:\n\n- `dreamrunner import script.fdx -o script.story`\n"
    "- `dreamrunner import plans.jsonl -o plans --repair`",
)
def import_script(
    file: ScriptFile,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The story, or a folder where FILE holds several."),
    ] = None,
    from_: Annotated[
        ScriptFormat | None,
        typer.Option("--from", help="What FILE is, where its name does not say it."),
    ] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend boxes that are none, and say how.")
    ] = False,
) -> None:
    """Make a story of a Fountain or Final Draft script, an outline, or plans in JSON lines.

    Without `-o` the story has FILE's name and stands here; nothing that is there is written over.
    """
    from ..tools.screenplays import import_file, write_stories

    imported = import_file(file, from_.value if from_ else None, repair=repair)
    for story in imported:
        if story.diagnostics:
            show_diagnostics(story.diagnostics, story.source)
    for path in write_stories(imported, file, output):
        typer.echo(path)
    if any(story.text is None for story in imported):
        raise typer.Exit(FAILED)


@app.command(
    epilog="Examples:\n\n- `dreamrunner export stories/fox.story --to fdx -o fox.fdx`\n"
    "- `dreamrunner export stories/fox.story --to plans`"
)
def export(
    story: StoryFile,
    to: Annotated[ScriptFormat, typer.Option("--to", help="What to write.", show_default=False)],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", dir_okay=False, help="The file; standard output if left."),
    ] = None,
    engine: EngineOption = EngineName.STORYBOOK,
    seed: SeedOption = None,
) -> None:
    """Write a story as Fountain, Final Draft, an outline, or the plans of its shots.

    Directives travel as notes in Fountain and Final Draft, and come back with `import`.
    """
    from ..production.facade import export_story
    from ..tools.screenplays import write_script

    text = export_story(story, to.value, settings_of(engine, seed=seed))
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_script(output, text)
        typer.echo(output)
