"""Commands on the film and what makes it: render, report, doctor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ..errors import StoryError
from .arguments import (
    FOR_CI,
    CassetteOption,
    CompileOption,
    DownloadOption,
    DryRunOption,
    EngineName,
    EngineOption,
    FitOption,
    Format,
    FormatOption,
    JsonOption,
    LlmOption,
    LossyOption,
    MaxCallsOption,
    MaxMinutesOption,
    MaxTokensOption,
    ReplayOption,
    ReportFormat,
    ReportFormatOption,
    SeedOption,
    StoreOption,
    StoryFile,
    WeightsOption,
    director_of,
    settings_of,
)
from .voice import FAILED, stderr, stdout, write_json, write_report

app = typer.Typer(rich_markup_mode="markdown")


@app.command(
    epilog="Examples:\n\n- `dreamrunner render stories/fox.story`\n"
    "- `dreamrunner render stories/fox.story -o films --strict`\n"
    "- `dreamrunner render stories/fox.story --engine animatic`\n"
    "- `dreamrunner render stories/fox.story --dry-run`"
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
    engine: EngineOption = EngineName.STORYBOOK,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 1 where an expectation is not met.")
    ] = False,
    seed: SeedOption = None,
    fit: FitOption = None,
    weights: WeightsOption = None,
    download: DownloadOption = False,
    compile_it: CompileOption = False,
    lossy: LossyOption = None,
    store: StoreOption = None,
    llm: LlmOption = None,
    cassette: CassetteOption = None,
    replay: ReplayOption = False,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
    max_minutes: MaxMinutesOption = None,
    dry_run: DryRunOption = False,
    format: ReportFormatOption = ReportFormat.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Make the film of a story.

    Leaves film.mp4, film.srt, a clip a shot, plan.json, storyboard.png, report.html and run.json
    in OUTPUT/STORY. What is not as the page has it is told at its line. Stop it whenever you
    like: what is finished is kept, and the same command goes on from there.
    """
    from ..engine.diffusion.memory import keep_freed
    from ..engine.lossy import parse_lossy
    from ..production.facade import kept_film, rehearse_story, render_story
    from .forecast import forecast_record, show_forecast
    from .screen import Screen, show_outcome

    if dry_run and format in FOR_CI:
        raise typer.BadParameter("a dry run finds nothing wrong: it writes text or json")
    settings = replace(
        settings_of(
            engine, store=store, seed=seed, out=output, strict=strict,
            director=director_of(llm, cassette, replay, max_calls, max_tokens, max_minutes),
        ),
        fit=fit, weights=weights, download=download, compile=compile_it,
        lossy=parse_lossy(lossy or ""),
    )  # fmt: skip
    if dry_run:
        keep_freed()  # as a render does, whose speed it measures
        with Screen(stderr()) as screen:
            forecast = rehearse_story(story, settings, screen)
        over = tuple(forecast.over(settings.budget))
        if as_json or format is ReportFormat.JSON:
            write_json(forecast_record(forecast, over))
        else:
            show_forecast(stdout(), forecast, over)
        if over:
            raise typer.Exit(FAILED)
        return
    try:
        with Screen(stderr()) as screen:
            outcome = kept_film(story, settings, screen)
            if outcome is None:
                keep_freed()
                outcome = render_story(story, settings, screen)
    except StoryError as error:
        write_report(error.diagnostics, format, story, "render")
        raise
    if as_json or format is ReportFormat.JSON:
        typer.echo(outcome.run.read_text(encoding="utf-8"), nl=False)
    elif format in FOR_CI:
        write_report(outcome.diagnostics, format, story, "render")
    else:
        show_outcome(stdout(), outcome)
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

    from ..engine.diffusion.memory import keep_freed
    from ..production.facade import examine
    from .tables import finding_lines

    keep_freed()  # as a render does, whose speed is told
    found = []
    for finding in examine(settings_of(EngineName.STORYBOOK, store=store), director_url):
        found.append(finding)
        if not (as_json or format is Format.JSON):
            for line in finding_lines(finding):
                stdout().print(line, soft_wrap=True, highlight=False)
    if as_json or format is Format.JSON:
        write_json([asdict(finding) for finding in found])
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
    from ..production.facade import find_report

    page = find_report(story, output)
    typer.echo(page)
    if open_it:
        typer.launch(page.resolve().as_uri())
