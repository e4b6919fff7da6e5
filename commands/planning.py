"""The commands that show a story's plan: plan, storyboard, animatic, diff."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import (
    EngineName,
    EngineOption,
    Format,
    FormatOption,
    JsonOption,
    LlmOptions,
    SeedOption,
    StoryFile,
    settings_of,
)
from .output import remark, say, stderr, stdout, styled, write_json
from .records import with_records

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example:  `dreamrunner plan stories/fox.story --json > plan.json`")
@with_records
def plan(
    story: StoryFile,
    engine: EngineOption = EngineName.STORYBOOK,
    seed: SeedOption = None,
    *,
    director: LlmOptions,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Show what each motion and box comes from."),
    ] = False,
    diff: Annotated[
        Path | None,
        typer.Option(
            "--diff",
            metavar="BEFORE",
            exists=True,
            dir_okay=False,
            help="Show only what differs from BEFORE, a story or a plan.json.",
        ),
    ] = None,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show the plan of a story: its shots, and who does what in each.

    `--json` writes the whole plan: keyframes, boxes, prompts, seeds and expectations.
    """
    from ..production.facade import compare_plans, direct
    from .tables import plan_table, why_table

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
@with_records
def storyboard(
    story: StoryFile,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", dir_okay=False, help="The picture; by default STORY-storyboard.png."
        ),
    ] = None,
    engine: EngineOption = EngineName.STORYBOOK,
    seed: SeedOption = None,
    *,
    director: LlmOptions,
) -> None:
    """Draw the plan of a story as one picture: every keyframe with its boxes, names and paths.

    An HTML page beside the picture shows the same, with the reason for each box.
    """
    from ..film import film_name
    from ..production.facade import draw_storyboard
    from .screen import Screen

    path = output or Path(f"{film_name(story)}-storyboard.png")
    settings = settings_of(engine, seed=seed, director=director)
    with Screen(stderr()) as screen:
        pages = draw_storyboard(story, path, settings, screen)
    for page in pages:
        say(page)


@app.command(epilog="Example:  `dreamrunner animatic stories/fox.story -o fox.mp4`")
def animatic(
    story: StoryFile,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", dir_okay=False, help="The video; by default STORY-animatic.mp4."
        ),
    ] = None,
    seed: SeedOption = None,
) -> None:
    """Draw the plan of a story as a moving picture, in seconds and without a model.

    A character that the storybook world does not know is a paper figure with a label.
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


@app.command(
    epilog="Examples:\n\n- `dreamrunner diff fox.story fox-2.story`\n"
    "- `dreamrunner diff out/fox other/fox`"
)
def diff(
    before: Annotated[
        Path, typer.Argument(help="A story, a plan.json, a story.lock or a film's folder.")
    ],
    after: Annotated[Path, typer.Argument(help="Another one.")],
    engine: EngineOption = EngineName.STORYBOOK,
    format: FormatOption = Format.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Show what differs between two stories or two runs, and what became stale by it."""
    from dataclasses import asdict

    from ..production.keeping.comparing import compare

    found = compare(before, after, settings_of(engine))
    if as_json or format is Format.JSON:
        write_json([asdict(one) for one in found])
        return
    if not found:
        say("nothing that a film is made of differs")
    for one in found:
        again = f"  (to be made again: {', '.join(one.stale)})" if one.stale else ""
        say(f"{one.what}: {'; '.join(one.reasons)}{again}")
