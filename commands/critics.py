"""The commands that measure and take over: critique, accept, critic calibrate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from .arguments import (
    FOR_CI,
    EngineName,
    EngineOption,
    JsonOption,
    ReportFormat,
    ReportFormatOption,
    SeedOption,
    StoreOption,
    StoryFile,
    settings_of,
)
from .engine_options import (
    CriticOption,
    CriticWeightsOption,
    CriticWorld,
)
from .output import FAILED, remark, say, show_diagnostics, write_json, write_report

app = typer.Typer(rich_markup_mode="markdown")
calibration = typer.Typer(
    rich_markup_mode="markdown", no_args_is_help=True, help="Look after the critic."
)


@app.command(
    epilog="Examples:\n\n- `dreamrunner critique film.mp4 --story stories/fox.story`\n"
    "- `dreamrunner critique shot.mp4 --story stories/fox.story --scene 2 --format junit`"
)
def critique(
    video: Annotated[
        Path,
        typer.Argument(
            metavar="VIDEO",
            help="The video, wherever it was made.",
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
        ),
    ],
    story: Annotated[
        Path,
        typer.Option(
            "--story",
            "-s",
            help="The story that the video should show.",
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
        ),
    ],
    scene: Annotated[
        str | None,
        typer.Option("--scene", help="The number of the one scene that the video shows."),
    ] = None,
    engine: EngineOption = EngineName.STORYBOOK,
    critic: CriticOption = None,
    critic_weights: CriticWeightsOption = None,
    seed: SeedOption = None,
    store: StoreOption = None,
    format: ReportFormatOption = ReportFormat.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Measure a video against a story: who is in it, where, doing what, in which place.

    Whatever does not hold is shown at the line that asks for it. Ends with exit code 1 if
    something fails.
    """
    from ..production.critique import critique_record, critique_video

    settings = replace(
        settings_of(engine, store=store, seed=seed),
        critic=critic.value if critic else None,
        critic_weights=critic_weights,
    )
    found = critique_video(video, story, settings, scene)
    passed, failed, unmeasured = found.counts
    for note in found.notes:
        remark(note)
    if as_json or format is ReportFormat.JSON:
        write_json(critique_record(found, video))
    elif format in FOR_CI:
        write_report(found.diagnostics, format, story, "critique")
    else:
        if found.diagnostics:
            show_diagnostics(found.diagnostics, found.source, to_stdout=True)
        say(
            f"{video}: {passed} checks hold, {failed} fail, {unmeasured} could not be measured, "
            f"by the {found.critic} critic"
        )
    if failed:
        raise typer.Exit(FAILED)


@app.command(
    epilog="Examples:\n\n- `dreamrunner accept stories/fox.story 4.1`\n"
    "- `dreamrunner accept stories/fox.story`"
)
def accept(
    story: StoryFile,
    shot: Annotated[
        str | None,
        typer.Argument(
            metavar="[SHOT]", help="The shot whose change is taken over; by default all."
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", envvar="DREAMRUNNER_OUT", help="The folder of films."),
    ] = Path("out"),
) -> None:
    """Write what the machine changed for the film's takes into the story.

    The changes are the patches in OUTPUT/STORY/patches. What the story fixes is in none of them.
    Nothing is written if the story has changed at one of their lines.
    """
    from ..production.accept import accept as accept_changes

    for changed in accept_changes(story, output, shot):
        say(f"{story}: took over the change of shot {changed}")


@calibration.callback()
def _calibration() -> None:
    """Look after the critic."""


@calibration.command(epilog="Example:  `dreamrunner critic calibrate`")
def calibrate(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="The folder of an embedded critic's weights, where its card is written; by "
            "default the one that comes with the program.",
            exists=True,
            file_okay=False,
            show_default=False,
        ),
    ] = None,
    clips: Annotated[
        int, typer.Option("--clips", min=2, help="How many clips of the drawn world are looked at.")
    ] = 80,
    renders: Annotated[
        int,
        typer.Option(
            "--renders",
            min=0,
            help="How many scenes the engine draws itself, right and broken, to be looked at as "
            "well; each takes four.",
        ),
    ] = 0,
    world: Annotated[
        CriticWorld, typer.Option("--world", help="The drawn world whose critic is meant.")
    ] = CriticWorld.STORYBOOK,
    library: Annotated[
        Path | None,
        typer.Option(
            "--library",
            help="A library of your own clips, by whose captions the published critic in FOLDER "
            "is calibrated: what it says of sentences and of cuts.",
            exists=True,
            file_okay=False,
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how far the critic's alarms can be trusted, and set its thresholds.

    Clips are drawn right, and broken in one thing each: another animal, colour, motion or place,
    figures that are spoiled, frames that are frozen, shuffled, mirrored or reversed, boxes
    elsewhere; and drawn by the engine as mosaics, of other texts, let go, or washed out.
    """
    from ..tools.critic.calibrate import FOLDERS
    from ..tools.critic.calibrate import calibrate as measure
    from ..tools.critic.card import LEAST_RECALL

    if library is not None:
        from ..errors import InputError
        from ..tools.critic.published.load import calibrate_published

        if folder is None:
            raise InputError("--library calibrates the published critic: name its FOLDER of models")
        found = calibrate_published(folder, library, clips)
    else:
        folder = folder or FOLDERS[world.value]
        found = measure(folder, clips, renders=renders, world=world.value)
    if as_json:
        write_json(found)
        return
    for metric, recall in found["recall_at_90"].items():
        shown = "" if float(str(recall)) >= LEAST_RECALL else "  shown only: it fails no shot"
        say(
            f"{metric:<10}threshold {found['thresholds'][metric]}, recall {recall} at a precision "
            f"of 0.9, area under ROC {found['roc_area'][metric]}{shown}"
        )
    for metric, kinds in found.get("renders", {}).items():
        assert isinstance(kinds, dict)  # rates, by the kind of clip
        for kind, rate in kinds.items():
            failed = f"{rate['fails']} fail [{rate['low']}, {rate['high']}] of {rate['n']}"
            say(f"{metric:<10}render, {kind}: {failed}, {rate['not_measured']} not measured")
    say(folder)
