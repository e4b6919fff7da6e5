"""Commands on the plan: plan, storyboard, animatic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import (
    CassetteOption,
    EngineName,
    EngineOption,
    Format,
    FormatOption,
    JsonOption,
    LlmOption,
    MaxCallsOption,
    MaxTokensOption,
    ReplayOption,
    SeedOption,
    StoryFile,
    director_of,
    settings_of,
)
from .output import remark, say, stderr, stdout, styled, write_json

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example:  `dreamrunner plan stories/fox.story --json > plan.json`")
def plan(
    story: StoryFile,
    engine: EngineOption = EngineName.STORYBOOK,
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
    from ..production.facade import compare_plans, direct
    from .tables import plan_table, why_table

    director = director_of(llm, cassette, replay, max_calls, max_tokens)
    settings = settings_of(engine, seed=seed, director=director)
    if diff is not None:
        changes = compare_plans(diff, story, settings)
        if as_json or format is Format.JSON:
            write_json(changes)
        else:
            say("\n".join(changes) or "the plans are the same")
        return
    directed = direct(story, settings)
    made = directed.plan
    if directed.usage is not None:
        remark(directed.usage.words)
    if as_json or format is Format.JSON:
        write_json(made.model_dump(mode="json"))
        return
    out = stdout()
    length = f"{_shots(len(made.shots))}, {made.duration_s:.1f} s"
    out.print(styled((made.title, "bold"), f"  {length}"))
    out.print()
    out.print(why_table(made) if explain else plan_table(made))
    for note in made.notes:
        out.print(styled("\n", ("note", "yellow"), f"  {note}"))


@app.command(epilog="Example:  `dreamrunner storyboard stories/fox.story -o fox.png`")
def storyboard(
    story: StoryFile,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", dir_okay=False, help="The picture; STORY's name if left."),
    ] = None,
    engine: EngineOption = EngineName.STORYBOOK,
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
    from ..film import film_name
    from ..production.facade import draw_storyboard

    path = output or Path(f"{film_name(story)}-storyboard.png")
    director = director_of(llm, cassette, replay, max_calls, max_tokens)
    for page in draw_storyboard(story, path, settings_of(engine, seed=seed, director=director)):
        say(page)


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
    from ..film import film_name
    from ..production.facade import draw_animatic
    from .screen import Screen

    path = output or Path(f"{film_name(story)}-animatic.mp4")
    with Screen(stderr()) as screen:
        draw_animatic(story, path, settings_of(EngineName.ANIMATIC, seed=seed), screen)
    say(path)


def _shots(count: int) -> str:
    return f"{count} shot{'s' * (count != 1)}"
