"""The door: commands in, text and exit codes out.

The only module that prints, catches and reads the environment. Everything heavy is imported by
the command that needs it, so that help is there at once.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from . import __version__
from .arguments import (
    CassetteOption,
    DownloadOption,
    Engine,
    EngineOption,
    FitOption,
    Format,
    FormatOption,
    JsonOption,
    LlmOption,
    MaxCallsOption,
    MaxTokensOption,
    ReplayOption,
    ReportFormat,
    ScriptFile,
    ScriptFormat,
    SeedOption,
    StoreOption,
    StoryFile,
    StoryFiles,
    WeightsOption,
)
from .errors import Diagnostic, DreamRunnerError, StoryError

if TYPE_CHECKING:
    from rich.console import Console

    from .settings import Budget, Llm, Settings

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
    format: Annotated[
        ReportFormat,
        typer.Option("--format", help="How to write the result; `sarif` and `junit` are for CI."),
    ] = ReportFormat.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Find every mistake of a story, each at its line, without rendering anything.

    Ends with 1 if there is an error; warnings alone end with 0.
    """
    from .dsl import diagnostic_records, junit_xml, sarif_log, summary_line
    from .production import check_story

    checked = check_story(story, engine.value)
    if as_json or format is ReportFormat.JSON:
        typer.echo(json.dumps(diagnostic_records(checked.diagnostics), indent=2))
    elif format is ReportFormat.SARIF:
        typer.echo(json.dumps(sarif_log(checked.diagnostics, version=__version__), indent=2))
    elif format is ReportFormat.JUNIT:
        typer.echo(junit_xml(checked.diagnostics, file=str(story)), nl=False)
    elif checked.diagnostics:
        _show_diagnostics(checked.diagnostics, checked.source, to_stdout=True)
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

    from .dsl import explanation, pages

    known = pages()
    if code is not None and code.upper() not in known:
        raise typer.BadParameter(f"there is no code {code}; dreamrunner explain lists them all")
    shown = [known[code.upper()]] if code else [p for c, p in known.items() if c == p.code]
    if as_json or format is Format.JSON:
        typer.echo(json.dumps([asdict(page) for page in shown], indent=2))
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
    from .tools.manuscripts import STDIN, Manuscript

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
            _show_diagnostics(error.diagnostics, error.source)
            failed = True
        except DreamRunnerError as error:
            _complain(str(error))
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
    from .tools.scripts import import_file, write_stories

    imported = import_file(file, from_.value if from_ else None, repair=repair)
    for story in imported:
        if story.diagnostics:
            _show_diagnostics(story.diagnostics, story.source)
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
    engine: EngineOption = Engine.STORYBOOK,
    seed: SeedOption = None,
) -> None:
    """Write a story as Fountain, Final Draft, an outline, or the plans of its shots.

    Directives travel as notes in Fountain and Final Draft, and come back with `import`.
    """
    from .production import export_story
    from .tools.scripts import write_script

    text = export_story(story, to.value, _settings(engine, seed=seed))
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_script(output, text)
        typer.echo(output)


@app.command(epilog="Example:  `dreamrunner plan stories/fox.story --json > plan.json`")
def plan(
    story: StoryFile,
    engine: EngineOption = Engine.STORYBOOK,
    seed: SeedOption = None,
    llm: LlmOption = None,
    cassette: CassetteOption = None,
    replay: ReplayOption = False,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say of each motion and box where it came from."),
    ] = False,
    diff: Annotated[
        Path | None,
        typer.Option(
            "--diff",
            metavar="BEFORE",
            exists=True,
            dir_okay=False,
            help="Say only what is otherwise than in BEFORE, a story or a plan.json.",
        ),
    ] = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show what the director makes of a story: its shots, and who does what in each.

    As JSON the whole plan comes out: keyframes, boxes, prompts, seeds and what is expected.
    """
    from .production import compare_plans, direct
    from .screen import plan_table, why_table

    director = _director(llm, cassette, replay, max_calls, max_tokens)
    settings = _settings(engine, seed=seed, director=director)
    if diff is not None:
        changes = compare_plans(diff, story, settings)
        if as_json or format is Format.JSON:
            typer.echo(json.dumps(changes, indent=2))
        else:
            typer.echo("\n".join(changes) or "the plans are the same")
        return
    directed = direct(story, settings)
    made = directed.plan
    if directed.usage is not None:
        _stderr().print(f"[cyan]note[/]   {_plain(directed.usage.words)}", highlight=False)
    if as_json or format is Format.JSON:
        typer.echo(made.model_dump_json(indent=2))
        return
    out = _stdout()
    out.print(f"[bold]{_plain(made.title)}[/]  {_shots(len(made.shots))}, {made.duration_s:.1f} s")
    out.print()
    out.print(why_table(made) if explain else plan_table(made))
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
    llm: LlmOption = None,
    cassette: CassetteOption = None,
    replay: ReplayOption = False,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
) -> None:
    """Draw the plan of a story as one picture: every keyframe with its boxes, names and paths.

    Beside it goes the same as one HTML page, which says why everything is where it is.
    """
    from .production import draw_storyboard

    path = output or Path(f"{story.stem}-storyboard.png")
    director = _director(llm, cassette, replay, max_calls, max_tokens)
    for page in draw_storyboard(story, path, _settings(engine, seed=seed, director=director)):
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
    fit: FitOption = None,
    weights: WeightsOption = None,
    download: DownloadOption = False,
    store: StoreOption = None,
    llm: LlmOption = None,
    cassette: CassetteOption = None,
    replay: ReplayOption = False,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
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

    settings = replace(
        _settings(
            engine, store=store, seed=seed, out=output, strict=strict,
            director=_director(llm, cassette, replay, max_calls, max_tokens),
        ),
        fit=fit, weights=weights, download=download,
    )  # fmt: skip
    with Screen(_stderr()) as screen:
        outcome = render_story(story, settings, screen)
    if as_json or format is Format.JSON:
        typer.echo(outcome.run.read_text(encoding="utf-8"), nl=False)
    else:
        show_outcome(_stdout(), outcome)
    if outcome.strict and outcome.unmet:
        raise typer.Exit(FAILED)


@app.command(epilog="Example:  `dreamrunner doctor`")
def doctor(
    director_url: Annotated[
        str | None,
        typer.Option(
            "--director-url",
            metavar="URL",
            help="An OpenAI-compatible endpoint to try, such as http://localhost:11434/v1.",
        ),
    ] = None,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Say what works on this machine, how fast, and what to do about the rest.

    Takes some seconds, for it measures. Ends with 1 where something would stop a render.
    """
    from dataclasses import asdict

    from .production import examine
    from .screen import finding_lines

    found = []
    for finding in examine(_settings(Engine.STORYBOOK, store=store), director_url):
        found.append(finding)
        if not (as_json or format is Format.JSON):
            for line in finding_lines(finding):
                _stdout().print(line, soft_wrap=True, highlight=False)
    if as_json or format is Format.JSON:
        typer.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    if any(finding.state == "broken" for finding in found):
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


