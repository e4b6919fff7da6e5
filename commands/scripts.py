"""The commands on the text of a story: check, explain, fmt, import, export."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..errors import DreamRunnerError, InputError, StoryError
from .arguments import (
    FOR_CI,
    EngineName,
    EngineOption,
    Format,
    FormatOption,
    JsonOption,
    LlmOptions,
    ReportFormat,
    ReportFormatOption,
    SeedOption,
    StoryFile,
    settings_of,
)
from .output import (
    FAILED,
    complain,
    remark,
    say,
    show_diagnostics,
    write_json,
    write_report,
    write_text,
)
from .records import with_records

app = typer.Typer(rich_markup_mode="markdown")


class ImportFormat(StrEnum):
    """The formats that become stories: those of other programs, and episodes of EntityBench."""

    FOUNTAIN = "fountain"
    FDX = "fdx"
    OUTLINE = "outline"
    PLANS = "plans"
    ENTITYBENCH = "entitybench"


class ExportFormat(StrEnum):
    """What a story, or a film of it that is rendered, can be written as."""

    FOUNTAIN = "fountain"
    FDX = "fdx"
    OUTLINE = "outline"
    PLANS = "plans"
    OTIO = "otio"
    EDL = "edl"
    SRT = "srt"
    VTT = "vtt"


# Those that are of a film and not of a page.
OF_FILMS = (ExportFormat.OTIO, ExportFormat.EDL, ExportFormat.SRT, ExportFormat.VTT)
ScriptWords = Annotated[
    list[str],
    typer.Argument(
        metavar="[FORMAT] FILE",
        help="A .fountain, .fdx, .txt, .md, .jsonl or .json file; of `entitybench` a folder too.",
        show_default=False,
    ),
]
StoryFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="STORY...",
        help="Story files, or - for standard input.",
        show_default=False,
    ),
]


@app.command(epilog="Example:  `dreamrunner check stories/fox.story`")
def check(
    story: StoryFile,
    engine: EngineOption = EngineName.STORYBOOK,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep",
            help="Read every sentence too: what no picture will show, who has left and is there.",
        ),
    ] = False,
    format: ReportFormatOption = ReportFormat.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show every mistake in a story at its line, without rendering anything.

    Ends with exit code 1 if there is an error, and with 0 if there are only warnings.
    """
    from ..dsl import diagnostic_records, summary_line
    from ..production.facade import check_story

    checked = check_story(story, engine, deep=deep)
    if as_json or format is ReportFormat.JSON:
        write_json(diagnostic_records(checked.diagnostics))
    elif format in FOR_CI:
        write_report(checked.diagnostics, format, story, "check")
    elif checked.diagnostics:
        show_diagnostics(checked.diagnostics, checked.source, to_stdout=True)
    else:
        say(f"{story}: {summary_line(checked.diagnostics)}")
    if checked.errors:
        raise typer.Exit(FAILED)


