"""The commands that make a film and look after it: render, report, doctor."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ..errors import PageEditedError, StoryError
from .arguments import (
    FOR_CI,
    BurnOption,
    EngineName,
    EngineOption,
    Format,
    FormatOption,
    JsonOption,
    LlmOptions,
    NoCardsOption,
    ReportFormat,
    ReportFormatOption,
    SeedOption,
    SilentOption,
    StoreOption,
    StoryFile,
    VoiceOption,
    settings_of,
    voice_of,
)
from .engine_options import CriticWeightsOption, EngineOptions, WeightsOption
from .output import FAILED, remark, say, stderr, stdout, write_json, write_report
from .records import with_records
from .render_options import (
    AdviceOption,
    ApproveOption,
    BudgetOption,
    ClusterOptions,
    DryRunOption,
    FrozenOption,
    LibrariesOption,
    MaxMinutesOption,
    SingleOption,
    TeachOption,
)

app = typer.Typer(rich_markup_mode="markdown")


@app.command(
    epilog="Examples:\n\n- `dreamrunner render stories/fox.story`\n"
    "- `dreamrunner render stories/fox.story -o films --strict`\n"
    "- `dreamrunner render stories/fox.story --engine animatic`\n"
    "- `dreamrunner render stories/fox.story --dry-run`"
)
@with_records
def render(
    story: StoryFile,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            envvar="DREAMRUNNER_OUT",
            file_okay=False,
            help="The folder of films; each film has a folder of its own in it.",
        ),
    ] = Path("out"),
    engine: EngineOption = EngineName.STORYBOOK,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Begin nothing if somebody cannot be drawn; end with exit code 1 if an "
            "expectation is not met.",
        ),
    ] = False,
    seed: SeedOption = None,
    store: StoreOption = None,
    *,
    drawing: EngineOptions,
    director: LlmOptions,
    cluster: ClusterOptions,
    max_minutes: MaxMinutesOption = None,
    budget: BudgetOption = None,
    advice: AdviceOption = False,
    library: LibrariesOption = None,
    teach: TeachOption = "needed",
    single: SingleOption = False,
    dry_run: DryRunOption = False,
    frozen: FrozenOption = False,
    approve: ApproveOption = None,
    voice: VoiceOption = None,
    silent: SilentOption = False,
    burn: BurnOption = False,
    no_cards: NoCardsOption = False,
    show_takes: Annotated[
        bool, typer.Option("--takes", help="List all takes at the end, as `takes` does.")
    ] = False,
    format: ReportFormatOption = ReportFormat.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Make the film of a story.

    Writes film.mp4, film.srt, dialogue.wav, shots/, animatic.mp4, storyboard.png, plan.json,
    report.html, film.json, run.json and story.lock into OUTPUT/STORY. Whatever of the film differs
    from the page is shown at its line. You can stop it at any time: finished work is kept, and the
    same command continues from there.
    """
    from ..engine.diffusion.memory import keep_freed
    from ..production.facade import (
        kept_film,
        parse_story,
        rehearse_story,
        render_story,
        stage_seconds,
    )
    from ..production.retakes import parse_budget
    from ..production.settings import parse_teaching
    from .approving import TerminalAsk
    from .screen import Screen, show_outcome
    from .tables import forecast_record, show_forecast, takes_table

    if dry_run and format in FOR_CI:
        raise typer.BadParameter("a dry run finds nothing wrong: it writes text or json")
    settings = settings_of(
        engine, store=store, seed=seed, out=output, strict=strict, director=director,
        max_minutes=max_minutes,
    )  # fmt: skip
    if advice and settings.llm is None:
        raise typer.BadParameter("--advice needs --llm MODEL")
    settings = replace(
        cluster.applied(drawing.applied(settings)),
        single_report=single,
        teach=parse_teaching(teach),
        clips=tuple(library or ()),
        retakes=parse_budget(budget or ""),
        advice=advice,
        voice=voice_of(voice, silent=silent),
        burn=burn,
        cards=not no_cards,
        frozen=frozen,
        approve=tuple(one.value for one in approve or ()),
    )
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
        with Screen(stderr(), paces=lambda: stage_seconds(settings)) as screen:
            # A lock is held against what is made, and nobody's word against what was.
            outcome = None if frozen or approve else kept_film(story, settings, screen)
            ask = TerminalAsk(story, screen.paused, lambda page: parse_story(page, engine))
            while outcome is None:
                keep_freed()
                try:
                    outcome = render_story(story, settings, screen, ask)
                except PageEditedError as edited:
                    remark(str(edited))
    except StoryError as error:
        write_report(error.diagnostics, format, story, "render")
        raise
    if as_json or format is ReportFormat.JSON:
        write_json(json.loads(outcome.run.read_bytes()))
    elif format in FOR_CI:
        write_report(outcome.diagnostics, format, story, "render")
    else:
        show_outcome(stdout(), outcome)
        if show_takes:
            stdout().print(takes_table(outcome.film.takes))
    if outcome.strict and outcome.unmet:
        raise typer.Exit(FAILED)


@app.command(epilog="Example:  `dreamrunner doctor`")
def doctor(
    director_url: Annotated[
        str | None,
        typer.Option(
            "--director-url",
            metavar="URL",
            help="Also test this OpenAI-compatible endpoint, such as http://localhost:11434/v1.",
        ),
    ] = None,
    weights: WeightsOption = None,
    critic_weights: CriticWeightsOption = None,
    store: StoreOption = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show what works on this machine, how fast it is, and how to get the rest to work.

    It measures, which takes some seconds. Ends with exit code 1 if something would stop a render.
    """
    from dataclasses import asdict

    from ..engine.diffusion.memory import keep_freed
    from ..production.facade import examine
    from .tables import finding_lines

    keep_freed()  # as a render does: its speed is measured here
    found = []
    settings = replace(
        settings_of(EngineName.STORYBOOK, store=store),
        weights=weights,
        voice=voice_of(None, silent=False),
        critic_weights=critic_weights,
    )
    for finding in examine(settings, director_url):
        found.append(finding)
        if not (as_json or format is Format.JSON):
            for line in finding_lines(finding):
                stdout().print(line, soft_wrap=True)
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
    single: SingleOption = False,
    open_it: Annotated[
        bool, typer.Option("--open", help="Open the report in the browser.")
    ] = False,
) -> None:
    """Show where the report of a story's last render is, or open it."""
    from ..production.facade import find_report

    page = find_report(story, output, single=single)
    say(page)
    if open_it:
        typer.launch(page.resolve().as_uri())