@app.command(epilog="Example:  `dreamrunner watch stories/fox.story`")
def watch(
    story: StoryFile,
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help="Where the page is; 0 takes any free port."),
    ] = 8420,
    open_it: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser.")
    ] = True,
    engine: EngineOption = Engine.STORYBOOK,
    seed: SeedOption = None,
    store: StoreOption = None,
) -> None:
    """Draw a story's storyboard and animatic anew at every save, on a page that follows.

    The story is checked and planned for ENGINE; the animatic draws the plan with no model. The
    page is for this machine alone. Ends with Ctrl-C.
    """
    from .watching import Round, watch_story

    def opened(address: str) -> None:
        typer.echo(f"{story} is at {address}")
        if open_it:
            typer.launch(address)

    def told(round: Round) -> None:
        mark = "not drawn" if round.errors else "drawn"
        typer.echo(f"{mark}: {round.summary} ({round.seconds:.1f} s)")

    settings = _settings(engine, store=store, seed=seed)
    watch_story(story, settings, port=port, opened=opened, told=told)


@app.command(epilog="Your editor starts it; `editors/` says how.")
def lsp(
    engine: EngineOption = Engine.STORYBOOK,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", envvar="DREAMRUNNER_OUT", help="The folder of films."),
    ] = Path("out"),
    stdio: Annotated[
        bool, typer.Option("--stdio", hidden=True, help="What editors say; there is no other way.")
    ] = True,
) -> None:
    """Help an editor with stories: mistakes as you type, completion, outline, renaming.

    Speaks the language server protocol on standard input and output. Needs the extra `lsp`.
    """
    from .production import serve_editor

    serve_editor(_settings(engine, out=output))


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


@dataclass(frozen=True, slots=True)
class _Director:
    """Who directs, and what it may take."""

    llm: Llm | None
    budget: Budget


def _director(
    model: str | None,
    cassette: Path | None,
    replay: bool,
    max_calls: int | None,
    max_tokens: int | None,
) -> _Director:
    """Return who directs: an option beats the environment, which beats the settings file."""
    from .settings import SETTINGS_FILE, Budget, Llm, read_llm

    written = read_llm(Path(SETTINGS_FILE)) or Llm(model="")
    name = model or written.model
    if not name or name == "none":
        if replay or cassette:
            raise typer.BadParameter("say which model's answers they are: add --llm MODEL")
        return _Director(None, Budget())
    llm = replace(
        written,
        model=name,
        url=os.environ.get("OPENAI_BASE_URL") or written.url,
        key=os.environ.get("OPENAI_API_KEY") or written.key,
        record=cassette,
        replay=replay,
    )
    return _Director(llm, Budget(calls=max_calls, tokens=max_tokens))


def _settings(
    engine: Engine,
    *,
    seed: int | None = None,
    store: Path | None = None,
    out: Path = Path("out"),
    strict: bool = False,
    director: _Director | None = None,
) -> Settings:
    from .settings import Budget, Settings, default_store

    return Settings(
        engine=engine.value,
        out=out,
        store=store or default_store(),
        seed=seed,
        strict=strict,
        llm=director.llm if director else None,
        budget=director.budget if director else Budget(),
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
