"""Options of what draws and measures the shots -> settings of an engine and its critic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..production.settings import Settings


def memory_size(text: str) -> int:
    """Return the bytes that a text such as 8GB says; typer shows what is wrong with another."""
    from ..engine.diffusion.memory import parse_size
    from ..errors import InputError

    try:
        return parse_size(text)
    except InputError as error:
        raise typer.BadParameter(str(error)) from error


def speed_levers(text: str | None) -> str | None:
    """Return a text such as fp8,steps=25 if it names levers; typer shows what is wrong with it."""
    from ..engine.lossy import parse_lossy
    from ..errors import InputError

    try:
        parse_lossy(text or "")
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
    return text


def sampling_knobs(text: str | None) -> str | None:
    """Return a text such as scheduler=dpm,dynamic if it says how to sample; else typer says why."""
    from ..engine.sampling import parse_sampling
    from ..errors import InputError

    try:
        parse_sampling(text or "")
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
    return text


class CriticKind(StrEnum):
    """What measures the shots."""

    PUBLISHED = "published"
    EMBEDDED = "embedded"
    NONE = "none"


class CriticWorld(StrEnum):
    """The drawn world that an embedded critic knows."""

    STORYBOOK = "storybook"
    MINIATURE = "miniature"


MODEL_PANEL = "Published models and speed"
WeightsOption = Annotated[
    Path | None,
    typer.Option(
        "--weights",
        envvar="DREAMRUNNER_WEIGHTS",
        file_okay=False,
        help="The folder with a published model's weights; by default the hub's cache.",
        rich_help_panel=MODEL_PANEL,
    ),
]
DownloadOption = Annotated[
    bool,
    typer.Option(
        "--download",
        help="Download a published model's weights if they are missing.",
        rich_help_panel=MODEL_PANEL,
    ),
]
FitOption = Annotated[
    int | None,
    typer.Option(
        "--fit",
        metavar="SIZE",
        parser=memory_size,
        help="GPU memory that a published model may use, such as 8GB; by default all that is free.",
        rich_help_panel=MODEL_PANEL,
    ),
]
CompileOption = Annotated[
    bool,
    typer.Option(
        "--compile",
        help="Compile a published model's blocks: it starts later and then draws faster.",
        rich_help_panel=MODEL_PANEL,
    ),
]
LossyOption = Annotated[
    str | None,
    typer.Option(
        "--lossy",
        metavar="LEVERS",
        callback=speed_levers,
        help="Draw faster and less exactly: steps=N, cache=X, trim, fp8, bf16, by commas.",
        rich_help_panel=MODEL_PANEL,
    ),
]
SamplingOption = Annotated[
    str | None,
    typer.Option(
        "--sampling",
        metavar="KNOBS",
        callback=sampling_knobs,
        help="How shots are sampled: scheduler=NAME, guidance=X, steps=N, dynamic, separated by "
        "commas; by default as the model is published.",
        rich_help_panel=MODEL_PANEL,
    ),
]
CriticOption = Annotated[
    CriticKind | None,
    typer.Option(
        "--critic",
        help="What measures the shots: `embedded`, the small critic of a drawn world, the "
        "storybook's or the miniature's, which knows that world alone; `published`, models that "
        "know any picture; or `none`. By default engines of those worlds have the embedded one and "
        "every other engine none.",
    ),
]
CriticWeightsOption = Annotated[
    Path | None,
    typer.Option(
        "--critic-weights",
        envvar="DREAMRUNNER_CRITIC",
        file_okay=False,
        help="The folder of the published critic's models, one folder each; by default the hub's "
        "cache.",
        rich_help_panel=MODEL_PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """The options of published models and of the levers of speed."""

    fit: FitOption = None
    weights: WeightsOption = None
    download: DownloadOption = False
    compile: CompileOption = False
    lossy: LossyOption = None
    sampling: SamplingOption = None
    critic: CriticOption = None
    critic_weights: CriticWeightsOption = None

    def applied(self, settings: Settings) -> Settings:
        """Return settings with these options."""
        from ..engine.lossy import parse_lossy
        from ..engine.sampling import parse_sampling

        return replace(
            settings,
            fit=self.fit,
            weights=self.weights,
            download=self.download,
            compile=self.compile,
            lossy=parse_lossy(self.lossy or ""),
            sampling=parse_sampling(self.sampling or ""),
            critic=self.critic.value if self.critic else None,
            critic_weights=self.critic_weights,
        )