@app.command(epilog="Example:  `dreamrunner explain E142`")
def explain(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE",
            help="The code of a mistake, as in error[E142]; by default every code is listed.",
        ),
    ] = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Explain what a mistake means and how to correct it, or list every code."""
    from dataclasses import asdict

    from ..dsl import explanation, pages

    known = pages()
    if code is not None and code.upper() not in known:
        raise typer.BadParameter(f"there is no code {code}; dreamrunner explain lists them all")
    shown = [known[code.upper()]] if code else [p for c, p in known.items() if c == p.code]
    if as_json or format is Format.JSON:
        write_json([asdict(page) for page in shown])
    elif code:
        write_text(explanation(shown[0]))
    else:
        for page in shown:
            say(f"{' '.join(page.codes):<10}  {page.title}")


@app.command(
    epilog="Examples:\n\n- `dreamrunner fmt stories/fox.story`\n"
    "- `dreamrunner fmt --check --diff stories/*.story`\n- `dreamrunner fmt - < fox.story`"
)
def fmt(
    stories: StoryFiles,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; end with exit code 1 if a file would change."),
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show the changes.")] = False,
) -> None:
    """Format stories: directives, empty lines, boxes in columns.

    Prose, comments and the meaning of the story do not change. A file with syntax errors stays
    as it is. `-` formats standard input to standard output.
    """
    from ..tools.screenplays import STDIN, Manuscript

    failed = False
    for path in stories:
        try:
            manuscript = Manuscript.read(path, _piped_in() if path == STDIN else None)
            if diff:
                write_text(manuscript.diff())
            elif path == STDIN and not check:
                write_text(manuscript.after)
            if manuscript.is_untidy and check:
                say(f"{path}: would change", to_stderr=diff)
                failed = True
            elif manuscript.is_untidy and not diff and path != STDIN:
                manuscript.write()
                say(f"{path}: written")
        except StoryError as error:
            show_diagnostics(error.diagnostics, error.source)
            failed = True
        except DreamRunnerError as error:
            complain(str(error))
            failed = True
    if failed:
        raise typer.Exit(FAILED)


def _piped_in() -> bytes:
    if sys.stdin is None:
        raise InputError("standard input is closed: there is no story to read for -")
    return sys.stdin.buffer.read()


@app.command(
    epilog='Examples:\n\n- `dreamrunner write "a fox who looks for the moon" --llm MODEL`\n'
    '- `dreamrunner write "two owls and a storm" --scenes 5 -o owls.story --llm MODEL`'
)
@with_records
def write(
    topic: Annotated[
        str, typer.Argument(metavar="TOPIC", help="What the story is about.", show_default=False)
    ],
    scenes: Annotated[
        int, typer.Option("--scenes", "-n", min=1, max=60, help="How many scenes to write.")
    ] = 3,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", dir_okay=False, help="The story file; by default TOPIC.story."
        ),
    ] = None,
    engine: EngineOption = EngineName.STORYBOOK,
    *,
    director: LlmOptions,
) -> None:
    """Let a language model write a story that checks, of what the engine can draw.

    What is wrong with its answer is sent back to it, twice at most. Without `-o` no file is
    overwritten.
    """
    from ..production.write import write_story

    written = write_story(topic, scenes, output, settings_of(engine, director=director))
    remark(written.usage.words)
    if written.remarks:
        show_diagnostics(written.remarks, written.text)
    say(written.path)


@app.command(
    "import",
    epilog="Examples:\n\n- `dreamrunner import script.fdx -o script.story`\n"
    "- `dreamrunner import plans.jsonl -o plans --repair`\n"
    "- `dreamrunner import entitybench episodes -o stories`",
)
def import_script(
    words: ScriptWords,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The story file, or a folder if FILE holds several stories."
        ),
    ] = None,
    from_: Annotated[
        ImportFormat | None,
        typer.Option("--from", help="The format of FILE, if its name does not tell it."),
    ] = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="Correct impossible boxes in plans, and show each correction."
        ),
    ] = False,
) -> None:
    """Make a story from a Fountain or Final Draft script, an outline, or plans in JSON lines.

    Episodes of EntityBench become stories too, a whole folder of them at once. Without `-o` the
    story gets FILE's name in the working folder, and no file is overwritten.
    """
    from ..tools.screenplays import import_file, import_folder, write_stories

    file, format = _file_and_format(words, from_)
    if file.is_dir():
        imported = import_folder(file, format)
    else:
        imported = import_file(file, format, repair=repair)
    for story in imported:
        if story.diagnostics:
            show_diagnostics(story.diagnostics, story.source)
    for path in write_stories(imported, file, output):
        say(path)
    if any(story.text is None for story in imported):
        raise typer.Exit(FAILED)


def _file_and_format(words: list[str], asked: ImportFormat | None) -> tuple[Path, str | None]:
    """Return what to import, and as what: `import entitybench FOLDER`, `import FILE`."""
    known = [format.value for format in ImportFormat]
    format = asked.value if asked else None
    if len(words) == 2 and words[0] in known:
        if format not in (None, words[0]):
            raise typer.BadParameter(f"{words[0]} and --from {format} are two formats")
        format = words[0]
    elif len(words) != 1:
        raise typer.BadParameter(f"one file, or one of {', '.join(known)} and a file")
    file = Path(words[-1])
    if not file.exists():
        raise typer.BadParameter(f"{file} does not exist")
    return file, format


@app.command(
    epilog="Examples:\n\n- `dreamrunner export stories/fox.story --to fdx -o fox.fdx`\n"
    "- `dreamrunner export stories/fox.story --to plans`\n"
    "- `dreamrunner export stories/fox.story --to otio -o out/fox/fox.otio`"
)
def export(
    story: StoryFile,
    to: Annotated[
        ExportFormat, typer.Option("--to", help="The format to write.", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", dir_okay=False, help="The file; by default standard output."
        ),
    ] = None,
    engine: EngineOption = EngineName.STORYBOOK,
    seed: SeedOption = None,
    films: Annotated[
        Path,
        typer.Option("--films", envvar="DREAMRUNNER_OUT", help="The folder of films."),
    ] = Path("out"),
) -> None:
    """Write a story for other programs: as a script, as plans, or its film for the cutting room.

    `fountain`, `fdx` and `outline` are scripts: directives become notes in Fountain and Final
    Draft, and directives again with `import`. `plans` are those of its shots. `otio`, `edl`, `srt`
    and `vtt` are of its film as it was last rendered: the cut with all takes, and the subtitles.
    """
    from ..production.facade import export_story
    from ..production.finished import export_film
    from ..tools.screenplays import write_script

    if to in OF_FILMS:
        beside = output.parent if output else None
        text = export_film(story, to.value, films, beside)
    else:
        text = export_story(story, to.value, settings_of(engine, seed=seed))
    if output is None:
        write_text(text)
    else:
        write_script(output, text)
        say(output)
